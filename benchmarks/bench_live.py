"""Live sources over the loopback: a message's way to the board, manners, back-fill of days.

python -m benchmarks.bench_live     (about a minute, ends by itself)

Each server is a process of its own. Latency is from the instant before a frame is written to the
venue's socket until board and bars have it, by the one clock of this machine.
"""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.live_servers import PAIRS, RATE, chart
from tio.api.contract import Engine
from tio.api.market import Quotes, Timeframe
from tio.api.past import FillBars, ListStoredBars
from tio.api.system import JobState, ListJobs
from tio.api.ticks import Tick, Trade
from tio.config import Config, SourceSettings
from tio.engine.feeds.http import Budget
from tio.engine.feeds.live import yahoo
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.local import LocalEngine
from tio.engine.market.market import Market
from tio.paths import Paths
from tio.plugin import Traits

LATENCY_LIMIT = 5.0
CPU_LIMIT = 30.0
POLLED, POLLING = 500, 15.0
LIMITED, UNLIMITED = 5, 60
"""Symbols filled within the budget, and without one."""
LISTENING = 8.0


def main() -> int:
    home = Path(tempfile.mkdtemp(prefix="tio-bench-"))
    os.environ["TIO_HOME"] = str(home)
    os.environ.pop("TIO_OFFLINE", None)
    try:
        kept = [asyncio.run(measure()) for measure in (latency, polling, limited, unlimited)]
        return int(not all(kept))
    finally:
        shutil.rmtree(home, ignore_errors=True)


async def latency() -> bool:
    """Trades of the venue's socket, at 2,000 a second."""
    ages: list[int] = []
    take = Market.take

    def timed(
        self: Market, ticks: Sequence[Tick], origin: Traits, received_at: int, *more: object
    ) -> None:
        take(self, ticks, origin, received_at)
        now = time.time_ns() // 1_000
        ages.extend(now - tick.at for tick in ticks if isinstance(tick, Trade))

    Market.take = timed  # type: ignore[method-assign]
    try:
        with serving("kraken") as port:
            async with engine_of("latency", kraken=port) as engine:
                symbols = tuple(f"C{n}-USD" for n in range(PAIRS))
                async with watched(engine, symbols):
                    async with asyncio.timeout(20):
                        while len(ages) < RATE:  # noqa: ASYNC110 — a benchmark has no event here
                            await asyncio.sleep(0.1)
                    ages.clear()
                    spent, begun = time.process_time(), time.monotonic()
                    await asyncio.sleep(LISTENING)
                    lasted = time.monotonic() - begun
                    cpu = (time.process_time() - spent) / lasted * 100
    finally:
        Market.take = take  # type: ignore[method-assign]
    rate, p50, p99 = len(ages) / lasted, at(ages, 0.5) / 1_000, at(ages, 0.99) / 1_000
    print(
        f"message to board at {rate:,.0f}/s: p50 {p50:.2f} ms, p99 {p99:.2f} ms "
        f"(limit {LATENCY_LIMIT:.0f} ms), greatest {max(ages) / 1_000:.1f} ms, "
        f"engine {cpu:.0f} % of a core"
    )
    return p99 < LATENCY_LIMIT


async def polling() -> bool:
    """Quotes of 500 symbols; the server counts."""
    with serving("yahoo") as port:
        async with engine_of("polling", yahoo=port) as engine:
            names = tuple(f"Q{letters(n)}" for n in range(POLLED))
            async with watched(engine, names) as seen:
                await asyncio.sleep(POLLING)
                told = sum(price is not None for price in seen.values())
        asked = asked_of(port)
    within = all(
        within_budget(times, yahoo.BUDGETS[name])
        for name, times in ((yahoo.OPEN, asked["open"]), (yahoo.GUARDED, asked["guarded"]))
    )
    count = sum(map(len, asked.values()))
    print(
        f"{POLLED} polled symbols: {told} told in {POLLING:.0f} s by {count} requests, "
        f"{'never one' if within else 'SOME'} over the budget by the server's own count"
    )
    return within and told == POLLED


async def limited() -> bool:
    """Ten years of days within Yahoo's budget."""
    bars, seconds, cpu, asked = await filled("limited", LIMITED)
    within = within_budget(asked["open"], yahoo.BUDGETS[yahoo.OPEN])
    share = cpu / seconds * 100
    print(
        f"back-fill within the budget: {LIMITED} symbols, {bars:,} bars in {seconds:.1f} s, "
        f"{share:.0f} % of a core (limit {CPU_LIMIT:.0f} %), "
        f"{'never one' if within else 'SOME'} over the budget"
    )
    return share < CPU_LIMIT and within


async def unlimited() -> bool:
    """The same without a budget, beside the least anyone could do."""
    kept = dict(yahoo.BUDGETS)
    yahoo.BUDGETS[yahoo.OPEN] = Budget(rate=10_000, burst=10_000, concurrency=4)
    try:
        bars, seconds, cpu, _ = await filled("unlimited", UNLIMITED)
    finally:
        yahoo.BUDGETS.update(kept)
    body = chart()
    begun = time.process_time()
    rows = plainly(body, UNLIMITED)
    plain = time.process_time() - begun
    print(
        f"back-fill without one: {bars / seconds:,.0f} bars/s, {cpu / bars * 1e6:.1f} µs of CPU a "
        f"bar; json.loads and plain rows {plain / rows * 1e6:.1f} µs "
        f"({cpu / bars / (plain / rows):.2f} ×)"
    )
    return True


async def filled(workspace: str, count: int) -> tuple[int, float, float, dict[str, list[float]]]:
    """Bars stored, seconds, CPU seconds, and when the server was asked."""
    with serving("yahoo") as port:
        async with engine_of(workspace, yahoo=port) as engine:
            names = tuple(f"F{letters(n)}" for n in range(count))
            spent, begun = time.process_time(), time.monotonic()
            job = await engine.ask(FillBars(names, Timeframe.d1))
            async with asyncio.timeout(40):
                while job.state is JobState.running:
                    await asyncio.sleep(0.02)
                    jobs = await engine.ask(ListJobs())
                    job = next(each for each in jobs if each.id == job.id)
            seconds, cpu = time.monotonic() - begun, time.process_time() - spent
            if job.state is not JobState.done:
                raise RuntimeError(f"the back-fill is {job.state}: {job.reason}")
            stored = sum(each.bars for each in await engine.ask(ListStoredBars()))
        return stored, seconds, cpu, asked_of(port)


def plainly(body: str, count: int) -> int:
    """`json.loads` and a row a bar, one transaction a symbol; how many rows."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "plain.db")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE bars (s TEXT, t INT, o, h, l, c, v, PRIMARY KEY (s, t))")
        for number in range(count):
            result = json.loads(body)["chart"]["result"][0]
            quote = result["indicators"]["quote"][0]
            columns = (quote[name] for name in ("open", "high", "low", "close", "volume"))
            rows = zip(result["timestamp"], *columns, strict=True)
            with connection:
                connection.executemany(
                    "INSERT INTO bars VALUES (?, ?, ?, ?, ?, ?, ?)",
                    ((f"F{number}", *row) for row in rows),
                )
        (told,) = connection.execute("SELECT count(*) FROM bars").fetchone()
        connection.close()
        return int(told)


@contextmanager
def serving(name: str) -> Iterator[int]:
    """A server in a process of its own; its port."""
    child = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live_servers", name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdin is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.stdin.close()
        child.terminate()
        child.wait(10)
        child.stdout.close()


@asynccontextmanager
async def engine_of(workspace: str, **ports: int) -> AsyncIterator[Engine]:
    """An engine whose only sources are those at these ports."""
    sources = {name: SourceSettings(enabled=False) for name in CATALOGUE}
    for name, port in ports.items():
        path = "ws" if name == "kraken" else "stream"
        sources[name] = SourceSettings(
            base_url=f"http://127.0.0.1:{port}", ws_url=f"ws://127.0.0.1:{port}/{path}"
        )
    local = LocalEngine(Paths.find().workspace(workspace), Config(sources=sources))
    await local.start()
    try:
        yield local.session()
    finally:
        await local.close()


@asynccontextmanager
async def watched(
    engine: Engine, symbols: tuple[str, ...]
) -> AsyncIterator[dict[str, float | None]]:
    """Quotes of these are watched; the newest last prices."""
    seen: dict[str, float | None] = {}
    async with engine.watch(Quotes(symbols)) as items:

        async def see() -> None:
            async for item in items:
                seen.update((quote.symbol, quote.last) for quote in item.value)

        seeing = asyncio.create_task(see())
        try:
            yield seen
        finally:
            seeing.cancel()
            await asyncio.gather(seeing, return_exceptions=True)


def asked_of(port: int) -> dict[str, list[float]]:
    """When the server was asked, by the kind of question."""
    told: dict[str, list[float]] = {"open": [], "guarded": []}
    with urlopen(f"http://127.0.0.1:{port}/asked") as answer:
        for kind, moment in json.load(answer):
            told[kind].append(moment)
    return told


def within_budget(times: Sequence[float], budget: Budget) -> bool:
    """Whether no second, ten seconds or minute held more than the burst and the rate allow."""
    return all(
        bisect_left(times, begun + span) - first <= budget.burst + span * budget.rate
        for span in (1.0, 10.0, 60.0)
        for first, begun in enumerate(times)
    )


def letters(number: int) -> str:
    return "".join(chr(65 + number // 26**place % 26) for place in (2, 1, 0))


def at(values: Sequence[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


if __name__ == "__main__":
    sys.exit(main())
