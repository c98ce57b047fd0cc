"""The words of risk; what answers them is imported when the first is asked."""

import asyncio
import sqlite3
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tio.api.access import Principal
from tio.api.contract import Request, Topic
from tio.api.limits import GetRiskLimits, RiskLimits, SaveRiskLimits
from tio.api.portfolio_risk import GetRisk, RiskReport
from tio.api.risk import CorrelationMatrix, GetCorrelation, SizedPosition, SizePosition
from tio.api.stress import (
    StressPortfolio,
    StressResult,
    StressWindows,
)
from tio.engine.market.service import MarketService
from tio.engine.risk.needs import HoldingsOf, OrdersOf, ProfileOf, Ways
from tio.engine.service import Answer, Stream
from tio.engine.store.database import Database
from tio.engine.store.risk_limits import RiskLimitTable
from tio.engine.written import written
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.risk.comparing import Comparing
    from tio.engine.risk.portfolio_desk import PortfolioRisk


class RiskService:
    """Answers for risk. `wall` is real time, `clock` the workspace's."""

    def __init__(
        self,
        database: Database,
        wall: Clock,
        clock: Clock,
        market: MarketService,
        holdings: HoldingsOf,
        profile: ProfileOf,
        ways: Ways,
    ) -> None:
        self._database = database
        self._wall = wall
        self._clock = clock
        self._market = market
        self._holdings = holdings
        self._profile = profile
        self._ways = ways
        self.orders: OrdersOf | None = None
        """Tells the orders by whose stops a portfolio's heat is reckoned."""
        self._comparing: Comparing | None = None
        self._portfolios: PortfolioRisk | None = None

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            GetCorrelation: self._correlation,
            SizePosition: self._size,
            GetRisk: self._risk,
            StressPortfolio: self._stress,
            StressWindows: self._windows,
            GetRiskLimits: self._get_limits,
            SaveRiskLimits: self._save_limits,
        }

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here."""

    async def close(self) -> None:
        """Nothing to let go of."""

    async def limits(self, owner: str) -> RiskLimits:
        """The limits somebody set."""
        return await self._database.read(lambda c: RiskLimitTable.limits(c, owner))

    async def _correlation(self, asked: GetCorrelation, by: Principal) -> CorrelationMatrix:
        if self._comparing is None:
            kind = await asyncio.to_thread(_comparing)
            self._comparing = kind(self._market)
        return await self._comparing.correlation(asked, by)

    async def _size(self, asked: SizePosition, _: Principal) -> SizedPosition:
        from tio.engine.risk.sizing import size_position

        return await asyncio.to_thread(size_position, asked)

    async def _risk(self, asked: GetRisk, by: Principal) -> RiskReport:
        return await (await self._desk()).report(asked, by)

    async def _stress(self, asked: StressPortfolio, by: Principal) -> StressResult:
        return await (await self._desk()).stress(asked, by)

    async def _windows(self, asked: StressWindows, by: Principal) -> tuple[StressResult, ...]:
        return await (await self._desk()).windows(asked, by)

    async def _get_limits(self, _: GetRiskLimits, by: Principal) -> RiskLimits:
        return await self.limits(by.name)

    async def _save_limits(self, asked: SaveRiskLimits, by: Principal) -> RiskLimits:
        from tio.engine.risk.limits import changes

        told = changes(asked)

        def save(connection: sqlite3.Connection) -> RiskLimits:
            return RiskLimitTable.save(connection, by.name, told, self._wall.now())

        return await written(self._database, self._wall, asked, by, save, RiskLimits)

    async def _desk(self) -> "PortfolioRisk":
        if self._portfolios is None:
            kind = await asyncio.to_thread(_portfolio_risk)
            self._portfolios = kind(
                self._market,
                self._clock,
                self._holdings,
                self._profile,
                self._ways,
                self.limits,
                self.orders,
            )
        return self._portfolios


def _comparing() -> "type[Comparing]":
    from tio.engine.risk.comparing import Comparing

    return Comparing


def _portfolio_risk() -> "type[PortfolioRisk]":
    from tio.engine.risk.portfolio_desk import PortfolioRisk

    return PortfolioRisk
