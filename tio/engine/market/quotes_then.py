"""Quotes of a past moment, made from the bars that had ended by then: the day until there."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from tio.api.errors import TioError
from tio.api.market import Adjustment, Bars, GetBars, Instrument, Quote, Session, Timeframe
from tio.api.series import instant, moment
from tio.engine.market.sessions import Day, SessionRules, bar_end, rules_of

_SPANS = (Timeframe.m1, Timeframe.h1)
"""By which bars a day is told, the finest there are."""
_AT_ONCE = 8
"""Symbols whose past is asked for at the same time."""
_MOST = 1_500
_OLDEST = timedelta(days=15)
_QUIET = timedelta(minutes=15)
"""How old a price may be in regular hours until it is told as stale."""


@dataclass(frozen=True, slots=True)
class _Told:
    """Columns of a day, or of its bars until a moment."""

    open: float
    high: float
    low: float
    close: float
    volume: float
    opened: int
    ended: int
    bars: Bars


class QuotesThen:
    """`bars` answers an ask as of a moment; `instrument` tells what a symbol is."""

    def __init__(
        self,
        bars: Callable[[GetBars, datetime], Awaitable[Bars]],
        instrument: Callable[[str], Instrument],
    ) -> None:
        self._bars = bars
        self._instrument = instrument

    async def quotes(self, symbols: Sequence[str], at: datetime) -> tuple[Quote, ...]:
        """One of each symbol."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def quote(symbol: str) -> Quote:
            async with gate:
                return await self.quote(symbol, at)

        return tuple(await asyncio.gather(*(quote(symbol) for symbol in symbols)))

    async def quote(self, symbol: str, at: datetime) -> Quote:
        """What a quote would have told at a moment; without a price where no bar had ended."""
        known = self._instrument(symbol)
        rules, moment_at = rules_of(known), instant(at)
        day = rules.day(moment_at)
        days = await self._days(symbol, rules, at)
        today = await self._so_far(symbol, day, at)
        before = [each for each in days if each.opened < day.date]
        if today is None:
            # The newest day that had ended; what came before it is the close it is held against.
            today, before = (days[-1] if days else None), days[:-1]
        previous = before[-1].close if before else None
        return _quote(known, rules.session(moment_at), today, previous, at)

    async def _days(self, symbol: str, rules: SessionRules, at: datetime) -> list[_Told]:
        """The last two or three days that had ended, oldest first."""
        bars = await self._asked(symbol, Timeframe.d1, at - _OLDEST, at, 3)
        ends = [bar_end(rules, int(opening), Timeframe.d1) for opening in bars.time]
        return [_told(bars, slice(row, row + 1), ends[row]) for row in range(len(bars))]

    async def _so_far(self, symbol: str, day: Day, at: datetime) -> _Told | None:
        """The day that was going on, until the moment."""
        if day.start >= instant(at):
            return None
        for span in _SPANS:
            bars = await self._asked(symbol, span, moment(day.start), at, _MOST)
            if len(bars):
                return _told(bars, slice(0, None), int(bars.time[-1]) + span.step)
        return None

    async def _asked(
        self, symbol: str, span: Timeframe, start: datetime, at: datetime, most: int
    ) -> Bars:
        asked = GetBars(symbol, span, start, limit=most, adjusted=Adjustment.raw)
        try:
            return await self._bars(asked, at)
        except TioError:
            return Bars(symbol=symbol, timeframe=span)  # told as a price nobody knows


def _told(bars: Bars, rows: slice, ended: int) -> _Told:
    closes = np.asarray(bars.close)[rows]
    priced = closes[~np.isnan(closes)]
    return _Told(
        float(np.asarray(bars.open)[rows][0]),
        float(np.nanmax(np.asarray(bars.high)[rows])),
        float(np.nanmin(np.asarray(bars.low)[rows])),
        float(priced[-1]) if len(priced) else float("nan"),
        float(np.nansum(np.asarray(bars.volume)[rows])),
        int(np.asarray(bars.time)[rows][0]),
        ended,
        bars,
    )


def _quote(
    known: Instrument, session: Session, told: _Told | None, previous: float | None, at: datetime
) -> Quote:
    bare = Quote(
        symbol=known.symbol,
        name=known.name,
        currency=known.currency,
        session=session,
        price_decimals=known.price_decimals,
        asset_class=known.asset_class,
        note=f"no bar of it had ended by {at:%Y-%m-%d %H:%M} UTC",
    )
    if told is None or told.close != told.close:
        return bare
    change = None if previous is None else told.close - previous
    age = at - moment(told.ended)
    return Quote(
        symbol=known.symbol,
        name=known.name,
        last=told.close,
        open=told.open,
        high=told.high,
        low=told.low,
        previous_close=previous,
        change=change,
        change_percent=None if change is None or not previous else change / previous * 100,
        volume=told.volume,
        currency=known.currency,
        session=session,
        as_of=moment(told.ended),
        source=told.bars.source,
        delay=told.bars.delay,
        age=age.total_seconds(),
        stale=session is Session.regular and age > _QUIET,
        coverage=told.bars.coverage,
        price_decimals=known.price_decimals,
        asset_class=known.asset_class,
        note=f"made from bars of {told.bars.timeframe}",
    )
