"""Drawings, each owner's apart, in the order they were made."""

import json
import sqlite3

from tio.api.charts import Drawing, DrawingKind, Point
from tio.api.errors import NotFound, TooLarge
from tio.api.market import Adjustment
from tio.api.series import instant, moment

MOST = 500
"""Drawings one owner may have on one symbol."""
_COLUMNS = "id, symbol, kind, points, text, pen, adjusted, made_at"


class DrawingTable:
    """The drawings of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str, symbol: str = "") -> tuple[Drawing, ...]:
        """An owner's drawings on a symbol, or on all, in the order they were made."""
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM drawings WHERE owner = :owner "
            "AND (:symbol = '' OR symbol = :symbol) ORDER BY position",
            {"owner": owner, "symbol": symbol},
        )
        return tuple(_drawing(*row) for row in rows)

    @staticmethod
    def get(connection: sqlite3.Connection, owner: str, id: str) -> Drawing:
        """One drawing; NotFound."""
        row = connection.execute(
            f"SELECT {_COLUMNS} FROM drawings WHERE owner = ? AND id = ?",
            (owner, id),
        ).fetchone()
        if row is None:
            raise NotFound(f"no drawing {id!r}", "it may have been deleted on another terminal")
        return _drawing(*row)

    @staticmethod
    def add(connection: sqlite3.Connection, owner: str, drawing: Drawing) -> Drawing:
        """Make it the newest; TooLarge where its symbol has no room for one more."""
        symbol = drawing.symbol
        (count,) = connection.execute(
            "SELECT count(*) FROM drawings WHERE owner = ? AND symbol = ?", (owner, symbol)
        ).fetchone()
        if count >= MOST:
            raise TooLarge(
                f"{symbol} has {count} drawings, and there may be {MOST}", "delete some first"
            )
        connection.execute(
            f"INSERT INTO drawings (owner, {_COLUMNS}, position) "
            "SELECT :owner, :id, :symbol, :kind, :points, :text, :pen, :adjusted, :made_at, "
            "coalesce(max(position), 0) + 1 FROM drawings WHERE owner = :owner",
            {"owner": owner, **_row(drawing)},
        )
        return drawing

    @staticmethod
    def put(connection: sqlite3.Connection, owner: str, drawing: Drawing) -> Drawing:
        """Replace the one of its id, in its place."""
        connection.execute(
            "UPDATE drawings SET symbol = :symbol, kind = :kind, points = :points, text = :text, "
            "pen = :pen, adjusted = :adjusted, made_at = :made_at "
            "WHERE owner = :owner AND id = :id",
            {"owner": owner, **_row(drawing)},
        )
        return drawing

    @staticmethod
    def delete(connection: sqlite3.Connection, owner: str, id: str) -> Drawing:
        """Remove it; the answer is what it was. NotFound."""
        gone = DrawingTable.get(connection, owner, id)
        connection.execute("DELETE FROM drawings WHERE owner = ? AND id = ?", (owner, id))
        return gone


def _row(drawing: Drawing) -> dict[str, object]:
    assert drawing.made_at is not None
    return {
        "id": drawing.id,
        "symbol": drawing.symbol,
        "kind": str(drawing.kind),
        "points": json.dumps([(instant(point.time), point.price) for point in drawing.points]),
        "text": drawing.text,
        "pen": drawing.pen,
        "adjusted": str(drawing.adjusted),
        "made_at": instant(drawing.made_at),
    }


def _drawing(
    id: str, symbol: str, kind: str, points: str, text: str, pen: str, adjusted: str, made_at: int
) -> Drawing:
    return Drawing(
        id=id,
        symbol=symbol,
        kind=DrawingKind(kind),
        points=tuple(Point(moment(at), price) for at, price in json.loads(points)),
        text=text,
        pen=pen,
        adjusted=Adjustment(adjusted),
        made_at=moment(made_at),
    )
