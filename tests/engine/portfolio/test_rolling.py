"""Measures over a moving window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tio.api.errors import Invalid
from tio.engine.portfolio.against import beta
from tio.engine.portfolio.measures import sharpe, volatility
from tio.engine.portfolio.returns import Floats, linked
from tio.engine.portfolio.rolling import (
    rolling_beta,
    rolling_return,
    rolling_sharpe,
    rolling_volatility,
)

BASIS_POINTS = st.integers(-1000, 1000).map(lambda points: points / 10_000)
MOVES = arrays(np.float64, 30, elements=BASIS_POINTS)


@given(MOVES, MOVES, st.integers(2, 30))
def test_each_value_is_that_of_its_window(returns: Floats, market: Floats, window: int) -> None:
    told = (
        rolling_return(returns, window),
        rolling_volatility(returns, window),
        rolling_sharpe(returns, window, 0.02),
        rolling_beta(returns, market, window),
    )
    for day in range(30):
        part = slice(day - window + 1, day + 1)
        if day < window - 1:
            assert all(np.isnan(column[day]) for column in told)
            continue
        own, other = returns[part], market[part]
        whole = (linked(own), volatility(own), sharpe(own, 0.02), beta(own, other))
        for column, expected in zip(told, whole, strict=True):
            assert column[day] == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)


def test_later_days_change_no_earlier_value() -> None:
    returns = np.random.default_rng(3).normal(0, 0.01, 80)

    for rolling in (rolling_return, rolling_volatility, rolling_sharpe):
        part, whole = rolling(returns[:50], 20), rolling(returns, 20)
        assert np.array_equal(part, whole[:50], equal_nan=True)


def test_a_window_with_a_hole_is_nan_and_those_after_it_are_not() -> None:
    returns = np.full(10, 0.01)
    returns[4] = np.inf

    assert (
        np.isnan(rolling_return(returns, 3)).tolist()
        == [True] * 2 + [False] * 2 + [True] * 3 + [False] * 3
    )


def test_fewer_days_than_the_window_are_all_nan() -> None:
    short = np.array([0.01, 0.02])

    assert np.isnan(rolling_return(short, 3)).tolist() == [True, True]
    assert np.isnan(rolling_volatility(short, 3)).all()
    assert np.isnan(rolling_sharpe(short, 3)).all()
    assert np.isnan(rolling_beta(short, short, 3)).all()
    assert len(rolling_return(np.empty(0), 3)) == 0


def test_a_window_too_short_is_refused() -> None:
    with pytest.raises(Invalid, match="a window of 1 days is too short, it needs 2"):
        rolling_volatility(np.zeros(5), 1)
    with pytest.raises(Invalid, match="a window of 0 days"):
        rolling_return(np.zeros(5), 0)
