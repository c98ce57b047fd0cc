"""A process whose orders fill is killed: a fill and its ledger entry are there, or neither."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from tio.api.access import OWNER
from tio.api.ledger import AddTransaction, CreatePortfolio, GetPositions
from tio.api.limits import RiskLimits
from tio.api.market import AssetClass, Delay, Instrument, Side
from tio.api.orders import Fill, Order, OrderFilled
from tio.api.portfolio import Transaction, TransactionKind
from tio.api.series import instant
from tio.api.ticks import TopOfBook
from tio.api.trading import Orders, PlaceOrder
from tio.config import Paper, PaperFee
from tio.engine.bus import Bus
from tio.engine.clock import RealClock
from tio.engine.market.service import MarketService
from tio.engine.orders.service import OrderService
from tio.engine.portfolio.service import PortfolioService
from tio.engine.session import Session
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability
from tio.engine.store.ledgers import LedgerTable, ledger_of
from tio.engine.store.orders import OrderTable
from tio.plugin import Traits

KILLS = 30
COIN = Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto, currency="USD", price_decimals=2)
TRAITS = Traits(name="test", asset_class=AssetClass.crypto, delay=Delay.realtime)
FEES = Paper(fees={"crypto": PaperFee(percent=0.1)})


async def opened(folder: Path) -> tuple[Database, Session, MarketService, OrderService]:
    database = Database(folder / "tio.db", Durability.full, tio_schema.STEPS)
    await database.open()
    clock = RealClock()
    bus = Bus(clock)
    market = MarketService(clock, bus)
    market.market.introduce((COIN,))
    books = PortfolioService(database, clock, clock, bus, market)
    holdings = books.answers()[GetPositions]

    async def unlimited(owner: str) -> RiskLimits:
        return RiskLimits()

    orders = OrderService(database, clock, clock, bus, market, books, holdings, unlimited, FEES)
    answers = {**books.answers(), **orders.answers()}
    session = Session(OWNER, answers, {**books.streams(), **orders.streams()})
    return database, session, market, orders


async def fill_for_ever(folder: Path) -> None:
    """Buy and sell in parts without end; every fill is told once it is kept."""
    _, engine, market, orders = await opened(folder)
    await orders.start()
    told = asyncio.create_task(tell(engine))
    for number in range(1_000_000):
        quoted(market, number)
        side = Side.buy if number % 2 == 0 else Side.sell
        await engine.ask(PlaceOrder("main", COIN.symbol, side, Decimal(4), short=True))
        for part in range(4):
            quoted(market, number * 4 + part)
            await asyncio.sleep(0)
    await told


def quoted(market: MarketService, number: int) -> None:
    """A quote of now that displays two of each side, at prices of its own."""
    now, price = instant(datetime.now(UTC)), 100 + number % 50 / 100
    tick = TopOfBook(COIN.symbol, price, price + 0.01, 2.0, 2.0, now)
    market.market.take((tick,), TRAITS, now)


async def tell(engine: Session) -> None:
    async with engine.watch(Orders("main")) as items:
        async for item in items:
            for event in item.value:
                if isinstance(event, OrderFilled):
                    print(event.fill.id, flush=True)


async def begin(folder: Path) -> None:
    database, engine, _, _ = await opened(folder)
    await engine.ask(CreatePortfolio("main", "USD"))
    amount = Decimal(100_000)
    await engine.ask(AddTransaction("main", TransactionKind.deposit, "2026-01-02", amount=amount))
    await database.close()


async def check(folder: Path, told: set[str]) -> int:
    """Fills, entries and what the orders say of both agree; how many there are."""
    database, _, _, _ = await opened(folder)

    def read(
        connection: sqlite3.Connection,
    ) -> tuple[tuple[Fill, ...], tuple[Transaction, ...], tuple[Order, ...]]:
        key = ledger_of(connection, OWNER.name, "main")
        entries = LedgerTable.entries(connection, key)
        found = OrderTable.fills(connection, key, "", 1_000_000)
        return found, entries, OrderTable.list(connection, key, "", False, 1_000_000)

    try:
        assert (await database.report(check=True)).integrity == "ok"
        fills, entries, orders = await database.read(read)
    finally:
        await database.close()
    assert told <= {fill.id for fill in fills}
    booked: dict[str, tuple[Decimal, Decimal]] = {}
    for entry in entries:
        if entry.reference:
            quantity, fee = booked.get(entry.reference, (Decimal(0), Decimal(0)))
            assert entry.quantity is not None
            booked[entry.reference] = quantity + entry.quantity, fee + entry.fee
    assert booked == {fill.id: (fill.quantity, fill.fee) for fill in fills}
    parts: defaultdict[str, list[Fill]] = defaultdict(list)
    for fill in fills:
        parts[fill.order].append(fill)
    for order in orders:
        mine = parts.pop(order.id, [])
        assert order.fills == len(mine)
        assert order.filled == sum((fill.quantity for fill in mine), Decimal(0))
        assert order.fees == sum((fill.fee for fill in mine), Decimal(0))
    assert not parts
    return len(fills)


@pytest.mark.slow
def test_killed_thirty_times_a_fill_and_its_entry_are_there_or_neither(tmp_path: Path) -> None:
    chance = Random(7)
    told: set[str] = set()
    asyncio.run(begin(tmp_path))
    before = 0
    for _ in range(KILLS):
        command = [sys.executable, __file__, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            first = child.stdout.readline()
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(chance.random() * 0.08)
            child.send_signal(signal.SIGKILL)
            told |= set((first + child.stdout.read()).split())
        after = asyncio.run(check(tmp_path, told))
        assert after > before
        before = after


if __name__ == "__main__":
    asyncio.run(fill_for_ever(Path(sys.argv[1])))
