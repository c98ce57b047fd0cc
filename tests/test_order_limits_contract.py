"""What every engine promises of paper's fees, its margin and the limits a person set."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from both_engines import DOORS, Afternoon, through
from test_order_contract import TRADED, as_one, place, price, until_filled
from test_portfolio_contract import holds

from tio.api.contract import Engine
from tio.api.errors import Conflict
from tio.api.ledger import AddTransaction, CreatePortfolio, GetPositions, ListTransactions
from tio.api.limits import SaveRiskLimits
from tio.api.market import Side
from tio.api.orders import BracketLegs, Order
from tio.api.portfolio import TransactionKind
from tio.api.trading import GetTicket, ListFills, PlaceOrder, PreviewOrder
from tio.config import Config, Demo, Paper, PaperFee
from tio.engine.local import LocalEngine
from tio.paths import Paths

D = Decimal
WORTH = D(100_000)
PAPER = Paper(
    margin=2.0, fees={"simulated": PaperFee(per_share=0.01, percent=0.1, least=1.5, most=99)}
)


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    load = Demo(symbols=3, rate=200.0, portfolio=False)
    local = LocalEngine(
        Paths.find().workspace("demo"), Config(demo=load, paper=PAPER), wall=Afternoon()
    )
    await local.start()
    try:
        async with through(local, request.param) as engine:
            await engine.ask(CreatePortfolio("main", "USD"))
            await engine.ask(
                AddTransaction("main", TransactionKind.deposit, "2026-11-02", amount=WORTH)
            )
            yield engine
    finally:
        await local.close()


async def units(engine: Engine, share: str) -> Decimal:
    """How much of the symbol such a share of the net value buys."""
    return (WORTH * D(share) / await price(engine)).quantize(D(1))


async def filled(engine: Engine, quantity: Decimal, side: str = "buy", **rest: Any) -> Order:
    order, *_ = await place(engine, side, str(quantity), **rest)
    await until_filled(engine, order.id)
    return order


async def refusal(engine: Engine, quantity: Decimal, **rest: Any) -> str:
    """The one sentence by which an order is refused, in the preview and when it is placed."""
    seen = await engine.ask(PreviewOrder("main", TRADED, Side.buy, quantity, **rest))
    with pytest.raises(Conflict) as refused:
        await engine.ask(PlaceOrder("main", TRADED, Side.buy, quantity, **rest))
    assert seen.refused
    assert refused.value.next
    return refused.value.message


async def test_fees_are_previewed_charged_and_booked_to_the_coin(engine: Engine) -> None:
    quantity = await units(engine, "0.1")
    seen = await engine.ask(PreviewOrder("main", TRADED, Side.buy, quantity))
    assert seen.price is not None
    due = (quantity * D("0.01") + seen.price * quantity * D("0.001")).quantize(D("0.01"))
    assert abs(seen.fee - due) <= D("0.01")

    await filled(engine, quantity)
    await filled(engine, quantity, "sell")

    fills = await engine.ask(ListFills("main"))
    assert as_one(fills) == 2 * quantity
    for side in Side:
        mine = [fill for fill in fills if fill.side is side]
        worth = sum((fill.price * fill.quantity for fill in mine), D(0))
        due = (quantity * D("0.01") + worth * D("0.001")).quantize(D("0.01"))
        assert abs(sum((fill.fee for fill in mine), D(0)) - due) <= D("0.01")
    booked = await engine.ask(ListTransactions("main", symbol=TRADED))
    assert {each.reference: each.fee for each in booked} == {fill.id: fill.fee for fill in fills}
    held = await engine.ask(GetPositions("main"))
    assert holds(held)
    paid = sum((fill.fee for fill in fills), D(0))
    won = sum((f.price * f.quantity * (1 if f.side is Side.sell else -1) for f in fills), D(0))
    assert held.nav == WORTH + won - paid


async def test_a_small_order_pays_the_least_and_a_great_one_the_most(engine: Engine) -> None:
    small = await engine.ask(PreviewOrder("main", TRADED, Side.buy, D(1)))
    great = await engine.ask(PreviewOrder("main", TRADED, Side.buy, await units(engine, "1.5")))
    assert (small.fee, great.fee) == (D("1.5"), D(99))


async def test_margin_doubles_the_buying_power_and_the_fee_takes_of_it(engine: Engine) -> None:
    seen = await engine.ask(PreviewOrder("main", TRADED, Side.buy, await units(engine, "1.9")))
    assert (seen.refused, seen.buying_power) == ("", 2 * WORTH)
    assert "the buying power is 200,000.00" in await refusal(engine, await units(engine, "2.1"))


async def test_a_ticket_tells_its_fees_and_leaves_room_for_them(engine: Engine) -> None:
    told = await engine.ask(
        GetTicket(
            "main",
            TRADED,
            Side.buy,
            stop=(await price(engine) * D("0.999")).quantize(D("0.01")),
            risk_percent=D(50),
        )
    )
    size = told.ticket.size
    assert size.limited_by == "buying_power"
    assert (told.fee, told.exit_fee) == (D(99), D(99))
    seen = await engine.ask(PreviewOrder("main", TRADED, Side.buy, size.quantity))
    # The price moves between the two, so that it may just be refused; it is no more than that.
    assert seen.value is not None
    assert seen.value <= 2 * WORTH * D("1.01")


async def test_a_position_beyond_its_limit_is_refused_and_one_near_it_warned_of(
    engine: Engine,
) -> None:
    await engine.ask(SaveRiskLimits(position=D(10)))
    assert "the position would be worth" in await refusal(engine, await units(engine, "0.2"))
    near = await engine.ask(PreviewOrder("main", TRADED, Side.buy, await units(engine, "0.09")))
    assert near.refused == ""
    (warning,) = near.warnings
    assert "% of your limit of 10,000.00" in warning


async def test_exposure_counts_what_is_held_and_what_waits(engine: Engine) -> None:
    await engine.ask(SaveRiskLimits(gross=D(50)))
    await filled(engine, await units(engine, "0.3"))
    far = (await price(engine) * D("0.5")).quantize(D("0.01"))
    waits = (WORTH * D("0.1") / far).quantize(D(1))
    await place(engine, "buy", str(waits), type="limit", limit=far)
    assert "the exposure would be" in await refusal(engine, await units(engine, "0.2"))
    seen = await engine.ask(PreviewOrder("main", TRADED, Side.buy, await units(engine, "0.05")))
    assert seen.refused == ""


async def test_heat_refuses_what_has_no_near_stop(engine: Engine) -> None:
    await engine.ask(SaveRiskLimits(heat=D(2)))
    quantity, last = await units(engine, "0.2"), await price(engine)
    stop = BracketLegs(stop=(last * D("0.95")).quantize(D("0.01")))
    far = BracketLegs(stop=(last * D("0.8")).quantize(D("0.01")))
    bare = await refusal(engine, quantity)
    assert bare.startswith("the heat would be 2")
    assert "your limit is 2,000.00" in bare
    assert "the heat would be" in await refusal(engine, quantity, bracket=far)

    await filled(engine, quantity, bracket=stop)
    # What is held to its stop risks about 1,000; as much again beside it is too much.
    assert "the heat would be" in await refusal(engine, 2 * quantity, bracket=stop)


async def test_after_the_days_loss_only_what_reduces_is_taken(engine: Engine) -> None:
    quantity = await units(engine, "0.5")
    await filled(engine, quantity)
    await engine.ask(SaveRiskLimits(day_loss=D("0.0001")))
    # Fees and spread alone have lost more than that.
    told = await refusal(engine, D(1))
    assert told.startswith("today has lost")
    await filled(engine, quantity, "sell")
    assert (await refusal(engine, D(1))).startswith("today has lost")
