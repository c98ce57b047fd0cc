"""Bars in chunks against plain SQLite rows, in one run: reading 10,000 bars, writing in bulk.

Both are read as an engine must, by a reader's thread beside the event loop, in turns. Compared is
the fastest of 31 readings each: on a machine that does other things too, most are disturbed.

Run: python benchmarks/bench_store.py
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import numpy as np

from tio.api.market import Timeframe
from tio.engine.store.bars import BarStore, Columns
from tio.engine.store.database import Database, Durability
from tio.engine.store.market_schema import STEPS
from tio.engine.store.migrations import Step

SYMBOLS, BARS, READ, ROUNDS = 20, 50_000, 10_000, 31
WANTED_READ, WANTED_WRITE = 10.0, 4.0
ROWS = (
    "CREATE TABLE bars (symbol TEXT, time INTEGER, open REAL, high REAL, low REAL, close REAL, "
    "volume REAL, PRIMARY KEY (symbol, time)) WITHOUT ROWID;"
)


def sample() -> Columns:
    """A random walk of minute bars."""
    random = np.random.default_rng(1)
    close = 100 + np.cumsum(random.normal(0, 0.01, BARS))
    time_ = np.arange(BARS) * 60_000_000
    return Columns.of(time_, close, close + 0.1, close - 0.1, close, random.random(BARS) * 1e3)


def write_rows(connection: sqlite3.Connection, columns: Columns) -> float:
    """Seconds to write every symbol as plain rows, a transaction each."""
    listed = list(columns.rows())
    begun = time.perf_counter()
    for number in range(SYMBOLS):
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT OR REPLACE INTO bars VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((f"S{number}", *row) for row in listed),
        )
        connection.execute("COMMIT")
    return time.perf_counter() - begun


def read_rows(connection: sqlite3.Connection) -> Columns:
    """The newest bars of one symbol as arrays, from plain rows."""
    rows = connection.execute(
        "SELECT time, open, high, low, close, volume FROM bars "
        "WHERE symbol = 'S7' ORDER BY time DESC LIMIT ?",
        (READ,),
    ).fetchall()
    rows.reverse()
    return Columns.of_rows(rows)


async def write_chunks(store: BarStore, columns: Columns) -> float:
    begun = time.perf_counter()
    for number in range(SYMBOLS):
        await store.append(f"S{number}", "bench", Timeframe.m1, columns)
    return time.perf_counter() - begun


async def fastest(*works: Callable[[], Awaitable[object]]) -> list[float]:
    """Seconds of each work's fastest round, taken in turns so that each meets the same caches."""
    times = [float("inf") for _ in works]
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            begun = time.perf_counter()
            await work()
            times[number] = min(times[number], time.perf_counter() - begun)
    return times


async def run(folder: Path) -> bool:
    columns = sample()
    # `full` has pages of 4 kB, SQLite's own; reading does not care about the rest of it.
    plain_file = Database(folder / "rows.db", Durability.full, [Step(1, "rows", ROWS)])
    database = Database(folder / "market.db", Durability.normal, STEPS)
    await plain_file.open()
    await database.open()
    with closing(sqlite3.connect(folder / "rows.db", isolation_level=None)) as rows:
        rows.execute("PRAGMA synchronous = NORMAL")
        plain_write = write_rows(rows, columns)
    store = BarStore(database)
    chunk_write = await write_chunks(store, columns)

    async def plain() -> Columns:
        return await plain_file.read(read_rows)

    async def chunked() -> Columns:
        return await store.read("S7", Timeframe.m1, limit=READ, source="bench")

    assert await plain() == await chunked()
    plain_read, chunk_read = await fastest(plain, chunked)
    await plain_file.close()
    await database.close()
    total = SYMBOLS * BARS
    read, write = plain_read / chunk_read, plain_write / chunk_write
    print(f"write: rows {total / plain_write:,.0f}/s, chunks {total / chunk_write:,.0f}/s")
    print(f"read {READ:,}: rows {plain_read * 1e3:.2f} ms, chunks {chunk_read * 1e3:.2f} ms")
    print(f"written {write:.1f}× plain rows (wanted {WANTED_WRITE:g}×)")
    print(f"read {read:.1f}× plain rows (wanted {WANTED_READ:g}×)")
    sizes = [(folder / name).stat().st_size / total for name in ("rows.db", "market.db")]
    print(f"bytes a bar: rows {sizes[0]:.0f}, chunks {sizes[1]:.0f}")
    return read >= WANTED_READ and write >= WANTED_WRITE


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        if not asyncio.run(run(Path(folder))):
            raise SystemExit("slower than wanted")


if __name__ == "__main__":
    main()
