"""Indicators asked for: the catalogue, values over bars, volume by price."""

import asyncio
from collections.abc import Sequence

import numpy as np

from tio.api.access import Principal
from tio.api.contract import Watch
from tio.api.errors import Invalid
from tio.api.indicators import (
    Computed,
    ComputeIndicators,
    GetVolumeProfile,
    IndicatorEntry,
    IndicatorSpec,
    IndicatorUpdates,
    ListIndicators,
    VolumeProfile,
)
from tio.api.market import Adjustment, Bars, BarUpdates, GetBars, Hours, Timeframe
from tio.api.series import Series, moment
from tio.engine.bus import Bus
from tio.engine.indicators.computing import MOST, Computer, Fetch, Fetched, Wanted, told, wanted
from tio.engine.indicators.entries import entries
from tio.engine.indicators.profile import profile
from tio.engine.indicators.renewed import Renewed
from tio.engine.indicators.sharing import LATEST, Lanes
from tio.engine.indicators.tail import PREFIX
from tio.engine.market.answers import columns_of
from tio.engine.market.folding import fold
from tio.engine.market.service import MarketService
from tio.engine.store.columns import Columns
from tio.plugin import Clock


class IndicatorDesk:
    """Computes indicators over the market's bars, or over bars that are given."""

    def __init__(self, market: MarketService, bus: Bus, clock: Clock) -> None:
        self._market = market
        self._bars = market.answers()[GetBars]
        self.computer = Computer()
        self.lanes = Lanes(bus, clock, market, self.computer)

    async def watch(self, topic: IndicatorUpdates, by: Principal) -> Watch[tuple[Computed, ...]]:
        """Indicators as bars come, of those bars that who watches the bars is told."""

        async def fetch(symbol: str, timeframe: Timeframe, count: int, end: int) -> Fetched:
            until = None if end >= LATEST else moment(end)
            return self._fetched(
                await self._market.history.newest(symbol, timeframe, count, topic.hours, until)
            )

        wants = await self._wanted(topic.specs, topic.timeframe)
        if not any(want.is_tail for want in wants):
            return self.lanes.watch(topic, wants, fetch)
        bars = BarUpdates(topic.symbol, topic.timeframe, 1, topic.hours)
        return Renewed(
            self._market.streams()[BarUpdates](bars, by, None),
            lambda: self.lanes.computed(topic, wants, fetch),
        )

    async def list(self, asked: ListIndicators, by: Principal) -> tuple[IndicatorEntry, ...]:
        more = (await self.computer.tail.catalogue()).values() if asked.tail else ()
        return await asyncio.to_thread(entries, asked.query, asked.group, more)

    async def compute(self, asked: ComputeIndicators, by: Principal) -> tuple[Computed, ...]:
        if (asked.bars is None) == (not asked.symbol):
            raise Invalid("indicators are computed over a symbol or over bars", "give one of them")
        timeframe = asked.timeframe if asked.bars is None else asked.bars.timeframe
        wants = await self._wanted(asked.specs, timeframe)
        fetch = self._fetching(asked.adjusted, asked.hours, by)
        if asked.bars is not None:
            return await self._over_given(asked, asked.bars, wants, fetch)
        symbol = self._market.symbol(asked.symbol)
        base, shown = await self._range(asked, symbol, max(want.own_warm_up for want in wants), by)
        computed = []
        for want in wants:
            of = base.newest(shown + want.own_warm_up)
            outputs = await self.computer.over(want, of, symbol, fetch)
            computed.append(told(want, of.bars, outputs, shown))
        return tuple(computed)

    async def _wanted(
        self, specs: Sequence[IndicatorSpec], timeframe: Timeframe
    ) -> Sequence[Wanted]:
        """What is asked for, checked; NotFound, Invalid."""
        tail = self.computer.tail
        return [
            wanted(
                spec,
                timeframe,
                self._market.symbol,
                await tail.indicator(spec.name) if spec.name.startswith(PREFIX) else None,
            )
            for spec in specs
        ]

    async def close(self) -> None:
        """End what computes in a process of its own."""
        await self.computer.tail.close()

    async def _range(
        self, asked: ComputeIndicators, symbol: str, before: int, by: Principal
    ) -> tuple[Fetched, int]:
        """The bars of the range with so many before them, and how many are of the range."""
        bars: Bars = await self._bars(
            GetBars(
                symbol,
                asked.timeframe,
                asked.start,
                asked.end,
                min(asked.limit + (before if asked.start is None else 0), 2 * MOST),
                adjusted=asked.adjusted,
                hours=asked.hours,
            ),
            by,
        )
        base = self._fetched(bars)
        if asked.start is None:
            return base, min(asked.limit, len(base.bars))
        shown = len(base.bars)
        if not before or not shown:
            return base, shown
        end = moment(int(base.bars.time[0]))
        earlier: Bars = await self._bars(
            GetBars(
                symbol,
                asked.timeframe,
                None,
                end,
                before,
                adjusted=bars.adjusted,
                hours=asked.hours,
            ),
            by,
        )
        if earlier.adjusted is not bars.adjusted:
            return base, shown  # of another basis they would warm up to other values
        block = np.concatenate((columns_of(earlier).block, base.bars.block), axis=1)
        return Fetched(asked.timeframe, Columns(block), base.forming, base.rules), shown

    async def _over_given(
        self, asked: ComputeIndicators, bars: Bars, wants: Sequence[Wanted], others: Fetch
    ) -> tuple[Computed, ...]:
        if len(bars) > MOST:
            raise Invalid(f"at most {MOST:,} bars can be given, were {len(bars):,}")
        base = self._fetched(bars)

        async def fetch(symbol: str, timeframe: Timeframe, count: int, end: int) -> Fetched:
            if symbol:
                return await others(symbol, timeframe, count, end)
            folded = await asyncio.to_thread(fold, base.bars, base.timeframe, timeframe, base.rules)
            # Nobody says whether bars come after the last one given: it may be incomplete.
            return Fetched(timeframe, folded, len(folded) > 0, base.rules)

        computed = []
        for want in wants:
            outputs = await self.computer.over(want, base, "", fetch)
            computed.append(told(want, base.bars, outputs, asked.limit))
        return tuple(computed)

    def _fetching(self, adjusted: Adjustment, hours: Hours, by: Principal) -> Fetch:
        async def fetch(symbol: str, timeframe: Timeframe, count: int, end: int) -> Fetched:
            request = GetBars(
                symbol, timeframe, None, moment(end), count, adjusted=adjusted, hours=hours
            )
            bars: Bars = await self._bars(request, by)
            return self._fetched(bars)

        return fetch

    def _fetched(self, bars: Bars) -> Fetched:
        rules = self._market.history.rules(bars.symbol)
        return Fetched(bars.timeframe, columns_of(bars), bars.forming, rules)

    async def profile(self, asked: GetVolumeProfile, by: Principal) -> VolumeProfile:
        symbol = self._market.symbol(asked.symbol)
        bars: Bars = await self._bars(
            GetBars(symbol, asked.timeframe, asked.start, asked.end, MOST, hours=asked.hours), by
        )
        columns = columns_of(bars)
        known = np.isfinite(columns.volume) & (columns.volume > 0)
        traded = Columns(columns.block[:, known])
        found = profile(traded.high, traded.low, traded.volume, asked.rows, asked.percent / 100)
        if found is None:
            return VolumeProfile(symbol=symbol, edges=Series(), volume=Series())
        return VolumeProfile(
            symbol=symbol,
            edges=Series.wrap(found.edges),
            volume=Series.wrap(found.volume),
            point_of_control=found.point_of_control,
            value_low=found.value_low,
            value_high=found.value_high,
            bars=len(traded),
        )
