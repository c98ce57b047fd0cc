import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
from order_scene import NOON, TERMS, FakeHours, kinds, order, paid, quote

from tio.api.errors import Conflict, Overflow
from tio.api.orders import BracketLegs, Fill, OrderChange, OrderEvent, OrderState, TradingLimits
from tio.engine.orders import broker as module
from tio.engine.orders.acts import flatten, reverse
from tio.engine.orders.broker import Broker, PaperBroker
from tio.engine.orders.situation import Standing

from fakes import FakeClock

RICH = Standing("USD", Decimal(100_000), limits=TradingLimits(position=Decimal(50_000)))


def broker(told: list[OrderEvent] | None = None) -> PaperBroker:
    made = PaperBroker(
        FakeClock(NOON),
        TERMS.get,
        FakeHours(),
        lambda portfolio: RICH,
        told=(told if told is not None else []).extend,
    )
    made.on_quote(quote(-1, 99.9, 100.1))
    return made


async def test_an_order_is_numbered_placed_at_the_clocks_time_and_told() -> None:
    told: list[OrderEvent] = []
    paper = broker(told)

    (placed,) = await paper.place(order("", "buy", "10"))

    assert (placed.id, placed.broker, placed.placed_at) == ("p1", "PAPER", NOON)
    assert kinds(tuple(told)) == [("Accepted", "p1")]
    assert await paper.orders("main") == (placed,)
    assert await paper.orders("another") == ()


async def test_a_refused_order_is_a_conflict_that_says_what_to_do_and_touches_nothing() -> None:
    told: list[OrderEvent] = []
    paper = broker(told)

    with pytest.raises(Conflict) as caught:
        await paper.place(order("b", "buy", "600"))

    assert "your limit is 50,000.00" in caught.value.message
    assert caught.value.next == "take less, or raise the limit"
    assert kinds(tuple(told)) == [("Refused", "b")]
    assert await paper.orders(open_only=True) == ()
    assert paper.book.shelf.held("main", "ACME") == 0


async def test_fills_come_in_order_to_everyone_who_listens_from_then_on() -> None:
    paper = broker()
    await paper.place(order("a", "buy", "1"))
    paper.on_quote(quote(1, 99, 100))
    first, second = paper.fills(), paper.fills()
    await paper.place(order("b", "buy", "1"))
    await paper.place(order("c", "buy", "1"))

    waiting = asyncio.create_task(_next(first))
    await asyncio.sleep(0)
    paper.on_quote(quote(2, 99, 101))

    assert (await waiting).order == "b"
    assert [(await anext(first)).order] == ["c"]
    assert [(await anext(second)).order, (await anext(second)).order] == ["b", "c"]


async def test_a_bracket_is_judged_by_its_legs_and_placed_whole() -> None:
    paper = broker()
    entry = order("e", "buy", "10")

    with pytest.raises(Conflict, match="stop of a buy lies below"):
        await paper.place(entry, BracketLegs(stop=Decimal(101)))
    placed = await paper.place(entry, BracketLegs(target=Decimal(110), stop=Decimal(95)))

    assert [(each.id, each.state) for each in placed] == [
        ("e", OrderState.working),
        ("e.target", OrderState.waiting),
        ("e.stop", OrderState.waiting),
    ]


async def test_a_group_placed_through_the_broker_cancels_what_one_of_it_fills() -> None:
    paper = broker()
    paper.book.shelf.hold("main", "ACME", Decimal(10))
    up = order("", "sell", "10", "limit", limit="110")
    down = order("", "sell", "10", "stop", stop="90")

    await paper.place_group((up, down))
    events = paper.on_quote(quote(1, 110, 111))

    assert kinds(events) == [("Filled", "p1"), ("Cancelled", "p2")]


async def test_orders_are_changed_and_cancelled_by_id() -> None:
    paper = broker()
    await paper.place(order("b", "buy", "10", "limit", limit="90"))

    assert (await paper.replace("b", OrderChange(limit=Decimal(95)))).limit == 95
    assert (await paper.cancel("b")).state is OrderState.cancelled


async def test_flattening_leaves_no_order_and_no_position() -> None:
    paper = broker()
    await paper.place(order("e", "buy", "10"), BracketLegs(stop=Decimal(95)))
    paper.on_quote(quote(1, 99.9, 100.1))
    held = {"ACME": paper.book.shelf.held("main", "ACME")}

    await paper.do(flatten("main", held, await paper.orders("main")))
    events = paper.on_quote(quote(2, 99.5, 100))

    assert paid(events) == [("p1", "10", "99.5")]
    assert paper.book.shelf.held("main", "ACME") == 0
    assert await paper.orders(open_only=True) == ()


async def test_reversing_ends_as_much_short_as_it_was_long() -> None:
    paper = broker()
    paper.book.shelf.hold("main", "ACME", Decimal(10))

    await paper.do(reverse("main", "ACME", Decimal(10), await paper.orders("main")))
    paper.on_quote(quote(1, 99.5, 100))

    assert paper.book.shelf.held("main", "ACME") == -10


async def test_a_refused_act_leaves_the_stop_that_guards_the_position() -> None:
    paper = broker()
    paper.book.shelf.hold("main", "ACME", Decimal(400))
    await paper.place(order("s", "sell", "400", "stop", stop="90", reduce_only=True))

    with pytest.raises(Conflict, match="costs"):
        await paper.do(reverse("main", "ACME", Decimal(400_000), await paper.orders("main")))

    assert [each.id for each in await paper.orders(open_only=True)] == ["s"]


async def test_who_reads_too_slowly_gets_what_was_kept_and_is_then_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "PENDING", 2)
    paper = broker()
    stream = paper.fills()
    for id in "abc":
        await paper.place(order(id, "buy", "1"))
    paper.on_quote(quote(1, 99, 100))

    assert [(await anext(stream)).order, (await anext(stream)).order] == ["a", "b"]
    with pytest.raises(Overflow, match="over 2 fills"):
        await anext(stream)


async def _next(stream: AsyncIterator[Fill]) -> Fill:
    return await anext(stream)


def test_the_paper_broker_is_a_broker() -> None:
    def live(one: Broker) -> str:
        return one.name

    assert live(broker()) == "PAPER"
