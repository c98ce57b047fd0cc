"""From what a person asks to enter, to an entry that can be booked."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import UNSET
from msgspec.structs import asdict, replace

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.ledger import AddTransaction, EditTransaction
from tio.api.market import Instrument
from tio.api.portfolio import Portfolio, Transaction
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.entries import sound
from tio.engine.portfolio.moments import closed_by, told, zone_named
from tio.engine.portfolio.money import ONE, major, plain, rounded
from tio.engine.portfolio.rates import OLDEST, PastRates, pairs

_KEPT = ("kind", "quantity", "price", "amount", "fee", "tax", "rate", "to_amount", "cost_share")
_TEXTS = ("account", "to_account", "lot", "note")


class Drafting:
    """Resolves symbols, times, currencies and rates of entries; raises Invalid or NotFound."""

    def __init__(
        self,
        now: Callable[[], datetime],
        symbol: Callable[[str], str],
        instrument: Callable[[str], Instrument],
        rates: PastRates,
    ) -> None:
        self._now = now
        self._symbol = symbol
        self._instrument = instrument
        self._rates = rates

    async def added(self, books: Books, asked: AddTransaction) -> Transaction:
        """The entry asked for, as yet without a number."""
        portfolio = books.portfolio
        symbol = self._named(asked.symbol, asked.unlisted, books)
        fields: dict[str, Any] = {name: getattr(asked, name) for name in _KEPT}
        fields |= {name: clean(getattr(asked, name)).strip() for name in _TEXTS}
        entry = Transaction(
            at=self._at(portfolio, asked.date),
            symbol=symbol,
            into=self._named(asked.into, asked.unlisted, books),
            currency=asked.currency or self._currency(symbol, books),
            to_currency=asked.to_currency or "",
            short=asked.short,
            tags=tuple(clean(tag).strip() for tag in asked.tags),
            **fields,
        )
        return await self.finished(portfolio, entry)

    async def changed(self, books: Books, was: Transaction, asked: EditTransaction) -> Transaction:
        """An entry with what is told anew in it."""
        new = {
            name: value
            for name, value in asdict(asked).items()
            if value is not UNSET and name not in ("portfolio", "id", "unlisted")
        }
        if "date" in new:
            new["at"] = self._at(books.portfolio, new.pop("date"))
        for name in ("symbol", "into"):
            if name in new:
                new[name] = self._named(new[name], asked.unlisted, books)
        for name in _TEXTS:
            if name in new:
                new[name] = clean(new[name]).strip()
        if "tags" in new:
            new["tags"] = tuple(clean(tag).strip() for tag in new["tags"])
        if new.get("to_currency", "") is None:
            new["to_currency"] = ""
        if {"at", "currency"} & new.keys() and "rate" not in new:
            new["rate"] = None
        return await self.finished(books.portfolio, replace(was, **new))

    async def finished(self, portfolio: Portfolio, entry: Transaction) -> Transaction:
        """With its currency and the rate of its day, and found sound."""
        currency = entry.currency or (
            self._instrument(entry.symbol).currency if entry.symbol else ""
        )
        entry = replace(entry, currency=currency or portfolio.currency)
        return sound(replace(entry, rate=await self._rate(portfolio, entry)))

    async def _rate(self, portfolio: Portfolio, entry: Transaction) -> Any:
        currency, _ = major(entry.currency)
        if currency == portfolio.currency:
            return ONE
        if entry.rate is not None:
            return entry.rate
        zone = zone_named(portfolio.zone)
        rate = await self._rates.on(currency, portfolio.currency, closed_by(entry.at, zone))
        if rate is None:
            day = entry.at.astimezone(zone).date()
            since, pair = day - OLDEST, pairs(currency, portfolio.currency)[0][0][0]
            raise Invalid(
                f"what {currency} was worth in {portfolio.currency} on {day} is not known",
                f"give rate ({portfolio.currency} for one {currency}) or fetch the days of {pair}: "
                f"tio history fill {pair} --tf 1d --from {since}",
            )
        return rounded(rate.value)

    def _at(self, portfolio: Portfolio, text: str) -> datetime:
        now = self._now()
        return told(text, zone_named(portfolio.zone), now) if text else now

    def _currency(self, symbol: str, books: Books) -> str:
        """What something is told in that only the ledger knows; nothing where a source knows it."""
        if not symbol:
            return ""
        try:
            self._symbol(symbol)
        except TioError:
            spelled = "" if symbol.isalnum() else self._instrument(symbol).currency
            newest = next((each.currency for each in reversed(books.of(symbol))), "")
            return newest or spelled or books.portfolio.currency
        return ""

    def _named(self, text: str, unlisted: bool, books: Books) -> str:
        text = clean(text).strip()
        if not text or unlisted:
            return text
        try:
            return self._symbol(text)
        except NotFound as error:
            if books.of(text):
                return text
            hint = f"{error.next}; " if error.next else ""
            raise NotFound(
                error.message, f"{hint}or set unlisted to hold what no source knows"
            ) from None


def said(entry: Transaction) -> str:
    """An entry in a few words, as `buy 10 AAPL at 187.20 USD`."""
    kind = entry.kind.value.replace("_", " ")
    parts = [kind]
    if entry.quantity is not None:
        parts.append(f"{plain(entry.quantity)}")
    if entry.symbol:
        parts.append(entry.symbol)
    if entry.price is not None:
        parts.append(f"at {plain(entry.price)} {entry.currency}")
    elif entry.amount is not None:
        parts.append(f"{plain(entry.amount)} {entry.currency}")
    return " ".join(parts)
