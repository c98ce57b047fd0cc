from decimal import Decimal
from typing import Any

import pytest
from order_scene import TERMS, order

from tio.api.errors import Invalid
from tio.api.market import Bars, Side, Timeframe
from tio.api.orders import OrderState
from tio.api.series import Series, Times
from tio.api.tickets import OpenRisk, TicketRequest
from tio.engine.orders.heat import heat, open_risk
from tio.engine.orders.ticket import swing, ticket

CENT = Decimal("0.01")


def asked(side: str = "buy", entry: str = "100", **rest: Any) -> TicketRequest:
    rest.setdefault("equity", "50000")
    rest.setdefault("risk_percent", "1")
    if "risk" in rest:
        rest.pop("risk_percent")
    told = {name: Decimal(value) for name, value in rest.items() if value is not None}
    return TicketRequest(side=Side(side), entry=Decimal(entry), **told)  # type: ignore[arg-type]


def test_one_percent_of_equity_lost_at_the_stop_tells_the_quantity() -> None:
    made = ticket(asked(stop="97"))

    assert made.distance == 3
    assert made.size.quantity == 166
    assert made.size.risk == 498
    assert made.heat_share == Decimal("0.00996")


def test_a_risk_in_money_is_taken_as_told() -> None:
    assert ticket(asked(stop="98", risk="100")).size.quantity == 50


def test_a_stop_of_average_true_ranges_is_rounded_away_from_the_entry() -> None:
    long = ticket(asked(stop_atr="1.5", atr="1.333", tick="0.01"))
    short = ticket(asked("sell", stop_atr="1.5", atr="1.333", tick="0.01"))

    assert (long.stop, short.stop) == (Decimal("98.00"), Decimal("102.00"))


def test_a_stop_behind_a_swing_stands_a_tick_beyond_it() -> None:
    assert ticket(asked(swing="96.5", tick="0.01")).stop == Decimal("96.49")
    assert ticket(asked("sell", swing="103.5", tick="0.01")).stop == Decimal("103.51")


def test_a_gap_of_one_average_true_range_loses_that_much_more_a_unit() -> None:
    made = ticket(asked(stop="97", atr="2"))

    assert made.size.gap_risk == 166 * 5


def test_targets_stand_at_so_many_r_and_gain_them() -> None:
    made = ticket(asked(stop="97"))

    assert [t.r for t in made.targets] == [1, 2, 3]
    assert [t.price for t in made.targets] == [103, 106, 109]
    assert [t.gain for t in made.targets] == [498, 996, 1494]


def test_a_sales_targets_stand_below_and_never_at_zero() -> None:
    made = ticket(asked("sell", "10", stop="14", tick="0.01"))

    assert [t.price for t in made.targets] == [6, 2, CENT]


def test_multiplier_rate_lot_and_buying_power_bound_the_quantity() -> None:
    future = ticket(asked(entry="5000", stop="4990", multiplier="50", equity="200000", rate="0.5"))
    assert (future.size.quantity, future.size.limited_by) == (Decimal(1), "buying_power")

    lots = ticket(asked(stop="97", lot="100"))
    assert lots.size.quantity == 100

    poor = ticket(asked(stop="97", buying_power="1000"))
    assert (poor.size.quantity, poor.size.limited_by) == (Decimal(10), "buying_power")


def test_the_ticket_adds_its_risk_to_the_heat_there_is() -> None:
    made = ticket(asked(stop="97", heat="1000"))

    assert made.heat == 1498
    assert made.heat_share == Decimal("0.02996")


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ({}, "one stop"),
        ({"stop": "97", "swing": "96"}, "one stop"),
        ({"stop_atr": "2"}, "average true range"),
        ({"stop": "103"}, "lies below its entry"),
        ({"stop_atr": "60", "atr": "2"}, "below any price"),
        ({"stop": "97", "risk_percent": None}, "how much may be lost"),
    ],
)
def test_a_ticket_says_what_it_lacks(rest: dict[str, Any], said: str) -> None:
    with pytest.raises(Invalid, match=said):
        ticket(asked(**rest))


def bars(lows: list[float | None], forming: bool) -> Bars:
    step = range(len(lows))
    prices = Series(lows)
    highs = Series([None if low is None else low + 1 for low in lows])
    times = Times([60_000_000 * n for n in step])
    return Bars(
        symbol="ACME",
        timeframe=Timeframe.m1,
        time=times,
        open=prices,
        high=highs,
        low=prices,
        close=prices,
        volume=prices,
        forming=forming,
    )


def test_a_swing_is_the_extreme_of_the_last_closed_bars() -> None:
    told = bars([90.0, 95.0, None, 94.0, 97.5, 80.0], forming=True)

    assert swing(told, Side.buy, 4) == 94
    assert swing(told, Side.sell, 4) == Decimal("98.5")
    assert swing(told, Side.buy, 10) == 90
    with pytest.raises(Invalid, match="no closed bar"):
        swing(bars([80.0], forming=True), Side.buy)


def test_a_position_risks_what_lies_between_the_price_and_its_stops() -> None:
    stops = (
        order("far", "sell", "6", "stop", stop="90"),
        order("near", "sell", "4", "stop", stop="98"),
        order("target", "sell", "9", "limit", limit="120"),
        order("entry", "buy", "9", "stop", stop="120"),
        order("gone", "sell", "9", "stop", stop="99", state=OrderState.cancelled),
    )
    two = Decimal(2)

    whole = open_risk(Decimal(7), Decimal(100), stops, TERMS["ACME"], two)
    more = open_risk(Decimal(12), Decimal(100), stops, TERMS["ACME"], two)

    assert (whole.risk, whole.unguarded) == (two * (4 * 2 + 3 * 10), Decimal(0))
    assert (more.risk, more.unguarded) == (two * (4 * 2 + 6 * 10), Decimal(400))


def test_a_short_position_is_guarded_by_buying_stops() -> None:
    stop = order("s", "buy", "5", "stop", stop="104")

    assert open_risk(Decimal(-5), Decimal(100), (stop,), TERMS["ACME"], Decimal(1)).risk == 20


def test_heat_adds_risks_and_names_what_is_unguarded() -> None:
    risks = (
        OpenRisk(symbol="A", risk=Decimal(300)),
        OpenRisk(symbol="B", risk=Decimal(200), unguarded=Decimal(5_000)),
    )

    made = heat(risks, Decimal(10_000))

    assert (made.risk, made.share) == (Decimal(500), Decimal("0.05"))
    assert (made.unguarded, made.unguarded_value) == (("B",), Decimal(5_000))
    with pytest.raises(Invalid, match="equity"):
        heat(risks, Decimal(0))
