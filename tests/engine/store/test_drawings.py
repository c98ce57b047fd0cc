import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tio.api.charts import Drawing, DrawingKind, Point
from tio.api.errors import NotFound, TooLarge
from tio.engine.store.drawings import MOST, DrawingTable
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS

NOW = datetime(2026, 3, 1, 9, 30, 15, 123456, tzinfo=UTC)
LINE = Drawing(
    id="a1",
    symbol="AAPL",
    kind=DrawingKind.trend,
    points=(Point(NOW, 0.1 + 0.2), Point(NOW.replace(hour=15), -1e-9)),
    text="support",
    pen="blue",
    made_at=NOW,
)
NOTE = replace(LINE, id="b2", kind=DrawingKind.text, points=LINE.points[:1], symbol="MSFT")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def test_a_drawing_comes_back_as_it_was_to_the_last_digit(connection: sqlite3.Connection) -> None:
    DrawingTable.add(connection, "ann", LINE)
    assert DrawingTable.get(connection, "ann", "a1") == LINE


def test_drawings_keep_the_order_they_were_made_in(connection: sqlite3.Connection) -> None:
    for each in (LINE, NOTE, replace(LINE, id="0")):
        DrawingTable.add(connection, "ann", each)
    DrawingTable.put(connection, "ann", replace(LINE, text="broken"))
    assert [each.id for each in DrawingTable.list(connection, "ann")] == ["a1", "b2", "0"]
    assert [each.id for each in DrawingTable.list(connection, "ann", "AAPL")] == ["a1", "0"]
    assert DrawingTable.get(connection, "ann", "a1").text == "broken"


def test_nobody_sees_changes_or_deletes_another_owners(connection: sqlite3.Connection) -> None:
    DrawingTable.add(connection, "ann", LINE)
    assert DrawingTable.list(connection, "bob") == ()
    with pytest.raises(NotFound):
        DrawingTable.delete(connection, "bob", "a1")
    DrawingTable.put(connection, "bob", replace(LINE, text="mine"))
    assert DrawingTable.delete(connection, "ann", "a1") == LINE
    assert DrawingTable.list(connection, "ann") == ()


def test_a_symbol_has_room_for_a_number_of_them(connection: sqlite3.Connection) -> None:
    for number in range(MOST):
        DrawingTable.add(connection, "ann", replace(LINE, id=str(number)))
    with pytest.raises(TooLarge, match=f"AAPL has {MOST} drawings"):
        DrawingTable.add(connection, "ann", LINE)
    assert DrawingTable.add(connection, "ann", NOTE) == NOTE
