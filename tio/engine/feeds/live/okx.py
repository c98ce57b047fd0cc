"""OKX, keyless, off until somebody who may use it switches it on: coins, streamed; deep bars."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.http import Budget, Priority
from tio.engine.feeds.live.asking import asking, refusing
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.okx_stream import OkxStream
from tio.engine.feeds.live.paging import paged_back
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.okx import NAME, TRAITS, tickers_of, trades_of
from tio.engine.feeds.okx_answers import SPELLED, read_bars, read_instruments, refusal
from tio.engine.feeds.rows import Asked, Row, bars_of
from tio.plugin import Outlet, Source, Wanted

BASE = "https://www.okx.com"
BUDGETS = {NAME: Budget(rate=10, burst=20)}
ASSETS = frozenset({AssetClass.crypto})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""

ALONE = 3
"""Symbols asked for one by one; of more, all tickers come in one answer."""
NEW_ROWS, OLD_ROWS = 300, 100
RECENT = 1_400
"""Bars back to which the newest can be asked for; older ones are kept elsewhere."""
TRADES, PAGES, OLD_TRADES = 500, 5, 100


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Okx(reach)


class Okx:
    """What OKX is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach = reach
        host = reach.host(NAME, BASE, BUDGETS[NAME])
        self._get = asking(host, "/api/v5/", refusing(refusal))
        self._names = Names(NAME)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    async def listing(self) -> Sequence[Instrument]:
        """Every spot pair that trades."""
        params = {"instType": "SPOT"}
        answer = await self._get("public/instruments", params, "listing", Priority.visible)
        return read_instruments(answer.body)

    def learn(self, listed: Sequence[Instrument]) -> None:
        self._names.learn(listed)

    def spelled(self, symbol: str) -> str | None:
        """`BTC-USDT`, as its list has it."""
        return self._names.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream the wanted symbols until cancelled."""
        if not len(self._names):
            self.learn(await self.listing())
        await OkxStream(self._reach, self._names, wanted, out, self._missed).run()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols now."""
        names = {each: name for each in symbols if (name := self._names.spelled(each))}
        if len(names) > ALONE:
            params = {"instType": "SPOT"}
            answer = await self._get("market/tickers", params, "quote", Priority.visible)
            return [tick for tick in tickers_of(answer.body) if tick.symbol in names]
        ticks: list[Tick] = []
        for name in names.values():
            params = {"instId": name}
            answer = await self._get("market/ticker", params, "quote", Priority.interactive)
            ticks += tickers_of(answer.body)
        return ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Bars as far back as the pair traded, the newest from another place than the old."""
        name, bar = self._names.spelled(symbol), SPELLED.get(timeframe)
        if name is None or bar is None or limit <= 0:
            return None
        now = self._reach.clock.now()
        asked = Asked(symbol, timeframe, start, min(end, now + timedelta(seconds=1)), limit)
        recent = instant(now) - RECENT * timeframe.step

        async def page(before: int, most: int) -> Sequence[Row]:
            is_old = before - NEW_ROWS * timeframe.step < recent
            word = "history-candles" if is_old else "candles"
            params = {
                "instId": name,
                "bar": bar,
                "after": str(-(-before // 1_000)),
                "limit": str(min(most, OLD_ROWS if is_old else NEW_ROWS)),
            }
            answer = await self._get(f"market/{word}", params, "history", Priority.background)
            return read_bars(answer.body)

        try:
            rows = await paged_back(asked, NEW_ROWS, page)
        except NotFound:
            return None
        return bars_of(rows, asked, NAME, now)

    async def _missed(self, symbol: str, after: int) -> Sequence[Trade]:
        """The trades numbered above `after`, oldest first, as far as some pages reach."""
        name = self._names.spelled(symbol) or ""
        word, params = "trades", {"instId": name, "limit": str(TRADES)}
        found: dict[int, Trade] = {}
        for _ in range(PAGES):
            answer = await self._get(f"market/{word}", params, "trades", Priority.visible)
            told = {int(trade.id or 0): trade for trade in trades_of(answer.body)}
            found |= told
            if not told or min(told) <= after + 1:
                break
            word = "history-trades"
            params = {"instId": name, "after": str(min(told)), "limit": str(OLD_TRADES)}
        return [
            replace(found[number], symbol=symbol, folds=True)
            for number in sorted(found)
            if number > after
        ]
