"""Files of brokers and other programs brought into a ledger, and a ledger written to files."""

from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, word
from tio.api.ledger import Change
from tio.api.mappings import ColumnMapping
from tio.api.portfolio import AccountName, PortfolioName, Transaction

Path = Annotated[str, Meta(min_length=1, max_length=4_096)]
Lines = Annotated[tuple[int, ...], Meta(max_length=100_000)]


class RowState(StrEnum):
    """What becomes of a row: entered, left out as known, entered though odd, refused."""

    new = "new"
    doubled = "doubled"
    odd = "odd"
    refused = "refused"


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a file: the entry it makes and whether it is taken; `why` tells what is odd."""

    line: int
    state: RowState
    taken: bool
    why: str = ""
    transaction: Transaction | None = None


class Spelled(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument as the file spells it, and the symbol it is taken for ("" : held unlisted)."""

    spelled: str
    symbol: str
    name: str = ""
    isin: str = ""
    rows: int = 0


class ImportPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a file would bring, or with `change` has brought. `rows` are at most a thousand, the
    refused first, then odd, doubled and new ones; the counts are of all. `trouble`: why the ledger
    cannot bear what is taken; then nothing can be entered until something is left out.
    `trouble_line`: the line it breaks at, 0 where that is an entry of the ledger."""

    path: str
    format: str
    label: str
    new: int = 0
    doubled: int = 0
    odd: int = 0
    refused: int = 0
    taken: int = 0
    rows: tuple[ImportRow, ...] = ()
    symbols: tuple[Spelled, ...] = ()
    trouble: str = ""
    trouble_line: int = 0
    change: Change | None = None


class Meant(msgspec.Struct, frozen=True):
    """What a file's spelling of an instrument stands for here."""

    spelled: Annotated[str, Meta(min_length=1, max_length=200)]
    symbol: Annotated[str, Meta(min_length=1, max_length=64)]


@word(role=Role.owner, effect=Effect.write)
class ImportTransactions(Request[ImportPreview], frozen=True):
    """Bring a file of the engine's machine into a ledger, as one change that one undo takes back.

    `dry_run`: only tell what it would bring. `format`: else the file is recognised. `symbols`: what
    the file's spellings stand for; remembered for the next import. `skip` leaves
    out lines, `take` takes doubled ones all the same. `account`: for rows that name none.
    `mapping`: how to read a CSV no reader knows; `format` may also name one that is kept, and a
    file whose header one is kept for is read by it.
    """

    portfolio: PortfolioName
    path: Path
    format: Annotated[str, Meta(max_length=40)] = ""
    dry_run: bool = True
    account: AccountName = ""
    symbols: Annotated[tuple[Meant, ...], Meta(max_length=5_000)] = ()
    skip: Lines = ()
    take: Lines = ()
    mapping: ColumnMapping | None = None


class FileFormat(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of file that can be read, written, or both."""

    name: str
    label: str
    reads: bool
    writes: bool


@word(tool=True)
class ListFileFormats(Request[tuple[FileFormat, ...]], frozen=True):
    """The kinds of file a ledger can be read from and written to."""


class ExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was written."""

    path: str
    format: str
    entries: int
    bytes: int


@word(role=Role.owner, effect=Effect.write)
class ExportPortfolio(Request[ExportReport], frozen=True):
    """Write a whole ledger to a file of the engine's machine; one that is there is a Conflict
    unless `replace` is set."""

    portfolio: PortfolioName
    path: Path
    format: Annotated[str, Meta(max_length=40)] = "csv"
    replace: bool = False
