"""Orders of a former life of an engine: day orders have ended, others go on with ticks from now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from both_engines import DOORS, Afternoon, through
from test_order_contract import TRADED, price, until_filled
from test_portfolio_contract import holds

from tio.api.contract import Engine
from tio.api.ledger import AddTransaction, CreatePortfolio, GetPositions, ListTransactions
from tio.api.market import Side
from tio.api.orders import BracketLegs, Order, OrderState, OrderType, TimeInForce
from tio.api.portfolio import TransactionKind
from tio.api.trading import ListFills, ListOrders, PlaceOrder, ReplaceOrder
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths

D = Decimal
FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


class Begun(Afternoon):
    """Real time that begins at a moment of one's choice."""

    def __init__(self, at: datetime) -> None:
        super().__init__()
        self._off += at - FRIDAY


@asynccontextmanager
async def life(begun: datetime, door: str) -> AsyncIterator[Engine]:
    local = LocalEngine(
        Paths.find().workspace("demo"),
        Config(demo=Demo(symbols=3, rate=200.0, portfolio=False)),
        wall=Begun(begun),
    )
    await local.start()
    try:
        async with through(local, door) as engine:
            yield engine
    finally:
        await local.close()


async def waiting(
    engine: Engine, stands: TimeInForce, share: str, bracket: BracketLegs | None = None
) -> Order:
    """A purchase that waits far below the market."""
    limit = (await price(engine) * D(share)).quantize(D("0.01"))
    asked = PlaceOrder(
        "main",
        TRADED,
        Side.buy,
        D(5),
        OrderType.limit,
        limit,
        time_in_force=stands,
        bracket=bracket,
    )
    order, *_ = await engine.ask(asked)
    return order


@pytest.mark.parametrize("door", DOORS)
async def test_over_a_weekend_day_orders_end_and_others_fill_by_what_comes_after(
    door: str,
) -> None:
    async with life(FRIDAY, door) as engine:
        await engine.ask(CreatePortfolio("main", "USD"))
        await engine.ask(
            AddTransaction("main", TransactionKind.deposit, "2026-11-02", amount=D(1_000_000))
        )
        for_today = await waiting(engine, TimeInForce.day, "0.5", BracketLegs(stop=D(1)))
        until_cancelled = await waiting(engine, TimeInForce.gtc, "0.5")

    async with life(MONDAY, door) as engine:
        listed = {each.order.id: each.order for each in await engine.ask(ListOrders("main"))}
        ended, child = listed[for_today.id], listed[f"{for_today.id}.stop"]
        assert (ended.state, child.state) == (OrderState.expired, OrderState.cancelled)
        assert ended.reason == "its day ended at 2026-11-21 00:00Z"
        (still,) = await engine.ask(ListOrders("main", open=True))
        assert still.order.id == until_cancelled.id
        assert still.order.reason.startswith("was not watched from 2026-11-20 ")
        assert still.order.since is not None
        assert still.order.since >= MONDAY
        assert await engine.ask(ListFills("main")) == ()

        high = (await price(engine) * D("1.2")).quantize(D("0.01"))
        await engine.ask(ReplaceOrder(until_cancelled.id, limit=high))
        await until_filled(engine, until_cancelled.id)
        fills = await engine.ask(ListFills("main"))
        assert all(fill.as_of is not None and fill.as_of >= still.order.since for fill in fills)
        entries = await engine.ask(ListTransactions("main", symbol=TRADED))
        assert {each.reference for each in entries} == {fill.id for fill in fills}
        assert holds(await engine.ask(GetPositions("main")))
