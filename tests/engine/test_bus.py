"""Latest-wins conflates and stays bounded."""

import asyncio
import weakref
from collections.abc import Sequence

import pytest

from tio.engine.bus import Bus, LatestChannel

from fakes import FakeClock, settle


def prices(bus: Bus) -> tuple[dict[str, int], LatestChannel[str, tuple[str, int]]]:
    board: dict[str, int] = {}
    return board, bus.latest(lambda key: (key, board[key]))


def gathered(values: Sequence[tuple[str, int]]) -> dict[str, int]:
    return dict(values)


async def test_slow_watcher_gets_only_the_newest_of_each_key() -> None:
    bus = Bus(FakeClock())
    board, channel = prices(bus)
    async with channel.watch(None, dict, gathered) as items:
        assert (await anext(items)).snapshot
        for price in range(100):
            board["A"] = price
            channel.touch("A")
            bus.flush()
        board["B"] = 7
        channel.touch("B")
        bus.flush()
        item = await anext(items)
    assert item.value == {"A": 99, "B": 7}
    assert (item.seq, item.snapshot) == (2, False)


async def test_many_touches_in_a_window_render_once() -> None:
    bus = Bus(FakeClock())
    rendered: list[str] = []

    def render(key: str) -> str:
        rendered.append(key)
        return key

    channel = bus.latest(render)
    async with channel.watch(["A"], tuple, tuple), channel.watch(None, tuple, tuple):
        for _ in range(50):
            channel.touch("A")
        bus.flush()
    assert rendered == ["A"]


async def test_unwatched_key_is_never_rendered() -> None:
    bus = Bus(FakeClock())
    channel: LatestChannel[str, str] = bus.latest(lambda key: pytest.fail(f"rendered {key}"))
    async with channel.watch(["A"], tuple, tuple):
        channel.touch("B")
        bus.flush()


async def test_item_never_goes_back_behind_its_snapshot() -> None:
    bus = Bus(FakeClock())
    board, channel = prices(bus)
    board["A"] = 1
    async with channel.watch(["A"], lambda: dict(board), gathered) as items:
        channel.touch("A")
        bus.flush()
        board["A"] = 2
        channel.touch("A")
        assert (await anext(items)).value == {"A": 2}
        bus.flush()
        assert (await anext(items)).value == {"A": 2}


async def test_leaving_forgets_the_watcher() -> None:
    bus = Bus(FakeClock())
    _, channel = prices(bus)
    async with channel.watch(["A", "A"], dict, gathered):
        assert channel.watched
    assert not channel.watched


async def test_pulse_flushes_once_a_window() -> None:
    clock = FakeClock()
    bus = Bus(clock, window=0.05)
    bus.start()
    board, channel = prices(bus)
    async with channel.watch(None, dict, gathered) as items:
        await anext(items)
        board["A"] = 1
        channel.touch("A")
        waiting = anext(items)
        await clock.advance(0.05)
        assert (await waiting).value == {"A": 1}
    await bus.close()


async def test_after_all_was_forgotten_a_latest_watcher_gets_a_snapshot_and_nothing_older() -> None:
    bus = Bus(FakeClock())
    board, channel = prices(bus)
    watches = [channel.watch(keys, lambda: dict(board), gathered) for keys in (None, ["A", "B"])]
    async with watches[0] as every, watches[1] as some:
        for items in (every, some):
            await anext(items)
        board["A"] = 1
        channel.touch("A")
        bus.flush()
        board.clear()
        channel.begin_anew()
        for items in (every, some):
            item = await anext(items)
            assert (item.value, item.snapshot, item.seq) == ({}, True, 2)
        board["B"] = 2
        channel.touch("B")
        bus.flush()
        for items in (every, some):
            item = await anext(items)
            assert (item.value, item.snapshot, item.seq) == ({"B": 2}, False, 3)


async def test_a_snapshot_after_all_was_forgotten_holds_what_came_since() -> None:
    bus = Bus(FakeClock())
    board, channel = prices(bus)
    async with channel.watch(None, lambda: dict(board), gathered) as items:
        await anext(items)
        channel.begin_anew()
        board["A"] = 3
        channel.touch("A")
        bus.flush()
        item = await anext(items)
        assert (item.value, item.snapshot) == ({"A": 3}, True)


async def test_a_watcher_that_waits_holds_nothing_of_what_it_was_told() -> None:
    class Told:
        """What an item carries here; it can be seen to be let go."""

    bus = Bus(FakeClock())
    channel = bus.latest(str.upper)
    for changes in (0, 1):
        async with channel.watch(("a",), Told, lambda _values: Told()) as items:
            item = await anext(items)
            for _ in range(changes):
                channel.touch("a")
                bus.flush()
                item = await anext(items)
            told = weakref.ref(item.value)
            del item
            following = asyncio.ensure_future(anext(items))
            await settle()
            assert told() is None
            following.cancel()
            await asyncio.wait([following])
