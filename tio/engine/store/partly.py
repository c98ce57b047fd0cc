"""Which minutes of a symbol were heard in part, so that its source is asked for them again."""

import sqlite3

from tio.engine.store.database import Database

Span = tuple[int, int]
"""From the first minute to the end of the last; µs UTC."""


class PartlyHeard:
    """Kept in market.db beside the bars, so that a restart knows what the run before missed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, symbol: str, source: str) -> tuple[Span, ...]:
        """What was heard in part of one source, oldest first."""
        return await self._database.read(lambda c: _of(c, symbol, source))

    def note(self, symbol: str, source: str, span: Span) -> None:
        """Remember a span, joined with those it touches; nobody waits for it."""
        self._database.post(lambda c: _note(c, symbol, source, span))

    async def forget(self, symbol: str, source: str, span: Span) -> None:
        """Its source has told it whole."""
        await self._database.write(lambda c: _forget(c, symbol, source, [span]), bulk=True)


def _of(connection: sqlite3.Connection, symbol: str, source: str) -> tuple[Span, ...]:
    rows = connection.execute(
        "SELECT first, last FROM partly_heard WHERE symbol = ? AND source = ? ORDER BY first",
        (symbol, source),
    )
    return tuple((first, last) for first, last in rows)


def _note(connection: sqlite3.Connection, symbol: str, source: str, span: Span) -> None:
    first, last = span
    near = [
        each for each in _of(connection, symbol, source) if each[0] <= last and each[1] >= first
    ]
    _forget(connection, symbol, source, near)
    connection.execute(
        "INSERT INTO partly_heard (symbol, source, first, last) VALUES (?, ?, ?, ?)",
        (symbol, source, min([first, *(a for a, _ in near)]), max([last, *(b for _, b in near)])),
    )


def _forget(connection: sqlite3.Connection, symbol: str, source: str, spans: list[Span]) -> None:
    connection.executemany(
        "DELETE FROM partly_heard WHERE symbol = ? AND source = ? AND first = ?",
        [(symbol, source, first) for first, _ in spans],
    )
