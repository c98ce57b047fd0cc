"""Bars over a connection: sealed chunks of history and an open tail of rows."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.engine.store import chunks
from tio.engine.store.columns import Columns

LONGEST_TAIL = 2 * chunks.SIZE
EARLIEST, LATEST = -(1 << 62), 1 << 62


@dataclass(frozen=True)
class SeriesKey:
    """Whose bars: one instrument's, of one span, as one source tells them."""

    symbol: str
    timeframe: Timeframe
    source: str


@dataclass(frozen=True)
class Terms:
    """What one source's bars are: of one venue or all, how late, adjusted how."""

    coverage: Coverage = Coverage.single_venue
    delay: Delay = Delay.realtime
    adjusted: Adjustment = Adjustment.raw


@dataclass(frozen=True)
class StoredSeries:
    """A series the store holds, with the times (µs UTC) of its first and last bar."""

    key: SeriesKey
    terms: Terms
    first: int
    last: int


@dataclass(frozen=True)
class Appended:
    """How many bars were new, and how many took the place of another of the same time."""

    added: int
    replaced: int


def append(
    connection: sqlite3.Connection,
    key: SeriesKey,
    bars: Columns,
    terms: Terms | None,
    damaged: Callable[[str], None],
) -> Appended:
    """Merge bars in any order; one of the same time replaces. `terms` None keeps what is known."""
    bars = bars.ordered()
    if not len(bars):
        return Appended(0, 0)
    series = _series_of(connection, key, terms)
    sealed = chunks.sealed_until(connection, series)
    replaced = 0
    if sealed is not None and bars.time[0] <= sealed:
        split = int(np.searchsorted(bars.time, sealed, side="right"))
        replaced = chunks.merge(connection, series, bars[:split], damaged)
        fresh = bars[split:]
    else:
        fresh = bars
    replaced += _extend_tail(connection, series, fresh)
    return Appended(len(bars) - replaced, replaced)


def read(
    connection: sqlite3.Connection,
    key: SeriesKey,
    first: int,
    last: int,
    limit: int,
    damaged: Callable[[str], None],
) -> Columns:
    """The newest `limit` bars from `first` to `last` (µs UTC, both included), oldest first."""
    row = _find(connection, key)
    if row is None or limit <= 0:
        return Columns.empty()
    parts = [_tail(connection, row, first, last, limit)]
    wanted = limit - len(parts[0])
    if wanted:
        for chunk in chunks.sealed(connection, row, first, last, damaged):
            parts.append(chunk if len(chunk) <= wanted else chunk[len(chunk) - wanted :])
            wanted -= len(parts[-1])
            if not wanted:
                break
    return Columns.joined(parts[::-1])


def stored(connection: sqlite3.Connection, symbol: str | None = None) -> tuple[StoredSeries, ...]:
    """Every series, or a symbol's, that has bars; those with the newest bars first."""
    rows = connection.execute(
        "SELECT symbol, timeframe, source, coverage, delay, adjusted, "
        "coalesce((SELECT min(first) FROM bar_chunks WHERE series = id_of), "
        "         (SELECT min(time) FROM bar_tail WHERE series = id_of)) AS begins, "
        "coalesce((SELECT max(time) FROM bar_tail WHERE series = id_of), "
        "         (SELECT last FROM bar_chunks WHERE series = id_of ORDER BY first DESC LIMIT 1)) "
        "  AS ends "
        "FROM (SELECT id AS id_of, * FROM series WHERE :symbol IS NULL OR symbol = :symbol) "
        "WHERE begins IS NOT NULL ORDER BY ends DESC, source",
        {"symbol": symbol},
    )
    return tuple(
        StoredSeries(
            SeriesKey(of, Timeframe(span), source),
            Terms(Coverage(coverage), Delay(delay), Adjustment(adjusted)),
            first,
            last,
        )
        for of, span, source, coverage, delay, adjusted, first, last in rows
    )


def delete(
    connection: sqlite3.Connection,
    symbol: str,
    timeframe: Timeframe | None = None,
    source: str | None = None,
) -> int:
    """Forget a symbol's series, or those of one timeframe or source; how many there were."""
    rows = connection.execute(
        "DELETE FROM series WHERE symbol = :symbol "
        "AND (:timeframe IS NULL OR timeframe = :timeframe) "
        "AND (:source IS NULL OR source = :source) RETURNING id",
        {"symbol": symbol, "timeframe": timeframe, "source": source},
    ).fetchall()
    connection.executemany("DELETE FROM bar_chunks WHERE series = ?", rows)
    connection.executemany("DELETE FROM bar_tail WHERE series = ?", rows)
    return len(rows)


def empty(connection: sqlite3.Connection) -> None:
    """Forget all bars and instruments."""
    for table in ("bar_tail", "bar_chunks", "series", "instruments"):
        connection.execute(f"DELETE FROM {table}")


def _find(connection: sqlite3.Connection, key: SeriesKey) -> int | None:
    row = connection.execute(
        "SELECT id FROM series WHERE symbol = ? AND timeframe = ? AND source = ?",
        (key.symbol, key.timeframe, key.source),
    ).fetchone()
    return None if row is None else int(row[0])


def _series_of(connection: sqlite3.Connection, key: SeriesKey, terms: Terms | None) -> int:
    found = _find(connection, key)
    if found is not None and terms is None:
        return found
    said = terms or Terms()
    row = connection.execute(
        "INSERT INTO series (symbol, timeframe, source, coverage, delay, adjusted) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (symbol, timeframe, source) DO UPDATE SET "
        "coverage = excluded.coverage, delay = excluded.delay, adjusted = excluded.adjusted "
        "RETURNING id",
        (key.symbol, key.timeframe, key.source, said.coverage, said.delay, said.adjusted),
    ).fetchone()
    return int(row[0])


def _extend_tail(connection: sqlite3.Connection, series: int, bars: Columns) -> int:
    """Put ordered bars, all newer than the sealed ones, in the tail; seal it when it is long."""
    if not len(bars):
        return 0
    (count,) = connection.execute(
        "SELECT count(*) FROM bar_tail WHERE series = ?", (series,)
    ).fetchone()
    if count + len(bars) > LONGEST_TAIL:
        return _seal(connection, series, bars, count)
    known = {
        time
        for (time,) in connection.execute(
            "SELECT time FROM bar_tail WHERE series = ? AND time BETWEEN ? AND ?",
            (series, int(bars.time[0]), int(bars.time[-1])),
        )
    }
    _insert_rows(connection, series, bars)
    return sum(time in known for time in bars.time.tolist()) if known else 0


def _seal(connection: sqlite3.Connection, series: int, bars: Columns, count: int) -> int:
    tail = _tail(connection, series, EARLIEST, LATEST, count)
    merged = Columns.joined([tail, bars]).ordered()
    # At least one bar stays open, so that the newest can still change cheaply.
    sealed = (len(merged) - 1) // chunks.SIZE * chunks.SIZE
    connection.execute("DELETE FROM bar_tail WHERE series = ?", (series,))
    if sealed:
        chunks.insert(connection, series, merged[:sealed])
    _insert_rows(connection, series, merged[sealed:])
    return len(tail) + len(bars) - len(merged)


def _insert_rows(connection: sqlite3.Connection, series: int, bars: Columns) -> None:
    connection.executemany(
        "INSERT INTO bar_tail VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (series, time) DO UPDATE "
        "SET open = excluded.open, high = excluded.high, low = excluded.low, "
        "close = excluded.close, volume = excluded.volume",
        [(series, *row) for row in bars.rows()],
    )


def _tail(
    connection: sqlite3.Connection, series: int, first: int, last: int, limit: int
) -> Columns:
    rows = connection.execute(
        "SELECT time, open, high, low, close, volume FROM bar_tail "
        "WHERE series = ? AND time BETWEEN ? AND ? ORDER BY time DESC LIMIT ?",
        (series, first, last, limit),
    ).fetchall()
    rows.reverse()
    return Columns.of_rows(rows)
