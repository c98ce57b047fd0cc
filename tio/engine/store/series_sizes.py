"""How much of each series is stored, and taking its oldest bars out."""

import sqlite3

from tio.api.market import Timeframe
from tio.engine.store import bar_tables, chunks
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.database import Database

Standing = tuple[tuple[float | int | None, ...], ...]
"""Marks of the chunks and bars of a part of a series."""
_KEY = "symbol = :symbol AND timeframe = :timeframe AND source = :source"


async def sizes(database: Database) -> dict[SeriesKey, tuple[int, int]]:
    """Bars and bytes (of sealed chunks) of every series."""
    return await database.read(_sizes)


def _sizes(connection: sqlite3.Connection) -> dict[SeriesKey, tuple[int, int]]:
    rows = connection.execute(
        "SELECT symbol, timeframe, source, "
        "coalesce((SELECT sum(bars) FROM bar_chunks c WHERE c.series = series.id), 0) + "
        "(SELECT count(*) FROM bar_tail t WHERE t.series = series.id), "
        "coalesce((SELECT sum(length(body)) FROM bar_chunks c WHERE c.series = series.id), 0) "
        "FROM series"
    )
    return {
        SeriesKey(symbol, Timeframe(span), source): (bars, size)
        for symbol, span, source, bars, size in rows
    }


async def standing_before(database: Database, key: SeriesKey, before: int) -> Standing:
    """What a series holds before an instant (µs UTC), so that it is known when that is another."""
    return await database.read(lambda c: _standing(c, key, before))


async def forget_before(
    database: Database, key: SeriesKey, before: int, standing: Standing | None = None
) -> bool:
    """Take the bars that open before an instant (µs UTC) out of a series.

    With `standing` only while they are as they were then; False when a bar has come or changed
    since, and all of them are still there.
    """
    return await database.write(lambda c: _forget_before(c, key, before, standing), bulk=True)


def _standing(connection: sqlite3.Connection, key: SeriesKey, before: int) -> Standing:
    """A chunk that changes gets another number or checksum; the bars of the tail stand whole."""
    series = _find(connection, key)
    sealed = connection.execute(
        "SELECT id, first, crc FROM bar_chunks WHERE series = ? AND first < ? ORDER BY first",
        (series, before),
    ).fetchall()
    tail = connection.execute(
        "SELECT time, open, high, low, close, volume FROM bar_tail "
        "WHERE series = ? AND time < ? ORDER BY time",
        (series, before),
    ).fetchall()
    return (*sealed, *tail)


def _find(connection: sqlite3.Connection, key: SeriesKey) -> int | None:
    named = {"symbol": key.symbol, "timeframe": str(key.timeframe), "source": key.source}
    row = connection.execute(f"SELECT id FROM series WHERE {_KEY}", named).fetchone()
    return None if row is None else int(row[0])


def _forget_before(
    connection: sqlite3.Connection, key: SeriesKey, before: int, standing: Standing | None
) -> bool:
    series = _find(connection, key)
    if series is None:
        return True
    if standing is not None and _standing(connection, key, before) != standing:
        return False
    # The chunk that holds the instant is read, cut and put back; whole ones go.
    ends = _end_of_cut(connection, series, before)
    cut = bar_tables.read(connection, key, before, ends, 1 << 30, _ignore)
    connection.execute(
        "DELETE FROM bar_chunks WHERE series = :series AND first < :before",
        {"series": series, "before": before},
    )
    connection.execute(
        "DELETE FROM bar_tail WHERE series = :series AND time < :before",
        {"series": series, "before": before},
    )
    if len(cut):
        chunks.insert(connection, series, cut)
    return True


def _end_of_cut(connection: sqlite3.Connection, series: int, before: int) -> int:
    """The last bar of the sealed chunk that holds the instant; just before it where none does."""
    row = connection.execute(
        "SELECT last FROM bar_chunks "
        "WHERE series = :series AND first < :before AND last >= :before",
        {"series": series, "before": before},
    ).fetchone()
    return before - 1 if row is None else int(row[0])


def _ignore(damage: str) -> None:
    """A damaged chunk that goes is no loss."""
