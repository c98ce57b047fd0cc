"""What a schedule asks for: its word, its venue's days, and whether both can be meant."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
    Workflow,
)
from tio.api.contract import Request
from tio.api.errors import Invalid
from tio.api.schedules import Assignment, DueAt, ReportTime
from tio.engine.market.sessions import ALWAYS, UNKNOWN, SessionRules

_MADE: dict[Workflow, Callable[[Assignment], Request[Report]]] = {
    Workflow.brief: lambda what: Brief(what.symbols[0], what.depth),
    Workflow.compare: lambda what: Compare(what.symbols, what.depth),
    Workflow.why: lambda what: ExplainMove(what.symbols[0]),
    Workflow.morning: lambda what: MorningBrief(what.name),
    Workflow.portfolio: lambda what: ReviewPortfolio(what.name),
    Workflow.risk: lambda what: ReviewRisk(what.name),
    Workflow.journal: lambda what: ReviewJournal(what.name),
    Workflow.idea: lambda what: CheckIdea(what.name),
}
_OF_SYMBOLS = {Workflow.brief: (1, 1), Workflow.why: (1, 1), Workflow.compare: (2, 8)}
_NAMES = {Workflow.morning: "a watchlist", Workflow.idea: "an idea's id"}


def word_of(what: Assignment) -> Request[Report]:
    """The word that makes the report."""
    return _MADE[what.workflow](what)


def check_assignment(what: Assignment) -> None:
    """Invalid where the workflow takes other things."""
    least, most = _OF_SYMBOLS.get(what.workflow, (0, 0))
    if not least <= len(what.symbols) <= most:
        takes = {0: "no symbol", 1: "one symbol"}.get(most, "two to eight symbols")
        raise Invalid(f"{_a(what)} report takes {takes}, was {len(what.symbols)}")
    named = what.workflow not in _OF_SYMBOLS
    if named is not bool(what.name):
        takes = _NAMES.get(what.workflow, "a portfolio") if named else "symbols and no name"
        raise Invalid(f"{_a(what)} report takes {takes}, was {what.name!r}")


def check_time(when: ReportTime) -> None:
    """Invalid where no time is told by it."""
    if not _is_zone(when.zone):
        raise Invalid(f"there is no time zone {when.zone!r}", "name one as Europe/Vienna")
    if when.by is DueAt.clock:
        if not when.time:
            raise Invalid("a schedule by the clock needs a time", "as 08:30")
    elif not when.venue:
        raise Invalid(f"a schedule by a venue's {when.by} needs the venue", "as NYSE")
    rules = rules_of_venue(when)
    if rules in (ALWAYS, UNKNOWN) and when.by is not DueAt.clock:
        raise Invalid(f"{when.venue} has no {when.by}, it never closes", "tell a time instead")


def rules_of_venue(when: ReportTime) -> SessionRules | None:
    """The days of the venue a schedule goes by; None where it goes by none."""
    if not when.venue:
        return None
    # The table of hours is read when the first schedule needs it.
    from tio.engine.hours.markets import place_of

    place = place_of(when.venue)
    if place is None:
        raise Invalid(f"no hours are known of {when.venue!r}", "`tio hours` lists the venues")
    return place.rules


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return False
    return True


def title_of(name: str, what: Assignment) -> str:
    """What a run is called among jobs."""
    about: Any = " ".join(what.symbols) or what.name
    return f"Report {name}: {what.workflow} {about}"


def _a(what: Assignment) -> str:
    return f"{'an' if what.workflow is Workflow.idea else 'a'} {what.workflow}"
