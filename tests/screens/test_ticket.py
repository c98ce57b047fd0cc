"""BUY and SELL: sized as one writes, previewed by enter, placed by the next."""

from typing import Any

import pytest
import screen_market as market
from msgspec.structs import replace
from paper_orders import ORDER, STOP, TICKET, D
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine, Request
from tio.api.errors import Conflict
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import Side
from tio.api.orders import BracketLegs, OrderType
from tio.api.portfolio import Holdings, Portfolio, Position
from tio.api.trading import GetTicket, OrderPreview, PlaceOrder, PreviewOrder
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.ticket import TicketPane

from fakes import FakeClock, FakeEngine

SIZES = [(60, 20), (80, 24), (120, 40), (200, 60)]
SEEN = OrderPreview(orders=(ORDER, STOP), currency="USD", value=D(1872))
REFUSED = replace(SEEN, refused="it costs 1,872.00 USD, the buying power is 5.00", next="take less")


def engine(held: str = "", preview: Any = SEEN) -> FakeEngine:
    fake = market.engine()
    position = Position(
        symbol="AAPL",
        quantity=D(held or 0),
        currency="USD",
        cost=D(0),
        average_cost=D(0),
        base_cost=D(0),
    )
    holdings = Holdings(
        portfolio="main", currency="USD", at=market.NOW, positions=(position,) if held else ()
    )
    fake.answers |= {
        ListPortfolios: (Portfolio(name="main", currency="USD"),),
        GetPositions: holdings,
        GetTicket: TICKET,
        PreviewOrder: preview,
        PlaceOrder: (ORDER, STOP),
    }
    return fake


def app_on(fake: FakeEngine, command: str = "AAPL BUY") -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone="UTC"))
    return TioApp(open_engine, config=config, clock=FakeClock(), command=command)


async def shown(pilot: Pilot[None], words: str = "lost at stop") -> str:
    await until(pilot, lambda: pilot.app.screen.query(TicketPane) and words in seen(pilot))
    return await at_rest(pilot)


def of(fake: FakeEngine, kind: type[Request[Any]]) -> list[Any]:
    return [each for each in fake.asked if isinstance(each, kind)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_says_paper_the_size_and_what_it_risks(size: tuple[int, int]) -> None:
    async with app_on(engine()).run_test(size=size) as pilot:
        text = await shown(pilot)
        assert "PAPER · buy AAPL · main" in text
        for words in ("161", "998.20", "199.60", "1,398.20", "1,545.60"):
            assert words in text
        assert all(len(line) <= size[0] for line in text.splitlines())


async def test_enter_previews_and_enter_again_places_just_that() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("enter")
        text = await shown(pilot, "enter places it")
        assert "buy 10 AAPL limit 187.20 day" in text
        assert not of(fake, PlaceOrder)
        await pilot.press("enter")
        await shown(pilot, "placed p1")
        (placed,) = of(fake, PlaceOrder)
        legs = BracketLegs(target=D("199.60"), stop=D(181))
        assert placed == PlaceOrder("main", "AAPL", Side.buy, D(161), bracket=legs)
        await pilot.press("enter")
        await at_rest(pilot)
        assert len(of(fake, PlaceOrder)) == 1


async def test_a_small_terminal_shows_what_enter_does_next_and_the_line_one_stands_on() -> None:
    near = replace(SEEN, warnings=("the heat would be 4,800.00 USD, 96 % of your limit",))
    async with app_on(engine(preview=near)).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("enter")
        text = await shown(pilot, "enter places it")
        assert "Near a limit: the heat would be 4,800.00 USD" in text
        await pilot.press("enter")
        await shown(pilot, "f10 shows the orders")
        await pilot.press("k")
        await shown(pilot, "entry")


async def test_a_change_takes_the_preview_back() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("enter")
        await shown(pilot, "enter places it")
        await pilot.press("j", "l")
        assert "enter places it" not in await at_rest(pilot)
        assert of(fake, GetTicket)[-1].stop_atr == 3
        await pilot.press("enter")
        await shown(pilot, "enter places it")
        assert not of(fake, PlaceOrder)


async def test_what_would_be_refused_is_not_placed() -> None:
    fake = engine(preview=REFUSED)
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("enter")
        text = await shown(pilot, "Refused: it costs 1,872.00 USD")
        assert "take less" in text
        await pilot.press("enter")
        await at_rest(pilot)
        assert not of(fake, PlaceOrder)


async def test_a_line_is_typed_and_a_mistake_is_told() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("c", *"187.20", "enter")
        await until(pilot, lambda: of(fake, GetTicket)[-1].entry == D("187.20"))
        await pilot.press("enter")
        await shown(pilot, "enter places it")
        asked = of(fake, PreviewOrder)[-1]
        assert (asked.type, asked.limit) == (OrderType.limit, D("187.20"))
        await pilot.press("j", "c", "ctrl+u", *"soon", "enter")
        await shown(pilot, "'soon' is no stop")


async def test_selling_what_is_held_begins_as_closing_it() -> None:
    fake = engine(held="40")
    async with app_on(fake, "AAPL SELL").run_test(size=(120, 40)) as pilot:
        await shown(pilot, "40")
        await pilot.press("enter")
        await shown(pilot, "enter places it")
        assert of(fake, PreviewOrder)[-1] == PreviewOrder("main", "AAPL", Side.sell, D(40))


async def test_selling_what_is_not_held_says_that_it_goes_short() -> None:
    fake = engine()
    async with app_on(fake, "AAPL SELL").run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        assert any("short" in line and "yes" in line for line in text.splitlines())
        await pilot.press("enter")
        await shown(pilot, "enter places it")
        assert of(fake, PreviewOrder)[-1].short


async def test_what_keeps_a_ticket_from_being_sized_is_said() -> None:
    fake = engine()
    fake.answers[GetTicket] = Conflict("no rate of EUR in USD is known", "watch the pair EURUSD")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot, "No rate of EUR in USD is known")


async def test_s_turns_to_the_other_side() -> None:
    fake = engine()
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        await pilot.press("s")
        await shown(pilot, "PAPER · sell AAPL")
        await until(pilot, lambda: of(fake, GetTicket)[-1].side is Side.sell)
