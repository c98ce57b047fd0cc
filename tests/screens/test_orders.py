"""ORDERS: working orders at every size, what keys ask of the engine, words where there is none."""

from collections.abc import Sequence
from typing import Any

import pytest
import screen_market as market
from msgspec.structs import replace
from paper_orders import FILL, ORDER, STOP, D
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine, Request
from tio.api.errors import Conflict
from tio.api.ledger import ListPortfolios
from tio.api.orders import OrderAccepted, OrderState
from tio.api.portfolio import Portfolio
from tio.api.trading import (
    CancelOrder,
    CancelOrders,
    FlattenPosition,
    ListedOrder,
    ListFills,
    ListOrders,
    Orders,
    ReplaceOrder,
    ReversePosition,
    StopToBreakEven,
)
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.orders import OrdersPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
PARTLY = replace(
    ORDER, state=OrderState.partly_filled, filled=D(4), fills=1, average_price=D("187.10")
)
LISTED = (
    ListedOrder(
        order=PARTLY, why="it takes what the next quote displays", price=D("189.55"), distance=-1.24
    ),
    ListedOrder(order=STOP, why="it waits for p1 to fill"),
)


def engine(found: Sequence[ListedOrder] = LISTED) -> FakeEngine:
    fake = market.engine()
    fake.answers |= {
        ListPortfolios: (Portfolio(name="main", currency="USD"),),
        ListOrders: lambda asked: tuple(found),
        ListFills: (FILL,),
        CancelOrder: replace(ORDER, state=OrderState.cancelled),
        CancelOrders: (),
        ReplaceOrder: lambda asked: replace(ORDER, limit=asked.limit),
        FlattenPosition: (STOP,),
        ReversePosition: Conflict("nothing of AAPL is held", "open a position first"),
        StopToBreakEven: (STOP,),
    }
    fake.topics[Orders] = ()
    return fake


def app_on(fake: FakeEngine) -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command="ORDERS")


async def shown(pilot: Pilot[None], words: str = "p1") -> str:
    await until(pilot, lambda: pilot.app.screen.query(OrdersPane) and words in seen(pilot))
    return await at_rest(pilot)


def acts(fake: FakeEngine, kind: type[Request[Any]]) -> list[Any]:
    return [each for each in fake.asked if isinstance(each, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_says_paper_how_far_the_market_is_and_why_it_waits(
    size: tuple[int, int],
) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "PAPER orders · main · 2 working" in text
        row = next(line for line in text.splitlines() if line.startswith("│ p1 "))
        assert "limit 187.20" in row
        assert ("−1.24%" in row) == (size[0] >= 76)
        assert "it takes what the next quote displays" in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_below_stands_what_filled_the_order_and_by_whom() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        text = await shown(pilot, "yahoo delayed")
        assert "15:00:00 10 at 187.20 fee 1.00 · yahoo delayed" in text
        await pilot.press("j")
        assert "exit of p1" in await at_rest(pilot)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("x",), CancelOrder("p1")),
        (("b",), StopToBreakEven("main", "AAPL")),
        (("f", "y", "enter"), FlattenPosition("main", "AAPL")),
        (("v", "y", "enter"), ReversePosition("main", "AAPL")),
        (("ctrl+delete", "y", "enter"), CancelOrders("main")),
        (
            ("c", "ctrl+u", *"limit", "space", *"188", "enter"),
            ReplaceOrder("p1", limit=D(188)),
        ),
    ],
)
async def test_keys_ask_the_engine(keys: tuple[str, ...], asked: Request[Any]) -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: asked in fake.asked)


async def test_what_is_refused_is_said_with_what_to_do() -> None:
    async with app_on(engine()).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("v", "y", "enter")
        await shown(pilot, "Nothing of AAPL is held. open a position first")


async def test_a_no_does_nothing() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("f", "n", "enter")
        await at_rest(pilot)
        assert not acts(fake, FlattenPosition)


async def test_what_happens_is_shown_as_it_happens() -> None:
    found: list[ListedOrder] = []
    fake = engine()
    fake.answers[ListOrders] = lambda asked: tuple(found)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot, "No paper order works")
        found.append(ListedOrder(order=ORDER, why="just placed"))
        fake.push(Orders, (OrderAccepted(ORDER, market.NOW),))
        await shown(pilot, "just placed")


async def test_o_shows_those_that_ended_too() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        assert acts(fake, ListOrders)[-1] == ListOrders("main", open=True)
        await pilot.press("o")
        await until(pilot, lambda: acts(fake, ListOrders)[-1] == ListOrders("main", open=False))


async def test_without_a_portfolio_it_says_how_to_make_one() -> None:
    fake = engine()
    fake.answers[ListPortfolios] = ()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "No portfolio yet")
