"""Twelve Data's quotes now and then, so that the day's credits last until its end."""

from collections.abc import Awaitable, Callable, Sequence

from tio.api.market import Session
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.feeds.http import Priority
from tio.engine.feeds.twelvedata import FX_TRAITS, Told
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify, is_fx
from tio.plugin import Clock, Outlet, Wanted

SHARE = 0.75
"""Of the day's credits for polling; the rest is for history, search and what a person asks."""
SHORTEST = 60.0
_OPEN = {True: 86_400.0, False: 23_400.0}
"""Seconds a day in which quotes change: of currencies, of shares."""


class Polling:
    """Asks for the symbols that are due, and puts out what they are told to be."""

    def __init__(
        self,
        ask: Callable[[Sequence[str], Priority], Awaitable[Told]],
        wanted: Wanted,
        out: Outlet,
        clock: Clock,
        credits: int,
    ) -> None:
        self._ask, self._wanted, self._out, self._clock = ask, wanted, out, clock
        self._credits = credits * SHARE
        self._asked: dict[str, tuple[float, bool]] = {}
        self._refused: set[str] = set()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """What came of those of these symbols whose turn it is; currencies are put out here."""
        pace = self.pace()
        due = [symbol for symbol in symbols if self._is_due(symbol, pace)]
        if not due:
            return ()
        told = await self._ask(due, Priority.visible)
        now = self._clock.monotonic()
        answered = {tick.symbol for tick in told.ticks} | set(told.refused)
        for symbol in due:
            # Of one that had no answer the last price may still be to come.
            self._asked[symbol] = now, self._is_open(symbol) or symbol not in answered
        for symbol, why in told.refused.items():
            self._refused.add(symbol)
            self._out.refused(symbol, why)
        currencies = [tick for tick in told.ticks if is_fx(tick.symbol)]
        if currencies:
            self._out.emit(currencies, traits=FX_TRAITS)
        return [tick for tick in told.ticks if not is_fx(tick.symbol)]

    def pace(self) -> float:
        """Seconds between two questions for one symbol, of as many as are wanted now."""
        wanted = self._wanted.symbols - self._refused
        return max(SHORTEST, sum(_OPEN[is_fx(symbol)] for symbol in wanted) / self._credits)

    def _is_due(self, symbol: str, pace: float) -> bool:
        """A first time, in its session whenever the pace allows, and once after it."""
        if symbol in self._refused:
            return False
        if symbol not in self._asked:
            return True
        at, was_open = self._asked[symbol]
        return (was_open or self._is_open(symbol)) and self._clock.monotonic() - at >= pace

    def _is_open(self, symbol: str) -> bool:
        now = instant(self._clock.now())
        return rules_of(classify(symbol)).session(now) is Session.regular
