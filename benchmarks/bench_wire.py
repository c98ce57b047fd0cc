"""A thousand WebSocket clients, thirty symbols each, at 2,000 ticks a second; then some stuck ones.

The server lives in a process of its own: the real bus and the real wire over 500 symbols. The
clients are raw sockets in another. Age is from a tick's receipt to its arrival at a client.

Run: python benchmarks/bench_wire.py [--clients N] [--seconds S]      (about 25 s)
"""

import argparse
import asyncio
import os
import random
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from tio.api import codec
from tio.api.access import Principal
from tio.api.contract import After, Engine, Request, Topic, Watch
from tio.api.errors import UnknownWord
from tio.api.market import Quote, Quotes

R = TypeVar("R")

SYMBOLS = [f"SIM:{number:04}" for number in range(500)]
RATE = 2_000
EACH = 30
STUCK = 100
MARK = b'"received_at":"'
HANDSHAKE = (
    b"GET /v1/watch HTTP/1.1\r\nHost: tio\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n"
)
ROOM = memoryview(bytearray(256 * 1024))
TICKS = os.sysconf("SC_CLK_TCK")


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


class Reader(asyncio.BufferedProtocol):
    """A client that counts bytes and looks at the age of one quote in some chunks."""

    def __init__(self, ages: list[float], chance: random.Random) -> None:
        self.ages = ages
        self.chance = chance
        self.received = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(HANDSHAKE)

    def get_buffer(self, sizehint: int) -> memoryview:
        return ROOM

    def buffer_updated(self, size: int) -> None:
        if not self.received and self.transport is not None:
            self.transport.write(wish(self.chance.sample(SYMBOLS, EACH)))
        self.received += size
        if self.chance.random() >= 0.05:
            return
        data = bytes(ROOM[:size])
        if (at := data.find(MARK)) >= 0:
            stamp = data[at + len(MARK) : at + len(MARK) + 27]
            if stamp.endswith(b"Z") and len(stamp) == 27:
                sent = datetime.fromisoformat(stamp.decode())
                self.ages.append((datetime.now(UTC) - sent).total_seconds())


def wish(symbols: Sequence[str]) -> bytes:
    """The message that watches these symbols, masked with zeros."""
    message = codec.encode({"id": 1, "watch": "Quotes", "with": {"symbols": symbols}})
    head = bytes([0x81, 0x80 | 126]) + len(message).to_bytes(2, "big") + bytes(4)
    return head + message


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure(path: Path, pid: int, clients: int, seconds: float) -> None:
    loop, chance = asyncio.get_running_loop(), random.Random(2)
    ages: list[float] = []
    readers: list[Reader] = []
    transports: list[asyncio.Transport] = []
    for _ in range(clients):
        transport, reader = await loop.create_unix_connection(
            lambda: Reader(ages, chance), str(path)
        )
        transports.append(transport)
        readers.append(reader)
    await asyncio.sleep(2)
    await window(f"{clients} clients", pid, readers, ages, seconds)
    stuck = [await stuck_client(path) for _ in range(STUCK)]
    await asyncio.sleep(2)
    await window(f"with {STUCK} stuck", pid, readers, ages, seconds)
    for client in stuck:
        client.close()
    for transport in transports:
        transport.abort()


async def stuck_client(path: Path) -> socket.socket:
    """Says that it watches all symbols, and never reads."""
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, str(path))
    await loop.sock_sendall(client, HANDSHAKE)
    await loop.sock_recv(client, 129)
    await loop.sock_sendall(client, wish(SYMBOLS))
    return client


async def window(
    name: str, pid: int, readers: list[Reader], ages: list[float], seconds: float
) -> None:
    ages.clear()
    for reader in readers:
        reader.received = 0
    mine = time.process_time()
    cpu, rss, began = cpu_seconds(pid), resident_mb(pid), time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    used = (cpu_seconds(pid) - cpu) / took
    ages.sort()
    p50, p99 = ages[len(ages) // 2], ages[int(len(ages) * 0.99)]
    slowest = min(reader.received for reader in readers) / took
    grown = resident_mb(pid) - rss
    print(
        f"{name:>14}: {used:6.1%} of a core · age p50 {p50 * 1e3:4.0f} ms p99 {p99 * 1e3:4.0f} ms"
        f" ({len(ages):,} samples) · {resident_mb(pid):5.1f} MB ({grown:+.1f} MB meanwhile)"
        f" · {sum(reader.received for reader in readers) / took / 1e6:.1f} MB/s,"
        f" the slowest client {slowest / 1e3:.0f} kB/s; the clients' own process"
        f" {(time.process_time() - mine) / took:.0%} of a core"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--clients", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=8.0)
    options.add_argument("--serve", type=Path)
    chosen = options.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8_192), hard))
    if chosen.serve:
        asyncio.run(serve(chosen.serve))
        return
    print("target: <= 50% of a core, p99 < 150 ms, < 120 MB; stuck clients change nothing")
    with tempfile.TemporaryDirectory(prefix="tio-") as folder:
        path = Path(folder) / "wire.sock"
        with subprocess.Popen(
            [sys.executable, __file__, "--serve", str(path)], stdout=subprocess.PIPE
        ) as server:
            assert server.stdout is not None
            server.stdout.readline()
            try:
                asyncio.run(measure(path, server.pid, chosen.clients, chosen.seconds))
            finally:
                server.kill()


if __name__ == "__main__":
    main()
