"""Daily closes of what is held, and the rates that make them the portfolio's currency."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from tio.api.access import Principal
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import Adjustment, Bars, GetBars, Timeframe
from tio.engine.market.answers import columns_of
from tio.engine.market.service import MarketService
from tio.engine.risk.held import Held
from tio.engine.risk.needs import Ways
from tio.engine.risk.paired import Prices, converted

DAY = 86_400_000_000
OLDEST = 7 * DAY
"""How much older than its day a rate may be: a week spans any holiday."""
MOST = 20_000
_AT_ONCE = 8
NONE = Prices(np.empty(0, np.int64), np.empty(0))

Fetched = tuple[Prices, str, Adjustment | None]
"""Closes, why there are none, on what basis they are."""


@dataclass(frozen=True, slots=True, eq=False)
class Closes:
    """One thing's closes in its own currency, and what a unit of that was worth in the base.

    `rates` None: it is of the base, or nobody knows. `reason` says why there are no closes;
    `adjusted` on what basis they are.
    """

    own: Prices
    rates: Prices | None = None
    reason: str = ""
    adjusted: Adjustment | None = None
    standing: bool = False
    """Whether its currency stands still for want of rates."""

    @property
    def base(self) -> Prices:
        """In the portfolio's currency as far as rates are known."""
        found = self.own if self.rates is None else converted(self.own, self.rates, OLDEST)
        return found.known()


class DailyCloses:
    """Fetches daily bars that are over, adjusted for splits and dividends where they can be."""

    def __init__(self, market: MarketService, ways: Ways) -> None:
        self._market = market
        self._bars = market.answers()[GetBars]
        self._ways = ways

    async def of(
        self,
        held: Sequence[Held],
        base: str,
        start: datetime,
        end: datetime | None,
        by: Principal,
    ) -> dict[str, Closes]:
        """Closes by symbol; what cannot be had is empty, with the reason."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def bars(symbol: str) -> Fetched:
            async with gate:
                return await self._closes(symbol, start, end, by)

        money = sorted({each.currency for each in held} - {base, ""})
        symbols = [each.symbol for each in held if not each.is_cash]
        values = await asyncio.gather(*(self._rates(each, base, bars) for each in money))
        rates = dict(zip(money, values, strict=True))
        prices = await asyncio.gather(*(bars(each) for each in symbols))
        told = dict(zip(symbols, prices, strict=True))
        found = {}
        for each in held:
            rate = rates.get(each.currency)
            if each.is_cash:
                why = "" if rate is not None else f"no daily rates of {each.currency} are known"
                found[each.symbol] = Closes(rate or NONE, reason=why)
                continue
            own, why, adjusted = told[each.symbol]
            still = each.currency in rates and rate is None
            found[each.symbol] = Closes(own, rate, why, adjusted, still)
        return found

    async def _rates(
        self, currency: str, base: str, bars: Callable[[str], Awaitable[Fetched]]
    ) -> Prices | None:
        """The value of a currency by day, by the first way whose pairs are all known."""
        for way in self._ways(currency, base):
            rate: Prices | None = None
            for pair, upside_down in way:
                leg, _, _ = await bars(pair)
                leg = leg.known()
                if not len(leg.time):
                    rate = None
                    break
                if upside_down:
                    leg = Prices(leg.time, 1 / leg.close)
                rate = leg if rate is None else converted(rate, leg, OLDEST).known()
            if rate is not None:
                return rate
        return None

    async def _closes(
        self, symbol: str, start: datetime, end: datetime | None, by: Principal
    ) -> Fetched:
        request = GetBars(symbol, Timeframe.d1, start, end, limit=MOST, adjusted=Adjustment.total)
        try:
            bars: Bars = await self._bars(request, by)
        except (NotFound, SourceUnavailable) as error:
            return NONE, error.message, None
        columns = columns_of(bars)
        over = len(columns) - bars.forming
        if not over:
            return NONE, "no daily closes are known", None
        prices = Prices(columns.time[:over], columns.close[:over]).known()
        return prices, "", bars.adjusted
