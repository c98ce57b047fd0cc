"""Answers for files: entries brought in from brokers' and other programs', a ledger written out."""

import asyncio
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from tio.api.access import Principal
from tio.api.clean import clean
from tio.api.contract import Request
from tio.api.errors import Conflict, Invalid, NotFound
from tio.api.imports import (
    ExportPortfolio,
    ExportReport,
    FileFormat,
    ImportPreview,
    ImportTransactions,
    ListFileFormats,
)
from tio.api.ledger import Change
from tio.api.portfolio import Transaction
from tio.api.system import Setting
from tio.engine.portfolio.drafts import Drafting
from tio.engine.portfolio.mappings import KeptMappings
from tio.engine.portfolio.shelf import Edit, Ledger, Shelf, fresh
from tio.engine.portfolio.strands import Unbooked
from tio.engine.service import Answer
from tio.engine.store.database import Database
from tio.engine.store.settings import SettingsTable
from tio.engine.written import written, written_before
from tio.plugin import Clock

if TYPE_CHECKING:
    from tio.engine.portfolio.bringing_in import Sorted

SPELLINGS = "portfolio.spellings"
"""The setting that remembers what files' spellings stand for."""


class LedgerFiles:
    """Imports and exports of the ledgers on a shelf."""

    def __init__(
        self,
        shelf: Shelf,
        database: Database,
        wall: Clock,
        drafting: Drafting,
        symbol: Callable[[str], str],
    ) -> None:
        self._shelf = shelf
        self._database = database
        self._wall = wall
        self._drafting = drafting
        self._symbol = symbol
        self._mappings = KeptMappings(database, wall)

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {
            ImportTransactions: self._import,
            ExportPortfolio: self._export,
            ListFileFormats: self._formats,
            **self._mappings.answers(),
        }

    async def _import(self, asked: ImportTransactions, by: Principal) -> ImportPreview:
        from tio.engine.portfolio.bringing_in import batch, decided, read, remembered

        first = await written_before(self._database, asked, by, ImportPreview)
        if first is not None:
            return first
        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        portfolio = ledger.books.portfolio
        mappings = await self._mappings.of(by.name)
        file = await asyncio.to_thread(read, asked, portfolio.zone, mappings)
        kept = await self._database.read(lambda c: _spellings(c, by.name))
        said = remembered(kept) | {each.spelled: each.symbol for each in asked.symbols}
        found = await decided(file, asked, ledger.books, self._drafting, said, self._symbol)
        named = batch()
        entries = [replace(entry, batch=named) for entry in found.entries]
        if asked.dry_run:
            # Whether the ledger can bear them is a part of what is to be seen before.
            now = self._wall.now()
            return await asyncio.to_thread(_borne, ledger, entries, now, found)
        if not entries:
            nothing = found.preview
            return await written(
                self._database, self._wall, asked, by, lambda _: nothing, ImportPreview
            )
        what = f"import {Path(asked.path).name} ({file.label})"[:200]
        if asked.symbols:
            await self._remember(by.name, said)

        def bring(ledger: Ledger, _: sqlite3.Connection) -> Edit:
            now = self._wall.now()
            come = [fresh(entry, ledger, now, at) for at, entry in enumerate(entries)]
            return Edit(clean(what), come=come)

        def told(change: Change, _: Edit) -> ImportPreview:
            return replace(found.preview, change=change)

        return await self._shelf.change(asked, by, asked.portfolio, bring, told, ImportPreview)

    async def _remember(self, owner: str, said: Mapping[str, str]) -> None:
        setting = Setting(SPELLINGS, json.dumps(said, sort_keys=True))
        now = self._wall.now()
        await self._database.write(lambda c: SettingsTable.save(c, owner, setting, now))

    async def _export(self, asked: ExportPortfolio, by: Principal) -> ExportReport:
        from tio.engine.portfolio.importing.writers import named

        ledger = await self._shelf.ledger(by.name, asked.portfolio)
        path, write = Path(asked.path), named(asked.format)
        if not path.is_absolute():
            raise Invalid(f"the path must be absolute, was {clean(asked.path, limit=200)!r}")
        entries = ledger.books.entries()

        def written() -> int:
            return _put(path, write(entries).encode(), asked.replace)

        size = await asyncio.to_thread(written)
        return ExportReport(path=asked.path, format=asked.format, entries=len(entries), bytes=size)

    async def _formats(self, _: ListFileFormats, by: Principal) -> tuple[FileFormat, ...]:
        from tio.engine.portfolio.importing.readers import readers
        from tio.engine.portfolio.importing.writers import WRITERS

        reads = [
            FileFormat(name=each.name, label=each.label, reads=True, writes=False)
            for each in readers()
        ]
        writes = [
            FileFormat(name=name, label=writer.label, reads=False, writes=True)
            for name, writer in WRITERS.items()
        ]
        own = [
            FileFormat(name=e.name, label="CSV by a mapping of yours", reads=True, writes=False)
            for e in await self._mappings.of(by.name)
        ]
        return (*reads, *own, *writes)


def _borne(
    ledger: Ledger, entries: Sequence[Transaction], now: datetime, found: "Sorted"
) -> ImportPreview:
    """The preview, with why the ledger cannot bear the entries where it cannot, and which line."""
    come = [fresh(each, ledger, now, at) for at, each in enumerate(entries)]
    try:
        ledger.books.changed((), come)
    except Invalid as error:
        stuck = error.entry.id if isinstance(error, Unbooked) else ""
        lines = {entry.id: line for entry, line in zip(come, found.lines, strict=True)}
        told = clean(f"{error.message}; {error.next}".rstrip("; "), limit=400)
        return replace(found.preview, trouble=told, trouble_line=lines.get(stuck, 0))
    return found.preview


def _spellings(connection: sqlite3.Connection, owner: str) -> str:
    found = (s.value for s in SettingsTable.list(connection, owner) if s.key == SPELLINGS)
    return next(found, "")


def _put(path: Path, data: bytes, replace: bool) -> int:
    """Write a file whole or not at all; Conflict, NotFound or Invalid."""
    if path.exists() and not replace:
        raise Conflict(f"there is a file {path} already", "choose another name, or --replace")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}")
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".tio-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from None
    return len(data)
