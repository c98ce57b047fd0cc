"""What becomes of orders is kept before it is told, with its entries or not at all."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from order_room import COIN, Room, room
from order_scene import FakeHours, order, quote

from tio.api.access import OWNER
from tio.api.errors import Busy, NotFound
from tio.api.ledger import DeletePortfolio, ListTransactions
from tio.api.market import AssetClass
from tio.api.orders import Fill, Order
from tio.engine.orders.desk import PaperDesk
from tio.engine.orders.journal import RETRY, Journal
from tio.engine.orders.terms import Terms
from tio.engine.store.ledgers import ledger_of
from tio.engine.store.orders import OrderTable

D = Decimal
TERMS = Terms(COIN, AssetClass.crypto, "USD", lot=D("1e-8"))


@dataclass
class Scene:
    room: Room
    journal: Journal
    desk: PaperDesk

    def fill(self, id: str, quantity: str = "1", second: float = 1) -> None:
        """An order that fills at once."""
        self.desk.broker.book.shelf.put(order(id, "buy", quantity, symbol=COIN))
        self.desk.on_quote(quote(second, 99, 100, symbol=COIN))

    async def kept(self) -> tuple[list[str], list[str], list[str]]:
        """Orders, fills and the entries' references that are on disk."""

        def read(connection: sqlite3.Connection) -> tuple[tuple[Order, ...], tuple[Fill, ...]]:
            key = ledger_of(connection, OWNER.name, "main")
            return (
                OrderTable.list(connection, key, "", False, 99),
                OrderTable.fills(connection, key, "", 99),
            )

        orders, fills = await self.room.database.read(read)
        entries = await self.room.engine.ask(ListTransactions("main", symbol=COIN))
        return (
            [each.id for each in orders],
            [each.id for each in fills],
            [each.reference for each in entries],
        )


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with room(tmp_path) as made:

        async def rate(currency: str, base: str) -> Decimal | None:
            return D(1)

        journal = Journal(made.portfolios.shelf, made.clock, made.bus, rate)
        desk = PaperDesk(
            OWNER.name, made.clock, lambda symbol: TERMS, FakeHours(), (), 1, journal.wake
        )
        yield Scene(made, journal, desk)


def nothing(connection: sqlite3.Connection) -> int:
    return 7


async def test_what_is_pending_is_kept_with_its_entry_and_then_told(scene: Scene) -> None:
    scene.fill("a")
    ledger = await scene.room.portfolios.shelf.ledger(OWNER.name, "main")
    async with scene.journal.channel(ledger.key).watch(tuple, None) as items:
        assert (await anext(items)).snapshot
        assert await scene.journal.keep(scene.desk, "main", nothing) == 7
        assert [event.order.id for event in (await anext(items)).value] == ["a"]
    assert await scene.kept() == (["a"], ["a.1"], ["a.1"])
    assert scene.desk.pending == []


def failing(connection: sqlite3.Connection) -> None:
    raise Busy("the disk is full", "make room")


async def test_what_cannot_be_kept_is_pending_as_before_and_nothing_of_it_is_there(
    scene: Scene,
) -> None:
    scene.fill("a")
    scene.fill("b", second=2)
    with pytest.raises(Busy):
        await scene.journal.keep(scene.desk, "main", failing)
    assert await scene.kept() == ([], [], [])
    assert [event.order.id for event in scene.desk.pending] == ["a", "b"]
    await scene.journal.keep(scene.desk, "main", nothing)
    assert await scene.kept() == (["b", "a"], ["b.1", "a.1"], ["b.1", "a.1"])


async def test_orders_of_a_portfolio_that_is_no_more_are_let_go(scene: Scene) -> None:
    scene.fill("a")
    await scene.room.engine.ask(DeletePortfolio("main"))
    with pytest.raises(NotFound):
        await scene.journal.keep(scene.desk, "main", nothing)
    assert scene.desk.pending == []


async def test_a_fill_the_ledger_cannot_bear_is_kept_and_said_to_be_missing(scene: Scene) -> None:
    scene.fill("a", "1E+40")
    await scene.journal.keep(scene.desk, "main", nothing)
    assert await scene.kept() == (["a"], ["a.1"], [])
    (told,) = scene.desk.pending
    assert told.order.reason.startswith("its fill a.1 is not in the ledger: ")


async def until(scene: Scene, true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():
            await scene.room.database.read(nothing)


async def test_the_journal_keeps_by_itself_and_tries_again_after_a_failure(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[str] = []
    keep = OrderTable.keep

    def once(*terms: object) -> None:
        if not failures:
            failures.append("full")
            raise Busy("the disk is full", "make room")
        keep(*terms)  # type: ignore[arg-type]

    monkeypatch.setattr(OrderTable, "keep", staticmethod(once))
    scene.journal.start({OWNER.name: scene.desk})
    scene.fill("a")
    await until(scene, lambda: scene.room.clock.sleepers > 0)
    assert [event.order.id for event in scene.desk.pending] == ["a"]
    await scene.room.clock.advance(RETRY)
    await until(scene, lambda: not scene.desk.pending)
    await scene.journal.close()
    assert await scene.kept() == (["a"], ["a.1"], ["a.1"])


async def test_closing_keeps_what_is_pending(scene: Scene) -> None:
    scene.journal.start({OWNER.name: scene.desk})
    scene.fill("a")
    await scene.journal.close()
    assert await scene.kept() == (["a"], ["a.1"], ["a.1"])
