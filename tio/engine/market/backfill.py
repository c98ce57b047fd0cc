"""Past bars from the sources that have them: asked in order, stored, never asked for twice."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tio.api.errors import NotAllowed, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Timeframe
from tio.api.series import instant, moment
from tio.api.sources import Attempt
from tio.engine.market.answers import columns_of
from tio.engine.market.rebasing import rebased, rescale
from tio.engine.market.sessions import DAY, SessionRules, bar_end
from tio.engine.store.asked import AskedRanges, left
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Columns, Instants
from tio.plugin import Clock, Source

log = logging.getLogger(__name__)

Past = Callable[[str], Iterator[tuple[str, Source]]]
_Asking = tuple[str, Timeframe, int, int, int, str | None]

_FINER: dict[Timeframe, tuple[Timeframe, ...]] = {
    Timeframe.s5: (Timeframe.s1,),
    Timeframe.s15: (Timeframe.s5, Timeframe.s1),
    Timeframe.m3: (Timeframe.m1,),
    Timeframe.m5: (Timeframe.m1,),
    Timeframe.m15: (Timeframe.m5, Timeframe.m1),
    Timeframe.m30: (Timeframe.m15, Timeframe.m5),
    Timeframe.h1: (Timeframe.m30, Timeframe.m15),
    Timeframe.h2: (Timeframe.h1, Timeframe.m30),
    Timeframe.h4: (Timeframe.h1,),
    Timeframe.w1: (Timeframe.d1,),
    Timeframe.mo1: (Timeframe.d1,),
}
"""What a timeframe is folded from where a source does not tell it."""
_FOLDED = frozenset({Timeframe.w1, Timeframe.mo1})
"""Always folded: venues begin weeks on other days, and adjust them badly."""
_HOUR = 3_600_000_000
_PUBLISHED = 800 * DAY
"""A year's figure stands at the year's beginning, and may be published late in the next."""
MOST = 20_000
"""Bars asked for at once."""
_RECENT = 62
"""Days in which a month lies that forms, and the one before."""
_OVERLAP = 6
"""Bars asked for again before the hole: they tell whether the source adjusted its past anew."""


class Filled(NamedTuple):
    """How an asking ended: who told how many bars, or why nobody did."""

    bars: int = 0
    source: str = ""
    attempts: tuple[Attempt, ...] = ()
    known: bool = False
    """Whether a source had told all of the range before, so that nothing was asked."""
    nothing: bool = False
    """Whether a source was asked and has no bar there."""
    cut: bool = False
    """Whether the range holds older bars that were not told yet."""

    def trouble(self, symbol: str) -> SourceUnavailable | None:
        """Why nothing could be had, when it was not merely that there is nothing."""
        if self.source or self.known or not self.attempts:
            return None
        told = "; ".join(f"{each.source}: {each.reason}" for each in self.attempts)
        return SourceUnavailable(f"no source could tell the past of {symbol}: {told}")


class _Told(NamedTuple):
    """How many bars one source told, and whether there are older ones yet to be told."""

    bars: int
    cut: bool = False


_KNOWN = _Told(-1)


class Backfill:
    """Fills ranges of bars; the same range asked for twice at once is asked for once."""

    def __init__(self, clock: Clock, store: BarStore, asked: AskedRanges, past: Past) -> None:
        self._clock = clock
        self._store = store
        self.asked = asked
        self._past = past
        self._under_way: dict[_Asking, asyncio.Task[Filled]] = {}
        self._refusals: dict[str, asyncio.Event] = {}

    async def fill(
        self,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        start: int,
        end: int,
        limit: int = MOST,
        source: str | None = None,
    ) -> Filled:
        """Have the newest `limit` bars that open in [start, end) stored, if anybody tells them."""
        key = (symbol, timeframe, start, end, limit, source)
        if key not in self._under_way:
            task = asyncio.create_task(
                self._fill(symbol, timeframe, rules, start, end, limit, source),
                name=f"bars of {symbol}",
            )
            self._under_way[key] = task
            task.add_done_callback(lambda _: self._under_way.pop(key, None))
        return await asyncio.shield(self._under_way[key])

    def refusal(self, symbol: str) -> asyncio.Event:
        """Set as soon as a source has next failed to tell the past of a symbol."""
        return self._refusals.setdefault(symbol, asyncio.Event())

    async def untold_days(self, symbol: str, source: str, rules: SessionRules) -> Instants:
        """Those of the newest stored days of a source that it has not yet told."""
        stored = await self._store.read(symbol, Timeframe.d1, None, None, _RECENT, source)
        return await self.untold(symbol, source, rules, stored.time)

    async def untold(
        self, symbol: str, source: str, rules: SessionRules, days: Instants
    ) -> Instants:
        """Closed days that were folded from ticks and that the source itself has not yet told.

        Who was not listening all day has a part of one; nobody but its source knows the whole.
        """
        if all(name != source for name, _ in self._past(symbol)):
            return days[:0]
        ranges = await self.asked.of(SeriesKey(symbol, Timeframe.d1, source))
        now = instant(self._clock.now())
        known = np.zeros(len(days), dtype=bool)
        for each in ranges:
            known |= (days >= each.first) & (days < each.last)
        found = days[~known]
        closed = len(found) and bar_end(rules, int(found[-1]), Timeframe.d1) <= now
        return found if closed else found[:-1]

    async def close(self) -> None:
        """End what is under way."""
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _fill(
        self,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        start: int,
        end: int,
        limit: int,
        source: str | None,
    ) -> Filled:
        attempts = []
        known = nothing = False
        for name, told_by in self._past(symbol):
            if source not in (None, name):
                continue
            try:
                told = await self._ask(told_by, symbol, timeframe, rules, start, end, limit)
            except (TioError, OSError, TimeoutError) as error:
                reason = error.message if isinstance(error, TioError) else str(error)
                attempts.append(Attempt(name, reason or type(error).__name__))
                if symbol in self._refusals:
                    self._refusals.pop(symbol).set()
                if isinstance(error, NotAllowed):
                    log.warning("%s does not tell the past of %s: %s", name, symbol, reason)
                continue
            if told is None:
                attempts.append(Attempt(name, f"does not tell bars of {timeframe}"))
            elif told.bars > 0:
                return Filled(told.bars, name, tuple(attempts), cut=told.cut)
            elif told is not _KNOWN:
                nothing = True
            else:
                known = True
                if await self._reaches(symbol, name, start):
                    break  # it has older bars: nothing traded here
        return Filled(attempts=tuple(attempts), known=known, nothing=nothing)

    async def _reaches(self, symbol: str, source: str, start: int) -> bool:
        series = await self._store.series(symbol)
        return any(
            each.key.source.partition(".")[0] == source and each.first <= start for each in series
        )

    async def _ask(
        self,
        source: Source,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        start: int,
        end: int,
        limit: int,
    ) -> _Told | None:
        """Ask one source in the coarsest timeframe it tells; None when it tells none.

        `_KNOWN` where it had told all of the range before.
        """
        finer = _FINER.get(timeframe, ())
        spans = finer if timeframe in _FOLDED else (timeframe, *finer)
        for span in spans:
            ratio = -(-timeframe.step // span.step)
            key = SeriesKey(symbol, span, source.traits.name)
            count = 0
            told: _Told | None = None
            ranges = await self.asked.of(key)
            open_ = left(start, end, ranges)
            if not open_:
                return _KNOWN
            for first, last in reversed(open_):
                most = min(MOST, limit * ratio)
                told = await self._ask_span(source, key, rules, first, last, most)
                if told is None:
                    break
                count += told.bars
                if told.cut:
                    break
            if told is not None:
                return told._replace(bars=count)
        return None

    async def _ask_span(
        self,
        source: Source,
        key: SeriesKey,
        rules: SessionRules,
        start: int,
        end: int,
        limit: int,
    ) -> _Told | None:
        now = instant(self._clock.now())
        end = min(end, now + 1)
        if start >= end:
            return _Told(0)
        begin = max(start - _OVERLAP * key.timeframe.step, -(2**61))
        bars = await source.history(
            key.symbol,
            key.timeframe,
            None if begin <= -(2**61) else moment(begin),
            moment(end),
            limit + _OVERLAP,
        )
        if bars is None:
            return None
        terms = Terms(bars.coverage, bars.delay, bars.adjusted)
        told = _closed(columns_of(bars), key.timeframe, rules, now)
        whole = len(bars) < limit + _OVERLAP and not bars.cut
        first = start if whole else int(told.time[0]) if len(told) else end
        # `alpaca.sip`: of another reach than its live trades, so a series of its own, and a seam.
        series = replace(key, source=bars.source or key.source)
        if len(told) and terms.adjusted is not Adjustment.raw:
            await self._rebase(series, key.source, told, rules)
        repaired = await self._repaired(series, told)
        kept = Columns(told.block[:, ~np.isin(told.time, list(repaired))]) if repaired else told
        if len(kept):
            await self._store.append(series.symbol, series.source, series.timeframe, kept, terms)
        late = now - max(_lag(source), 2 * key.timeframe.step)
        await self.asked.note(key, first, _known_until(told, key.timeframe, rules, end, late), now)
        count = int(np.count_nonzero(told.time >= start))
        return _Told(count, count >= limit or bars.cut)

    async def _repaired(self, key: SeriesKey, told: Columns) -> frozenset[int]:
        """The openings of stored bars that stand as they were repaired: those stay."""
        repaired = await self._store.repaired(key) if len(told) else frozenset()
        if not repaired:
            return repaired
        first, last = moment(int(told.time[0])), moment(int(told.time[-1]))
        stored = await self._store.read(
            key.symbol, key.timeframe, first, last, len(told) + len(repaired), key.source
        )
        return repaired.intersection(stored.time.tolist())

    async def _rebase(
        self, key: SeriesKey, source: str, told: Columns, rules: SessionRules
    ) -> None:
        """Where the source has adjusted its past anew, forget what was stored of the old basis.

        It is asked for again when somebody wants it: what part of it was fetched before and what
        after the change nobody can tell. Seconds, which no source tells again, are scaled.
        """
        first = moment(int(told.time[0]))
        stored = await self._store.read(
            key.symbol, key.timeframe, first, None, len(told), key.source
        )
        ratio = rebased(stored, told)
        if ratio is None:
            return
        log.warning(
            "%s: %s adjusted its past by %g; it is fetched anew", key.symbol, key.source, ratio
        )
        upto = bar_end(rules, int(stored.time[-1]), key.timeframe)
        for series in await self._store.series(key.symbol):
            if series.key.source != key.source or series.terms.adjusted is Adjustment.raw:
                continue
            span = series.key.timeframe
            if span.step < Timeframe.m1.step:
                await rescale(self._store, series, upto, ratio)
            else:
                await self._store.delete(key.symbol, span, key.source)
        await self.asked.forget(key.symbol, source)


def _closed(bars: Columns, timeframe: Timeframe, rules: SessionRules, now: int) -> Columns:
    """Without the newest bar while it can still change."""
    if len(bars) and bar_end(rules, int(bars.time[-1]), timeframe) > now:
        return bars[: len(bars) - 1]
    return bars


def _lag(source: Source) -> int:
    """Microseconds by which a source may be late with its newest bars."""
    return _PUBLISHED if source.traits.asset_class is AssetClass.rate else _HOUR


def _known_until(
    bars: Columns, timeframe: Timeframe, rules: SessionRules, end: int, late: int
) -> int:
    """Up to where the answer is final: the end of its newest bar, or all that was asked for.

    A source may be late with its newest bars, so after `late` only what it told counts.
    """
    if end <= late or not len(bars):
        return min(end, late)
    return max(late, min(end, bar_end(rules, int(bars.time[-1]), timeframe)))
