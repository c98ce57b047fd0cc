"""Finnhub, with a key: trades of US shares as they happen, quotes, search, companies."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from tio.api.companies import Profile
from tio.api.errors import NotAllowed, NotFound
from tio.api.market import AssetClass, Bars, Instrument, Session, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.finnhub import TRAITS, read_quote, spelled
from tio.engine.feeds.finnhub_listings import (
    in_dollars,
    read_company,
    read_search,
    with_metrics,
)
from tio.engine.feeds.finnhub_refusals import NAME, VENUE, refusal
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.answering import (
    Answers,
    Telling,
    Told,
    checked,
    one_by_one,
    reading,
)
from tio.engine.feeds.live.finnhub_stream import FinnhubStream, streamed
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.feeds.polling import poll
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Clock, Outlet, Source, Wanted

BASE = "https://finnhub.io/api/v1"
BUDGETS = {NAME: Budget(rate=0.95, burst=10, concurrency=4, windows=(Window(60, 60, "minute"),))}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
NEEDS_KEY = ("key",)
UNOFFICIAL = False
ATTRIBUTION = ""

EVERY = 5.0
"""Seconds between two looks at whose turn it is."""
SHORTEST, SHARE = 15.0, 30.0
"""Seconds between two questions for a symbol that is not streamed, and those a minute in all."""
SEEDED = 300.0
"""Seconds after which the figures of one that is streamed are asked for again."""
_DAY = 86_400.0


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Finnhub(reach)


class Finnhub:
    """What Finnhub is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._reach, self._clock = reach, reach.clock
        self._has_metrics = True
        key = reach.secret("key")
        self._host = reach.host(
            NAME, BASE, BUDGETS[NAME], headers={"X-Finnhub-Token": key}, credential=key
        )

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its search finds them."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """A US share or fund itself; None for all else."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream fifty symbols, ask for the figures of all of them."""
        shares = Shares(wanted)
        share = shares.share()
        polling = _Polling(self.tell, share, out, self._clock)
        stream = FinnhubStream(self._reach, shares.share(), out, polling.forget)
        polled = poll(polling, share, out, self._clock, every=EVERY, batch=30)
        await together(shares.follow(), stream.run(), polled)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures of these symbols now, one question each."""
        return (await one_by_one(symbols, self._asking(Priority.interactive))).ticks

    async def tell(self, symbols: Sequence[str]) -> Answers:
        """The same for polling."""
        return await one_by_one(symbols, self._asking(Priority.visible))

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """None: its bars are not for free keys."""
        return None

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by symbol or name, as it ranks them."""
        answer = await self._get(
            "search", {"q": query}, "search", Priority.interactive, read_search, 300.0
        )
        with reading(VENUE):
            return read_search(answer.body)[:limit]

    async def profile(self, symbol: str) -> Profile | None:
        """The company, with its ratios where the key may see them."""
        name = spelled(symbol)
        if name is None:
            return None
        answer = await self._get(
            "stock/profile2",
            {"symbol": name},
            "profile",
            Priority.interactive,
            lambda body: read_company(body, symbol),
            _DAY,
        )
        with reading(VENUE):
            profile = read_company(answer.body, symbol)
            dollars = in_dollars(answer.body)
        if profile is None or not self._has_metrics:
            return profile
        return await self._with_metrics(profile, name, dollars)

    async def _with_metrics(self, profile: Profile, name: str, dollars: bool) -> Profile:
        try:
            answer = await self._get(
                "stock/metric",
                {"symbol": name, "metric": "all"},
                "metric",
                Priority.interactive,
                lambda body: with_metrics(profile, body, dollars=dollars),
                3_600.0,
            )
        except NotFound:
            return profile
        except NotAllowed:
            self._has_metrics = False
            return profile
        with reading(VENUE):
            return with_metrics(profile, answer.body, dollars=dollars)

    def _asking(self, priority: Priority) -> Callable[[str], Awaitable[Told | None]]:
        async def ask(symbol: str) -> Told | None:
            name = spelled(symbol)
            if name is None:
                return None
            answer = await self._get(
                "quote",
                {"symbol": name},
                "quote",
                priority,
                lambda body: read_quote(body, symbol),
                0.0,
            )
            with reading(VENUE):
                figures = read_quote(answer.body, symbol)
            return Told(classify(symbol), (figures,), TRAITS, answer.received_at)

        return ask

    async def _get(
        self,
        path: str,
        params: dict[str, str],
        capability: str,
        priority: Priority,
        read: Callable[[bytes], object],
        fresh_for: float,
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            fresh_for=fresh_for,
            body_error=checked(refusal, read),
        )


class _Polling:
    """Asks for the figures of those whose turn it is, at most thirty a minute, and puts them out.

    What is streamed is asked for at first, and then now and then for the figures of its day.
    """

    def __init__(
        self,
        ask: Callable[[Sequence[str]], Awaitable[Answers]],
        wanted: Wanted,
        out: Outlet,
        clock: Clock,
    ) -> None:
        self._ask, self._wanted, self._clock = ask, wanted, clock
        self._telling = Telling(self._asked_for, out, lambda symbol: f"{VENUE} knows no {symbol}")
        self._asked: dict[str, tuple[float, bool]] = {}

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        served = set(streamed(sorted(self._wanted.symbols)))
        others = len(self._wanted.symbols) - len(served)
        pace = max(SHORTEST, others * 60.0 / SHARE)
        due = [each for each in symbols if self._is_due(each, SEEDED if each in served else pace)]
        return await self._telling.quotes(due) if due else ()

    def forget(self, symbols: Sequence[str]) -> None:
        """Ask for these anew: what happened meanwhile nobody heard."""
        for symbol in symbols:
            self._asked.pop(symbol, None)

    async def _asked_for(self, symbols: Sequence[str]) -> Answers:
        now, is_open = self._clock.monotonic(), self._is_open()
        self._asked |= dict.fromkeys(symbols, (now, is_open))
        return await self._ask(symbols)

    def _is_due(self, symbol: str, pace: float) -> bool:
        """A first time, in its session whenever the pace allows, and once after it."""
        if symbol not in self._asked:
            return True
        at, was_open = self._asked[symbol]
        if not self._is_open():
            return was_open
        return self._clock.monotonic() - at >= pace

    def _is_open(self) -> bool:
        rules = rules_of(classify("SPY"))
        return rules.session(instant(self._clock.now())) is not Session.closed
