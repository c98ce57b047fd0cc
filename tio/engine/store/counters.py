"""Counts of daily limits, kept in market.db so that a restart does not forget them."""

import sqlite3

from tio.engine.feeds.http.counters import Count
from tio.engine.store.database import Database


class CounterStore:
    """One count a key: the window it began with, and what was used of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, key: str) -> Count | None:
        """What was used, in the window of its time; None when nothing was."""
        row: tuple[int, float] | None = await self._database.read(
            lambda c: c.execute(
                "SELECT began, used FROM counters WHERE name = :name", {"name": key}
            ).fetchone()
        )
        return None if row is None else Count(*row)

    async def save(self, key: str, count: Count) -> None:
        """Keep a count; returns once it is committed."""
        await self._database.write(lambda c: _save(c, key, count))


def _save(connection: sqlite3.Connection, key: str, count: Count) -> None:
    connection.execute(
        "INSERT INTO counters (name, began, used) VALUES (:name, :began, :used) "
        "ON CONFLICT (name) DO UPDATE SET began = excluded.began, used = excluded.used",
        {"name": key, "began": count.began, "used": count.used},
    )
