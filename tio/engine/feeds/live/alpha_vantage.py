"""Alpha Vantage, with a key: quotes of the last session, raw days, search, profiles; 25 a day."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from tio.api.companies import Profile
from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, Tick
from tio.engine.feeds.alpha_vantage import (
    FX_TRAITS,
    TRAITS,
    read_days,
    read_quote,
    read_rate,
    spelled,
)
from tio.engine.feeds.alpha_vantage_listings import read_profile, read_search
from tio.engine.feeds.alpha_vantage_refusals import NAME, VENUE, refusal
from tio.engine.feeds.dated import Span, bars_of_days
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.answering import (
    Answers,
    Telling,
    Told,
    checked,
    one_by_one,
    reading,
)
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.polling import poll
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify, is_fx
from tio.plugin import Clock, Outlet, Source, Wanted

BASE = "https://www.alphavantage.co"
DAY = 25
BUDGETS = {
    NAME: Budget(
        rate=0.9,
        burst=1,
        concurrency=1,
        # Midnight in New York; in summer its day begins an hour before ours.
        windows=(Window(DAY, 86_400, "day", daily=True, resets="05:00Z"),),
    )
}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund, AssetClass.fx})
NEEDS_KEY = ("key",)
UNOFFICIAL = False
ATTRIBUTION = ""

AGAIN = 6 * 3_600.0
"""Seconds after which a symbol's quote is asked for again: it changes once a day."""
TROUBLED = 900.0
"""Seconds after which a question that failed is asked again."""
COMPACT = 100
"""Days in one answer; more of them need a plan that is paid for."""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return AlphaVantage(reach)


class AlphaVantage:
    """What Alpha Vantage is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._clock = reach.clock
        self._key = reach.secret("key")
        self._host = reach.host(NAME, BASE, BUDGETS[NAME], credential=self._key)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its list is no part of the free plan's day."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`BRK-B` of BRK.B; None for what is neither a US share nor currencies."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Ask for each wanted symbol a few times a day, with half of the day's questions."""
        polling = _Polling(self, out, self._clock)
        await poll(polling, wanted, out, self._clock, every=60.0, batch=DAY)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures of these symbols, one question each."""
        return (await one_by_one(symbols, self._told(Priority.interactive), at_once=1)).ticks

    async def tell(self, symbols: Sequence[str]) -> Answers:
        """The same for polling, which leaves half of the day to what a person asks."""
        return await one_by_one(symbols, self._told(Priority.background), at_once=1)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Raw days of a share, the newest hundred; None of all else."""
        name = spelled(symbol)
        # Its days of currencies begin at an hour it does not tell; ours end at 17:00 New York.
        if name is None or is_fx(symbol) or timeframe is not Timeframe.d1 or limit <= 0:
            return None
        params = {"function": "TIME_SERIES_DAILY", "symbol": name, "outputsize": "compact"}
        try:
            answer = await self._get(params, "history", Priority.background, read_days, 3_600.0)
        except NotFound:
            return None
        now = self._clock.now()
        rules = rules_of(classify(symbol))
        with reading(VENUE):
            return bars_of_days(
                read_days(answer.body),
                symbol,
                NAME,
                Span(start, min(end, now), limit),
                delay=TRAITS.delay,
                coverage=TRAITS.coverage,
                adjusted=TRAITS.adjusted,
                forms=(rules, instant(now)),
            )

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by symbol or name, as it ranks them."""
        params = {"function": "SYMBOL_SEARCH", "keywords": query}
        answer = await self._get(params, "search", Priority.interactive, read_search, 86_400.0)
        with reading(VENUE):
            return read_search(answer.body)[:limit]

    async def profile(self, symbol: str) -> Profile | None:
        """Its overview of a share; None when it knows none."""
        name = spelled(symbol)
        if name is None or is_fx(symbol):
            return None
        params = {"function": "OVERVIEW", "symbol": name}
        try:
            answer = await self._get(
                params,
                "profile",
                Priority.interactive,
                lambda body: read_profile(body, symbol),
                86_400.0,
            )
        except NotFound:
            return None
        with reading(VENUE):
            return read_profile(answer.body, symbol)

    def _told(self, priority: Priority) -> Callable[[str], Awaitable[Told | None]]:
        return lambda symbol: self.quote(symbol, priority)

    async def quote(self, symbol: str, priority: Priority) -> Told | None:
        """What it says of one symbol now; None when it does not serve it."""
        name = spelled(symbol)
        if name is None:
            return None
        if is_fx(symbol):
            params = {"function": "CURRENCY_EXCHANGE_RATE"}
            params |= {"from_currency": symbol[:3], "to_currency": symbol[3:]}
            answer = await self._get(
                params, "rate", priority, lambda body: read_rate(body, symbol), 60.0
            )
            with reading(VENUE):
                ticks = read_rate(answer.body, symbol)
            return Told(classify(symbol), ticks, FX_TRAITS, answer.received_at)
        params = {"function": "GLOBAL_QUOTE", "symbol": name}
        answer = await self._get(
            params, "quote", priority, lambda body: read_quote(body, symbol), 300.0
        )
        with reading(VENUE):
            figures = self._closed(read_quote(answer.body, symbol))
        return Told(classify(symbol), (figures,), TRAITS, answer.received_at)

    def _closed(self, figures: DayFigures) -> DayFigures:
        """The figures; of a session that is not over nobody knows of which instant they are."""
        if figures.at is None or figures.at <= instant(self._clock.now()):
            return figures
        return replace(figures, at=None)

    async def _get(
        self,
        params: dict[str, str],
        capability: str,
        priority: Priority,
        read: Callable[[bytes], object],
        fresh_for: float,
    ) -> Answer:
        return await self._host.get(
            "/query",
            {**params, "apikey": self._key},
            capability=capability,
            priority=priority,
            fresh_for=fresh_for,
            body_error=checked(refusal, read),
        )


class _Polling:
    """Those symbols whose quote is old, asked for and put out."""

    def __init__(self, source: AlphaVantage, out: Outlet, clock: Clock) -> None:
        self._source, self._clock = source, clock
        self._telling = Telling(self._ask, out, lambda symbol: f"{VENUE} knows no {symbol}")
        self._due: dict[str, float] = {}

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        now = self._clock.monotonic()
        due = [symbol for symbol in symbols if now >= self._due.get(symbol, now)]
        return await self._telling.quotes(due) if due else ()

    async def _ask(self, symbols: Sequence[str]) -> Answers:
        now = self._clock.monotonic()
        self._due |= dict.fromkeys(symbols, now + TROUBLED)
        answers = await self._source.tell(symbols)
        self._due |= {each: now + AGAIN for each in symbols if each not in answers.unsure}
        return answers
