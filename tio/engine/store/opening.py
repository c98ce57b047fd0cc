"""A database file made ready: created, checked, backed up, migrated, or restored."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from tio.api.errors import Conflict
from tio.engine.store.backups import (
    CHECKED,
    back_up,
    backups_of,
    integrity,
    made_at,
    restore,
    set_aside,
    stamp,
)
from tio.engine.store.faults import is_damage, told
from tio.engine.store.migrations import Step, migrate, newest, schema_of

WAIT = 5.0
"""Seconds a connection waits for another's lock."""


class Durability(StrEnum):
    """What an acknowledged write survives: `full` power loss, `normal` the end of the process."""

    full = "FULL"
    normal = "NORMAL"


# Bytes of a page of a new file: bars come in blobs of 24 kB, and larger pages write them twice as
# fast; what a person makes comes in small rows.
_PAGE = {Durability.full: 4_096, Durability.normal: 16_384}


def make_ready(path: Path, durability: Durability, steps: Sequence[Step], now: datetime) -> str:
    """Bring the file to the newest schema; a notice for the person, empty when all is well.

    A file from a newer tio raises Conflict and stays as it is; a damaged one is set aside.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    notice = ""
    if path.exists() and path.stat().st_size:
        damage = _damage(path)
        if damage:
            notice = _replace(path, damage, steps, now)
        else:
            _refuse_foreign(path, steps)
    if path.exists() and path.stat().st_size and _backup_is_due(path, durability, steps, now):
        back_up(path, now)
    try:
        with closing(connect(path, durability)) as connection:
            migrate(connection, steps)
    except sqlite3.Error as error:
        raise told(error, path) from error
    return notice


def connect(path: Path, durability: Durability) -> sqlite3.Connection:
    """A connection that may write; transactions are begun and ended by hand."""
    path.touch(mode=0o600)
    connection = sqlite3.connect(
        path, timeout=WAIT, isolation_level=None, check_same_thread=False, cached_statements=512
    )
    try:
        connection.execute(f"PRAGMA page_size = {_PAGE[durability]}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {durability}")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.text_factory = _lenient
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(path: Path) -> sqlite3.Connection:
    """A connection that cannot write."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=WAIT,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    connection.text_factory = _lenient
    return connection


def _lenient(text: bytes) -> str:
    """A flipped bit in one text must not make the rest unreadable."""
    return text.decode(errors="replace")


def _damage(path: Path) -> str:
    """What is wrong with a file, empty when nothing is; large files are only looked into."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
            if path.stat().st_size <= CHECKED:
                found = integrity(connection)
                return "" if found == "ok" else found
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if is_damage(error):
            return str(error)
        raise told(error, path) from error
    return ""


def _refuse_foreign(path: Path, steps: Sequence[Step]) -> None:
    with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as connection:
        schema = schema_of(connection)
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    if schema > newest(steps):
        raise Conflict(
            f"{path} has schema {schema}, written by a newer tio; "
            f"this tio knows schemas up to {newest(steps)}",
            "start the newer tio, or move the file away to begin anew",
        )
    if schema == 0 and tables:
        raise Conflict(f"{path} is a database of another program", "move the file away")


def _replace(path: Path, damage: str, steps: Sequence[Step], now: datetime) -> str:
    """Set a damaged file aside, restore the newest good backup; what was lost, in words."""
    aside = set_aside(path, now)
    told_damage = f"{path.name} was damaged ({damage.splitlines()[0][:120]})"
    for backup in backups_of(path):
        if not _damage(backup) and _schema_at(backup) <= newest(steps):
            restore(backup, path)
            return (
                f"{told_damage}; restored from the backup of {made_at(backup)}, "
                f"later changes are lost; the damaged file is kept as {aside.name}"
            )
    return (
        f"{told_damage} and has no good backup: started empty, "
        f"all it held is lost; the damaged file is kept as {aside.name}"
    )


def _schema_at(path: Path) -> int:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return schema_of(connection)


def _backup_is_due(
    path: Path, durability: Durability, steps: Sequence[Step], now: datetime
) -> bool:
    """Before each migration; of what cannot be fetched again also once a day."""
    schema = _schema_at(path)
    if 0 < schema < newest(steps):
        return True
    newest_copy = next(iter(backups_of(path)), None)
    if durability is Durability.normal or schema == 0:
        return False
    day_ago = stamp(now - timedelta(days=1))
    return newest_copy is None or newest_copy.name.rpartition("-")[2] < day_ago
