"""Kraken, keyless: coins and currencies, streamed; the newest 720 bars of each timeframe."""

from collections.abc import Sequence
from datetime import datetime

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.http import Budget, Priority
from tio.engine.feeds.kraken import NAME, TRAITS
from tio.engine.feeds.kraken_rest import (
    INTERVALS,
    REST,
    read_bars,
    read_pairs,
    read_tickers,
    read_trades,
    refusal,
)
from tio.engine.feeds.live.asking import asking, refusing
from tio.engine.feeds.live.kraken_stream import KrakenStream
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.numbered import Missing
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.rows import Asked, bars_of, opens_as_ours
from tio.plugin import Outlet, Source, Wanted

BASE = "https://api.kraken.com"
BUDGETS = {NAME: Budget(rate=1, burst=3, concurrency=2)}
ASSETS = frozenset({AssetClass.crypto, AssetClass.fx})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""

BATCH = 50
"""Pairs in one question for tickers."""
PAGE, PAGES = 1_000, 5
"""Trades in one answer, and the most answers that are asked for to fill a gap."""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Kraken(reach)


class Kraken:
    """What Kraken is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach = reach
        host = reach.host(NAME, BASE, BUDGETS[NAME])
        self._get = asking(host, "/0/public/", refusing(refusal))
        self._names = Names(NAME)
        self._rest = Names(REST)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    async def listing(self) -> Sequence[Instrument]:
        """Every pair that trades."""
        return read_pairs((await self._get("AssetPairs", {}, "listing", Priority.visible)).body)

    def learn(self, listed: Sequence[Instrument]) -> None:
        self._names.learn(listed)
        self._rest.learn(listed)

    def spelled(self, symbol: str) -> str | None:
        """`BTC/USD`, as its list has it."""
        return self._names.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream the wanted symbols until cancelled."""
        if not len(self._names):
            self.learn(await self.listing())
        await KrakenStream(self._reach, self._names, wanted, out, self._trades_of).run()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols now."""
        names = {name: symbol for symbol in symbols if (name := self._rest.spelled(symbol))}
        ticks: list[Tick] = []
        for begin in range(0, len(names), BATCH):
            pairs = ",".join([*names][begin : begin + BATCH])
            answer = await self._get("Ticker", {"pair": pairs}, "quote", Priority.interactive)
            ticks += read_tickers(answer.body, names)
        return ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Of the newest 720 bars those asked for; an FX day begins elsewhere than Kraken's."""
        name, interval = self._rest.spelled(symbol), INTERVALS.get(timeframe)
        if name is None or interval is None or limit <= 0 or not opens_as_ours(symbol, timeframe):
            return None
        asked = Asked(symbol, timeframe, start, end, limit)
        since = (asked.first - timeframe.step) // 1_000_000
        params = {"pair": name, "interval": interval, "since": str(max(0, since))}
        try:
            answer = await self._get("OHLC", params, "history", Priority.background)
        except NotFound:
            return None
        return bars_of(read_bars(answer.body), asked, NAME, self._reach.clock.now())

    async def _trades_of(self, missing: Missing) -> Sequence[Trade]:
        """What traded since the last trade that was heard, page after page."""
        name = self._rest.spelled(missing.symbol)
        found: list[Trade] = []
        if name is None or missing.trades > PAGE * PAGES:
            return found  # history tells it as bars
        cursor = (missing.since - 1) * 1_000
        for _ in range(PAGES):
            params = {"pair": name, "since": str(cursor), "count": str(PAGE)}
            answer = await self._get("Trades", params, "trades", Priority.background)
            trades, cursor = read_trades(answer.body, missing.symbol)
            found += trades
            if len(trades) < PAGE or int(trades[-1].id or 0) >= missing.before - 1:
                break
        return found
