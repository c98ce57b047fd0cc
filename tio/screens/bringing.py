"""A file on its way into a ledger: what was decided of it so far, and what that would bring."""

import uuid
from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from tio.api.contract import Engine
from tio.api.errors import Invalid, TioError
from tio.api.imports import (
    FileFormat,
    ImportPreview,
    ImportRow,
    ImportTransactions,
    ListFileFormats,
    Meant,
    RowState,
    Spelled,
)
from tio.api.mappings import ColumnMapping, GuessMapping, MappingGuess, SaveMapping
from tio.screens.following import in_words


class Bringing:
    """Decisions about one file, each of which can be taken back; nothing is entered by them.

    Tells those who `heed` it when something of it changed. `columns` is whether the mapping of a
    CSV is being chosen; `wrong` what the file cannot be, `busy` what is waited for.
    """

    def __init__(self, portfolio: str, path: str) -> None:
        self.asked = ImportTransactions(portfolio, path)
        self.preview: ImportPreview | None = None
        self.guess: MappingGuess | None = None
        self.formats: tuple[FileFormat, ...] = ()
        self.columns = False
        self.keep_as = ""
        self.wrong = ""
        self.busy = f"Reading {self.name} …"
        self._key = uuid.uuid4().hex
        self._heeding: list[Callable[[], None]] = []

    @property
    def name(self) -> str:
        return Path(self.asked.path).name

    def heed(self, changed: Callable[[], None]) -> None:
        self._heeding.append(changed)

    def tell(self) -> None:
        for changed in self._heeding:
            changed()

    def decide(self, asked: ImportTransactions) -> None:
        """Another decision: it is another import."""
        self.asked, self._key = asked, uuid.uuid4().hex
        self.busy = f"Reading {self.name} …"
        self.tell()

    async def look(self, engine: Engine) -> None:
        """What the file brings as decided; a table no reader knows has its columns chosen."""
        asked = self.asked
        try:
            if not self.formats:
                found = await engine.ask(ListFileFormats())
                self.formats = tuple(each for each in found if each.reads)
            preview = await engine.ask(asked)
        except TioError as error:
            self.preview, self.wrong = None, in_words(error)
            if isinstance(error, Invalid) and not asked.format:
                await self._guess(engine, GuessMapping(asked.path, asked.mapping))
        else:
            self.preview, self.wrong = preview, ""
        self.busy = ""
        self.tell()

    async def _guess(self, engine: Engine, asked: GuessMapping) -> None:
        """The mapping of a file that is none of a known kind."""
        try:
            guess = await engine.ask(asked)
        except TioError:
            return  # What is wrong is told already.
        if asked.mapping is not None or not (guess.known_as or guess.remembered):
            self.guess, self.columns = guess, True
            self.wrong = self.wrong if asked.mapping is not None else ""

    async def choose_columns(self, engine: Engine, asked: GuessMapping | None = None) -> None:
        """How well a mapping reads the file, by default the one it is read by now."""
        own = self.guess.mapping if self.guess is not None else self.asked.mapping
        try:
            self.guess = await engine.ask(asked or GuessMapping(self.asked.path, own))
        except TioError as error:
            self.wrong = in_words(error)
        else:
            self.columns, self.wrong = True, ""
        self.busy = ""
        self.tell()

    def mapped(self) -> None:
        """Go on with the mapping chosen."""
        if self.guess is not None:
            self.columns = False
            self.decide(replace(self.asked, mapping=self.guess.mapping, format=""))

    async def bring(self, engine: Engine) -> ImportPreview:
        """Enter what is taken; a mapping that has a name is kept. TioError."""
        mapping: ColumnMapping | None = self.asked.mapping
        if self.keep_as and mapping is not None:
            await engine.ask(SaveMapping(self.keep_as, self.asked.path, mapping))
        return await engine.ask(replace(self.asked, dry_run=False), key=self._key)

    def turned(self, row: ImportRow) -> ImportTransactions:
        """The import with a row taken that was left, or the other way round."""
        skip, take = set(self.asked.skip), set(self.asked.take)
        if row.line in skip:
            skip.discard(row.line)
        elif row.line in take:
            take.discard(row.line)
        elif row.state is RowState.doubled:
            take.add(row.line)
        else:
            skip.add(row.line)
        return replace(self.asked, skip=tuple(sorted(skip)), take=tuple(sorted(take)))

    def named(self, spelled: str, symbol: str) -> ImportTransactions:
        """The import with a spelling taken for a symbol, "" for what it is taken for unasked."""
        kept = [each for each in self.asked.symbols if each.spelled != spelled]
        told = (Meant(spelled, symbol),) if symbol else ()
        return replace(self.asked, symbols=(*kept, *told))

    def spelled(self, row: ImportRow) -> Spelled | None:
        """How the file spells the instrument of a row."""
        symbols = () if self.preview is None else self.preview.symbols
        if row.transaction is not None:
            of = row.transaction.symbol
            return next((e for e in symbols if of and (e.symbol or e.spelled) == of), None)
        for meant in self.asked.symbols:
            if row.why.startswith(f"{meant.spelled} → "):
                return Spelled(spelled=meant.spelled, symbol=meant.symbol)
        return None
