import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tio.engine.feeds.replay_clock import ReplayClock

from fakes import FakeClock

START = 1_618_678_132_000_000
BEGAN = datetime.fromtimestamp(1_618_678_132, UTC)


async def test_it_runs_at_the_speed_from_its_beginning() -> None:
    real = FakeClock()
    clock = ReplayClock(real, 10.0, START)
    await real.advance(5)
    assert clock.now() == BEGAN
    clock.begin()
    await real.advance(2)
    assert clock.now() == BEGAN + timedelta(seconds=20)
    assert clock.monotonic() == 20.0


async def test_at_full_speed_it_is_the_newest_frame_and_never_steps_back() -> None:
    clock = ReplayClock(FakeClock(), 0, START)
    clock.begin()
    clock.reach(START + 3_000_000)
    clock.reach(START + 1_000_000)
    assert clock.now() == BEGAN + timedelta(seconds=3)


async def test_a_frame_ahead_of_the_pace_is_waited_for() -> None:
    real = FakeClock()
    clock = ReplayClock(real, 2.0, START)
    clock.begin()

    arriving = asyncio.create_task(clock.arrive(START + 4_000_000))
    await real.advance(1.9)
    assert not arriving.done()
    await real.advance(0.1)
    assert arriving.done()
    assert clock.monotonic() == pytest.approx(4.0)


async def test_sleep_is_the_recorders_and_becomes_real_at_the_end() -> None:

    real = FakeClock()
    clock = ReplayClock(real, 10.0, START)
    clock.begin()
    sleeping = asyncio.create_task(clock.sleep(5))
    await real.advance(0.5)
    assert sleeping.done()
    clock.finish()
    sleeping = asyncio.create_task(clock.sleep(5))
    await real.advance(0.5)
    assert not sleeping.done()
    await real.advance(4.5)
    assert sleeping.done()


async def test_a_sleep_at_a_mad_speed_still_lets_others_run() -> None:

    real = FakeClock()
    clock = ReplayClock(real, 1_000_000.0, START)
    clock.begin()
    sleeping = asyncio.create_task(clock.sleep(1))
    await real.advance(0.004)
    assert not sleeping.done()
    await real.advance(0.001)
    assert sleeping.done()
