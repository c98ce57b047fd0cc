"""Time-weighted, simple and money-weighted returns."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from tio.api.errors import Invalid
from tio.engine.portfolio.returns import (
    Floats,
    annualised,
    folded,
    linked,
    simple_return,
    time_weighted,
    xirr,
)

NONE = float("nan")


def days(*numbers: float) -> Floats:
    return np.array(numbers, dtype=np.float64)


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_day_returns_its_end_over_its_begin_and_flow() -> None:
    result = time_weighted(days(110, 231), days(0, 100), opening=100)

    assert result.daily.tolist() == [near(0.1), near(0.1)]
    assert result.total == near(0.21)
    assert result.untold == 0


def test_a_portfolio_begins_with_its_first_flow() -> None:
    result = time_weighted(days(0, 0, 102, 51), days(0, 0, 100, 0))

    assert np.isnan(result.daily[:2]).all()
    assert result.daily[2:].tolist() == [near(0.02), near(-0.5)]


def test_what_was_withdrawn_whole_and_came_back_goes_on_from_there() -> None:
    result = time_weighted(days(110, 0, 0, 55), days(0, -110, 0, 50), opening=100)

    assert result.total == near(0.21)
    assert np.isnan(result.daily[1:3]).all()
    assert result.untold == 0


def test_rounding_left_of_a_withdrawal_is_no_base() -> None:
    left = 0.1 + 0.2 - 0.3
    assert left > 0

    assert np.isnan(time_weighted(days(0), days(-0.3), opening=0.1 + 0.2).total)


def test_a_day_on_a_negative_base_tells_no_return_and_is_counted() -> None:
    result = time_weighted(days(-10, -12, 50), days(-120, 0, 60), opening=100)

    assert np.isnan(result.daily[:2]).all()
    assert result.daily[2] == near(50 / 48 - 1)
    assert result.untold == 2


def test_a_total_loss_is_not_undone_by_new_money() -> None:
    result = time_weighted(days(0, 100, 200), days(0, 100, 0), opening=100)

    assert result.daily.tolist() == [-1, 0, 1]
    assert result.total == -1


def test_days_without_valuation_return_as_modified_dietz() -> None:
    result = time_weighted(days(NONE, NONE, NONE, 169), days(0, 50, 0, 0), opening=100)

    assert np.isnan(result.daily[:3]).all()
    assert result.daily[3] == near(19 / (100 + 50 * 3 / 4))
    assert result.total == result.daily[3]


def test_days_before_the_first_flow_do_not_dilute_it() -> None:
    assert time_weighted(days(NONE, NONE, 55), days(0, 50, 0)).total == near(0.1)


def test_a_stretch_that_leaves_something_never_lost_all() -> None:
    result = time_weighted(days(100, NONE, NONE, NONE, 20), days(100, 0, 0, 100, 0))

    assert result.total == near(20 / 200 - 1)


def test_days_after_the_last_valuation_tell_nothing() -> None:
    result = time_weighted(days(110, NONE, NONE), days(0, 50, 0), opening=100)

    assert result.total == near(0.1)
    assert np.isnan(result.daily[1:]).all()


@pytest.mark.parametrize("value", [days(), days(NONE, NONE), days(0, 0)])
def test_nothing_valued_returns_nothing(value: Floats) -> None:
    result = time_weighted(value, np.zeros(len(value)))

    assert np.isnan(result.total)
    assert result.annual is None


def test_days_without_trading_are_told_on_the_next_with() -> None:
    daily = days(0.1, 0.1, NONE, -0.5, NONE, NONE, 0.2)
    kept = np.array([True, False, False, True, True, True, False])

    told = folded(daily, kept)
    assert told[:2].tolist() == [near(0.1), near(-0.45)]
    assert np.isnan(told[2:]).tolist() == [True, True]
    assert len(folded(daily, np.zeros(7, dtype=bool))) == 0


def test_a_year_is_365_days_and_less_is_annualised_when_asked() -> None:
    flow = np.zeros(2)

    assert time_weighted(days(100, 121), flow, opening=100, days=730).annual == near(0.1)
    assert time_weighted(days(100, 121), flow, opening=100, days=364).annual is None
    asked = time_weighted(days(100, 101), flow, opening=100, days=73, annualise=True)
    assert asked.annual == near(1.01**5 - 1)


def test_growth_beyond_all_numbers_is_infinite_and_a_loss_ends_it() -> None:
    beyond = np.full(40, 1e12)

    assert linked(beyond) == np.inf
    assert linked(np.append(beyond, -1)) == -1


def test_nothing_lasts_no_days() -> None:
    assert np.isnan(annualised(0.1, 0))
    assert annualised(-1, 400) == -1


def test_values_and_flows_of_different_lengths_are_refused() -> None:
    with pytest.raises(Invalid, match="2 values came with 1 flows"):
        time_weighted(days(1, 2), days(0))


MONEY = st.floats(1, 1e6)
SHARES = st.floats(-0.2, 0.5)


@st.composite
def stories(draw: st.DrawFn, least: int = 1) -> tuple[Floats, Floats, float, Floats]:
    """Values, flows, the opening and the returns they were made of."""
    count = draw(st.integers(least, 40))
    moves = draw(arrays(np.float64, count, elements=SHARES))
    shares = draw(arrays(np.float64, count, elements=SHARES))
    opening = draw(MONEY)
    value, flow, worth = np.empty(count), np.empty(count), opening
    for day in range(count):
        flow[day] = worth * shares[day]
        worth = (worth + flow[day]) * (1 + moves[day])
        value[day] = worth
    return value, flow, opening, moves


@given(stories())
def test_flows_do_not_change_the_return(story: tuple[Floats, Floats, float, Floats]) -> None:
    value, flow, opening, moves = story
    result = time_weighted(value, flow, opening=opening)

    assert result.daily == pytest.approx(moves, rel=1e-9, abs=1e-9)
    assert 1 + result.total == near(float(np.prod(1 + moves)))


@given(stories(), st.data())
def test_a_valuation_right_after_a_flow_changes_nothing(
    story: tuple[Floats, Floats, float, Floats], data: st.DataObject
) -> None:
    value, flow, opening, _ = story
    day = data.draw(st.integers(0, len(value) - 1))
    before = value[day - 1] if day else opening
    split_value = np.insert(value, day, before + flow[day])
    split_flow = np.insert(flow, day + 1, 0.0)

    whole = time_weighted(value, flow, opening=opening).total
    assert 1 + time_weighted(split_value, split_flow, opening=opening).total == near(1 + whole)


@given(stories(), st.floats(1e-3, 1e3))
def test_the_return_has_no_unit(story: tuple[Floats, Floats, float, Floats], factor: float) -> None:
    value, flow, opening, _ = story
    value[: len(value) // 2] = np.nan

    whole = time_weighted(value, flow, opening=opening).total
    scaled = time_weighted(value * factor, flow * factor, opening=opening * factor).total
    assert scaled == pytest.approx(whole, rel=1e-9, abs=1e-9, nan_ok=True)


@given(stories(2), st.data())
def test_periods_link_to_the_whole(
    story: tuple[Floats, Floats, float, Floats], data: st.DataObject
) -> None:
    value, flow, opening, _ = story
    cut = data.draw(st.integers(1, len(value) - 1))
    first = time_weighted(value[:cut], flow[:cut], opening=opening).total
    second = time_weighted(value[cut:], flow[cut:], opening=float(value[cut - 1])).total

    whole = time_weighted(value, flow, opening=opening).total
    assert linked(days(first, second)) + 1 == near(1 + whole)


@given(arrays(np.float64, 40, elements=SHARES), arrays(np.bool_, 39), st.integers(0, 39))
def test_folding_days_changes_no_total(daily: Floats, kept: NDArray[np.bool_], silent: int) -> None:
    daily[silent] = np.nan

    assert 1 + linked(folded(daily, np.append(kept, True))) == near(1 + linked(daily))


def test_the_simple_return_is_gain_over_what_was_put_in() -> None:
    assert simple_return(100, 130, 50, 35) == near(15 / 150)
    assert np.isnan(simple_return(0, 0, 0, 0))
    assert np.isnan(simple_return(-10, 5, 10, 0))


def test_money_doubled_in_a_year_returned_all_of_it() -> None:
    assert xirr([date(2021, 1, 1), date(2022, 1, 1)], [-100, 200]) == near(1)
    assert xirr([date(2022, 1, 1), date(2021, 1, 1)], days(200, -100)) == near(1)


@pytest.mark.parametrize(
    ("dates", "amounts"),
    [
        ((), ()),
        ((date(2021, 1, 1),), (-1.0,)),
        ((date(2021, 1, 1), date(2021, 1, 1)), (-1.0, 2.0)),
        ((date(2021, 1, 1), date(2022, 1, 1)), (-1.0, -2.0)),
        ((date(2021, 1, 1), date(2022, 1, 1)), (-1.0, 0.0)),
        ((date(2021, 1, 1), date(2022, 1, 1)), (-1.0, NONE)),
        ((date(2021, 1, 1), date(2022, 1, 1)), (-1.0, float("inf"))),
        ((date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)), (-1.0, 1.0, -1.0)),
    ],
)
def test_where_no_rate_does_it_there_is_none(
    dates: tuple[date, ...], amounts: tuple[float, ...]
) -> None:
    assert xirr(dates, amounts) is None


def test_of_several_rates_one_is_told() -> None:
    dates = [date(2021, 1, 1), date(2022, 1, 1), date(2023, 1, 1)]

    assert xirr(dates, [-100, 230, -132]) in (near(0.1), near(0.2))


def test_dates_and_amounts_of_different_lengths_are_refused() -> None:
    with pytest.raises(Invalid, match="1 dates came with 2 amounts"):
        xirr([date(2021, 1, 1)], [-1, 2])


def test_start_up_does_not_wait_for_pyxirr() -> None:
    code = "import sys, tio.engine.portfolio.returns; sys.exit('pyxirr' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


CENTS = st.integers(-(10**8), 10**8)


@given(
    st.lists(st.tuples(st.integers(0, 4000), CENTS), min_size=2, max_size=30),
    st.sampled_from([1e-8, 0.01, 1e6]),
)
def test_a_rate_told_makes_the_amounts_worth_nothing(
    flows: list[tuple[int, int]], unit: float
) -> None:
    start = date(2010, 1, 1)
    dates = [start + timedelta(offset) for offset, _ in flows]
    rate = xirr(dates, [amount * unit for _, amount in flows])

    if rate is not None and -0.9 < rate < 10:
        first = min(offset for offset, _ in flows)
        worth = [amount * (1 + rate) ** (-(offset - first) / 365) for offset, amount in flows]
        assert abs(sum(worth)) <= 1e-6 * sum(map(abs, worth))


@given(st.floats(-0.5, 1), st.lists(st.floats(1, 1e5), min_size=1, max_size=12))
def test_deposits_that_grew_at_one_rate_return_it(rate: float, paid: list[float]) -> None:
    dates = [date(2015, 1, 1) + timedelta(100 * number) for number in range(len(paid) + 1)]
    worth = 0.0
    for amount, (here, there) in zip(paid, pairwise(dates), strict=True):
        worth = (worth + amount) * (1 + rate) ** ((there - here).days / 365)

    assert xirr(dates, [*(-amount for amount in paid), worth]) == pytest.approx(rate, abs=1e-7)
