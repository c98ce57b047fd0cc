"""The breaker: when it opens, what it says, one probe."""

import pytest

from tio.api.errors import NotAllowed, SourceUnavailable
from tio.engine.feeds.http.breaker import Breaker
from tio.engine.feeds.http.shapes import Circuit

from fakes import FakeClock


def made(clock: FakeClock, jitter: float = 1.0) -> Breaker:
    return Breaker("yahoo.chart", clock, lambda: jitter)


async def test_five_failures_in_a_row_open_it_and_it_says_until_when() -> None:
    breaker = made(FakeClock())
    for _ in range(4):
        breaker.failed("out of order (503)")
    breaker.admit()
    breaker.failed("out of order (503)")
    with pytest.raises(SourceUnavailable, match=r"yahoo\.chart: out of order .*at 15:00:30"):
        breaker.admit()


async def test_more_than_half_of_ten_in_a_minute_open_it() -> None:
    breaker = made(FakeClock())
    for well in (0, 1, 0, 1, 0, 1, 0, 1, 0):
        breaker.succeeded() if well else breaker.failed("x")
    assert breaker.state().circuit is Circuit.closed
    breaker.failed("x")
    assert breaker.state().circuit is Circuit.open


async def test_one_probe_passes_and_rests_double_until_one_succeeds() -> None:
    clock = FakeClock()
    breaker = made(clock)
    for _ in range(5):
        breaker.failed("x")
    for rest in (30, 60, 120, 240, 480, 900, 900):
        await clock.advance(rest - 1)
        with pytest.raises(SourceUnavailable):
            breaker.admit()
        await clock.advance(1)
        assert breaker.admit()
        with pytest.raises(SourceUnavailable, match="being tried now"):
            breaker.admit()
        breaker.failed("x")
    await clock.advance(900)
    assert breaker.admit()
    breaker.succeeded()
    assert breaker.state().circuit is Circuit.closed
    assert not breaker.admit()


async def test_what_is_refused_for_good_stays_open_until_it_is_tried_by_hand() -> None:
    clock = FakeClock()
    breaker = made(clock)
    breaker.open("the key is refused (401)", refused=True)
    await clock.advance(1e6)
    with pytest.raises(NotAllowed, match="the key is refused"):
        breaker.admit()
    assert breaker.state().next_probe is None
    breaker.try_now()
    assert breaker.admit()
