"""Sparklines: the closes of an instrument's recent bars, told again at most every two seconds."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from tio.api.errors import TioError
from tio.api.market import Spark, Timeframe
from tio.api.series import Series
from tio.engine.bus import Bus, LatestChannel, LatestWatch
from tio.engine.market.history import History
from tio.engine.market.market import Market
from tio.plugin import Clock

PERIOD = 2.0
MOST = 200
_ENOUGH = 8
_SPANS = (Timeframe.m1, Timeframe.s15, Timeframe.s5, Timeframe.s1)


class SparkLines:
    """Recent closes by symbol; the past comes from history once, the rest from live bars."""

    def __init__(self, clock: Clock, bus: Bus, market: Market, history: History) -> None:
        self._clock = clock
        self._market = market
        self._history = history
        self._channel: LatestChannel[str, Spark] = bus.latest(self.spark)
        self._past: dict[str, dict[int, float]] = {}
        self._asked: set[str] = set()
        self._watched: dict[str, int] = {}
        self._last: dict[str, float | None] = {}
        self._task: asyncio.Task[None] | None = None
        self._unseen = asyncio.Event()

    async def start(self) -> None:
        self._task = asyncio.create_task(self._beat(), name="sparklines")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def watch(
        self, symbols: Sequence[str], points: int
    ) -> LatestWatch[str, Spark, tuple[Spark, ...]]:
        """The sparklines of these symbols, then those that changed."""

        def gather(sparks: Sequence[Spark]) -> tuple[Spark, ...]:
            return tuple(Spark(s.symbol, Series(list(s.closes)[-points:])) for s in sparks)

        def snapshot() -> tuple[Spark, ...]:
            found = (self.spark(symbol) for symbol in symbols)
            return gather([spark for spark in found if spark is not None])

        return self._channel.watch(
            symbols,
            snapshot,
            gather,
            on_enter=lambda: self._count(symbols, 1),
            on_leave=lambda: self._count(symbols, -1),
        )

    def spark(self, symbol: str) -> Spark | None:
        """The newest closes of a symbol, None where there are none."""
        line = self._market.board.lines.get(symbol)
        past = self._past.get(symbol, {})
        if line is None:
            return Spark(symbol, Series(past.values())) if past else None
        live = line.bars.ladder(Timeframe.m1)
        closes = past | dict(zip(live.time, live.closes(len(live)), strict=True))
        if len(closes) >= _ENOUGH:
            return Spark(symbol, Series([closes[time] for time in sorted(closes)][-MOST:]))
        # A short session has few minutes: a finer line says more than two dots.
        for timeframe in _SPANS:
            ladder = line.bars.ladder(timeframe)
            if len(ladder) >= _ENOUGH or timeframe is Timeframe.s1:
                finer = ladder.closes(MOST)
                return Spark(symbol, Series(finer)) if len(finer) else None
        return None

    def _count(self, symbols: Sequence[str], change: int) -> None:
        for symbol in symbols:
            self._watched[symbol] = self._watched.get(symbol, 0) + change
            if not self._watched[symbol]:
                del self._watched[symbol]
                self._last.pop(symbol, None)
            elif symbol not in self._asked:
                self._unseen.set()

    def again(self, symbol: str) -> None:
        """The past of a symbol is another: read it once more."""
        self._asked.discard(symbol)
        self._unseen.set()

    def begin_anew(self) -> None:
        """The workspace was emptied: whoever watches gets what is there now."""
        self._past, self._asked, self._last = {}, set(), {}
        self._channel.begin_anew()

    async def _beat(self) -> None:
        while True:
            self._unseen.clear()
            await self.look()
            await self._pause()

    async def _pause(self) -> None:
        """Wait for the next look; a symbol not seen before is looked at at once."""
        waits = [
            asyncio.ensure_future(self._clock.sleep(PERIOD)),
            asyncio.ensure_future(self._unseen.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def look(self) -> None:
        """Fetch the past of what is newly watched; tell of what moved."""
        asked, past = self._asked, self._past  # others once the workspace was emptied
        for symbol in [each for each in self._watched if each not in asked]:
            asked.add(symbol)
            with suppress(TioError):  # without a past the sparkline begins now
                bars = await self._history.bars(symbol, Timeframe.m1, limit=MOST, wait=0)
                past[symbol] = dict(zip(bars.time, bars.close, strict=True))
                self._channel.touch(symbol)
        for symbol in self._watched:
            line = self._market.board.lines.get(symbol)
            last = None if line is None else line.last
            if last != self._last.get(symbol):
                self._last[symbol] = last
                self._channel.touch(symbol)
