from datetime import timedelta
from decimal import Decimal

from order_scene import (
    CLOSE,
    at,
    book_of,
    kinds,
    order,
    paid,
    quote,
    states,
    trade,
)

from tio.api.orders import OrderState, TimeInForce


def test_a_stop_triggers_on_a_trade_and_fills_by_the_next_quote_however_far_it_gapped() -> None:
    book = book_of(held="10")
    book.on_quote(quote(-1, 99, 100))
    book.place(order("s", "sell", "10", "stop", stop="95"), at(0))
    assert book.on_trade(trade(1, 95.01)) == ()

    (event,) = book.on_trade(trade(2, 94.9))

    assert (event.order.state, event.order.triggered_at) == (OrderState.triggered, at(2))
    assert book.on_quote(quote(1.9, 94.8, 95, received_at=at(2.5))) == ()
    assert paid(book.on_quote(quote(3, 90.0, 91.0))) == [("s", "10", "90")]


def test_where_trades_are_not_told_bid_and_ask_trigger_stops() -> None:
    book = book_of(held="10")
    book.place(order("s", "sell", "10", "stop", stop="95"), at(0))
    book.place(order("b", "buy", "10", "stop", stop="105"), at(0))

    assert book.on_quote(quote(1, 95.01, 104.99)) == ()
    assert kinds(book.on_quote(quote(2, 95, 96))) == [("Triggered", "s")]
    assert kinds(book.on_quote(quote(3, 104, 105))) == [("Filled", "s"), ("Triggered", "b")]


def test_where_trades_are_told_a_quote_triggers_no_stop() -> None:
    book = book_of(held="10")
    book.on_trade(trade(-5, 100.0))
    book.place(order("s", "sell", "10", "stop", stop="95"), at(0))

    assert book.on_quote(quote(1, 94, 96)) == ()


def test_a_quote_of_its_last_price_alone_is_a_trade_of_any_size() -> None:
    book = book_of()
    book.place(order("m", "buy", "10"), at(0))
    book.place(order("l", "buy", "10", "limit", limit="100"), at(0))

    assert paid(book.on_quote(quote(1, None, None, last=100.0))) == [("m", "10", "100")]
    assert paid(book.on_quote(quote(2, None, None, last=99.5))) == [("l", "10", "100")]


def test_a_stop_limit_becomes_a_limit() -> None:
    book = book_of(held="10")
    book.place(order("s", "sell", "10", "stop_limit", stop="95", limit="94"), at(0))
    book.on_trade(trade(1, 95.0))

    assert book.on_quote(quote(2, 93, 93.5)) == ()
    assert paid(book.on_quote(quote(3, 94.5, 95))) == [("s", "10", "94.5")]


def test_a_trailing_stop_follows_the_best_price_and_never_goes_back() -> None:
    book = book_of(held="10")
    book.place(order("s", "sell", "10", "trailing", amount="2"), at(0))

    stops = []
    for second, price in enumerate((100.0, 103.0, 102.0, 103.5, 101.6), 1):
        book.on_trade(trade(second, price))
        stops.append(book.shelf.get("s").stop)

    assert stops == [Decimal(n) for n in ("98.0", "101.0", "101.0", "101.5", "101.5")]
    assert kinds(book.on_trade(trade(6, 101.5))) == [("Triggered", "s")]


def test_a_trail_in_percent_is_of_the_best_price_rounded_away_from_it() -> None:
    book = book_of()
    book.place(order("b", "buy", "10", "trailing", percent="5"), at(0))

    book.on_trade(trade(1, 33.33))

    assert book.shelf.get("b").stop == Decimal("35.00")
    assert book.on_trade(trade(2, 34.99)) == ()
    assert kinds(book.on_trade(trade(3, 35.0))) == [("Triggered", "b")]


def test_a_day_order_expires_at_the_close_before_the_tick_of_that_instant() -> None:
    book = book_of()
    book.place(order("d", "buy", "10", time_in_force=TimeInForce.day), at(0))
    book.place(order("g", "buy", "10"), at(0))
    after = (CLOSE - at(0)).total_seconds()

    assert kinds(book.on_session("ACME", CLOSE - timedelta(microseconds=1))) == []
    assert kinds(book.on_quote(quote(after, 99, 100))) == [("Expired", "d")]
    assert states(book) == {"d": OrderState.expired, "g": OrderState.working}


def test_outside_regular_hours_only_orders_that_said_so_fill_and_none_in_a_closed_market() -> None:
    book = book_of()
    book.place(order("r", "buy", "1"), at(0))
    book.place(order("x", "buy", "1", extended_hours=True), at(0))
    after = (CLOSE - at(0)).total_seconds()

    assert book.on_quote(quote(after + 9 * 3600, 99, 100)) == ()
    assert paid(book.on_quote(quote(after + 60, 99, 101))) == [("x", "1", "101")]
    assert "after the close" in book.why("r")
    assert "it opens at 2026-11-21 14:30Z" in book.why("r")


def test_a_day_order_with_extended_hours_lives_to_their_end() -> None:
    book = book_of()
    day = TimeInForce.day
    book.place(order("x", "buy", "1", time_in_force=day, extended_hours=True), at(0))

    assert book.on_session("ACME", CLOSE) == ()
    assert kinds(book.on_session("ACME", CLOSE + timedelta(hours=2))) == [("Expired", "x")]
