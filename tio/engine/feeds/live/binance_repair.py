"""Trades of Binance that were missed, found by their numbers and asked for by them."""

import asyncio
import logging
from collections.abc import Iterable

from tio.api.errors import TioError
from tio.api.ticks import Trade
from tio.engine.feeds.live.binance_asking import PAGE, BinanceAsking
from tio.engine.feeds.live.names import Names
from tio.plugin import Clock, Outlet

log = logging.getLogger(__name__)

MOST = 5_000
"""Trades of one symbol that are asked for; a longer gap is left to the bars."""
LATE = 1.0
"""Seconds a missing trade is given to come by itself, only out of order."""
_PREFIX = "agg-"


class BinanceRepair:
    """Knows of each symbol the newest number heard, and which below it are missing."""

    def __init__(self, asking: BinanceAsking, names: Names, out: Outlet, clock: Clock) -> None:
        self._asking, self._names, self._out, self._clock = asking, names, out, clock
        self._newest: dict[str, int] = {}
        self._missing: dict[str, set[int]] = {}
        self._found = asyncio.Event()

    def heard(self, trade: Trade) -> None:
        """A trade came; one whose number is not the next tells of others that did not."""
        if trade.id is None or not trade.id.startswith(_PREFIX):
            return
        number = int(trade.id[len(_PREFIX) :])
        newest = self._newest.get(trade.symbol)
        if newest is None or number == newest + 1:
            self._newest[trade.symbol] = number
        elif number > newest:
            self._newest[trade.symbol] = number
            self._miss(trade.symbol, newest + 1, number)
        elif trade.symbol in self._missing:
            self._missing[trade.symbol].discard(number)

    def keep(self, symbols: Iterable[str]) -> None:
        """Forget all others: what they trade while nobody wants them is not missed."""
        wanted = frozenset(symbols)
        self._newest = {each: last for each, last in self._newest.items() if each in wanted}
        self._missing = {each: few for each, few in self._missing.items() if each in wanted}

    async def run(self) -> None:
        """Ask for what is missing, for ever."""
        while True:
            await self._found.wait()
            self._found.clear()
            await self._clock.sleep(LATE)
            missing, self._missing = self._missing, {}
            for symbol, numbers in missing.items():
                if numbers:
                    await self._tried(symbol, numbers)

    async def since(self, symbols: Iterable[str]) -> None:
        """Tell what was traded since the newest number heard of each: a connection was lost."""
        known = [symbol for symbol in symbols if symbol in self._newest]
        await asyncio.gather(*(self._tried(symbol) for symbol in known))

    def _miss(self, symbol: str, first: int, end: int) -> None:
        if end - first > MOST:
            log.info("binance: %d trades of %s are left to its bars", end - first, symbol)
            return
        self._missing.setdefault(symbol, set()).update(range(first, end))
        self._found.set()

    async def _tried(self, symbol: str, numbers: set[int] | None = None) -> None:
        try:
            if numbers is None:
                await self._follow(symbol)
            else:
                await self._fill(symbol, numbers)
        except TioError as error:
            log.info("binance: missing trades of %s could not be had: %s", symbol, error)

    async def _fill(self, symbol: str, numbers: set[int]) -> None:
        """Tell those numbers and no other."""
        first, last = min(numbers), max(numbers)
        while first <= last:
            newest = await self._page(symbol, first, min(PAGE, last - first + 1), numbers)
            if newest is None:
                return
            first = newest + 1

    async def _follow(self, symbol: str) -> None:
        """Tell everything after the newest, until the venue has no more."""
        for _ in range(MOST // PAGE):
            first = self._newest[symbol] + 1
            newest = await self._page(symbol, first, PAGE, None)
            if newest is None or symbol not in self._newest:
                return
            self._newest[symbol] = max(newest, self._newest[symbol])
            if newest < first + PAGE - 1:
                return

    async def _page(self, symbol: str, first: int, limit: int, only: set[int] | None) -> int | None:
        """The newest number of a page that was told; None when there is none."""
        spelling = self._names.spelled(symbol)
        if spelling is None:
            return None
        found = await self._asking.aggregates(spelling, symbol, first, limit)
        told = [each for each in found if each.number >= first]
        ticks = [each.trade for each in told if only is None or each.number in only]
        if ticks:
            self._out.emit(ticks)
        return max((each.number for each in told), default=None)
