"""Yahoo Finance, unofficial, keyless: quotes, streamed prices, bars, events, profiles, search."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tio.api.companies import CorporateEvent, Profile
from tio.api.errors import NotFound, TioError
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.dated import within
from tio.engine.feeds.http import Budget, Priority
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.feeds.live.yahoo_asking import BATCH, Asking, reading
from tio.engine.feeds.live.yahoo_polling import EVERY, ONE_DAY, Polling, one_by_one
from tio.engine.feeds.live.yahoo_session import Places, YahooSession
from tio.engine.feeds.live.yahoo_streamer import Streamer
from tio.engine.feeds.live.yahoo_telling import Learned, Telling, names_of
from tio.engine.feeds.polling import poll
from tio.engine.feeds.yahoo_bars import SERVED, bars
from tio.engine.feeds.yahoo_chart import events
from tio.engine.feeds.yahoo_listings import KINDS, TRAITS
from tio.engine.feeds.yahoo_profile import profile_beside
from tio.engine.feeds.yahoo_quotes import Told
from tio.engine.feeds.yahoo_symbols import NAME, spelled
from tio.plugin import Outlet, Source, Wanted

BASE = "https://query1.finance.yahoo.com"
OPEN, GUARDED = "yahoo", "yahoo/guarded"
BUDGETS = {
    OPEN: Budget(rate=1, burst=4, concurrency=2),
    GUARDED: Budget(rate=1, burst=4, concurrency=2),
}
"""Charts and searches, and what needs the crumb: together 2 a second, 8 at once."""
ASSETS = frozenset(KINDS.values())
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = True
ATTRIBUTION = "Yahoo Finance, for personal use only"

_DAY = timedelta(days=1)
_SESSION = 6.5 * 3_600
"""Seconds of the shortest usual session: a bound of how many days some bars take."""
_LONGEST = 110 * 365
"""Days back to before the first bar there is."""
_EVENTS = "div,splits,capitalGains"


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Yahoo(reach)


class Yahoo:
    """Everything Yahoo is asked for; prices come from its streamer beside quotes now and then."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach = reach
        own, base = reach.settings.base_url, reach.address(BASE)
        host = reach.web.host(NAME, base, BUDGETS[OPEN], own=bool(own))
        # A limit of its own: the crumb's refusals for too many requests keep no chart waiting.
        guarded = reach.web.host(
            GUARDED, base, BUDGETS[GUARDED], own=bool(own), shared=f"{GUARDED} {base}"
        )
        session = YahooSession(guarded, reach.clock, Places.at(own) if own else None)
        self._asking = Asking(host, guarded, session)
        self._learned = Learned()

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: Yahoo publishes no list."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """Yahoo's spelling of a symbol; None for those it cannot have."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Follow the wanted symbols: poll their quotes and listen to their streamed prices."""
        self._asking.heard = out.frame
        telling = Telling(out, self._learned)
        shares = Shares(wanted)
        streamer = Streamer(self._reach, telling, out)
        polling = Polling(self._asking, telling, out, self._reach.clock, streamer)
        await together(
            shares.follow(),
            streamer.run(shares.share()),
            poll(polling, shares.share(), out, self._reach.clock, every=EVERY, batch=BATCH),
        )

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols now."""
        names = names_of(symbols)
        spellings = list(names)
        ticks: list[Tick] = []
        for begin in range(0, len(spellings), BATCH):
            some = {each: names[each] for each in spellings[begin : begin + BATCH]}
            for told in await self._told(some):
                self._learned.learn(told)
                ticks += told.ticks
        return ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Split-adjusted bars as deep as Yahoo goes: minutes a week, hours two years, days all."""
        spelling, served = spelled(symbol), SERVED.get(timeframe)
        if spelling is None or served is None or limit <= 0:
            return None
        now = self._reach.clock.now()
        until = min(end, now)
        since = start or until - span_of(timeframe, limit)
        if served.days is not None:
            since = max(since, now - served.days * _DAY)
        if since >= end:
            return None
        params = {
            **_period(since, until, timedelta() if timeframe.intraday else _DAY),
            "interval": served.interval,
            "includePrePost": "true" if served.extended else "false",
            "events": _EVENTS,
        }
        try:
            chart = await self._asking.chart(spelling, params, Priority.visible)
        except NotFound:
            return None
        delay = self._learned.delay(spelling)
        span = instant(since), instant(end)
        with reading():
            return bars(chart, timeframe, instant(now), symbol, delay, span, limit)

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Splits, dividends and capital gains; None of a symbol Yahoo does not know."""
        spelling = spelled(symbol)
        if spelling is None:
            return None
        params = {**_period(start, end, _DAY), "interval": "1d", "events": _EVENTS}
        try:
            chart = await self._asking.chart(
                spelling, params, Priority.background, fresh_for=3_600.0
            )
        except NotFound:
            return None
        with reading():
            happened = events(chart, symbol)
        return [each for each in happened if within(each.ex_date, start, end)]

    async def profile(self, symbol: str) -> Profile | None:
        """What Yahoo knows; the little its chart says where the rest is refused."""
        spelling = spelled(symbol)
        if spelling is None:
            return None
        try:
            return await self._asking.profile(spelling, symbol)
        except NotFound:
            return None
        except TioError:
            # Without a crumb there are no modules, but name and range are in any chart.
            chart = await self._asking.chart(spelling, ONE_DAY, Priority.interactive)
            return profile_beside(chart, symbol)

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by name or symbol, as Yahoo ranks them, of those it can be asked for."""
        found = await self._asking.search(query, min(limit, 50))
        return [each for each in found if spelled(each.symbol) == each.spellings[NAME]]

    async def _told(self, names: Mapping[str, str]) -> Sequence[Told]:
        try:
            return await self._asking.quotes(tuple(names), names, Priority.interactive)
        except TioError:
            answers = await one_by_one(self._asking, names, Priority.interactive)
            return answers.told


def span_of(timeframe: Timeframe, limit: int) -> timedelta:
    """A time that holds so many bars of any instrument, weekends and holidays with them."""
    seconds = timeframe.step / 1e6 * limit
    days = seconds / _SESSION if timeframe.intraday else seconds / 86_400
    return timedelta(days=min(days * 1.5 + 10, _LONGEST))


def _period(since: datetime, until: datetime, spare: timedelta) -> dict[str, str]:
    first, last = since - spare, until + spare
    return {
        "period1": str(math.floor(first.timestamp())),
        "period2": str(math.ceil(last.timestamp())),
    }
