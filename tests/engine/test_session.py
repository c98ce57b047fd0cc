"""A session admits, validates and writes down, before any service hears a word."""

import asyncio
import logging
from typing import Any

import pytest

from tio.api.access import OWNER, Principal
from tio.api.contract import WORDS, Effect, Request, Role, is_request
from tio.api.errors import Broken, Invalid, NotAllowed, NotFound, UnknownWord
from tio.api.market import BarUpdates, GetBars, GetQuotes
from tio.api.watchlists import DeleteWatchlist, SaveWatchlist
from tio.engine.service import write_key
from tio.engine.session import Session

VIEWER = Principal("guest", Role.viewer, "test")


def session(answer: Any = None, principal: Principal = OWNER) -> Session:
    async def echo(request: Request[Any], by: Principal) -> Any:
        if isinstance(answer, BaseException):
            raise answer
        return (request, by, write_key.get())

    kinds: Any = {kind: echo for kind in WORDS.values() if is_request(kind)}
    return Session(principal, kinds, {})


async def test_service_gets_the_request_the_principal_and_the_key() -> None:
    request: Any = GetQuotes(("BTC-USD",))
    assert await session().ask(request, key="k1") == (request, OWNER, "k1")
    assert write_key.get() == ""


async def test_value_that_no_wire_would_carry_is_refused_in_process_too() -> None:
    with pytest.raises(Invalid, match="limit"):
        await session().ask(GetBars("BTC-USD", limit=0))
    with pytest.raises(Invalid, match="symbol"):
        await session().ask(GetBars(""))


async def test_viewer_may_not_write() -> None:
    with pytest.raises(NotAllowed, match="SaveWatchlist needs the role trader"):
        await session(principal=VIEWER).ask(SaveWatchlist("mine"))


@pytest.mark.parametrize("role", list(Role))
async def test_every_word_is_admitted_by_its_role_alone(role: Role) -> None:
    asked = session(principal=Principal("someone", role))
    for kind in WORDS.values():
        if not is_request(kind):
            continue
        admitted = role.covers(kind.meaning.role)
        request: Any = kind(**dict.fromkeys(kind.__struct_fields__, ""))
        try:
            asked._admit(request)
        except NotAllowed:
            assert not admitted, kind.__name__
        else:
            assert admitted, kind.__name__


async def test_unanswered_word_is_unknown() -> None:
    with pytest.raises(UnknownWord):
        await Session(OWNER, {}, {}).ask(GetQuotes())
    with pytest.raises(UnknownWord):
        Session(OWNER, {}, {}).watch(BarUpdates("A"))


async def test_fault_of_ours_reaches_the_log_and_not_the_asker() -> None:
    secret = RuntimeError("secret detail")
    with pytest.raises(Broken) as caught:
        await session(secret).ask(GetQuotes())
    assert "secret" not in caught.value.message


async def test_cancelled_ask_stays_cancelled() -> None:
    with pytest.raises(asyncio.CancelledError):
        await session(asyncio.CancelledError()).ask(GetQuotes())


async def test_write_is_written_down_with_who_and_outcome(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "tio.engine.session"):
        await session().ask(SaveWatchlist("mine"))
        with pytest.raises(NotFound):
            await session(NotFound("gone")).ask(DeleteWatchlist("mine"))
        await session().ask(GetQuotes())
    assert [record.getMessage() for record in caplog.records] == [
        "SaveWatchlist by owner: done",
        "DeleteWatchlist by owner: not_found",
    ]


async def test_what_came_through_another_door_says_so(caplog: pytest.LogCaptureFixture) -> None:
    model = Principal(role=Role.trader, door="mcp")
    with caplog.at_level(logging.INFO, "tio.engine.session"):
        await session(principal=model).ask(SaveWatchlist("mine"))
    assert [record.getMessage() for record in caplog.records] == [
        "SaveWatchlist by owner through mcp: done"
    ]


def test_every_effect_but_reading_needs_more_than_a_viewer() -> None:
    for kind in WORDS.values():
        if kind.meaning.effect is not Effect.read:
            assert kind.meaning.role is not Role.viewer, kind.__name__
