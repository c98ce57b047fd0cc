"""Which moment words mean."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tio.api.errors import Invalid
from tio.screens.moments import EARLIEST, StoodClock, moment_meant

from fakes import FakeClock

HERE = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-11-18", "2026-11-18T22:59:59Z"),
        ("2026-11-18 15:30", "2026-11-18T14:30:00Z"),
        ("2026-11-18T15:30", "2026-11-18T14:30:00Z"),
        ("2026-11-18T15:30Z", "2026-11-18T15:30:00Z"),
        ("2026-07-01 09:00", "2026-07-01T07:00:00Z"),
        ("9:30", "2026-11-20T08:30:00Z"),
        ("09:30:15", "2026-11-20T08:30:15Z"),
        ("-3d", "2026-11-17T15:00:00Z"),
        ("+90m", "2026-11-20T16:30:00Z"),
        ("-2W", "2026-11-06T15:00:00Z"),
        ("-1mo", "2026-10-21T15:00:00Z"),
        ("-1y", "2025-11-20T15:00:00Z"),
    ],
)
def test_a_day_a_time_or_a_step_is_meant_in_ones_own_zone(text: str, meant: str) -> None:
    assert moment_meant(text.split(), HERE, BERLIN) == datetime.fromisoformat(meant)


@pytest.mark.parametrize("text", ["", "yesterday", "25:00", "2026-13-01", "-3q", "3d", "-999999d"])
def test_what_is_no_moment_is_told_with_examples(text: str) -> None:
    with pytest.raises(Invalid, match="is no moment") as error:
        moment_meant(text.split(), HERE, UTC)
    assert "-3d" in error.value.next


def test_nothing_is_before_there_were_prices() -> None:
    assert moment_meant(["-99999d"], HERE, UTC) == EARLIEST
    assert moment_meant(["-5000y"], EARLIEST, UTC) == EARLIEST
    assert moment_meant(["1066-10-14"], HERE, UTC) == EARLIEST


def test_a_stood_clock_stands_and_still_counts() -> None:
    real = FakeClock()
    clock = StoodClock(HERE, real)
    assert clock.now() == HERE
    assert clock.monotonic() == real.monotonic()
