"""Against scipy 1.17: the constants are `scipy.stats` t.ppf, beta.ppf, beta.cdf and chi2.sf."""

import pytest

from tio.engine.risk.distributions import (
    beta_share,
    chi_square_tail,
    lowest_rate,
    student_quantile,
)


@pytest.mark.parametrize(
    ("p", "degrees", "wanted"),
    [
        (0.95, 9, 1.833112932656237),
        (0.975, 29, 2.045229642132703),
        (0.99, 4, 3.746947387979196),
        (0.6, 1, 0.32491969623290634),
        (0.95, 10_000, 1.645006018069243),
        (0.001, 3, -10.214531852407385),
        (0.5, 7, 0.0),
    ],
)
def test_students_quantile_is_scipys(p: float, degrees: float, wanted: float) -> None:
    assert student_quantile(p, degrees) == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize(
    ("wins", "trades", "confidence", "wanted"),
    [
        (60, 100, 0.95, 0.5129758202538943),
        (10, 10, 0.95, 0.7411344491069478),
        (1, 50, 0.99, 0.00020098651657337655),
        (550, 1000, 0.9, 0.5292790276369945),
        (0, 50, 0.95, 0.0),
    ],
)
def test_the_lowest_rate_is_that_of_clopper_and_pearson(
    wins: int, trades: int, confidence: float, wanted: float
) -> None:
    assert lowest_rate(wins, trades, confidence) == pytest.approx(wanted, rel=1e-10)


@pytest.mark.parametrize(
    ("x", "a", "b", "wanted"),
    [
        (0.3, 2.0, 5.0, 0.579825),
        (0.9, 0.5, 0.5, 0.7951672353008665),
        (0.01, 50.0, 2.0, 5.05e-99),
        (0.5, 200.0, 210.0, 0.6894852134274166),
        (0.0, 2.0, 2.0, 0.0),
        (1.0, 2.0, 2.0, 1.0),
    ],
)
def test_the_incomplete_beta_function_is_scipys(
    x: float, a: float, b: float, wanted: float
) -> None:
    assert beta_share(x, a, b) == pytest.approx(wanted, rel=1e-11)


@pytest.mark.parametrize(
    ("x", "wanted"),
    [(0.1, 0.7518296340458492), (3.841458820694124, 0.05), (10.0, 0.001565402258002549), (0, 1)],
)
def test_the_tail_of_chi_square_is_scipys(x: float, wanted: float) -> None:
    assert chi_square_tail(x) == pytest.approx(wanted, rel=1e-12)
