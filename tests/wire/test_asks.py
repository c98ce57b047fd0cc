import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, UnixConnector

import tio
from tio.api.errors import NotFound
from tio.api.market import GetQuotes, Quote
from tio.api.watchlists import SaveWatchlist, Watchlist
from tio.api.words import PROTOCOL

from fakes import FakeEngine

ACME = Quote(symbol="SIM:ACME", last=101.5)


@pytest.fixture
async def http(socket_path: Path) -> AsyncIterator[ClientSession]:
    async with ClientSession("http://tio", connector=UnixConnector(str(socket_path))) as session:
        yield session


async def asked(
    http: ClientSession,
    name: str,
    body: bytes | io.BytesIO = b"",
    headers: dict[str, str] | None = None,
) -> tuple[int, Any]:
    async with http.post(f"/v1/ask/{name}", data=body, headers=headers) as reply:
        return reply.status, json.loads(await reply.read())


async def test_an_ask_with_fields_is_answered(serve: Any, http: ClientSession) -> None:
    engine = FakeEngine({GetQuotes(("SIM:ACME",)): (ACME,)})
    await serve(engine)

    status, answer = await asked(http, "GetQuotes", b'{"symbols":["SIM:ACME"]}')

    assert status == 200
    assert answer[0]["symbol"] == "SIM:ACME"
    assert answer[0]["last"] == 101.5
    assert engine.asked == [GetQuotes(("SIM:ACME",))]


async def test_an_empty_body_means_no_fields(serve: Any, http: ClientSession) -> None:
    await serve(FakeEngine({GetQuotes(): ()}))

    assert await asked(http, "GetQuotes") == (200, [])


async def test_the_write_key_is_a_header(serve: Any, http: ClientSession) -> None:
    engine = FakeEngine({SaveWatchlist: Watchlist("tech")})
    await serve(engine)

    await asked(http, "SaveWatchlist", b'{"name":"tech"}', {"Idempotency-Key": "k1"})

    assert engine.keys == ["k1"]


async def test_an_error_of_the_engine_keeps_code_sentence_next_and_status(
    serve: Any, http: ClientSession
) -> None:
    await serve(FakeEngine({GetQuotes: NotFound("nobody knows XYZ", "look for it")}))

    status, answer = await asked(http, "GetQuotes")

    assert status == 404
    assert answer == {
        "error": {"code": "not_found", "message": "nobody knows XYZ", "next": "look for it"}
    }


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("GetQuots", b"", "did you mean GetQuotes?"),
        ("GetQuotes", b'{"symbolz":[]}', "symbolz"),
        ("GetQuotes", b'{"symbols":["A",7]}', "$.symbols[1]"),
        ("GetBars", b"{}", "symbol"),
        ("GetBars", b'{"symbol":"A","limit":0}', "$.limit"),
        ("GetQuotes", b"\xff\xfe{", "GetQuotes:"),
        ("GetQuotes", b"[" * 100_000, "GetQuotes:"),
        ("Quotes", b"{}", "is a topic"),
    ],
    ids=range(8),
)
async def test_what_cannot_be_meant_is_a_400_that_says_where(
    serve: Any, http: ClientSession, engine: FakeEngine, name: str, body: bytes, said: str
) -> None:
    await serve(engine)

    status, answer = await asked(http, name, body)

    assert status == 400
    assert said in answer["error"]["message"] + answer["error"]["next"]
    assert engine.asked == []


async def test_a_body_over_16_mb_is_a_413_and_the_next_ask_goes_on(
    serve: Any, http: ClientSession
) -> None:
    await serve(FakeEngine({GetQuotes(): ()}))

    status, answer = await asked(http, "GetQuotes", io.BytesIO(b" " * (16 * 1024 * 1024 + 1)))

    assert status == 413
    assert answer["error"]["code"] == "too_large"
    assert await asked(http, "GetQuotes") == (200, [])


async def test_a_fault_of_ours_is_a_500_without_its_insides(
    serve: Any, http: ClientSession
) -> None:
    def fail(_request: object) -> None:
        raise ZeroDivisionError("secret /home/me")

    await serve(FakeEngine({GetQuotes: fail}))

    status, answer = await asked(http, "GetQuotes")

    assert status == 500
    assert answer["error"]["code"] == "broken"
    assert "secret" not in str(answer)


async def test_version_words_and_unknown_addresses(
    serve: Any, http: ClientSession, engine: FakeEngine
) -> None:
    await serve(engine)

    async with http.get("/v1") as reply:
        assert await reply.json() == {"version": tio.__version__, "protocol": PROTOCOL}
    async with http.get("/v1/words") as reply:
        words = {word["name"]: word for word in await reply.json()}
    assert "symbols" in str(words["GetQuotes"]["with"])
    async with http.get("/v2") as reply:
        assert reply.status == 404
        assert (await reply.json())["error"]["code"] == "not_found"
    async with http.get("/v1/ask/GetQuotes") as reply:
        assert reply.status == 405
        assert "POST" in (await reply.json())["error"]["message"]
    async with http.get("/healthz") as reply:
        assert reply.status == 200
    async with http.get("/readyz") as reply:
        assert reply.status == 404, "this fake engine has no health to tell"


async def test_another_protocol_is_refused_with_both_versions_named(
    serve: Any, http: ClientSession
) -> None:
    await serve(FakeEngine({GetQuotes(): ()}))

    status, answer = await asked(http, "GetQuotes", headers={"Tio-Protocol": "99"})

    assert status == 400
    assert answer["error"]["code"] == "wrong_version"
    assert f"protocol {PROTOCOL}" in answer["error"]["message"]
    assert "protocol 99" in answer["error"]["message"]
    assert (await asked(http, "GetQuotes", headers={"Tio-Protocol": str(PROTOCOL)}))[0] == 200


async def test_no_answer_invites_other_origins(serve: Any, http: ClientSession) -> None:
    await serve(FakeEngine({GetQuotes(): ()}))

    async with http.post("/v1/ask/GetQuotes", headers={"Origin": "https://evil.example"}) as reply:
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]
