"""Moments among bars and back, and prices snapped to a bar's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.draw.columns import Columns
from tio.screens.widgets.drawing_places import bar_of, snapped, time_of

STEP = 60
TIMES = np.array([0, 60, 120, 600, 660], np.int64)


@pytest.mark.parametrize(
    ("at", "bar"),
    [(0, 0.0), (90, 1.5), (360, 2.5), (660, 4.0), (720, 5.0), (-120, -2.0)],
)
def test_a_moment_falls_between_bars_or_beyond_either_end(at: int, bar: float) -> None:
    assert bar_of(TIMES, STEP, at) == bar
    assert time_of(TIMES, STEP, bar) == at


@given(
    st.lists(st.integers(1, 10**9), min_size=1, max_size=30),
    st.integers(-(10**10), 10**11),
)
def test_a_moment_comes_back_from_its_bar(gaps: list[int], at: int) -> None:
    times = np.cumsum(np.array(gaps, np.int64))
    assert abs(time_of(times, 1_000, bar_of(times, 1_000, at)) - at) <= 1 + abs(at) * 1e-12


def bars() -> Columns:
    one = [np.array([price]) for price in (10.0, 14.0, 8.0, 10.0, 1.0)]
    return Columns(np.array([0], np.int64), *one)


@pytest.mark.parametrize(
    ("price", "next_one"), [(9.2, 10.0), (30.0, 14.0), (8.0, 10.0), (10.0, 14.0), (14.0, 8.0)]
)
def test_a_price_snaps_to_the_nearest_then_to_the_next(price: float, next_one: float) -> None:
    assert snapped(bars(), 0, price) == next_one
