"""A workspace that lives through a moment: what is known by then, and all that comes after it."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from tio.api.charts import Drawing, DrawingKind, Point, SaveDrawing
from tio.api.chats import StartChat
from tio.api.contract import Engine
from tio.api.files import ImportBars
from tio.api.ledger import AddTransaction, CreatePortfolio
from tio.api.market import Timeframe
from tio.api.portfolio import TransactionKind
from tio.api.watchlists import SaveWatchlist
from tio.config import Config
from tio.engine.clock import RealClock
from tio.engine.local import LocalEngine
from tio.paths import Paths

THEN = datetime(2026, 11, 18, 15, 17, 30, tzinfo=UTC)
"""A Wednesday, three quarters of an hour into New York's day."""
SOON, LATER = THEN + timedelta(seconds=20), THEN + timedelta(days=20)
SYMBOLS = ("AAPL", "MSFT", "SPY")
_OPENS = timedelta(hours=14, minutes=30)


class SetClock(RealClock):
    """Real time that begins where it is put, and can be put elsewhere."""

    def __init__(self, at: datetime) -> None:
        self._off = timedelta()
        self.put(at)

    def put(self, at: datetime) -> None:
        self._off = at - super().now()

    def now(self) -> datetime:
        return super().now() + self._off


def past_engine(clock: SetClock) -> LocalEngine:
    """An engine of an empty workspace without sources, not yet started."""
    return LocalEngine(Paths.find().workspace("main"), Config(), wall=clock)


async def live_until_then(engine: Engine, clock: SetClock, folder: Path) -> None:
    """Bars, entries, drawings and chats of before; then it is a moment after the moment."""
    for number, symbol in enumerate(SYMBOLS):
        await _bars(engine, folder, symbol, Timeframe.d1, _days(number, until=THEN))
        await _bars(engine, folder, symbol, Timeframe.m1, _minutes(number, until=THEN))
    await engine.ask(CreatePortfolio("main", "USD"))
    await _entry(engine, TransactionKind.deposit, "2026-09-01", amount=Decimal(100_000))
    await _buy(engine, "2026-09-02T15:00Z", "AAPL", 100, "150")
    await _buy(engine, "2026-10-02T15:00Z", "MSFT", 50, "300")
    await engine.ask(SaveWatchlist("main", SYMBOLS))
    clock.put(THEN - timedelta(days=1))
    await _draw(engine, "2026-11-02")
    await engine.ask(StartChat("of before", THEN - timedelta(days=2)))
    clock.put(SOON)


async def live_on(engine: Engine, folder: Path) -> None:
    """All that came after: other prices, sales, drawings, chats."""
    for number, symbol in enumerate(SYMBOLS):
        await _bars(engine, folder, symbol, Timeframe.d1, _days(number, since=THEN))
        await _bars(engine, folder, symbol, Timeframe.m1, _minutes(number, since=THEN))
    await _entry(engine, TransactionKind.deposit, "2026-11-25", amount=Decimal(777))
    await _buy(engine, "2026-11-18T16:00Z", "SPY", 10, "500")
    await _entry(
        engine, TransactionKind.sell, "2026-11-20T15:00Z", symbol="AAPL",
        quantity=Decimal(40), price=Decimal(999),
    )  # fmt: skip
    await _draw(engine, "2026-11-27")
    await engine.ask(StartChat("of later"))


async def _bars(
    engine: Engine, folder: Path, symbol: str, span: Timeframe, rows: Iterator[list[Any]]
) -> None:
    path = folder / f"{symbol}-{span}.csv"
    with path.open("w", newline="") as file:
        write = csv.writer(file)
        write.writerow(("time", "open", "high", "low", "close", "volume"))
        write.writerows(rows)
    await engine.ask(ImportBars(str(path), symbol, span))


def _days(
    number: int, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[list[Any]]:
    """Sessions of two years and a month; the one of the moment ends after it."""
    rng = np.random.default_rng(number)
    day, price = datetime(2024, 10, 1, tzinfo=UTC), 150.0 + 150 * number
    while day < LATER:
        moved = price * (1 + rng.normal(0, 0.015))
        ends = day + timedelta(hours=21)
        if day.weekday() < 5 and (ends <= until if until else ends > (since or day)):
            yield _row(day, price, moved, rng, 1e6)
        price, day = moved, day + timedelta(days=1)


def _minutes(
    number: int, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[list[Any]]:
    """Minutes of the two days before, of the day and of the one after."""
    rng = np.random.default_rng(100 + number)
    price = 150.0 + 150 * number
    for day in (16, 17, 18, 19):
        opens = datetime(2026, 11, day, tzinfo=UTC) + _OPENS
        for minute in range(390):
            at = opens + timedelta(minutes=minute)
            moved = price * (1 + rng.normal(0, 0.0005))
            ends = at + timedelta(minutes=1)
            if ends <= until if until else ends > (since or at):
                yield _row(at, price, moved, rng, 1e3)
            price = moved


def _row(at: datetime, begins: float, ends: float, rng: Any, volume: float) -> list[Any]:
    high = max(begins, ends) * (1 + abs(rng.normal(0, 0.002)))
    low = min(begins, ends) * (1 - abs(rng.normal(0, 0.002)))
    return [at.isoformat(), begins, high, low, ends, round(volume * rng.uniform(0.5, 2))]


async def _entry(engine: Engine, kind: TransactionKind, date: str, **terms: Any) -> None:
    await engine.ask(AddTransaction("main", kind, date, **terms))


async def _buy(engine: Engine, date: str, symbol: str, quantity: int, price: str) -> None:
    await _entry(
        engine, TransactionKind.buy, date,
        symbol=symbol, quantity=Decimal(quantity), price=Decimal(price),
    )  # fmt: skip


async def _draw(engine: Engine, day: str) -> None:
    at = datetime.fromisoformat(day).replace(tzinfo=UTC)
    line = Drawing(symbol="AAPL", kind=DrawingKind.horizontal, points=(Point(at, 150.0),))
    await engine.ask(SaveDrawing(line))
