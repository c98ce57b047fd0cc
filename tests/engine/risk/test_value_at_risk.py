"""Value at risk and expected shortfall: closed forms, recorded results of empyrical, invariants."""

import csv
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.portfolio_risk import TailMethod, TailRisk
from tio.engine.risk.distributions import NORMAL, density
from tio.engine.risk.estimates import Floats, Moments
from tio.engine.risk.value_at_risk import (
    bent,
    cornish_fisher,
    historical,
    in_domain,
    least,
    normal,
    summed,
    tail_risk,
)

import recorded

HISTORICAL, NORMALLY, BENT = TailMethod
CONFIDENCES = st.floats(0.51, 0.999)
SHAPES = st.tuples(st.floats(-2.4, 2.4), st.floats(-2.0, 12.0))
SAMPLES = st.lists(st.floats(-0.5, 0.5), min_size=60, max_size=90).map(np.array)


def drawn(count: int, seed: int = 3) -> Floats:
    """Returns with tails a little fat."""
    return np.random.default_rng(seed).standard_t(9, count) * 0.01


def figures(told: TailRisk) -> tuple[float, float]:
    assert told.value_at_risk is not None
    assert told.expected_shortfall is not None
    return told.value_at_risk, told.expected_shortfall


def test_the_worst_of_a_hundred_by_hand() -> None:
    returns = np.arange(-50, 50) / 1_000
    value, shortfall = figures(tail_risk(returns, 0.95))
    assert value == pytest.approx(0.05 - 0.001 * 99 * 0.05)
    assert shortfall == pytest.approx((0.050 + 0.049 + 0.048 + 0.047 + 0.046) / 5)


def test_the_last_return_of_the_tail_counts_by_its_part() -> None:
    returns = np.array([-0.5, -0.3, -0.2, *([0.01] * 22)])
    _, shortfall = historical(returns, 0.9)
    assert shortfall == pytest.approx((0.5 + 0.3 + 0.2 * 0.5) / 2.5)


def test_the_normal_figures_are_the_closed_form() -> None:
    value, shortfall = normal(Moments(1_000, 0.001, 0.02), 0.99)
    assert value == pytest.approx(2.3263478740408408 * 0.02 - 0.001, rel=1e-12)
    # φ(z) / (1 − c) at 99 %: 2.665214220345806
    assert shortfall == pytest.approx(2.665214220345806 * 0.02 - 0.001, rel=1e-12)


def test_without_skewness_and_kurtosis_the_bent_distribution_is_the_normal() -> None:
    of = Moments(1_000, 0.0005, 0.02)
    assert cornish_fisher(of, 0.975) == pytest.approx(normal(of, 0.975), rel=1e-12)


@given(SHAPES, st.floats(0.6, 0.995))
def test_the_bent_shortfall_is_the_integral_of_the_quantile(
    shape: tuple[float, float], confidence: float
) -> None:
    z = NORMAL.inv_cdf(1 - confidence)
    steps = np.linspace(-12, z, 40_001)
    weights = np.exp(-(steps**2) / 2) / np.sqrt(2 * np.pi)
    beyond = np.trapezoid([bent(float(x), *shape) for x in steps] * weights, steps)
    _, shortfall = cornish_fisher(Moments(500, 0.0, 1.0, *shape), confidence)
    assert shortfall == pytest.approx(-float(beyond) / (1 - confidence), rel=1e-5, abs=1e-6)


@given(SHAPES)
def test_the_domain_is_where_the_quantile_never_falls(shape: tuple[float, float]) -> None:
    steps = np.linspace(-60, 60, 24_001)
    quantiles = np.array([bent(float(x), *shape) for x in steps])
    rises = bool((np.diff(quantiles) > -1e-9).all())
    if in_domain(*shape):
        assert rises
    else:
        # What falls only in a sliver between two steps is not seen.
        assume(not rises or not in_domain(shape[0], shape[1] + 0.05))
        assume(not rises or not in_domain(shape[0], shape[1] - 0.05))
        assert not rises


def test_the_domain_has_maillards_bounds() -> None:
    # |S| ≤ 6(√2 − 1); at S = 0 the kurtosis lies within 0 and 8.
    assert [in_domain(0.0, k) for k in (-0.01, 0.0, 8.0, 8.01)] == [False, True, True, False]
    widest = 6 * (2**0.5 - 1)
    there = 4 * (1 + 11 * ((widest - 1e-6) / 6) ** 2)
    assert in_domain(widest - 1e-6, there)
    assert not any(in_domain(widest + 0.01, float(k)) for k in np.linspace(-3, 40, 4_000))


def test_outside_the_domain_there_is_none_and_the_note_says_why() -> None:
    returns = np.append(drawn(400), -0.9)
    told = tail_risk(returns, 0.99, method=BENT)
    assert (told.value_at_risk, told.expected_shortfall) == (None, None)
    assert "kurtosis" in told.note
    assert tail_risk(drawn(400), 0.99, method=BENT).value_at_risk is not None


@pytest.mark.parametrize(
    ("method", "confidence", "wanted"),
    [(HISTORICAL, 0.95, 50), (HISTORICAL, 0.99, 250), (NORMALLY, 0.99, 30), (BENT, 0.99, 100)],
)
def test_too_few_returns_tell_nothing_and_say_so(
    method: TailMethod, confidence: float, wanted: int
) -> None:
    assert least(confidence, method) == wanted
    few = tail_risk(drawn(wanted - 1), confidence, method=method)
    assert few.value_at_risk is None
    assert few.note == f"{wanted} returns are needed, there are {wanted - 1}"
    assert tail_risk(drawn(wanted), confidence, method=method).value_at_risk is not None


def test_gaps_are_left_out() -> None:
    returns = drawn(300)
    holed = np.insert(returns, [5, 100], np.nan)
    assert tail_risk(holed) == tail_risk(returns)


def test_ten_days_take_overlapping_sums_and_say_how_few_do_not_overlap() -> None:
    returns = drawn(400)
    sums = np.array([returns[i : i + 10].sum() for i in range(391)])
    assert summed(returns, 10) == pytest.approx(sums)
    told = tail_risk(returns, 0.95, days=10)
    assert figures(told) == pytest.approx(historical(sums, 0.95))
    assert (told.returns, told.independent) == (400, 40)
    assert tail_risk(drawn(58), 0.95, days=10).note == (
        "50 sums of returns are needed, there are 49"
    )


def test_ten_normal_days_have_the_root_of_ten_times_the_deviation() -> None:
    returns = drawn(400) - drawn(400).mean()
    one = figures(tail_risk(returns, 0.95, 1, NORMALLY))
    ten = figures(tail_risk(returns, 0.95, 10, NORMALLY))
    assert ten == pytest.approx(np.array(one) * 10**0.5)


@pytest.mark.parametrize("confidence", [0.5, 1.0, 0.0, 95.0, float("nan")])
def test_a_confidence_that_is_none_is_refused(confidence: float) -> None:
    with pytest.raises(Invalid, match=r"between 0\.5 and 1"):
        tail_risk(drawn(400), confidence)


def test_a_horizon_of_no_day_is_refused() -> None:
    with pytest.raises(Invalid, match="at least one day"):
        tail_risk(drawn(400), 0.95, 0)


@given(SAMPLES, st.floats(0.51, 0.95), st.floats(0.51, 0.95))
def test_historical_risk_rises_with_confidence_and_shortfall_is_beyond_it(
    returns: Floats, one: float, other: float
) -> None:
    low, high = historical(returns, min(one, other)), historical(returns, max(one, other))
    assert high[0] >= low[0] - 1e-12
    assert high[1] >= low[1] - 1e-12
    assert low[1] >= low[0] - 1e-12


@given(SHAPES, CONFIDENCES, CONFIDENCES)
def test_bent_risk_rises_with_confidence_and_shortfall_is_beyond_it(
    shape: tuple[float, float], one: float, other: float
) -> None:
    assume(in_domain(*shape))
    of = Moments(500, 0.001, 0.02, *shape)
    low, high = cornish_fisher(of, min(one, other)), cornish_fisher(of, max(one, other))
    assert high[0] >= low[0] - 1e-12
    assert high[1] >= low[1] - 1e-12
    assert low[1] >= low[0] - 1e-12


@given(st.integers(60, 90), st.integers(0, 2**32 - 1), st.floats(0.51, 0.95))
def test_two_together_fall_no_shorter_than_each_alone(
    count: int, seed: int, confidence: float
) -> None:
    one, other = np.random.default_rng(seed).standard_t(3, (2, count)) * 0.02
    together = historical(one + other, confidence)[1]
    assert together <= historical(one, confidence)[1] + historical(other, confidence)[1] + 1e-12


@given(st.permutations(range(60)), st.floats(0.51, 0.95))
def test_the_order_of_days_does_not_matter(order: list[int], confidence: float) -> None:
    returns = drawn(60)
    assert historical(returns[order], confidence) == pytest.approx(historical(returns, confidence))


def test_the_density_of_the_middle() -> None:
    assert density(0.0) == pytest.approx(0.3989422804014327)


def closes(name: str, column: str) -> Floats:
    rows = list(csv.DictReader(recorded.lines(f"2_ohlcv/{name}")))
    return np.array([float({k.lower(): v for k, v in row.items()}[column]) for row in rows])


@pytest.mark.parametrize("of", ["aapl", "spy", "sp500_arch"])
def test_recorded_results_of_empyrical(of: str) -> None:
    """empyrical's VaR is ours; its CVaR is of the floor((n−1)·5 %)+1 worst, ours of n·5 %."""
    theirs = json.loads(recorded.read_text("6_portfolio/empyrical/metrics.shared.json"))[of]
    prices = closes(theirs["input"], theirs["column"])
    returns = np.array([later / earlier - 1 for earlier, later in pairwise(prices)])
    assert len(returns) == theirs["n"]
    value, shortfall = figures(tail_risk(returns, 0.95))
    assert value == pytest.approx(-theirs["var_5pct"], rel=1e-12)

    worst = np.sort(returns)[: int((len(returns) - 1) * 0.05) + 1]
    assert -worst.mean() == pytest.approx(-theirs["cvar_5pct"], rel=1e-12)
    apart = abs(shortfall + theirs["cvar_5pct"])
    assert apart <= (shortfall - value) / (len(returns) * 0.05) + 1e-12
