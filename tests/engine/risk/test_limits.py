"""Limits: what each is held against, when it is near and over, what cannot be told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec import UNSET

from tio.api.errors import Invalid
from tio.api.limits import LimitKind, LimitLevel, LimitState, RiskLimits, SaveRiskLimits
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


def state(kind: LimitKind, limits: RiskLimits, **stops: Decimal) -> LimitState:
    return next(each for each in states(limits, HELD, stops) if each.kind is kind)


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
    told = state(KIND.heat, RiskLimits(), A=Decimal(90))
    assert told.value == 4 + 20
    assert told.note == "1 of 2 without a stop, counted whole"
    assert state(KIND.heat, RiskLimits(), A=Decimal(90), B=Decimal(105)).note == ""


def test_a_stop_that_keeps_a_gain_costs_nothing_and_a_short_one_loses_upwards() -> None:
    assert heat(position("A", 4, 100), Decimal(120)) == 0
    assert heat(position("B", -2, 100), Decimal(110)) == 20


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
