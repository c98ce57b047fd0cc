"""Fewer bars, the same extremes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times
from tio.draw.columns import Columns
from tio.draw.downsample import extremes, group_bars, group_last


def bars(count: int) -> Columns:
    at = np.arange(count, dtype=np.float64)
    return Columns(np.arange(count, dtype=np.int64), at, at + 3, at - 2, at + 1, np.ones(count))


def test_a_group_is_one_bar_of_its_bars() -> None:
    grouped = group_bars(bars(6), 2)
    assert grouped.time.tolist() == [0, 3]
    assert grouped.open.tolist() == [0, 3]
    assert grouped.high.tolist() == [5, 8]
    assert grouped.low.tolist() == [-2, 1]
    assert grouped.close.tolist() == [3, 6]
    assert grouped.volume.tolist() == [3, 3]


def test_few_bars_stay_as_they_are() -> None:
    some = bars(4)
    assert group_bars(some, 4) is some


def test_holes_are_skipped() -> None:
    some = bars(4)
    some.open[0] = some.close[3] = some.volume[0] = some.high[0] = np.nan
    grouped = group_bars(some, 2)
    assert grouped.open.tolist() == [1, 2]
    assert grouped.close.tolist() == [2, 3]
    assert grouped.volume.tolist() == [1, 2]
    assert grouped.high.tolist() == [4, 6]


def test_a_group_without_a_value_has_none() -> None:
    assert np.isnan(group_last(np.array([1.0, 2.0, np.nan, np.nan]), 2)).tolist() == [False, True]
    some = bars(4)
    some.volume[:2] = np.nan
    assert np.isnan(group_bars(some, 2).volume).tolist() == [True, False]


@given(
    st.lists(st.one_of(st.floats(-1e9, 1e9), st.just(np.nan)), min_size=1, max_size=80),
    st.integers(1, 20),
)
def test_no_extreme_is_lost(values: list[float], buckets: int) -> None:
    series = np.array(values, np.float64)
    first, low, high, last = extremes(series, buckets)
    assert len(low) == len(high) == min(len(values), buckets) == len(first) == len(last)
    if np.isfinite(series).any():
        assert np.nanmin(low) == np.nanmin(series)
        assert np.nanmax(high) == np.nanmax(series)
        known = series[np.isfinite(series)]
        assert first[np.isfinite(first)][0] == known[0]
        assert last[np.isfinite(last)][-1] == known[-1]


def test_columns_of_engine_bars_share_their_memory() -> None:
    price = Series([1.0, None])
    made = Columns.of(
        Bars(
            symbol="X",
            timeframe=Timeframe.d1,
            time=Times([0, 1]),
            open=price,
            high=price,
            low=price,
            close=price,
        )
    )
    assert made.open[0] == 1.0
    assert np.isnan(made.open[1])
    assert np.isnan(made.volume).all()
    assert len(made[1:]) == 1
