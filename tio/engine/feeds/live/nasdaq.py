"""Nasdaq's site, keyless, unofficial: past days and dividends of US shares and funds."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import quote

from tio.api.companies import CorporateEvent
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.feeds import nasdaq
from tio.engine.feeds.dated import Span, bars_of_days, midnight
from tio.engine.feeds.http import Answer, Budget, Priority
from tio.engine.feeds.http.breaker import Breaker
from tio.engine.feeds.live.answering import checked, reading, tell_nothing
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Outlet, Source, Wanted

NAME = nasdaq.NAME
BASE = "https://api.nasdaq.com"
BUDGETS = {NAME: Budget(rate=1, burst=3, concurrency=1)}
ASSETS = nasdaq.ASSETS
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = True
ATTRIBUTION = "Nasdaq.com, for personal use only"

PATIENCE = 8.0
"""Seconds: the site leaves those hanging whom it takes for no browser, without a word."""
_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36",
    "Accept": "application/json, text/plain, */*",
    "Accept-Language": "en-US,en;q=0.9",
    "Origin": "https://www.nasdaq.com",
    "Referer": "https://www.nasdaq.com/",
}
_DEPTH = timedelta(days=3_650)
_ROWS = "9999"
T = TypeVar("T")


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before somebody needs it."""
    return Nasdaq(reach)


class Nasdaq:
    """Days and dividends; the kind of a symbol is found by asking, and remembered."""

    def __init__(self, reach: Reach) -> None:
        self.traits = nasdaq.TRAITS
        self._clock = reach.clock
        self._host = reach.host(NAME, BASE, BUDGETS[NAME], headers=_HEADERS)
        self._hangs = Breaker(f"{NAME}.answer", reach.clock, reach.jitter)
        self._host.watch(self._hangs)
        self._turn = asyncio.Lock()
        self._kinds: dict[str, str] = {}

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: there is no list."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """Nasdaq's spelling of a symbol; None for those it cannot have."""
        return nasdaq.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Refuse what is routed here: it has no live prices."""
        await tell_nothing(wanted, out, "Nasdaq's site is asked for past days only")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Split-adjusted days of the last ten years; None of other timeframes and symbols."""
        if timeframe is not Timeframe.d1 or limit <= 0 or self.spelled(symbol) is None:
            return None
        now = self._clock.now()
        until = min(end, now)
        since = max(start or until - timedelta(days=limit * 1.5 + 10), now - _DEPTH)
        if since >= end:
            return None
        params = {
            "fromdate": since.date().isoformat(),
            "todate": (until + timedelta(days=1)).date().isoformat(),
            "limit": _ROWS,
        }
        rows = await self._ask(symbol, "historical", params, Priority.visible, nasdaq.read_bars)
        if rows is None:
            return None
        with reading("Nasdaq"):
            return bars_of_days(
                rows,
                symbol,
                NAME,
                Span(start, end, limit),
                delay=self.traits.delay,
                adjusted=self.traits.adjusted,
                forms=(rules_of(classify(symbol)), instant(now)),
            )

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Dividends as they were paid; None of a symbol Nasdaq does not know."""
        if self.spelled(symbol) is None:
            return None

        def read(body: bytes) -> tuple[CorporateEvent, ...]:
            return nasdaq.read_dividends(body, symbol)

        told = await self._ask(symbol, "dividends", {}, Priority.background, read)
        if told is None:
            return None
        first, last = instant(start), instant(end)
        return [each for each in told if first <= midnight(each.ex_date) < last]

    async def _ask(
        self,
        symbol: str,
        what: str,
        params: dict[str, str],
        priority: Priority,
        read: Callable[[bytes], tuple[T, ...]],
    ) -> tuple[T, ...] | None:
        """What is told of whichever kind the symbol is; None when Nasdaq knows it as none."""
        path = f"/api/quote/{quote(nasdaq.spelled(symbol) or symbol, safe='')}/{what}"
        known = self._kinds.get(symbol)
        found: tuple[T, ...] | None = None
        for kind in (known,) if known else nasdaq.KINDS:
            try:
                answer = await self._in_time(path, {"assetclass": kind, **params}, priority, read)
            except NotFound:
                continue
            with reading("Nasdaq"):
                found = read(answer.body)
            if found:
                self._kinds[symbol] = kind
                break
        return found

    async def _in_time(
        self,
        path: str,
        params: dict[str, str],
        priority: Priority,
        read: Callable[[bytes], object],
    ) -> Answer:
        """One question at a time, given up after `PATIENCE`; after several, the site rests."""
        async with self._turn:
            self._hangs.admit()
            asked = self._host.get(
                path,
                params,
                capability=path.rpartition("/")[2],
                priority=priority,
                fresh_for=300.0,
                patience=PATIENCE,
                body_error=checked(nasdaq.refusal, read),
            )
            return await self._watched(asked)

    async def _watched(self, asked: Coroutine[Any, Any, Answer]) -> Answer:
        task = asyncio.ensure_future(asked)
        asleep = asyncio.ensure_future(self._clock.sleep(PATIENCE))
        try:
            await asyncio.wait((task, asleep), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                words = f"no answer within {PATIENCE:g} s"
                self._hangs.failed(words)
                raise SourceUnavailable(f"{NAME}: {words}", "another source answers meanwhile")
            self._hangs.succeeded()
            return task.result()
        finally:
            for each in (task, asleep):
                each.cancel()
            await asyncio.gather(task, asleep, return_exceptions=True)
