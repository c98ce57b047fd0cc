"""A thousand WebSocket clients, thirty symbols each, at 2,000 ticks a second; then some stuck ones.

The server lives in a process of its own: the real bus and the real wire over 500 symbols. The
clients are raw sockets in another. Age is from a tick's receipt to its arrival at a client.

Run: python -m benchmarks.bench_wire [--clients N] [--seconds S]      (about 25 s)
"""

import argparse
import asyncio
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.wire_clients import measure
from tio.api.access import Principal
from tio.api.contract import After, Engine, Request, Topic, Watch
from tio.api.errors import UnknownWord
from tio.api.market import Quote, Quotes
from tio.frugal import allow_descriptors

R = TypeVar("R")

SYMBOLS = [f"SIM:{number:04}" for number in range(500)]
RATE = 2_000


class Board:
    """An engine that knows quotes alone, ticked `RATE` times a second."""

    def __init__(self) -> None:
        from tio.engine.bus import Bus
        from tio.engine.clock import RealClock
        from tio.hosted import PULSE

        self.bus = Bus(RealClock(), PULSE)
        self.quotes = {symbol: quote(symbol, 100.0) for symbol in SYMBOLS}
        self.channel = self.bus.latest(self.quotes.__getitem__)

    def session(self, _principal: Principal, /) -> Engine:
        return self

    async def ask(self, request: Request[R], /, *, key: str = "") -> R:
        raise UnknownWord(type(request).__name__)

    def watch(self, topic: Topic[Any], /, *, after: After | None = None) -> Watch[Any]:
        match topic:
            case Quotes(symbols=symbols):
                return self.channel.watch(
                    symbols, lambda: tuple(self.quotes[each] for each in symbols), _tuple
                )
        raise UnknownWord(type(topic).__name__)

    async def close(self) -> None:
        await self.bus.close()

    async def tick_for_ever(self) -> None:
        chance = random.Random(1)
        began, told = time.monotonic(), 0
        while True:
            await asyncio.sleep(0.005)
            while told < (time.monotonic() - began) * RATE:
                symbol = SYMBOLS[chance.randrange(len(SYMBOLS))]
                self.quotes[symbol] = quote(symbol, 100 + chance.random())
                self.channel.touch(symbol)
                told += 1


def _tuple(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    return tuple(quotes)


def quote(symbol: str, last: float) -> Quote:
    """A quote as full as a real one."""
    now = datetime.now(UTC)
    return Quote(
        symbol=symbol, name="Some Company Inc", last=last, bid=last - 0.01, ask=last + 0.01,
        bid_size=100.0, ask_size=200.0, open=100.0, high=102.0, low=98.0, previous_close=99.5,
        change=last - 99.5, change_percent=0.5, volume=1_234_567.0, currency="USD",
        as_of=now, received_at=now, source="simulator", age=0.0, price_decimals=2,
    )  # fmt: skip


async def serve(path: Path) -> None:
    from tio.config import Config
    from tio.wire.server import Server
    from tio.wire.socket_door import Door

    board = Board()
    board.bus.start()
    server = Server(board, Door.open(path), window=Config().engine.conflation_ms / 1_000)
    await server.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await board.tick_for_ever()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--clients", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=8.0)
    options.add_argument("--serve", type=Path)
    chosen = options.parse_args()
    allow_descriptors()
    if chosen.serve:
        asyncio.run(serve(chosen.serve))
        return
    print("target: <= 50% of a core, p99 < 150 ms, < 120 MB; stuck clients change nothing")
    with tempfile.TemporaryDirectory(prefix="tio-") as folder:
        path = Path(folder) / "wire.sock"
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.bench_wire", "--serve", str(path)],
            stdout=subprocess.PIPE,
        ) as server:
            assert server.stdout is not None
            server.stdout.readline()
            try:
                measured = measure(path, server.pid, SYMBOLS, chosen.clients, chosen.seconds)
                for spent in asyncio.run(measured):
                    print(spent.told())
            finally:
                server.kill()


if __name__ == "__main__":
    main()
