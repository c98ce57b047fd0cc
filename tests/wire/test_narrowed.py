from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, UnixConnector

from tio.api.access import OWNER, Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Invalid
from tio.api.watchlists import ListWatchlists, Watchlists
from tio.wire.client import RemoteEngine
from tio.wire.narrowed import headers, narrowed
from tio.wire.server import Server
from tio.wire.socket_door import Door

from fakes import FakeEngine

MODEL = Principal(role=Role.viewer, door="mcp")


class Doorman:
    """Remembers as whom each connection came."""

    def __init__(self) -> None:
        self.engine = FakeEngine({ListWatchlists: ()}, {Watchlists: ()})
        self.came: list[Principal] = []

    def session(self, principal: Principal, /) -> Engine:
        self.came.append(principal)
        return self.engine


@pytest.fixture
async def doorman(socket_path: Path) -> AsyncIterator[Doorman]:
    watching = Doorman()
    server = Server(watching, Door.open(socket_path), window=0.01)
    await server.start()
    assert watching.came == [OWNER]
    watching.came.clear()
    yield watching
    await server.close()


async def test_who_asks_or_watches_as_less_is_heard_as_that(
    doorman: Doorman, socket_path: Path
) -> None:
    engine = await RemoteEngine.open(socket_path, principal=MODEL)
    await engine.ask(ListWatchlists())
    async with engine.watch(Watchlists()) as items:
        await anext(aiter(items))
    await engine.close()

    assert doorman.came
    assert set(doorman.came) == {MODEL}


async def test_lines_are_watched_as_less_too(doorman: Doorman, socket_path: Path) -> None:
    async with (
        ClientSession(connector=UnixConnector(str(socket_path))) as http,
        http.get("http://tio/v1/watch/Watchlists", headers=headers(MODEL)) as reply,
    ):
        await reply.content.readline()

    assert doorman.came == [MODEL]


async def test_a_role_there_is_not_is_refused_with_words(
    doorman: Doorman, socket_path: Path
) -> None:
    async with (
        ClientSession(connector=UnixConnector(str(socket_path))) as http,
        http.post(
            "http://tio/v1/ask/ListWatchlists", data=b"{}", headers={"Tio-Role": "root"}
        ) as reply,
    ):
        told = await reply.json()

    assert (reply.status, told["error"]["message"]) == (400, "there is no role 'root'")
    assert doorman.engine.asked == []


async def test_the_owner_stays_the_owner(doorman: Doorman, socket_path: Path) -> None:
    engine = await RemoteEngine.open(socket_path)
    await engine.ask(ListWatchlists())
    await engine.close()

    assert doorman.came == []


def test_the_owner_says_nothing_and_is_the_owner() -> None:
    assert headers(OWNER) == {}
    assert narrowed(OWNER, {}) == OWNER


@pytest.mark.parametrize("role", list(Role))
def test_a_connection_is_what_it_asks_to_be_and_never_more(role: Role) -> None:
    asked = headers(Principal(role=role, door="mcp"))

    assert narrowed(OWNER, asked) == Principal("owner", role, "mcp")
    assert narrowed(Principal("guest", Role.viewer, "ssh"), asked) == Principal(
        "guest", Role.viewer, "mcp"
    )


@pytest.mark.parametrize(
    "said",
    [{"Tio-Role": "root"}, {"Tio-Role": ""}, {"Tio-Door": "a b"}, {"Tio-Door": "x" * 21}],
)
def test_what_is_no_role_or_door_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        narrowed(OWNER, said)
