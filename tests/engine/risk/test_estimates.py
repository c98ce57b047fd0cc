import numpy as np
import pytest

from tio.engine.risk.estimates import covariance, known, moments, weighted_covariance

FEW = np.array([0.01, -0.02, 0.03, 0.0, -0.07, 0.02])


def test_moments_are_scipys() -> None:
    of = moments(FEW)
    assert of.mean == pytest.approx(-0.005)
    assert of.deviation == pytest.approx(np.std(FEW, ddof=1), rel=1e-12)
    # scipy.stats.skew and kurtosis, 1.17
    assert of.skewness == pytest.approx(-0.9980847647445686, rel=1e-12)
    assert of.kurtosis == pytest.approx(-0.2248120738884678, rel=1e-12)


def test_shape_fades_over_several_periods_and_deviation_grows_with_their_root() -> None:
    of, over = moments(FEW), moments(FEW).over(4)
    assert over.mean == pytest.approx(of.mean * 4)
    assert over.deviation == pytest.approx(of.deviation * 2)
    assert over.skewness == pytest.approx(of.skewness / 2)
    assert over.kurtosis == pytest.approx(of.kurtosis / 4)


def test_returns_that_never_change_have_no_shape() -> None:
    of = moments(np.full(300, 0.1))
    assert (of.skewness, of.kurtosis) == (0.0, 0.0)
    assert of.deviation == pytest.approx(0, abs=1e-15)


def test_only_numbers_are_known() -> None:
    assert known(np.array([0.1, np.nan, np.inf, -0.2])).tolist() == [0.1, -0.2]


def test_covariance_is_numpys() -> None:
    returns = np.random.default_rng(1).normal(size=(50, 4))
    assert covariance(returns) == pytest.approx(np.cov(returns.T), rel=1e-12)


def test_older_returns_weigh_less_and_all_weights_make_one() -> None:
    returns = np.array([[2.0], [3.0], [5.0]])
    wanted = (0.25 * 4 + 0.5 * 9 + 25) / 1.75
    assert weighted_covariance(returns, 0.5).item() == pytest.approx(wanted)
