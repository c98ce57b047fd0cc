"""Whole books of Binance: a snapshot that is asked for, and the numbered changes after it."""

import asyncio
import logging
from collections.abc import Iterable

from tio.api.errors import TioError
from tio.api.ticks import BookChange
from tio.engine.feeds.live.binance_asking import BinanceAsking
from tio.engine.feeds.live.names import Names
from tio.plugin import Clock, Outlet

log = logging.getLogger(__name__)

DEPTH = "depth@100ms"
"""The channel of changes; a snapshot costs weight, so only books that are watched are told."""
MOST = 20
PAUSE = 5.0
"""Seconds between two snapshots of one symbol: a venue that skips numbers is no reason to hurry."""


class BinanceBooks:
    """Knows the number each book has reached, and asks for a snapshot where it is not known.

    Changes are told on as they come: whoever keeps the book holds those before its snapshot.
    """

    def __init__(self, asking: BinanceAsking, names: Names, out: Outlet, clock: Clock) -> None:
        self._asking, self._names, self._out, self._clock = asking, names, out, clock
        self.symbols: frozenset[str] = frozenset()
        self._reached: dict[str, int] = {}
        self._heard: dict[str, tuple[int, int]] = {}
        """First and last of the numbers heard in a row of each book that has no snapshot yet."""
        self._due: dict[str, float] = {}
        """When the next snapshot of a symbol may be asked for."""
        self._found = asyncio.Event()

    def keep(self, symbols: Iterable[str]) -> None:
        """The books that are followed; what is known of others is forgotten."""
        self.symbols = frozenset(symbols)
        for known in (self._reached, self._heard, self._due):
            for gone in known.keys() - self.symbols:
                del known[gone]

    def tells(self, symbol: str) -> bool:
        """Whether a symbol's best prices come from its whole book."""
        return symbol in self._reached

    def heard(self, change: BookChange) -> bool:
        """A change came; whether it is to be told. One that continues nothing asks for a book."""
        symbol, number = change.symbol, change.sequence
        if symbol not in self.symbols or number is None:
            return False
        reached = self._reached.get(symbol)
        first = number if change.first is None else change.first
        if reached is not None and first <= reached + 1:
            self._reached[symbol] = max(reached, number)
            return True
        if reached is not None:
            log.info("binance: changes of the book of %s are missing", symbol)
            del self._reached[symbol]
        begun, last = self._heard.get(symbol, (first, number))
        self._heard[symbol] = (begun, number) if first <= last + 1 else (first, number)
        self._found.set()
        return True

    async def run(self) -> None:
        """Ask for the snapshots that are lacking, for ever."""
        while True:
            await self._found.wait()
            self._found.clear()
            for symbol in sorted(self._heard):
                if symbol in self._heard:
                    await self._clock.sleep(self._due.get(symbol, 0.0) - self._clock.monotonic())
                    await self._tried(symbol)

    async def _tried(self, symbol: str) -> None:
        self._due[symbol] = self._clock.monotonic() + PAUSE
        spelling = self._names.spelled(symbol)
        if spelling is None:
            self._heard.pop(symbol, None)
            return
        try:
            book = await self._asking.book(spelling, symbol)
        except TioError as error:
            log.info("binance: the book of %s could not be had: %s", symbol, error)
            self._found.set()
            return
        if symbol not in self._heard:
            return  # nobody watches it any more
        first, last = self._heard[symbol]
        if book.sequence is None or book.sequence < first - 1:
            self._found.set()  # older than the first change: the next one is newer
            return
        del self._heard[symbol]
        self._reached[symbol] = max(book.sequence, last)
        self._out.emit((book,))
