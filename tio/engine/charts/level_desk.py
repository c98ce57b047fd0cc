"""The levels of a session, asked for at any moment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import numpy as np

from tio.api.access import Principal
from tio.api.charts import GetSessionLevels, SessionLevel
from tio.api.contract import Request, Topic
from tio.api.errors import Invalid
from tio.api.market import Bars, GetBars, Timeframe
from tio.api.series import instant, moment
from tio.engine.market.answers import columns_of
from tio.engine.market.service import MarketService
from tio.engine.market.sessions import DAY
from tio.engine.service import Answer, Stream
from tio.engine.store.columns import Columns
from tio.plugin import Clock

MOST = 9_000
"""Minute bars of two sessions and what lies between them."""
QUIET = 4
"""The most days in a row on which a simulated market rests."""


class LevelDesk:
    """Answers for session levels from the bars everybody gets."""

    def __init__(self, clock: Clock, market: MarketService) -> None:
        self._clock = clock
        self._market = market
        self._bars = market.answers()[GetBars]

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {GetSessionLevels: self._levels}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs here until somebody asks."""

    async def close(self) -> None:
        """The market's bars are its own to close."""

    async def _levels(self, asked: GetSessionLevels, by: Principal) -> tuple[SessionLevel, ...]:
        from tio.engine.charts.levels import (
            begins,
            levels_of,
            sessions_at,
            traded_before,
            weekly_span,
        )

        symbol = self._market.symbol(asked.symbol)
        now = instant(self._clock.now())
        at = now if asked.at is None else min(instant(_aware(asked.at)), now)
        rules = self._market.history.rules(symbol)
        found = sessions_at(rules, at)
        if found is None:
            return ()
        start = min(found.today.start, begins(found.before or found.today))
        # Without a store the past is a function of a seed: nothing of it can be missing, and what
        # has no bars, as shares on a simulated Sunday, did not trade.
        whole = self._market.store is None
        if whole:
            start -= QUIET * DAY
        bars = await self._between(symbol, start, at, by)
        if whole:
            found = traded_before(found, rules, bars)
        if at < now:
            # A bar of the past tells what came until its end: one still going on then is left out.
            bars = bars[: int(np.searchsorted(bars.time, at - Timeframe.m1.step, "right"))]
        opens, until = weekly_span(found.first, whole=whole)
        week = bars
        if opens < start:
            week = await self._between(symbol, opens, until, by)
        return levels_of(found, bars, week, at, asked.opening, whole=whole)

    async def _between(self, symbol: str, start: int, end: int, by: Principal) -> Columns:
        """Minute bars that open in [start, end]."""
        request = GetBars(symbol, Timeframe.m1, moment(start), moment(end + 1), MOST)
        bars: Bars = await self._bars(request, by)
        return columns_of(bars)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise Invalid(f"at must carry a zone, was {at.isoformat()}", "add a Z")
    return at
