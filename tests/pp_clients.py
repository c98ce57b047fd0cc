"""A small reader of Portfolio Performance's XML for tests: trades, dividends and quotes.

It is no part of the importer, and leaves other cash to itself.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_STEP = re.compile(r"^([\w.-]+)(?:\[(\d+)\])?$")


@dataclass(frozen=True)
class Trade:
    """Amount is what was paid or got, fee and tax in it for a purchase and taken off for a sale."""

    kind: str
    day: str
    security: str
    portfolio: str
    shares: Decimal
    amount: Decimal
    currency: str
    fee: Decimal
    tax: Decimal
    note: str
    to_portfolio: str


@dataclass(frozen=True)
class Client:
    currency: str
    trades: tuple[Trade, ...]
    quotes: dict[str, dict[str, Decimal]]
    """By security and day."""
    currencies: dict[str, str]
    notes: dict[str, str]
    """What is noted at a security: which test is about it."""


def client_of(text: str) -> Client:
    """A file read; elements that point elsewhere are followed."""
    return _Reader(text).client()


class _Reader:
    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        version = int(self.root.findtext("version", "0"))
        self.quote = Decimal(100 if version < 33 else 10_000 if version < 50 else 100_000_000)
        self.share = Decimal(100_000 if version < 29 else 1_000_000 if version < 50 else 10**8)

    def client(self) -> Client:
        securities = self.root.findall("securities/security")
        named = {each.findtext("name", ""): each for each in securities}
        return Client(
            self.root.findtext("baseCurrency", ""),
            tuple(sorted(self._trades(), key=lambda trade: trade.day)),
            {
                name: {
                    price.get("t", ""): Decimal(price.get("v", "0")) / self.quote
                    for price in [*each.findall("prices/price"), *each.findall("latest")]
                }
                for name, each in named.items()
            },
            {name: each.findtext("currencyCode", "") for name, each in named.items()},
            {name: each.findtext("note", "") for name, each in named.items()},
        )

    def _trades(self) -> Iterator[Trade]:
        for element in self.root.iter():
            if element.tag.startswith("portfolio") and element.find("referenceAccount") is not None:
                name = element.findtext("name", "")
                for told in element.findall("transactions/*"):
                    yield self._trade(self.followed(told), name)

        for element in self.root.iter("account"):
            for told in element.findall("transactions/*"):
                paid = self.followed(told)
                if paid.findtext("type") == "DIVIDENDS":
                    yield self._trade(paid, element.findtext("name", ""))

    def _text(self, told: ET.Element, tag: str) -> str:
        return self.followed(_found(told, tag)).text or ""

    def _trade(self, told: ET.Element, portfolio: str) -> Trade:
        units = {"FEE": Decimal(0), "TAX": Decimal(0), "GROSS_VALUE": Decimal(0)}
        for unit in told.findall("units/unit"):
            amount = unit.find("amount")
            assert amount is not None
            units[unit.get("type", "")] += Decimal(amount.get("amount", "0")) / 100
        security, to = told.find("security"), ""
        assert security is not None
        if told.findtext("type") == "TRANSFER_OUT":
            cross = self.followed(_found(told, "crossEntry"))
            to = self.followed(_found(cross, "portfolioTo")).findtext("name", "")
        return Trade(
            told.findtext("type", ""),
            self._text(told, "date")[:10],
            self.followed(security).findtext("name", ""),
            portfolio,
            Decimal(told.findtext("shares", "0")) / self.share,
            Decimal(told.findtext("amount", "0")) / 100,
            told.findtext("currencyCode", ""),
            units["FEE"],
            units["TAX"],
            told.findtext("note", ""),
            to,
        )

    def followed(self, element: ET.Element) -> ET.Element:
        """The element, or the one it points to."""
        path = element.get("reference")
        if path is None:
            return element
        at = element
        for step in path.split("/"):
            if step == "..":
                at = self.parents[at]
                continue
            told = _STEP.match(step)
            assert told is not None
            at = at.findall(told[1])[int(told[2] or 1) - 1]
        return self.followed(at)


def _found(element: ET.Element, tag: str) -> ET.Element:
    found = element.find(tag)
    assert found is not None
    return found
