"""A series at a chart's slots: shifted, shorter than its bars, with all its extremes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.draw.blocks import cuts
from tio.draw.sampled import extent, halves_each, last_each, single

VALUES = np.arange(10.0)


def test_a_shift_draws_values_ahead_or_back() -> None:
    bounds = np.arange(11, dtype=np.int64)
    assert last_each(VALUES, bounds, 3) == pytest.approx(
        [np.nan] * 3 + [0, 1, 2, 3, 4, 5, 6], nan_ok=True
    )
    assert last_each(VALUES, bounds, -3) == pytest.approx(
        [3, 4, 5, 6, 7, 8, 9] + [np.nan] * 3, nan_ok=True
    )


def test_slots_beyond_the_series_are_missing() -> None:
    bounds = np.arange(6, 15, dtype=np.int64)
    assert last_each(VALUES, bounds) == pytest.approx([6, 7, 8, 9] + [np.nan] * 4, nan_ok=True)
    assert np.isnan(last_each(VALUES, np.array([20, 25, 30]))).all()


def test_a_slot_of_many_bars_has_the_last_known() -> None:
    assert last_each(np.array([1.0, 2.0, np.nan, 4.0]), np.array([0, 3, 4])).tolist() == [2.0, 4.0]


@settings(max_examples=60, deadline=None)
@given(st.integers(10, 40_000), st.integers(2, 200), st.integers(-500, 500), st.integers(0, 5))
def test_no_extreme_is_lost(count: int, columns: int, shift: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(0, 1, count)
    bounds = cuts(0, count, columns)
    first, low, high, last = halves_each(values, bounds)
    assert len(low) == 2 * (len(bounds) - 1)
    assert (low.min(), high.max()) == (values.min(), values.max())
    assert (low <= first).all()
    assert (last <= high).all()
    moved = halves_each(values, bounds, shift)
    assert moved.shape == (4, len(low))
    assert np.nanmax(moved[2], initial=-np.inf) <= values.max()


def test_a_slot_of_one_bar_has_it_in_both_halves() -> None:
    parts = halves_each(np.array([5.0, 1.0, 9.0]), np.array([0, 1, 3]))
    assert parts[:, :2].tolist() == [[5.0, 5.0]] * 4
    assert parts[1:3, 2:].tolist() == [[1.0, 9.0], [1.0, 9.0]]


def test_the_extent_is_of_what_is_in_sight() -> None:
    values = np.array([100.0, 1.0, 5.0, np.nan, 3.0, -50.0])
    assert extent(values, np.array([1, 2, 3, 5])) == (1.0, 5.0)
    assert np.isnan(extent(values, np.array([8, 9]))).all()
    assert extent(values, np.array([2, 4]), 1) == (1.0, 5.0)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 90_000), st.integers(1, 90_000), st.integers(0, 5))
def test_the_extent_of_a_long_stretch_is_that_of_its_values(
    start: int, count: int, seed: int
) -> None:
    values = np.random.default_rng(seed).normal(0, 1, 90_000)
    values[::7] = np.nan
    end = min(start + count, 90_000)
    if end - start < 8:
        return
    part = values[start:end]
    assert extent(values, np.array([start, end])) == (np.nanmin(part), np.nanmax(part))


def test_single_tells_a_bar_a_slot() -> None:
    assert single(np.array([3, 4, 5]))
    assert not single(np.array([3, 5, 6]))
    assert not single(np.array([3]))
