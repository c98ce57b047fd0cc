"""The limiter: three layers, priorities, the server's word, counts of the day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tio.api.errors import Busy, TooLarge
from tio.engine.feeds.http.counters import MemoryCounters
from tio.engine.feeds.http.limiter import Limiter, Urgency
from tio.engine.feeds.http.shapes import Budget, Priority, Window

from fakes import FakeClock, settle


def made(budget: Budget, clock: FakeClock, counters: MemoryCounters | None = None) -> Limiter:
    return Limiter("venue", budget, clock, counters or MemoryCounters())


async def ask(
    limiter: Limiter,
    granted: list[str],
    name: str,
    priority: Priority = Priority.visible,
    cost: float = 1,
    patience: float = 1e6,
) -> None:
    limiter.release(await limiter.acquire(cost, Urgency(priority), patience))
    granted.append(name)


async def test_a_burst_passes_and_the_rest_waits_for_the_rate() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=2, burst=3), clock)
    tasks = [asyncio.create_task(ask(limiter, granted, str(n))) for n in range(5)]
    await settle()
    assert granted == ["0", "1", "2"]
    await clock.advance(0.5)
    assert granted == ["0", "1", "2", "3"]
    await clock.advance(0.5)
    assert len(granted) == 5
    await asyncio.gather(*tasks)


async def test_the_urgent_go_first() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=1), clock)
    await ask(limiter, granted, "first")
    tasks = [
        asyncio.create_task(ask(limiter, granted, priority.name, priority))
        for priority in reversed(Priority)
    ]
    await clock.advance(10)
    assert granted == ["first", "interactive", "visible", "background"]
    await asyncio.gather(*tasks)


async def test_background_leaves_half_the_bucket_and_half_the_window() -> None:
    clock, granted = FakeClock(), list[str]()
    budget = Budget(rate=0.001, burst=8, windows=(Window(6, 3_600, "hour"),))
    limiter = made(budget, clock)
    tasks = [
        asyncio.create_task(ask(limiter, granted, "background", Priority.background))
        for _ in range(6)
    ]
    await settle()
    assert len(granted) == 3
    await ask(limiter, granted, "visible")
    assert granted[-1] == "visible"
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await limiter.close()


async def test_no_more_at_once_than_the_concurrency() -> None:
    limiter = made(Budget(rate=100, burst=100, concurrency=2), FakeClock())
    leases = [await limiter.acquire(1, Urgency(Priority.visible), 1) for _ in range(2)]
    third = asyncio.create_task(limiter.acquire(1, Urgency(Priority.visible), 1))
    await settle()
    assert not third.done()
    limiter.release(leases[0])
    await settle()
    assert third.done()


async def test_a_call_that_cannot_go_in_time_is_refused_at_once_with_the_time() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=1), clock)
    limiter.block(200, "asked too often (429)")
    with pytest.raises(Busy, match=r"venue: asked too often \(429\), next try at 15:03:20"):
        await ask(limiter, granted, "x", patience=20)
    assert limiter.waiting == 0


async def test_a_window_turns_with_the_calendar() -> None:
    clock, granted = FakeClock(datetime(2026, 11, 20, 15, 0, 50, tzinfo=UTC)), list[str]()
    limiter = made(Budget(rate=100, burst=100, windows=(Window(2, 60, "minute"),)), clock)
    tasks = [asyncio.create_task(ask(limiter, granted, str(n))) for n in range(4)]
    await clock.advance(9)
    assert len(granted) == 2
    await clock.advance(1.1)
    assert len(granted) == 4
    await asyncio.gather(*tasks)


async def test_the_days_count_survives_a_restart_and_ends_with_the_day() -> None:
    clock, granted, counters = FakeClock(), list[str](), MemoryCounters()
    budget = Budget(rate=100, burst=100, windows=(Window(3, 86_400, "day", daily=True),))
    limiter = made(budget, clock, counters)
    for name in "abc":
        await ask(limiter, granted, name)
    again = made(budget, clock, counters)
    with pytest.raises(Busy, match=r"3 \(day\) used up, next try at 00:00:00"):
        await ask(again, granted, "d", patience=60)
    await clock.advance(9 * 3_600 + 1)
    await ask(again, granted, "d")
    assert granted == ["a", "b", "c", "d"]


async def test_a_day_that_begins_at_another_hour() -> None:
    clock, granted = FakeClock(), list[str]()
    window = Window(1, 86_400, "day", daily=True, resets="16:30Z")
    limiter = made(Budget(rate=100, burst=100, windows=(window,)), clock)
    await ask(limiter, granted, "a")
    with pytest.raises(Busy, match="16:30:00"):
        await ask(limiter, granted, "b", patience=60)


async def test_what_the_server_counted_is_never_undercut() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=100, burst=100, windows=(Window(10, 60, "weight 1m"),)), clock)
    limiter.used("weight 1m", 9)
    limiter.used("weight 1m", 2)
    await ask(limiter, granted, "a")
    with pytest.raises(Busy, match="weight 1m"):
        await ask(limiter, granted, "b", patience=1)


async def test_none_remaining_blocks_until_the_reset() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=100, burst=100), clock)
    limiter.remaining(0, 30)
    task = asyncio.create_task(ask(limiter, granted, "a"))
    await clock.advance(29)
    assert granted == []
    await clock.advance(1.1)
    assert granted == ["a"]
    await task


async def test_a_server_time_that_sways_about_a_turn_makes_no_room_twice() -> None:
    clock, granted = FakeClock(datetime(2026, 11, 20, 15, 0, 58, tzinfo=UTC)), list[str]()
    limiter = made(Budget(rate=100, burst=100, windows=(Window(2, 60, "minute"),)), clock)
    for seconds in (3, 0):
        await ask(limiter, granted, "")
        await ask(limiter, granted, "")
        await clock.advance(seconds)
    for behind in (5, 0, 10, 0):
        limiter.server_clock(clock.now() - timedelta(seconds=behind))
        with pytest.raises(Busy, match="minute"):
            await ask(limiter, granted, "", patience=0)
    await clock.advance(60)
    await ask(limiter, granted, "")
    assert len(granted) == 5


async def test_a_slow_answer_moves_no_window() -> None:
    clock, granted = FakeClock(datetime(2026, 11, 20, 15, 0, 50, tzinfo=UTC)), list[str]()
    limiter = made(Budget(rate=100, burst=100, windows=(Window(1, 60, "minute"),)), clock)
    tasks = [asyncio.create_task(ask(limiter, granted, str(n))) for n in range(2)]
    await clock.advance(8)
    limiter.server_clock(clock.now() - timedelta(seconds=7), took=8.0)
    await clock.advance(1.5)
    assert len(granted) == 1
    await clock.advance(1)
    assert len(granted) == 2
    await asyncio.gather(*tasks)


async def test_windows_follow_the_servers_clock_not_ours() -> None:
    clock, granted = FakeClock(datetime(2026, 11, 20, 15, 0, 0, tzinfo=UTC)), list[str]()
    limiter = made(Budget(rate=100, burst=100, windows=(Window(1, 60, "minute"),)), clock)
    limiter.server_clock(datetime(2026, 11, 20, 14, 2, 50, tzinfo=UTC))
    await ask(limiter, granted, "a")
    task = asyncio.create_task(ask(limiter, granted, "b"))
    await clock.advance(10.1)
    assert granted == ["a", "b"]
    await task


async def test_a_cost_no_window_can_hold_is_refused_for_good() -> None:
    limiter = made(Budget(rate=1, windows=(Window(5, 60, "minute"),)), FakeClock())
    with pytest.raises(TooLarge, match="costs 6"):
        await ask(limiter, [], "a", cost=6)


async def test_a_cancelled_caller_gives_its_place_to_the_next() -> None:
    clock, granted = FakeClock(), list[str]()
    limiter = made(Budget(rate=1), clock)
    await ask(limiter, granted, "first")
    gone = asyncio.create_task(ask(limiter, granted, "gone"))
    stays = asyncio.create_task(ask(limiter, granted, "stays"))
    await settle()
    gone.cancel()
    await clock.advance(1)
    assert granted == ["first", "stays"]
    await stays
    await asyncio.gather(gone, return_exceptions=True)
