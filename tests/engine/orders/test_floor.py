"""Where all paper orders stand: fed by the market, by time, by their ledgers, over restarts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace
from order_room import COIN, Room, room

from tio.api.access import OWNER
from tio.api.ledger import AddTransaction, DeletePortfolio
from tio.api.orders import Order, OrderState, OrderType, Side, TimeInForce
from tio.api.portfolio import TransactionKind
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.fees import FREE
from tio.engine.orders.floor import Floor
from tio.engine.orders.journal import Journal
from tio.engine.orders.situation import Standing

D = Decimal


@dataclass
class Scene:
    room: Room
    floor: Floor
    journal: Journal
    desk: PaperDesk

    async def place(self, id: str, limit: int = 50, **rest: TimeInForce) -> Order:
        order = Order(
            id=id,
            portfolio="main",
            symbol=COIN,
            side=Side.buy,
            quantity=D(1),
            type=OrderType.limit,
            limit=D(limit),
        )
        (placed,) = await self.desk.broker.place(replace(order, **rest))
        return placed

    def state(self, id: str) -> OrderState:
        return self.desk.broker.book.shelf.get(id).state


@asynccontextmanager
async def begun(made: Room) -> AsyncIterator[Scene]:
    """A life of the floor in a room."""

    async def rate(currency: str, base: str) -> Decimal | None:
        return D(1)

    shelf = made.portfolios.shelf
    journal = Journal(shelf, made.clock, made.bus, rate)
    floor = Floor(made.database, made.clock, made.clock, made.market, shelf, journal, FREE)
    await floor.start()
    desk = await floor.desk(OWNER.name)
    desk.standings["main"] = Standing("USD", D(10_000))
    try:
        yield Scene(made, floor, journal, desk)
    finally:
        await floor.close()


async def test_symbols_are_heard_while_orders_of_them_are_open(tmp_path: Path) -> None:
    async with room(tmp_path) as made, begun(made) as scene:
        assert COIN not in made.market.demand.symbols
        await scene.place("a")
        assert COIN in made.market.demand.symbols
        made.take(made.top(48, 49, later=1))
        assert scene.state("a") is OrderState.filled
        assert COIN not in made.market.demand.symbols


async def test_a_symbol_is_attended_while_a_word_about_it_is_in_hand(tmp_path: Path) -> None:
    async with room(tmp_path) as made, begun(made) as scene:
        with scene.floor.attending(COIN), scene.floor.attending(COIN):
            assert COIN in made.market.demand.symbols
        assert COIN not in made.market.demand.symbols


async def test_a_next_life_takes_up_open_orders_and_numbers_new_ones_after_them(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as made:
        async with begun(made) as scene:
            await scene.place("p7", time_in_force=TimeInForce.gtc)
            await scene.place("p8")
        await made.clock.advance(86_400 * 3)
        made.take(made.top(48, 49, later=-60))
        async with begun(made) as scene:
            assert scene.state("p7") is OrderState.working
            assert scene.state("p8") is OrderState.expired
            kept = scene.desk.broker.book.shelf.get("p7")
            assert kept.since == made.clock.now()
            made.take(made.top(48, 49.1, later=-1))
            assert scene.state("p7") is OrderState.working
            (new,) = await scene.desk.broker.place(replace(kept, id=""))
            assert new.id == "p9"
            made.take(made.top(48, 49))
            assert scene.state("p7") is OrderState.filled


async def test_a_day_ends_by_the_clock_where_no_tick_comes(tmp_path: Path) -> None:
    async with room(tmp_path) as made:
        # From three in the afternoon to ten seconds before a coin's day is over.
        await made.clock.advance(9 * 3_600 - 10)
        async with begun(made) as scene:
            await scene.place("a")
            await made.clock.advance(8)
            assert scene.state("a") is OrderState.working
            await made.clock.advance(4)
            assert scene.state("a") is OrderState.expired


async def test_what_a_ledger_change_holds_is_known_and_a_deleted_portfolio_ends_its_orders(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as made, begun(made) as scene:
        await scene.floor.tell_held(scene.desk, "main")
        await scene.place("a")
        bought = AddTransaction("main", TransactionKind.buy, "2026-11-19", COIN, D(4), D(10))
        await made.engine.ask(bought)
        assert scene.desk.held("main") == {COIN: 4}
        await made.engine.ask(DeletePortfolio("main"))
        ended = scene.desk.broker.book.shelf.get("a")
        assert (ended.state, ended.reason) == (OrderState.cancelled, "its portfolio is no more")


async def test_another_replay_ends_what_worked_in_the_one_before(tmp_path: Path) -> None:
    async with room(tmp_path) as made, begun(made) as scene:
        await scene.place("a")
        await made.market.empty()
        assert scene.desk.broker.book.shelf.get("a").reason == "another replay began"
