"""Bars of any time: what is stored, what the source remembers and what is folded now, as one."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np

from tio.api.errors import TioError
from tio.api.market import Adjustment, Bars, Hours, Timeframe
from tio.api.series import instant, moment
from tio.engine.market.answers import columns_of, terms_of, told
from tio.engine.market.breaks import Breaks
from tio.engine.market.completing import Completer, Span
from tio.engine.market.folding import fold
from tio.engine.market.joining import Part, filled, joined_of, with_live
from tio.engine.market.keeper import BarKeeper
from tio.engine.market.market import Market
from tio.engine.market.regular import newest_regular
from tio.engine.market.restoring import Restorer
from tio.engine.market.sessions import DAY, SessionRules, bar_end, rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.bars import BarStore, StoredSeries, Terms
from tio.engine.store.columns import Columns
from tio.plugin import Clock, Source

PATIENCE, SOON = 5.0, 1.0
"""Seconds an ask waits for the rest of what is here in part, and where most of it is here."""
WATCHED = 1.0
"""Seconds a watcher of bars waits for what their sources must fill in."""
_MOST_DAYS = 31
_SLACK = 2
"""Groups read beyond the limit, since the oldest may begin inside a coarser bar."""


class History:
    """Answers for bars; without a store only what is folded now and what sources remember."""

    def __init__(
        self,
        clock: Clock,
        market: Market,
        store: BarStore | None = None,
        sources: Mapping[str, Source] | None = None,
        keeper: BarKeeper | None = None,
        restorer: Restorer | None = None,
    ) -> None:
        self.completer: Completer | None = None
        """Fills what is missing from live sources, where this workspace has any."""
        self.breaks: Breaks | None = None
        """Knows which minutes were heard in part."""
        self._clock = clock
        self._market = market
        self._store = store
        self._sources = sources or {}
        self._keeper = keeper
        self._restorer = restorer

    async def bars(
        self,
        symbol: str,
        timeframe: Timeframe,
        start: datetime | None = None,
        end: datetime | None = None,
        limit: int = 500,
        source: str | None = None,
        *,
        wait: float | None = None,
    ) -> Bars:
        """The newest `limit` bars that open in [start, end), oldest first.

        What live sources must fill in is waited for, `wait` seconds when they are given, and not
        for long where some of it is here; what comes later comes to who watches the bars.
        """
        asked = Span(
            -(2**62) if start is None else instant(start),
            2**62 if end is None else instant(end),
            limit,
        )
        rules = self.rules(symbol)
        parts = await self._here(symbol, timeframe, asked, source, rules)
        if self.completer is not None:
            here = await self.completer.told(symbol, timeframe, rules, parts)
            holes = self.completer.holes(symbol, timeframe, rules, asked, here)
            if wait is None and any(len(part.bars) for part in parts):
                wait = SOON if sum(hole.bars for hole in holes) <= len(here) else PATIENCE
            if holes and await self.completer.complete(
                symbol, timeframe, rules, holes, source, wait=wait, empty=not any(parts)
            ):
                parts = await self._here(symbol, timeframe, asked, source, rules)
            if await self._heard_in_part(symbol, timeframe, asked, source, rules, wait):
                parts = await self._here(symbol, timeframe, asked, source, rules)
        return self._told(symbol, timeframe, limit, parts, rules)

    async def newest(
        self,
        symbol: str,
        timeframe: Timeframe,
        limit: int,
        hours: Hours = Hours.extended,
        end: datetime | None = None,
    ) -> Bars:
        """The newest bars, as whoever watches them gets them: the rest comes as news."""

        async def fetch(count: int) -> Bars:
            return await self.bars(symbol, timeframe, None, end, count, wait=WATCHED)

        if hours is Hours.regular and timeframe.intraday:
            return await newest_regular(fetch, limit, self.rules(symbol))
        return await fetch(limit)

    async def heal(self, symbol: str, timeframe: Timeframe) -> None:
        """Ask for what was heard in part of the newest bars; who watches them is told anew."""
        asked = Span(-(2**62), 2**62, 500)
        await self._heard_in_part(symbol, timeframe, asked, None, self.rules(symbol), 0)

    async def _heard_in_part(
        self,
        symbol: str,
        timeframe: Timeframe,
        asked: Span,
        source: str | None,
        rules: SessionRules,
        wait: float | None,
    ) -> bool:
        """Have the line's source tell whole what was heard in part; whether that is done."""
        line = self._market.board.lines.get(symbol)
        if line is None or self.breaks is None or self.completer is None:
            return False
        name = line.origin.name
        if source not in (None, name):
            return False
        untold = await self.breaks.untold(symbol, name, timeframe, rules)
        holes = self.completer.within(symbol, timeframe, rules, asked, untold)
        patience = SOON if wait is None else min(wait, SOON)
        return bool(holes) and await self.completer.complete(
            symbol, timeframe, rules, holes, name, wait=patience, empty=False
        )

    async def _here(
        self,
        symbol: str,
        timeframe: Timeframe,
        asked: Span,
        source: str | None,
        rules: SessionRules,
    ) -> list[Part]:
        """What is folded now, stored, or remembered by the source that tells it."""
        line = self._market.board.lines.get(symbol)
        if line is not None and self._keeper is not None:
            await self._keeper.restore()
        if line is not None and self._restorer is not None:
            await self._restorer.from_source(line)
        live = self._live(symbol, timeframe, asked, source)
        if live is not None and len(live.bars) and timeframe in (Timeframe.w1, Timeframe.mo1):
            live = await self._of_days(symbol, timeframe, live, rules)
        if live is not None and self.breaks is not None:
            spans = await self.breaks.bars(symbol, live.source, timeframe, rules)
            live = live._replace(bars=_without(live.bars, spans))
        parts = [] if live is None else [live]
        if live is None or len(live.bars) < asked.limit:
            if self._keeper is not None and line is not None:
                await self._keeper.settle()
            stored = await self._stored(symbol, timeframe, asked, source, rules)
            parts = with_live(stored, live)
            parts = await self._remembered(symbol, timeframe, asked, source, parts)
        return parts

    def rules(self, symbol: str) -> SessionRules:
        """The sessions a symbol trades by."""
        return rules_of(self._market.instruments.get(symbol) or classify(symbol))

    def _live(
        self, symbol: str, timeframe: Timeframe, asked: Span, source: str | None
    ) -> Part | None:
        line = self._market.board.lines.get(symbol)
        if line is None or source not in (None, line.origin.name):
            return None
        bars = line.bars.ladder(timeframe).columns(1_000_000)
        begin, end = np.searchsorted(bars.time, (asked.start, asked.end))
        bars = bars[max(int(begin), int(end) - asked.limit) : int(end)]
        if timeframe is Timeframe.d1 and self.completer is not None and self._store is not None:
            # Days before were stored when they closed, and their source may since have told more.
            bars = bars[max(0, len(bars) - 1) :]
        return Part(line.origin.name, bars, terms_of(line.origin))

    async def _of_days(
        self, symbol: str, timeframe: Timeframe, live: Part, rules: SessionRules
    ) -> Part:
        """The week or month that forms, of the days that are stored and the one heard now.

        Those stored may be as their source told them, and not as they were heard.
        """
        today = self._live(symbol, Timeframe.d1, Span(-(2**62), 2**62, 1), live.source)
        if self._store is None or self.completer is None or today is None or not len(today.bars):
            return live
        noon = int(today.bars.time[-1]) + DAY // 2
        opening = rules.day(noon).opening(noon, timeframe)
        days = await self._store.read(
            symbol, Timeframe.d1, moment(opening), None, _MOST_DAYS, live.source
        )
        if not len(days) or int(live.bars.time[-1]) != opening:
            return live
        joined = Columns.joined([days, today.bars]).ordered()
        forming = await asyncio.to_thread(fold, joined, Timeframe.d1, timeframe, rules)
        return live._replace(bars=forming[max(0, len(forming) - 1) :])

    async def _stored(
        self,
        symbol: str,
        timeframe: Timeframe,
        asked: Span,
        source: str | None,
        rules: SessionRules,
    ) -> list[Part]:
        """Stored bars by source and adjustment, those with the newest first."""
        if self._store is None:
            return []
        alike: dict[tuple[str, Adjustment], list[StoredSeries]] = {}
        for series in await self._store.series(symbol):
            if source in (None, series.key.source) and series.key.timeframe.step <= timeframe.step:
                key = series.key.source, series.terms.adjusted
                alike.setdefault(key, []).append(series)
        parts = []
        for (name, _), found in alike.items():
            found.sort(key=lambda series: -series.key.timeframe.step)
            bars = Columns.empty()
            for series in found:
                finer = await self._folded(series, timeframe, asked, rules)
                bars = filled(bars, finer)
            if len(bars):
                parts.append(Part(name, bars[max(0, len(bars) - asked.limit) :], found[0].terms))
        return parts

    async def _folded(
        self, series: StoredSeries, timeframe: Timeframe, asked: Span, rules: SessionRules
    ) -> Columns:
        if self._store is None or series.first >= asked.end:
            return Columns.empty()
        key = series.key
        ratio = -(-timeframe.step // key.timeframe.step)
        start = asked.start if asked.start <= -(2**61) else asked.start - timeframe.step
        bars = await self._store.read(
            key.symbol,
            key.timeframe,
            None if start <= -(2**61) else moment(start),
            None if asked.end >= 2**61 else moment(asked.end - 1),
            (asked.limit + _SLACK) * ratio if ratio > 1 else asked.limit,
            key.source,
        )
        if ratio > 1:
            bars = await asyncio.to_thread(fold, bars, key.timeframe, timeframe, rules)
        begin, end = np.searchsorted(bars.time, (asked.start, asked.end))
        return bars[int(begin) : int(end)]

    async def _remembered(
        self,
        symbol: str,
        timeframe: Timeframe,
        asked: Span,
        source: str | None,
        parts: list[Part],
    ) -> list[Part]:
        """Ask the instrument's source for what is older than all that is here."""
        line = self._market.board.lines.get(symbol)
        instrument = self._market.instruments.get(symbol)
        name = line.origin.name if line is not None else instrument.source if instrument else ""
        told_by = self._sources.get(name)
        have = sum(len(part.bars) for part in parts)
        if told_by is None or source not in (None, name) or have >= asked.limit:
            return parts
        firsts = [int(part.bars.time[0]) for part in parts if len(part.bars)]
        now = instant(self._clock.now())
        end = min([asked.end, now + 1, *firsts])
        if end <= asked.start:
            return parts
        try:
            older = await told_by.history(
                symbol,
                timeframe,
                None if asked.start <= -(2**61) else moment(asked.start),
                moment(end),
                asked.limit - have,
            )
        except (TioError, OSError):
            return parts  # what is here is still true; the source's own report says it failed
        if older is None or not len(older):
            return parts
        bars = columns_of(older)
        bars = bars[: int(np.searchsorted(bars.time, end))]
        return [*parts, Part(name, bars, Terms(older.coverage, older.delay, older.adjusted))]

    def _told(
        self,
        symbol: str,
        timeframe: Timeframe,
        limit: int,
        parts: list[Part],
        rules: SessionRules,
    ) -> Bars:
        joined, seams, last = joined_of(parts, limit, timeframe, rules)
        terms = last.terms if last is not None else Terms()
        forming = False
        if len(joined):
            ends = bar_end(rules, int(joined.time[-1]), timeframe)
            forming = ends > instant(self._clock.now())
        return told(
            symbol,
            timeframe,
            joined,
            forming=forming,
            source=last.source if last is not None else "",
            terms=terms,
            seams=seams,
        )


def _without(bars: Columns, spans: Sequence[tuple[int, int]]) -> Columns:
    """Bars without those that open in a span; what is stored stands in their place."""
    if not spans:
        return bars
    time = bars.time
    kept = np.ones(len(bars), dtype=bool)
    for first, last in spans:
        kept &= (time < first) | (time >= last)
    return Columns(bars.block[:, kept])
