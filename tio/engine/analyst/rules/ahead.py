"""What is ahead as far as sources tell: earnings, ex-dates, splits."""

from datetime import timedelta
from typing import Any

from tio.api.analyst import ReportLine
from tio.api.companies import GetEvents, GetProfile
from tio.api.contract import Request
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import Answers, Part, Scope, cite, line


def asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (GetProfile(scope.symbol), _events(scope))


def write(scope: Scope, answers: Answers) -> Part:
    """Dated events of the next 30 days; that none is told does not mean there is none."""
    lines: list[ReportLine] = []
    today = scope.now.date()
    request = GetProfile(scope.symbol)
    profile = answers.of(request)
    if profile.earnings_from is not None and profile.earnings_from.date() >= today:
        days = (profile.earnings_from.date() - today).days
        sure = " (estimated)" if profile.earnings_estimated else ""
        source = profile.told_by.get("earnings_from", "")
        on = profile.earnings_from.date()
        cited = (
            cite(request, "earnings_from", on, "date", source, profile.as_of),
            cite(request, "earnings_from.days", days, "days", source, profile.as_of),
        )
        lines.append(line(f"Earnings {on}, in {days} days{sure}.", *cited))
    for event in answers.of(_events(scope)):
        if event.ex_date < today:
            continue
        kind = event.kind.value.replace("_", " ")
        days = (event.ex_date - today).days
        asked = _events(scope)
        figures = (
            cite(asked, event.kind.value, event.ex_date, "date", event.source),
            cite(asked, f"{event.kind.value}.days", days, "days", event.source),
        )
        lines.append(line(f"Ex-date of a {kind} {event.ex_date}, in {days} days.", *figures))
    none = f"No source tells an event of the next {th.AHEAD_DAYS} days; there may be some."
    return Part(lines=tuple(lines) or (line(none),), known=int(bool(lines)))


def _events(scope: Scope) -> GetEvents:
    today = scope.now.date()
    return GetEvents(scope.symbol, today, today + timedelta(days=th.AHEAD_DAYS))
