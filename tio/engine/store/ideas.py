"""Idea cards with all their versions, each owner's apart."""

import sqlite3

from msgspec.structs import replace

from tio.api.codec import decode, encode
from tio.api.errors import NotFound
from tio.api.ideas import Idea
from tio.engine.store.ledgers import LedgerKey

_NAMED = (
    "SELECT i.owner, coalesce(p.name, ''), i.body FROM ideas i LEFT JOIN portfolios p "
    "ON p.owner = i.owner AND p.ledger = i.ledger"
)


class IdeaTable:
    """The cards of tio.db, over a connection the caller's transaction holds.

    A card's portfolio is called as it is called now; one that is no more leaves its cards.
    """

    @staticmethod
    def add(connection: sqlite3.Connection, key: LedgerKey, idea: Idea) -> Idea:
        """Keep a new card, with an id of its own."""
        (newest,) = connection.execute(
            "SELECT coalesce(max(position), 0) FROM ideas WHERE owner = ?", (key.owner,)
        ).fetchone()
        made = replace(idea, id=f"i{newest + 1}")
        connection.execute(
            "INSERT INTO ideas (owner, id, ledger, symbol, open, position, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*(key.owner, made.id, key.ledger), made.symbol, made.open, newest + 1, _text(made)),
        )
        return made

    @staticmethod
    def put(connection: sqlite3.Connection, owner: str, idea: Idea) -> Idea:
        """Keep a card as it now is."""
        connection.execute(
            "UPDATE ideas SET open = ?, body = ? WHERE owner = ? AND id = ?",
            (idea.open, _text(idea), owner, idea.id),
        )
        return idea

    @staticmethod
    def get(connection: sqlite3.Connection, owner: str, id: str) -> Idea:
        """One card; NotFound."""
        row = connection.execute(f"{_NAMED} WHERE i.owner = ? AND i.id = ?", (owner, id)).fetchone()
        if row is None:
            raise NotFound(f"there is no idea {id[:40]!r}", "`tio ideas` names them")
        return _idea(row)[1]

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str, portfolio: str = "") -> tuple[Idea, ...]:
        """An owner's cards, newest first, of one portfolio where one is named."""
        rows = connection.execute(
            f"{_NAMED} WHERE i.owner = ?1 AND (?2 = '' OR p.name = ?2) ORDER BY i.position DESC",
            (owner, portfolio),
        )
        return tuple(_idea(row)[1] for row in rows)

    @staticmethod
    def open(connection: sqlite3.Connection) -> tuple[tuple[str, Idea], ...]:
        """Every card that is still to be scored, with its owner, the oldest first."""
        rows = connection.execute(f"{_NAMED} WHERE i.open ORDER BY i.owner, i.position")
        return tuple(map(_idea, rows))


def _idea(row: tuple[str, str, str]) -> tuple[str, Idea]:
    owner, portfolio, body = row
    return owner, replace(decode(body, Idea), portfolio=portfolio)


def _text(idea: Idea) -> str:
    return encode(idea).decode()
