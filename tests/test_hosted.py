"""The engine inside this process: started and left in order, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from tio.api.errors import Conflict, TioError
from tio.api.market import Quotes
from tio.api.system import GetHealth, Shutdown
from tio.api.watchlists import ListWatchlists, SaveWatchlist
from tio.config import Config, Demo
from tio.hosted import Hosted
from tio.lock import Lock, holder
from tio.paths import Paths, WorkspacePaths
from tio.wire.client import RemoteEngine

from fakes import settle

PATIENCE = 30.0
CONFIG = Config(demo=Demo(symbols=3, rate=100.0))
Start = Callable[..., Awaitable[Hosted]]


@pytest.fixture
def place() -> WorkspacePaths:
    place = Paths.find().workspace("demo")
    place.make_folders()
    return place


def lock_of(place: WorkspacePaths) -> Lock:
    lock = Lock.take(place.lock)
    assert lock is not None
    return lock


@pytest.fixture
async def start(place: WorkspacePaths) -> AsyncIterator[Start]:
    """Start the engine of the demo; it is closed after the test if it still runs."""
    started: list[Hosted] = []

    async def begin(**options: Any) -> Hosted:
        started.append(await Hosted.start(place, CONFIG, lock_of(place), **options))
        return started[-1]

    yield begin
    for hosted in started:
        await hosted.close()


async def test_without_a_socket_it_answers_inside_alone(
    start: Start, place: WorkspacePaths
) -> None:
    hosted = await start(serve=False)
    assert (await hosted.engine.ask(GetHealth())).workspace == "demo"
    assert not place.socket.exists()
    assert holder(place.lock) is not None


async def test_closing_saves_and_gives_up_the_lock_and_the_socket(
    start: Start, place: WorkspacePaths
) -> None:
    hosted = await start(crowd=True)
    await hosted.engine.ask(SaveWatchlist("tech", ("AAPL",)))
    assert place.socket.exists()

    await hosted.close()

    assert not place.socket.exists()
    assert holder(place.lock) is None
    again = await start(serve=False)
    assert "tech" in [each.name for each in await again.engine.ask(ListWatchlists())]


async def test_for_a_crowd_it_is_served_once_started_and_counts_who_watches(
    start: Start, place: WorkspacePaths
) -> None:
    hosted = await start(crowd=True)
    assert (await hosted.engine.ask(GetHealth())).clients == 0
    remote = await RemoteEngine.open(place.socket)
    try:
        async with asyncio.timeout(PATIENCE), remote.watch(Quotes()) as items:
            assert (await anext(items)).snapshot
            assert (await hosted.engine.ask(GetHealth())).clients == 1
    finally:
        await remote.close()


async def test_a_terminals_engine_can_leave_before_its_socket_is_served(
    start: Start, place: WorkspacePaths
) -> None:
    hosted = await start()
    assert place.socket.exists()  # whoever connects now waits in the backlog
    await hosted.close()
    assert not place.socket.exists()
    assert holder(place.lock) is None


@pytest.mark.parametrize("hand_over", [False, True])
async def test_who_asks_it_to_leave_is_heard(start: Start, hand_over: bool) -> None:
    heard: list[bool] = []
    hosted = await start(serve=False, on_shutdown=heard.append)
    await hosted.engine.ask(Shutdown(hand_over))
    await settle()  # it is answered before it is heard
    assert heard == [hand_over]


async def test_a_store_that_cannot_be_opened_gives_up_the_lock(place: WorkspacePaths) -> None:
    place.tio_db.mkdir()
    with pytest.raises(TioError):
        await Hosted.start(place, CONFIG, lock_of(place))
    assert holder(place.lock) is None


async def test_a_socket_in_the_way_closes_the_engine_that_had_started(
    start: Start, place: WorkspacePaths
) -> None:
    place.socket.write_text("not a socket")
    with pytest.raises(Conflict):
        await Hosted.start(place, CONFIG, lock_of(place))
    assert holder(place.lock) is None
    assert place.socket.read_text() == "not a socket"
    # Nothing of the first holds the store or the lock.
    assert (await (await start(serve=False)).engine.ask(GetHealth())).workspace == "demo"
