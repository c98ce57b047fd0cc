"""The demo's own portfolio, made the first time somebody asks for portfolios there."""

import asyncio
import sqlite3
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from tio.api.access import Principal
from tio.api.contract import Role
from tio.api.ledger import CreatePortfolio
from tio.api.market import Adjustment, GetBars, Timeframe
from tio.api.portfolio import Portfolio
from tio.api.system import Setting
from tio.engine.market.service import MarketService
from tio.engine.portfolio.moments import day_end, zone_named
from tio.engine.portfolio.money import rounded
from tio.engine.portfolio.pricing import Pricer
from tio.engine.portfolio.sample import NAME, sample
from tio.engine.portfolio.shelf import Edit, Ledger, Shelf, fresh
from tio.engine.service import asked_as_of
from tio.engine.store.database import Database
from tio.engine.store.ledgers import LedgerTable
from tio.engine.store.settings import SettingsTable
from tio.plugin import Clock

_MADE = "portfolio.sampled"
_REST = timedelta(days=6)


class Sampling:
    """Makes the sample once an owner, and not where they have portfolios or deleted it."""

    def __init__(
        self, database: Database, wall: Clock, market: MarketService, pricer: Pricer, shelf: Shelf
    ) -> None:
        self._database = database
        self._wall = wall
        self._market = market
        self._pricer = pricer
        self._shelf = shelf
        self._asked: set[str] = set()
        self._making = asyncio.Lock()

    async def once(self, by: Principal, today: date) -> None:
        """Make it, if it was never made for this owner; not for who may only look."""
        async with self._making:
            if by.name in self._asked or not by.role.covers(Role.trader):
                return
            self._asked.add(by.name)
            token = asked_as_of.set(None)  # whoever asks first may ask about the past
            try:
                if await self._database.write(lambda c: self._begun(c, by.name)):
                    await self._fill(by, today)
            finally:
                asked_as_of.reset(token)

    def _begun(self, connection: sqlite3.Connection, owner: str) -> bool:
        made = any(s.key == _MADE for s in SettingsTable.list(connection, owner))
        if made or LedgerTable.list(connection, owner):
            return False
        now = self._wall.now()
        SettingsTable.save(connection, owner, Setting(_MADE, "true"), now)
        LedgerTable.create(connection, owner, Portfolio(name=NAME, currency="USD", created_at=now))
        return True

    async def _fill(self, by: Principal, today: date) -> None:
        known: Sequence[str] = tuple(self._market.market.instruments)
        entries = await sample(today, known, self._close)
        now = self._wall.now()

        def enter(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            come = [fresh(entry, ledger, now, at) for at, entry in enumerate(entries)]
            return Edit("the demo's sample entries", come=come)

        asked = CreatePortfolio(NAME, "USD")
        await self._shelf.change(
            asked, by, NAME, enter, lambda _, __: Portfolio(name=NAME, currency="USD"), Portfolio
        )

    async def _close(self, symbol: str, day: date) -> Decimal | None:
        end = day_end(day, zone_named("UTC"))
        asked = GetBars(symbol, Timeframe.d1, end - _REST, end, limit=10, adjusted=Adjustment.raw)
        closes = [close for close in (await self._pricer.past_bars(asked)).close if close == close]
        return rounded(Decimal(repr(closes[-1])), 6) if closes else None
