"""Tiingo, with a key: raw days of US shares with their splits and dividends, quotes of IEX."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from tio.api.companies import CorporateEvent
from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.dated import within
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.allowance import Allowance, keyed_host
from tio.engine.feeds.live.answering import parsed
from tio.engine.feeds.live.polled import Polled
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.shaping import shaped
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked, past_asked
from tio.engine.feeds.session_bars import since_of
from tio.engine.feeds.tiingo import (
    DAILY,
    DAILY_ADJUSTED,
    TRAITS,
    events,
    read_days,
    read_quotes,
    read_steps,
    spelled,
)
from tio.engine.feeds.tiingo_refusals import NAME, VENUE, refusal
from tio.engine.store.columns import Row
from tio.plugin import Outlet, Source, Traits, Wanted

BASE = "https://api.tiingo.com"
BUDGETS = {
    NAME: Budget(
        rate=1,
        burst=5,
        concurrency=2,
        windows=(
            Window(50, 3_600, "hour"),
            # Midnight in New York; in summer its day begins an hour before ours.
            Window(1_000, 86_400, "day", daily=True, resets="05:00Z"),
        ),
    )
}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
NEEDS_KEY = ("key",)
UNOFFICIAL = False
ATTRIBUTION = ""

BATCH = 500
"""Tickers in one question for quotes; it costs one request however many they are."""
EVERY = 150.0
"""Seconds: 24 of the hour's 50 requests are for quotes."""
_FIRST = date(1900, 1, 1)
_BAR_COLUMNS = "open,high,low,close,volume"

_T = Timeframe
GRAINS = {
    _T.m1: ("1min", _T.m1),
    _T.m3: ("1min", _T.m1),
    _T.m5: ("5min", _T.m5),
    _T.m15: ("15min", _T.m15),
    _T.m30: ("30min", _T.m30),
    # Its hours begin with the clock's, ours with the session's: half hours fit both.
    _T.h1: ("30min", _T.m30),
    _T.h2: ("30min", _T.m30),
    _T.h4: ("30min", _T.m30),
}
"""How timeframes within a day are asked for: the frequency, and the timeframe that is."""


class _Found(NamedTuple):
    """Rows of one grain, and what is true of them."""

    rows: list[Row]
    grain: Timeframe
    traits: Traits


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Tiingo(reach)


class Tiingo:
    """What Tiingo is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._clock = reach.clock
        self._allowance = Allowance(refusal, BUDGETS[NAME], "hour", "day")
        self._host = keyed_host(reach, NAME, BASE, BUDGETS[NAME], "Token", self._allowance)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its list is of a hundred thousand tickers, most of them gone."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`brk-b` for BRK.B; None for what is no US share or fund."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Ask for the quotes of all wanted symbols at once, again and again."""
        polled = Polled(self._visible, out, VENUE)
        await poll(polled, wanted, out, self._clock, every=EVERY, batch=BATCH)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures of IEX, and its best prices where the key may see them."""
        return await self._quotes(symbols, Priority.interactive)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Raw days; weeks and months adjusted for splits and dividends; bars of IEX within days."""
        name, now = spelled(symbol), self._clock.now()
        intraday = timeframe.intraday
        asked = past_asked(symbol, timeframe, start, end, limit, now)
        if name is None or asked is None or (intraday and timeframe not in GRAINS):
            return None
        try:
            found = await (self._steps if intraday else self._days)(name, asked)
        except NotFound:
            return None
        return await shaped(VENUE, found.rows, found.grain, asked, instant(now), found.traits)

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Splits and dividends, read from its days; None of a ticker it does not know."""
        name = spelled(symbol)
        if name is None:
            return None
        until = min(end, self._clock.now())
        params = _span(max(start.date(), _FIRST), until.date())
        try:
            answer = await self._get(
                f"/tiingo/daily/{name}/prices", params, "history", Priority.background, 3_600.0
            )
        except NotFound:
            return None
        happened = await parsed(
            VENUE, lambda body: list(events(read_days(body), symbol)), answer.body
        )
        return [each for each in happened if within(each.ex_date, start, end)]

    async def _visible(self, symbols: Sequence[str]) -> Sequence[Tick]:
        return await self._quotes(symbols, Priority.visible)

    async def _quotes(self, symbols: Sequence[str], priority: Priority) -> Sequence[Tick]:
        names = {name: symbol for symbol in symbols if (name := spelled(symbol))}
        if not names:
            return ()
        answer = await self._get("/iex/", {"tickers": ",".join(names)}, "quote", priority)
        return await parsed(VENUE, lambda body: read_quotes(body, names), answer.body)

    async def _days(self, name: str, asked: Asked) -> _Found:
        since = since_of(asked, months=asked.timeframe is not Timeframe.d1)
        params = _span(max(since.date(), _FIRST), asked.end.date())
        path = f"/tiingo/daily/{name}/prices"
        answer = await self._get(path, params, "history", Priority.background, 3_600.0)
        if asked.timeframe is Timeframe.d1:
            return _Found(await parsed(VENUE, _raw, answer.body), Timeframe.d1, DAILY)
        # A raw week in which a share split would be no bar of anything.
        return _Found(await parsed(VENUE, _adjusted, answer.body), Timeframe.d1, DAILY_ADJUSTED)

    async def _steps(self, name: str, asked: Asked) -> _Found:
        frequency, grain = GRAINS[asked.timeframe]
        params = _span(since_of(asked).date(), asked.end.date())
        params |= {"resampleFreq": frequency, "columns": _BAR_COLUMNS}
        path = f"/iex/{name}/prices"
        answer = await self._get(path, params, "intraday", Priority.background)
        return _Found(await parsed(VENUE, _stepped, answer.body), grain, TRAITS)

    async def _get(
        self,
        path: str,
        params: dict[str, str],
        capability: str,
        priority: Priority,
        fresh_for: float = 0.0,
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            fresh_for=fresh_for,
            body_error=self._allowance.checking(read_days if fresh_for else None),
        )


def _raw(body: bytes) -> list[Row]:
    return [day.raw() for day in read_days(body)]


def _adjusted(body: bytes) -> list[Row]:
    return [day.adjusted() for day in read_days(body)]


def _stepped(body: bytes) -> list[Row]:
    return [step.row() for step in read_steps(body)]


def _span(first: date, last: date) -> dict[str, str]:
    return {"startDate": first.isoformat(), "endDate": last.isoformat(), "format": "json"}
