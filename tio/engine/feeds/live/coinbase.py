"""Coinbase, keyless: prices and books of Advanced Trade, the past of Coinbase Exchange."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.coinbase import NAME, TRAITS
from tio.engine.feeds.coinbase_answers import GRANULARITIES
from tio.engine.feeds.live.answering import reading
from tio.engine.feeds.live.coinbase_asking import BUDGETS, PAGE, CoinbaseAsking
from tio.engine.feeds.live.coinbase_stream import CoinbaseStream
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.rows import Asked, Row, bars_of
from tio.plugin import Outlet, Source, Wanted

__all__ = ["BUDGETS", "NAME", "Coinbase", "open_source"]

ASSETS = frozenset({AssetClass.crypto})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""

_QUIET_PAGES = 3
_QUIET_SPAN = 3 * 86_400_000_000
"""Without a trade in so many pages and µs, the pair did not trade before."""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs or lists."""
    return Coinbase(reach)


class Coinbase:
    """One venue with two languages, told as one."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach = reach
        self._names = Names(NAME)
        self._asking = CoinbaseAsking(reach)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """The product a symbol is traded as; `BTC-USD` also of `BTC-USDC`, whose book it is."""
        return self._names.spelled(symbol)

    async def listing(self) -> Sequence[Instrument]:
        """The pairs that trade now."""
        return await self._asking.listing()

    def learn(self, listed: Sequence[Instrument]) -> None:
        """Spell as this list does."""
        self._names.learn(listed)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream what is wanted until cancelled."""
        await CoinbaseStream(self._reach, self._names, wanted, out, self._asking.missing).run()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Last and best prices of these symbols now; those it does not list are missing."""
        told = await asyncio.gather(*(self._quote(symbol) for symbol in symbols))
        return [tick for ticks in told for tick in ticks]

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Candles since the pair began to trade; a span without a trade has none."""
        product = self.spelled(symbol)
        if product is None or timeframe not in GRANULARITIES or limit <= 0:
            return None
        now = self._reach.clock.now()
        asked = Asked(symbol, timeframe, start, min(end, now), limit)
        try:
            rows = await self._pages(product, asked)
        except NotFound:
            return None
        with reading(NAME):
            return bars_of(rows, asked, NAME, now)

    async def _pages(self, product: str, asked: Asked) -> list[Row]:
        step = asked.timeframe.step
        earliest = 0 if asked.start is None else -(-instant(asked.start) // step) * step
        last = (instant(asked.end) - 1) // step * step
        rows: list[Row] = []
        quiet = 0
        while len(rows) < asked.limit and last >= earliest:
            first = max(earliest, last - (PAGE - 1) * step)
            page = await self._asking.candles(product, asked.timeframe, first, last)
            # The venue may tell some that open before what it was asked for.
            inside = {row.time: row for row in page if first <= row.time <= last}
            rows += inside.values()
            quiet = 0 if inside else quiet + 1
            if quiet >= _QUIET_PAGES and quiet * PAGE * step >= _QUIET_SPAN:
                break
            last = first - step
        return rows

    async def _quote(self, symbol: str) -> Sequence[Tick]:
        product = self.spelled(symbol)
        if product is None:
            return ()
        try:
            ticks = await self._asking.ticker(product)
        except NotFound:
            return ()
        return [replace(tick, symbol=symbol) for tick in ticks]
