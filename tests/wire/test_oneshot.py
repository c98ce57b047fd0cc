import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tio.api.errors import NotFound
from tio.api.market import GetQuotes, Quote, Quotes
from tio.api.watchlists import SaveWatchlist, Watchlist
from tio.api.words import PROTOCOL
from tio.wire import oneshot

from fakes import FakeEngine

ACME = Quote(symbol="SIM:ACME", last=101.5)


def test_it_speaks_the_protocol_of_the_words() -> None:
    assert str(PROTOCOL) == oneshot.PROTOCOL


async def test_an_ask_comes_back_as_bytes_with_its_status(serve: Any, socket_path: Path) -> None:
    engine = FakeEngine({GetQuotes: NotFound("nobody knows it"), SaveWatchlist: Watchlist("a")})
    await serve(engine)

    status, data = await asyncio.to_thread(oneshot.ask_bytes, socket_path, "GetQuotes")
    saved = await asyncio.to_thread(
        oneshot.ask_bytes, socket_path, "SaveWatchlist", b'{"name":"a"}', "k1"
    )

    assert status == 404
    assert json.loads(data)["error"]["message"] == "nobody knows it"
    assert saved == (200, b'{"name":"a","symbols":[],"columns":[]}')
    assert engine.keys == ["", "k1"]


async def test_pages_are_read_too(serve: Any, socket_path: Path) -> None:
    await serve(FakeEngine())

    status, data = await asyncio.to_thread(oneshot.get_bytes, socket_path, "/v1")

    assert status == 200
    assert json.loads(data)["protocol"] == PROTOCOL


async def test_a_topic_is_lines_until_the_engine_leaves(serve: Any, socket_path: Path) -> None:
    engine = FakeEngine(topics={Quotes: (ACME,)})
    server = await serve(engine)
    heard: list[bytes] = []
    loop, first = asyncio.get_running_loop(), asyncio.Event()

    def listen() -> None:
        for line in oneshot.lines(socket_path, "Quotes", {"symbols": "SIM:ACME"}):
            heard.append(line)
            loop.call_soon_threadsafe(first.set)

    listening = asyncio.create_task(asyncio.to_thread(listen))
    async with asyncio.timeout(10):
        await first.wait()
        await server.close()
        await listening

    assert json.loads(heard[0])["value"][0]["last"] == 101.5


def test_nobody_there_is_said_plainly(socket_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        oneshot.ask_bytes(socket_path, "GetQuotes")
