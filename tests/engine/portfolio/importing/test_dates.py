"""Dates as brokers write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.dates import Order, moment, order_of

NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "text",
    [
        "20240103",
        "2024-01-03",
        "2024/1/3",
        "3.1.2024",
        "01/03/2024",
        "1/3/24",
        "03-JAN-24",
        "3 January 2024",
        "Jan-03-2024",
        "Jan 3, 2024",
    ],
)
def test_a_bare_date_is_the_end_of_that_day_in_the_zone(text: str) -> None:
    assert moment(text, NEW_YORK, Order.month_first) == datetime(2024, 1, 4, 4, 59, 59, 999999, UTC)


@pytest.mark.parametrize(
    "text",
    [
        "20240103;093001",
        "2024-01-03, 09:30:01",
        "2024-01-03 09:30:01",
        "2024-01-03T14:30:01Z",
        "2024-01-03 09:30:01 EST",
        "01/03/2024 9:30:01 AM",
        "2024-01-03T15:30:01+01:00",
        "2024-01-03 15:30:01 Europe/Berlin",
    ],
)
def test_a_time_is_of_the_zone_unless_it_names_one(text: str) -> None:
    assert moment(text, NEW_YORK, Order.month_first) == datetime(2024, 1, 3, 14, 30, 1, tzinfo=UTC)


def test_parts_of_seconds_are_kept() -> None:
    at = moment("2026-03-06T10:24:44.069415Z", NEW_YORK)
    assert at == datetime(2026, 3, 6, 10, 24, 44, 69415, UTC)


def test_noon_and_midnight_by_the_twelve_hour_clock() -> None:
    utc = ZoneInfo("UTC")
    assert moment("2024-01-03 12:00 AM", utc).hour == 0
    assert moment("2024-01-03 12:00 PM", utc).hour == 12


def test_a_file_tells_the_order_of_its_dates_by_one_that_can_only_be_of_it() -> None:
    assert order_of(["01/02/2024", "13/02/2024"]) is Order.day_first
    assert order_of(["01/02/2024", "02/13/2024"]) is Order.month_first
    assert order_of(["01/02/2024", "2024-01-13", ""]) is None
    with pytest.raises(Invalid, match="begin with the day and some with the month"):
        order_of(["13/02/2024", "02/13/2024"])


def test_an_order_that_is_not_known_is_not_guessed() -> None:
    with pytest.raises(Invalid, match="whether 1/2 names the day or the month first"):
        moment("01/02/2024", NEW_YORK)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2024-13-01", "2024-02-30", "31/31/2024", "2024-01-03 25:00", "20240103x"]
    + ["1899-12-31", "0000-01-01", "2024-01-03 09:30:01 XYZ", "2024-01-03 13:00 PM", "9999-12-31"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="date"):
        moment(text, NEW_YORK, Order.month_first)


@given(st.dates(date(1901, 1, 1), date(2199, 12, 30)), st.sampled_from(["%Y-%m-%d", "%Y%m%d"]))
def test_a_day_ends_a_microsecond_before_the_next_begins(day: date, pattern: str) -> None:
    at = moment(day.strftime(pattern), NEW_YORK)
    following = (at + timedelta(microseconds=1)).astimezone(NEW_YORK)
    assert following.date() == day + timedelta(days=1)
    assert (following.hour, following.minute, following.second) == (0, 0, 0)
