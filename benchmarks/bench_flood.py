"""The Desk in a flood: 500 simulated symbols at 2,000 and 20,000 ticks/s, in a pty.

`python -m benchmarks.bench_flood [--rounds inside-2000 …]` measures, with the engine inside the
terminal's process and with the terminal attached to an engine in another: CPU, memory and what it
grew by, key-to-paint, and the picture's age: at the moment a row is painted anew, how long ago its
tick was. Less than a minute, one round after the other, a fresh home for each, nothing but a socket
in it.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.bench_screen import Terminal, key_waits, share, spread

SYMBOLS = 500
ROUNDS = ("inside-2000", "inside-20000", "attached-2000", "attached-20000")
LIMIT = 58.0
KEYS, SETTLED = 20, 4.0


def config(rate: int) -> Any:
    """A Desk on all of the simulator's symbols."""
    from tio.config import Config, Demo, Desk

    demo = Demo(symbols=SYMBOLS, rate=float(rate))
    return Config(demo=demo, desk=Desk(symbols=tuple(names())))


def names() -> list[str]:
    from tio.engine.feeds.simulator.universe import listings

    return [listing.symbol for listing in listings(SYMBOLS)]


def engine(rate: int) -> None:
    """The child that is attached to: an engine until it is told to end."""
    from tio.connect import open_engine
    from tio.paths import Paths

    async def hold() -> None:
        held = await open_engine(Paths.find().workspace("demo"), config(rate))
        ended = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
        await ended.wait()
        await held.close()

    asyncio.run(hold())


def terminal(rate: int, told: Path) -> None:
    """The child in the pty: the Desk, which keeps the age of each row it paints anew."""
    from textual.screen import Screen

    from tio.commands.desk import run_desk
    from tio.screens.widgets.watchlist import WatchlistPane

    made: list[Any] = []
    ages: list[tuple[float, float]] = []
    newest: dict[str, datetime] = {}
    make_row, paint = WatchlistPane._row, Screen._compositor_refresh

    def make_row_seen(self: Any, row: Any, *rest: Any) -> Any:
        made.append(row.quote)
        return make_row(self, row, *rest)

    def paint_seen(self: Any) -> None:
        paint(self)
        now = datetime.now(UTC)
        for quote in made:
            at = quote.as_of if quote is not None else None
            if at is not None and newest.get(quote.symbol) != at:
                newest[quote.symbol] = at
                ages.append((time.monotonic(), (now - at).total_seconds() * 1000))
        made.clear()

    WatchlistPane._row = make_row_seen  # type: ignore[assignment, method-assign]
    Screen._compositor_refresh = paint_seen  # type: ignore[method-assign]
    run_desk("demo", config=config(rate))
    told.write_text(json.dumps(ages))


def measure(where: str, rate: int, seconds: float) -> str:
    """One round, in words."""
    home = Path(tempfile.mkdtemp(prefix="tio-flood-"))
    os.environ["TIO_HOME"] = str(home)
    told, other = home / "ages.json", None
    me = "benchmarks.bench_flood"
    try:
        if where == "attached":
            other = subprocess.Popen([sys.executable, "-m", me, "--engine", str(rate)])
            wait_for_socket(home)
        child = Terminal(me, "--terminal", str(rate), "--told", str(told))
        first, *others = names()
        if child.read(15.0, f"› {first}") is None:
            raise SystemExit(f"{where} at {rate}: {first} never showed")
        child.read(SETTLED)
        before, began = child.memory(), time.monotonic()
        cpu = share(child, seconds)
        waits = key_waits(child, [f"› {name}" for name in others[:KEYS]])
        memory, ended = child.memory(), time.monotonic()
        child.close(4.0)
        ages = [age for at, age in json.loads(told.read_text()) if began <= at <= ended]
    finally:
        if other is not None:
            other.terminate()
            other.wait(5.0)
        shutil.rmtree(home, ignore_errors=True)
    p50, p95 = spread(waits)
    age, old = spread(ages)
    return (
        f"{where}, {rate:,} ticks/s: {cpu:.1%} of a core, {memory:.0f} MB ({memory - before:+.1f});"
        f" keys p50 {p50:.0f}, p95 {p95:.0f} ms; picture's age p50 {age:.0f}, p95 {old:.0f},"
        f" greatest {max(ages):.0f} ms of {len(ages):,} rows"
    )


def wait_for_socket(home: Path) -> None:
    """Until the engine of the other process can be attached to."""
    until = time.monotonic() + 15.0
    while not list(home.rglob("*.sock")):
        if time.monotonic() > until:
            raise SystemExit("the engine never opened its socket")
        time.sleep(0.05)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", nargs="*", choices=ROUNDS, default=ROUNDS)
    options.add_argument("--seconds", type=float, default=3.5)
    options.add_argument("--engine", type=int, help=argparse.SUPPRESS)
    options.add_argument("--terminal", type=int, help=argparse.SUPPRESS)
    options.add_argument("--told", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.engine:
        engine(chosen.engine)
    elif chosen.terminal:
        terminal(chosen.terminal, chosen.told)
    else:
        began = time.monotonic()
        for each in chosen.rounds:
            if time.monotonic() - began > LIMIT - 15.0:
                raise SystemExit(f"{each} and what follows are left out: the minute is over")
            where, _, rate = each.partition("-")
            print(measure(where, int(rate), chosen.seconds), flush=True)


if __name__ == "__main__":
    main()
