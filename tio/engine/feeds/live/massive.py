"""Massive, with a key: raw bars of all US venues, dividends, splits, profiles; 5 requests a minute.

Its free plan knows of whole days only, so it is asked for the past, hardly for quotes.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from tio.api.companies import CorporateEvent, Profile
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.dated import within
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.allowance import Allowance, keyed_host
from tio.engine.feeds.live.answering import parsed, reading
from tio.engine.feeds.live.polled import Polled
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.shaping import shaped
from tio.engine.feeds.massive import (
    TRAITS,
    Page,
    figures,
    next_page,
    read_bars,
    read_events,
    spelled,
)
from tio.engine.feeds.massive_profile import instruments, profile, read_ticker, read_tickers
from tio.engine.feeds.massive_refusals import NAME, VENUE, refusal
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked, past_asked
from tio.engine.feeds.session_bars import since_of
from tio.engine.market.sessions import venue_rules
from tio.engine.market.venues import US
from tio.engine.store.columns import Row
from tio.plugin import Outlet, Source, Traits, Wanted

BASE = "https://api.massive.com"
# Two at once and three a minute after: never more than five in any minute, whenever it begins.
BUDGETS = {NAME: Budget(rate=3 / 60, burst=2, concurrency=1, windows=(Window(5, 60, "minute"),))}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
NEEDS_KEY = ("key",)
UNOFFICIAL = False
ATTRIBUTION = ""

EVERY = 3_600.0
PAGES = 4
"""The most answers asked for at once, each leading to the next."""
PATIENCE = 130.0
"""Seconds: of four answers the last comes in the second minute."""
_FIRST = datetime(1970, 1, 2, tzinfo=UTC)
_RAW = {"adjusted": "false"}
_NEW_YORK = ZoneInfo("America/New_York")
_T = Timeframe


class Grain(NamedTuple):
    """How a timeframe is asked for, the timeframe that is, and whether adjusted for splits."""

    span: str
    timeframe: Timeframe
    adjusted: bool = False


_M1, _M30 = Grain("1/minute", _T.m1), Grain("30/minute", _T.m30)
# A raw week in which a share split would be no bar of anything.
_ADJUSTED = Grain("1/day", _T.d1, adjusted=True)
GRAINS = {
    _T.m1: _M1,
    _T.m3: _M1,
    _T.m5: Grain("5/minute", _T.m5),
    _T.m15: Grain("15/minute", _T.m15),
    _T.m30: _M30,
    # Its hours begin with the clock's, ours with the session's: half hours fit both.
    _T.h1: _M30,
    _T.h2: _M30,
    _T.h4: _M30,
    _T.d1: Grain("1/day", _T.d1),
    _T.w1: _ADJUSTED,
    _T.mo1: _ADJUSTED,
}


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Massive(reach)


class Massive:
    """What Massive is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._clock = reach.clock
        self._allowance = Allowance(refusal, BUDGETS[NAME], "minute")
        self._host = keyed_host(reach, NAME, BASE, BUDGETS[NAME], "Bearer", self._allowance)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its list takes a dozen requests."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """The symbol itself; None for what is no US share or fund."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Tell each wanted symbol's last whole day, looked up once an hour."""
        polled = Polled(self.quotes, out, VENUE)
        await poll(polled, wanted, out, self._clock, every=EVERY, batch=5_000)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """The last whole day of these symbols; of several in one answer about the whole market."""
        names = {name: symbol for symbol in symbols if (name := spelled(symbol))}
        if len(names) == 1:
            (name,) = names
            answer = await self._get(f"/v2/aggs/ticker/{quote(name)}/prev", _RAW, "quote")
            with reading(VENUE):
                return figures(read_bars(answer.body), names)
        return await self._of_the_market(names) if names else ()

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Raw bars; weeks and months adjusted for splits."""
        name, grain, now = spelled(symbol), GRAINS.get(timeframe), self._clock.now()
        asked = past_asked(symbol, timeframe, start, end, limit, now)
        if name is None or grain is None or asked is None:
            return None
        try:
            rows, whole, traits = await self._rows(name, grain, asked)
        except NotFound:
            return None
        return await shaped(VENUE, rows, grain.timeframe, asked, instant(now), traits, whole)

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Splits and dividends as they were declared, by ex-date."""
        name = spelled(symbol)
        if name is None:
            return None
        found: list[CorporateEvent] = []
        for kind, on in (("splits", "execution_date"), ("dividends", "ex_dividend_date")):
            params = {
                "ticker": name,
                f"{on}.gte": max(start, _FIRST).date().isoformat(),
                f"{on}.lte": end.date().isoformat(),
                "sort": on,
                "order": "desc",
                "limit": "1000",
            }
            path = f"/v3/reference/{kind}"
            async for answer in self._pages(path, params, "events", fresh_for=3_600.0):
                with reading(VENUE):
                    found += read_events(answer.body).events(symbol)
        kept = [each for each in found if within(each.ex_date, start, end)]
        return sorted(kept, key=lambda event: (event.ex_date, event.kind))

    async def profile(self, symbol: str) -> Profile | None:
        """What its reference says; None of a ticker it does not know."""
        name = spelled(symbol)
        if name is None:
            return None
        path = f"/v3/reference/tickers/{quote(name)}"
        try:
            answer = await self._get(path, {}, "profile", Priority.interactive, 3_600.0)
        except NotFound:
            return None
        with reading(VENUE):
            return profile(read_ticker(answer.body), symbol)

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by name or ticker."""
        params = {"search": query, "market": "stocks", "active": "true", "limit": "50"}
        answer = await self._get(
            "/v3/reference/tickers", params, "search", Priority.interactive, 300.0
        )
        with reading(VENUE):
            return tuple(instruments(read_tickers(answer.body)))[:limit]

    async def _of_the_market(self, names: Mapping[str, str]) -> Sequence[Tick]:
        """The newest day before today for which it has the market."""
        on = self._clock.now().astimezone(_NEW_YORK).date()
        rules = venue_rules(US)
        for _ in range(2):
            on -= timedelta(days=1)
            while not rules.on_date(on).regular:
                on -= timedelta(days=1)
            path = f"/v2/aggs/grouped/locale/us/market/stocks/{on.isoformat()}"
            answer = await self._get(path, _RAW, "quote")
            page = await parsed(VENUE, read_bars, answer.body)
            if page.results:
                return figures(page, names)
        return ()

    async def _rows(self, name: str, grain: Grain, asked: Asked) -> tuple[list[Row], bool, Traits]:
        """The rows asked for, newest first, whether they are all there are, and what is true."""
        since = since_of(asked, months=grain.adjusted)
        since = max(since, asked.start or _FIRST, _FIRST)
        span = f"{_millis(since)}/{_millis(asked.end)}"
        if not grain.timeframe.intraday:
            span = f"{since.date()}/{asked.end.date()}"
        path = f"/v2/aggs/ticker/{quote(name)}/range/{grain.span}/{span}"
        told = "true" if grain.adjusted else "false"
        params = {"adjusted": told, "sort": "desc", "limit": "50000"}
        needed = asked.limit * -(-asked.timeframe.step // grain.timeframe.step) + 1
        rows: list[Row] = []
        traits, more = TRAITS, False
        async for answer in self._pages(path, params, "history"):
            page, some = await parsed(VENUE, partial(_rows_of, grain.timeframe), answer.body)
            rows += some
            traits, more = page.traits, bool(page.next_url)
            if len(rows) >= needed:
                break
        return rows, not more, traits

    async def _pages(
        self, path: str, params: Mapping[str, str], capability: str, fresh_for: float = 0.0
    ) -> AsyncIterator[Answer]:
        """An answer and those that follow it, as long as they are of the same host."""
        for _ in range(PAGES):
            answer = await self._get(path, params, capability, fresh_for=fresh_for)
            yield answer
            path, params = await parsed(VENUE, next_page, answer.body), {}
            if not path:
                return
            here, there = urlsplit(self._host.base_url), urlsplit(path)
            if (here.scheme, here.netloc) != (there.scheme, there.netloc):
                words = f"{VENUE} says its answer goes on at another host, which is not asked"
                raise SourceUnavailable(words, "another source answers meanwhile")

    async def _get(
        self,
        path: str,
        params: Mapping[str, str],
        capability: str,
        priority: Priority = Priority.visible,
        fresh_for: float = 0.0,
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            fresh_for=fresh_for,
            patience=20.0 if priority is Priority.interactive else PATIENCE,
            body_error=self._allowance.checking(_KEPT[capability] if fresh_for else None),
        )


_KEPT = {"events": read_events, "profile": read_ticker, "search": read_tickers}
"""How answers that are kept a while are read."""


def _rows_of(timeframe: Timeframe, body: bytes) -> tuple[Page, list[Row]]:
    page = read_bars(body)
    return page, [bar.row(timeframe) for bar in page.results]


def _millis(at: datetime) -> int:
    return instant(at) // 1_000
