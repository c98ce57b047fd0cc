"""Bars as a source: each plays as its four prices, so that folding them gives it back exactly."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import isnan
from pathlib import Path

import numpy as np

from tio.api.errors import Invalid
from tio.api.files import ReplayReport
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.ticks import Trade
from tio.engine.feeds.decimals import MOST, Precision
from tio.engine.feeds.replay_clock import ReplayClock
from tio.engine.feeds.tally import Tally, Told, untold
from tio.engine.market.symbols import classify
from tio.plugin import Clock, Outlet, Traits, Wanted

_MINUTE = 60_000_000
_AFTERNOON = tuple((14 * 60 + 45 + minutes) * _MINUTE for minutes in (0, 5, 10, 15))
"""When a daily bar's prices play: within the regular hours of New York and of London all year, and
within the UTC day that its date names, which is the day of crypto and FX too."""


def bar_trades(bars: Bars) -> Iterator[tuple[int, Trade]]:
    """Each bar's trades with the instant (µs) each is received: O, H, L, C, or O, L, H, C when it
    closes up; the volume is the last one's. A bar that lacks a price is left out."""
    step = bars.timeframe.step
    offsets = (0, step // 4, step // 2, step * 3 // 4) if bars.timeframe.intraday else _AFTERNOON
    columns = (bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume)
    for time, opening, high, low, close, volume in zip(*columns, strict=True):
        turn = (low, high) if close > opening else (high, low)
        prices = (opening, *turn, close)
        if any(isnan(price) for price in prices):
            continue
        for index, (price, offset) in enumerate(zip(prices, offsets, strict=True)):
            at = int(time) + offset
            yield at, Trade(bars.symbol, price, volume if index == 3 else 0.0, at, index=index)


class BarReplayer:
    """Plays bars once, oldest first; `clock` is their time, `speed` 0 as fast as possible."""

    def __init__(
        self, bars: Bars, path: Path, speed: float, *, real: Clock, told: Told = untold
    ) -> None:
        if not len(bars):
            raise Invalid(f"{path.name} holds no bar to play")
        self.traits = Traits(
            name=bars.source or "bars",
            delay=bars.delay,
            coverage=bars.coverage,
            adjusted=bars.adjusted,
            asset_class=classify(bars.symbol).asset_class,
            stale_after=max(60.0, 2 * bars.timeframe.step / 1_000_000),
        )
        self.clock = ReplayClock(real, speed, bars.time[0])
        self._bars = bars
        self._tally = Tally(path, self.traits.name, speed, real, told)
        self._precision = Precision()
        self._precision.of[bars.symbol] = _decimals(bars)

    def instruments(self) -> Sequence[Instrument]:
        return self._precision.instruments(self.traits)

    @property
    def report(self) -> ReplayReport:
        return self._tally.report()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        self.clock.begin()
        done = False
        try:
            for at, trade in bar_trades(self._bars):
                await self.clock.arrive(at)
                out.emit((trade,), at)
                self._tally.fed(at, 1)
                self._tally.tell()
            done = True
        finally:
            self.clock.finish()
            self._tally.finish(done)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None


def _decimals(bars: Bars) -> int:
    """The fewest decimals that write every price of the bars."""
    prices = np.concatenate([bars.open, bars.high, bars.low, bars.close])
    prices = prices[np.isfinite(prices)]
    for decimals in range(MOST):
        if (np.abs(np.round(prices, decimals) - prices) <= 1e-9 * np.abs(prices)).all():
            return decimals
    return MOST
