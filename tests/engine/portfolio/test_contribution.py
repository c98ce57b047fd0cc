"""What each position gave."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tio.api.errors import Invalid
from tio.engine.portfolio.contribution import contributions, gain, linking, with_rest
from tio.engine.portfolio.returns import Floats, linked, time_weighted

NONE = float("nan")
BASIS_POINTS = st.integers(-2000, 3000).map(lambda points: points / 10_000)


def table(*rows: tuple[float, ...]) -> Floats:
    return np.array(rows, dtype=np.float64)


def near(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_gain_is_what_is_there_and_was_paid_out_less_what_was_put_in() -> None:
    told = gain(Decimal(1000), Decimal(1300), Decimal("250.10"), Decimal("12.35"))

    assert told == Decimal("62.25")


def test_a_day_is_shared_by_gain() -> None:
    told = contributions(table((110, 95)), table((0, 0)), table((0, 0)), np.array([100.0, 100.0]))

    assert told.daily[0].tolist() == [near(0.05), near(-0.025)]
    assert told.linked.tolist() == [near(0.05), near(-0.025)]
    assert told.total == near(0.025)


def test_buying_with_cash_and_a_dividend_are_no_money_from_outside() -> None:
    value = table((50, 50), (53, 52))
    bought = table((50, -50), (0, 2))
    income = table((0, 0), (2, 0))

    told = contributions(value, bought, income, np.array([0.0, 100.0]))

    assert told.daily[0].tolist() == [0, 0]
    assert told.daily[1].tolist() == [near(0.05), 0]
    assert told.total == near(0.05)


def test_the_order_of_days_does_not_favour_a_position() -> None:
    opening = np.array([50.0, 50.0])
    value = table((60, 50), (60, 61))
    none = np.zeros_like(value)

    told = contributions(value, none, none, opening)

    first, second = linking(np.array([0.1, 0.1]))
    assert first == near(second)
    assert told.linked.tolist() == [near(0.105), near(0.105)]


def test_a_day_that_loses_all_makes_the_total_alone() -> None:
    assert linking(np.array([0.5, -1.0, 0.2])).tolist() == [0, 1, 0]
    assert linking(np.array([0.5, -1.25, 0.2])).tolist() == [0, 0.8, 0]


def test_many_days_of_great_losses_still_add_up() -> None:
    returns = np.full(400, -0.9)

    assert float(linking(returns) @ returns) == near(-1)


def test_days_without_valuation_are_told_where_they_end() -> None:
    value = table((NONE, 100), (120, 110))
    bought = table((0, 0), (0, 10))
    told = contributions(value, bought, np.zeros((2, 2)), np.array([100.0, 100.0]))

    assert np.isnan(told.daily[0]).all()
    assert told.daily[1].tolist() == [near(20 / 205), 0]


@pytest.mark.parametrize("days", [0, 2])
def test_nothing_held_gave_nothing(days: int) -> None:
    none = np.zeros((days, 3))
    told = contributions(none, none, none)

    assert np.isnan(told.total)
    assert np.isnan(told.linked).tolist() == [True] * 3


def test_tables_of_different_shapes_are_refused() -> None:
    with pytest.raises(Invalid, match=r"values \(1, 2\), purchases \(1, 1\)"):
        contributions(np.zeros((1, 2)), np.zeros((1, 1)), np.zeros((1, 2)))


@given(arrays(np.float64, st.integers(1, 60), elements=BASIS_POINTS))
def test_weighed_returns_add_up_to_their_total(returns: Floats) -> None:
    assert float(linking(returns) @ returns) == near(linked(returns))


@st.composite
def books(draw: st.DrawFn) -> tuple[Floats, Floats, Floats, Floats]:
    """Values, purchases, income and the opening of a few positions, of which the last is cash."""
    days, count = draw(st.integers(1, 25)), draw(st.integers(2, 5))
    shape = (days, count)
    moves = draw(arrays(np.float64, shape, elements=BASIS_POINTS))
    trades = draw(arrays(np.float64, shape, elements=st.integers(-20, 40)))
    income = np.abs(draw(arrays(np.float64, shape, elements=st.integers(0, 2))))
    income[:, -1] = 0
    outside = draw(arrays(np.float64, days, elements=st.integers(-50, 100)))
    moves[:, -1] = 0
    bought = trades.copy()
    bought[:, -1] = outside - trades[:, :-1].sum(axis=1) + income.sum(axis=1)
    opening = np.full(count, 1000.0)
    value, worth = np.empty(shape), opening
    for day in range(days):
        worth = (worth + bought[day]) * (1 + moves[day])
        value[day] = worth
    return value, bought, income, opening


@given(books(), st.data())
def test_contributions_add_up_to_the_time_weighted_return(
    book: tuple[Floats, Floats, Floats, Floats], data: st.DataObject
) -> None:
    value, bought, income, opening = book
    value[data.draw(st.integers(0, len(value) - 1)), 0] = np.nan
    flow = (bought - income).sum(axis=1)
    whole = time_weighted(value.sum(axis=1), flow, opening=float(opening.sum()))

    told = contributions(value, bought, income, opening)

    assert told.total == pytest.approx(whole.total, rel=1e-9, abs=1e-12, nan_ok=True)
    assert float(told.linked.sum()) == pytest.approx(whole.total, abs=1e-9, nan_ok=True)
    assert told.daily.sum(axis=1) == pytest.approx(whole.daily, abs=1e-12, nan_ok=True)


@given(books())
def test_the_rest_is_cash(book: tuple[Floats, Floats, Floats, Floats]) -> None:
    value, bought, income, opening = book
    flow = (bought - income).sum(axis=1)
    shares = slice(0, -1)

    full = with_rest(
        value.sum(axis=1), flow, value[:, shares], bought[:, shares], income[:, shares]
    )

    assert full[0] == pytest.approx(value, abs=1e-6)
    assert full[1] == pytest.approx(bought, abs=1e-6)
    assert contributions(*full, opening).linked == pytest.approx(
        contributions(value, bought, income, opening).linked, abs=1e-9
    )


@given(books())
def test_gains_by_position_are_what_the_contributions_are_made_of(
    book: tuple[Floats, Floats, Floats, Floats],
) -> None:
    value, bought, income, opening = book
    told = contributions(value, bought, income, opening)
    whole = np.concatenate((opening[None, :], value)).sum(axis=1)
    base = whole[:-1] + (bought - income).sum(axis=1)
    exact = [
        gain(*map(Decimal, (opening[i], value[-1, i], bought[:, i].sum(), income[:, i].sum())))
        for i in range(len(opening))
    ]

    assert (told.daily * base[:, None]).sum(axis=0) == pytest.approx(
        [float(each) for each in exact], abs=1e-6
    )
