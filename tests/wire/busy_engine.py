"""An engine of two topics on the real bus, and a proxy that cuts connections, for tests."""

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tio.api.access import Principal
from tio.api.contract import After, Engine, Request, Topic, Watch
from tio.api.errors import UnknownWord
from tio.api.market import Print, Quote, Quotes, Trades
from tio.engine.bus import Bus
from tio.engine.ordered import OrderedChannel

from fakes import FakeClock

R = TypeVar("R")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class BusyEngine:
    """Quotes that conflate and trades in order, as many as the test likes."""

    def __init__(self, symbols: int = 10) -> None:
        self.bus = Bus(FakeClock())
        self.symbols = [f"S{number}" for number in range(symbols)]
        self.price = 0.0
        self.quotes = self.bus.latest(self._quote)
        self.trades: OrderedChannel[Print] = self.bus.ordered(keep=1_000)
        self.published = 0
        self.watching = 0

    def session(self, _principal: Principal, /) -> Engine:
        return self

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        raise UnknownWord(type(request).__name__)

    def watch(self, topic: Topic[Any], /, *, after: After | None = None) -> Watch[Any]:
        match topic:
            case Quotes(symbols=symbols):
                chosen = symbols or tuple(self.symbols)
                return self.quotes.watch(
                    chosen,
                    lambda: tuple(self._quote(symbol) for symbol in chosen),
                    tuple,
                    on_enter=self._entered,
                    on_leave=self._left,
                )
            case Trades():
                return self.trades.watch(
                    _prints, after, on_enter=self._entered, on_leave=self._left
                )
        raise UnknownWord(type(topic).__name__)

    async def close(self) -> None:
        await self.bus.close()

    def tick(self) -> None:
        """Every quote changes, and those who watch are told."""
        self.price += 1
        for symbol in self.symbols:
            self.quotes.touch(symbol)
        self.bus.flush()

    def trade(self) -> None:
        self.published += 1
        self.trades.publish(
            Print(symbol="S0", price=1.0, size=1.0, as_of=NOON, id=str(self.published))
        )

    def _quote(self, symbol: str) -> Quote:
        return Quote(symbol=symbol, last=self.price, name="x" * 60)

    def _entered(self) -> None:
        self.watching += 1

    def _left(self) -> None:
        self.watching -= 1


def _prints(events: Sequence[Print]) -> tuple[Print, ...]:
    return tuple(events)


class CuttingProxy:
    """Passes bytes between a socket of its own and the server's, until it cuts."""

    def __init__(self, path: Path, target: Path) -> None:
        self.path = path
        self._target = target
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.accepted = 0
        self.refusing = False

    async def __aenter__(self) -> "CuttingProxy":
        self._server = await asyncio.start_unix_server(self._pass, str(self.path))
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self.cut()
        self._server.close()

    def cut(self) -> None:
        """Break every connection at once, whatever is on the way."""
        for writer in self._open:
            writer.transport.abort()
        self._open.clear()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        self.accepted += 1
        there, onward = await asyncio.open_unix_connection(str(self._target))
        self._open |= {writer, onward}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, onward))
                both.create_task(_copy(there, writer))
        finally:
            for end in (writer, onward):
                self._open.discard(end)
                end.transport.abort()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(4096):
            writer.write(data)
            await writer.drain()
    writer.transport.abort()
