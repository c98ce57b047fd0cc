"""One owner's paper: what is pending, what is held, and what a pause does to its orders."""

from datetime import datetime, timedelta
from decimal import Decimal

from order_scene import NOON, TERMS, FakeHours, at, kinds, order, quote, trade

from tio.api.orders import Order, OrderState
from tio.api.series import instant
from tio.engine.orders.desk import PaperDesk

from fakes import FakeClock

D = Decimal


def desk(*orders: Order, woken: list[str] | None = None) -> PaperDesk:
    heard = [] if woken is None else woken
    return PaperDesk(
        "owner", FakeClock(NOON), TERMS.get, FakeHours(), orders, 1, lambda: heard.append("woken")
    )


def told(paper: PaperDesk) -> list[tuple[str, str]]:
    return kinds(tuple(paper.pending))


async def test_what_happens_is_pending_until_it_is_taken_portfolio_by_portfolio() -> None:
    woken: list[str] = []
    paper = desk(woken=woken)
    paper.on_quote(quote(-1, 99, 100))
    assert woken == []

    paper.broker.book.shelf.put(order("a", "buy", "1"))
    paper.on_quote(quote(1, 99, 100))

    assert told(paper) == [("Filled", "a")]
    assert woken == ["woken"]
    assert paper.taken("another") == []
    assert kinds(tuple(paper.taken("main"))) == [("Filled", "a")]
    assert paper.pending == []


def test_prints_of_a_time_reach_the_orders_of_their_symbol() -> None:
    paper = desk(order("a", "buy", "5", "limit", limit="100"))
    paper.on_trade(trade(1, 99.9), quote(1, 1, 2).delay, (), instant(at(1)))
    assert told(paper) == [("Filled", "a")]


def test_what_a_ledger_holds_counts_with_what_filled_and_is_not_kept_yet() -> None:
    paper = desk(order("a", "buy", "3"))
    paper.on_quote(quote(1, 99, 100))

    paper.hold("main", {"ACME": D(10), "ES=F": D(150)})

    assert paper.held("main") == {"ACME": 13, "ES=F": 3}
    assert paper.known == {"main"}


def test_after_a_pause_no_tick_of_it_fills_and_the_order_says_so() -> None:
    paper = desk(order("a", "buy", "1", "limit", limit="100", since=at(-3600)))

    paper.resume(at(-600), NOON)

    (open_,) = paper.open("main", "ACME")
    assert open_.reason == "was not watched from 2026-11-20 16:50:00Z to 2026-11-20 17:00:00Z"
    paper.on_quote(quote(-1, 89, 90))
    assert told(paper) == [("Changed", "a")]
    paper.on_quote(quote(1, 89, 90))
    assert told(paper) == [("Changed", "a"), ("Filled", "a")]


def test_an_order_of_a_time_still_to_come_keeps_it_over_a_pause() -> None:
    later: datetime = NOON + timedelta(hours=1)
    paper = desk(order("a", "buy", "1", since=later))
    paper.resume(at(-600), NOON)
    assert paper.open()[0].since == later


def test_orders_end_for_a_reason_that_is_nobodys_act() -> None:
    paper = desk(order("a", "buy", "1", "limit", limit="1"), order("b", "buy", "1"))
    paper.end(paper.open(), "another replay began")
    assert told(paper) == [("Cancelled", "a"), ("Cancelled", "b")]
    assert {event.order.reason for event in paper.pending} == {"another replay began"}
    paper.end([event.order for event in paper.pending], "twice")
    assert len(paper.pending) == 2


def test_a_portfolio_called_otherwise_keeps_its_orders_holdings_and_what_is_pending() -> None:
    paper = desk(order("a", "buy", "1", "limit", limit="1"), order("b", "buy", "2"))
    paper.hold("main", {"ACME": D(5)})
    paper.on_quote(quote(1, 99, 100))

    paper.rename("main", "second")

    assert [each.id for each in paper.open("second")] == ["a"]
    assert paper.held("second") == {"ACME": 7}
    assert paper.held("main") == {}
    assert kinds(tuple(paper.taken("second"))) == [("Filled", "b")]
    assert paper.known == {"second"}
    assert paper.broker.book.shelf.get("b").state is OrderState.filled
