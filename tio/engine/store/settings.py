"""What the screens remember, each owner's apart."""

import sqlite3
from datetime import datetime

from tio.api.errors import NotFound
from tio.api.series import instant
from tio.api.system import Setting


class SettingsTable:
    """The settings of tio.db, over a connection the caller's transaction holds."""

    @staticmethod
    def list(connection: sqlite3.Connection, owner: str) -> tuple[Setting, ...]:
        """An owner's settings by key."""
        rows = connection.execute(
            "SELECT key, value FROM settings WHERE owner = ? ORDER BY key", (owner,)
        )
        return tuple(Setting(key, value) for key, value in rows)

    @staticmethod
    def save(
        connection: sqlite3.Connection, owner: str, setting: Setting, now: datetime
    ) -> Setting:
        """Remember it, in place of what the key held."""
        connection.execute(
            "INSERT INTO settings (owner, key, value, at) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (owner, key) DO UPDATE SET value = excluded.value, at = excluded.at",
            (owner, setting.key, setting.value, instant(now)),
        )
        return setting

    @staticmethod
    def delete(connection: sqlite3.Connection, owner: str, key: str) -> Setting:
        """Forget it; the answer is what it was."""
        row = connection.execute(
            "DELETE FROM settings WHERE owner = ? AND key = ? RETURNING value", (owner, key)
        ).fetchone()
        if row is None:
            raise NotFound(f"no setting {key!r}")
        return Setting(key, row[0])
