"""Bars as they were known at a past moment: those that had ended, on the basis of that day."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import numpy as np
from msgspec.structs import replace

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Bars, GetBars, Instrument, Timeframe
from tio.api.series import Series, instant, moment
from tio.engine.market.adjusting import in_effect
from tio.engine.market.answers import columns_of, in_columns
from tio.engine.market.sessions import SessionRules, bar_end, rules_of
from tio.plugin import Clock


def ended_by(rules: SessionRules, at: int, timeframe: Timeframe) -> int:
    """Before which instant bars open that had ended at `at`, µs UTC both.

    A day is over with its session, a week with its last one.
    """
    opening = rules.day(at).opening(at, timeframe)
    return opening + 1 if bar_end(rules, opening, timeframe) <= at else opening


class BarsThen:
    """Asks for bars as `bars` tells them now, and takes out what came after a moment."""

    def __init__(
        self,
        clock: Clock,
        bars: Callable[[GetBars], Awaitable[Bars]],
        symbol: Callable[[str], str],
        instrument: Callable[[str], Instrument],
        events: Callable[[str], Awaitable[Sequence[CorporateEvent]]],
    ) -> None:
        self._clock = clock
        self._bars = bars
        self._symbol = symbol
        self._instrument = instrument
        self._events = events

    async def of(self, asked: GetBars, as_of: datetime) -> Bars:
        """What the ask would have been answered, less the bar that was forming."""
        symbol, at = self._symbol(asked.symbol), instant(as_of)
        rules = rules_of(self._instrument(symbol))
        until = moment(ended_by(rules, at, asked.timeframe))
        naive = asked.end is not None and asked.end.tzinfo is None  # is refused by those asked
        if asked.end is None or (not naive and asked.end > until):
            asked = replace(asked, end=until)
        told = await self._bars(asked)
        if len(told) and bar_end(rules, int(told.time[-1]), asked.timeframe) > at:
            # A source's bars may lie beside our own grid: the last one has not ended.
            told = await self._bars(replace(asked, end=moment(int(told.time[-1]))))
        ended = [bar_end(rules, int(opening), asked.timeframe) <= at for opening in told.time]
        if not all(ended):
            told = in_columns(told, columns_of(told)[: ended.index(False)])
        return replace(await self._on_basis(told, rules, as_of), forming=False)

    async def _on_basis(self, bars: Bars, rules: SessionRules, as_of: datetime) -> Bars:
        """With the factors of splits and dividends since taken out again.

        All bars came before what happened since, so one factor holds for every one of them.
        """
        if bars.adjusted is Adjustment.raw or not len(bars):
            return bars
        events = await self._events(bars.symbol)
        by_now = in_effect(events, bars.timeframe, rules, instant(self._clock.now()))
        by_then = in_effect(events, bars.timeframe, rules, instant(as_of))
        since = [each for each in by_now if each not in by_then and (each.ratio or each.amount)]
        if not since:
            return bars
        splits = [each.ratio or 1.0 for each in since if each.kind is EventKind.share_split]
        ratio = factor = float(np.prod(splits))
        if bars.adjusted is Adjustment.total and len(splits) < len(since):
            factor = await self._by_last_close(bars.symbol, rules, as_of, ratio)
        return replace(
            bars,
            open=_scaled(bars.open, factor),
            high=_scaled(bars.high, factor),
            low=_scaled(bars.low, factor),
            close=_scaled(bars.close, factor),
            volume=_scaled(bars.volume, 1 / ratio),
        )

    async def _by_last_close(
        self, symbol: str, rules: SessionRules, as_of: datetime, ratio: float
    ) -> float:
        """The factor by which the newest day's total price is what was paid; else the splits'."""
        until = moment(ended_by(rules, instant(as_of), Timeframe.d1))
        closes = []
        for basis in (Adjustment.raw, Adjustment.total):
            told = await self._bars(
                GetBars(symbol, Timeframe.d1, end=until, limit=1, adjusted=basis)
            )
            if not len(told) or told.adjusted is not basis:
                return ratio
            closes.append(told.close[-1])
        return closes[0] / closes[1] if closes[1] else ratio


def _scaled(values: Series, factor: float) -> Series:
    return Series.wrap(np.asarray(values) * factor)
