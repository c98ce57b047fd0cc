"""The rows of the Desk's pane of reports: those unread, runs that failed, chats, those read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from tio.api.analyst import Workflow
from tio.api.chats import Chat
from tio.api.clean import clean
from tio.api.schedules import KeptReport, RunEnd, Schedule
from tio.draw.schedules import leaning, short_time, what_told
from tio.draw.table import cell_width, fit
from tio.screens.widgets.lines import Line, Part
from tio.screens.widgets.table_lines import Row

FAILED_FOR = timedelta(days=1)
"""How long a run that made no report is shown."""
READ = 10
"""Reports already read that are shown."""
_OWN = (Workflow.portfolio, Workflow.risk, Workflow.journal)
_TONES = {-2: "fall", -1: "fall", 0: "muted", 1: "rise", 2: "rise"}
_NO = (RunEnd.failed, RunEnd.missed)


@dataclass(frozen=True)
class Looks:
    """How wide rows are, when and where they are read, and whether amounts are hidden."""

    width: int
    now: datetime
    zone: tzinfo
    hidden: bool = False


@dataclass(frozen=True)
class SharedChat:
    """A chat, and the share of its last answer's figures that is verified."""

    chat: Chat
    share: float | None = None


def rows_of(
    reports: Sequence[KeptReport],
    schedules: Sequence[Schedule],
    chats: Sequence[SharedChat],
    looks: Looks,
) -> list[Row]:
    """What happened, the unread first."""
    unread = [each for each in reports if not each.read]
    read = [each for each in reports if each.read][:READ]
    rows: list[Row] = [(_report(each, looks), each) for each in unread]
    rows += [(_fault(each, looks), each) for each in failed(schedules, looks.now)]
    rows += [(_chat(each, looks), each.chat) for each in chats]
    return rows + [(_report(each, looks), each) for each in read]


def failed(schedules: Sequence[Schedule], now: datetime) -> list[Schedule]:
    """Those whose last run made no report, not long ago."""
    return [
        each
        for each in schedules
        if each.last is not None and each.last.end in _NO and now - each.last.at < FAILED_FOR
    ]


def nothing(schedules: Sequence[Schedule], looks: Looks) -> list[Line]:
    """Why there is nothing, and how something comes."""
    due = coming(schedules)
    if due is not None and due.next is not None:
        told = f"No report yet: {due.name} is due {short_time(due.next, looks.zone)}."
        return [[(told, "muted")]]
    words = "No report yet: `tio analyst schedule` has them made; 8 asks the analyst."
    if cell_width(words) <= looks.width:
        return [[(words, "muted")]]
    return [
        [("No report or chat yet: 8 asks the analyst,", "muted")],
        [("`tio analyst schedule` has reports made.", "muted")],
    ]


def coming(schedules: Sequence[Schedule]) -> Schedule | None:
    """The one that is due next."""
    due = [each for each in schedules if each.next is not None]
    return min(due, key=lambda each: (each.next, each.name), default=None)


def _report(report: KeptReport, looks: Looks) -> Line:
    ink = "muted" if report.read else "text"
    hidden = looks.hidden and report.workflow in _OWN
    mark = " " if report.read else "●"
    words = report.title if hidden else report.headline
    late = [(" late", "muted")] if report.note and not report.read else []
    view = [] if report.bias is None else [(f" {leaning(report)}", _TONES[report.bias])]
    return _row(mark, report.made, words, ink, [*late, *view], looks)


def _fault(schedule: Schedule, looks: Looks) -> Line:
    last = schedule.last
    assert last is not None
    words = f"{schedule.name} {last.end}: {last.reason or what_told(schedule.what)}"
    return _row("×", last.due or last.at, words, "fall", [], looks)


def _chat(each: SharedChat, looks: Looks) -> Line:
    share = [] if each.share is None else [(f" {each.share:.0%} verified", _ink(each.share))]
    mark = "…" if each.chat.writing else " "
    return _row(mark, each.chat.changed, f"chat: {each.chat.title}", "muted", share, looks)


def _ink(share: float) -> str:
    return "rise" if share == 1 else "accent"


def _row(mark: str, at: datetime, words: str, ink: str, tail: Sequence[Part], looks: Looks) -> Line:
    """Mark, time and words, the tail at the right edge."""
    room = looks.width - 9 - sum(cell_width(text) for text, _ in tail)
    told = fit(clean(words), max(room, 8))
    return [(f"{mark} ", "accent"), (f"{_when(at, looks):<7}", "muted"), (told, ink), *tail]


def _when(at: datetime, looks: Looks) -> str:
    """The time of today, the date of another day."""
    there = at.astimezone(looks.zone)
    today = there.date() == looks.now.astimezone(looks.zone).date()
    return f"{there:%H:%M}" if today else f"{there:%-d %b}"
