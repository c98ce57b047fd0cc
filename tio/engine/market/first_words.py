"""An ask waits, a little, for sources that are about to say their first words of a symbol."""

import asyncio
from collections.abc import Callable, Sequence

from tio.api.series import instant
from tio.engine.market.demand import Demand
from tio.engine.market.feeding import Feeds
from tio.engine.market.live import LiveSources
from tio.engine.market.market import Market
from tio.plugin import Clock

FRESH = 15_000_000
"""Microseconds for which what was told of a symbol nobody watches is good enough."""
WITHIN, SOON = 5.0, 1.0
"""Seconds an ask waits at most, and where something older is known of all it waits for."""
FOR_A_LAST = 0.3
"""Seconds more for a last price where the first words were best prices alone."""


class FirstWords:
    """Waits for what is not yet told, wanting it meanwhile."""

    def __init__(self, clock: Clock, market: Market, demand: Demand, feeds: Feeds) -> None:
        self.live: LiveSources | None = None
        self._clock = clock
        self._market = market
        self._demand = demand
        self._feeds = feeds

    async def wait(self, symbols: Sequence[str]) -> tuple[dict[str, str], dict[str, str]]:
        """Until each symbol was told of, or is not going to be.

        Symbol → why nobody serves it, and symbol → what everybody does who may.
        """
        began = instant(self._clock.now())
        watched = self._demand.symbols
        fresh = {
            each: began - FRESH for each in symbols if self._routed(each) and each not in watched
        }

        def silent() -> list[str]:
            return [each for each in symbols if self._awaited(each, fresh.get(each, 0))]

        awaited = silent()
        if not awaited:
            return self._unserved(symbols), self._troubles(symbols)
        self._demand.add(awaited)
        try:
            await self._until(silent, awaited)
            return self._unserved(awaited), self._troubles(awaited)
        finally:
            self._demand.drop(awaited)

    async def _until(self, silent: Callable[[], list[str]], awaited: Sequence[str]) -> None:
        told = asyncio.ensure_future(self._told(silent, awaited))
        tasks: list[asyncio.Future[None]] = [told]
        if self.live is not None:
            tasks.append(asyncio.ensure_future(self._turned(self.live, silent)))
        try:
            older = all(self._market.board.render(each) is not None for each in awaited)
            most = SOON if older else WITHIN
            await asyncio.wait(tasks, timeout=most, return_when=asyncio.FIRST_COMPLETED)
            if told.done() and any(self._lacks_last(each) for each in awaited):
                priced = asyncio.ensure_future(self._told(self._unpriced(awaited), awaited))
                tasks.append(priced)
                await asyncio.wait((priced,), timeout=FOR_A_LAST)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _told(self, silent: Callable[[], list[str]], awaited: Sequence[str]) -> None:
        async with self._market.quotes.watch(awaited, tuple, tuple) as changes:
            async for _ in changes:
                if not silent():
                    return

    async def _turned(self, live: LiveSources, silent: Callable[[], list[str]]) -> None:
        while True:
            turned = live.router.turned
            if not silent():
                return
            await turned.wait()

    def _unpriced(self, symbols: Sequence[str]) -> Callable[[], list[str]]:
        return lambda: [each for each in symbols if self._lacks_last(each)]

    def _lacks_last(self, symbol: str) -> bool:
        line = self._market.board.lines.get(symbol)
        return line is not None and line.received_at > 0 and line.last is None

    def _routed(self, symbol: str) -> bool:
        if self.live is None:
            return False
        instrument = self._market.instruments.get(symbol)
        return instrument is not None and not self._feeds.is_fixed(instrument.source)

    def _awaited(self, symbol: str, since: int) -> bool:
        """Whether the symbol was not told of since then, and still may be."""
        line = self._market.board.lines.get(symbol)
        if line is not None and line.received_at and line.received_at >= since:
            return False
        if self.live is not None and self._routed(symbol):
            return not self.live.router.settled(symbol)
        return self._feeds.beginning(self._market.instruments[symbol].source)

    def _troubles(self, symbols: Sequence[str]) -> dict[str, str]:
        if self.live is None:
            return {}
        router = self.live.router
        return {each: router.standing(each) for each in symbols if not self._told_of(each)}

    def _unserved(self, symbols: Sequence[str]) -> dict[str, str]:
        if self.live is None:
            return {}
        reasons = {each: self.live.router.why_none(each) for each in symbols}
        return {each: why for each, why in reasons.items() if why and not self._told_of(each)}

    def _told_of(self, symbol: str) -> bool:
        line = self._market.board.lines.get(symbol)
        return line is not None and line.received_at > 0
