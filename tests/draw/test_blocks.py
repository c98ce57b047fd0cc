"""Stretches of a long series have the extremes and sums they would have value by value."""

import gc
from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.draw import blocks
from tio.draw.blocks import block_size, cuts, firsts, grouped, lasts, reduced
from tio.draw.columns import Columns
from tio.draw.scale import Floats, Ints

HOWS: tuple[Literal["low", "high", "sum"], ...] = ("low", "high", "sum")


def holed(count: int, seed: int) -> Floats:
    """A walk of which a tenth is missing, and one long stretch."""
    random = np.random.default_rng(seed)
    values = np.cumsum(random.normal(0, 1, count))
    values[random.random(count) < 0.1] = np.nan
    values[count // 3 : count // 3 + count // 10] = np.nan
    return values


def plain(values: Floats, bounds: Ints, how: str) -> list[float]:
    """Value by value."""
    found = []
    for start, end in pairwise(bounds.tolist()):
        part = values[start:end]
        part = part[~np.isnan(part)]
        if not len(part):
            found.append(np.nan)
        else:
            found.append({"low": part.min(), "high": part.max(), "sum": part.sum()}[how])
    return found


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 60_000),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(1, 250),
    st.sampled_from(HOWS),
    st.integers(0, 9),
)
def test_groups_have_the_extremes_of_their_values(
    count: int,
    start: float,
    end: float,
    columns: int,
    how: Literal["low", "high", "sum"],
    seed: int,
) -> None:
    values = holed(count, seed)
    first, last = sorted((int(start * count), int(end * count)))
    if first == last:
        return
    bounds = cuts(first, last, columns)
    assert len(bounds) - 1 <= columns
    assert (bounds[0], bounds[-1]) == (first, last)
    assert (np.diff(bounds) > 0).all()
    assert reduced(values, bounds, how) == pytest.approx(plain(values, bounds, how), nan_ok=True)


def test_empty_stretches_are_missing_wherever_they_are() -> None:
    values = np.arange(64.0 * 256)
    for bounds in (
        [0, 0, 256, 256, 512, 512],
        [16, 16 * 300, 16 * 300, 16 * 600, 16 * 900, 16 * 900],
    ):
        at = np.array(bounds, np.int64)
        assert reduced(values, at, "high") == pytest.approx(plain(values, at, "high"), nan_ok=True)


def test_few_bars_are_a_group_each() -> None:
    assert cuts(5, 9, 10).tolist() == [5, 6, 7, 8, 9]


def test_panning_moves_the_groups_and_does_not_shuffle_them() -> None:
    """Groups that are in sight before and after a step have the same borders."""
    size = block_size(300_000, 200)
    assert size == 16
    before, after = cuts(400_000, 700_000, 200), cuts(400_160, 700_160, 200)
    inside = [edge for edge in before[1:-1].tolist() if 400_160 < edge < 700_000]
    assert set(inside) <= set(after.tolist())


def test_first_and_last_known_values() -> None:
    values = np.array([np.nan, 2.0, 3.0, np.nan, np.nan, np.nan, 7.0])
    bounds = np.array([0, 3, 6, 7])
    assert firsts(values, bounds) == pytest.approx([2.0, np.nan, 7.0], nan_ok=True)
    assert lasts(values, bounds) == pytest.approx([3.0, np.nan, 7.0], nan_ok=True)


def test_grouped_bars_keep_every_extreme_and_all_volume() -> None:
    close = holed(50_000, 3)
    volume = np.arange(50_000.0)
    time = np.arange(50_000, dtype=np.int64) * Timeframe.m1.step
    bars = Columns(time, close, close + 1, close - 1, close, volume)
    shown = grouped(bars, cuts(0, 50_000, 100))
    assert np.nanmax(shown.high) == np.nanmax(bars.high)
    assert np.nanmin(shown.low) == np.nanmin(bars.low)
    assert shown.volume.sum() == volume.sum()


def test_blocks_are_forgotten_with_their_series() -> None:
    values = holed(100_000, 1)
    gc.collect()
    held = len(blocks._ALL)
    reduced(values, cuts(0, 100_000, 50), "high")
    assert len(blocks._ALL) == held + 1
    del values
    gc.collect()
    assert len(blocks._ALL) == held


def test_another_series_at_the_same_place_is_reduced_anew() -> None:
    bounds = cuts(0, 100_000, 50)
    for seed in range(6):
        values = holed(100_000, seed)
        assert reduced(values, bounds, "low") == pytest.approx(
            plain(values, bounds, "low"), nan_ok=True
        )
