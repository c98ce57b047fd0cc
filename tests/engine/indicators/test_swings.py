"""ZigZag: its line, and when each turn was known."""

import numpy as np
from indicator_bars import BEGIN, HOUR

from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Floats, Spec
from tio.engine.store.columns import Columns


def of(prices: list[float]) -> dict[str, Floats]:
    column = np.array(prices)
    time = BEGIN + np.arange(len(prices)) * HOUR
    bars = Columns.of(time, column, column, column, column, column)
    return compute(bars, Spec("zigzag", {"percent": 10.0}))


def test_a_turn_is_confirmed_where_prices_came_back_by_the_share() -> None:
    found = of([100, 105, 120, 115, 107, 100, 104, 111])

    known = np.flatnonzero(~np.isnan(found["confirmed"])).tolist()
    assert [(at, found["confirmed"][at]) for at in known] == [(2, 100), (4, 120), (7, 100)]


def test_the_line_goes_straight_from_turn_to_turn_to_the_newest_extreme() -> None:
    found = of([100, 105, 120, 115, 107, 100, 104, 111])["zigzag"]

    assert found[:3].tolist() == [100, 110, 120]
    assert np.allclose(found[3:6], [120 - 20 / 3, 120 - 40 / 3, 100])
    assert found[6:].tolist() == [105.5, 111]


def test_prices_that_hardly_move_have_no_swing() -> None:
    found = of([100, 101, 102, 101, 100])

    assert all(np.isnan(column).all() for column in found.values())
