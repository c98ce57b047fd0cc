"""What sources have been asked for: ranges of which they told all the bars they have."""

import sqlite3
from dataclasses import replace
from typing import NamedTuple

from tio.engine.store.bar_tables import SeriesKey
from tio.engine.store.database import Database


class Range(NamedTuple):
    """A source told all it has of [first, last) at the instant `at`; µs UTC."""

    first: int
    last: int
    at: int


def asked_as(key: SeriesKey) -> SeriesKey:
    """The key under which ranges stand: the bars of `alpaca.sip` were asked of `alpaca`."""
    return replace(key, source=key.source.partition(".")[0])


class AskedRanges:
    """Kept in market.db beside the bars, so that nothing is asked twice after a restart."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, key: SeriesKey) -> tuple[Range, ...]:
        """The ranges asked of one series, oldest first, none touching another."""
        return await self._database.read(lambda c: _of(c, key))

    async def note(self, key: SeriesKey, first: int, last: int, at: int) -> None:
        """Remember a range, joined with those it touches."""
        if first < last:
            await self._database.write(lambda c: _note(c, key, Range(first, last, at)), bulk=True)

    async def forget_before(self, key: SeriesKey, before: int) -> None:
        """Ask anew for what opens before an instant, as when its bars were taken out."""
        await self._database.write(lambda c: _forget_before(c, key, before), bulk=True)

    async def forget(self, symbol: str, source: str | None = None) -> None:
        """Ask anew for everything of a symbol."""
        await self._database.write(lambda c: _forget(c, symbol, source), bulk=True)


def left(start: int, end: int, ranges: tuple[Range, ...]) -> list[tuple[int, int]]:
    """What of [start, end) lies in none of the ranges, oldest first."""
    open_ = []
    at = start
    for each in ranges:
        if each.last <= at:
            continue
        if each.first >= end:
            break
        if each.first > at:
            open_.append((at, each.first))
        at = max(at, each.last)
    if at < end:
        open_.append((at, end))
    return open_


_KEY = "symbol = :symbol AND timeframe = :timeframe AND source = :source"


def _names(key: SeriesKey) -> dict[str, str | int]:
    return {"symbol": key.symbol, "timeframe": str(key.timeframe), "source": key.source}


def _of(connection: sqlite3.Connection, key: SeriesKey) -> tuple[Range, ...]:
    rows = connection.execute(
        f"SELECT first, last, at FROM asked_ranges WHERE {_KEY} ORDER BY first", _names(key)
    )
    return tuple(Range(*row) for row in rows)


def _note(connection: sqlite3.Connection, key: SeriesKey, told: Range) -> None:
    near = [
        each for each in _of(connection, key) if each.first <= told.last and each.last >= told.first
    ]
    first = min([told.first, *(each.first for each in near)])
    last = max([told.last, *(each.last for each in near)])
    connection.executemany(
        f"DELETE FROM asked_ranges WHERE {_KEY} AND first = :first",
        [_names(key) | {"first": each.first} for each in near],
    )
    connection.execute(
        "INSERT INTO asked_ranges (symbol, timeframe, source, first, last, at) "
        "VALUES (:symbol, :timeframe, :source, :first, :last, :at)",
        _names(key) | {"first": first, "last": last, "at": told.at},
    )


def _forget_before(connection: sqlite3.Connection, key: SeriesKey, before: int) -> None:
    named = _names(key) | {"before": before}
    connection.execute(f"DELETE FROM asked_ranges WHERE {_KEY} AND last <= :before", named)
    connection.execute(
        f"UPDATE asked_ranges SET first = :before WHERE {_KEY} AND first < :before", named
    )


def _forget(connection: sqlite3.Connection, symbol: str, source: str | None) -> None:
    connection.execute(
        "DELETE FROM asked_ranges WHERE symbol = :symbol AND (:source IS NULL OR source = :source)",
        {"symbol": symbol, "source": source},
    )
