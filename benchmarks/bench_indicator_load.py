"""Ten indicators on each of 500 symbols as ticks come, as percent of a core.

The same simulated ticks are taken by the market alone, the named baseline, and with somebody
watching ten indicators of every symbol's minutes; what it costs more is theirs. For scale the
values are also reckoned anew over 500 bars for as many tellings.

Run: python benchmarks/bench_indicator_load.py
"""

import asyncio
import sys
import time
from datetime import UTC, datetime, timedelta

from tio.api.access import OWNER
from tio.api.indicators import IndicatorSpec, IndicatorUpdates
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.api.ticks import Tick
from tio.engine.bus import Bus
from tio.engine.feeds.simulator.history import History
from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.source import SimulatedSource
from tio.engine.feeds.simulator.ticks import TickStream
from tio.engine.feeds.simulator.universe import listings
from tio.engine.indicators.compute import compute
from tio.engine.indicators.declare import Spec
from tio.engine.indicators.service import IndicatorService
from tio.engine.market.answers import columns_of
from tio.engine.market.service import MarketService

SYMBOLS, RATE, SECONDS = 500, 2_000.0, 30
LIMIT = 10.0
"""Percent of a core."""
BEGIN = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
NAMES = ("ema", "sma", "rsi", "macd", "bbands", "atr", "adx", "stoch", "obv", "vwap")
SPECS = tuple(map(IndicatorSpec, NAMES))
WINDOW = 2
"""Batches of 50 ms between two flushes of the bus."""


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


def batches() -> list[list[Tick]]:
    """The simulated venue's slots of 50 ms; the opening batch first."""
    stream = TickStream(History(7), listings(SYMBOLS), 7, Pace(RATE, SYMBOLS))
    begin = instant(BEGIN)
    first = begin // stream.pace.slot
    slots = range(first, first + SECONDS * 1_000_000 // stream.pace.slot)
    return [stream.start(begin), *(stream.slot(number) for number in slots)]


async def cost(told: list[list[Tick]], watched: int) -> tuple[float, int]:
    """Seconds of processor for all batches with so many symbols watched, and items told."""
    clock = TickClock()
    bus = Bus(clock, window=0.1)
    service = MarketService(clock, bus, sources=[SimulatedSource(7, SYMBOLS, RATE, clock)])
    service.market.introduce(listing.instrument for listing in listings(SYMBOLS))
    indicators = IndicatorService(service, bus, clock)
    desk = await indicators.desk()
    traits = SimulatedSource.traits
    service.market.take(told[0], traits, instant(BEGIN))
    begun, seen, ready = 0, 0, asyncio.Event()

    async def look(symbol: str) -> None:
        nonlocal begun, seen
        topic = IndicatorUpdates(symbol, SPECS, Timeframe.m1, 500)
        async with await desk.watch(topic, OWNER) as items:
            async for item in items:
                begun += item.snapshot
                seen += not item.snapshot
                if begun == watched:
                    ready.set()

    symbols = [listing.instrument.symbol for listing in listings(SYMBOLS)][:watched]
    tasks = [asyncio.create_task(look(symbol)) for symbol in symbols]
    if tasks:
        await ready.wait()
    used = time.process_time()
    for number, batch in enumerate(told[1:], 1):
        clock.at = BEGIN + timedelta(milliseconds=50 * number)
        service.market.take(batch, traits, instant(clock.at))
        if number % WINDOW == 0:
            bus.flush()
            for _ in range(3):
                await asyncio.sleep(0)
    used = time.process_time() - used
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return used, seen


async def anew(told: list[list[Tick]]) -> float:
    """Seconds of processor to reckon ten indicators over 500 bars once."""
    clock = TickClock()
    service = MarketService(clock, Bus(clock), sources=[SimulatedSource(7, SYMBOLS, RATE, clock)])
    service.market.introduce(listing.instrument for listing in listings(SYMBOLS))
    service.market.take(told[0], SimulatedSource.traits, instant(BEGIN))
    symbol = listings(SYMBOLS)[0].instrument.symbol
    bars = columns_of(await service.history.bars(symbol, Timeframe.m1, limit=500))
    used = time.process_time()
    for _ in range(20):
        for name in NAMES:
            compute(bars, Spec(name))
    return (time.process_time() - used) / 20


def main() -> None:
    told = batches()
    ticks = sum(map(len, told[1:]))
    alone, _ = asyncio.run(cost(told, 0))
    used, seen = asyncio.run(cost(told, SYMBOLS))
    whole = asyncio.run(anew(told)) * seen
    share = (used - alone) / SECONDS * 100
    print(f"{ticks / SECONDS:,.0f} ticks/s of {SYMBOLS} symbols, {len(SPECS)} indicators each")
    print(f"the market alone                 {alone / SECONDS * 100:6.1f} % of a core")
    print(f"with the indicators watched      {used / SECONDS * 100:6.1f} %")
    print(f"theirs                           {share:6.1f} % (limit {LIMIT:g} %)")
    print(f"tellings                         {seen / SECONDS:,.0f}/s, {len(SPECS)} values each")
    print(f"the same, 500 bars reckoned anew {whole / SECONDS * 100:6.0f} %")
    if share > LIMIT:
        sys.exit("over the limit")


if __name__ == "__main__":
    main()
