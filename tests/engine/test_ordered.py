"""An ordered channel drops nothing and says when it must end."""

from typing import Any

import pytest

from tio.api.contract import After
from tio.api.errors import Overflow
from tio.engine.bus import Bus
from tio.engine.ordered import INBOX, OrderedChannel

from fakes import FakeClock


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


async def test_after_all_was_forgotten_an_ordered_watcher_gets_only_what_came_since() -> None:
    channel: OrderedChannel[Any] = Bus(FakeClock()).ordered(keep=5)
    channel.publish("old")
    async with channel.watch(tuple) as quick, channel.watch(tuple) as slow:
        assert (await anext(quick)).value == (await anext(slow)).value == ("old",)
        channel.publish("older than its reader")
        channel.begin_anew()
        item = await anext(quick)
        assert (item.value, item.snapshot, item.seq) == ((), True, 3)
        channel.publish("new")
        item = await anext(quick)
        assert (item.value, item.snapshot, item.seq) == (("new",), False, 4)
        item = await anext(slow)
        assert (item.value, item.snapshot, item.seq) == (("new",), True, 4)
    assert channel.recent() == ["new"]


async def test_who_resumes_after_all_was_forgotten_gets_a_snapshot() -> None:
    bus = Bus(FakeClock())
    channel: OrderedChannel[Any] = bus.ordered(keep=5)
    channel.publish("old")
    channel.begin_anew()
    async with channel.watch(tuple, After(bus.epoch, 1)) as items:
        item = await anext(items)
    assert (item.value, item.snapshot) == ((), True)
