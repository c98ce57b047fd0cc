"""Limits: what each is held against, when it is near and over, what cannot be told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec import UNSET

from tio.api.errors import Invalid
from tio.api.limits import LimitKind, LimitLevel, LimitState, RiskLimits, SaveRiskLimits
from tio.api.orders import Order, OrderState, OrderType, Side
from tio.api.portfolio import Holdings, Position
from tio.engine.risk.limits import changes, heat, states

KIND = LimitKind


def position(symbol: str, quantity: int, price: int) -> Position:
    return Position(
        symbol=symbol,
        quantity=Decimal(quantity),
        currency="USD",
        cost=Decimal(0),
        average_cost=Decimal(0),
        base_cost=Decimal(0),
        price=Decimal(price),
        value=Decimal(quantity * price),
    )


def holdings(*positions: Position, nav: int | None = 1_000, **told: Any) -> Holdings:
    net = None if nav is None else Decimal(nav)
    at = datetime(2026, 11, 20, tzinfo=UTC)
    return Holdings(portfolio="main", currency="USD", at=at, positions=positions, nav=net, **told)


HELD = holdings(position("A", 4, 100), position("B", -2, 100), day_change=Decimal(-250))


def stop(symbol: str, price: str, quantity: int, side: Side = Side.sell, **more: Any) -> Order:
    return Order(
        symbol=symbol,
        side=side,
        quantity=Decimal(quantity),
        type=OrderType.stop,
        stop=Decimal(price),
        **more,
    )


def state(kind: LimitKind, limits: RiskLimits, *orders: Order) -> LimitState:
    return next(each for each in states(limits, HELD, orders) if each.kind is kind)


@pytest.mark.parametrize(
    ("kind", "value"),
    [(KIND.position, 40), (KIND.gross, 60), (KIND.day_loss, 20), (KIND.heat, 60)],
)
def test_each_is_percent_of_net_value(kind: LimitKind, value: int) -> None:
    assert state(kind, RiskLimits()).value == value


@pytest.mark.parametrize(
    ("limit", "level"),
    [
        (None, LimitLevel.within),
        ("50.01", LimitLevel.within),
        ("50", LimitLevel.near),
        ("40", LimitLevel.near),
        ("39.99", LimitLevel.over),
    ],
)
def test_near_is_from_four_fifths_on_and_over_beyond(limit: str | None, level: LimitLevel) -> None:
    wanted = RiskLimits(position=None if limit is None else Decimal(limit))
    told = state(KIND.position, wanted)
    assert (told.level, told.note) == (level, "A")


def test_heat_is_what_stops_would_cost_and_all_without_one() -> None:
    told = state(KIND.heat, RiskLimits(), stop("A", "90", 4))
    assert told.value == 4 + 20
    assert told.note == "1 of 2 without a stop, counted whole"
    both = (stop("A", "90", 4), stop("B", "105", 2, Side.buy))
    told = state(KIND.heat, RiskLimits(), *both)
    assert told.value == 4 + 1
    assert told.note == ""


def test_a_stop_that_keeps_a_gain_costs_nothing() -> None:
    assert heat(position("A", 4, 100), [stop("A", "120", 4)]) == (Decimal(0), True)


def test_the_nearest_stops_count_first_and_what_they_leave_is_whole() -> None:
    orders = [stop("A", "50", 2), stop("A", "90", 1)]
    assert heat(position("A", 4, 100), orders) == (Decimal(10 + 100 + 100), False)
    assert heat(position("A", 2, 100), orders) == (Decimal(10 + 50), True)


@pytest.mark.parametrize(
    "order",
    [
        stop("B", "90", 4),
        stop("A", "110", 4, Side.buy),
        stop("A", "90", 4, state=OrderState.cancelled),
        stop("A", "90", 4, state=OrderState.waiting),
        Order(symbol="A", side=Side.sell, quantity=Decimal(4), limit=Decimal(120)),
    ],
)
def test_what_does_not_stop_a_position_guards_nothing(order: Order) -> None:
    assert heat(position("A", 4, 100), [order]) == (Decimal(400), False)


def test_a_gain_of_the_day_is_no_loss() -> None:
    held = holdings(day_change=Decimal(50))
    told = next(e for e in states(RiskLimits(), held) if e.kind is KIND.day_loss)
    assert told.value == 0
    assert told.level is LimitLevel.within


@pytest.mark.parametrize("nav", [None, 0, -5])
def test_without_a_net_value_none_can_be_told(nav: int | None) -> None:
    held = holdings(position("A", 1, 1), nav=nav, lacks=("GOLD",))
    told = states(RiskLimits(position=Decimal(5)), held)
    assert {each.level for each in told} == {LimitLevel.unknown}
    assert told[0].note


def test_what_is_not_told_stays_and_null_takes_away() -> None:
    asked = SaveRiskLimits(position=Decimal(25), heat=None, gross=UNSET)
    assert changes(asked) == {"position": Decimal(25), "heat": None}


@pytest.mark.parametrize("value", ["0", "-1", "NaN", "Infinity", "100001"])
def test_a_limit_that_is_no_percentage_is_refused(value: str) -> None:
    with pytest.raises(Invalid, match="day loss is a percentage above zero"):
        changes(SaveRiskLimits(day_loss=Decimal(value)))
