"""What every engine promises of paper orders, in this process and across the socket."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from both_engines import Afternoon
from test_portfolio_contract import PATIENCE, holds

from tio.api.access import Principal
from tio.api.contract import Engine, Role
from tio.api.errors import Conflict, Invalid, NotAllowed, NotFound
from tio.api.ledger import (
    AddTransaction,
    CreatePortfolio,
    DeletePortfolio,
    EditPortfolio,
    GetPositions,
    ListTransactions,
)
from tio.api.limits import SaveRiskLimits
from tio.api.market import GetQuotes, Side
from tio.api.orders import (
    BracketLegs,
    Fill,
    Order,
    OrderEvent,
    OrderFilled,
    OrderState,
    OrderType,
    TimeInForce,
)
from tio.api.portfolio import TransactionKind
from tio.api.trading import (
    CancelOrder,
    CancelOrders,
    FlattenPosition,
    GetTicket,
    ListFills,
    ListOrders,
    Orders,
    OtherOrder,
    PlaceOrder,
    PreviewOrder,
    ReplaceOrder,
    ReversePosition,
    StopToBreakEven,
)
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

TRADED = "SIM:ACME"


def made() -> LocalEngine:
    return LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=200.0, portfolio=False)),
        wall=Afternoon(),
    )


@dataclass
class Life:
    """An engine that can end and begin again, in this process or behind its socket."""

    remote: bool
    local: LocalEngine
    engine: Engine
    server: Server | None = None

    async def begin(self) -> None:
        self.local = made()
        await self.local.start()
        self.engine = self.local.session()
        if self.remote:
            self.server = Server(self.local, Door.open(self.local.place.socket))
            await self.server.start()
            self.engine = await RemoteEngine.open(self.local.place.socket)

    async def end(self) -> None:
        if self.server is not None:
            await self.engine.close()
            await self.server.close()
        await self.local.close()


@pytest.fixture(params=["local", "remote"])
async def life(request: pytest.FixtureRequest) -> AsyncIterator[Life]:
    local = made()
    life = Life(request.param == "remote", local, local.session())
    await life.begin()
    await life.engine.ask(CreatePortfolio("main", "USD"))
    amount = Decimal(1_000_000)
    deposit = AddTransaction("main", TransactionKind.deposit, "2026-11-02", amount=amount)
    await life.engine.ask(deposit)
    yield life
    await life.end()


@pytest.fixture
def engine(life: Life) -> Engine:
    return life.engine


async def price(engine: Engine) -> Decimal:
    """What the symbol trades at now."""
    (quote,) = await engine.ask(GetQuotes((TRADED,)))
    assert quote.last is not None
    return Decimal(repr(quote.last))


async def place(engine: Engine, side: str, quantity: str, **rest: Any) -> tuple[Order, ...]:
    asked = PlaceOrder("main", TRADED, Side(side), Decimal(quantity), **rest)
    return await engine.ask(asked)


async def until_filled(engine: Engine, *ids: str) -> list[OrderEvent]:
    """What happened until all of these orders were filled."""
    seen: list[OrderEvent] = []
    async with asyncio.timeout(PATIENCE), engine.watch(Orders("main")) as items:
        async for item in items:
            seen += item.value
            done = {e.order.id for e in seen if e.order.state is OrderState.filled}
            if done >= set(ids):
                return seen
    raise AssertionError("the topic ended")


async def until_none_is_open(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Orders("main")) as items:
        async for _ in items:
            if not await engine.ask(ListOrders("main", open=True)):
                return


async def bought(engine: Engine, quantity: str = "10") -> Order:
    (order,) = await place(engine, "buy", quantity)
    await until_filled(engine, order.id)
    (listed, *_) = await engine.ask(ListOrders("main"))
    return listed.order


def as_one(fills: tuple[Fill, ...]) -> Decimal:
    return sum((fill.quantity for fill in fills), Decimal(0))


async def test_a_market_order_fills_and_enters_the_ledger(engine: Engine) -> None:
    order = await bought(engine)
    assert (order.state, order.filled, order.broker) == (OrderState.filled, Decimal(10), "PAPER")
    fills = await engine.ask(ListFills("main"))
    assert as_one(fills) == 10
    entries = await engine.ask(ListTransactions("main", symbol=TRADED))
    assert {each.reference for each in entries} == {fill.id for fill in fills}
    assert all(each.tags == ("paper",) for each in entries)
    assert all(each.kind is TransactionKind.buy for each in entries)
    held = await engine.ask(GetPositions("main"))
    (position,) = held.positions
    assert position.quantity == 10
    assert position.cost == sum((f.price * f.quantity + f.fee for f in fills), Decimal(0))
    assert holds(held)


async def test_a_limit_waits_is_changed_and_is_cancelled(engine: Engine) -> None:
    far = ((await price(engine)) / 2).quantize(Decimal("0.01"))
    (order,) = await place(
        engine, "buy", "5", type=OrderType.limit, limit=far, time_in_force=TimeInForce.gtc
    )
    (listed,) = await engine.ask(ListOrders("main", open=True))
    assert listed.order.id == order.id
    assert listed.distance is not None
    assert listed.distance < -40
    assert listed.why

    changed = await engine.ask(ReplaceOrder(order.id, quantity=Decimal(7)))
    assert (changed.quantity, changed.limit) == (Decimal(7), far)
    gone = await engine.ask(CancelOrder(order.id))
    assert gone.state is OrderState.cancelled
    assert await engine.ask(ListOrders("main", open=True)) == ()
    with pytest.raises(Conflict, match="is cancelled already"):
        await engine.ask(CancelOrder(order.id))
    with pytest.raises(NotFound, match="there is no order 'p99'"):
        await engine.ask(CancelOrder("p99"))


async def test_a_bracket_is_left_by_one_of_its_exits(engine: Engine) -> None:
    last = await price(engine)
    near = (last * Decimal("0.0002")).quantize(Decimal("0.01")) + Decimal("0.01")
    entry, target, stop = await place(
        engine,
        "buy",
        "10",
        bracket=BracketLegs(target=last + 40 * near, stop=last - 40 * near),
        setup="pull\x1bback ",
        idea="i7",
    )
    assert {(each.setup, each.idea) for each in (entry, target, stop)} == {("pullback", "i7")}
    assert (target.parent, stop.parent) == (entry.id, entry.id)
    await until_filled(engine, entry.id)
    # Close above and below the market, so that one of them is soon reached.
    last = await price(engine)
    await engine.ask(ReplaceOrder(target.id, limit=last + near))
    await until_none_is_open(engine)
    held = await engine.ask(GetPositions("main"))
    assert not held.positions or held.positions[0].quantity == 0
    assert holds(held)
    states = {each.order.id: each.order.state for each in await engine.ask(ListOrders("main"))}
    assert states[entry.id] is OrderState.filled
    assert {states[target.id], states[stop.id]} == {OrderState.filled, OrderState.cancelled}


async def test_one_cancels_the_other(engine: Engine) -> None:
    await bought(engine)
    last = await price(engine)
    high, low = (last * 2).quantize(Decimal(1)), (last / 2).quantize(Decimal(1))
    first, second = await place(
        engine,
        "sell",
        "10",
        type=OrderType.limit,
        limit=high,
        time_in_force=TimeInForce.gtc,
        oco=OtherOrder(type=OrderType.stop, stop=low),
    )
    assert first.oco == second.oco != ""
    await engine.ask(ReplaceOrder(first.id, limit=low))
    events = await until_filled(engine, first.id)
    await until_none_is_open(engine)
    assert any(isinstance(each, OrderFilled) for each in events)
    states = {each.order.id: each.order.state for each in await engine.ask(ListOrders("main"))}
    assert states[second.id] is OrderState.cancelled


async def test_a_restart_keeps_working_orders(life: Life) -> None:
    engine = life.engine
    far = ((await price(engine)) / 2).quantize(Decimal("0.01"))
    (order,) = await place(
        engine, "buy", "5", type=OrderType.limit, limit=far, time_in_force=TimeInForce.gtc
    )
    await bought(engine, "3")
    await life.end()

    await life.begin()
    (listed,) = await life.engine.ask(ListOrders("main", open=True))
    assert (listed.order.id, listed.order.limit) == (order.id, far)
    assert listed.order.reason.startswith("was not watched from 2026-11-20 ")
    assert as_one(await life.engine.ask(ListFills("main"))) == 3
    (sold,) = await place(life.engine, "sell", "3")
    assert sold.id not in {order.id, "p2"}
    await until_filled(life.engine, sold.id)
    assert holds(await life.engine.ask(GetPositions("main")))


async def test_a_repeated_write_key_places_one_order(engine: Engine) -> None:
    asked = PlaceOrder("main", TRADED, Side.buy, Decimal(1), OrderType.limit, Decimal(1))
    first = await engine.ask(asked, key="once")
    again = await engine.ask(asked, key="once")
    assert first == again
    (_,) = await engine.ask(ListOrders("main"))
    with pytest.raises(Conflict, match="already used for another PlaceOrder"):
        await engine.ask(PlaceOrder("main", TRADED, Side.buy, Decimal(2)), key="once")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"quantity": Decimal(0)}, "the quantity must be above zero"),
        ({"quantity": Decimal(10_000_000)}, "the buying power is 1,000,000.00"),
        ({"side": Side.sell}, "cannot be sold: 0 held"),
        ({"type": OrderType.limit}, "a limit order needs its limit"),
        ({"reduce_only": True}, "nothing of SIM:ACME this buy could reduce"),
        ({"bracket": BracketLegs(stop=Decimal(10_000_000))}, "the stop of a buy lies below"),
    ],
)
async def test_a_refusal_is_one_sentence_and_what_to_do(
    engine: Engine, asked: dict[str, Any], told: str
) -> None:
    terms: dict[str, Any] = {"side": Side.buy, "quantity": Decimal(1)} | asked
    seen = await engine.ask(PreviewOrder("main", TRADED, **terms))
    with pytest.raises(Conflict, match=told) as refused:
        await engine.ask(PlaceOrder("main", TRADED, **terms))
    assert refused.value.next
    assert (seen.refused, seen.next) == (refused.value.message, refused.value.next)
    assert "\n" not in refused.value.message
    assert await engine.ask(ListOrders("main", open=True)) == ()


async def test_a_limit_of_risk_refuses_what_goes_beyond_it(engine: Engine) -> None:
    await engine.ask(SaveRiskLimits(position=Decimal(1)))
    quantity = (Decimal(50_000) / await price(engine)).quantize(Decimal(1))
    with pytest.raises(Conflict, match=r"your limit is 10,000\.00"):
        await place(engine, "buy", str(quantity))


async def test_a_preview_says_what_it_would_cost_and_places_nothing(engine: Engine) -> None:
    last = await price(engine)
    stop = (last * Decimal("0.9")).quantize(Decimal("0.01"))
    seen = await engine.ask(
        PreviewOrder("main", TRADED, Side.buy, Decimal(10), bracket=BracketLegs(stop=stop))
    )
    assert seen.refused == ""
    assert seen.price is not None
    assert seen.value == 10 * seen.price
    assert seen.risk == 10 * (seen.price - stop)
    assert (seen.equity, seen.buying_power) == (Decimal(1_000_000),) * 2
    assert len(seen.orders) == 2
    assert await engine.ask(ListOrders("main")) == ()


async def test_a_ticket_sizes_by_the_risk_to_its_stop(engine: Engine) -> None:
    told = await engine.ask(
        GetTicket("main", TRADED, Side.buy, stop_atr=Decimal(2), risk_percent=Decimal(1))
    )
    assert told.atr is not None
    size = told.ticket.size
    assert size.risk is not None
    assert 0 < size.risk <= 10_000
    assert told.ticket.stop < told.ticket.entry
    assert told.ticket.entry - told.ticket.stop >= 2 * told.atr
    assert told.heat.risk == 0
    with pytest.raises(Invalid, match="a ticket has one stop"):
        await engine.ask(GetTicket("main", TRADED, Side.buy, risk=Decimal(100)))


async def test_acts_flatten_reverse_and_move_stops(engine: Engine) -> None:
    await bought(engine)
    other = next(q.symbol for q in await engine.ask(GetQuotes()) if q.symbol != TRADED)
    with pytest.raises(Conflict, match="nothing of SIM:"):
        await engine.ask(FlattenPosition("main", other))
    (turned,) = await engine.ask(ReversePosition("main", TRADED))
    assert (turned.side, turned.quantity) == (Side.sell, Decimal(20))
    await until_filled(engine, turned.id)
    held = await engine.ask(GetPositions("main"))
    assert [each.quantity for each in held.positions] == [-10]
    assert holds(held)

    (flat,) = await engine.ask(FlattenPosition("main"))
    assert (flat.side, flat.quantity, flat.reduce_only) == (Side.buy, Decimal(10), True)
    await until_filled(engine, flat.id)
    with pytest.raises(Conflict, match="nothing of SIM:ACME is held"):
        await engine.ask(StopToBreakEven("main", TRADED))
    assert holds(await engine.ask(GetPositions("main")))


async def test_all_orders_are_cancelled_at_once(engine: Engine) -> None:
    for _ in range(3):
        await place(engine, "buy", "1", type=OrderType.limit, limit=Decimal(1))
    gone = await engine.ask(CancelOrders("main"))
    assert [each.state for each in gone] == [OrderState.cancelled] * 3
    assert await engine.ask(ListOrders("main", open=True)) == ()


async def test_orders_go_with_their_portfolio(engine: Engine) -> None:
    (order,) = await place(engine, "buy", "1", type=OrderType.limit, limit=Decimal(1))
    await engine.ask(EditPortfolio("main", name="second"))
    (listed,) = await engine.ask(ListOrders("second", open=True))
    assert (listed.order.id, listed.order.portfolio) == (order.id, "second")
    await engine.ask(DeletePortfolio("second"))
    with pytest.raises(NotFound, match="no portfolio 'second'"):
        await engine.ask(ListOrders("second"))
    with pytest.raises((NotFound, Conflict)):
        await engine.ask(CancelOrder(order.id))


async def test_what_a_ledger_change_holds_counts_at_once(engine: Engine) -> None:
    entry = AddTransaction(
        "main",
        TransactionKind.buy,
        datetime(2026, 11, 20, 12, tzinfo=UTC).date().isoformat(),
        TRADED,
        Decimal(4),
        Decimal(100),
        account="elsewhere",
    )
    await engine.ask(entry)
    with pytest.raises(Conflict, match="4 held"):
        await place(engine, "sell", "5")
    (sold,) = await place(engine, "sell", "4")
    await until_filled(engine, sold.id)
    held = await engine.ask(GetPositions("main"))
    assert not [each for each in held.positions if each.quantity]
    assert holds(held)


async def test_a_viewer_places_nothing(life: Life) -> None:
    viewer = life.local.session(Principal("owner", Role.viewer))
    with pytest.raises(NotAllowed, match="PlaceOrder needs the role trader"):
        await viewer.ask(PlaceOrder("main", TRADED, Side.buy, Decimal(1)))
    assert await viewer.ask(ListOrders("main")) == ()
