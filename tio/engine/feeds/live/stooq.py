"""Stooq's daily tables, unofficial, for who has a key; its page for browsers is not solved."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tio.api.errors import NotFound
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.feeds import stooq
from tio.engine.feeds.dated import Span, bars_of_days
from tio.engine.feeds.http import Budget, Priority
from tio.engine.feeds.live.answering import checked, parsed, tell_nothing
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Outlet, Source, Wanted

NAME = stooq.NAME
BASE = "https://stooq.com"
BUDGETS = {NAME: Budget(rate=0.5, burst=2, concurrency=1)}
ASSETS = stooq.ASSETS
NEEDS_KEY: tuple[str, ...] = ("key",)
UNOFFICIAL = True
ATTRIBUTION = ""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before somebody needs it."""
    return Stooq(reach)


class Stooq:
    """One table a symbol."""

    def __init__(self, reach: Reach) -> None:
        self.traits = stooq.TRAITS
        self._clock = reach.clock
        self._key = reach.secret("key")
        self._host = reach.host(NAME, BASE, BUDGETS[NAME], credential=self._key)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: there is no list."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """Stooq's spelling of a symbol; None for those it cannot have."""
        return stooq.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Refuse what is routed here: it is asked for past days only."""
        await tell_nothing(wanted, out, "Stooq is asked for past days only")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Days as far back as Stooq goes; None of other timeframes and symbols."""
        spelling = stooq.spelled(symbol)
        if timeframe is not Timeframe.d1 or limit <= 0 or spelling is None:
            return None
        now = self._clock.now()
        until = min(end, now)
        since = start or until - timedelta(days=min(limit, 30_000) * 1.6 + 10)
        if since >= end:
            return None
        params = {
            "s": spelling,
            "i": "d",
            "d1": f"{since:%Y%m%d}",
            "d2": f"{until:%Y%m%d}",
            "apikey": self._key,
        }

        def read(body: bytes) -> Bars:
            return bars_of_days(
                stooq.read_bars(body),
                symbol,
                NAME,
                Span(start, end, limit),
                delay=self.traits.delay,
                coverage=self.traits.coverage,
                adjusted=stooq.adjusted(symbol),
                forms=(rules_of(classify(symbol)), instant(now)),
            )

        try:
            answer = await self._host.get(
                "/q/d/l/",
                params,
                capability="history",
                priority=Priority.visible,
                body_error=checked(stooq.refusal),
            )
        except NotFound:
            return None
        return await parsed("Stooq", read, answer.body)
