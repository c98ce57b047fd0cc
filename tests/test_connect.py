"""Attach, begin, take over, hand over: with real processes of the demo workspace."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest

from tio import connect, daemon
from tio.api.errors import Busy, NotFound, WrongVersion
from tio.api.market import GetQuotes, Quotes
from tio.api.system import GetHealth, Log
from tio.api.watchlists import ListWatchlists, SaveWatchlist, Watchlist, Watchlists
from tio.config import Config, Demo
from tio.connect import Connection, Place, answer_once, open_engine
from tio.lock import Lock, holder
from tio.paths import Paths, WorkspacePaths

PATIENCE = 30.0
CONFIG = Config(demo=Demo(symbols=3, rate=100.0))


@pytest.fixture
def place() -> WorkspacePaths:
    return Paths.find().workspace("demo")


@pytest.fixture
def started(place: WorkspacePaths) -> Iterator[Callable[[], int]]:
    """Start a daemon of the demo workspace; its pid. Whatever still runs is killed at the end."""
    pids: list[int] = []

    def begin() -> int:
        pids.append(daemon.start(place).pid)
        return pids[-1]

    yield begin
    for pid in pids:
        found = holder(place.lock)
        if found is not None and found.pid == pid:
            os.kill(pid, signal.SIGKILL)


async def until(truth: Callable[[], bool]) -> None:
    """Wait for another process: the one thing here that only real time tells."""
    async with asyncio.timeout(PATIENCE):
        while not truth():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_without_an_engine_it_begins_inside_and_serves(place: WorkspacePaths) -> None:
    first = await open_engine(place, CONFIG)
    second = await open_engine(place, CONFIG)
    try:
        assert (first.state.place, first.state.pid) == (Place.inside, os.getpid())
        assert (second.state.place, second.state.pid) == (Place.attached, os.getpid())
        await first.ask(SaveWatchlist("tech", ("AAPL",)))
        assert await second.ask(ListWatchlists()) == await first.ask(ListWatchlists())
    finally:
        await second.close()
        await first.close()
    assert not place.socket.exists()
    assert holder(place.lock) is None


async def test_when_the_holder_closes_an_attached_one_goes_on(place: WorkspacePaths) -> None:
    first = await open_engine(place, CONFIG)
    second = await open_engine(place, CONFIG)
    changes: list[Place] = []
    second.on_change(lambda state: changes.append(state.place))
    try:
        await first.ask(SaveWatchlist("tech", ("AAPL",)))
        async with asyncio.timeout(PATIENCE), second.watch(Watchlists()) as items:
            assert (await anext(items)).snapshot
            await first.close()
            again = await anext(items)
            assert again.snapshot
            assert "tech" in [each.name for each in again.value]
        assert second.state.place is Place.inside
        assert changes == [Place.moving, Place.inside]
        assert (await second.ask(GetHealth())).workspace == "demo"
    finally:
        await second.close()


async def test_killing_the_holder_lets_an_attached_one_take_over(
    place: WorkspacePaths, started: Callable[[], int]
) -> None:
    pid = started()
    connection = await open_engine(place, CONFIG)
    try:
        assert (connection.state.place, connection.state.pid) == (Place.attached, pid)
        async with (
            asyncio.timeout(PATIENCE),
            connection.watch(Quotes()) as quotes,
            connection.watch(Log()) as log,
        ):
            before = await anext(quotes)
            await anext(log)
            os.kill(pid, signal.SIGKILL)
            asked = asyncio.create_task(connection.ask(SaveWatchlist("kept", ("A",))))
            async for item in quotes:
                if item.epoch != before.epoch:
                    assert item.snapshot
                    break
            while (await anext(log)).epoch == before.epoch:
                continue
            assert await asked == Watchlist("kept", ("A",))
        assert connection.state.place is Place.inside
        assert (await connection.ask(GetHealth())).pid == os.getpid()
    finally:
        await connection.close()


async def test_of_two_attached_one_takes_over_and_the_other_attaches_to_it(
    place: WorkspacePaths, started: Callable[[], int]
) -> None:
    pid = started()
    both = [await open_engine(place, CONFIG) for _ in range(2)]
    try:
        os.kill(pid, signal.SIGKILL)
        await until(lambda: all(one.state.place is not Place.moving for one in both))
        await until(lambda: all(one.state.pid == os.getpid() for one in both))
        assert sorted(one.state.place for one in both) == [Place.attached, Place.inside]
        lists = [await one.ask(ListWatchlists()) for one in both]
        assert lists[0] == lists[1]
    finally:
        for one in sorted(both, key=lambda one: one.state.place):
            await one.close()


async def test_a_daemon_started_under_a_terminal_is_handed_the_engine(
    place: WorkspacePaths, started: Callable[[], int]
) -> None:
    terminal = await open_engine(place, CONFIG)
    changes: list[Place] = []
    terminal.on_change(lambda state: changes.append(state.place))
    try:
        await terminal.ask(SaveWatchlist("mine", ("A",)))
        async with asyncio.timeout(PATIENCE), terminal.watch(Quotes()) as quotes:
            before = (await anext(quotes)).epoch
            pid = await asyncio.to_thread(started)
            async for item in quotes:
                if item.epoch != before:
                    break
        assert changes == [Place.moving, Place.attached]
        assert terminal.state.pid == pid
        assert "mine" in [each.name for each in await terminal.ask(ListWatchlists())]
    finally:
        await terminal.close()
        await asyncio.to_thread(daemon.stop, place)


async def test_a_lock_taken_without_a_socket_is_busy_after_three_seconds(
    place: WorkspacePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.1)
    place.make_folders()
    lock = Lock.take(place.lock, "command")
    assert lock is not None

    with pytest.raises(Busy) as caught:
        await open_engine(place, CONFIG)

    assert caught.value.exit_code == 75
    assert str(os.getpid()) in caught.value.message
    with pytest.raises(Busy):
        answer_once(GetHealth(), place)
    lock.release()


async def test_whoever_waits_for_a_leaving_engine_gets_it(place: WorkspacePaths) -> None:
    place.make_folders()
    lock = Lock.take(place.lock, "command")
    assert lock is not None

    opening = asyncio.create_task(open_engine(place, CONFIG))
    await asyncio.sleep(0)
    lock.release()

    connection = await opening
    assert connection.state.place is Place.inside
    await connection.close()


async def test_an_engine_of_another_protocol_is_refused_naming_both(
    place: WorkspacePaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tio.wire import asks

    holding = await open_engine(place, CONFIG)
    monkeypatch.setattr(asks, "PROTOCOL", 99)

    with pytest.raises(WrongVersion, match=r"protocol 99.*protocol 1"):
        await open_engine(place, CONFIG)

    await holding.close()


def test_one_answer_without_an_engine_leaves_nothing_behind(place: WorkspacePaths) -> None:
    made = answer_once(SaveWatchlist("once", ("A",)), place)

    assert made == Watchlist("once", ("A",))
    assert "once" in [each.name for each in answer_once(ListWatchlists(), place)]
    assert not place.socket.exists()
    assert holder(place.lock) is None


def test_one_answer_comes_from_the_running_engine(
    place: WorkspacePaths, started: Callable[[], int]
) -> None:
    pid = started()

    assert answer_once(GetHealth(), place).pid == pid
    with pytest.raises(NotFound):
        answer_once(GetQuotes(("NOBODY",)), place)


def test_attaching_and_asking_once_import_no_engine(
    place: WorkspacePaths, started: Callable[[], int]
) -> None:
    started()
    once = (
        "import sys; from tio.connect import answer_once; from tio.paths import Paths;"
        "from tio.api.system import GetHealth;"
        "answer_once(GetHealth(), Paths.find().workspace('demo'));"
        "print([m for m in sys.modules if m.startswith(('tio.engine', 'aiohttp', 'numpy'))])"
    )
    attach = (
        "import asyncio, sys; from tio.connect import open_engine; from tio.paths import Paths;"
        "from tio.config import load; from tio.api.system import GetHealth\n"
        "async def main():\n"
        "    engine = await open_engine(Paths.find().workspace('demo'), load())\n"
        "    await engine.ask(GetHealth()); await engine.close()\n"
        "asyncio.run(main())\n"
        "print([m for m in sys.modules if m.startswith(('tio.engine', 'numpy'))])"
    )
    for code in (once, attach):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=False
        )
        assert done.stderr == ""
        assert done.stdout.strip() == "[]"


async def test_a_closed_connection_says_so(place: WorkspacePaths) -> None:
    connection = Connection(place, CONFIG)
    await connection.close()

    with pytest.raises(Exception, match="closed"):
        await connection.ask(GetHealth())
