"""The risk of a portfolio asked for: what it holds, its prices and their past brought together."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Context, localcontext

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.errors import Invalid
from tio.api.ledger import GetPositions
from tio.api.market import Adjustment, AssetClass
from tio.api.orders import Order
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import GetRisk, RiskReport
from tio.api.stress import (
    HistoricalWindow,
    StressPortfolio,
    StressResult,
    StressWindows,
)
from tio.api.trading import ListOrders
from tio.engine.market.service import MarketService
from tio.engine.risk.closes import Closes, DailyCloses
from tio.engine.risk.held import ZERO, Held, Portfolio, portfolio_of
from tio.engine.risk.limits import states
from tio.engine.risk.needs import HoldingsOf, LimitsOf, OrdersOf, ProfileOf, Ways
from tio.engine.risk.reliving import SLACK
from tio.engine.risk.reporting import Known, few, report
from tio.engine.risk.shocks import resolved
from tio.engine.risk.stress import stressed
from tio.engine.risk.stressing import (
    BETA_WINDOW,
    betas_of,
    exposures_of,
    relived_window,
    untold_of,
)
from tio.engine.risk.windows import WINDOWS, window
from tio.engine.service import asked_as_of, time_of
from tio.plugin import Clock

SPLITTING = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
CALENDAR = 1.5
"""Calendar days in which a market has a trading day, holidays and weekends counted amply."""
MOST_ORDERS = 10_000
_WIDE = Context(prec=200)


class PortfolioRisk:
    """Answers for the risk of a portfolio."""

    def __init__(
        self,
        market: MarketService,
        clock: Clock,
        holdings: HoldingsOf,
        profile: ProfileOf,
        ways: Ways,
        limits: LimitsOf,
        orders: OrdersOf | None = None,
    ) -> None:
        self._market = market
        self._clock = clock
        self._holdings = holdings
        self._profile = profile
        self._limits = limits
        self._orders = orders
        self._closes = DailyCloses(market, ways)

    async def report(self, asked: GetRisk, by: Principal) -> RiskReport:
        """What GetRisk asks for; NotFound for a benchmark nobody knows."""
        benchmark = self._market.symbol(asked.benchmark) if asked.benchmark else ""
        asked = replace(asked, benchmark=benchmark)
        holdings = await self._holdings(GetPositions(asked.portfolio), by)
        portfolio = await self._portfolio(holdings)
        start = time_of(self._clock) - timedelta(days=asked.window * CALENDAR + 10)
        closes = await self._past(portfolio, benchmark, start, None, by)
        orders = await self._open(asked.portfolio, by)
        limits = states(await self._limits(by.name), holdings, orders)
        notes = (*self._notes(portfolio, closes), *_lacking(benchmark, closes))

        def reported() -> RiskReport:
            known = Known(
                {symbol: each.base for symbol, each in closes.items()},
                {symbol: each.reason for symbol, each in closes.items()},
                closes[benchmark].base if benchmark else None,
                notes,
            )
            return report(asked, holdings, portfolio, known, limits)

        return await asyncio.to_thread(reported)

    async def stress(self, asked: StressPortfolio, by: Principal) -> StressResult:
        """What StressPortfolio asks for: shocks or one window; Invalid, NotFound."""
        if bool(asked.shocks) == bool(asked.window):
            raise Invalid(
                "a stress needs shocks or a window, one of both",
                "as a fall of the market by 0.2, or the window gfc",
            )
        if asked.window:
            chosen = window(asked.window)
            if chosen.end >= time_of(self._clock).date():
                raise Invalid(f"the window {chosen.name} is not over", "name one that is")
            (told,) = await self._relived(asked.portfolio, asked.benchmark, (chosen,), by)
            return told
        holdings = await self._holdings(GetPositions(asked.portfolio), by)
        portfolio = await self._portfolio(holdings)
        shocks = resolved(asked.shocks, portfolio)
        benchmark = self._market.symbol(asked.benchmark) if asked.benchmark else ""
        closes: Mapping[str, Closes] = {}
        if benchmark:
            closes = await self._past(portfolio, benchmark, self._recent, None, by)

        def shocked() -> StressResult:
            exposures = exposures_of(portfolio, betas_of(portfolio, benchmark, closes))
            with localcontext(_WIDE):
                told = stressed(exposures, shocks, portfolio.base, portfolio.capital or None)
            return replace(told, notes=(*_lacking(benchmark, closes), *untold_of(portfolio)))

        return await asyncio.to_thread(shocked)

    async def windows(self, asked: StressWindows, by: Principal) -> tuple[StressResult, ...]:
        """What each named window would cost."""
        today = time_of(self._clock).date()
        over = tuple(each for each in WINDOWS if each.end < today)
        return await self._relived(asked.portfolio, asked.benchmark, over, by)

    async def _relived(
        self, name: str, text: str, windows: Sequence[HistoricalWindow], by: Principal
    ) -> tuple[StressResult, ...]:
        benchmark = self._market.symbol(text) if text else ""
        portfolio = await self._portfolio(await self._holdings(GetPositions(name), by))
        start = _midnight(min(each.start for each in windows)) - timedelta(days=SLACK)
        end = _midnight(max(each.end for each in windows)) + timedelta(days=1)
        if benchmark:
            start, end = min(start, self._recent), time_of(self._clock)
        closes = await self._past(portfolio, benchmark, start, end, by)

        def relive() -> tuple[StressResult, ...]:
            betas = betas_of(portfolio, benchmark, closes)
            notes = (*_lacking(benchmark, closes), *untold_of(portfolio))
            with localcontext(_WIDE):
                return tuple(
                    relived_window(portfolio, each, closes, benchmark, betas, notes)
                    for each in windows
                )

        return await asyncio.to_thread(relive)

    async def _open(self, portfolio: str, by: Principal) -> tuple[Order, ...]:
        """The orders that may still fill."""
        if self._orders is None or asked_as_of.get() is not None:
            return ()  # what waited at a past moment is not known
        listed = await self._orders(ListOrders(portfolio, open=True, limit=MOST_ORDERS), by)
        return tuple(each.order for each in listed)

    @property
    def _recent(self) -> datetime:
        """From when on betas are taken."""
        return time_of(self._clock) - timedelta(days=BETA_WINDOW * CALENDAR)

    async def _portfolio(self, holdings: Holdings) -> Portfolio:
        """Holdings with their classes, and the sectors of stored profiles."""
        symbols = [each.symbol for each in holdings.positions]
        stored = await asyncio.gather(*(self._profile(symbol) for symbol in symbols))
        sectors = {
            symbol: found[1].sector
            for symbol, found in zip(symbols, stored, strict=True)
            if found is not None
        }
        return portfolio_of(
            holdings, lambda symbol: self._market.instrument(symbol).asset_class, sectors
        )

    async def _past(
        self,
        portfolio: Portfolio,
        benchmark: str,
        start: datetime,
        end: datetime | None,
        by: Principal,
    ) -> dict[str, Closes]:
        """Closes of all that can change in value, and of the benchmark."""
        wanted = list(portfolio.risky)
        if benchmark and benchmark not in {each.symbol for each in wanted}:
            of = self._market.instrument(benchmark)
            wanted.append(Held(benchmark, ZERO, of.asset_class, of.currency.upper()))
        return await self._closes.of(wanted, portfolio.base, start, end, by)

    def _notes(self, portfolio: Portfolio, closes: Mapping[str, Closes]) -> list[str]:
        """What the past of prices does not hold."""
        raw = [
            symbol
            for symbol, each in closes.items()
            if each.adjusted is Adjustment.raw
            and self._market.instrument(symbol).asset_class in SPLITTING
        ]
        notes = []
        if raw:
            notes.append(f"{few(raw)} not adjusted: a split or dividend looks like a fall")
        still = {each.currency for each in portfolio.risky if closes[each.symbol].standing}
        if still:
            notes.append(f"{few(sorted(still))} stands still: no daily rates are known")
        return notes


def _lacking(benchmark: str, closes: Mapping[str, Closes]) -> tuple[str, ...]:
    if not benchmark or len(closes[benchmark].own.time):
        return ()
    return (f"no beta to {benchmark}: {closes[benchmark].reason}",)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
