"""Correlations against numpy, scipy and Ledoit and Wolf's own formula; bounds, shape, order."""

from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.engine.risk.correlation import (
    by_pairs,
    constant,
    ewma,
    mean_of_pairs,
    pearson,
    ranks,
    rolling,
    shrunk,
    spearman,
)
from tio.engine.risk.estimates import Floats
from tio.engine.risk.paired import Prices, together

DAY = 86_400_000_000
MATRICES = st.tuples(
    st.integers(4, 40), st.integers(2, 7), st.integers(0, 2**32 - 1), st.booleans()
)


def factors(count: int = 60, seed: int = 11) -> Floats:
    """Four columns that hang on one factor, more and less."""
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(count, 1))
    loads = np.array([0.9, 0.7, 0.5, 0.2])
    found: Floats = 0.01 * (common * loads + rng.normal(size=(count, 4)))
    return found


def any_returns(of: tuple[int, int, int, bool]) -> Floats:
    rows, columns, seed, alike = of
    rng = np.random.default_rng(seed)
    found: Floats = rng.standard_t(3, (rows, columns)) + alike * 3 * rng.normal(size=(rows, 1))
    return found


def walk(count: int, seed: int, first: int = 0) -> Prices:
    steps = np.random.default_rng(seed).normal(0, 0.01, count)
    return Prices(np.arange(first, first + count) * DAY, 100 * np.exp(np.cumsum(steps)))


def test_the_product_moment_is_numpys() -> None:
    assert pearson(factors()) == pytest.approx(np.corrcoef(factors().T), rel=1e-12)


def test_ranks_are_shared_by_equals() -> None:
    column = np.array([[3.0], [1.0], [3.0], [2.0], [3.0]])
    assert ranks(column)[:, 0].tolist() == [4.0, 1.0, 4.0, 2.0, 4.0]


def test_correlations_of_ranks_are_scipys() -> None:
    # scipy.stats.spearmanr, 1.17, of the same returns; the second time with many equals.
    wanted = [1.0, 0.28191164212281195, 0.31164212281189224, -0.04651292025562657]
    assert spearman(factors())[0] == pytest.approx(wanted, rel=1e-12)
    tied = spearman(np.round(factors(), 3)[:, :3])[0]
    assert tied == pytest.approx([1.0, 0.285809710932495, 0.31296966371892787], rel=1e-12)


def test_ranks_see_only_order() -> None:
    returns = factors()
    assert spearman(np.exp(returns * 90)) == pytest.approx(spearman(returns), abs=1e-12)


def as_printed(returns: Floats, off_by_one: int) -> float:
    """The shrinkage as the paper's appendix prints it, sum by sum."""
    t, n = returns.shape
    y = returns - returns.mean(axis=0)
    s = y.T @ y / (t - off_by_one)
    r = s / np.sqrt(np.outer(np.diag(s), np.diag(s)))
    mean = sum(r[i, j] for i in range(n) for j in range(i + 1, n)) * 2 / (n * (n - 1))
    pi = rho = gamma = 0.0
    for i in range(n):
        for j in range(n):
            product = y[:, i] * y[:, j] - s[i, j]
            pi += np.mean(product**2)
            if i == j:
                rho += np.mean(product**2)
                continue
            ii = np.mean((y[:, i] ** 2 - s[i, i]) * product)
            jj = np.mean((y[:, j] ** 2 - s[j, j]) * product)
            rho += mean / 2 * (np.sqrt(s[j, j] / s[i, i]) * ii + np.sqrt(s[i, i] / s[j, j]) * jj)
            gamma += (mean * np.sqrt(s[i, i] * s[j, j]) - s[i, j]) ** 2
    return float((pi - rho) / gamma / t)


def test_the_weight_of_the_target_is_ledoit_and_wolfs() -> None:
    told = shrunk(factors())
    assert told.weight == pytest.approx(as_printed(factors(), 0), rel=1e-10)
    assert told.values == pytest.approx(
        told.weight * constant(pearson(factors())) + (1 - told.weight) * pearson(factors())
    )
    # PyPortfolioOpt 1.6 tells this weight: it divides the sample covariance by n − 1.
    assert as_printed(factors(), 1) == pytest.approx(0.7000627752319056, rel=1e-10)


def test_much_noise_is_shrunk_and_much_evidence_is_not() -> None:
    assert shrunk(factors(30)).weight > 0.5
    assert shrunk(factors(20_000)).weight < 0.01


def test_two_columns_have_no_mean_to_be_drawn_to() -> None:
    told = shrunk(factors()[:, :2])
    assert told.weight == 0
    assert told.values == pytest.approx(pearson(factors()[:, :2]))


def test_old_returns_are_forgotten() -> None:
    returns = factors(500)
    returns[:400, 1] = -returns[:400, 0]
    returns[400:, 1] = returns[400:, 0]
    assert pearson(returns)[0, 1] < -0.5
    assert ewma(returns)[0, 1] > 0.95
    assert ewma(returns, 1.0)[0, 1] < -0.5


@pytest.mark.parametrize("measure", [pearson, spearman, ewma])
def test_what_stands_still_has_no_correlation(measure: Callable[[Floats], Floats]) -> None:
    returns = factors()
    returns[:, 2] = 0.0
    found = measure(returns)
    assert np.isnan(found[2]).all()
    assert np.isfinite(found[:2, :2]).all()
    assert np.isnan(measure(returns[:2])).all()


def test_a_constant_return_is_still_too_whatever_rounding_says() -> None:
    returns = factors()
    returns[:, 1] = 0.1
    assert np.isnan(pearson(returns)[0, 1])
    assert np.isnan(rolling(returns[:, :2], 20)).all()


@given(MATRICES)
def test_correlations_are_symmetric_bounded_and_semi_definite(
    of: tuple[int, int, int, bool],
) -> None:
    returns = any_returns(of)
    for found in (pearson(returns), spearman(returns), ewma(returns), shrunk(returns).values):
        assert np.array_equal(found, found.T)
        assert np.array_equal(np.diagonal(found), np.ones(len(found)))
        assert (np.abs(found) <= 1).all()
        assert np.linalg.eigvalsh(found).min() > -1e-9
    assert 0 <= shrunk(returns).weight <= 1


@given(MATRICES, st.randoms(use_true_random=False))
def test_the_order_of_symbols_does_not_matter(
    of: tuple[int, int, int, bool], random: Random
) -> None:
    returns = any_returns(of)
    order = list(range(returns.shape[1]))
    random.shuffle(order)
    mixed = np.ix_(order, order)
    measures: tuple[Callable[[Floats], Floats], ...]
    measures = (pearson, spearman, ewma, lambda each: shrunk(each).values)
    for measure in measures:
        assert measure(returns[:, order]) == pytest.approx(measure(returns)[mixed], abs=1e-9)


@given(MATRICES)
def test_units_do_not_matter(of: tuple[int, int, int, bool]) -> None:
    returns = any_returns(of)
    units = np.logspace(-4, 3, returns.shape[1])
    assert pearson(returns * units) == pytest.approx(pearson(returns), abs=1e-9)


def test_a_window_that_rolls_is_each_window_by_itself() -> None:
    returns = factors(80)[:, :2]
    found = rolling(returns, 20)
    assert np.isnan(found[:19]).all()
    for last in (19, 50, 79):
        wanted = pearson(returns[last - 19 : last + 1])[0, 1]
        assert found[last] == pytest.approx(wanted, rel=1e-10)
    assert np.isnan(rolling(returns, 81)).all()


def test_the_mean_is_that_of_pairs_that_are_known() -> None:
    matrix = np.array([[1, 0.5, np.nan], [0.5, 1, 0.1], [np.nan, 0.1, 1]])
    assert mean_of_pairs(matrix) == pytest.approx(0.3)
    assert np.isnan(mean_of_pairs(np.ones((1, 1))))


def test_each_pair_takes_what_those_two_share_and_says_how_much() -> None:
    old, other, young = walk(300, 1), walk(300, 2), walk(40, 3, first=260)
    pairs = by_pairs((old, other, young), 250)
    assert pairs.counts.tolist() == [[250, 250, 39], [250, 250, 39], [39, 39, 39]]
    alone = together((other, young)).returns
    assert pairs.values[1, 2] == pytest.approx(pearson(alone)[0, 1])
    assert pairs.values[2, 1] == pairs.values[1, 2]


def test_pairs_of_one_calendar_are_the_matrix_of_all() -> None:
    prices = [walk(120, seed) for seed in range(5)]
    found = by_pairs(prices, 100, spearman)
    assert found.values == pytest.approx(spearman(together(prices, 100).returns))
    assert set(found.counts.ravel()) == {100}


def test_a_pair_without_common_days_has_none() -> None:
    pairs = by_pairs((walk(50, 1), walk(50, 2, first=50)), 250)
    assert np.isnan(pairs.values[0, 1])
    assert pairs.counts[0, 1] == 0
