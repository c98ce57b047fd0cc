"""Chart layouts and indicator sets, each owner's apart."""

import sqlite3

from tio.api.charts import Layout
from tio.api.errors import NotFound, TooLarge
from tio.api.series import instant, moment

MOST = 200
"""Layouts of one kind an owner may have."""


class LayoutTable:
    """The layouts of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str, kind: str = "") -> tuple[Layout, ...]:
        """An owner's layouts of a kind, or of all, by kind and name."""
        rows = connection.execute(
            "SELECT kind, name, content, saved_at FROM layouts WHERE owner = :owner "
            "AND (:kind = '' OR kind = :kind) ORDER BY kind, name",
            {"owner": owner, "kind": kind},
        )
        return tuple(_layout(*row) for row in rows)

    @staticmethod
    def save(connection: sqlite3.Connection, owner: str, layout: Layout) -> Layout:
        """Keep it in place of the one of its name; TooLarge where there is no room for another."""
        assert layout.saved_at is not None
        (others,) = connection.execute(
            "SELECT count(*) FROM layouts WHERE owner = ? AND kind = ? AND name <> ?",
            (owner, layout.kind, layout.name),
        ).fetchone()
        if others >= MOST:
            raise TooLarge(
                f"{others} are saved, and there may be {MOST}", "delete one or save over one"
            )
        connection.execute(
            "INSERT INTO layouts (owner, kind, name, content, saved_at) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (owner, kind, name) DO UPDATE "
            "SET content = excluded.content, saved_at = excluded.saved_at",
            (owner, layout.kind, layout.name, layout.content, instant(layout.saved_at)),
        )
        return layout

    @staticmethod
    def delete(connection: sqlite3.Connection, owner: str, kind: str, name: str) -> Layout:
        """Remove it; the answer is what it was. NotFound."""
        row = connection.execute(
            "DELETE FROM layouts WHERE owner = ? AND kind = ? AND name = ? "
            "RETURNING kind, name, content, saved_at",
            (owner, kind, name),
        ).fetchone()
        if row is None:
            called = "layout" if kind == "layout" else "indicator set"
            raise NotFound(f"no {called} {name!r}", "names are spelled as they were saved")
        return _layout(*row)


def _layout(kind: str, name: str, content: str, saved_at: int) -> Layout:
    return Layout(name=name, kind=kind, content=content, saved_at=moment(saved_at))
