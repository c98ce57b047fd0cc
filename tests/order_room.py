"""A store, a market and portfolios for paper orders, on a clock that stands still."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from tio.api.access import OWNER
from tio.api.ledger import AddTransaction, CreatePortfolio
from tio.api.market import AssetClass, Delay, Instrument
from tio.api.portfolio import TransactionKind
from tio.api.series import instant
from tio.api.ticks import Tick, TopOfBook, Trade
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.portfolio.service import PortfolioService
from tio.engine.session import Session
from tio.engine.store import tio_schema
from tio.engine.store.database import Database, Durability
from tio.plugin import Traits

from fakes import FakeClock

COIN = "BTC-USD"
TRAITS = Traits(name="test", asset_class=AssetClass.crypto, delay=Delay.realtime)


@dataclass
class Room:
    database: Database
    clock: FakeClock
    bus: Bus
    market: MarketService
    portfolios: PortfolioService
    engine: Session

    def take(self, *ticks: Tick, traits: Traits = TRAITS, at: datetime | None = None) -> None:
        """What a source says now, or at some moment."""
        self.market.market.take(ticks, traits, instant(at or self.clock.now()))

    def top(self, bid: float, ask: float, size: float = 100.0, later: float = 0.0) -> TopOfBook:
        return TopOfBook(COIN, bid, ask, size, size, self._instant(later))

    def trade(self, price: float, size: float = 100.0, later: float = 0.0) -> Trade:
        return Trade(COIN, price, size, self._instant(later))

    def _instant(self, later: float) -> int:
        return instant(self.clock.now()) + round(later * 1_000_000)


@asynccontextmanager
async def room(folder: Path) -> AsyncIterator[Room]:
    """With the portfolio `main` of 10,000 dollars."""
    database = Database(folder / "tio.db", Durability.normal, tio_schema.STEPS)
    await database.open()
    clock = FakeClock()
    bus = Bus(clock)
    market = MarketService(clock, bus)
    coin = Instrument(symbol=COIN, asset_class=AssetClass.crypto, currency="USD", price_decimals=2)
    market.market.introduce((coin,))
    books = PortfolioService(database, clock, clock, bus, market)
    engine = Session(OWNER, books.answers(), books.streams())
    await engine.ask(CreatePortfolio("main", "USD"))
    amount = Decimal(10_000)
    await engine.ask(AddTransaction("main", TransactionKind.deposit, "2026-11-02", amount=amount))
    try:
        yield Room(database, clock, bus, market, books, engine)
    finally:
        await database.close()
