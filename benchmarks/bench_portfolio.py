"""What a large ledger costs: opening, one entry more, and its worth as prices move.

100,000 entries on 500 instruments are read from disk, decoded and booked (cold), asked for again
(held), and one more is entered. The same entries summed by plain dicts of floats, which keep no
lots, are the baseline. Then 500 positions are valued live at 2,000 ticks a second.

Run: python benchmarks/bench_portfolio.py
"""

import asyncio
import random
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from msgspec.structs import replace

from tio.api.access import OWNER
from tio.api.ledger import AddTransaction, GetPositions
from tio.api.portfolio import Portfolio, Transaction, TransactionKind
from tio.engine.bus import Bus
from tio.engine.clock import RealClock
from tio.engine.market.service import MarketService
from tio.engine.market.symbols import classify
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.rates import Rate
from tio.engine.portfolio.service import PortfolioService
from tio.engine.portfolio.valuing import Price, holdings
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability
from tio.engine.store.ledgers import LedgerTable, ledger_of

ENTRIES, SYMBOLS = 100_000, 500
BEGIN = datetime(2015, 1, 1, tzinfo=UTC)
OPEN, AGAIN, ENTER, LIVE = 2.0, 0.2, 0.020, 5.0
"""Seconds, seconds, seconds, percent of a core."""
BEAT = 0.5
"""Seconds between two tellings of a watched portfolio."""


def ledger() -> list[Transaction]:
    """Buys, and sales of less than is held, of prices that wander."""
    chance = random.Random(3)
    held: defaultdict[str, Decimal] = defaultdict(Decimal)
    made = []
    for number in range(ENTRIES):
        symbol = f"S{chance.randrange(SYMBOLS)}"
        quantity = Decimal(chance.randrange(1, 100))
        sells = held[symbol] >= quantity and chance.random() < 0.45
        held[symbol] += -quantity if sells else quantity
        made.append(
            Transaction(
                id=str(number + 1),
                kind=TransactionKind.sell if sells else TransactionKind.buy,
                at=BEGIN + timedelta(minutes=50 * number),
                symbol=symbol,
                quantity=quantity,
                price=Decimal(chance.randrange(1_000, 20_000)) / 100,
                fee=Decimal(1),
                currency="USD",
                rate=Decimal(1),
                position=number + 1,
            )
        )
    return made


def summed(entries: list[Transaction]) -> float:
    """The baseline: quantities and cash as floats, no lots."""
    held: defaultdict[str, float] = defaultdict(float)
    cash = 0.0
    for entry in entries:
        quantity, price = float(entry.quantity or 0), float(entry.price or 0)
        sign = 1 if entry.kind is TransactionKind.buy else -1
        held[entry.symbol] += sign * quantity
        cash -= sign * quantity * price + float(entry.fee)
    return cash


async def opened(entries: list[Transaction], place: Path) -> tuple[float, float, float]:
    """Seconds to open cold, to ask again, and to enter one more and have its worth."""
    database = Database(place / "tio.db", Durability.full, tio_schema.STEPS)
    await database.open()
    clock = RealClock()

    def fill(connection: object) -> None:
        LedgerTable.create(connection, OWNER.name, Portfolio(name="main", currency="USD"))  # type: ignore[arg-type]
        key = ledger_of(connection, OWNER.name, "main")  # type: ignore[arg-type]
        told = [(entry, False) for entry in entries]
        LedgerTable.record(connection, key, "fill", told, clock.now())  # type: ignore[arg-type]

    await database.write(fill, bulk=True)
    bus = Bus(clock)
    market = MarketService(clock, bus)
    market.market.introduce(classify(f"S{number}") for number in range(SYMBOLS))
    service = PortfolioService(database, clock, clock, bus, market)
    ask = service.answers()
    spans = []
    for _ in range(2):
        began = time.perf_counter()
        await ask[GetPositions](GetPositions("main", lots=None), OWNER)
        spans.append(time.perf_counter() - began)
    one = AddTransaction(
        "main",
        TransactionKind.buy,
        "2026-01-05",
        symbol="S7",
        quantity=Decimal(3),
        price=Decimal("12.5"),
        currency="USD",
    )
    began = time.perf_counter()
    await ask[AddTransaction](one, OWNER)
    await ask[GetPositions](GetPositions("main"), OWNER)
    spans.append(time.perf_counter() - began)
    await service.close()
    await database.close()
    return spans[0], spans[1], spans[2]


def live(books: Books) -> float:
    """Percent of a core to value all positions as often as a watched portfolio is told."""
    rates = {"USD": Rate(Decimal(1))}
    price = Price(Decimal("101.25"), "USD", Decimal("100.75"))
    prices = {f"S{n}": price for n in range(SYMBOLS)}
    rounds, now = 20, datetime.now(UTC)
    used = time.process_time()
    for number in range(rounds):
        moved = replace_price(price, Decimal(number) / 100)
        prices = dict.fromkeys(prices, moved)
        holdings(books, prices, rates, now, now)
    return (time.process_time() - used) / rounds / BEAT * 100


def replace_price(price: Price, change: Decimal) -> Price:
    return Price(price.value + change, price.currency, price.previous)


def one_lot_each(entries: list[Transaction]) -> Books:
    """500 positions of a lot, as somebody's who trades little."""
    buys = {e.symbol: replace(e, quantity=Decimal(10)) for e in entries if e.kind == "buy"}
    return Books(Portfolio(name="main", currency="USD"), buys.values())


def main() -> None:
    entries = ledger()
    began = time.perf_counter()
    summed(entries)
    base = time.perf_counter() - began
    began = time.perf_counter()
    books = Books(Portfolio(name="main", currency="USD"), entries)
    booking = time.perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        cold, again, enter = asyncio.run(opened(entries, Path(folder)))
    many, few = live(books), live(one_lot_each(entries))
    print(f"{ENTRIES:,} entries on {SYMBOLS} instruments")
    print(f"summed as floats, no lots       {base:6.2f} s")
    print(f"booked                          {booking:6.2f} s  {booking / base:.0f}×")
    print(f"opened cold, read and booked    {cold:6.2f} s  (limit {OPEN:g})")
    print(f"asked again                     {again:6.3f} s  (limit {AGAIN:g})")
    print(f"one more entered and valued     {enter * 1000:6.1f} ms (limit {ENTER * 1000:g})")
    print(f"500 positions live, one lot each {few:5.1f} % of a core (limit {LIVE:g})")
    print(f"the same, of all those lots     {many:6.1f} %")
    if cold > OPEN or again > AGAIN or enter > ENTER or few > LIVE:
        sys.exit("over a limit")


if __name__ == "__main__":
    main()
