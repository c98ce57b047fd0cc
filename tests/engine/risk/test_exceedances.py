"""How often days lost more than foretold: Kupiec's own table, no look-ahead, honest counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.errors import Invalid
from tio.api.portfolio_risk import TailMethod
from tio.engine.risk.estimates import Floats
from tio.engine.risk.exceedances import backtest, kupiec, roll
from tio.engine.risk.value_at_risk import tail_risk

METHODS = list(TailMethod)


def drawn(count: int, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).standard_t(9, count) * 0.01


@pytest.mark.parametrize(
    ("confidence", "days", "passing"),
    [
        # Kupiec (1995), as tabled in Jorion, Value at Risk (2007), 6.2: what 5 % does not reject.
        # (The table leaves out that no exceedance at all in 255 days at 99 % is rejected too.)
        (0.99, 255, range(1, 7)),
        (0.99, 510, range(2, 11)),
        (0.99, 1000, range(5, 17)),
        (0.95, 255, range(7, 21)),
        (0.95, 510, range(17, 36)),
        (0.95, 1000, range(38, 65)),
    ],
)
def test_the_counts_that_pass_are_those_of_kupiecs_table(
    confidence: float, days: int, passing: range
) -> None:
    found = [n for n in range(100) if kupiec(n, days, confidence).p_value > 0.05]
    assert found == list(passing)


def test_as_many_as_expected_is_no_surprise() -> None:
    told = kupiec(50, 1_000, 0.95)
    assert told.expected == pytest.approx(50)
    assert told.statistic == pytest.approx(0, abs=1e-9)
    assert told.p_value == pytest.approx(1, abs=1e-4)


def test_none_and_all_are_counts_too() -> None:
    assert kupiec(0, 250, 0.99).statistic == pytest.approx(-2 * 250 * np.log(0.99))
    assert kupiec(250, 250, 0.99).statistic == pytest.approx(-2 * 250 * np.log(0.01))


@pytest.mark.parametrize(("exceedances", "days"), [(-1, 10), (11, 10), (0, 0)])
def test_impossible_counts_are_refused(exceedances: int, days: int) -> None:
    with pytest.raises(Invalid, match="cannot be exceedances"):
        kupiec(exceedances, days, 0.95)


@pytest.mark.parametrize("method", METHODS)
def test_each_days_figure_is_that_of_the_days_before(method: TailMethod) -> None:
    returns = drawn(320)
    rolled = roll(returns, 0.95, method, 250)
    assert len(rolled.value_at_risk) == 70
    for day in (0, 33, 69):
        told = tail_risk(returns[day : day + 250], 0.95, method=method).value_at_risk
        assert rolled.value_at_risk[day] == pytest.approx(told, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
@given(day=st.integers(250, 299), shock=st.floats(-0.9, 0.9))
def test_no_figure_knows_its_own_day_or_a_later_one(
    method: TailMethod, day: int, shock: float
) -> None:
    returns = drawn(300)
    changed = returns.copy()
    changed[day:] = shock
    before, after = (roll(of, 0.95, method, 250).value_at_risk for of in (returns, changed))
    assert before[: day - 249].tolist() == pytest.approx(after[: day - 249].tolist(), nan_ok=True)


def test_a_sound_figure_passes_and_one_of_a_calmer_past_does_not() -> None:
    sound = backtest(drawn(2_250), 0.99).test
    assert sound is not None
    assert sound.days == 2_000
    assert sound.p_value > 0.05
    rough = np.concatenate((drawn(250), drawn(60) * 5))
    shaken = backtest(rough, 0.95).test
    assert shaken is not None
    assert shaken.exceedances > 2 * shaken.expected
    assert shaken.p_value < 0.001


def test_days_without_a_figure_are_counted_apart() -> None:
    returns = drawn(400)
    returns[260] = -0.9
    told = backtest(returns, 0.95, TailMethod.cornish_fisher)
    assert told.without == 139
    assert told.test is not None
    assert (told.test.days, told.test.exceedances >= 1) == (11, True)


def test_long_histories_are_rolled_in_parts_that_fit_together() -> None:
    returns = drawn(4_500)
    rolled = roll(returns, 0.95, TailMethod.historical, 60)
    assert len(rolled.value_at_risk) == len(rolled.returns) == 4_440
    for day in (4_095, 4_096, 4_439):
        wanted = -np.quantile(returns[day : day + 60], 0.05)
        assert rolled.value_at_risk[day] == pytest.approx(wanted)


def test_a_history_no_longer_than_the_window_is_not_tested() -> None:
    assert backtest(drawn(250), 0.95).test is None


def test_a_window_too_short_for_the_method_is_refused() -> None:
    with pytest.raises(Invalid, match=r"250 days are needed for historical at 0\.99"):
        backtest(drawn(1_000), 0.99, window=100)
