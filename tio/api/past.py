"""The past that is stored: what there is, what is missing, filling, pruning, exporting it."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, word
from tio.api.market import Adjustment, Coverage, Symbol, Symbols, Timeframe
from tio.api.system import Job

Days = Annotated[int, Meta(ge=1, le=36_500)]


class StoredBars(msgspec.Struct, frozen=True, kw_only=True):
    """One stored series: whose bars, how many, from when to when, on which basis."""

    symbol: str
    timeframe: Timeframe
    source: str
    bars: int
    first: datetime
    last: datetime
    adjusted: Adjustment
    coverage: Coverage
    bytes: int = 0


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """No bar opens in [start, end) although the market was open; at least `bars` could have.

    `asked`: the source has said that it has none there, so asking again is of no use.
    """

    start: datetime
    end: datetime
    bars: int
    asked: bool = False


class GapReport(msgspec.Struct, frozen=True, kw_only=True):
    """What one stored series lacks between its bounds, the oldest first."""

    symbol: str
    timeframe: Timeframe
    source: str
    gaps: tuple[Gap, ...] = ()
    missing: int = 0
    more: int = 0
    """Gaps beyond those listed."""


class Pruned(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken out of one series, or would be."""

    symbol: str
    timeframe: Timeframe
    source: str
    bars: int
    before: datetime


class PruneReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was pruned; `archived` is the folder it was written to before."""

    pruned: tuple[Pruned, ...] = ()
    bars: int = 0
    archived: str = ""
    dry_run: bool = False


class ExportedBars(msgspec.Struct, frozen=True, kw_only=True):
    """What an export wrote."""

    path: str
    files: int
    bars: int


@word(tool=True)
class ListStoredBars(Request[tuple[StoredBars, ...]], frozen=True):
    """The series of bars that are stored; none named: of every symbol."""

    symbols: Symbols = ()


@word(tool=True)
class FindGaps(Request[tuple[GapReport, ...]], frozen=True):
    """Where stored bars of a symbol are missing although its market was open."""

    symbol: Symbol
    timeframe: Timeframe | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 50


@word(role=Role.owner, effect=Effect.write)
class FillBars(Request[Job], frozen=True):
    """Fetch past bars as a job, page by page; one that is interrupted goes on where it was.

    Without `start` as far back as the sources tell; what is stored is not fetched again.
    """

    symbols: Annotated[Symbols, Meta(min_length=1)]
    timeframe: Timeframe = Timeframe.d1
    start: datetime | None = None
    end: datetime | None = None
    source: str | None = None


@word(role=Role.owner, effect=Effect.danger)
class PruneBars(Request[PruneReport], frozen=True):
    """Take stored bars of a timeframe older than so many days out; with `archive` keep a copy."""

    timeframe: Timeframe
    days: Days
    symbols: Symbols = ()
    archive: str = ""
    dry_run: bool = True


@word(role=Role.owner, effect=Effect.write)
class ExportBars(Request[ExportedBars], frozen=True):
    """Write stored bars as partitioned Parquet: `symbol=…/year=…` below an absolute path."""

    path: str
    symbols: Symbols = ()
    timeframe: Timeframe | None = None


@word(role=Role.owner, effect=Effect.write)
class ImportLake(Request[ExportedBars], frozen=True):
    """Read bars back from partitioned Parquet that `ExportBars` wrote."""

    path: str
    symbols: Symbols = ()
