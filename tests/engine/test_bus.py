"""Latest-wins conflates and stays bounded; ordered drops nothing and says when it must end."""

from collections.abc import Sequence
from typing import Any

import pytest

from tio.api.contract import After
from tio.api.errors import Overflow
from tio.engine.bus import INBOX, Bus, LatestChannel, OrderedChannel

from fakes import FakeClock


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


async def test_ordered_watcher_sees_every_event_in_order() -> None:
    channel: OrderedChannel[Any] = Bus(FakeClock()).ordered(keep=5)
    for event in range(3):
        channel.publish(event)
    async with channel.watch(tuple) as items:
        first = await anext(items)
        for event in range(3, 10):
            channel.publish(event)
        second = await anext(items)
    assert (first.snapshot, first.value, first.seq) == (True, (0, 1, 2), 3)
    assert (second.snapshot, second.value, second.seq) == (False, tuple(range(3, 10)), 10)


async def test_resumed_watcher_misses_and_doubles_nothing() -> None:
    bus = Bus(FakeClock())
    channel: OrderedChannel[Any] = bus.ordered(keep=5)
    for event in range(1, 8):
        channel.publish(event)
    async with channel.watch(tuple, After(bus.epoch, 4)) as items:
        item = await anext(items)
        assert (item.value, item.snapshot, item.seq) == ((5, 6, 7), False, 7)
    async with channel.watch(tuple, After(bus.epoch, 7)) as items:
        channel.publish(8)
        assert (await anext(items)).value == (8,)


@pytest.mark.parametrize("after", [After("another life", 4), After("", 0)])
async def test_watcher_of_another_epoch_starts_with_a_snapshot(after: After) -> None:
    channel: OrderedChannel[Any] = Bus(FakeClock()).ordered(keep=5)
    channel.publish("a")
    async with channel.watch(tuple, after) as items:
        assert (await anext(items)).snapshot


async def test_watcher_older_than_the_ring_gets_a_snapshot() -> None:
    bus = Bus(FakeClock())
    channel: OrderedChannel[Any] = bus.ordered(keep=3)
    for event in range(10):
        channel.publish(event)
    async with channel.watch(tuple, After(bus.epoch, 2)) as items:
        assert (await anext(items)).snapshot


async def test_watcher_too_far_behind_is_ended_with_words() -> None:
    channel: OrderedChannel[Any] = Bus(FakeClock()).ordered(keep=5)
    async with channel.watch(len) as items:
        await anext(items)
        for event in range(INBOX + 1):
            channel.publish(event)
        assert (await anext(items)).value == INBOX
        with pytest.raises(Overflow):
            await anext(items)


async def test_watcher_that_ended_does_not_end_the_others() -> None:
    channel: OrderedChannel[Any] = Bus(FakeClock()).ordered(keep=5)
    async with channel.watch(tuple) as quick, channel.watch(tuple) as slow:
        await anext(quick)
        await anext(slow)
        for event in range(INBOX + 1):
            channel.publish(event)
            if event == INBOX // 2:
                await anext(quick)
        assert (await anext(quick)).value[-1] == INBOX
        await anext(slow)
        with pytest.raises(Overflow):
            await anext(slow)
