"""How much of each series is stored, and taking its oldest bars out."""

import sqlite3

from tio.api.market import Timeframe
from tio.engine.store import bar_tables, chunks
from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.database import Database

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


async def forget_before(database: Database, key: SeriesKey, before: int) -> None:
    """Take the bars that open before an instant (µs UTC) out of a series."""
    await database.write(lambda c: _forget_before(c, key, before), bulk=True)


def _forget_before(connection: sqlite3.Connection, key: SeriesKey, before: int) -> None:
    named = {"symbol": key.symbol, "timeframe": str(key.timeframe), "source": key.source}
    row = connection.execute(f"SELECT id FROM series WHERE {_KEY}", named).fetchone()
    if row is None:
        return
    series = int(row[0])
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
