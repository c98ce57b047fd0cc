"""Watchlists, each owner's apart, in the order they were made."""

import json
import sqlite3
from datetime import datetime

from tio.api.errors import NotFound
from tio.api.series import instant
from tio.api.watchlists import Watchlist


class WatchlistTable:
    """The watchlists of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str) -> tuple[Watchlist, ...]:
        """An owner's watchlists, in the order they were made."""
        rows = connection.execute(
            "SELECT name, symbols, columns FROM watchlists WHERE owner = ? ORDER BY position, name",
            (owner,),
        )
        return tuple(_watchlist(*row) for row in rows)

    @staticmethod
    def save(
        connection: sqlite3.Connection, owner: str, watchlist: Watchlist, now: datetime
    ) -> Watchlist:
        """Make it last, or replace the one of its name in its place; doubled symbols stay once."""
        kept = Watchlist(watchlist.name, tuple(dict.fromkeys(watchlist.symbols)), watchlist.columns)
        connection.execute(
            "INSERT INTO watchlists (owner, name, symbols, columns, position, at) "
            "SELECT :owner, :name, :symbols, :columns, coalesce(max(position), 0) + 1, :at "
            "FROM watchlists WHERE owner = :owner "
            "ON CONFLICT (owner, name) DO UPDATE "
            "SET symbols = excluded.symbols, columns = excluded.columns, at = excluded.at",
            {
                "owner": owner,
                "name": kept.name,
                "symbols": json.dumps(kept.symbols),
                "columns": json.dumps(kept.columns),
                "at": instant(now),
            },
        )
        return kept

    @staticmethod
    def delete(connection: sqlite3.Connection, owner: str, name: str) -> Watchlist:
        """Remove it; the answer is what it held."""
        row = connection.execute(
            "DELETE FROM watchlists WHERE owner = ? AND name = ? RETURNING name, symbols, columns",
            (owner, name),
        ).fetchone()
        if row is None:
            raise NotFound(f"no watchlist {name!r}", "`tio watchlist` lists yours")
        return _watchlist(*row)


def _watchlist(name: str, symbols: str, columns: str) -> Watchlist:
    return Watchlist(name, tuple(json.loads(symbols)), tuple(json.loads(columns)))
