import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

from tio.api.errors import NotFound
from tio.api.system import Setting
from tio.engine.store.migrations import migrate
from tio.engine.store.settings import SettingsTable
from tio.engine.store.tio_schema import STEPS

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        migrate(made, STEPS)
        yield made


def test_settings_are_replaced_by_key_and_kept_apart(connection: sqlite3.Connection) -> None:
    for owner, value in (("ann", '"dark"'), ("bob", '"light"'), ("ann", '"16"')):
        SettingsTable.save(connection, owner, Setting("theme", value), NOW)
    assert SettingsTable.list(connection, "ann") == (Setting("theme", '"16"'),)
    assert SettingsTable.delete(connection, "ann", "theme") == Setting("theme", '"16"')
    assert SettingsTable.list(connection, "ann") == ()
    assert len(SettingsTable.list(connection, "bob")) == 1
    with pytest.raises(NotFound):
        SettingsTable.delete(connection, "ann", "theme")
