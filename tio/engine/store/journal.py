"""What a person wrote of trades, each version of it kept, each owner's apart."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from tio.api.codec import decode, encode
from tio.api.journal import Annotation
from tio.api.orders import Order, OrderAccepted
from tio.api.series import instant
from tio.engine.store.ledgers import LedgerKey

_OF = "owner = ? AND ledger = ?"
_AT_ONCE = 500


class JournalTable:
    """The journal in tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def annotations(connection: sqlite3.Connection, key: LedgerKey) -> dict[str, Annotation]:
        """The newest of each trade, by the entry it was written of."""
        rows = connection.execute(
            f"SELECT entry, body FROM trade_notes WHERE {_OF} ORDER BY version", key
        )
        return {entry: decode(body, Annotation) for entry, body in rows}

    @staticmethod
    def write(
        connection: sqlite3.Connection, key: LedgerKey, entry: str, said: Annotation, now: datetime
    ) -> None:
        """Keep a new version of what is said of the trade an entry opened."""
        connection.execute(
            "INSERT INTO trade_notes (owner, ledger, entry, version, at, body) "
            "SELECT ?1, ?2, ?3, 1 + coalesce(max(version), 0), ?4, ?5 FROM trade_notes "
            "WHERE owner = ?1 AND ledger = ?2 AND entry = ?3",
            (*key, entry, instant(now), encode(said).decode()),
        )

    @staticmethod
    def orders(
        connection: sqlite3.Connection, key: LedgerKey, ids: Iterable[str]
    ) -> Mapping[str, Order]:
        """Orders as they now are, by id; what is no order is left out."""
        wanted, found = sorted(ids), dict[str, Order]()
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            marks = ", ".join("?" * len(some))
            rows = connection.execute(
                f"SELECT body FROM orders WHERE {_OF} AND id IN ({marks})", (*key, *some)
            )
            found |= {order.id: order for order in (decode(body, Order) for (body,) in rows)}
        return found

    @staticmethod
    def exits(
        connection: sqlite3.Connection, key: LedgerKey, after: int
    ) -> tuple[tuple[Order, ...], int]:
        """Exits of brackets as they were accepted, of events numbered above `after`.

        With the number of the newest event, to go on from.
        """
        (newest,) = connection.execute(
            f"SELECT coalesce(max(number), 0) FROM order_events WHERE {_OF}", key
        ).fetchone()
        rows = connection.execute(
            f"SELECT body FROM order_events WHERE {_OF} AND number > ? AND number <= ? "
            'AND body LIKE \'{"type":"OrderAccepted"%\' ORDER BY number',
            (*key, after, newest),
        )
        accepted = (decode(body, OrderAccepted).order for (body,) in rows)
        return tuple(order for order in accepted if order.parent), int(newest)
