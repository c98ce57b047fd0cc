"""Many WebSocket clients on one socket, and what a server spends on them; for `bench_*wire.py`."""

import asyncio
import os
import random
import socket
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tio.api import codec

EACH = 30
STUCK = 100
SETTLING = 3.0
MARK = b'"received_at":"'
HANDSHAKE = (
    b"GET /v1/watch HTTP/1.1\r\nHost: tio\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MTIzNDU2Nzg5MDEyMzQ1Ng==\r\n\r\n"
)
PONG = bytes((0x8A, 0x80, 0, 0, 0, 0))
"""Said now and then: a server that hears nothing for 45 s takes its client for dead."""
PONG_EVERY = 10.0
ROOM = memoryview(bytearray(256 * 1024))
TICKS = os.sysconf("SC_CLK_TCK")


class Reader(asyncio.BufferedProtocol):
    """A client that counts bytes and looks at the age of one quote in some chunks."""

    def __init__(self, symbols: Sequence[str], ages: list[float], chance: random.Random) -> None:
        self.symbols = symbols
        self.ages = ages
        self.chance = chance
        self.received = 0
        self.begun = False
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(HANDSHAKE)

    def get_buffer(self, sizehint: int) -> memoryview:
        return ROOM

    def buffer_updated(self, size: int) -> None:
        if not self.begun and self.transport is not None:
            self.begun = True
            self.transport.write(wish(self.chance.sample(self.symbols, EACH)))
        self.received += size
        if self.chance.random() >= 0.05:
            return
        data = bytes(ROOM[:size])
        if (at := data.find(MARK)) >= 0:
            stamp = data[at + len(MARK) : at + len(MARK) + 27]
            if stamp.endswith(b"Z") and len(stamp) == 27:
                sent = datetime.fromisoformat(stamp.decode())
                self.ages.append((datetime.now(UTC) - sent).total_seconds())


class Spent(msgspec.Struct, frozen=True):
    """What a server spent in one window; ages in seconds, memory in MB."""

    name: str
    cpu: float
    p50: float
    p99: float
    samples: int
    began_mb: float
    ended_mb: float
    received: float
    slowest: float
    own_cpu: float
    queued: float
    """Part of the window the server was ready to run and had no core."""

    def told(self) -> str:
        return (
            f"{self.name:>14}: {self.cpu:6.1%} of a core · age p50 {self.p50 * 1e3:4.0f} ms"
            f" p99 {self.p99 * 1e3:4.0f} ms ({self.samples:,} samples) · {self.ended_mb:5.1f} MB"
            f" ({self.ended_mb - self.began_mb:+.1f} MB meanwhile)"
            f" · {self.received / 1e6:.1f} MB/s,"
            f" the slowest client {self.slowest / 1e3:.0f} kB/s;"
            f" the clients' own process {self.own_cpu:.0%} of a core;"
            f" the server waited for a core {self.queued:.0%} of the time"
        )


def wish(symbols: Sequence[str]) -> bytes:
    """The message that watches these symbols, masked with zeros."""
    message = codec.encode({"id": 1, "watch": "Quotes", "with": {"symbols": symbols}})
    head = bytes([0x81, 0x80 | 126]) + len(message).to_bytes(2, "big") + bytes(4)
    return head + message


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def queued_seconds(pid: int) -> float:
    """How long the process's main thread has waited for a core."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb(pid: int) -> float:
    """The most memory the process ever had resident."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    peak = next(line for line in lines if line.startswith("VmHWM:"))
    return int(peak.split()[1]) * 1_024 / 1e6


async def measure(
    path: Path, pid: int, symbols: Sequence[str], clients: int, seconds: float
) -> list[Spent]:
    """A window with the clients alone, then one with `STUCK` that never read."""
    loop, chance = asyncio.get_running_loop(), random.Random(2)
    ages: list[float] = []
    readers: list[Reader] = []
    transports: list[asyncio.Transport] = []
    for _ in range(clients):
        transport, reader = await loop.create_unix_connection(
            lambda: Reader(symbols, ages, chance), str(path)
        )
        transports.append(transport)
        readers.append(reader)
    alive = asyncio.create_task(stay_alive(transports))
    await asyncio.sleep(SETTLING)
    spent = [await window(f"{clients} clients", pid, readers, ages, seconds)]
    stuck = [await stuck_client(path, symbols) for _ in range(STUCK)]
    await asyncio.sleep(SETTLING)
    spent.append(await window(f"with {STUCK} stuck", pid, readers, ages, seconds))
    alive.cancel()
    for client in stuck:
        client.close()
    for transport in transports:
        transport.abort()
    return spent


async def stay_alive(transports: Sequence[asyncio.Transport]) -> None:
    while True:
        await asyncio.sleep(PONG_EVERY)
        for transport in transports:
            transport.write(PONG)


async def stuck_client(path: Path, symbols: Sequence[str]) -> socket.socket:
    """Says that it watches all symbols, and never reads."""
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(client, str(path))
    await loop.sock_sendall(client, HANDSHAKE)
    await loop.sock_recv(client, 129)
    await loop.sock_sendall(client, wish(symbols))
    return client


async def window(
    name: str, pid: int, readers: list[Reader], ages: list[float], seconds: float
) -> Spent:
    """What the server spends, and how old the quotes are that arrive, for that long."""
    ages.clear()
    for reader in readers:
        reader.received = 0
    mine = time.process_time()
    cpu, rss, queued = cpu_seconds(pid), resident_mb(pid), queued_seconds(pid)
    began = time.monotonic()
    await asyncio.sleep(seconds)
    took = time.monotonic() - began
    ages.sort()
    return Spent(
        name,
        (cpu_seconds(pid) - cpu) / took,
        ages[len(ages) // 2],
        ages[int(len(ages) * 0.99)],
        len(ages),
        rss,
        resident_mb(pid),
        sum(reader.received for reader in readers) / took,
        min(reader.received for reader in readers) / took,
        (time.process_time() - mine) / took,
        (queued_seconds(pid) - queued) / took,
    )
