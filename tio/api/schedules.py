"""Schedules of the analyst's reports, and the reports they left."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.analyst import Depth, Report, Workflow
from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.market import Symbol

ScheduleName = Annotated[str, Meta(min_length=1, max_length=60)]
ReportId = Annotated[str, Meta(pattern=r"^r[0-9]{1,9}$", description="a report's id, as r12")]


class Weekday(StrEnum):
    """A day of the week."""

    mon = "mon"
    tue = "tue"
    wed = "wed"
    thu = "thu"
    fri = "fri"
    sat = "sat"
    sun = "sun"


class DueAt(StrEnum):
    """What a schedule's time is told by."""

    clock = "clock"
    open = "open"
    close = "close"


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """Which report is made, and of what.

    `brief` and `why` take one symbol, `compare` two to eight; `name` is the watchlist of `morning`,
    the portfolio of `portfolio`, `risk` and `journal`, the id of `idea`.
    """

    workflow: Workflow
    symbols: Annotated[tuple[Symbol, ...], Meta(max_length=8)] = ()
    name: Annotated[str, Meta(max_length=60)] = ""
    depth: Depth = Depth.short


class ReportTime(msgspec.Struct, frozen=True, kw_only=True):
    """When a report is due: by the clock of a zone, or by a venue's sessions.

    `clock`: at `time`, as 08:30, of the IANA `zone`; with a `venue` only on days it trades. A time
    the clock leaps over is told by the offset before, one it passes twice is the first. `open`:
    `minutes` before the first regular session of `venue`'s day, `close`: after the last. `days`
    bounds either; none: every day.
    """

    by: DueAt = DueAt.clock
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    time: Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")] = ""
    zone: Annotated[str, Meta(max_length=64)] = "UTC"
    venue: Annotated[str, Meta(max_length=64)] = ""
    minutes: Annotated[int, Meta(ge=0, le=720)] = 30


class RunEnd(StrEnum):
    """How a run ended."""

    done = "done"
    failed = "failed"
    cancelled = "cancelled"
    missed = "missed"
    """tio was off, or the machine slept, until it was too late."""


class ScheduleRun(msgspec.Struct, frozen=True, kw_only=True):
    """A run that is over. `due` is None of one asked for; `reason` says why it made no report."""

    end: RunEnd
    at: datetime
    due: datetime | None = None
    reason: str = ""
    report: str = ""


class Schedule(msgspec.Struct, frozen=True, kw_only=True):
    """What is made when; `next` is the next due moment, None where `waits` says there is none.

    `missed` counts the due moments that passed while nobody could run them.
    """

    name: str
    what: Assignment
    when: ReportTime
    next: datetime | None = None
    waits: str = ""
    running: bool = False
    last: ScheduleRun | None = None
    missed: int = 0


class KeptReport(msgspec.Struct, frozen=True, kw_only=True):
    """A report as lists show it: `due` when it should have been made, None of one asked for.

    `bias` is its view's, −2 to 2, None without one. `note` says when it came late and why.
    """

    id: str
    schedule: str
    made: datetime
    due: datetime | None = None
    read: bool = False
    note: str = ""
    workflow: Workflow
    title: str
    about: str
    symbol: str = ""
    headline: str
    bias: int | None = None
    score: float | None = None
    """Its confidence, 0 to 1."""


class WholeReport(msgspec.Struct, frozen=True, kw_only=True):
    """A kept report with all it says."""

    kept: KeptReport
    report: Report


@word(role=Role.trader, effect=Effect.write)
class SaveSchedule(Request[Schedule], frozen=True):
    """Make a schedule, or replace the one of that name; what is due counts from now on. NotFound.

    Its reports are made by rules while the engine runs, whoever looks on.
    """

    name: ScheduleName
    what: Assignment
    when: ReportTime


@word()
class ListSchedules(Request[tuple[Schedule, ...]], frozen=True):
    """Your schedules by name, each with its next run and how its last one ended."""


@word(role=Role.trader, effect=Effect.write)
class DeleteSchedule(Request[Schedule], frozen=True):
    """Take a schedule away; its reports stay. NotFound."""

    name: ScheduleName


@word(role=Role.trader, effect=Effect.write)
class RunSchedule(Request[KeptReport], frozen=True):
    """Make a schedule's report now and keep it; its due moments stay as they are. Conflict."""

    name: ScheduleName


@word(tool=True)
class ListReports(Request[tuple[KeptReport, ...]], frozen=True):
    """Reports that schedules left, newest first: all, or those not yet read."""

    unread: bool = False
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 50


@word(tool=True)
class GetReport(Request[WholeReport], frozen=True):
    """One kept report with all it says; reading it so leaves it unread. NotFound."""

    id: ReportId


@word(role=Role.trader, effect=Effect.write)
class MarkReport(Request[KeptReport], frozen=True):
    """Say that a report was read, or that it was not. NotFound."""

    id: ReportId
    read: bool = True


@word(role=Role.trader, effect=Effect.write)
class DeleteReport(Request[KeptReport], frozen=True):
    """Take a kept report away for good. NotFound."""

    id: ReportId


@word()
class Schedules(Topic[tuple[Schedule, ...]], frozen=True):
    """All of the caller's schedules, again after each change."""


@word()
class Reports(Topic[tuple[KeptReport, ...]], frozen=True):
    """The caller's kept reports, newest first, again after each change."""
