"""Closed bars to the store, a batch a second, and what a line missed back out of it."""

import asyncio
from contextlib import suppress

from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.market.answers import terms_of
from tio.engine.market.bars import BASE
from tio.engine.market.breaks import Breaks
from tio.engine.market.ladder import Row
from tio.engine.market.line import Line
from tio.engine.market.market import Market
from tio.engine.market.restoring import Restorer
from tio.engine.market.sessions import bar_end
from tio.engine.store.bars import BarStore, Terms
from tio.plugin import Clock

PERIOD = 1.0
_SLICE = 25
"""Lines looked at before others get the event loop."""
_EVERYTHING = 2**62


class BarKeeper:
    """Owns the task that stores the bars of every line."""

    def __init__(
        self, clock: Clock, market: Market, store: BarStore | None, restorer: Restorer
    ) -> None:
        self.breaks: Breaks | None = None
        """Notes what was heard in part, where there are sources that can tell it whole."""
        self._clock = clock
        self._market = market
        self._store = store
        self._restorer = restorer
        self._task: asyncio.Task[None] | None = None
        self._with_past: set[str] = set()
        self._restoring = asyncio.Lock()
        self._last: tuple[str, str, Timeframe, list[Row], Terms] | None = None

    async def start(self) -> None:
        if self._store is not None:
            self._with_past = set(await self._store.symbols())
            self._task = asyncio.create_task(self._beat(), name="bar keeper")

    async def close(self) -> None:
        """Stop, and store what is still forming too, so that a restart goes on from it."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self.save(forming=True)
        await self._written()

    async def settle(self) -> None:
        """Return when every bar closed so far can be read from the store."""
        await self.restore()
        await self.save()
        await self._written()

    async def _written(self) -> None:
        last, self._last = self._last, None
        if last is not None and self._store is not None:
            # Writes are served in their order, so this repeat is read after all before it.
            await self._store.append(*last)

    def forget(self) -> None:
        """The store was emptied: nothing has a past."""
        self._with_past.clear()
        self._last = None

    async def _beat(self) -> None:
        while True:
            await self._clock.sleep(PERIOD)
            await self.restore()
            await self.save()

    async def restore(self) -> None:
        """Complete the lines begun since the last look, before any bar of theirs is stored."""
        async with self._restoring:
            if self._market.left:
                self._save_left()
                await self._written()
            begun, self._market.opened = self._market.opened, []
            for line in dict.fromkeys(begun):
                if line.bars.began is None:
                    self._market.opened.append(line)  # quoted, and nothing to fold yet
                    continue
                if self.breaks is not None:
                    await self.breaks.began(line)
                if line.symbol in self._with_past:
                    await self._restorer.from_store(line)
            self._note_breaks()

    def _note_breaks(self) -> None:
        """Lines that are told again after their connection was lost."""
        for line, since in list(self._market.lost.items()):
            if line.received_at > line.broken_at:
                del self._market.lost[line]
                if self.breaks is not None:
                    self.breaks.mended(line, since)

    async def save(self, *, forming: bool = False) -> None:
        """Hand closed bars to the store; with `forming` the others too."""
        if self._store is None:
            return
        self._save_left()
        lines, self._market.active = self._market.active, set()
        now = instant(self._clock.now())
        for number, line in enumerate(lines):
            if number % _SLICE == _SLICE - 1:
                await asyncio.sleep(0)
            self._save(line, now, forming)

    def _save_left(self) -> None:
        """What sources told before others took their lines over, under their own names."""
        left, self._market.left = self._market.left, []
        for line in left if self._store is not None else ():
            self._with_past.add(line.symbol)
            self._save(line, instant(self._clock.now()), forming=True)
            self._market.active.discard(line)

    def _save(self, line: Line, now: int, forming: bool) -> None:
        assert self._store is not None
        line.bars.flush(_EVERYTHING if forming else now)
        for timeframe in BASE:
            ladder = line.bars.ladders[timeframe]
            if not ladder.time:
                continue
            newest = ladder.time[-1]
            closed = bar_end(line.bars.rules, newest, timeframe) <= now
            rows = ladder.take_closed(_EVERYTHING if forming or closed else newest)
            if rows:
                terms = terms_of(line.origin)
                self._last = (line.symbol, line.origin.name, timeframe, rows, terms)
                self._store.post(*self._last)
            if ladder.unsaved or line.bars.gathering:
                self._market.active.add(line)
