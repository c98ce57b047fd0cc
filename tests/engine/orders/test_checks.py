from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from order_scene import OPEN, TERMS, FakeHours, at, book_of, order, quote, trade

from tio.api.market import AssetClass, Session
from tio.api.orders import BracketLegs, Order, OrderState, TradingLimits
from tio.engine.orders.checks import refusal, wrong_legs
from tio.engine.orders.fees import FeeRate, FeeSchedule
from tio.engine.orders.groups import bracket
from tio.engine.orders.money import warnings
from tio.engine.orders.shape import Refusal
from tio.engine.orders.situation import Situation, Standing, situation_of
from tio.engine.orders.terms import Terms

RICH = Standing("USD", Decimal(100_000))
USUAL = Situation(
    TERMS["ACME"],
    Session.regular,
    None,
    Decimal("99.9"),
    Decimal("100.1"),
    Decimal(100),
    Decimal(0),
    (),
    Decimal(0),
    RICH,
)


def refused(placed: Order, **at: Any) -> Refusal:
    found = refusal(placed, replace(USUAL, **at))
    assert found is not None
    return found


def taken(placed: Order, **at: Any) -> bool:
    return refusal(placed, replace(USUAL, **at)) is None


@pytest.mark.parametrize("kind", ["market", "limit", "stop", "stop_limit", "trailing"])
def test_a_sensible_order_of_any_type_is_taken(kind: str) -> None:
    rest = {
        "limit": {"limit": "99"},
        "stop": {"stop": "105"},
        "stop_limit": {"stop": "105", "limit": "106"},
        "trailing": {"percent": "3"},
    }.get(kind, {})

    assert taken(order("o", "buy", "10", kind, **rest))


@pytest.mark.parametrize(
    ("side", "stop", "reason", "next"),
    [
        ("buy", "100.1", "buy stop at 100.1 is at or below the market at 100.1", "above 100.1"),
        ("sell", "101", "sell stop at 101 is at or above the market at 99.9", "below 99.9"),
    ],
)
def test_a_stop_on_the_wrong_side_of_the_market_is_refused(
    side: str, stop: str, reason: str, next: str
) -> None:
    found = refused(order("o", side, "1", "stop", stop=stop), held=Decimal(1))

    assert reason in found.reason
    assert next in found.next


def test_a_stop_is_taken_while_no_price_tells_its_side() -> None:
    assert taken(order("o", "buy", "1", "stop", stop="5"), bid=None, ask=None, last=None)


def test_a_market_order_in_a_closed_market_is_refused_and_a_limit_waits() -> None:
    found = refused(order("o", "buy", "1"), session=Session.closed, opens=OPEN)

    assert "closed until 2026-11-20 14:30Z" in found.reason
    assert "limit order" in found.next
    assert taken(order("o", "buy", "1", "limit", limit="99"), session=Session.closed)


def test_a_market_order_outside_regular_hours_needs_to_say_so() -> None:
    assert "extended" in refused(order("o", "buy", "1"), session=Session.post).next
    assert taken(order("o", "buy", "1", extended_hours=True), session=Session.post)


def test_an_index_and_a_contract_of_unknown_worth_are_not_traded() -> None:
    index = Terms("^GSPC", AssetClass.equity_index, "USD")
    future = Terms("ZZ=F", AssetClass.future, "USD", multiplier=None)

    assert "is an index" in refused(order("o", "buy", "1"), terms=index).reason
    assert "worth is not known" in refused(order("o", "buy", "1"), terms=future).reason


def test_what_is_not_held_is_sold_only_short() -> None:
    found = refused(order("o", "sell", "10"), held=Decimal(4))

    assert found.reason == "10 ACME cannot be sold: 4 held"
    assert found.next == "sell 4, or say that you mean to go short"
    assert taken(order("o", "sell", "10", short=True), held=Decimal(4))
    assert taken(order("o", "sell", "4"), held=Decimal(4))


def test_shares_promised_to_another_order_are_not_sold_twice_but_a_group_counts_once() -> None:
    other = order("x", "sell", "3", "limit", limit="110", oco="g")
    twin = order("y", "sell", "3", "stop", stop="90", oco="g")
    guard = order("z", "sell", "4", "stop", stop="90", reduce_only=True)
    working = (other, twin, guard)

    found = refused(order("o", "sell", "2"), held=Decimal(4), working=working)

    assert found.reason == "2 ACME cannot be sold: 4 held, 3 of it promised to other orders"
    assert taken(order("o", "sell", "1"), held=Decimal(4), working=working)
    assert taken(order("o", "sell", "4", oco="g"), held=Decimal(4), working=working)


def test_reduce_only_needs_something_to_reduce() -> None:
    for held in ("0", "5"):
        found = refused(order("o", "buy", "1", reduce_only=True), held=Decimal(held))
        assert "nothing of ACME this buy could reduce" in found.reason
    assert taken(order("o", "buy", "1", reduce_only=True), held=Decimal(-5))


def test_an_order_beyond_the_buying_power_is_refused_with_both_figures() -> None:
    found = refused(order("o", "buy", "1000"))

    assert found.reason == "it costs 100,100.00 USD, the buying power is 100,000.00"
    assert taken(order("o", "buy", "1000", "limit", limit="100"))
    assert taken(order("o", "buy", "1000"), standing=replace(RICH, margin=Decimal(2)))
    assert not taken_with_reserve("900")


def taken_with_reserve(quantity: str) -> bool:
    return taken(order("o", "buy", quantity), reserved=Decimal(20_000))


def test_an_order_that_reduces_needs_no_buying_power() -> None:
    poor = Standing("USD", Decimal(10), exposure=Decimal(50_000))

    assert taken(order("o", "buy", "500"), held=Decimal(-500), standing=poor)
    assert (
        "costs 100.10"
        in refused(order("o", "buy", "501"), held=Decimal(-500), standing=poor).reason
    )


def test_a_short_sale_uses_buying_power_too() -> None:
    assert "buying power" in refused(order("o", "sell", "1100", short=True)).reason


def test_money_of_another_currency_needs_its_rate() -> None:
    euros = Standing("EUR", Decimal(1_000))

    assert "no rate of USD in EUR" in refused(order("o", "buy", "1"), standing=euros).reason
    half = replace(euros, rates={"USD": Decimal("0.5")})
    assert taken(order("o", "buy", "19"), standing=half)
    assert "costs 1,001.00 EUR" in refused(order("o", "buy", "20"), standing=half).reason


def test_a_contract_costs_its_multiplier() -> None:
    es = {"terms": TERMS["ES=F"], "ask": Decimal(5000)}

    assert "costs 250,000.00" in refused(order("o", "buy", "1"), **es).reason


def test_without_any_price_nothing_tells_the_cost() -> None:
    bare = {"bid": None, "ask": None, "last": None}

    assert "no price of ACME" in refused(order("o", "buy", "1"), **bare).reason
    assert taken(order("o", "buy", "1", "limit", limit="5"), **bare)


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (TradingLimits(position=Decimal(1_000)), "the position would be worth 2,002.00 USD"),
        (TradingLimits(exposure=Decimal(5_000)), "the exposure would be 6,002.00 USD"),
        (TradingLimits(loss_a_day=Decimal(300)), "today has lost 300.00 USD, your limit is 300.00"),
        (TradingLimits(heat=Decimal(2_500)), "the heat would be 2,802.00 USD, your limit is 2,500"),
    ],
)
def test_limits_the_person_set_hold_for_what_opens_and_not_for_what_closes(
    limits: TradingLimits, reason: str
) -> None:
    standing = replace(
        RICH,
        exposure=Decimal(4_000),
        day_result=Decimal(-300),
        limits=limits,
        heats={"ESTX": Decimal(500)},
    )

    assert (
        reason in refused(order("o", "buy", "20"), standing=standing, pending=Decimal(300)).reason
    )
    assert taken(order("o", "buy", "20"), held=Decimal(-20), standing=standing)


HOT = replace(RICH, limits=TradingLimits(heat=Decimal(100)), heats={"ACME": Decimal(40)})


def test_a_stop_keeps_the_heat_of_what_is_bought_within_its_limit() -> None:
    entry = order("e", "buy", "20", "limit", limit="100")
    near = order("e.stop", "sell", "20", "stop", stop="97", parent="e")
    far = order("e.stop", "sell", "20", "stop", stop="96.9", parent="e")

    assert taken(entry, standing=HOT, guards=(near,))
    found = refused(entry, standing=HOT, guards=(far,))
    assert found.reason == "the heat would be 102.00 USD, your limit is 100.00"
    assert found.next == "take less, set a nearer stop, or raise the limit"
    assert refused(entry, standing=HOT).next == "place it with a stop, or raise the limit"


@pytest.mark.parametrize(("trail", "heat"), [({"amount": "3.1"}, "102"), ({"percent": "4"}, "120")])
def test_a_trailing_stop_counts_by_its_trail(trail: dict[str, str], heat: str) -> None:
    entry = order("e", "buy", "20", "limit", limit="100")
    stop = order("e.stop", "sell", "20", "trailing", parent="e", **trail)

    assert f"would be {heat}.00" in refused(entry, standing=HOT, guards=(stop,)).reason


def test_turning_a_position_round_takes_its_heat_and_its_exposure_away() -> None:
    full = replace(RICH, exposure=Decimal(99_900), limits=TradingLimits(heat=Decimal(100_000)))
    full = replace(full, heats={"ACME": Decimal(99_900)})

    assert taken(order("o", "sell", "2000", short=True), held=Decimal(1000), standing=full)


def test_limits_that_come_near_are_warned_of_one_by_one() -> None:
    limits = TradingLimits(position=Decimal(2_500), exposure=Decimal(4_000), heat=Decimal(10_000))
    at = replace(USUAL, standing=replace(RICH, limits=limits))

    assert warnings(order("o", "buy", "20"), at) == (
        "the position would be worth 2,002.00 USD, 80 % of your limit of 2,500.00",
    )
    assert warnings(order("o", "sell", "20"), replace(at, held=Decimal(20))) == ()


def test_an_orders_fee_takes_of_the_buying_power() -> None:
    fees = FeeSchedule(FeeRate(percent=Decimal("0.1")))
    dear = order("o", "buy", "1000", "limit", limit="100")

    assert taken(dear)
    assert "costs 100,100.00" in refused(dear, fees=fees).reason


def test_the_stops_placed_with_an_order_are_its_guards_and_open_ones_pend() -> None:
    book = book_of()
    book.on_quote(quote(-3, 99.9, 100.1))
    entry = order("a", "buy", "10", "limit", limit="90")
    book.place_group(bracket(entry, BracketLegs(stop=Decimal(88), target=Decimal(95))), at(-1))
    book.place(order("b", "buy", "2", "limit", limit="80"), at(-1))
    placed, *exits = bracket(order("o", "buy", "1"), BracketLegs(stop=Decimal(90)))

    def situation(each: Order, beside: tuple[Order, ...]) -> Situation:
        return situation_of(each, TERMS["ACME"], book, FakeHours(), RICH, TERMS.get, at(0), beside)

    found = situation(placed, tuple(exits))
    assert (found.guards, found.pending) == (tuple(exits), Decimal(10 * 2 + 2 * 80))
    again = situation(book.shelf.get("a"), ())
    assert [each.id for each in again.guards] == ["a.target", "a.stop"]
    assert again.pending == 2 * 80


@pytest.mark.parametrize(
    ("side", "legs", "reason"),
    [
        ("buy", BracketLegs(target=Decimal(100)), "target of a buy lies above its entry at 100.1"),
        ("buy", BracketLegs(stop=Decimal(101)), "stop of a buy lies below its entry at 100.1"),
        ("sell", BracketLegs(target=Decimal(100)), "target of a sell lies below its entry at 99.9"),
        ("sell", BracketLegs(stop=Decimal(99)), "stop of a sell lies above its entry at 99.9"),
    ],
)
def test_legs_on_the_wrong_side_of_the_entry_are_refused(
    side: str, legs: BracketLegs, reason: str
) -> None:
    found = wrong_legs(order("e", side, "1"), legs, USUAL)

    assert found is not None
    assert reason in found.reason


def test_legs_are_judged_by_the_entrys_own_price_first() -> None:
    entry = order("e", "buy", "1", "limit", limit="90")
    right = BracketLegs(target=Decimal(95), stop=Decimal(85))

    assert wrong_legs(entry, right, USUAL) is None


def test_a_situation_is_read_off_the_book() -> None:
    book = book_of(held="7")
    book.on_quote(quote(-3, 99.9, 100.1))
    book.on_trade(trade(-2, 100.0))
    book.place(order("a", "buy", "3", "limit", limit="90"), at(-1))
    book.place(order("b", "sell", "3", "limit", limit="120"), at(-1))
    book.place(order("c", "buy", "1", "limit", limit="4000", symbol="ES=F"), at(-1))
    book.place(order("d", "buy", "1"), at(-1))
    book.cancel("d", at(-1))
    placed = order("o", "buy", "1")

    found = situation_of(placed, TERMS["ACME"], book, FakeHours(), RICH, TERMS.get, at(0))

    assert (found.bid, found.ask, found.last) == (USUAL.bid, USUAL.ask, USUAL.last)
    assert (found.session, found.opens, found.held) == (Session.regular, None, Decimal(7))
    assert [each.id for each in found.working] == ["a", "b"]
    assert found.reserved == 3 * 90 + 4000 * 50
    assert all(each.state is OrderState.working for each in found.working)
