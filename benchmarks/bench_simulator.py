"""What the simulator costs: percent of a core at its load, how late it tells, history's answers.

Run: python benchmarks/bench_simulator.py
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Sequence

from tio.api.market import Instrument, Timeframe
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.clock import RealClock
from tio.engine.feeds.simulator.source import SimulatedSource
from tio.plugin import Traits

SYMBOLS, SECONDS = 500, 8
LOADS = ((50.0, 1.0), (2_000.0, 3.0), (20_000.0, 20.0))
"""Ticks a second, and the percent of a core they may cost."""
HISTORY = ((Timeframe.d1, 365, 20.0), (Timeframe.m1, 500, 30.0), (Timeframe.h1, 500, None))
"""Bars asked for, and the ms a repeated answer may take."""


class Everything:
    symbols: frozenset[str] = frozenset()

    async def changed(self) -> None:
        await asyncio.Event().wait()


class Counted:
    """Counts ticks, and how long after its own time the newest of each batch was told (s)."""

    def __init__(self) -> None:
        self.clock = RealClock()
        self.ticks = 0
        self.late: list[float] = []
        self.begun = asyncio.Event()

    def emit(
        self,
        ticks: Sequence[Tick],
        received_at: int | None = None,
        traits: Traits | None = None,
    ) -> None:
        self.ticks += len(ticks)
        self.late.append((instant(self.clock.now()) - (ticks[-1].at or 0)) / 1e6 if ticks else 0.0)
        self.begun.set()

    def introduce(self, instruments: Sequence[Instrument]) -> None:
        raise AssertionError("the simulator lists all it serves")

    def refused(self, symbol: str, reason: str) -> None:
        raise AssertionError(f"{symbol}: {reason}")

    def standing(self, state: SourceState, reason: str = "") -> None:
        """The simulator always stands."""

    def frame(self, url: str, text: str) -> None:
        raise AssertionError("the simulator has no frames")


async def load(rate: float, allowed: float) -> bool:
    """Run in real time; the first batch (where everything stands) is not counted."""
    out = Counted()
    source = SimulatedSource(7, SYMBOLS, rate, out.clock)
    task = asyncio.create_task(source.run(Everything(), out))
    began = time.perf_counter()
    await out.begun.wait()
    ready = time.perf_counter() - began
    out.ticks = 0
    out.late.clear()
    used, wall = time.process_time(), time.perf_counter()
    await asyncio.sleep(SECONDS)
    used, wall = time.process_time() - used, time.perf_counter() - wall
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    share = 100 * used / wall
    late = sorted(out.late)[int(0.99 * len(out.late))]
    print(
        f"{rate:>6,.0f} ticks/s × {SYMBOLS} symbols: {share:.2f} % of a core "
        f"(at most {allowed:g}), {out.ticks / wall:,.0f} told/s, p99 {1e3 * late:.0f} ms late, "
        f"first batch after {ready:.2f} s"
    )
    return share <= allowed


async def answers() -> bool:
    """How long history takes, the first time and again."""
    clock = RealClock()
    source = SimulatedSource(7, SYMBOLS, 2_000, clock)
    passed = True
    for timeframe, limit, allowed in HISTORY:
        spans = []
        for _ in range(12):
            began = time.perf_counter()
            await source.history("SIM:ACME", timeframe, None, clock.now(), limit)
            spans.append(1e3 * (time.perf_counter() - began))
        again = statistics.median(spans[1:])
        wanted = "" if allowed is None else f" (at most {allowed:g})"
        print(f"{limit} × {timeframe}: first {spans[0]:.1f} ms, again {again:.1f} ms{wanted}")
        passed = passed and (allowed is None or again <= allowed)
    return passed


async def run() -> bool:
    loads = [await load(rate, allowed) for rate, allowed in LOADS]
    quick = await answers()
    unit = 1 if sys.platform == "darwin" else 1_024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(f"peak memory of the process: {peak:.0f} MB")
    return all(loads) and quick


if __name__ == "__main__":
    if not asyncio.run(run()):
        raise SystemExit("slower than wanted")
