"""Cboe's delayed quotes of US shares, funds and indices: keyless, unofficial, 15 minutes late."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from tio.api.errors import NotFound
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.ticks import Tick
from tio.engine.feeds import cboe
from tio.engine.feeds.http import Budget, Priority
from tio.engine.feeds.live.answering import Answers, Telling, Told, checked, one_by_one, reading
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.polling import poll
from tio.plugin import Outlet, Source, Wanted

NAME = cboe.NAME
BASE = "https://cdn.cboe.com"
BUDGETS = {NAME: Budget(rate=1, burst=3, concurrency=2)}
ASSETS = cboe.ASSETS
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = True
ATTRIBUTION = "Cboe, delayed"

EVERY = 60.0
"""Seconds between two rounds: what is 15 minutes late gains little by more."""
BATCH = 10
_FRESH = 30.0
"""Seconds for which an answer will do again, as when somebody wants one symbol more."""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Cboe(reach)


class Cboe:
    """One small file a symbol, asked for in turn."""

    def __init__(self, reach: Reach) -> None:
        self.traits = cboe.TRAITS
        self._clock = reach.clock
        self._host = reach.host(NAME, BASE, BUDGETS[NAME])

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: there is no list."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """Cboe's spelling of a symbol; None for those it cannot have."""
        return cboe.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Ask for the wanted symbols once a minute."""
        telling = Telling(self._answers, out, lambda symbol: f"Cboe tells no price of {symbol}")
        await poll(telling, wanted, out, self._clock, every=EVERY, batch=BATCH)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of these symbols, 15 minutes old."""
        return (await self._answers(symbols, Priority.interactive)).ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """None: Cboe tells quotes only."""
        return None

    async def _answers(
        self, symbols: Sequence[str], priority: Priority = Priority.visible
    ) -> Answers:
        return await one_by_one(symbols, partial(self._told, priority=priority))

    async def _told(self, symbol: str, priority: Priority) -> Told | None:
        spelling = cboe.spelled(symbol)
        if spelling is None:
            return None
        answer = await self._host.get(
            f"/api/global/delayed_quotes/quotes/{spelling}.json",
            capability="quote",
            priority=priority,
            fresh_for=_FRESH,
            body_error=checked(cboe.refusal, cboe.parse),
        )
        with reading("Cboe"):
            told = cboe.read_quote(answer.body)
            ticks = cboe.ticks_of(told, symbol)
        if not ticks:
            raise NotFound(f"Cboe tells no price of {spelling}")
        traits = cboe.traits_of(told, symbol)
        return Told(cboe.instrument(told, symbol), ticks, traits, answer.received_at)
