"""Daily closes and rates over years, for the course of a portfolio."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import Adjustment, GetBars, Timeframe
from tio.api.portfolio import Transaction
from tio.api.series import EPOCH
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.course import OLDEST, Closes
from tio.engine.portfolio.moments import zone_named
from tio.engine.portfolio.money import major
from tio.engine.portfolio.rates import BarsOf, pairs
from tio.engine.portfolio.steps import Floats

_AT_ONCE = 4
_MOST = 50_000
_DAY = 86_400_000_000
_EPOCH = EPOCH.date().toordinal()
_EVER = 400_000


class Past:
    """What the market's side tells of past days. `currency` says what a symbol is priced in."""

    def __init__(self, bars: BarsOf, currency: Callable[[str], str]) -> None:
        self._bars = bars
        self._currency = currency
        self._gate = asyncio.Semaphore(_AT_ONCE)

    async def closes(self, books: Books, symbol: str, start: date, end: date) -> Closes:
        """Daily closes as they were; where nobody tells any, the prices of the ledger's entries."""
        day, close = await self._told(symbol, start, end)
        if len(day):
            return Closes(day, close, self._currency(symbol))
        return _of_entries(books, symbol)

    async def rates(self, books: Books, currency: str, days: tuple[date, ...]) -> Floats:
        """What one was worth at the end of each day; where nobody tells, by the ledger's entries.

        (len(days),) float64, NaN where none is known.
        """
        base = books.portfolio.currency
        if currency == base:
            return np.ones(len(days))
        ordinals = np.array([day.toordinal() for day in days], dtype=np.float64)
        known = np.full(len(days), np.nan)
        for way in pairs(currency, base):
            value = np.ones(len(days))
            for symbol, upside_down in way:
                day, close = await self._told(symbol, days[0], days[-1])
                price = Closes(day, close, "").on(ordinals)
                value = value / price if upside_down else value * price
            known = np.where(np.isnan(known), value, known)
            if not np.isnan(known).any():
                return known
        return np.where(np.isnan(known), _rates_of_entries(books, currency).on(ordinals), known)

    async def _told(self, symbol: str, start: date, end: date) -> tuple[Floats, Floats]:
        asked = GetBars(
            symbol,
            Timeframe.d1,
            _midnight(start - timedelta(days=OLDEST)),
            _midnight(end + timedelta(days=1)),
            _MOST,
            adjusted=Adjustment.raw,
        )
        async with self._gate:
            try:
                bars = await self._bars(asked)
            except (NotFound, SourceUnavailable):
                return np.empty(0), np.empty(0)
        day = np.asarray(bars.time) // _DAY + _EPOCH
        close = np.asarray(bars.close)
        known = np.isfinite(close) & (close > 0)
        return day[known].astype(np.float64), close[known].astype(np.float64)


def _of_entries(books: Books, symbol: str) -> Closes:
    """What entries paid for a unit, each for as long as none came after."""
    told = [entry for entry in books.of(symbol) if entry.price is not None]
    if not told:
        return Closes(np.empty(0), np.empty(0), books.portfolio.currency)
    currency, _ = major(told[-1].currency)
    prices = [float(e.price or 0) * float(major(e.currency)[1]) for e in told]
    return Closes(_days(books, told), np.array(prices), currency, oldest=_EVER)


def _rates_of_entries(books: Books, currency: str) -> Closes:
    """What entries tell of a rate, each for as long as none came after."""
    told = books.rated(currency)
    rates = [float(entry.rate or 0) for entry in told]
    return Closes(_days(books, told), np.array(rates), books.portfolio.currency, oldest=_EVER)


def _days(books: Books, entries: Sequence[Transaction]) -> Floats:
    """The entries' days in the portfolio's zone, as ordinals."""
    zone = zone_named(books.portfolio.zone)
    return np.array([float(each.at.astimezone(zone).date().toordinal()) for each in entries])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
