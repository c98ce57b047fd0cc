"""Measures of one series of daily returns."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tio.api.errors import Invalid
from tio.engine.portfolio.measures import (
    annual_return,
    daily_rate,
    downside_deviation,
    omega,
    sharpe,
    sortino,
    stability,
    tail_ratio,
    volatility,
)
from tio.engine.portfolio.returns import Floats

Measure = Callable[[Floats], float]
RETURNS = np.array([0.02, -0.01, 0.03, -0.02])
NONE = float("nan")
LEAST: list[tuple[Measure, int]] = [
    (annual_return, 1),
    (volatility, 2),
    (sharpe, 2),
    (downside_deviation, 1),
    (sortino, 2),
    (omega, 1),
    (tail_ratio, 2),
    (stability, 2),
]


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_formulas_are_those_named() -> None:
    spread = math.sqrt(sum((r - 0.005) ** 2 for r in RETURNS.tolist()) / 3)
    short = math.sqrt((0.01**2 + 0.02**2) / 4)

    assert volatility(RETURNS) == near(spread * math.sqrt(252))
    assert sharpe(RETURNS) == near(0.005 / spread * math.sqrt(252))
    assert downside_deviation(RETURNS) == near(short * math.sqrt(252))
    assert sortino(RETURNS) == near(0.005 * 252 / (short * math.sqrt(252)))
    assert omega(RETURNS) == near(0.05 / 0.03)
    assert tail_ratio(RETURNS) == near(0.0285 / 0.0185)
    assert annual_return(RETURNS) == near((1.02 * 0.99 * 1.03 * 0.98) ** 63 - 1)


def test_a_year_of_crypto_has_365_days() -> None:
    assert volatility(RETURNS, 365) / volatility(RETURNS) == near(math.sqrt(365 / 252))


def test_a_rate_is_a_years() -> None:
    rate = daily_rate(0.05)

    assert (1 + rate) ** 252 == near(1.05)
    assert sharpe(RETURNS, 0.05) == near(sharpe(RETURNS - rate))
    assert sortino(RETURNS, 0.05) == near(sortino(RETURNS - rate))
    assert omega(RETURNS, 0.05) == near(omega(RETURNS - rate))


def test_a_rate_that_loses_all_is_refused() -> None:
    with pytest.raises(Invalid, match="-100%"):
        sharpe(RETURNS, -1)


@pytest.mark.parametrize(("measure", "least"), LEAST)
def test_fewer_days_than_needed_tell_nothing(measure: Measure, least: int) -> None:
    assert np.isnan(measure(RETURNS[: least - 1]))
    assert np.isfinite(measure(-RETURNS[:least]))


@pytest.mark.parametrize(("measure", "least"), LEAST)
def test_a_day_that_tells_no_return_is_left_out(measure: Measure, least: int) -> None:
    holed = np.array([NONE, 0.02, -0.01, NONE, 0.03, -0.02, NONE])

    assert measure(holed) == measure(RETURNS)


def test_returns_all_alike_have_no_ratio() -> None:
    same = np.full(10, 1 / 3) * 0.003

    assert volatility(same) == 0
    assert np.isnan(sharpe(same))
    assert np.isnan(sortino(same))
    assert np.isnan(omega(same))
    assert np.isnan(stability(np.zeros(5)))


def test_a_total_loss_is_one_each_year() -> None:
    lost = np.array([0.01, -1.0, 0.5])

    assert annual_return(lost) == -1
    assert np.isnan(stability(lost))


@pytest.mark.parametrize(("measure", "least"), LEAST)
@pytest.mark.parametrize("daily", [1e12, -3.0, 1e-17])
def test_no_size_of_returns_warns(measure: Measure, least: int, daily: float) -> None:
    returns = np.tile([daily, 0.0, -daily / 2], 40)

    assert isinstance(measure(returns), float)
    assert np.isnan(measure(np.full(least, np.inf)))


def test_growth_at_one_rate_is_straight() -> None:
    assert stability(np.full(50, 0.01)) == near(1)


BASIS_POINTS = st.integers(-3000, 3000).map(lambda points: points / 10_000)
MOVES = arrays(np.float64, st.integers(3, 60), elements=BASIS_POINTS)


@given(MOVES, st.floats(0.01, 3))
def test_what_is_geared_keeps_its_ratios(returns: Floats, gear: float) -> None:
    geared = returns * gear

    assert volatility(geared) == pytest.approx(volatility(returns) * gear, abs=1e-10)
    if volatility(returns) > 1e-6:
        assert sharpe(geared) == pytest.approx(sharpe(returns), rel=1e-6, abs=1e-9)
    if downside_deviation(returns) > 1e-6:
        assert sortino(geared) == pytest.approx(sortino(returns), rel=1e-6, abs=1e-9)
        assert omega(geared) == pytest.approx(omega(returns), rel=1e-6, abs=1e-9)


@given(MOVES)
def test_omega_above_one_is_a_mean_above_zero(returns: Floats) -> None:
    if downside_deviation(returns) > 1e-6 and abs(returns.mean()) > 1e-9:
        assert (omega(returns) > 1) == (returns.mean() > 0)
