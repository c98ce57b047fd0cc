from decimal import Decimal

import pytest
from order_scene import TERMS, order

from tio.api.errors import Conflict
from tio.api.orders import BracketLegs, Order, OrderChange, OrderState, OrderType, Side
from tio.engine.orders.acts import Act, break_even, cancel_all, flatten, reverse
from tio.engine.orders.groups import bracket

ACME = TERMS["ACME"]
OTHER = order("x", "buy", "1", symbol="ES=F")
DONE = order("d", "sell", "1", state=OrderState.filled)


def test_cancelling_all_names_entries_and_leaves_their_children_to_them() -> None:
    legs = bracket(order("e", "buy", "2"), BracketLegs(stop=Decimal(9)))
    orders = (*legs, OTHER, DONE)

    assert cancel_all(orders).cancel == ("e", "x")
    assert cancel_all(orders, symbol="ES=F").cancel == ("x",)
    assert cancel_all(orders, side=Side.sell).cancel == ("e.stop",)


def test_flattening_cancels_and_closes_each_position_at_the_market() -> None:
    held = {"ACME": Decimal(7), "ES=F": Decimal(-2), "NONE": Decimal(0)}

    act = flatten("main", held, (OTHER,))

    assert act.cancel == ("x",)
    assert [(o.symbol, o.side.value, o.quantity, o.reduce_only) for o in act.place] == [
        ("ACME", "sell", Decimal(7), True),
        ("ES=F", "buy", Decimal(2), True),
    ]
    assert [o.symbol for o in flatten("main", held, (), "ES=F").place] == ["ES=F"]


@pytest.mark.parametrize(("held", "side", "short"), [("7", "sell", True), ("-7", "buy", False)])
def test_reversing_trades_twice_what_is_held(held: str, side: str, short: bool) -> None:
    act = reverse("main", "ACME", Decimal(held), (order("s", "sell", "7", "stop", stop="9"), OTHER))

    (turned,) = act.place
    assert act.cancel == ("s",)
    assert (turned.side.value, turned.quantity, turned.short) == (side, Decimal(14), short)


def test_nothing_held_is_not_reversed() -> None:
    with pytest.raises(Conflict, match="nothing of ACME"):
        reverse("main", "ACME", Decimal(0), ())


def moved(price: str, cost: str, *orders: Order, held: str = "7") -> Act:
    return break_even("main", Decimal(held), Decimal(cost), Decimal(price), orders, ACME)


def test_break_even_moves_the_stops_that_stand_farther_rounded_so_that_nothing_is_lost() -> None:
    far = order("far", "sell", "7", "stop", stop="90")
    near = order("near", "sell", "7", "stop", stop="101")
    limited = order("lim", "sell", "7", "stop_limit", stop="90", limit="89")
    entry = order("buy", "buy", "7", "stop", stop="120")

    act = moved("110", "100.001", far, near, limited, entry, OTHER, DONE)

    stop = Decimal("100.01")
    assert act.change == (
        ("far", OrderChange(stop=stop)),
        ("lim", OrderChange(stop=stop, limit=Decimal("99.01"))),
    )


def test_break_even_of_a_short_position_lies_at_or_below_its_cost() -> None:
    act = moved("90", "99.999", order("s", "buy", "7", "stop", stop="105"), held="-7")

    assert act.change == (("s", OrderChange(stop=Decimal("99.99"))),)


def test_break_even_places_a_stop_where_none_stands() -> None:
    (placed,) = moved("110", "100").place

    assert (placed.type, placed.side, placed.stop) == (OrderType.stop, Side.sell, Decimal(100))
    assert (placed.quantity, placed.reduce_only) == (Decimal(7), True)


def test_break_even_waits_for_a_gain() -> None:
    with pytest.raises(Conflict, match="not above its break-even of 100"):
        moved("100", "100")
    with pytest.raises(Conflict, match="not below its break-even of 100"):
        moved("101", "100", held="-7")
