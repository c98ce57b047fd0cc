"""What an answer lacks, filled in from the sources: at once for who waits, else as news."""

import asyncio
import logging
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.market.backfill import MOST, Backfill
from tio.engine.market.gaps import Hole, holes
from tio.engine.market.joining import Part, times_of
from tio.engine.market.sessions import ALWAYS, DAY, SessionRules
from tio.engine.store.columns import Instants
from tio.plugin import Clock

log = logging.getLogger(__name__)

AGAIN, DAYS_AGAIN = 30.0, 600.0
"""Seconds within which a range of minutes, or of days, is not asked for again."""
A_MOMENT = 0.5
"""Seconds the next sources have, once one has refused, to who has something already."""
_MOST_HOLES = 3
"""More holes than this are asked for as one range."""
_MOST_ASKED = 4_096
"""Ranges that were asked for after which those of long ago are forgotten."""
_LEAST = 3
"""Bars in a row that must be missing inside: without a trade there is no bar."""


class Span(NamedTuple):
    """Bars that open in [start, end), the newest `limit` of them; µs UTC."""

    start: int
    end: int
    limit: int


class Completer:
    """Finds the holes of an answer and has them filled; each range once in half a minute.

    `began` tells since when a symbol's ticks are folded without a break (what is missing after that
    did not trade), `tell` makes who watches its bars begin anew.
    """

    def __init__(
        self,
        clock: Clock,
        backfill: Backfill,
        began: Callable[[str], int | None],
        tell: Callable[[str, Timeframe], None],
    ) -> None:
        self._clock = clock
        self._backfill = backfill
        self._began = began
        self._tell = tell
        self._asked: dict[tuple[str, Timeframe, int], float] = {}
        self._nothing: dict[tuple[str, Timeframe], tuple[int, int, float]] = {}
        """Where nothing came when it was asked last: start and end in µs, and when that was."""
        self._tasks: set[asyncio.Task[int]] = set()

    def holes(
        self, symbol: str, timeframe: Timeframe, rules: SessionRules, asked: Span, time: Instants
    ) -> list[Hole]:
        """What is missing among the newest bars of the span, oldest first."""
        now = instant(self._clock.now())
        end = min(asked.end, now)
        inside = time[(time >= asked.start) & (time < end)]
        if len(inside) >= asked.limit:
            start = int(inside[-asked.limit])
        else:
            lacking = asked.limit - len(inside)
            first = int(inside[0]) if len(inside) else end
            back = first - reach(lacking, timeframe, rules)
            if not len(inside) and not timeframe.intraday:
                back = 0  # it may have traded long ago, and days are one question
            start = max(asked.start, back)
        if end <= start:
            return []
        least = _LEAST if timeframe.intraday else 1
        found = [
            hole
            for hole in holes(inside, timeframe, rules, start, end, least)
            if not self._did_not_trade(symbol, hole) and self._may_ask(symbol, timeframe, hole)
        ]
        if len(found) > _MOST_HOLES:
            bars = sum(hole.bars for hole in found)
            return [Hole(found[0].start, found[-1].end, max(bars, asked.limit))]
        return found

    def within(
        self,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        asked: Span,
        missing: list[Hole],
    ) -> list[Hole]:
        """Those of some holes that touch the newest bars of the span and may be asked for now."""
        end = min(asked.end, instant(self._clock.now()))
        start = max(asked.start, end - reach(asked.limit, timeframe, rules))
        return [
            hole
            for hole in missing
            if hole.start < end and hole.end > start and self._may_ask(symbol, timeframe, hole)
        ]

    async def told(
        self, symbol: str, timeframe: Timeframe, rules: SessionRules, parts: list[Part]
    ) -> Instants:
        """The openings of all parts, without days that may have been heard in part only.

        A week or month is left out as long as one of its days is.
        """
        if timeframe.intraday:
            return times_of(parts)
        whole = []
        for part in parts:
            time = part.bars.time
            if timeframe is Timeframe.d1:
                untold = await self._backfill.untold(symbol, part.source, rules, time)
            else:
                days = await self._backfill.untold_days(symbol, part.source, rules)
                noons = (int(day) + DAY // 2 for day in days)
                untold = np.array([rules.day(at).opening(at, timeframe) for at in noons], np.int64)
            whole.append(time[~np.isin(time, untold)])
        return np.unique(np.concatenate(whole)) if whole else times_of(parts)

    async def complete(
        self,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        missing: list[Hole],
        source: str | None,
        *,
        wait: float | None,
        empty: bool,
    ) -> bool:
        """Have the holes filled; whether that is done within `wait` seconds (None: wait for it).

        Who has something already (`empty` is false) gives the others but a moment once a source
        has refused. What comes later is told. An error comes only to who waits for it, and has
        nothing else.
        """
        self._forget_old()
        refused = None if empty else self._backfill.refusal(symbol)
        for hole in missing:
            self._asked[symbol, timeframe, hole.start] = self._clock.monotonic()
        task = asyncio.create_task(self._fill(symbol, timeframe, rules, missing, source, empty))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if wait is None:
            await asyncio.shield(task)
            return True
        if wait > 0:
            await _until(task, refused, wait)
            if task.done():
                return task.exception() is None
        task.add_done_callback(lambda done: self._news(done, symbol, timeframe))
        return False

    def _forget_old(self) -> None:
        """Bounds of holes move with the clock: what was asked long ago is never met again."""
        if len(self._asked) >= _MOST_ASKED:
            upto = self._clock.monotonic() - DAYS_AGAIN
            self._asked = {key: at for key, at in self._asked.items() if at > upto}

    async def close(self) -> None:
        """End what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._backfill.close()

    async def _fill(
        self,
        symbol: str,
        timeframe: Timeframe,
        rules: SessionRules,
        missing: list[Hole],
        source: str | None,
        empty: bool,
    ) -> int:
        bars = 0
        trouble: TioError | None = None
        for hole in reversed(missing):
            most = min(MOST, hole.bars + 2)
            filled = await self._backfill.fill(
                symbol, timeframe, rules, hole.start, hole.end, most, source
            )
            bars += filled.bars
            trouble = trouble or filled.trouble(symbol)
        if not bars:
            span = missing[0].start, missing[-1].end
            self._nothing[symbol, timeframe] = (*span, self._clock.monotonic())
        if trouble is not None and not bars:
            if empty:
                raise trouble
            log.info("%s", trouble.message)
        return bars

    def _news(self, done: "asyncio.Task[int]", symbol: str, timeframe: Timeframe) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None and not isinstance(error, TioError):
            log.error("bars of %s could not be filled in", symbol, exc_info=error)
        # Told of nothing, who watches would ask again, for ever.
        if error is None and done.result():
            self._tell(symbol, timeframe)

    def _did_not_trade(self, symbol: str, hole: Hole) -> bool:
        began = self._began(symbol)
        return began is not None and hole.start >= began

    def _may_ask(self, symbol: str, timeframe: Timeframe, hole: Hole) -> bool:
        asked = self._asked.get((symbol, timeframe, hole.start))
        again = AGAIN if timeframe.intraday else DAYS_AGAIN
        now = self._clock.monotonic()
        start, end, at = self._nothing.get((symbol, timeframe), (0, 0, now - again))
        if now - at < again and start <= hole.start and hole.end <= end + int(again * 1_000_000):
            return False  # the same hole, its bounds moved with the clock
        return asked is None or self._clock.monotonic() - asked >= again


async def _until(task: "asyncio.Task[int]", refused: asyncio.Event | None, seconds: float) -> None:
    """Wait so long for a task at most, and but a moment once a source has refused."""
    if refused is None:
        await asyncio.wait((task,), timeout=seconds)
        return
    refusal = asyncio.ensure_future(refused.wait())
    try:
        both = (task, refusal)
        await asyncio.wait(both, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if refusal.done() and not task.done():
            await asyncio.wait((task,), timeout=min(seconds, A_MOMENT))
    finally:
        refusal.cancel()
        await asyncio.gather(refusal, return_exceptions=True)


def reach(bars: int, timeframe: Timeframe, rules: SessionRules) -> int:
    """Microseconds back in which so many bars surely open, nights and weekends counted."""
    if rules is ALWAYS:
        return bars * timeframe.step
    if not timeframe.intraday:
        return bars * max(timeframe.step, DAY) * 8 // 5 + 10 * DAY
    share = 5 if rules.strict else 2
    return bars * timeframe.step * share + 5 * DAY
