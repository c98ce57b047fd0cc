"""Levels of sessions and months, by hand."""

from math import nan

import numpy as np
import pytest
from indicator_bars import BEGIN, HOUR, walk

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec
from tio.engine.store.columns import Columns

MINUTE = 60_000_000
TWO = Columns.of(
    [BEGIN, BEGIN + HOUR, BEGIN + 2 * HOUR],
    [95.0, 97.0, 102.0],
    [101.0, 110.0, 104.0],
    [90.0, 96.0, 101.0],
    [97.0, 100.0, 103.0],
    [1.0, 1.0, 1.0],
)
"""A session of two bars, 95 110 90 100, and the first bar of the next, opened at 102."""
SESSION = np.array([1, 1, 2])


def last(columns: dict[str, Floats]) -> list[float]:
    return [float(column[-1]) for column in columns.values()]


@pytest.mark.parametrize(
    ("school", "levels"),
    [
        ("standard", (100, 110, 120, 130, nan, 90, 80, 70, nan)),
        ("fibonacci", (100, 107.64, 112.36, 120, nan, 92.36, 87.64, 80, nan)),
        ("camarilla", (100, 101.83333333, 103.66666667, 105.5, 111, 98.16666667, 96.33333333,
                       94.5, 89)),
        ("woodie", (101, 112, 121, 132, nan, 92, 81, 72, nan)),
        ("demark", (102.5, 115, nan, nan, nan, 95, nan, nan, nan)),
    ],
)  # fmt: skip
def test_a_school_reckons_its_levels_from_the_session_before(
    school: str, levels: tuple[float, ...]
) -> None:
    columns = compute(TWO, Spec("pivots", {"school": school}), session=SESSION)

    assert last(columns) == pytest.approx(levels, rel=1e-8, nan_ok=True)
    assert all(np.isnan(column[:2]).all() for column in columns.values())


def test_the_prior_sessions_prices_stand_through_the_next() -> None:
    assert last(compute(TWO, Spec("prior_session"), session=SESSION)) == [95, 110, 90, 100]


def test_a_month_ends_where_utc_says() -> None:
    bars = walk(24 * 40)
    months = bars.time.astype("datetime64[us]").astype("datetime64[M]")
    begin = int(np.flatnonzero(months != months[0])[0])
    columns = compute(bars, Spec("monthly_pivots"))["p"]

    high, low, close = bars.high[:begin].max(), bars.low[:begin].min(), bars.close[begin - 1]
    assert np.isnan(columns[:begin]).all()
    assert columns[begin] == pytest.approx((high + low + close) / 3)


def test_the_opening_range_is_told_when_its_minutes_are_over() -> None:
    bars = walk(8)
    time = BEGIN + np.array([0, 10, 20, 30, 40, 600, 610, 640]) * MINUTE
    bars = Columns.of(time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    columns = compute(bars, Spec("opening_range"), session=np.array([1] * 5 + [2] * 3))

    assert np.isnan(columns["high"][[0, 1, 2, 5, 6]]).all()
    assert columns["high"][[3, 4]].tolist() == [bars.high[:3].max()] * 2
    assert columns["low"][7] == bars.low[5:7].min()


def test_a_fractal_is_told_at_the_bar_that_confirms_it() -> None:
    high = np.array([1.0, 2.0, 5.0, 3.0, 2.0, 2.0, 2.0])
    bars = Columns.of(BEGIN + np.arange(7) * HOUR, high, high, high - 1, high, high)
    columns = compute(bars, Spec("fractals"))

    assert np.flatnonzero(~np.isnan(columns["high"])).tolist() == [4]
    assert columns["high"][4] == 5.0
    assert np.isnan(columns["low"]).all()
