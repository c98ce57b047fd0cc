"""Bars on the basis asked for: days are adjusted first, weeks and months folded from those.

A week in which a share split holds prices of two bases: no factor makes a range of it that ever
was. Its days each have one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import numpy as np
from msgspec.structs import replace

from tio.api.companies import CorporateEvent
from tio.api.errors import TioError
from tio.api.market import Adjustment, Bars, GetBars, Timeframe
from tio.api.series import instant, moment
from tio.engine.market.adjusting import LAST_CLOSE, adjusted, as_adjusted, in_effect, paid_after
from tio.engine.market.answers import columns_of, told
from tio.engine.market.folding import fold
from tio.engine.market.history import History
from tio.engine.market.sessions import DAY, SessionRules, bar_end
from tio.engine.store.bars import Terms
from tio.engine.store.columns import Columns
from tio.plugin import Clock

_DAYS = {Timeframe.w1: 5, Timeframe.mo1: 23}
"""The most sessions a share has in a week, and in a month."""
_LONGEST = {Timeframe.w1: timedelta(days=7), Timeframe.mo1: timedelta(days=31)}


class OnBasis:
    """Adjusts what history answered, asking it for the days that takes."""

    def __init__(self, clock: Clock, history: History) -> None:
        self._clock = clock
        self._history = history

    async def of(self, bars: Bars, asked: GetBars, events: Sequence[CorporateEvent]) -> Bars:
        """An answer on the basis asked for, or on the nearest that can be had; it says which."""
        if bars.adjusted is asked.adjusted or not len(bars):
            return bars
        rules = self._history.rules(bars.symbol)
        if bars.timeframe in _DAYS:
            folded = await self._folded(bars, asked, events, rules)
            if folded is not None:
                return folded
        return await self._adjusted(bars, asked.adjusted, events, rules)

    async def _adjusted(
        self, bars: Bars, want: Adjustment, events: Sequence[CorporateEvent], rules: SessionRules
    ) -> Bars:
        now = instant(self._clock.now())
        closes = None
        if want is Adjustment.total and len(bars):
            happened = in_effect(events, bars.timeframe, rules, now)
            if paid_after(columns_of(bars), bars.timeframe, rules, happened):
                closes = await self._closes(bars, happened, rules)
        return as_adjusted(bars, want, rules, events, now, closes)

    async def _closes(
        self, bars: Bars, events: Sequence[CorporateEvent], rules: SessionRules
    ) -> Columns | None:
        """Split-adjusted days from the answer's last bar until now."""
        start = int(bars.time[-1]) - LAST_CLOSE
        most = (instant(self._clock.now()) - start) // DAY + 1
        try:
            days = await self._history.bars(
                bars.symbol, Timeframe.d1, moment(start), None, max(1, most)
            )
        except TioError:
            return None  # then it is told on the basis that can be had
        closes, basis = adjusted(
            columns_of(days), Timeframe.d1, rules, events, days.adjusted, Adjustment.splits
        )
        return closes if basis is Adjustment.splits else None

    async def _folded(
        self, bars: Bars, asked: GetBars, events: Sequence[CorporateEvent], rules: SessionRules
    ) -> Bars | None:
        """Weeks or months out of adjusted days; None where no days are known."""
        span = bars.timeframe
        most = (asked.limit + 2) * _DAYS[span]
        try:
            days = await self._history.bars(
                bars.symbol, Timeframe.d1, asked.start, self._until(asked), most, asked.source
            )
        except TioError:
            return None  # of weeks alone more is known than of nothing
        days = await self._adjusted(days, asked.adjusted, events, rules)
        folded = fold(columns_of(days), Timeframe.d1, span, rules)
        first = -(2**62) if asked.start is None else instant(asked.start)
        if len(folded) and len(days) >= most:
            first = max(first, int(folded.time[0]) + 1)  # days of the oldest are missing
        end = 2**62 if asked.end is None else instant(asked.end)
        begin, stop = np.searchsorted(folded.time, (first, end))
        folded = folded[int(begin) : int(stop)]
        if not len(folded):
            return None
        older = await self._older(bars, int(folded.time[0]), days.adjusted, events, rules)
        joined = Columns.joined([older, folded])
        joined = joined[max(0, len(joined) - asked.limit) :]
        return self._told(bars, days, joined, int(folded.time[0]), rules)

    def _until(self, asked: GetBars) -> datetime | None:
        """Where the days of the last week end that opens before the end asked for."""
        if asked.end is None:
            return None
        return min(asked.end, self._clock.now() + timedelta(days=1)) + _LONGEST[asked.timeframe]

    async def _older(
        self,
        bars: Bars,
        before: int,
        basis: Adjustment,
        events: Sequence[CorporateEvent],
        rules: SessionRules,
    ) -> Columns:
        """Weeks before the first known day, on the basis of those, else none."""
        if not bars.time or int(bars.time[0]) >= before:
            return Columns.empty()
        whole = await self._adjusted(bars, basis, events, rules)
        if whole.adjusted is not basis:
            return Columns.empty()
        columns = columns_of(whole)
        return columns[: int(np.searchsorted(columns.time, before))]

    def _told(
        self, bars: Bars, days: Bars, joined: Columns, folded_from: int, rules: SessionRules
    ) -> Bars:
        since, meets = moment(int(joined.time[0])), moment(folded_from)
        seams = [each for each in bars.seams if since < each.time < meets]
        seams += [each for each in days.seams if each.time > since]
        ends = bar_end(rules, int(joined.time[-1]), bars.timeframe)
        answer = told(
            bars.symbol,
            bars.timeframe,
            joined,
            forming=ends > instant(self._clock.now()),
            source=days.source,
            terms=Terms(days.coverage, days.delay, days.adjusted),
            seams=tuple(seams),
        )
        return replace(answer, repaired=bars.repaired)
