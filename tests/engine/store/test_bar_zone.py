from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.series import instant
from tio.engine.store.bar_zone import LocalClock

ZONES = ("America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe", "UTC")


def shown(at: datetime, zone: str) -> int:
    """µs of what the zone's clock shows."""
    return instant(at.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC))


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(1980, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 — made aware below
    st.sampled_from((1, 5, 30)),
)
def test_any_run_of_bars_comes_back_to_utc(zone: str, start: datetime, step: int) -> None:
    first = start.replace(second=0, microsecond=0, tzinfo=UTC)
    times = [first + timedelta(minutes=step * n) for n in range(200)]
    clock = LocalClock(zone)
    found = [clock.utc(shown(at, zone)) for at in times]
    wanted = [instant(at) for at in times]
    before = [at for at in times if shown(at, zone) == shown(first, zone)]
    # A run that begins inside a repeated hour cannot know it is the second time.
    if len(before) == 1 and first.astimezone(ZoneInfo(zone)).fold == 0:
        assert found == wanted


@pytest.mark.parametrize(
    "day", [datetime(2024, 3, 10, tzinfo=UTC), datetime(2024, 11, 3, tzinfo=UTC)]
)
def test_the_hours_of_a_change_are_exact(day: datetime) -> None:
    times = [day + timedelta(minutes=15 * n) for n in range(-8, 120)]
    clock = LocalClock("America/New_York")
    assert [clock.utc(shown(at, "America/New_York")) for at in times] == [instant(t) for t in times]


def test_a_skipped_time_is_none() -> None:
    clock = LocalClock("Europe/London")
    assert clock.utc(instant(datetime(2024, 3, 31, 1, 30, tzinfo=UTC))) is None
    assert clock.utc(instant(datetime(2024, 3, 31, 2, 0, tzinfo=UTC))) == instant(
        datetime(2024, 3, 31, 1, 0, tzinfo=UTC)
    )


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "America", "\0"])
def test_no_such_zone_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="no time zone"):
        LocalClock(name)
