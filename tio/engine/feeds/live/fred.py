"""FRED: rates and other series, and closes of indices; keyless, or with a key of one's own."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial

from tio.api.errors import NotAllowed, NotFound
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.ticks import Tick
from tio.engine.feeds import fred
from tio.engine.feeds.dated import Span, bars_of_fixes
from tio.engine.feeds.http import Answer, Budget, Host, Priority
from tio.engine.feeds.live.answering import (
    Answers,
    Telling,
    Told,
    checked,
    one_by_one,
    parsed,
    reading,
)
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.polling import poll
from tio.engine.market.symbols import search
from tio.plugin import Outlet, Source, Wanted

NAME = fred.NAME
KEYED = "fred/keyed"
BASE = "https://fred.stlouisfed.org"
KEYED_BASE = "https://api.stlouisfed.org"
BUDGETS = {
    NAME: Budget(rate=1, burst=3, concurrency=2),
    KEYED: Budget(rate=1.8, burst=5, concurrency=2),
}
ASSETS = fred.ASSETS
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = "FRED, Federal Reserve Bank of St. Louis; not endorsed by it"

EVERY = 1_800.0
"""Seconds between two looks: most series change once a day, many once a month."""
BATCH = 10
FIRST = date(1900, 1, 1)
_FRESH = 900.0
_NEWEST = timedelta(days=800)
"""Back to where even a yearly series has two values."""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before somebody needs it."""
    return Fred(reach)


class Fred:
    """One question a series; with a key through the API, which has a published limit."""

    def __init__(self, reach: Reach) -> None:
        self.traits = fred.TRAITS
        self._clock = reach.clock
        self._key = reach.secret("key")
        self._host = reach.host(NAME, BASE, BUDGETS[NAME])
        self._keyed: Host | None = None
        if self._key:
            self._keyed = reach.host(KEYED, KEYED_BASE, BUDGETS[KEYED], credential=self._key)

    def instruments(self) -> Sequence[Instrument]:
        """The series that many look at."""
        return tuple(fred.instrument(series) for series in fred.KNOWN)

    def spelled(self, symbol: str) -> str | None:
        """`DGS10` of `FRED:DGS10`, `SP500` of `^GSPC`; None of what is no series."""
        return fred.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Look for a new value now and then."""
        telling = Telling(self._answers, out, self._why)
        await poll(telling, wanted, out, self._clock, every=EVERY, batch=BATCH)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """The newest value of each series, and the one before it as the previous close."""
        return (await self._answers(symbols, Priority.interactive)).ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """One bar a value, at the date its period begins; None of anything but days."""
        series = fred.spelled(symbol)
        if timeframe is not Timeframe.d1 or limit <= 0 or series is None:
            return None
        until = min(end, self._clock.now()).date()
        # A series may have a value a year, so without a start all of it is asked for.
        since = max(start.date(), FIRST) if start else FIRST
        if since > until:
            return None

        def read(body: bytes) -> Bars:
            return bars_of_fixes(
                fred.days_of(fred.read_observations(body)),
                symbol,
                Span(start, end, limit),
                self.traits,
            )

        try:
            answer = await self._observations(series, since, until, "history", Priority.visible)
        except NotFound:
            return None
        return await parsed("FRED", read, answer.body)

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Series by words: as FRED ranks them with a key, among the well-known ones without."""
        if self._keyed is None or not query.strip():
            return search(query, self.instruments(), limit)
        answer = await self._keyed.get(
            "/fred/series/search",
            {
                "search_text": query,
                "limit": str(min(limit, 50)),
                "api_key": self._key,
                "file_type": "json",
            },
            capability="search",
            priority=Priority.interactive,
            fresh_for=_FRESH,
            body_error=checked(fred.refusal, fred.read_search),
        )
        with reading("FRED"):
            return fred.read_search(answer.body)[:limit]

    async def _answers(
        self, symbols: Sequence[str], priority: Priority = Priority.visible
    ) -> Answers:
        return await one_by_one(symbols, partial(self._told, priority=priority))

    async def _told(self, symbol: str, priority: Priority) -> Told | None:
        series = fred.spelled(symbol)
        if series is None:
            return None
        today = self._clock.now().date()
        answer = await self._observations(series, today - _NEWEST, today, "quote", priority)
        with reading("FRED"):
            values = fred.read_observations(answer.body)
        figures = fred.figures(symbol, values)
        if figures is None or figures.last is None:
            return None
        listed = fred.instrument(series)
        traits = fred.traits_of(symbol, values)
        return Told(listed, (figures,), traits, answer.received_at)

    def _why(self, symbol: str) -> str:
        return f"FRED has no values of {symbol}"

    async def _observations(
        self, series: str, since: date, until: date, what: str, priority: Priority
    ) -> Answer:
        """Through the API where there is a key; without one, or when it is refused, as CSV."""
        if self._keyed is not None:
            params = {
                "series_id": series,
                "observation_start": since.isoformat(),
                "observation_end": until.isoformat(),
                "api_key": self._key,
                "file_type": "json",
            }
            with suppress(NotAllowed):
                return await self._get(
                    self._keyed, "/fred/series/observations", params, what, priority
                )
        params = {"id": series, "cosd": since.isoformat(), "coed": until.isoformat()}
        return await self._get(self._host, "/graph/fredgraph.csv", params, what, priority)

    async def _get(
        self, host: Host, path: str, params: dict[str, str], what: str, priority: Priority
    ) -> Answer:
        return await host.get(
            path,
            params,
            capability=what,
            priority=priority,
            fresh_for=_FRESH if what == "quote" else 0.0,
            body_error=checked(fred.refusal, fred.read_observations if what == "quote" else None),
        )
