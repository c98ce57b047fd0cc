"""Paper orders, their fills and what became of them, each owner's apart."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from tio.api.codec import decode, encode
from tio.api.orders import Fill, Order, OrderEvent
from tio.api.series import instant, moment
from tio.engine.store.ledgers import LedgerKey

_OF = "owner = ? AND ledger = ?"


class OrderTable:
    """The orders of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def keep(
        connection: sqlite3.Connection,
        key: LedgerKey,
        orders: Iterable[Order],
        fills: Iterable[Fill],
        events: Sequence[OrderEvent],
    ) -> None:
        """Keep orders as they now are, and new fills and events."""
        connection.executemany(
            "INSERT INTO orders (owner, id, ledger, symbol, open, position, body) "
            "SELECT ?1, ?2, ?3, ?4, ?5, 1 + coalesce(max(position), 0), ?6 FROM orders "
            "WHERE owner = ?1 "
            "ON CONFLICT (owner, id) DO UPDATE SET open = excluded.open, body = excluded.body",
            [
                (key.owner, each.id, key.ledger, each.symbol, each.state.open, _text(each))
                for each in orders
            ],
        )
        connection.executemany(
            "INSERT INTO fills (owner, id, ledger, symbol, at, body) VALUES (?, ?, ?, ?, ?, ?)",
            [
                (key.owner, each.id, key.ledger, each.symbol, instant(each.at), _text(each))
                for each in fills
            ],
        )
        (last,) = connection.execute(
            f"SELECT coalesce(max(number), 0) FROM order_events WHERE {_OF}", key
        ).fetchone()
        connection.executemany(
            "INSERT INTO order_events (owner, ledger, number, at, body) VALUES (?, ?, ?, ?, ?)",
            [
                (*key, number, instant(each.at), _text(each))
                for number, each in enumerate(events, last + 1)
            ],
        )

    @staticmethod
    def open(connection: sqlite3.Connection) -> tuple[tuple[str, Order], ...]:
        """Every open order with its owner, the oldest first, under its portfolio's name of now."""
        rows = connection.execute(
            "SELECT o.owner, p.name, o.body FROM orders o JOIN portfolios p "
            "ON p.owner = o.owner AND p.ledger = o.ledger WHERE o.open "
            "ORDER BY o.owner, o.position"
        )
        return tuple(
            (owner, replace(decode(body, Order), portfolio=name)) for owner, name, body in rows
        )

    @staticmethod
    def list(
        connection: sqlite3.Connection, key: LedgerKey, symbol: str, open: bool, limit: int
    ) -> tuple[Order, ...]:
        """A portfolio's orders, newest first."""
        rows = connection.execute(
            f"SELECT body FROM orders WHERE {_OF} AND (symbol = ? OR ? = '') AND (open OR NOT ?) "
            "ORDER BY position DESC LIMIT ?",
            (*key, symbol, symbol, open, limit),
        )
        return tuple(decode(body, Order) for (body,) in rows)

    @staticmethod
    def fills(
        connection: sqlite3.Connection, key: LedgerKey, symbol: str, limit: int
    ) -> tuple[Fill, ...]:
        """A portfolio's fills, newest first."""
        rows = connection.execute(
            f"SELECT body FROM fills WHERE {_OF} AND (symbol = ? OR ? = '') "
            "ORDER BY at DESC, rowid DESC LIMIT ?",
            (*key, symbol, symbol, limit),
        )
        return tuple(decode(body, Fill) for (body,) in rows)

    @staticmethod
    def newest_number(connection: sqlite3.Connection, owner: str) -> int:
        """The 12 of p12, the owner's newest; 0 before the first."""
        (newest,) = connection.execute(
            "SELECT coalesce(max(CAST(substr(id, 2) AS INTEGER)), 0) FROM orders WHERE owner = ?",
            (owner,),
        ).fetchone()
        return int(newest)

    @staticmethod
    def watch_until(connection: sqlite3.Connection, owners: Iterable[str], at: datetime) -> None:
        """These owners' orders were watched up to this moment."""
        connection.executemany(
            "INSERT INTO order_watch (owner, until) VALUES (?1, ?2) "
            "ON CONFLICT (owner) DO UPDATE SET until = ?2",
            [(owner, instant(at)) for owner in owners],
        )

    @staticmethod
    def watched_until(connection: sqlite3.Connection) -> dict[str, datetime]:
        """By owner, until when their orders were watched."""
        return {
            owner: moment(until)
            for owner, until in connection.execute("SELECT owner, until FROM order_watch")
        }


def _text(value: object) -> str:
    return encode(value).decode()
