"""Renko bricks and range bars by hand."""

import numpy as np
from indicator_bars import walk

from tio.engine.indicators.bricks import range_bars, renko
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec


def test_a_brick_is_laid_for_each_size_and_a_turn_takes_two() -> None:
    laid = renko(np.array([100.0, 103.0, 102.5, 101.5, 100.9, 99.5]), 1.0)

    assert laid.at.tolist() == [1, 1, 1, 4, 5]
    assert laid.open.tolist() == [100, 101, 102, 102, 101]
    assert laid.close.tolist() == [101, 102, 103, 101, 100]


def test_a_range_bar_ends_at_its_size_and_the_next_begins_there() -> None:
    laid = range_bars(np.array([100.0, 101.0, 100.5, 102.5, 99.0]), 2.0)

    assert laid.at.tolist() == [3, 4]
    assert laid.close.tolist() == [102, 100.5]


def test_the_newest_brick_stands_until_the_next_and_the_count_is_the_bars() -> None:
    bars = walk(300, seed=2, step=0.02)
    laid = renko(bars.close, 3.0)
    columns = compute(bars, Spec("renko", {"size": 3.0}))

    made = np.bincount(laid.at, minlength=300)
    assert columns["made"].tolist() == made.tolist()
    assert columns["close"][-1] == laid.close[-1]
    assert len(laid.at) > 20


def test_no_close_makes_no_brick() -> None:
    assert len(renko(np.empty(0), 1.0).at) == len(range_bars(np.empty(0), 1.0).at) == 0
