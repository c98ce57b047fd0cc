"""Portfolios and their entries: every version of each, and the changes that made them."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from tio.api.codec import decode, encode
from tio.api.errors import Conflict, NotFound
from tio.api.ledger import Change
from tio.api.portfolio import Portfolio, Transaction
from tio.api.series import instant, moment


class LedgerKey(NamedTuple):
    """Whose ledger, and its number among theirs, which no other ever gets."""

    owner: str
    ledger: int


class _Kept(Transaction, frozen=True, kw_only=True, omit_defaults=True):
    """An entry as it is kept: what it does not say is not written."""


_OF = "owner = ? AND ledger = ?"
_BELONGS = ("entries", "ledger_changes", "orders", "fills", "order_events", "trade_notes")
"""What goes with a portfolio."""


class LedgerTable:
    """The ledgers of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str) -> tuple[Portfolio, ...]:
        """An owner's portfolios in the order they were made, with the count of their entries."""
        rows = connection.execute(
            "SELECT body, (SELECT count(*) FROM entries e WHERE e.owner = p.owner "
            "AND e.ledger = p.ledger AND e.newest AND NOT e.gone) "
            "FROM portfolios p WHERE owner = ? ORDER BY ledger",
            (owner,),
        )
        return tuple(replace(decode(body, Portfolio), entries=count) for body, count in rows)

    @staticmethod
    def create(connection: sqlite3.Connection, owner: str, portfolio: Portfolio) -> Portfolio:
        """Begin one; Conflict where there is one of that name."""
        _free(connection, owner, portfolio.name)
        connection.execute(
            "INSERT INTO portfolios (owner, ledger, name, body) SELECT :owner, "
            "1 + max((SELECT coalesce(max(ledger), 0) FROM portfolios WHERE owner = :owner), "
            "(SELECT coalesce(max(ledger), 0) FROM ledger_changes WHERE owner = :owner)), "
            ":name, :body",
            {"owner": owner, "name": portfolio.name, "body": encode(portfolio).decode()},
        )
        return portfolio

    @staticmethod
    def put(
        connection: sqlite3.Connection, owner: str, name: str, portfolio: Portfolio
    ) -> Portfolio:
        """Replace what is kept of the one called `name`; NotFound, or Conflict with another's."""
        key = ledger_of(connection, owner, name)
        if portfolio.name != name:
            _free(connection, owner, portfolio.name)
        connection.execute(
            f"UPDATE portfolios SET name = ?, body = ? WHERE {_OF}",
            (portfolio.name, encode(portfolio).decode(), *key),
        )
        return portfolio

    @staticmethod
    def delete(connection: sqlite3.Connection, owner: str, name: str) -> Portfolio:
        """Remove one with everything of it; NotFound."""
        key = ledger_of(connection, owner, name)
        gone = LedgerTable.portfolio(connection, key)
        for table in (*_BELONGS, "portfolios"):
            connection.execute(f"DELETE FROM {table} WHERE {_OF}", key)
        # Cards are a record that outlives what they were written for.
        connection.execute(f"UPDATE ideas SET ledger = 0 WHERE {_OF}", key)
        return gone

    @staticmethod
    def portfolio(connection: sqlite3.Connection, key: LedgerKey) -> Portfolio:
        """One portfolio, its entries not counted."""
        row = connection.execute(f"SELECT body FROM portfolios WHERE {_OF}", key).fetchone()
        return decode(row[0], Portfolio)

    @staticmethod
    def entries(connection: sqlite3.Connection, key: LedgerKey) -> tuple[Transaction, ...]:
        """The newest version of every entry that stands."""
        rows = connection.execute(
            f"SELECT body FROM entries WHERE {_OF} AND newest AND NOT gone", key
        )
        return tuple(decode(body, Transaction) for (body,) in rows)

    @staticmethod
    def versions(
        connection: sqlite3.Connection, key: LedgerKey, id: str
    ) -> tuple[Transaction, ...]:
        """Every version of one entry, newest first."""
        rows = connection.execute(
            f"SELECT body FROM entries WHERE {_OF} AND id = ? ORDER BY version DESC", (*key, id)
        )
        return tuple(decode(body, Transaction) for (body,) in rows)

    @staticmethod
    def next_position(connection: sqlite3.Connection, key: LedgerKey) -> int:
        """What the next entry of a ledger is numbered."""
        (newest,) = connection.execute(
            f"SELECT coalesce(max(position), 0) FROM entries WHERE {_OF}", key
        ).fetchone()
        return int(newest) + 1

    @staticmethod
    def record(
        connection: sqlite3.Connection,
        key: LedgerKey,
        what: str,
        touched: Sequence[tuple[Transaction, bool]],
        now: datetime,
        undoes: int | None = None,
    ) -> Change:
        """Keep a change: each entry's new version, and whether it takes the entry out."""
        (last,) = connection.execute(
            f"SELECT coalesce(max(number), 0) FROM ledger_changes WHERE {_OF}", key
        ).fetchone()
        change = Change(
            number=last + 1, what=what, entries=len(touched), made_at=now, undoes=undoes
        )
        connection.execute(
            "INSERT INTO ledger_changes (owner, ledger, number, what, entries, made_at, undoes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*key, change.number, what, change.entries, instant(now), undoes),
        )
        if undoes is not None:
            connection.execute(
                f"UPDATE ledger_changes SET undone_by = ? WHERE {_OF} AND number = ?",
                (change.number, *key, undoes),
            )
            # Undoing an undo: what that had undone stands again.
            connection.execute(
                f"UPDATE ledger_changes SET undone_by = NULL WHERE {_OF} AND undone_by = ?",
                (*key, undoes),
            )
        connection.executemany(
            f"UPDATE entries SET newest = 0 WHERE {_OF} AND id = ? AND newest",
            [(*key, entry.id) for entry, _ in touched],
        )
        connection.executemany(
            "INSERT INTO entries "
            "(owner, ledger, id, version, change, position, newest, gone, body) "
            "VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?)",
            [(*key, *_row(entry, change.number, gone)) for entry, gone in touched],
        )
        return change

    @staticmethod
    def changes(connection: sqlite3.Connection, key: LedgerKey, limit: int) -> tuple[Change, ...]:
        """What was done to a ledger, newest first."""
        rows = connection.execute(
            "SELECT number, what, entries, made_at, undoes, undone_by FROM ledger_changes "
            f"WHERE {_OF} ORDER BY number DESC LIMIT ?",
            (*key, limit),
        )
        return tuple(_change(*row) for row in rows)

    @staticmethod
    def change(connection: sqlite3.Connection, key: LedgerKey, number: int | None) -> Change:
        """One change, or the newest that stands and is no undo; NotFound."""
        row = connection.execute(
            "SELECT number, what, entries, made_at, undoes, undone_by FROM ledger_changes "
            f"WHERE {_OF} AND (number = ? OR ? IS NULL AND undone_by IS NULL AND undoes IS NULL) "
            "ORDER BY number DESC LIMIT 1",
            (*key, number, number),
        ).fetchone()
        if row is None:
            which = "to undo" if number is None else f"number {number}"
            raise NotFound(f"there is no change {which}", "`tio portfolio changes` lists them")
        return _change(*row)

    @staticmethod
    def before(
        connection: sqlite3.Connection, key: LedgerKey, change: Change
    ) -> tuple[tuple[Transaction, Transaction | None], ...]:
        """Entries a change touched, each as it stands now and as it was before (None: was not).

        Conflict where one of them was changed again since.
        """
        rows = connection.execute(
            "SELECT e.body, e.newest, p.body, p.gone FROM entries e LEFT JOIN entries p "
            "ON p.owner = e.owner AND p.ledger = e.ledger AND p.id = e.id "
            "AND p.version = e.version - 1 "
            "WHERE e.owner = ? AND e.ledger = ? AND e.change = ?",
            (*key, change.number),
        ).fetchall()
        if not all(newest for _, newest, _, _ in rows):
            raise Conflict(
                f"entries of change {change.number} ({change.what}) were changed since",
                "undo what came after it first",
            )
        return tuple(
            (
                decode(body, Transaction),
                None if was is None or gone else decode(was, Transaction),
            )
            for body, _, was, gone in rows
        )


def ledger_of(connection: sqlite3.Connection, owner: str, name: str) -> LedgerKey:
    """The key of an owner's portfolio; NotFound."""
    row = connection.execute(
        "SELECT ledger FROM portfolios WHERE owner = ? AND name = ?", (owner, name)
    ).fetchone()
    if row is None:
        raise NotFound(f"there is no portfolio {name!r}", "`tio portfolio list` shows yours")
    return LedgerKey(owner, int(row[0]))


def _free(connection: sqlite3.Connection, owner: str, name: str) -> None:
    taken = connection.execute(
        "SELECT 1 FROM portfolios WHERE owner = ? AND name = ?", (owner, name)
    ).fetchone()
    if taken is not None:
        raise Conflict(f"there is a portfolio {name!r} already", "choose another name")


def _row(entry: Transaction, change: int, gone: bool) -> tuple[object, ...]:
    kept = _Kept(**{name: getattr(entry, name) for name in entry.__struct_fields__})
    return (entry.id, entry.version, change, entry.position, gone, encode(kept).decode())


def _change(
    number: int, what: str, entries: int, made_at: int, undoes: int | None, undone_by: int | None
) -> Change:
    return Change(
        number=number,
        what=what,
        entries=entries,
        made_at=moment(made_at),
        undoes=undoes,
        undone_by=undone_by,
    )
