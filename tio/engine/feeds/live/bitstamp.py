"""Bitstamp, keyless: coins and currencies; trades and books streamed, figures polled, deep bars."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick, Trade
from tio.engine.feeds.bitstamp import FX_TRAITS, NAME, TRAITS, parse_rest, ticker_of
from tio.engine.feeds.bitstamp_rest import STEPS, read_bars, read_pairs, read_tickers, refusal
from tio.engine.feeds.http import Answer, Budget, Priority, Throttled, Window, no_page
from tio.engine.feeds.live.asking import asking
from tio.engine.feeds.live.bitstamp_stream import BitstampStream
from tio.engine.feeds.live.by_class import ByClass
from tio.engine.feeds.live.following import LONGEST
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.paging import paged_back
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked, Row, bars_of, opens_as_ours
from tio.plugin import Outlet, Source, Wanted

BASE = "https://www.bitstamp.net"
BUDGETS = {NAME: Budget(rate=10, burst=20, windows=(Window(8_000, 600, "requests 10m"),))}
ASSETS = frozenset({AssetClass.crypto, AssetClass.fx})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""

EVERY = 10.0
"""Seconds between two looks at the figures of 24 hours, which no channel tells."""
ALONE = 3
"""Symbols asked for one by one; of more, all tickers come in one answer."""
MOST_ROWS = 1_000
_OVERLAP = 5_000_000
"""µs that a repair begins before what was heard last: doubled trades are known by their ids."""
_MINUTE = 60_000_000


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Bitstamp(reach)


class Bitstamp:
    """What Bitstamp is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach = reach
        host = reach.host(NAME, BASE, BUDGETS[NAME])
        self._get = asking(host, "/api/v2/", said_no)
        self._names = Names(NAME)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    async def listing(self) -> Sequence[Instrument]:
        """Every pair that trades."""
        answer = await self._get("trading-pairs-info/", {}, "listing", Priority.visible)
        return read_pairs(answer.body)

    def learn(self, listed: Sequence[Instrument]) -> None:
        self._names.learn(listed)

    def spelled(self, symbol: str) -> str | None:
        """`btcusd`, as its list has it."""
        return self._names.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream the wanted symbols, and poll their figures, until cancelled."""
        if not len(self._names):
            self.learn(await self.listing())
        shares, told = Shares(wanted), ByClass(out, FX_TRAITS)
        stream = BitstampStream(self._reach, self._names, shares.share(), told, self._missed)
        polled = poll(
            self, shares.share(), told, self._reach.clock, every=EVERY, batch=len(self._names)
        )
        await together(shares.follow(), stream.run(), polled)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols now."""
        names = {each: name for each in symbols if (name := self._names.spelled(each))}
        if len(names) > ALONE:
            answer = await self._get("ticker/", {}, "quote", Priority.visible)
            return [tick for tick in read_tickers(answer.body) if tick.symbol in names]
        ticks: list[Tick] = []
        for symbol, name in names.items():
            answer = await self._get(f"ticker/{name}/", {}, "quote", Priority.interactive)
            ticks += ticker_of(symbol, answer.body)
        return ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Bars as far back as the pair traded, a thousand an answer."""
        name, step = self._names.spelled(symbol), STEPS.get(timeframe)
        if name is None or step is None or limit <= 0 or not opens_as_ours(symbol, timeframe):
            return None
        now = self._reach.clock.now()
        end = min(end, now + timedelta(seconds=1))
        asked = Asked(symbol, timeframe, start, end, limit)

        async def page(before: int, most: int) -> Sequence[Row]:
            params = {"step": step, "limit": str(most), "end": str((before - 1) // 1_000_000)}
            answer = await self._get(f"ohlc/{name}/", params, "history", Priority.background)
            return read_bars(answer.body)

        try:
            rows = await paged_back(asked, MOST_ROWS, page)
        except NotFound:
            return None
        return bars_of(rows, asked, NAME, now)

    async def _missed(self, symbol: str, since: int) -> Sequence[Tick]:
        """What traded since that instant; nothing where that is too long ago."""
        gone = instant(self._reach.clock.now()) - since
        if gone > LONGEST:
            return ()
        span = "minute" if gone + _OVERLAP <= _MINUTE else "hour"
        path = f"transactions/{self._names.spelled(symbol)}/"
        answer = await self._get(path, {"time": span}, "trades", Priority.visible)
        return [
            replace(tick, symbol=symbol, folds=True)
            for tick in parse_rest(f"{BASE}/api/v2/{path}", answer.body)
            if isinstance(tick, Trade) and tick.at >= since - _OVERLAP
        ]


def said_no(answer: Answer) -> None:
    """Raise the error that an answer is; what another status means is known without its words."""
    if answer.status == 200:
        no_page(answer)
    error = refusal(answer.body)
    if error is not None and (answer.status == 200 or isinstance(error, Throttled)):
        raise error
