"""Measures against a benchmark."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tio.api.errors import Invalid
from tio.engine.portfolio.against import (
    alpha,
    beta,
    correlation,
    down_capture,
    information_ratio,
    tracking_error,
    up_capture,
)
from tio.engine.portfolio.measures import annual_return, daily_rate, volatility
from tio.engine.portfolio.returns import Floats

Measure = Callable[[Floats, Floats], float]
MARKET = np.array([0.01, -0.02, 0.015, 0.0, -0.005, 0.02])
ALL: list[Measure] = [
    alpha,
    beta,
    correlation,
    down_capture,
    information_ratio,
    tracking_error,
    up_capture,
]


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_twice_the_market_and_a_little_has_beta_two_and_that_alpha() -> None:
    own = 2 * MARKET + 0.001

    assert beta(own, MARKET) == near(2)
    assert alpha(own, MARKET) == near(1.001**252 - 1)
    assert correlation(own, MARKET) == near(1)
    assert correlation(-own, MARKET) == near(-1)


def test_alpha_is_over_the_risk_free_rate() -> None:
    rate = daily_rate(0.04)
    own = rate + 0.5 * (MARKET - rate)

    assert alpha(own, MARKET, 0.04) == near(0)
    assert alpha(own, MARKET) > 0.01


def test_the_market_beside_itself_captures_all_and_errs_by_nothing() -> None:
    assert up_capture(MARKET, MARKET) == near(1)
    assert down_capture(MARKET, MARKET) == near(1)
    assert tracking_error(MARKET, MARKET) == 0
    assert np.isnan(information_ratio(MARKET, MARKET))


def test_the_tracking_error_is_the_volatility_of_the_difference() -> None:
    own = MARKET[::-1].copy()

    assert tracking_error(own, MARKET) == near(volatility(own - MARKET))
    ahead = own + 0.001
    assert information_ratio(ahead, MARKET) == near(0.001 * 252 / tracking_error(own, MARKET))


def test_capture_is_by_the_mean_day() -> None:
    own = np.array([0.02, 0.03, -0.01])
    market = np.array([0.01, 0.02, -0.02])

    up = (1.02 * 1.03) ** 0.5 - 1
    assert up_capture(own, market) == near(up / ((1.01 * 1.02) ** 0.5 - 1))
    assert down_capture(own, market) == near(0.5)


@pytest.mark.parametrize("measure", ALL)
def test_too_few_days_tell_nothing(measure: Measure) -> None:
    assert np.isnan(measure(np.empty(0), np.empty(0)))
    assert np.isnan(measure(np.array([0.01, np.nan]), np.array([np.nan, 0.01])))


@pytest.mark.parametrize("measure", [beta, alpha, correlation])
def test_a_benchmark_that_never_moved_tells_nothing(measure: Measure) -> None:
    assert np.isnan(measure(MARKET, np.full(6, 0.001)))


@pytest.mark.parametrize("measure", ALL)
def test_a_day_missing_in_either_is_left_out_of_both(measure: Measure) -> None:
    own = MARKET[::-1] + 0.001
    holed = np.concatenate(([np.nan, 0.5], own))
    market = np.concatenate(([0.5, np.nan], MARKET))

    assert measure(holed, market) == measure(own, MARKET)


@pytest.mark.parametrize("measure", ALL)
def test_series_of_different_lengths_are_refused(measure: Measure) -> None:
    with pytest.raises(Invalid, match="6 returns came with 5 of the benchmark"):
        measure(MARKET, MARKET[1:])


BASIS_POINTS = st.integers(-1000, 1000).map(lambda points: points / 10_000)
MOVES = st.integers(3, 40).flatmap(
    lambda count: st.tuples(*(arrays(np.float64, count, elements=BASIS_POINTS) for _ in range(2)))
)


@given(MOVES, st.floats(-3, 3))
def test_beta_adds_up(series: tuple[Floats, Floats], gear: float) -> None:
    own, market = series
    if np.std(market) > 1e-4:
        assert beta(own + gear * market, market) == pytest.approx(
            beta(own, market) + gear, abs=1e-9
        )
        assert -1 - 1e-12 <= np.nan_to_num(correlation(own, market)) <= 1 + 1e-12


def test_annual_figures_are_of_252_days_unless_said() -> None:
    assert tracking_error(MARKET, MARKET[::-1].copy(), 365) > tracking_error(
        MARKET, MARKET[::-1].copy()
    )
    assert annual_return(MARKET, 365) > annual_return(MARKET)
