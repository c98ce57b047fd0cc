from datetime import date, timedelta

import numpy as np
import pytest
from ledgers import portfolio

from tio.api.performance import Performance
from tio.engine.portfolio.course import Course
from tio.engine.portfolio.performing import Period, performance
from tio.engine.portfolio.steps import Floats

MONDAY = date(2026, 1, 5)


def floats(*values: float) -> Floats:
    return np.array(values, dtype=np.float64)


def course(
    nav: Floats,
    flow: Floats,
    value: dict[str, Floats] | None = None,
    bought: dict[str, Floats] | None = None,
    income: dict[str, Floats] | None = None,
) -> Course:
    days = tuple(MONDAY + timedelta(days=i) for i in range(len(nav)))
    none = {symbol: np.zeros(len(nav)) for symbol in value or {}}
    weekdays = np.array([day.weekday() < 5 for day in days])
    return Course(
        days, nav, flow, value or {}, none | (bought or {}), none | (income or {}), weekdays, ()
    )


def performed(of: Course, start: date = MONDAY, **asked: object) -> Performance:
    told: dict[str, object] = {"risk_free": 0.0, "window": 5} | asked
    return performance(portfolio(), Period(of, start, **told))  # type: ignore[arg-type]


def test_returns_three_ways() -> None:
    # 100 became 110, 90 more came, all of it fell by a tenth.
    told = performed(course(floats(100, 110, 180), floats(100, 0, 90)))
    assert told.time_weighted == pytest.approx(1.1 * 0.9 - 1)
    assert told.simple == pytest.approx(180 / 190 - 1)
    assert told.gain == pytest.approx(-10)
    assert told.money_weighted is not None
    assert told.money_weighted < -0.9
    assert told.annual is None
    assert list(told.growth) == pytest.approx([0, 0.1, -0.01])
    assert list(told.drawdown) == pytest.approx([0, 0, -0.1])


def test_a_part_of_the_time_begins_with_what_was_there_the_day_before() -> None:
    of = course(floats(100, 110, 121), floats(100, 0, 0))
    told = performed(of, MONDAY + timedelta(days=1))
    assert (told.begin_value, told.put_in, told.end_value) == (100, 0, 121)
    assert told.time_weighted == pytest.approx(0.21)
    assert len(told.nav) == 2


def test_declines_carry_their_dates() -> None:
    told = performed(course(floats(100, 120, 90, 120, 60), floats(100, 0, 0, 0, 0)))
    deepest, other = told.declines
    assert deepest.depth == pytest.approx(-0.5)
    assert deepest.peak == MONDAY + timedelta(days=3)
    assert deepest.recovered is None
    assert (other.peak, other.trough, other.recovered) == tuple(
        MONDAY + timedelta(days=n) for n in (1, 2, 3)
    )


def test_what_each_gave_adds_up_cash_among_it() -> None:
    nav = floats(100, 110, 118)
    told = performed(
        course(
            nav,
            floats(100, 0, 0),
            {"AAA": floats(60, 66, 72), "BBB": floats(40, 44, 44)},
            {"AAA": floats(60, 0, 0), "BBB": floats(40, 0, 0)},
            {"AAA": floats(0, 0, 2)},
        )
    )
    gains = {each.symbol: each.gain for each in told.contributions}
    assert gains == {"AAA": pytest.approx(14), "BBB": pytest.approx(4)}
    assert sum(each.share or 0 for each in told.contributions) == pytest.approx(0.18)
    assert {each.symbol: each.income for each in told.contributions} == {"AAA": 2, "BBB": 0}


def test_days_without_trading_do_not_calm_what_moved() -> None:
    # Two weeks; weekends stand still, and are not counted as calm days.
    daily = np.tile([0.01, -0.01, 0.02, -0.02, 0.01, 0.0, 0.0], 4)
    nav = 100 * np.cumprod(1 + daily)
    flow = np.zeros(28)
    flow[0] = 100
    told = performed(course(nav, flow))
    weekdays = daily[np.arange(28) % 7 < 5]
    assert told.volatility == pytest.approx(np.std(weekdays, ddof=1) * 252**0.5)


def test_a_day_without_a_price_is_told_and_spanned() -> None:
    told = performed(course(floats(100, np.nan, 121), floats(100, 0, 0)))
    assert told.time_weighted == pytest.approx(0.21)
    assert np.isnan(list(told.nav)[1])


def test_a_benchmark_stands_beside_and_without_prices_is_told_as_lacking() -> None:
    moved = np.tile([0.1, -0.1, 0.1, 0.05, -0.05, 0.0, 0.0], 3)
    moved[0] = 0
    nav, flow = 100 * np.cumprod(1 + moved), np.zeros(21)
    flow[0] = 100
    of, beside = course(nav, flow), 50 * np.cumprod(1 + moved / 2)
    told = performed(of, benchmark="SPY", beside=beside)
    assert told.beta == pytest.approx(2)
    assert told.correlation == pytest.approx(1)
    assert told.benchmark_return == pytest.approx(beside[-1] / 50 - 1)
    none = performed(of, benchmark="SPY", beside=np.full(21, np.nan))
    assert none.beta is None
    assert none.lacks == ("prices of the benchmark SPY",)


def test_too_little_tells_nothing_and_never_nan() -> None:
    told = performed(course(floats(100), floats(100)))
    assert (told.volatility, told.sharpe, told.money_weighted, told.rolled) == (None,) * 4
    assert told.time_weighted == 0
    assert told.declines == ()


def test_a_handful_of_days_has_no_ratios() -> None:
    nav, flow = 100 * np.cumprod(1 + np.array([0.0, 0.02, -0.01, 0.01])), np.zeros(4)
    flow[0] = 100
    told = performed(course(nav, flow), benchmark="X", beside=nav)
    assert (told.volatility, told.sharpe, told.sortino, told.calmar) == (None,) * 4
    assert (told.omega, told.beta, told.tracking_error) == (None,) * 3
    assert told.time_weighted == pytest.approx(nav[-1] / 100 - 1)


def test_rolling_figures_begin_when_the_window_is_full() -> None:
    daily = np.array([0.01, 0.02, -0.01, 0.03, 0.01, 0, 0, 0.02, -0.02, 0.01])
    nav = 100 * np.cumprod(1 + daily)
    flow = np.zeros(10)
    flow[0] = 100
    told = performed(course(nav, flow), beside=np.cumprod(1 + daily), benchmark="X")
    assert told.rolled is not None
    growth = list(told.rolled.growth)
    assert np.isnan(growth[:4]).all()
    assert growth[4] == pytest.approx(1.01 * 1.02 * 0.99 * 1.03 * 1.01 - 1)
    assert np.isnan(growth[5])
    assert told.rolled.beta is not None
    assert list(told.rolled.beta)[-1] == pytest.approx(1)


def test_a_worth_that_is_not_known_at_the_end_makes_no_gain() -> None:
    told = performed(course(floats(100, 110, np.nan), floats(100, 0, 50)))
    assert (told.end_value, told.gain, told.simple, told.money_weighted) == (None,) * 4
    assert told.put_in == 150
    assert told.time_weighted == pytest.approx(0.1)


def test_a_worth_that_is_not_known_at_the_start_makes_no_gain() -> None:
    of = course(floats(np.nan, 110, 121), floats(100, 0, 0))
    told = performed(of, MONDAY + timedelta(days=1))
    assert (told.begin_value, told.gain, told.simple, told.money_weighted) == (None,) * 4
    assert told.end_value == 121
    assert told.time_weighted == pytest.approx(0.1)


def test_what_a_benchmark_moves_while_the_portfolio_rests_is_told_when_it_counts_next() -> None:
    # Three weeks; the portfolio rests on weekends, its benchmark gains a percent on each of them.
    rng = np.random.default_rng(3)
    weekday = np.arange(21) % 7 < 5
    own = np.where(weekday, rng.normal(0, 0.01, 21), 0.0)
    other = np.where(weekday, own, 0.01)
    nav, flow = 100 * np.cumprod(1 + own), np.zeros(21)
    flow[0] = 100
    beside = 50 * np.cumprod(1 + other)
    told = performed(course(nav, flow), benchmark="BTC", beside=beside)
    monday = np.flatnonzero(weekday & (np.arange(21) % 7 == 0))
    moved = other.copy()
    moved[monday[1:]] = (1 + other[monday[1:]]) * 1.01**2 - 1
    kept = np.flatnonzero(weekday)[1:]
    expected = np.std(own[kept] - moved[kept], ddof=1) * 252**0.5
    assert expected > 0.05
    assert told.tracking_error == pytest.approx(expected, rel=1e-6)
