"""Axes are labelled at round prices and where the calendar changes."""

from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tio.api.market import Timeframe
from tio.draw.axes import (
    price_ticks,
    round_step,
    session_breaks,
    time_label,
    time_ticks,
)
from tio.draw.scale import Kind, Scale, scale_over

NEW_YORK = ZoneInfo("America/New_York")


def every(step: timedelta, count: int, start: datetime) -> NDArray[Any]:
    first = int(start.timestamp() * 1e6)
    return first + np.arange(count, dtype=np.int64) * int(step.total_seconds() * 1e6)


def sessions(days: int, bars: int = 78) -> NDArray[Any]:
    """Five-minute bars from 9:30 New York on working days from Monday 2 November 2020 on."""
    opens = [
        datetime(2020, 11, 2, 9, 30, tzinfo=NEW_YORK) + timedelta(days=d) for d in range(days * 2)
    ]
    working = [day for day in opens if day.weekday() < 5][:days]
    return np.concatenate([every(timedelta(minutes=5), bars, day) for day in working])


def labels(times: NDArray[Any], timeframe: Timeframe, width: int, zone: tzinfo = UTC) -> list[str]:
    return [tick.label for tick in time_ticks(times, timeframe, zone, width)]


@pytest.mark.parametrize(
    ("span", "count", "step"),
    [(10, 5, 2), (10, 4, 2.5), (10, 10, 1), (0.9, 4, 0.25), (7000, 3, 2500), (10, 1, 10)],
)
def test_steps_are_round(span: float, count: int, step: float) -> None:
    assert round_step(span, count) == pytest.approx(step)


def test_prices_are_round_and_top_down() -> None:
    ticks = price_ticks(Scale(272.3, 352.1, 24), 2)
    assert [tick.label for tick in ticks] == ["340.00", "320.00", "300.00", "280.00"]
    assert [tick.row for tick in ticks] == sorted(tick.row for tick in ticks)


def test_decimals_are_the_instruments() -> None:
    assert price_ticks(Scale(1.08, 1.09, 12), 4)[0].label == "1.0900"
    assert price_ticks(Scale(60_000, 66_000, 12), 1)[0].label == "66,000.0"


def test_a_wide_log_scale_is_labelled_by_powers() -> None:
    ticks = price_ticks(Scale(0.9, 1100, 40, "log"), 0)
    assert [tick.label for tick in ticks if tick.price in (1, 10, 100, 1000)] == [
        "1,000",
        "100",
        "10",
        "1",
    ]


def test_percent_is_of_the_base() -> None:
    ticks = price_ticks(Scale(90, 120, 12, "percent", 100.0), 2)
    assert [tick.label for tick in ticks] == ["+20.00%", "+10.00%", "0.00%", "−10.00%"]


def test_days_of_an_intraday_chart_are_named() -> None:
    named = labels(sessions(5), Timeframe.m5, 390, NEW_YORK)
    days = [label for label in named if ":" not in label]
    assert days == ["Mon 2", "Tue 3", "Wed 4", "Thu 5", "Fri 6"]
    assert "12:00" in named


def test_a_chart_inside_one_day_says_which_day() -> None:
    first, *others = labels(sessions(1), Timeframe.m5, 78, NEW_YORK)
    assert first == "Mon 2 10:00"
    assert others
    assert all(":" in label for label in others)


def test_times_are_of_the_zone_and_follow_its_summer_time() -> None:
    march = every(timedelta(hours=1), 48, datetime(2021, 3, 27, 12, tzinfo=UTC))
    before, after = march[0], march[-1]
    berlin = ZoneInfo("Europe/Berlin")
    assert time_label(int(before), Timeframe.h1, berlin) == "Sat 27 Mar 13:00"
    assert time_label(int(after), Timeframe.h1, berlin) == "Mon 29 Mar 13:00"


def test_daily_bars_keep_their_session_date_in_every_zone() -> None:
    days = every(timedelta(days=1), 70, datetime(2020, 12, 1, tzinfo=UTC))
    for zone in (UTC, NEW_YORK, ZoneInfo("Asia/Tokyo")):
        named = labels(days, Timeframe.d1, 70, zone)
        assert "2021" in named
        assert "Feb" in named
    assert time_label(int(days[0]), Timeframe.d1, NEW_YORK) == "Tue 01 Dec 2020"


def test_years_of_days_are_months_and_years() -> None:
    days = every(timedelta(days=1), 800, datetime(2020, 1, 1, tzinfo=UTC))
    columns = np.arange(800) // 8
    found = [tick.label for tick in time_ticks(days, Timeframe.d1, UTC, 100, columns)]
    assert "2021" in found
    assert "Jul" in found
    assert not any(label.isdigit() and len(label) < 4 for label in found)


def test_a_night_is_a_session_break_and_a_missing_bar_is_not() -> None:
    times = sessions(3, 10)
    assert session_breaks(times, Timeframe.m5, NEW_YORK).tolist() == [10, 20]
    assert session_breaks(np.delete(times, 5), Timeframe.m5, NEW_YORK).tolist() == [9, 19]
    tokyo = ZoneInfo("Asia/Tokyo")
    assert session_breaks(times, Timeframe.m5, tokyo).tolist() == [10, 20]


def test_round_the_clock_and_daily_bars_have_no_breaks() -> None:
    hours = every(timedelta(hours=1), 100, datetime(2020, 1, 1, tzinfo=UTC))
    assert not len(session_breaks(hours, Timeframe.h1, UTC))
    days = every(timedelta(days=3), 9, datetime(2020, 1, 1, tzinfo=UTC))
    assert not len(session_breaks(days, Timeframe.d1, UTC))


@given(
    st.sampled_from(list(Timeframe)),
    st.integers(0, 300),
    st.integers(1, 250),
    st.integers(0, 4_000_000_000),
)
def test_labels_stay_inside_and_apart(
    timeframe: Timeframe, count: int, width: int, start: int
) -> None:
    times = start * 1_000_000 + np.arange(count, dtype=np.int64) * timeframe.step
    ticks = time_ticks(times, timeframe, UTC, width)
    end = -2
    for tick in ticks:
        assert tick.start >= end + 2
        end = tick.start + len(tick.label)
        assert end <= width
        assert 0 <= tick.column < width


@given(
    st.floats(1e-6, 1e9),
    st.floats(1.0001, 1000),
    st.integers(1, 80),
    st.sampled_from(["linear", "log", "percent"]),
)
def test_price_labels_stand_on_their_rows(low: float, ratio: float, rows: int, kind: Kind) -> None:
    scale = Scale(low, low * ratio, rows, kind, low)
    ticks = price_ticks(scale, 2)
    assert all(0 <= tick.row < rows and scale.row(tick.price) == tick.row for tick in ticks)
    assert all(b.row - a.row >= 2 for a, b in pairwise(ticks))


def test_no_tick_says_a_price_it_does_not_stand_at() -> None:
    for lo in (103.13, 99.994, 1.0, 7_000.3):
        for span in (0.011, 0.05, 0.19, 0.3, 1.7, 26.0):
            for decimals in (0, 1, 2, 3):
                for rows in (6, 20, 44):
                    scale = scale_over(np.array([lo]), np.array([lo + span]), rows)
                    for tick in price_ticks(scale, decimals):
                        said = float(tick.label.replace(",", ""))
                        assert abs(said - tick.price) < 1e-6, (lo, span, decimals, rows)
