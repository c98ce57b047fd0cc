"""Prices of different calendars: only what both have, nothing made up."""

import numpy as np
import pytest

from tio.engine.risk.paired import Prices, together

EVERY_DAY = Prices(np.arange(10), np.exp(np.arange(10.0)))
WORKDAYS = Prices(np.array([0, 1, 4, 5, 6, 9]), np.array([1.0, 2.0, 4.0, 4.0, 2.0, 1.0]))


def test_returns_span_from_one_common_day_to_the_next() -> None:
    found = together((EVERY_DAY, WORKDAYS))
    assert found.time.tolist() == [1, 4, 5, 6, 9]
    assert found.start == 0
    assert found.returns[:, 0] == pytest.approx([1, 3, 1, 1, 3])
    assert found.returns[:, 1] == pytest.approx(np.log([2, 2, 1, 0.5, 0.5]))


def test_the_window_holds_the_newest() -> None:
    found = together((EVERY_DAY, WORKDAYS), 2)
    assert (found.start, found.time.tolist()) == (5, [6, 9])


def test_prices_that_are_none_are_left_out() -> None:
    holed = Prices(np.arange(5), np.array([1.0, np.nan, -3.0, 0.0, 2.0]))
    found = together((EVERY_DAY, holed))
    assert found.time.tolist() == [4]
    assert found.returns.tolist() == [[4.0, np.log(2.0)]]


def test_nothing_in_common_is_no_return() -> None:
    found = together((EVERY_DAY, Prices(np.array([20, 21]), np.array([1.0, 2.0]))))
    assert found.returns.shape == (0, 2)
    assert found.start is None
