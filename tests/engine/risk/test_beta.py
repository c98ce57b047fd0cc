"""Slopes against numpy, components that add up to the whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.engine.risk.beta import beta, parts, portfolio_beta
from tio.engine.risk.estimates import Floats, moments
from tio.engine.risk.value_at_risk import normal

BOOKS = st.tuples(st.integers(1, 8), st.integers(0, 2**32 - 1))


def book(of: tuple[int, int]) -> tuple[list[str], Floats, Floats]:
    """Symbols, weights long and short, 60 days of returns."""
    size, seed = of
    rng = np.random.default_rng(seed)
    returns = rng.normal(0.0005, 0.01, (60, size)) + rng.normal(0, 0.01, (60, 1))
    return [f"S{n}" for n in range(size)], rng.normal(0.3, 0.5, size), returns


def test_the_slope_and_its_error_are_scipys() -> None:
    rng = np.random.default_rng(4)
    market = rng.normal(0, 0.01, 120)
    own = 1.3 * market + rng.normal(0, 0.005, 120)
    found = beta(own, market)
    assert found is not None
    slope, _ = np.polyfit(market, own, 1)
    assert found.value == pytest.approx(slope, rel=1e-9)
    # scipy.stats.linregress(market, own): stderr and rvalue squared, 1.17
    assert found.error == pytest.approx(0.047763534716270865, rel=1e-9)
    assert found.explained == pytest.approx(0.8457378395142144, rel=1e-9)
    assert found.returns == 120


def test_a_market_has_a_beta_of_one_to_itself_and_days_without_a_return_do_not_count() -> None:
    market = np.random.default_rng(4).normal(0, 0.01, 50)
    holed = market.copy()
    holed[7] = np.nan
    found = beta(holed, market)
    assert found is not None
    assert found.value == pytest.approx(1.0)
    assert found.returns == 49


def test_too_few_days_or_a_still_market_tell_no_beta() -> None:
    market = np.random.default_rng(4).normal(0, 0.01, 50)
    assert beta(market[:29], market[:29]) is None
    assert beta(market, np.full(50, 0.1)) is None


def test_cash_weighs_in_with_none() -> None:
    assert portfolio_beta([0.5, 0.25, 0.25], [1.2, 2.0, 0.0]) == pytest.approx(1.1)


@given(BOOKS, st.floats(0.51, 0.999))
def test_components_add_up_to_the_whole(of: tuple[int, int], confidence: float) -> None:
    symbols, weights, returns = book(of)
    found = parts(symbols, weights, returns, confidence)
    assert found is not None
    whole, _ = normal(moments(returns @ weights), confidence)
    assert found.value_at_risk == pytest.approx(whole, rel=1e-9, abs=1e-12)
    assert sum(part.component for part in found.parts) == pytest.approx(whole, rel=1e-9, abs=1e-12)


@given(BOOKS)
def test_a_marginal_is_what_one_more_bit_adds(of: tuple[int, int]) -> None:
    symbols, weights, returns = book(of)
    found = parts(symbols, weights, returns)
    assert found is not None
    step = np.zeros(len(weights))
    step[0] = 1e-6
    more, less = parts(symbols, weights + step, returns), parts(symbols, weights - step, returns)
    assert more is not None
    assert less is not None
    slope = (more.value_at_risk - less.value_at_risk) / 2e-6
    assert found.parts[0].marginal == pytest.approx(slope, rel=1e-3, abs=1e-5)


def test_a_hedge_takes_risk_away() -> None:
    rng = np.random.default_rng(1)
    stock = rng.normal(0, 0.02, 300)
    found = parts(["STOCK", "PUT"], np.array([1.0, 0.2]), np.column_stack([stock, -stock]))
    assert found is not None
    assert found.parts[1].component < 0 < found.parts[0].component


def test_nothing_held_risks_nothing() -> None:
    found = parts(["A"], np.zeros(1), np.random.default_rng(1).normal(size=(40, 1)))
    assert found is not None
    assert found.value_at_risk == 0


def test_parts_need_days_all_share() -> None:
    returns = np.full((40, 2), 0.01)
    assert parts(["A", "B"], np.ones(2), returns[:29]) is None
    returns[3, 1] = np.nan
    with pytest.raises(Invalid, match="every position has a return"):
        parts(["A", "B"], np.ones(2), returns)
