from decimal import Decimal

import pytest
from msgspec.structs import replace
from order_scene import (
    at,
    book_of,
    cancelled,
    fills,
    kinds,
    order,
    paid,
    quote,
    states,
    trade,
)

from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.market import Delay, Flag
from tio.api.orders import OrderChange, OrderRefused, OrderState, Trail


def test_a_market_buy_takes_the_ask_and_a_sale_the_bid() -> None:
    book = book_of(held="5")
    book.place(order("b", "buy", "10"), at(0))
    book.place(order("s", "sell", "5"), at(0))

    events = book.on_quote(quote(1, 99.9, 100.1))

    assert paid(events) == [("b", "10", "100.1"), ("s", "5", "99.9")]
    assert set(states(book).values()) == {OrderState.filled}


def test_a_market_order_fills_what_each_quote_displays_until_it_is_whole() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert paid(book.on_quote(quote(1, 99, 100, 4))) == [("b", "4", "100")]
    assert states(book)["b"] is OrderState.partly_filled
    assert book.on_quote(quote(1, 99, 100, 4)) == ()
    assert paid(book.on_quote(quote(2, 99, 101, 4))) == [("b", "4", "101")]
    assert paid(book.on_quote(quote(3, 99, 100, 4))) == [("b", "2", "100")]
    assert book.shelf.get("b").average_price == Decimal("100.4")


def test_a_size_that_stands_unchanged_is_not_there_twice_until_a_trade_has_come() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert paid(book.on_quote(quote(1, 99, 100, 4))) == [("b", "4", "100")]
    assert book.on_quote(quote(2, 98, 100, 4)) == ()
    assert book.on_trade(trade(3, 100.0)) == ()
    assert paid(book.on_quote(quote(4, 98, 100, 4))) == [("b", "4", "100")]


def test_own_orders_share_what_a_quote_displays() -> None:
    book = book_of()
    book.place(order("first", "buy", "6"), at(0))
    book.place(order("second", "buy", "6"), at(0))

    events = book.on_quote(quote(1, 99, 100, 8))

    assert paid(events) == [("first", "6", "100"), ("second", "2", "100")]


def test_a_size_of_part_of_a_lot_is_left_standing() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert paid(book.on_quote(quote(1, 99, 100, 3.7))) == [("b", "3", "100")]
    assert book.on_quote(quote(2, 99, 100, 0.9)) == ()


def test_without_a_quote_a_market_order_takes_the_trade_as_it_is() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert paid(book.on_trade(trade(1, 100.0, 4))) == [("b", "4", "100")]


def test_beside_a_one_sided_quote_a_trade_costs_half_the_last_spread_rounded_against_us() -> None:
    book = book_of(held="5")
    book.on_quote(quote(-2, 99.98, 100.01))
    book.place(order("b", "buy", "5"), at(0))
    book.place(order("s", "sell", "5"), at(0))
    assert book.on_quote(quote(1, None, 100.01)) == ()

    events = book.on_trade(trade(2, 100.0, 50))

    assert paid(events) == [("b", "5", "100.02"), ("s", "5", "99.98")]


def test_while_a_sound_quote_stands_a_market_order_waits_for_the_next_one() -> None:
    book = book_of()
    book.on_quote(quote(-2, 99.98, 100.02))
    book.place(order("b", "buy", "5"), at(0))

    assert book.on_trade(trade(1, 100.0)) == ()
    assert paid(book.on_quote(quote(2, 99.99, 100.03))) == [("b", "5", "100.03")]


@pytest.mark.parametrize("kind", ["market", "limit"])
def test_a_tick_from_before_the_order_never_fills_it(kind: str) -> None:
    book = book_of()
    rest = {"limit": "200"} if kind == "limit" else {}
    book.place(order("b", "buy", "5", kind, **rest), at(10))

    assert book.on_quote(quote(9.9, 99, 100, received_at=at(11))) == ()
    assert book.on_trade(trade(9.9, 100.0), received_at=at(11)) == ()
    assert "takes none before" in book.why("b")
    assert paid(book.on_quote(quote(10, 99, 100))) == [("b", "5", "100")]


def test_a_quote_without_a_time_of_its_own_has_that_of_its_receipt() -> None:
    book = book_of()
    book.place(order("b", "buy", "5"), at(10))

    assert book.on_quote(quote(0, 99, 100, as_of=None, received_at=at(9))) == ()
    (fill,) = fills(book.on_quote(quote(0, 99, 101, as_of=None, received_at=at(10))))
    assert (fill.at, fill.as_of) == (at(10), None)


@pytest.mark.parametrize(
    ("odd", "said"),
    [
        (quote(1, 101, 100), "bid stands above its ask"),
        (quote(1, 99, 100, flags=(Flag.spike,)), "far off"),
        (quote(1, 99, 100, stale=True), "stale"),
        (quote(1, 99, 100, flags=(Flag.split_suspect,)), "split"),
        (quote(1, 99, 100, as_of=None, received_at=None), "no time"),
    ],
)
def test_an_unsound_quote_fills_nothing_and_says_why(odd: object, said: str) -> None:
    book = book_of()
    book.place(order("b", "buy", "5"), at(0))

    assert book.on_quote(odd) == ()  # type: ignore[arg-type]
    assert said in book.why("b")
    assert paid(book.on_quote(quote(2, 99, 100))) == [("b", "5", "100")]


def test_a_flagged_print_triggers_and_fills_nothing() -> None:
    book = book_of(held="5")
    book.place(order("s", "sell", "5", "stop", stop="90"), at(0))

    assert book.on_trade(trade(1, 9.0), flags=(Flag.spike,)) == ()
    assert kinds(book.on_trade(trade(2, 90.0))) == [("Triggered", "s")]


def test_a_limit_fills_at_its_price_only_when_traded_through_and_up_to_the_prints_size() -> None:
    book = book_of()
    book.place(order("b", "buy", "10", "limit", limit="100"), at(0))

    assert book.on_trade(trade(1, 100.0)) == ()
    assert book.on_trade(trade(1, 100.5)) == ()
    assert "below its limit of 100" in book.why("b")
    assert paid(book.on_trade(trade(2, 99.99, 4))) == [("b", "4", "100")]
    assert paid(book.on_trade(trade(3, 99.0, 400))) == [("b", "6", "100")]


def test_one_print_is_shared_by_the_limits_it_went_through() -> None:
    book = book_of()
    book.place(order("a", "buy", "10", "limit", limit="100"), at(0))
    book.place(order("b", "buy", "10", "limit", limit="101"), at(0))

    assert paid(book.on_trade(trade(2, 99.0, 12))) == [("a", "10", "100"), ("b", "2", "101")]


def test_a_marketable_limit_takes_the_quote_and_no_more_than_it_shows() -> None:
    book = book_of(held="10")
    book.place(order("b", "buy", "10", "limit", limit="100"), at(0))
    book.place(order("s", "sell", "10", "limit", limit="98"), at(0))

    events = book.on_quote(quote(1, 98.5, 99.5, 7))

    assert paid(events) == [("b", "7", "99.5"), ("s", "7", "98.5")]
    assert book.on_quote(quote(2, 97, 100.01)) == ()


@pytest.mark.parametrize("delay", list(Delay))
def test_only_fills_on_data_that_lag_are_marked(delay: Delay) -> None:
    book = book_of()
    book.place(order("b", "buy", "1"), at(0))

    (fill,) = fills(book.on_quote(quote(1, 99, 100, delay=delay, received_at=at(901))))

    assert fill.marked == (delay not in (Delay.realtime, Delay.simulated))
    assert (fill.as_of, fill.at, fill.delay) == (at(1), at(901), delay)


def test_a_reduce_only_order_fills_no_more_than_is_held_and_then_ends() -> None:
    book = book_of(held="4")
    book.place(order("s", "sell", "10", reduce_only=True), at(0))

    events = book.on_quote(quote(1, 99, 100))

    assert paid(events) == [("s", "4", "99")]
    assert cancelled(events) == ["s"]
    assert "left to reduce" in book.shelf.get("s").reason


def test_a_sale_goes_short_only_when_it_said_so() -> None:
    book = book_of(held="4")
    book.place(order("plain", "sell", "4", "limit", limit="200"), at(0))
    book.place(order("short", "sell", "10", short=True), at(0))

    events = book.on_quote(quote(1, 99, 100))

    assert paid(events) == [("short", "10", "99")]
    assert book.shelf.held("main", "ACME") == -6
    assert book.on_quote(quote(2, 201, 202)) != ()
    assert states(book)["plain"] is OrderState.cancelled


def test_a_cancelled_order_fills_no_more_and_is_not_cancelled_twice() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert kinds(book.cancel("b", at(1))) == [("Cancelled", "b")]
    assert book.on_quote(quote(2, 99, 100)) == ()
    with pytest.raises(Conflict, match="cancelled already"):
        book.cancel("b", at(3))
    with pytest.raises(NotFound):
        book.cancel("nobody", at(3))


def test_a_replaced_order_takes_no_tick_from_before_the_change() -> None:
    book = book_of()
    book.place(order("b", "buy", "10", "limit", limit="90"), at(0))
    book.replace("b", OrderChange(limit=Decimal(100), quantity=Decimal(5)), at(10))

    assert book.on_quote(quote(9, 98, 99)) == ()
    assert paid(book.on_quote(quote(10, 98, 99))) == [("b", "5", "99")]


def test_an_order_is_not_replaced_by_less_than_is_filled_or_by_a_wrong_price() -> None:
    book = book_of()
    book.place(order("b", "buy", "10", "limit", limit="100"), at(0))
    book.on_quote(quote(1, 98, 99, 6))
    before = book.shelf.get("b")

    with pytest.raises(Invalid, match="6 of b are filled"):
        book.replace("b", OrderChange(quantity=Decimal(6)), at(2))
    with pytest.raises(Invalid, match="in ticks of"):
        book.replace("b", OrderChange(limit=Decimal("99.995")), at(2))
    with pytest.raises(Invalid, match="has no trail"):
        book.replace("b", OrderChange(trail=Trail(amount=Decimal(1))), at(2))
    assert book.shelf.get("b") == before


def test_a_refused_order_is_told_and_never_fills() -> None:
    book = book_of()

    (event,) = book.place(order("b", "buy", "0"), at(0))

    assert isinstance(event, OrderRefused)
    assert event.order.reason == "the quantity must be above zero, was 0"
    assert book.on_quote(quote(1, 99, 100)) == ()


def test_an_id_is_taken_once() -> None:
    book = book_of()
    book.place(order("b", "buy", "1"), at(0))

    with pytest.raises(Conflict):
        book.place(order("b", "buy", "1"), at(0))
    with pytest.raises(Invalid):
        book.place(order("", "buy", "1"), at(0))


def test_another_book_goes_on_with_the_orders_a_former_one_left() -> None:
    first = book_of()
    first.place(order("b", "buy", "10"), at(0))
    first.on_quote(quote(1, 99, 100, 4))

    book = book_of(orders=tuple(first.shelf))

    assert [fill.id for fill in fills(book.on_quote(quote(2, 99, 102)))] == ["b.2"]
    assert book.shelf.get("b").average_price == Decimal("101.2")


def test_ticks_of_other_symbols_touch_nothing() -> None:
    book = book_of()
    book.place(order("b", "buy", "10"), at(0))

    assert book.on_quote(replace(quote(1, 99, 100), symbol="BTC-USD")) == ()
    assert book.on_trade(trade(1, 99.0, symbol="ES=F")) == ()
