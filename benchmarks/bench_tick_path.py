"""The way of a tick: check → board → bars of all timeframes → bus, as percent of a core.

Simulated ticks are made beforehand, so that their making is not counted, and taken batch by batch
as fast as possible; what a second of market time costs is the percent of a core. Beside it, in the
same run, the least anyone could do: keep each symbol's newest tick in a dict and fold minutes.

Run: python benchmarks/bench_tick_path.py
"""

import asyncio
import resource
import sys
import time
from datetime import UTC, datetime, timedelta

from tio.api.market import Quote, Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick, Trade
from tio.engine.bus import Bus
from tio.engine.feeds.simulator.history import History
from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.source import SimulatedSource
from tio.engine.feeds.simulator.ticks import TickStream
from tio.engine.feeds.simulator.universe import listings
from tio.engine.market.market import Market

SYMBOLS = 500
LOADS = ((2_000.0, 20, 25.0), (20_000.0, 6, 100.0))
"""Ticks a second, seconds of them, and the percent of a core the engine may take of them.

25: what an attached screen leaves of the 40 % that screen and engine may take together.
"""
BEGIN = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
WINDOW = 2
"""Batches between two flushes of the bus: 100 ms."""


class TickClock:
    """A clock that stands where the newest batch ends."""

    def __init__(self) -> None:
        self.at = BEGIN

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return (self.at - BEGIN).total_seconds()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def batches(rate: float, seconds: int) -> list[list[Tick]]:
    """The simulated venue's slots of 50 ms; the opening batch first."""
    stream = TickStream(History(7), listings(SYMBOLS), 7, Pace(rate, SYMBOLS))
    begin = instant(BEGIN)
    first = begin // stream.pace.slot
    slots = range(first, first + seconds * 1_000_000 // stream.pace.slot)
    return [stream.start(begin), *(stream.slot(number) for number in slots)]


async def engine_cost(told: list[list[Tick]], watched: bool) -> tuple[float, Market]:
    """Seconds of processor to take all batches, with or without somebody watching every quote."""
    clock = TickClock()
    bus = Bus(clock)
    market = Market(clock, bus)
    market.introduce(listing.instrument for listing in listings(SYMBOLS))
    traits = SimulatedSource.traits
    market.take(told[0], traits, instant(BEGIN))
    watch = market.quotes.watch(None, tuple, tuple)
    seen = 0

    async def looking() -> None:
        nonlocal seen
        async with watch as items:
            async for item in items:
                quotes: tuple[Quote, ...] = item.value
                seen += len(quotes)

    task = asyncio.create_task(looking()) if watched else None
    await asyncio.sleep(0)
    used = time.process_time()
    for number, batch in enumerate(told[1:], 1):
        clock.at = BEGIN + timedelta(milliseconds=50 * number)
        market.take(batch, traits, instant(clock.at))
        if number % WINDOW == 0:
            bus.flush()
            await asyncio.sleep(0)
    used = time.process_time() - used
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert seen > SYMBOLS
    return used, market


def least_cost(told: list[list[Tick]]) -> float:
    """Seconds of processor to keep the newest tick of each symbol and fold minutes, unchecked."""
    newest: dict[str, Tick] = {}
    minutes: dict[tuple[str, int], list[float]] = {}
    used = time.process_time()
    for batch in told[1:]:
        for tick in batch:
            newest[tick.symbol] = tick
            if type(tick) is Trade:
                key = (tick.symbol, tick.at // 60_000_000)
                bar = minutes.get(key)
                price = tick.price
                if bar is None:
                    minutes[key] = [price, price, price, price, tick.size]
                    continue
                bar[1] = max(bar[1], price)
                bar[2] = min(bar[2], price)
                bar[3] = price
                bar[4] += tick.size
    return time.process_time() - used


def verify(market: Market, told: list[list[Tick]]) -> None:
    """Every timeframe has the newest trade of every symbol, or the figures mean nothing."""
    newest = {
        tick.symbol: tick.price
        for batch in told
        for tick in batch
        if isinstance(tick, Trade) and tick.folds
    }
    for symbol, price in newest.items():
        bars = market.board.lines[symbol].bars
        for timeframe in Timeframe:
            row = bars.ladder(timeframe).newest()
            assert row is not None
            assert row.close == price
        assert not market.board.lines[symbol].quality.refused


async def run() -> bool:
    passed = True
    for rate, seconds, allowed in LOADS:
        told = batches(rate, seconds)
        ticks = sum(map(len, told[1:]))
        least = least_cost(told)
        blind, market = await engine_cost(told, watched=False)
        verify(market, told)
        seen, _ = await engine_cost(told, watched=True)
        print(
            f"{rate:,.0f} ticks/s × {SYMBOLS} symbols, {len(Timeframe)} timeframes: "
            f"{100 * blind / seconds:.1f} % of a core, {1e6 * blind / ticks:.2f} µs a tick, "
            f"{blind / least:.1f}× the least ({100 * least / seconds:.1f} %)"
        )
        print(
            f"  and somebody watching all quotes at 10 Hz: {100 * seen / seconds:.1f} % "
            f"(at most {allowed:g})"
        )
        passed = passed and 100 * seen / seconds <= allowed
    unit = 1 if sys.platform == "darwin" else 1_024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(f"peak memory of the process, prepared ticks included: {peak:.0f} MB")
    return passed


if __name__ == "__main__":
    if not asyncio.run(run()):
        raise SystemExit("slower than wanted")
