import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from tio.api.charts import Layout
from tio.api.errors import NotFound, TooLarge
from tio.engine.store.layouts import MOST, LayoutTable
from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS

NOW = datetime(2026, 3, 1, tzinfo=UTC)
SWING = Layout(name="swing", kind="layout", content='{"timeframe":"1d"}', saved_at=NOW)
TREND = Layout(name="trend", kind="indicators", content='["ema:20"]', saved_at=NOW)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def test_saving_a_name_again_replaces_it(connection: sqlite3.Connection) -> None:
    later = replace(SWING, content="{}", saved_at=NOW.replace(day=2))
    for each in (SWING, TREND, later):
        LayoutTable.save(connection, "ann", each)
    assert LayoutTable.list(connection, "ann") == (TREND, later)
    assert LayoutTable.list(connection, "ann", "layout") == (later,)


def test_one_name_may_be_of_a_layout_and_of_a_set(connection: sqlite3.Connection) -> None:
    both = (replace(TREND, name="swing"), SWING)
    for each in both:
        LayoutTable.save(connection, "ann", each)
    assert LayoutTable.list(connection, "ann") == both
    assert LayoutTable.delete(connection, "ann", "layout", "swing") == SWING
    assert LayoutTable.list(connection, "ann") == both[:1]


def test_nobody_sees_or_deletes_another_owners(connection: sqlite3.Connection) -> None:
    LayoutTable.save(connection, "ann", SWING)
    assert LayoutTable.list(connection, "bob") == ()
    with pytest.raises(NotFound, match="no layout 'swing'"):
        LayoutTable.delete(connection, "bob", "layout", "swing")
    with pytest.raises(NotFound, match="no indicator set 'swing'"):
        LayoutTable.delete(connection, "ann", "indicators", "swing")


def test_there_is_room_for_a_number_of_a_kind(connection: sqlite3.Connection) -> None:
    for number in range(MOST):
        LayoutTable.save(connection, "ann", replace(SWING, name=str(number)))
    with pytest.raises(TooLarge, match="200 are saved"):
        LayoutTable.save(connection, "ann", SWING)
    LayoutTable.save(connection, "ann", replace(SWING, name="7", content="{}"))
    LayoutTable.save(connection, "ann", TREND)
