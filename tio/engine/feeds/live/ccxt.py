"""One exchange of the hundred that ccxt knows, through a process of its own; nothing streams.

ccxt is an optional extra. Which exchange is told by the host of `base_url`: an address such as
https://www.kucoin.com means `kucoin`.
"""

import importlib.util
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tio.api.errors import Misconfigured, NotFound, SourceUnavailable
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import Tick
from tio.engine.feeds.ccxt_answers import MISSING, NAME, TRAITS, bars, instruments, ticks
from tio.engine.feeds.http import Budget
from tio.engine.feeds.live.answering import parsed
from tio.engine.feeds.live.ccxt_process import CcxtProcess
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.polled import Polled
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.shaping import shaped
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked
from tio.plugin import Outlet, Source, Wanted

BUDGETS: dict[str, Budget] = {}
"""None of ours: ccxt keeps each exchange's own limit, and is asked one thing at a time."""
ASSETS = frozenset({AssetClass.crypto})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""

EXCHANGE = "bitfinex"
"""Unless told otherwise: it has pairs in dollars and years of bars, and is no source of its own."""
EVERY, BATCH = 20.0, 100
MOST = 10_000
"""Bars of one history."""

_T = Timeframe
GRAINS = {
    _T.m1: ("1m", _T.m1),
    _T.m3: ("1m", _T.m1),
    _T.m5: ("5m", _T.m5),
    _T.m15: ("15m", _T.m15),
    _T.m30: ("30m", _T.m30),
    _T.h1: ("1h", _T.h1),
    _T.h2: ("1h", _T.h1),
    _T.h4: ("1h", _T.h1),
    _T.d1: ("1d", _T.d1),
    # Weeks begin on other days from exchange to exchange.
    _T.w1: ("1d", _T.d1),
    _T.mo1: ("1d", _T.d1),
}


def open_source(reach: Reach) -> Source:
    """The source; SourceUnavailable when ccxt is not installed. Does not import it."""
    # By its absolute name: this module has the same last one.
    if importlib.util.find_spec("ccxt") is None:
        raise SourceUnavailable(MISSING)
    return Ccxt(reach)


class Ccxt:
    """What an exchange is asked through ccxt."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._clock = reach.clock
        exchange = exchange_of(reach.settings.base_url)
        self._process = CcxtProcess(exchange, reach.web.proxy, reach.clock)
        self._names = Names(NAME)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    async def listing(self) -> Sequence[Instrument]:
        """Every spot pair that trades there."""
        rows = await self._process.ask("markets")
        return await parsed(NAME, lambda told: instruments(told, self._process.exchange), rows)

    def learn(self, listed: Sequence[Instrument]) -> None:
        self._names.learn(listed)

    def spelled(self, symbol: str) -> str | None:
        """`BTC/USD`, as its list has it."""
        return self._names.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Ask for the wanted symbols again and again."""
        try:
            if not len(self._names):
                self.learn(await self.listing())
            polled = Polled(self.quotes, out, self._process.exchange)
            await poll(polled, wanted, out, self._clock, every=EVERY, batch=BATCH)
        finally:
            await self._process.close()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols now."""
        names = {name: symbol for symbol in symbols if (name := self._names.spelled(symbol))}
        if not names:
            return ()
        rows = await self._process.ask("tickers", symbols=list(names))
        return await parsed(NAME, lambda told: ticks(told, names), rows)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """The exchange's own bars, as deep as it goes; None of what it does not list."""
        name, grain, now = self._names.spelled(symbol), GRAINS.get(timeframe), self._clock.now()
        if name is None or grain is None or limit <= 0:
            return None
        until = min(end, now + timedelta(microseconds=1))
        if start is not None and start >= until:
            return None
        asked = Asked(symbol, timeframe, start, until, limit)
        interval, finer = grain
        # One step more: the first day of a month lies within the thirty-one days asked for.
        first = max(0, asked.first - timeframe.step, instant(until) - MOST * finer.step)
        try:
            rows = await self._process.ask(
                "candles",
                symbol=name,
                timeframe=interval,
                since=first // 1_000,
                until=-(-instant(until) // 1_000),
            )
        except NotFound:
            return None
        found = await parsed(NAME, bars, rows)
        if finer is not timeframe and found:
            # Where the rows begin the oldest bar would be a part of one.
            begins = moment(min(row[0] for row in found) + 1)
            asked = asked._replace(start=max(begins, start or begins))
        return await shaped(NAME, found, finer, asked, instant(now), TRAITS)


def exchange_of(address: str) -> str:
    """The exchange an address names, as ccxt spells it; the usual one without an address."""
    if not address:
        return EXCHANGE
    labels = (urlsplit(address).hostname or "").split(".")
    name = labels[-2] if len(labels) > 1 else labels[0]
    if not re.fullmatch("[a-z][a-z0-9]{1,29}", name):
        raise Misconfigured(f"sources.ccxt.base_url names no exchange: {address}")
    return name
