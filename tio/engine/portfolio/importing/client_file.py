"""What stands in Portfolio Performance's client file, in numbers and names.

Amounts are hundredths in every version. Shares had no decimals before version 3, then five, six
from 26 and eight from 49; quotes have two, four from 30 and eight from 49. Before version 29 no
transaction named a currency, and fees and taxes were elements of their own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.rows import Security
from tio.engine.portfolio.importing.xstream import Tree
from tio.engine.portfolio.moments import day_end, zone_named

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_SHARES = ((49, 8), (26, 6), (3, 5), (0, 0))
_QUOTES = ((49, 8), (30, 4), (0, 2))
_NAMES = ("tickerSymbol", "isin", "wkn", "name", "uuid")


@dataclass(frozen=True, slots=True)
class Money:
    """What a transaction moved in all, and what of it were fees and taxes."""

    amount: Decimal
    fee: Decimal
    tax: Decimal
    currency: str
    oddity: str = ""


class Client:
    """One file. Raises Invalid where it is no client file; its values raise it where unreadable."""

    def __init__(self, text: str, zone: str) -> None:
        self._tree = Tree(text)
        root = self._tree.root
        version = self.text(root, "version")
        if root.tag != "client" or not version.isdecimal():
            raise Invalid("this is no client file of Portfolio Performance: it has no version")
        self._zone = zone_named(zone)
        self._shares = _places(_SHARES, int(version))
        self._quotes = _places(_QUOTES, int(version))
        self._base = self.text(root, "baseCurrency")
        self.securities = self._tree.children(root, "securities")
        self.accounts = self._tree.children(root, "accounts")
        self.portfolios = self._tree.children(root, "portfolios")
        self._symbols = self._spelled()

    def text(self, element: "Element | None", name: str) -> str:
        """A child's text, "" without one."""
        return self._tree.text(element, name)

    def line(self, element: "Element") -> int:
        return self._tree.line(element)

    def transactions(self, of: "Element") -> list["Element"]:
        """Those of an account or a portfolio."""
        return self._tree.children(of, "transactions")

    def security(self, element: "Element") -> "Element | None":
        return self._tree.child(element, "security")

    def reference_account(self, portfolio: "Element") -> "Element | None":
        return self._tree.child(portfolio, "referenceAccount")

    def other(self, element: "Element", name: str) -> "Element | None":
        """What stands under that name in the entry that ties two transactions together."""
        tie = self._tree.child(element, "crossEntry")
        return None if tie is None else self._tree.child(tie, name)

    def symbol(self, security: "Element | None") -> str:
        """What rows call a security, "" for none."""
        return "" if security is None else self._symbols.get(security) or self._named(security)

    def described(self, security: "Element | None") -> Security:
        if security is None:
            return Security()
        return Security(
            ticker=self.text(security, "tickerSymbol"),
            isin=self.text(security, "isin"),
            name=self.text(security, "name"),
            currency=self.text(security, "currencyCode"),
        )

    def shares(self, element: "Element") -> Decimal:
        return self._number(element, "shares").scaleb(-self._shares)

    def quotes(self, security: "Element") -> Iterator[tuple[date, Decimal]]:
        """Closing prices, in the file's order."""
        for price in self._tree.children(security, "prices"):
            try:
                day, value = date.fromisoformat(price.get("t", "")), Decimal(price.get("v", ""))
            except (ValueError, InvalidOperation):
                raise Invalid(f"line {self.line(price)} holds no price") from None
            yield day, value.scaleb(-self._quotes)

    def at(self, element: "Element") -> datetime:
        """When: a bare date or a midnight is the end of that day."""
        text = self.text(element, "date")
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            raise Invalid(f"{text!r} is no date") from None
        if at.tzinfo is None and not (at.hour or at.minute or at.second):
            return day_end(at.date(), self._zone)
        return (at if at.tzinfo else at.replace(tzinfo=self._zone)).astimezone(UTC)

    def money(self, element: "Element", account: "Element | None") -> Money:
        """Amount, fees and taxes; `account` names the currency where the transaction does not."""
        security = self.security(element)
        currency = (
            self.text(element, "currencyCode")
            or self.text(account, "currencyCode")
            or self.text(security, "currencyCode")
            or self._base
        )
        return Money(
            self._cents(element, "amount"),
            self._units(element, "FEE", "fees"),
            self._units(element, "TAX", "taxes"),
            currency or "EUR",
            "" if currency else "the file names no currency: EUR is taken",
        )

    def _units(self, element: "Element", kind: str, old: str) -> Decimal:
        total = self._cents(element, old) if element.find(old) is not None else Decimal(0)
        for unit in self._tree.children(element, "units"):
            amount = self._tree.child(unit, "amount")
            if unit.get("type") == kind and amount is not None:
                total += _decimal(amount.get("amount", ""), "amount").scaleb(-2)
        return total

    def _cents(self, element: "Element", name: str) -> Decimal:
        return self._number(element, name).scaleb(-2)

    def _number(self, element: "Element", name: str) -> Decimal:
        return _decimal(self.text(element, name), name)

    def _spelled(self) -> dict["Element", str]:
        """A name for each security: its ticker, or the first other name no other one has."""
        counts = Counter(
            text
            for security in self.securities
            for text in {self.text(security, name) for name in _NAMES}
        )
        return {
            security: next(
                (
                    text
                    for name in _NAMES
                    if (text := self.text(security, name)) and counts[text] == 1
                ),
                self._named(security),
            )
            for security in self.securities
        }

    def _named(self, security: "Element") -> str:
        return next((text for name in _NAMES if (text := self.text(security, name))), "")


def _places(table: tuple[tuple[int, int], ...], version: int) -> int:
    return next(places for since, places in table if version >= since)


def _decimal(text: str, name: str) -> Decimal:
    if not text.removeprefix("-").isdecimal():
        raise Invalid(f"{name}: {text!r} is no whole number")
    return Decimal(text)
