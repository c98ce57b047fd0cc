from decimal import Decimal

import pytest
from order_scene import CLOSE, at, book_of, cancelled, kinds, order, paid, quote, states, trade

from tio.api.errors import Invalid
from tio.api.orders import (
    BracketLegs,
    Order,
    OrderChange,
    OrderRefused,
    OrderState,
    TimeInForce,
    Trail,
)
from tio.engine.orders.book import PaperBook
from tio.engine.orders.groups import bracket, one_cancels_other

LEGS = BracketLegs(target=Decimal(110), stop=Decimal(95))


def placed(legs: BracketLegs = LEGS) -> PaperBook:
    """A book with a bracket around a limit buy of 10 at 100."""
    book = book_of()
    entry = order("e", "buy", "10", "limit", limit="100")
    book.place_group(bracket(entry, legs), at(0))
    return book


def quantities(book: PaperBook) -> dict[str, tuple[str, str]]:
    """Quantity and filled by id."""
    return {each.id: (f"{each.quantity:f}", f"{each.filled:f}") for each in book.shelf}


def test_children_of_a_bracket_wait_for_their_entry() -> None:
    book = placed()

    assert states(book)["e.target"] is OrderState.waiting
    assert book.on_trade(trade(1, 111.0)) == ()
    assert book.on_trade(trade(2, 101.0)) == ()
    assert book.why("e.stop") == "it waits for e to fill"


def test_a_filled_entry_sets_target_and_stop_to_work_from_the_next_tick_on() -> None:
    book = placed()

    events = book.on_trade(trade(1, 94.0))

    assert kinds(events) == [("Filled", "e"), ("Changed", "e.target"), ("Changed", "e.stop")]
    assert kinds(book.on_trade(trade(2, 94.0))) == [("Triggered", "e.stop")]


def test_children_are_as_large_as_what_the_entry_filled() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0, 4))
    assert quantities(book)["e.target"] == quantities(book)["e.stop"] == ("4", "0")

    book.on_trade(trade(2, 99.0, 3))

    assert quantities(book)["e.target"] == quantities(book)["e.stop"] == ("7", "0")


def test_a_child_takes_no_tick_from_before_its_entrys_fill() -> None:
    book = placed()
    book.on_trade(trade(10, 99.0))

    assert book.on_trade(trade(9, 94.0), received_at=at(11)) == ()
    assert kinds(book.on_trade(trade(10, 94.0))) == [("Triggered", "e.stop")]


def test_a_stop_at_work_for_a_part_is_triggered_by_the_trade_that_fills_more() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0, 4))

    events = book.on_trade(trade(2, 94.0, 3))

    assert paid(events) == [("e", "3", "100")]
    assert kinds(events)[-1] == ("Triggered", "e.stop")
    assert quantities(book)["e.stop"] == ("7", "0")


def test_the_target_takes_from_the_stop_what_it_fills_and_ends_it_when_whole() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0))

    book.on_trade(trade(2, 111.0, 4))
    assert quantities(book)["e.stop"] == ("6", "0")
    events = book.on_trade(trade(3, 111.0))

    assert paid(events) == [("e.target", "6", "110")]
    assert cancelled(events) == ["e.stop"]
    assert book.shelf.held("main", "ACME") == 0


def test_a_child_that_begins_to_fill_ends_what_is_left_of_the_entry() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0, 4))

    events = book.on_trade(trade(2, 111.0, 1))

    assert cancelled(events) == ["e"]
    assert quantities(book)["e.stop"] == ("3", "0")
    assert book.on_trade(trade(3, 99.0)) == ()


def test_an_entry_that_ends_without_a_fill_takes_its_children_along() -> None:
    book = placed()

    assert cancelled(book.cancel("e", at(1))) == ["e", "e.target", "e.stop"]


def test_an_entry_that_ends_after_a_fill_leaves_its_children_at_work() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0, 4))

    assert cancelled(book.cancel("e", at(2))) == ["e"]
    assert paid(book.on_trade(trade(3, 111.0))) == [("e.target", "4", "110")]


def test_an_entry_whose_day_ends_takes_its_waiting_children_along() -> None:
    book = book_of()
    day = order("e", "buy", "10", "limit", limit="100", time_in_force=TimeInForce.day)
    book.place_group(bracket(day, LEGS), at(0))

    events = book.on_session("ACME", CLOSE)

    assert kinds(events) == [("Expired", "e"), ("Cancelled", "e.target"), ("Cancelled", "e.stop")]


def test_a_childs_day_begins_when_its_entry_fills_and_survives_a_change() -> None:
    book = placed()
    book.replace("e.stop", OrderChange(time_in_force=TimeInForce.day), at(1))
    assert book.shelf.get("e.stop").expires_at is None
    book.on_trade(trade(2, 99.0))
    assert book.shelf.get("e.stop").expires_at == CLOSE

    book.replace("e.stop", OrderChange(stop=Decimal(96)), at(3))

    assert kinds(book.on_session("ACME", CLOSE)) == [("Expired", "e.stop")]


def test_a_bracket_may_trail() -> None:
    book = placed(BracketLegs(trail=Trail(amount=Decimal(5))))
    book.on_trade(trade(1, 99.0))

    book.on_trade(trade(2, 104.0))

    assert book.shelf.get("e.stop").stop == Decimal(99)


def test_a_short_entry_is_left_by_buying() -> None:
    book = book_of()
    entry = order("e", "sell", "10", short=True)
    legs = BracketLegs(target=Decimal(90), stop=Decimal(105), stop_limit=Decimal(106))
    book.place_group(bracket(entry, legs), at(0))
    book.on_quote(quote(1, 100, 101))

    assert kinds(book.on_quote(quote(2, 104.5, 105))) == [("Triggered", "e.stop")]
    events = book.on_quote(quote(3, 105, 105.5))
    assert paid(events) == [("e.stop", "10", "105.5")]
    assert cancelled(events) == ["e.target"]


def test_a_refused_leg_refuses_the_whole_bracket() -> None:
    book = book_of()
    legs = BracketLegs(target=Decimal("110.001"), stop=Decimal(95))

    events = book.place_group(bracket(order("e", "buy", "10"), legs), at(0))

    assert all(isinstance(event, OrderRefused) for event in events)
    assert len({event.order.reason for event in events}) == 1
    assert set(states(book).values()) == {OrderState.refused}


def test_a_child_without_its_entry_is_not_placed() -> None:
    _, target, _ = bracket(order("e", "buy", "10"), LEGS)

    with pytest.raises(Invalid, match="waits for e"):
        book_of().place(target, at(0))


@pytest.mark.parametrize(
    "legs",
    [
        BracketLegs(),
        BracketLegs(stop=Decimal(1), trail=Trail(amount=Decimal(1))),
        BracketLegs(target=Decimal(9), stop_limit=Decimal(1)),
    ],
)
def test_a_bracket_says_what_it_lacks(legs: BracketLegs) -> None:
    with pytest.raises(Invalid):
        bracket(order("e", "buy", "10"), legs)


def pair(first: str, second: str) -> tuple[Order, ...]:
    return one_cancels_other(
        (
            order("up", "sell", first, "limit", limit="110"),
            order("down", "sell", second, "stop", stop="90"),
        ),
        "g",
    )


def test_one_of_a_group_that_fills_whole_cancels_the_others() -> None:
    book = book_of(held="20")
    book.place_group(pair("10", "10"), at(0))

    events = book.on_trade(trade(1, 111.0))

    assert paid(events) == [("up", "10", "110")]
    assert cancelled(events) == ["down"]


def test_unequal_orders_of_a_group_shrink_in_proportion_down_to_whole_lots() -> None:
    book = book_of(held="30")
    book.place_group(pair("10", "20"), at(0))

    book.on_trade(trade(1, 111.0, 3))
    assert quantities(book)["down"] == ("14", "0")
    book.on_trade(trade(2, 111.0, 2))

    assert quantities(book)["down"] == ("10", "0")


def test_what_is_smaller_than_a_lot_is_nothing() -> None:
    book = book_of(held="30")
    book.place_group(pair("10", "1"), at(0))

    assert cancelled(book.on_trade(trade(1, 111.0, 3))) == ["down"]


def test_cancelling_one_of_a_group_leaves_the_others() -> None:
    book = book_of(held="10")
    book.place_group(pair("10", "10"), at(0))

    assert cancelled(book.cancel("up", at(1))) == ["up"]
    assert states(book)["down"] is OrderState.working


def test_two_brackets_of_one_group_leave_one_entry() -> None:
    book = book_of()
    buys = [
        order(id, "buy", "10", "limit", limit=price) for id, price in (("a", "99"), ("b", "98"))
    ]
    entries = one_cancels_other(buys, "either")
    book.place_group([leg for entry in entries for leg in bracket(entry, LEGS)], at(0))

    events = book.on_trade(trade(1, 98.5, 10))

    assert cancelled(events) == ["b", "b.target", "b.stop"]


def test_a_position_closed_by_hand_ends_the_stop_that_guarded_it() -> None:
    book = placed()
    book.on_trade(trade(1, 99.0))
    book.place(order("out", "sell", "10"), at(2))

    events = book.on_quote(quote(3, 100, 101))

    assert paid(events) == [("out", "10", "100")]
    assert cancelled(events) == ["e.target", "e.stop"]


def test_a_group_is_of_two_orders_or_more_of_one_symbol() -> None:
    with pytest.raises(Invalid, match="two orders"):
        one_cancels_other([order("a", "buy", "1")], "g")
    with pytest.raises(Invalid, match="one symbol"):
        one_cancels_other([order("a", "buy", "1"), order("b", "buy", "1", symbol="ES=F")], "g")
