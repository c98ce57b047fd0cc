"""A copy of everything a person entered, made while the engine runs."""

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.system import Backup, BackupReport
from tio.engine.service import Answer, Stream
from tio.engine.store.backups import copy_to, stamp
from tio.engine.store.database import Database
from tio.engine.written import written, written_before
from tio.plugin import Clock

FOLDER = "backups"


class BackupDesk:
    """Answers for copies of a workspace's own database."""

    def __init__(self, workspace: str, folder: Path, database: Database, wall: Clock) -> None:
        self._workspace = workspace
        self._folder = folder
        self._database = database
        self._wall = wall

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {Backup: self._back_up}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing runs until it is asked."""

    async def close(self) -> None:
        """Nothing runs."""

    async def _back_up(self, asked: Backup, by: Principal) -> BackupReport:
        first = await written_before(self._database, asked, by, BackupReport)
        if first is not None:
            return first
        now = self._wall.now()
        target = self._target(asked.path, f"tio-{self._workspace}-{stamp(now)}.db")
        try:
            await asyncio.to_thread(copy_to, self._database.path, target)
        except FileExistsError:
            raise Conflict(f"{target.name} is there already", "name another file") from None
        except (OSError, sqlite3.Error) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise Invalid(f"{target.name} could not be written: {clean(why, limit=200)}") from None
        portfolios, entries = await asyncio.to_thread(_counted, target)
        made = BackupReport(
            path=str(target),
            bytes=target.stat().st_size,
            at=now,
            portfolios=portfolios,
            entries=entries,
        )
        return await written(self._database, self._wall, asked, by, lambda _: made, BackupReport)

    def _target(self, told: str, name: str) -> Path:
        if not told:
            folder = self._folder / FOLDER
            folder.mkdir(mode=0o700, exist_ok=True)
            return folder / name
        path = Path(told)
        if not path.is_absolute():
            raise Invalid(f"the path must be absolute, was {clean(told, limit=200)!r}")
        if path.is_dir():
            return path / name
        if not path.parent.is_dir():
            raise NotFound(f"there is no folder {clean(str(path.parent), limit=200)}")
        return path


def _counted(path: Path) -> tuple[int, int]:
    """How many portfolios are in a copy, and entries that stand."""
    connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    try:
        (portfolios,) = connection.execute("SELECT count(*) FROM portfolios").fetchone()
        (entries,) = connection.execute(
            "SELECT count(*) FROM entries WHERE newest AND NOT gone"
        ).fetchone()
    finally:
        connection.close()
    return int(portfolios), int(entries)
