import sqlite3
from contextlib import closing

from tio.engine.store.migrations import migrate
from tio.engine.store.tio_schema import STEPS


def test_every_table_of_a_persons_has_its_owner_in_the_key() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrate(connection, STEPS)
        # What the search of chats is made of is an index; its rows are found through the messages.
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'chat_text%'"
        ).fetchall()
        keys = {
            table: [
                row[1]
                for row in connection.execute(f"PRAGMA table_info({table})")
                if row[5] and row[3]
            ]
            for (table,) in tables
        }
    assert len(keys) >= 4
    assert {columns[0] for columns in keys.values()} == {"owner"}
