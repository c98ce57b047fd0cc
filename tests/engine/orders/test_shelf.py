"""Orders found by id, symbol and group, and what is held beside them."""

from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from order_scene import order

from tio.api.errors import NotFound
from tio.api.orders import BracketLegs, OrderState
from tio.engine.orders.groups import bracket, one_cancels_other
from tio.engine.orders.shelf import OrderShelf

D = Decimal
ENTRY = order("e", "buy", "5", "limit", limit="90")
OTHER = order("x", "sell", "1", symbol="ES=F")


def test_orders_keep_the_order_they_came_in_and_are_found_by_id() -> None:
    shelf = OrderShelf((ENTRY, OTHER))
    assert [each.id for each in shelf] == ["e", "x"]
    assert ("e" in shelf, "y" in shelf) == (True, False)
    with pytest.raises(NotFound, match="there is no order 'y'"):
        shelf.get("y")


def test_a_symbol_stands_while_an_order_of_it_is_open() -> None:
    shelf = OrderShelf((ENTRY, OTHER))
    assert shelf.symbols() == ("ACME", "ES=F")
    shelf.put(replace(ENTRY, state=OrderState.filled))
    assert not shelf.stands("ACME")
    assert shelf.open("ACME") == ()
    assert shelf.symbols() == ("ES=F",)


def test_groups_and_brackets_know_who_stands_beside_whom() -> None:
    legs = bracket(ENTRY, BracketLegs(target=D(100), stop=D(80)))
    pair = one_cancels_other((order("a", "sell", "1"), order("b", "sell", "1")), "g")
    shelf = OrderShelf((*legs, *pair))
    assert [each.id for each in shelf.children(legs[0])] == ["e.target", "e.stop"]
    assert [each.id for each in shelf.siblings(pair[0])] == ["b"]
    assert list(shelf.siblings(ENTRY)) == []


def test_telling_all_that_is_held_forgets_what_is_not_named() -> None:
    shelf = OrderShelf()
    shelf.hold("main", "ACME", D(3))
    shelf.hold("second", "ACME", D(9))
    shelf.holds("main", {"ES=F": D(-2)})
    assert shelf.held("main", "ACME") == 0
    assert shelf.holdings("main") == {"ES=F": -2}
    assert shelf.holdings("second") == {"ACME": 9}


@pytest.mark.parametrize(
    ("side", "options", "held", "room"),
    [
        ("buy", {}, "-3", None),
        ("sell", {"short": True}, "3", None),
        ("sell", {}, "3", D(3)),
        ("sell", {}, "-3", D(0)),
        ("buy", {"reduce_only": True}, "-3", D(3)),
        ("sell", {"reduce_only": True, "short": True}, "3", D(3)),
    ],
)
def test_what_may_only_reduce_has_room_for_what_is_held(
    side: str, options: dict[str, Any], held: str, room: Decimal | None
) -> None:
    shelf = OrderShelf()
    shelf.hold("main", "ACME", D(held))
    assert shelf.room(order("o", side, "5", **options)) == room


def test_a_copy_has_the_open_orders_and_changes_apart() -> None:
    shelf = OrderShelf((ENTRY, replace(OTHER, state=OrderState.cancelled)))
    copy = shelf.copied()
    copy.hold("main", "ACME", D(5))
    copy.put(replace(ENTRY, state=OrderState.filled))
    assert [each.id for each in copy] == ["e"]
    assert shelf.stands("ACME")
    assert shelf.held("main", "ACME") == 0
