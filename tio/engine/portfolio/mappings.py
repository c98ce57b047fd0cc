"""Answers for mappings of CSV files: guessed, kept, listed, forgotten."""

import asyncio
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request
from tio.api.errors import Invalid, NotFound
from tio.api.mappings import (
    CsvField,
    DeleteMapping,
    GuessMapping,
    ListMappings,
    MappingGuess,
    SavedMapping,
    SaveMapping,
)
from tio.api.system import Setting
from tio.engine.service import Answer
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.engine.written import written
from tio.plugin import Clock

KEPT = "portfolio.mappings"
"""The setting that remembers an owner's mappings."""
MOST = 200


class KeptMappings:
    """The mappings of each owner."""

    def __init__(self, database: Database, wall: Clock) -> None:
        self._database, self._wall = database, wall

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            GuessMapping: self._guess,
            SaveMapping: self._save,
            ListMappings: self._list,
            DeleteMapping: self._delete,
        }

    async def of(self, owner: str) -> tuple[SavedMapping, ...]:
        """An owner's, by name."""
        return await self._database.read(lambda c: _kept(c, owner))

    async def _guess(self, asked: GuessMapping, by: Principal) -> MappingGuess:
        from tio.engine.portfolio.importing.looking import looked_at

        kept = await self.of(by.name)
        return await asyncio.to_thread(looked_at, asked, kept, "UTC")

    async def _list(self, _: ListMappings, by: Principal) -> tuple[SavedMapping, ...]:
        return await self.of(by.name)

    async def _save(self, asked: SaveMapping, by: Principal) -> SavedMapping:
        from tio.engine.portfolio.importing.mappings_told import header_of
        from tio.engine.portfolio.importing.readers import readers
        from tio.engine.portfolio.importing.texts import octets

        if any(reader.name == asked.name.lower() for reader in readers()):
            raise Invalid(f"{asked.name} is the name of a kind of file already", "take another")
        if not asked.mapping.column(CsvField.date):
            raise Invalid("a mapping needs the column of the date", "tell it with date=COLUMN")

        def header() -> tuple[str, ...]:
            return header_of(octets(Path(asked.path)), asked.mapping)

        saved = SavedMapping(
            name=asked.name,
            mapping=asked.mapping,
            header=await asyncio.to_thread(header),
            saved_at=self._wall.now(),
        )

        def save(connection: sqlite3.Connection) -> SavedMapping:
            others = [e for e in _kept(connection, by.name) if e.name != asked.name]
            if len(others) >= MOST:
                raise Invalid(f"{MOST} mappings are kept already", "delete one")
            self._keep(connection, by.name, (*others, saved))
            return saved

        return await written(self._database, self._wall, asked, by, save, SavedMapping)

    async def _delete(self, asked: DeleteMapping, by: Principal) -> SavedMapping:
        def delete(connection: sqlite3.Connection) -> SavedMapping:
            kept = _kept(connection, by.name)
            gone = next((each for each in kept if each.name == asked.name), None)
            if gone is None:
                known = ", ".join(each.name for each in kept) or "none is kept"
                raise NotFound(f"there is no mapping {clean(asked.name)!r}", known)
            self._keep(connection, by.name, [each for each in kept if each is not gone])
            return gone

        return await written(self._database, self._wall, asked, by, delete, SavedMapping)

    def _keep(self, connection: sqlite3.Connection, owner: str, kept: Any) -> None:
        ordered = sorted(kept, key=lambda each: each.name)
        text = msgspec.json.encode(ordered).decode()
        SettingsTable.save(connection, owner, Setting(KEPT, text), self._wall.now())


def _kept(connection: sqlite3.Connection, owner: str) -> tuple[SavedMapping, ...]:
    found = (s.value for s in SettingsTable.list(connection, owner) if s.key == KEPT)
    text = next(found, "")
    return msgspec.json.decode(text, type=tuple[SavedMapping, ...]) if text else ()
