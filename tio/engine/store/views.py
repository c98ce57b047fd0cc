"""Views the analyst gave, each owner's apart."""

import sqlite3

from msgspec.structs import replace

from tio.api.codec import decode, encode
from tio.api.series import instant
from tio.api.views import GivenView, ViewOutcome


class ViewTable:
    """The views of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def add(connection: sqlite3.Connection, owner: str, view: GivenView) -> GivenView:
        """Keep a new view, with an id of its own; one that says the same of the same days is it."""
        if (same := _same(connection, owner, view)) is not None:
            return same
        (newest,) = connection.execute(
            "SELECT coalesce(max(position), 0) FROM views WHERE owner = ?", (owner,)
        ).fetchone()
        made = replace(view, id=f"v{newest + 1}")
        connection.execute(
            "INSERT INTO views (owner, id, position, symbol, author, due, outcome, body) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(owner, made.id, newest + 1, made.symbol, made.by),
                *(instant(made.due), made.outcome.value, _text(made)),
            ),
        )
        return made

    @staticmethod
    def put(connection: sqlite3.Connection, owner: str, view: GivenView) -> None:
        """Keep what became of a view; where it was given stays as it is stored."""
        (body,) = connection.execute(
            "SELECT body FROM views WHERE owner = ? AND id = ?", (owner, view.id)
        ).fetchone()
        was = decode(body, GivenView)
        made = replace(view, chat=was.chat, message=was.message)
        connection.execute(
            "UPDATE views SET outcome = ?, body = ? WHERE owner = ? AND id = ?",
            (made.outcome.value, _text(made), owner, made.id),
        )

    @staticmethod
    def unlink(connection: sqlite3.Connection, owner: str, chat: str) -> None:
        """A chat is no more: its views stay, given nowhere. Its id may be another's one day."""
        connection.execute(
            "UPDATE views SET body = json_set(body, '$.chat', '', '$.message', '') "
            "WHERE owner = ? AND json_extract(body, '$.chat') = ?",
            (owner, chat),
        )

    @staticmethod
    def list(
        connection: sqlite3.Connection, owner: str, symbol: str = "", by: str = "", limit: int = -1
    ) -> tuple[GivenView, ...]:
        """An owner's views, newest first, of one symbol and one author where told."""
        rows = connection.execute(
            "SELECT body FROM views WHERE owner = ?1 AND (?2 = '' OR symbol = ?2) "
            "AND (?3 = '' OR author = ?3) ORDER BY position DESC LIMIT ?4",
            (owner, symbol, by, limit),
        )
        return tuple(decode(body, GivenView) for (body,) in rows)

    @staticmethod
    def waiting(connection: sqlite3.Connection) -> tuple[tuple[str, GivenView], ...]:
        """Every view that is still to be scored, with its owner, the first due first."""
        rows = connection.execute(
            "SELECT owner, body FROM views WHERE outcome = 'waiting' ORDER BY due, owner, position"
        )
        return tuple((owner, decode(body, GivenView)) for owner, body in rows)

    @staticmethod
    def held(connection: sqlite3.Connection, owner: str, by: str) -> tuple[int, int]:
        """How many of an author's views held, of how many that were scored."""
        counts = dict(
            connection.execute(
                "SELECT outcome, count(*) FROM views WHERE owner = ? AND author = ? "
                "AND outcome IN ('held', 'failed') GROUP BY outcome",
                (owner, by),
            ).fetchall()
        )
        hits = counts.get(ViewOutcome.held.value, 0)
        return hits, hits + counts.get(ViewOutcome.failed.value, 0)


def _same(connection: sqlite3.Connection, owner: str, view: GivenView) -> GivenView | None:
    """A waiting view of the same author, symbol, way and days."""
    rows = connection.execute(
        "SELECT body FROM views WHERE owner = ? AND author = ? AND outcome = 'waiting' "
        "AND symbol = ? AND due = ?",
        (owner, view.by, view.symbol, instant(view.due)),
    )
    found = (decode(body, GivenView) for (body,) in rows)
    return next((one for one in found if (one.bias, one.days) == (view.bias, view.days)), None)


def _text(view: GivenView) -> str:
    return encode(view).decode()
