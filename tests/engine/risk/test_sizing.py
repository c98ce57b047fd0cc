"""Sizes by hand, limits that are never passed, mistakes told in a sentence."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.risk import SizedPosition, SizePosition, SizingMethod
from tio.engine.risk.sizing import size_position

AMOUNTS = st.decimals("0.01", "1e7", places=2)
PRICES = st.decimals("0.0001", "100000", places=4)
LOTS = st.sampled_from([Decimal(each) for each in ("0.00000001", "0.001", "0.3", "1", "7", "100")])


def asked(**fields: Any) -> SizePosition:
    given: dict[str, Any] = {
        name: Decimal(value) if type(value) is str else value for name, value in fields.items()
    }
    return SizePosition(**{"equity": Decimal(100_000), "entry": Decimal(50), **given})


def of(told: SizedPosition, *fields: str) -> tuple[Any, ...]:
    return tuple(getattr(told, field) for field in fields)


def test_one_percent_of_equity_to_a_stop_two_away() -> None:
    told = size_position(asked(stop="48", risk_percent="1"))
    assert of(told, "quantity", "limited_by") == (500, "risk")
    assert of(told, "unit_risk", "risk", "risk_share") == (2, 1_000, Decimal("0.01"))
    assert of(told, "value", "share") == (25_000, Decimal("0.25"))
    assert told.notes == ()


def test_cash_multiplier_and_rate_all_enter() -> None:
    # One point of a future is 50 dollars, a dollar 0.9 euro: 10 points risk 450 euro a contract.
    told = size_position(
        asked(
            entry="4000", stop="3990", risk="2000", multiplier="50", rate="0.9", buying_power="1e9"
        )
    )
    assert of(told, "quantity", "unit_risk", "risk") == (4, 450, 1_800)
    assert told.value == 4 * 4_000 * 45
    assert told.unrounded == Decimal("4.444444444444")


def test_a_short_position_has_its_stop_above() -> None:
    told = size_position(asked(stop="52", risk_percent="1", short=True, atr="1.5"))
    assert of(told, "quantity", "risk", "gap_risk") == (500, 1_000, 1_750)


def test_a_gap_through_the_stop_costs_one_average_range_more_and_ends_at_a_price_of_zero() -> None:
    assert size_position(asked(stop="48", risk="1000", atr="1")).gap_risk == 1_500
    assert size_position(asked(stop="2", risk="4800", atr="9")).gap_risk == 100 * 50


def test_buying_power_binds_before_the_risk_does() -> None:
    told = size_position(asked(stop="49.9", risk_percent="1"))
    assert of(told, "quantity", "limited_by", "value") == (2_000, "buying_power", 100_000)
    assert told.risk == 200
    assert "buying power of 100000" in told.notes[0]
    less = size_position(asked(stop="48", risk_percent="1", buying_power="10000"))
    assert of(less, "quantity", "limited_by") == (200, "buying_power")
    assert size_position(asked(stop="48", risk="1", buying_power="0")).quantity == 0


def test_less_than_a_lot_is_nothing_and_says_what_a_lot_costs() -> None:
    told = size_position(asked(stop="40", risk="500", lot="100"))
    assert of(told, "quantity", "limited_by", "risk") == (0, "lot", 0)
    assert told.notes == ("one lot of 100 costs 5000.00 and risks 1000.00, more than there may be",)


def test_lots_of_coins_are_small() -> None:
    told = size_position(asked(entry="64123.45", stop="63000", risk="250", lot="0.0001"))
    assert told.quantity == Decimal("0.2225")


def test_a_stop_within_the_noise_is_told() -> None:
    told = size_position(asked(stop="49", risk="100", atr="1.5"))
    assert told.notes == ("the stop lies within one average true range: noise may reach it",)


def test_a_fixed_fraction_needs_no_stop() -> None:
    told = size_position(asked(method=SizingMethod.fraction, percent="10"))
    assert of(told, "quantity", "limited_by", "value") == (200, "fraction", 10_000)
    assert of(told, "risk", "unit_risk", "gap_risk") == (None, None, None)
    assert size_position(asked(method=SizingMethod.fraction, percent="10", stop="45")).risk == 1_000


def test_a_calm_instrument_is_taken_in_more_than_a_wild_one() -> None:
    told = size_position(
        asked(method=SizingMethod.volatility, volatility_percent="40", target_percent="10")
    )
    assert of(told, "quantity", "share") == (500, Decimal("0.25"))
    calm = replace(
        asked(method=SizingMethod.volatility, target_percent="10"), volatility_percent=Decimal(5)
    )
    assert size_position(calm).limited_by == "buying_power"


def test_kelly_risks_half_of_what_a_record_proves() -> None:
    told = size_position(
        asked(method=SizingMethod.kelly, stop="48", win_rate=0.6, payoff=1.0, trades=100)
    )
    assert told.edge is not None
    assert told.edge.fraction == pytest.approx(0.0259516405)
    assert told.risk_share is not None
    assert float(told.risk_share) == pytest.approx(0.0259516405 / 2, abs=2e-5)
    assert told.quantity == 648
    whole = size_position(
        asked(
            method=SizingMethod.kelly,
            stop="48",
            win_rate=0.6,
            payoff=1.0,
            trades=100,
            kelly_share="1",
        )
    )
    assert whole.quantity == 1_297


def test_kelly_risks_nothing_on_what_luck_may_explain() -> None:
    told = size_position(
        asked(method=SizingMethod.kelly, stop="48", win_rate=0.55, payoff=1.0, trades=40)
    )
    assert of(told, "quantity", "limited_by") == (0, "kelly")
    assert "40 trades prove no edge: at 95% confidence a trade may bring -0." in told.notes[0]
    results = (1.5, -1.0) * 300
    proven = size_position(asked(method=SizingMethod.kelly, stop="48", results=results))
    assert proven.quantity > 0


@given(AMOUNTS, PRICES, PRICES, st.decimals("0.01", "100", places=2), LOTS, AMOUNTS, PRICES)
def test_no_limit_is_ever_passed_and_one_lot_more_would_pass_one(
    equity: Decimal,
    entry: Decimal,
    stop: Decimal,
    percent: Decimal,
    lot: Decimal,
    power: Decimal,
    rate: Decimal,
) -> None:
    if entry == stop:
        return
    told = size_position(
        SizePosition(
            equity=equity,
            entry=entry,
            stop=stop,
            short=stop > entry,
            risk_percent=percent,
            lot=lot,
            rate=rate,
            buying_power=power,
        )
    )
    may_lose = equity * percent / 100
    assert told.risk is not None
    assert told.unit_risk is not None
    assert told.quantity % lot == 0
    assert told.quantity >= 0
    assert told.risk <= may_lose
    assert told.value <= power
    assert told.value == told.quantity * entry * rate
    more = told.quantity + lot
    assert more * told.unit_risk > may_lose or more * entry * rate > power


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"stop": "51", "risk": "100"}, "the stop of a long position lies below its entry of 50"),
        ({"stop": "48", "risk": "100", "short": True}, "short position lies above its entry"),
        ({"stop": "50", "risk": "100"}, "at the entry of 50 risks nothing"),
        ({"risk": "100"}, "sizing by risk needs a stop"),
        ({"stop": "48"}, "as risk .cash. or as risk_percent"),
        ({"stop": "48", "risk": "100", "risk_percent": "1"}, "as risk .cash. or as risk_percent"),
        ({"stop": "48", "risk": "200000"}, "more than the equity of 100000"),
        ({"stop": "48", "risk": "0"}, "risk must be above zero, was 0"),
        ({"stop": "48", "risk_percent": "101"}, "risk_percent cannot be above 100"),
        ({"stop": "48", "risk": "1", "equity": "-5"}, "equity must be above zero, was -5"),
        ({"stop": "48", "risk": "1", "lot": "0"}, "lot must be above zero"),
        ({"stop": "48", "risk": "1", "buying_power": "-1"}, "buying_power must be above zero"),
        ({"stop": "48", "risk": "1", "rate": "NaN"}, "rate must be a number"),
        ({"stop": "48", "risk": "1e300"}, "risk must lie within"),
        ({"method": SizingMethod.fraction}, "percent is missing"),
        ({"method": SizingMethod.volatility, "target_percent": "10"}, "volatility_percent is miss"),
        ({"method": SizingMethod.kelly, "stop": "48"}, "kelly needs a record of trades"),
        (
            {"method": SizingMethod.kelly, "stop": "48", "results": (1.0,), "trades": 5},
            "by results, or by win_rate",
        ),
        (
            {"method": SizingMethod.kelly, "win_rate": 0.9, "payoff": 1.0, "trades": 50},
            "sizing by kelly needs a stop",
        ),
        (
            {
                "method": SizingMethod.kelly,
                "stop": "48",
                "win_rate": 0.9,
                "payoff": 1.0,
                "trades": 50,
                "kelly_share": "2",
            },
            "kelly_share lies above 0 and up to 1",
        ),
    ],
)
def test_a_mistake_is_one_sentence(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        size_position(asked(**fields))
