import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, UnixConnector, WSMsgType

from tio.api import codec
from tio.api.errors import NotFound, Overflow
from tio.api.market import Quote, Quotes, Trades
from tio.api.watchlists import Watchlist, Watchlists

from fakes import FakeEngine, settle

ACME = Quote(symbol="SIM:ACME", last=101.5)


@pytest.fixture
async def http(socket_path: Path) -> AsyncIterator[ClientSession]:
    async with ClientSession("http://tio", connector=UnixConnector(str(socket_path))) as session:
        yield session


@pytest.fixture
async def dial(serve: Any, http: ClientSession) -> AsyncIterator[Any]:
    opened: list[ClientWebSocketResponse] = []

    async def connect(engine: FakeEngine) -> ClientWebSocketResponse:
        await serve(engine)
        socket = await http.ws_connect("/v1/watch")
        opened.append(socket)
        return socket

    yield connect
    for socket in opened:
        await socket.close()


async def test_a_watch_begins_with_a_snapshot_in_the_exact_frame(dial: Any) -> None:
    socket = await dial(FakeEngine(topics={Watchlists: (Watchlist("tech", ("AAPL",)),)}))

    await socket.send_str('{"id":1,"watch":"Watchlists","with":{}}')

    assert await socket.receive_str() == (
        '{"id":1,"epoch":"fake","seq":1,"snapshot":true,'
        '"value":[{"name":"tech","symbols":["AAPL"],"columns":[]}]}'
    )


async def test_changes_follow_and_carry_the_list_that_changed(dial: Any) -> None:
    engine = FakeEngine(topics={Quotes: ()})
    socket = await dial(engine)
    await socket.send_json({"id": 7, "watch": "Quotes", "with": {"symbols": ["SIM:ACME"]}})
    await socket.receive_json()

    engine.push(Quotes, (ACME,))

    item = await socket.receive_json()
    assert (item["id"], item["seq"], item["snapshot"]) == (7, 2, False)
    assert item["value"][0]["last"] == 101.5
    assert engine.watching == [Quotes(("SIM:ACME",))]


async def test_many_topics_share_a_connection_and_stop_apart(dial: Any) -> None:
    engine = FakeEngine(topics={Quotes: (ACME,), Watchlists: ()})
    socket = await dial(engine)
    await socket.send_json({"id": 1, "watch": "Quotes"})
    await socket.send_json({"id": 2, "watch": "Watchlists"})
    assert {(await socket.receive_json())["id"] for _ in range(2)} == {1, 2}

    await socket.send_json({"id": 1, "stop": True})

    assert await socket.receive_json() == {"id": 1, "done": True}
    assert engine.watching == [Watchlists()]
    engine.push(Watchlists, (Watchlist("x"),))
    assert (await socket.receive_json())["id"] == 2


async def test_errors_come_with_their_id_and_leave_the_others(dial: Any) -> None:
    engine = FakeEngine(topics={Quotes: NotFound("nobody knows it"), Watchlists: ()})
    socket = await dial(engine)

    await socket.send_json({"id": 1, "watch": "Quotes"})
    await socket.send_json({"id": 2, "watch": "Nothing"})
    await socket.send_json({"id": 3, "watch": "GetQuotes"})
    await socket.send_json({"id": 4, "watch": "Quotes", "with": {"symbolz": []}})
    await socket.send_json({"id": 5})
    heard = {said["id"]: said for said in [await socket.receive_json() for _ in range(5)]}

    assert heard[1] == {"id": 1, "error": {"code": "not_found", "message": "nobody knows it"}}
    assert heard[2]["error"]["code"] == "unknown_word"
    assert "is a request" in heard[3]["error"]["message"]
    assert "symbolz" in heard[4]["error"]["message"]
    assert "watch" in heard[5]["error"]["message"]
    await socket.send_json({"id": 6, "watch": "Watchlists"})
    assert (await socket.receive_json())["id"] == 6


async def test_an_id_in_use_is_refused_and_goes_on(dial: Any) -> None:
    engine = FakeEngine(topics={Quotes: ()})
    socket = await dial(engine)
    await socket.send_json({"id": 1, "watch": "Quotes"})
    await socket.receive_json()

    await socket.send_json({"id": 1, "watch": "Quotes"})

    assert (await socket.receive_json())["error"]["code"] == "conflict"
    engine.push(Quotes, (ACME,))
    assert (await socket.receive_json())["seq"] == 2


@pytest.mark.parametrize("garbage", ["", "nonsense", "[1]", '{"id":"x"}', '{"id":1,"wach":"Q"}'])
async def test_garbage_frames_are_answered_and_forgotten(dial: Any, garbage: str) -> None:
    socket = await dial(FakeEngine(topics={Quotes: ()}))

    await socket.send_str(garbage)

    assert (await socket.receive_json())["error"]["code"] == "invalid"
    await socket.send_json({"id": 1, "watch": "Quotes"})
    assert (await socket.receive_json())["snapshot"] is True


async def test_binary_garbage_is_answered_too(dial: Any) -> None:
    socket = await dial(FakeEngine(topics={Quotes: ()}))

    await socket.send_bytes(b"\xff\x00\xfe")

    assert (await socket.receive_json())["error"]["code"] == "invalid"


async def test_a_message_over_64_kb_ends_the_connection_with_1009(dial: Any) -> None:
    engine = FakeEngine(topics={Quotes: ()})
    socket = await dial(engine)

    await socket.send_str('{"id":1,"watch":"' + "x" * 70_000 + '"}')

    message = await socket.receive()
    assert message.type is WSMsgType.CLOSE
    assert message.data == 1009


async def test_a_connection_watches_at_most_256_topics(dial: Any) -> None:
    socket = await dial(FakeEngine(topics={Quotes: ()}))
    for number in range(257):
        await socket.send_json({"id": number, "watch": "Quotes"})

    heard = [await socket.receive_json() for _ in range(257)]

    refused = [said for said in heard if "error" in said]
    assert [said["error"]["code"] for said in refused] == ["busy"]


async def test_overflow_ends_that_watch_with_words(dial: Any) -> None:
    engine = FakeEngine(topics={Trades: (), Quotes: ()})
    socket = await dial(engine)
    await socket.send_json({"id": 1, "watch": "Trades", "with": {"symbol": "SIM:ACME"}})
    await socket.receive_json()

    engine.push(Trades, Overflow("this watcher fell behind", "watch again"))

    said = await socket.receive_json()
    assert said["error"] == {
        "code": "overflow",
        "message": "this watcher fell behind",
        "next": "watch again",
    }


async def test_a_client_that_leaves_is_forgotten_by_the_engine(
    serve: Any, http: ClientSession
) -> None:
    engine = FakeEngine(topics={Quotes: ()})
    server = await serve(engine)
    socket = await http.ws_connect("/v1/watch")
    await socket.send_json({"id": 1, "watch": "Quotes"})
    await socket.receive_json()
    assert server.clients == 1

    await socket.close()
    async with asyncio.timeout(5):
        while server.clients:
            await settle()

    assert engine.watching == []


async def test_a_quote_is_encoded_once_for_all_clients(
    serve: Any, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[object] = []
    encode = codec.encode

    def counting(value: object) -> bytes:
        encoded.append(value)
        return encode(value)

    monkeypatch.setattr(codec, "encode", counting)
    engine = FakeEngine(topics={Quotes: ()})
    await serve(engine)
    sockets = [await http.ws_connect("/v1/watch") for _ in range(5)]
    for socket in sockets:
        await socket.send_json({"id": 1, "watch": "Quotes"})
        await socket.receive_json()

    engine.push(Quotes, (ACME,))
    for socket in sockets:
        assert (await socket.receive_json())["value"][0]["last"] == 101.5
        await socket.close()

    assert len([value for value in encoded if isinstance(value, Quote)]) == 1


async def test_lines_are_the_same_items_without_id(serve: Any, http: ClientSession) -> None:
    engine = FakeEngine(topics={Quotes: (ACME,)})
    await serve(engine)

    async with http.get("/v1/watch/Quotes?symbols=SIM:ACME,SIM:B") as reply:
        first = json.loads(await reply.content.readline())
        engine.push(Quotes, (ACME,))
        second = json.loads(await reply.content.readline())

    assert reply.headers["Content-Type"] == "application/x-ndjson"
    assert list(first) == ["epoch", "seq", "snapshot", "value"]
    assert (first["snapshot"], second["snapshot"], second["seq"]) == (True, False, 2)
    assert engine.asked == []
    while engine.watching:
        await settle()


async def test_query_texts_become_what_the_field_means(serve: Any, http: ClientSession) -> None:
    engine = FakeEngine(topics={Quotes: ()})
    await serve(engine)

    async with http.get("/v1/watch/Quotes?symbols=AAPL,MSFT") as reply:
        await reply.content.readline()
        assert engine.watching == [Quotes(("AAPL", "MSFT"))]
    async with http.get("/v1/watch/BarUpdates?symbol=A&limit=nine") as reply:
        assert reply.status == 400
        assert "$.limit" in (await reply.json())["error"]["message"]
    async with http.get("/v1/watch/Quotes?symbols=A&symbols=B") as reply:
        assert reply.status == 400
    async with http.get("/v1/watch/Quotes?symbolz=A") as reply:
        assert reply.status == 400
    async with http.get("/v1/watch/Nothing") as reply:
        assert (await reply.json())["error"]["code"] == "unknown_word"
    async with http.get("/v1/watch") as reply:
        assert reply.status == 400
