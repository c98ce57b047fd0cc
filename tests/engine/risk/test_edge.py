"""What a record proves: bounds that hold, nothing where luck would do as well."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.engine.risk.edge import edge_of_rate, edge_of_results


def test_a_long_good_record_is_worth_less_than_it_says() -> None:
    edge = edge_of_rate(0.6, 1.0, 100)
    # scipy.stats.beta.ppf(0.05, 60, 41): at least 51.3 % are won
    assert edge.low == pytest.approx(2 * 0.5129758202538943 - 1)
    assert edge.fraction == pytest.approx(edge.low)
    assert edge.mean == pytest.approx(0.2)
    assert edge.trades == 100


def test_kellys_fraction_is_edge_over_odds_when_the_record_has_no_end() -> None:
    assert edge_of_rate(0.6, 2.0, 10_000_000).fraction == pytest.approx(0.4, abs=1e-3)


@pytest.mark.parametrize(("rate", "payoff", "trades"), [(0.6, 1.0, 20), (0.5, 1.0, 1_000)])
def test_what_luck_may_explain_is_worth_nothing(rate: float, payoff: float, trades: int) -> None:
    edge = edge_of_rate(rate, payoff, trades)
    assert edge.low <= 0
    assert edge.fraction == 0


def test_a_record_that_never_lost_is_still_bounded() -> None:
    edge = edge_of_rate(1.0, 1.0, 10)
    assert 0 < edge.fraction < 0.5


def test_results_are_bounded_by_student() -> None:
    results = [2.0, -1.0, 1.0, -1.0, 3.0, -1.0, 1.0, 0.5, -1.0, 2.0]
    edge = edge_of_results(results)
    # scipy.stats.t.ppf(0.95, 9)
    reach = 1.833112932656237 * float(np.std(results, ddof=1)) / 10**0.5
    assert edge.mean == pytest.approx(0.55)
    assert edge.low == pytest.approx(0.55 - reach)
    assert edge.fraction == 0
    assert edge.win_rate == 0.6
    assert edge.payoff == pytest.approx(9.5 / 6)


def test_many_results_prove_an_edge_and_large_ones_cost_fraction() -> None:
    even = edge_of_results([1.0, 1.0, -1.0] * 200)
    assert even.fraction == pytest.approx(even.low)
    wild = edge_of_results([9.0, -1.0, -1.0] * 200)
    assert wild.fraction == pytest.approx(wild.low / (83 / 3))
    once = edge_of_results([*([1.0, 1.0, -0.01] * 200), -20.0])
    assert once.fraction <= 1 / 20


@given(st.integers(10, 5_000), st.floats(0, 1), st.floats(0.01, 50), st.floats(0.5, 0.99))
def test_more_confidence_never_stakes_more_and_the_bound_is_below_the_mean(
    trades: int, rate: float, payoff: float, confidence: float
) -> None:
    edge = edge_of_rate(rate, payoff, trades, confidence)
    surer = edge_of_rate(rate, payoff, trades, (1 + confidence) / 2)
    assert 0 <= surer.fraction <= edge.fraction <= 1
    assert edge.low <= edge.mean + 1e-9
    assert (edge.fraction == 0) == (edge.low <= 0)


@given(st.integers(0, 2**32 - 1), st.integers(10, 300))
def test_a_fair_coin_seldom_proves_anything_and_never_more_than_it_brought(
    seed: int, trades: int
) -> None:
    results = np.random.default_rng(seed).choice([-1.0, 1.0], trades).tolist()
    if len(set(results)) == 1:
        return
    edge = edge_of_results(results)
    assert edge.low < edge.mean
    assert edge.fraction <= max(edge.mean, 0)


@pytest.mark.parametrize(
    ("rate", "payoff", "trades", "said"),
    [
        (1.2, 1.0, 10, "win rate"),
        (float("nan"), 1.0, 10, "win rate"),
        (0.5, 0.0, 10, "payoff"),
        (0.5, float("inf"), 10, "payoff"),
        (0.5, 1.0, 0, "at least one trade"),
    ],
)
def test_a_record_that_cannot_be_is_refused(
    rate: float, payoff: float, trades: int, said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        edge_of_rate(rate, payoff, trades)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        ([1.0, -1.0], "2 trades proves nothing"),
        ([1.0] * 12, "without a single loss"),
        ([-1.0] * 12, "without a single win"),
        ([1.0, float("nan")] * 6, "number of R"),
    ],
)
def test_results_that_prove_nothing_are_refused(results: list[float], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        edge_of_results(results)


def test_a_confidence_that_is_none_is_refused() -> None:
    with pytest.raises(Invalid, match=r"between 0\.5 and 1"):
        edge_of_rate(0.5, 1.0, 10, 95.0)
