"""What SQLite complains about, said as our errors."""

import sqlite3
from pathlib import Path

from tio.api.errors import Broken, Busy, TioError

_FULL, _IOERR, _READONLY, _CANTOPEN = 13, 10, 8, 14
_BUSY, _LOCKED, _CORRUPT, _NOTADB = 5, 6, 11, 26


def told(error: sqlite3.Error, path: Path) -> TioError:
    """The error as one sentence and a next step; nothing of the failed write was kept."""
    name = path.name
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case code if code in (_FULL, _IOERR):
            return Busy(
                f"{name} cannot grow, so nothing was saved: {error}",
                f"free some space on the disk that holds {path.parent}; saving then works again",
            )
        case code if code in (_READONLY, _CANTOPEN):
            return Broken(
                f"{name} cannot be written, so nothing was saved: {error}",
                f"make {path.parent} writable; saving then works again",
            )
        case code if code in (_BUSY, _LOCKED):
            return Busy(f"{name} is in use by another program: {error}", "try again in a moment")
        case code if code in (_CORRUPT, _NOTADB):
            return Broken(
                f"{name} is damaged: {error}",
                "restart tio: it sets the file aside and restores the newest good backup",
            )
    return Broken(f"{name} refused a statement: {error}", "the log has the rest")


def is_damage(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (_CORRUPT, _NOTADB)
