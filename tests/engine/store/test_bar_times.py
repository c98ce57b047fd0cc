from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.series import instant
from tio.engine.store.bar_times import Moment, monday_of, month_of, parse

AT = datetime(2024, 2, 29, 14, 5, 0, tzinfo=UTC)
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-29 14:05",
        "2024-02-29T14:05:00.000",
        "2024/02/29 14:05:00",
        "2024.02.29 14:05",
        "20240229 14:05",
        "20240229 140500",
        "20240229T1405",
        "29.02.2024 14:05",
        "29/02/2024 2:05 PM",
        "2/29/2024 2:05:00 pm",
        "02-29-24 14:05",
        "Feb 29, 2024 14:05",
        "29-Feb-2024 14:05:00",
        "29 February 2024 14:05",
    ],
)
def test_each_way_to_write_a_time_is_read(text: str) -> None:
    assert parse([text]) == [Moment(instant(AT), None)]


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2024-02-29T14:05:00Z", 0),
        ("2024-02-29 14:05:00 UTC", 0),
        ("2024-02-29 14:05:00-05:00", -5 * HOUR),
        ("2024/02/29 14:05 +0530", 5 * HOUR + HOUR // 2),
    ],
)
def test_a_said_offset_is_kept(text: str, offset: int) -> None:
    assert parse([text]) == [Moment(instant(AT), offset)]


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-02-30", "2024-13-01", "25:00", "2024-02-29 24:01", "29/02/2023",
     "2024-02-29 13:05 PM", "Foo 2, 2024", "1e9"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert parse([text, "2024-02-29", "2024-03-01"])[0] is None


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 — made aware below
    st.sampled_from([(1, 1_000_000), (1_000, 1_000), (1_000_000, 1), (1_000_000_000, 1)]),
)
def test_unix_times_of_any_unit_are_exact(at: datetime, unit: tuple[int, int]) -> None:
    per_second, grain = unit
    micros = instant(at.replace(tzinfo=UTC)) // grain * grain
    text = str(micros * per_second // 1_000_000)
    assert parse([text, text]) == [Moment(micros, 0)] * 2


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 — made aware below
def test_weeks_and_months_begin_where_the_calendar_says(at: datetime) -> None:
    aware = at.replace(tzinfo=UTC)
    day = aware.replace(hour=0, minute=0, second=0, microsecond=0)
    assert monday_of(instant(aware)) == instant(day - timedelta(days=day.weekday()))
    assert month_of(instant(aware)) == instant(day.replace(day=1))


@given(
    st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 — made aware below
    st.integers(-14 * 4, 14 * 4),
)
def test_iso_round_trips(at: datetime, quarters: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    (found,) = parse([aware.isoformat()])
    assert found is not None
    assert found.offset is not None
    assert found.written - found.offset == instant(aware)
