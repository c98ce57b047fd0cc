"""Clients that do not read: SO_SNDBUF is set on their sockets, else these prove nothing."""

import asyncio
import base64
import gc
import os
import socket
import tracemalloc
from pathlib import Path
from typing import Any

from wire.busy_engine import BusyEngine

from tio.api import codec
from tio.api.market import Quotes
from tio.wire.flow import SEND_BUFFER

from fakes import settle

PATIENCE = 30.0


async def stuck_client(path: Path, message: bytes) -> socket.socket:
    """A WebSocket client that says one thing and then never reads."""
    loop = asyncio.get_running_loop()
    client = socket.socket(socket.AF_UNIX)
    client.setblocking(False)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    await loop.sock_connect(client, str(path))
    key = base64.b64encode(os.urandom(16)).decode()
    await loop.sock_sendall(
        client,
        f"GET /v1/watch HTTP/1.1\r\nHost: tio\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode(),
    )
    assert (await loop.sock_recv(client, 129)).startswith(b"HTTP/1.1 101")
    # A mask of zeros leaves the payload readable.
    await loop.sock_sendall(client, bytes([0x81, 0x80 | len(message)]) + bytes(4) + message)
    return client


async def test_stuck_clients_cost_bounded_memory_and_delay_nobody(
    serve: Any, remote: Any, socket_path: Path
) -> None:
    busy = BusyEngine(symbols=500)
    await serve(busy, window=0.001)
    stuck = [await stuck_client(socket_path, b'{"id":1,"watch":"Quotes"}') for _ in range(20)]
    engine = await remote()
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes(("S0",))) as items:
        await anext(items)
        while busy.watching < len(stuck) + 1:
            await settle()

        async def rounds(count: int) -> None:
            for _ in range(count):
                busy.tick()
                assert (await anext(items)).value[0].last == busy.price

        await rounds(20)
        gc.collect()
        tracemalloc.start()
        await rounds(5)
        before = tracemalloc.get_traced_memory()[0]
        await rounds(100)
        gc.collect()
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()

    # A queue would hold 20 clients x 100 rounds x 500 quotes, more than 100 MB.
    assert after - before < 1_000_000
    for client in stuck:
        assert client.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) <= 2 * SEND_BUFFER
        client.close()


async def test_a_stuck_client_holds_its_unsent_frame_and_little_more(
    serve: Any, socket_path: Path
) -> None:
    busy = BusyEngine(symbols=500)
    await serve(busy, window=0.001)
    message = b'{"id":1,"watch":"Quotes"}'
    stuck = [await stuck_client(socket_path, message)]
    async with asyncio.timeout(PATIENCE):
        while busy.watching < 1:
            await settle()
        busy.tick()
        await settle()
        gc.collect()
        tracemalloc.start()
        stuck += [await stuck_client(socket_path, message) for _ in range(20)]
        while busy.watching < len(stuck):
            await settle()
        for _ in range(5):
            busy.tick()
            await settle()
        gc.collect()
        held = tracemalloc.get_traced_memory()[0] / 20
        tracemalloc.stop()

    frame = len(codec.encode(tuple(busy._quote(symbol) for symbol in busy.symbols)))
    assert frame > 2 * SEND_BUFFER
    # The quotes it was told would be as much again, and a second copy of the frame too.
    assert held < 1.5 * frame
    for client in stuck:
        client.close()


async def test_stuck_clients_do_not_keep_the_engine_from_leaving(
    serve: Any, socket_path: Path
) -> None:
    busy = BusyEngine(symbols=500)
    server = await serve(busy, window=0.001)
    stuck = [await stuck_client(socket_path, b'{"id":1,"watch":"Quotes"}') for _ in range(3)]
    lines = socket.socket(socket.AF_UNIX)
    lines.connect(str(socket_path))
    lines.sendall(b"GET /v1/watch/Quotes HTTP/1.1\r\nHost: tio\r\n\r\n")
    stuck.append(lines)
    async with asyncio.timeout(PATIENCE):
        while busy.watching < len(stuck):
            await settle()
        for _ in range(5):
            busy.tick()
            await settle()

    async with asyncio.timeout(4):
        await server.close()

    assert busy.watching == 0
    for client in stuck:
        client.close()


async def test_a_stuck_watcher_of_an_ordered_topic_is_ended_with_words(
    serve: Any, socket_path: Path
) -> None:
    busy = BusyEngine()
    await serve(busy, window=0.001)
    client = await stuck_client(socket_path, b'{"id":1,"watch":"Trades","with":{"symbol":"S0"}}')
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(PATIENCE):
        while not busy.watching:
            await settle()
        for _ in range(30_000):
            busy.trade()
            if busy.published % 500 == 0:
                await settle()

        heard = b""
        while b"overflow" not in heard[-300:]:
            heard += await loop.sock_recv(client, 1 << 20)
        assert b"events behind" in heard[-300:]
        while busy.watching:
            await settle()
    client.close()
