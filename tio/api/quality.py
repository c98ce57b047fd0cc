"""What was refused of ticks; faults of stored bars, the repairs proposed, made and undone."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Effect, Request, Role, word
from tio.api.market import Symbol, Timeframe


class QualityReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was refused and what was flagged, counted by reason."""

    symbol: str
    accepted: int = 0
    refused: dict[str, int] = {}
    flagged: dict[str, int] = {}


class FaultKind(StrEnum):
    """What is odd about stored bars."""

    high_below_low = "high_below_low"
    outside_range = "outside_range"
    non_positive = "non_positive"
    negative_volume = "negative_volume"
    unit_error = "unit_error"
    spike = "spike"
    split_not_applied = "split_not_applied"
    split_applied_twice = "split_applied_twice"
    split_suspect = "split_suspect"
    dividend_unit = "dividend_unit"
    dividend_twice = "dividend_twice"
    dividend_not_adjusted = "dividend_not_adjusted"
    flat_without_trade = "flat_without_trade"
    doubled = "doubled"
    gap = "gap"


class BarFault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: of the bars that open from `time` to `until`, or of the event on `ex_date`.

    `repair` says what is proposed, empty where nothing is; `sure` when it follows from the data
    (a factor of 100, a known split), not when it is a guess that a person should look at first.
    """

    id: str
    kind: FaultKind
    time: datetime
    until: datetime
    bars: int
    seen: str
    why: str
    repair: str = ""
    sure: bool = False
    ex_date: date | None = None


class FaultReport(msgspec.Struct, frozen=True, kw_only=True):
    """The faults of one stored series, oldest first, and how many there are of each kind."""

    symbol: str
    timeframe: Timeframe
    source: str
    bars: int = 0
    faults: tuple[BarFault, ...] = ()
    counts: dict[str, int] = {}
    more: int = 0
    """Faults beyond those listed."""


class BarFigures(msgspec.Struct, frozen=True):
    """The figures of one bar; None where there is none."""

    open: float | None
    high: float | None
    low: float | None
    close: float | None
    volume: float | None


class BarChange(msgspec.Struct, frozen=True, kw_only=True):
    """A bar before and after a repair; without `after` it is taken out."""

    time: datetime
    before: BarFigures
    after: BarFigures | None = None


class EventChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an event pays, before and after a repair; zero: it never was."""

    kind: str
    ex_date: date
    before: float
    after: float


class RepairReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a repair changes or has changed; `id` undoes it, 0 for a preview that changed nothing.

    `changes` are the first 200 bars, `bars` counts all.
    """

    id: int = 0
    symbol: str
    timeframe: Timeframe
    source: str
    at: datetime | None = None
    faults: tuple[str, ...] = ()
    bars: int = 0
    changes: tuple[BarChange, ...] = ()
    events: tuple[EventChange, ...] = ()
    undone: datetime | None = None


@word(tool=True)
class GetQuality(Request[tuple[QualityReport, ...]], frozen=True):
    """What was refused or flagged, for each instrument that had any traffic."""

    symbol: Symbol | None = None


@word(tool=True)
class FindFaults(Request[tuple[FaultReport, ...]], frozen=True):
    """What is odd about a symbol's stored bars and events, with proposed repairs."""

    symbol: Symbol
    timeframe: Timeframe | None = None
    source: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100


@word(role=Role.owner, effect=Effect.write)
class RepairBars(Request[RepairReport], frozen=True):
    """Repair faults of one stored series by id, or `all` that are sure; a preview unless told not.

    Bars before and after are kept: `UndoRepair` puts back exactly what was.
    """

    symbol: Symbol
    timeframe: Timeframe
    source: str
    faults: Annotated[tuple[str, ...], Meta(max_length=1_000)] = ()
    all: bool = False
    dry_run: bool = True


@word(role=Role.owner, effect=Effect.write)
class UndoRepair(Request[RepairReport], frozen=True):
    """Put back what a repair changed; Conflict where its bars have changed since."""

    id: Annotated[int, Meta(ge=1)]


@word(tool=True)
class ListRepairs(Request[tuple[RepairReport, ...]], frozen=True):
    """The repairs made, newest first, those undone among them."""

    symbol: Symbol | None = None
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 100
