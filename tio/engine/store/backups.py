"""Copies of a database beside it: made online, atomically, and the last three kept."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tio.engine.store.migrations import schema_of

KEPT = 3
CHECKED = 256 * 1024 * 1024
"""Files up to this many bytes are checked whole when they are opened (50 MB: 0.02 s)."""


def stamp(at: datetime) -> str:
    """A moment for a file name, sorting as time does."""
    return at.strftime("%Y%m%dT%H%M%S%fZ")


def back_up(path: Path, at: datetime) -> Path:
    """Copy a database, with what its log still holds, and drop all but the newest three copies."""
    with closing(sqlite3.connect(path, isolation_level=None)) as source:
        target = path.with_name(f"{path.name}.backup-{schema_of(source)}-{stamp(at)}")
        unfinished = target.with_name(f".{target.name}.part")
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
            source.backup(copy)
    _settle(unfinished, target)
    for old in backups_of(path)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def copy_to(path: Path, target: Path) -> None:
    """Copy a database to a new file, whole and sound or not at all.

    Raises FileExistsError where there is one, OSError, sqlite3.Error.
    """
    unfinished = target.with_name(f".{target.name}.part")
    unfinished.unlink(missing_ok=True)
    try:
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as source,
            closing(sqlite3.connect(unfinished, isolation_level=None)) as copy,
        ):
            source.backup(copy)
            # One file, that needs no log beside it to be read.
            copy.execute("PRAGMA journal_mode = DELETE")
            if (found := integrity(copy)) != "ok":
                raise sqlite3.DatabaseError(found)
        if target.exists():
            raise FileExistsError(target)
        _settle(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def restore(backup: Path, path: Path) -> None:
    """Put a copy of `backup` where `path` was."""
    unfinished = path.with_name(f".{path.name}.part")
    shutil.copyfile(backup, unfinished)
    _settle(unfinished, path)


def backups_of(path: Path) -> list[Path]:
    """The backups of a database, newest first."""
    found = path.parent.glob(f"{path.name}.backup-*Z")
    return sorted(found, key=lambda copy: copy.name.rpartition("-")[2], reverse=True)


def made_at(backup: Path) -> str:
    """When a backup was made, as a person reads it."""
    text = backup.name.rpartition("-")[2]
    return f"{text[:4]}-{text[4:6]}-{text[6:8]} {text[9:11]}:{text[11:13]} UTC"


def integrity(connection: sqlite3.Connection) -> str:
    """`ok`, or the first thing SQLite finds wrong."""
    found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    return found


def set_aside(path: Path, at: datetime) -> Path:
    """Move a damaged database and its log out of the way."""
    aside = path.with_name(f"{path.name}.corrupt.{stamp(at)}")
    for end in ("-shm", "-wal", ""):
        part = path.with_name(path.name + end)
        if part.exists():
            part.rename(aside.with_name(aside.name + end))
    return aside


def _settle(unfinished: Path, target: Path) -> None:
    unfinished.chmod(0o600)
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
