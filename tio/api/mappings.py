"""Any CSV read by a mapping of its columns: guessed, told, and remembered by the file's header."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from tio.api.contract import Effect, Request, Role, word
from tio.api.portfolio import TransactionKind

CsvPath = Annotated[str, Meta(min_length=1, max_length=4_096)]
MappingName = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]
Cell = Annotated[str, Meta(max_length=500)]
Delimiter = Literal["", ",", ";", "\t", "|"]
Encoding = Literal[
    "",
    "utf-8",
    "utf-16",
    "cp1252",
    "cp1250",
    "cp1251",
    "iso-8859-15",
    "mac-roman",
    "cp850",
    "shift-jis",
    "gb18030",
]
"""How bytes are letters; "" is UTF-8, UTF-16 where the file is marked so, else cp1252."""


class CsvField(StrEnum):
    """What a column can tell of a row."""

    date = "date"
    time = "time"
    kind = "kind"
    symbol = "symbol"
    isin = "isin"
    name = "name"
    quantity = "quantity"
    price = "price"
    amount = "amount"
    fee = "fee"
    tax = "tax"
    currency = "currency"
    account = "account"
    note = "note"
    reference = "reference"


class CsvSign(StrEnum):
    """What tells a purchase from a sale, and money in from money out, beside the words.

    `words`: nothing does. `quantity`: below zero is sold. `amount`: below zero was paid.
    """

    words = "words"
    quantity = "quantity"
    amount = "amount"


class FieldColumn(msgspec.Struct, frozen=True):
    """The column, by its name in the header, that tells a field."""

    field: CsvField
    column: Annotated[str, Meta(min_length=1, max_length=500)]


class FieldConstant(msgspec.Struct, frozen=True):
    """What every row says of a field that no column tells, as the currency."""

    field: CsvField
    value: Cell


class KindWord(msgspec.Struct, frozen=True):
    """What a word of the kind column means."""

    word: Cell
    kind: TransactionKind


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """How to read one shape of CSV.

    date: a strptime format, "" for ISO. decimal: the mark before decimals. net: whether amounts
    are after fees and taxes.
    """

    columns: Annotated[tuple[FieldColumn, ...], Meta(max_length=40)] = ()
    constants: Annotated[tuple[FieldConstant, ...], Meta(max_length=40)] = ()
    kinds: Annotated[tuple[KindWord, ...], Meta(max_length=500)] = ()
    date: Annotated[str, Meta(max_length=60)] = ""
    decimal: Literal[".", ","] = "."
    delimiter: Literal[",", ";", "\t", "|"] = ","
    encoding: Encoding = ""
    sign: CsvSign = CsvSign.words
    net: bool = False

    def column(self, field: CsvField) -> str:
        """The column of a field, "" where none tells it."""
        return next((each.column for each in self.columns if each.field is field), "")

    def field(self, column: str) -> CsvField | None:
        """What a column tells."""
        return next((each.field for each in self.columns if each.column == column), None)


def with_column(mapping: ColumnMapping, field: CsvField, column: str) -> ColumnMapping:
    """A field told by another column, "" by none; a column tells one field."""
    kept = [each for each in mapping.columns if each.field is not field and each.column != column]
    told = (FieldColumn(field, column),) if column else ()
    return replace(mapping, columns=(*kept, *told))


def with_constant(mapping: ColumnMapping, field: CsvField, value: str) -> ColumnMapping:
    """A field that is the same in every row, "" for no longer so."""
    kept = [each for each in mapping.constants if each.field is not field]
    told = (FieldConstant(field, value),) if value else ()
    return replace(mapping, constants=(*kept, *told))


def with_kind(mapping: ColumnMapping, word: str, kind: TransactionKind) -> ColumnMapping:
    """A word of the kind column with its meaning."""
    word = word.lower()
    kept = [each for each in mapping.kinds if each.word.lower() != word]
    return replace(mapping, kinds=(*kept, KindWord(word, kind)))


class ColumnGuess(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the file: what it is taken for, and the part of its cells that can be that."""

    column: str
    field: CsvField | None = None
    sure: float = 0.0
    samples: tuple[str, ...] = ()


class MappingGuess(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping and how well it reads a file.

    `lines` are those it was tried on, the first five thousand; `sure`: the part of them that can be
    read so. `notes`: what was chosen, and what a person
    has to choose, in sentences. `dates`: formats all its dates could be. `unknown`: words of the
    kind column that mean nothing yet. `known_as`: the reader that knows the file without a
    mapping, `remembered`: the mapping kept for its header.
    """

    path: str
    mapping: ColumnMapping
    header_line: int = 0
    lines: int = 0
    refused: int = 0
    sure: float = 0.0
    columns: tuple[ColumnGuess, ...] = ()
    notes: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    encoding: str = ""
    known_as: str = ""
    remembered: str = ""


@word(role=Role.owner)
class GuessMapping(Request[MappingGuess], frozen=True):
    """Look at a CSV of the engine's machine: its columns with samples, and the likeliest mapping.

    With `mapping` that one is tried in place of a guess. `encoding` and `delimiter`: else guessed.
    """

    path: CsvPath
    mapping: ColumnMapping | None = None
    encoding: Encoding = ""
    delimiter: Delimiter = ""


class SavedMapping(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping kept under a name; files with this `header` are read by it without being asked."""

    name: str
    mapping: ColumnMapping
    header: tuple[str, ...]
    saved_at: datetime


@word(role=Role.owner, effect=Effect.write)
class SaveMapping(Request[SavedMapping], frozen=True):
    """Keep a mapping for all files with the header of this one, in place of one of that name."""

    name: MappingName
    path: CsvPath
    mapping: ColumnMapping


@word(role=Role.owner)
class ListMappings(Request[tuple[SavedMapping, ...]], frozen=True):
    """The mappings the caller keeps, by name."""


@word(role=Role.owner, effect=Effect.write)
class DeleteMapping(Request[SavedMapping], frozen=True):
    """Forget a mapping; the answer is what it was."""

    name: MappingName
