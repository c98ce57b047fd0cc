"""What backs an idea: the calendar, its size against equity, the record, its own evidence."""

from datetime import UTC
from typing import Any

from tio.api.analyst import ReportLine, ViewReason
from tio.api.companies import GetEvents, GetProfile
from tio.api.contract import Request
from tio.api.ideas import GetIdeaRecord, IdeaRecord, PreviewIdea, RecordBy
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.idea_card import Card
from tio.engine.analyst.rules.money import money, percent
from tio.engine.analyst.rules.scope import (
    Answers,
    Part,
    cite,
    line,
    number,
)
from tio.engine.analyst.rules.tables import signed

BY_RULES = "rules"
"""Whose evidence a check kept; it does not speak for itself."""


def event_asks(scope: Card) -> tuple[Request[Any], ...]:
    today, due = scope.scope.now.date(), scope.plan.due.date()
    symbol = scope.idea.symbol
    return (GetProfile(symbol), GetEvents(symbol, today, max(today, due)))


def preview_asks(scope: Card) -> tuple[Request[Any], ...]:
    return (PreviewIdea(scope.idea.id),)


def record_asks(scope: Card) -> tuple[GetIdeaRecord, ...]:
    by_author = GetIdeaRecord(RecordBy.author)
    return (by_author, GetIdeaRecord(RecordBy.setup)) if scope.plan.setup else (by_author,)


def events(scope: Card, answers: Answers) -> Part:
    """Earnings and ex-dates before its horizon."""
    profile_asked, events_asked = GetProfile(scope.idea.symbol), event_asks(scope)[1]
    profile = answers.of(profile_asked)
    lines: list[ReportLine] = []
    names: list[str] = []
    told = profile.earnings_from
    if told is not None and scope.scope.now.date() <= told.date() <= scope.plan.due.date():
        source = profile.told_by.get("earnings_from", "")
        cited = cite(profile_asked, "earnings_from", told.date(), "date", source, profile.as_of)
        lines.append(line(f"Earnings {told.date()}, before its horizon.", cited))
        names.append(f"earnings on {told.date()}")
    for event in answers.of(events_asked):
        kind = event.kind.value.replace("_", " ")
        cited = cite(events_asked, event.kind.value, event.ex_date, "date", event.source)
        lines.append(line(f"Ex-date of a {kind} {event.ex_date}, before its horizon.", cited))
        names.append(f"the ex-date of a {kind}")
    if not lines:
        none = "No source tells an event before its horizon; there may be some."
        return Part(lines=(line(none),), known=0)
    said = f"before its horizon: {', '.join(names)}"
    return Part(lines=tuple(lines), reasons=scope.weighed("event", said, -1.0))


def size(scope: Card, answers: Answers) -> Part:
    """What it would be as an order: its risk against equity, limits, or why it is refused."""
    (request,) = preview_asks(scope)
    found = answers.of(request)
    if found.refused:
        text = f"It would be refused: {found.refused}"
        return Part(
            lines=(line(f"{text.rstrip('.')}."),),
            reasons=scope.weighed("refused", "its order would be refused", -1.0),
        )
    lines: list[ReportLine] = []
    reasons: tuple[ViewReason, ...] = ()
    quantity = found.orders[0].quantity if found.orders else None
    part = percent(found.risk, found.equity)
    if quantity is not None and found.value is not None:
        worth = f"{money(found.value)} {found.currency}"
        text = f"Its order would be {money(quantity)} units worth {worth}"
        cited = [
            cite(request, "quantity", quantity, "units"),
            cite(request, "value", found.value, found.currency),
        ]
        if found.risk is not None and part is not None:
            text += f", risking {money(found.risk)} {found.currency}, {number(part, 1)} % of equity"
            cited.append(cite(request, "risk", found.risk, found.currency))
            cited.append(cite(request, "risk_share", part, "percent"))
        lines.append(line(f"{text}.", *cited))
    if part is not None:
        much = part > th.RISK_SHARE
        said = f"it risks {number(part, 1)} % of equity"
        reasons += scope.weighed("size", said, -1.0 if much else 0.25)
    for warning in found.warnings:
        lines.append(line(warning if warning.endswith(".") else f"{warning}."))
        reasons += scope.weighed("size", warning.rstrip("."), -0.5)
    none = "Nothing is told of its size."
    return Part(lines=tuple(lines) or (line(none),), reasons=reasons, known=int(bool(lines)))


def record(scope: Card, answers: Answers) -> Part:
    """How cards of its author, and of its setup, did that were scored."""
    lines: list[ReportLine] = []
    reasons: tuple[ViewReason, ...] = ()
    counts: list[int] = []
    for request in record_asks(scope):
        name = scope.plan.setup if request.by is RecordBy.setup else scope.idea.author
        found = next((each for each in answers.of(request) if each.name == name), None)
        if found is None or not found.n:
            lines.append(line(f"No card of {name or 'its author'} was entered and scored yet."))
            continue
        counts.append(found.n)
        lines.append(_recorded(request, found))
        reasons += _proven(scope, found)
    return Part(
        lines=tuple(lines), reasons=reasons, known=len(counts), wanted=1, samples=tuple(counts)
    )


def _recorded(request: GetIdeaRecord, found: IdeaRecord) -> ReportLine:
    """Hit rate and mean in R with their intervals, and that few tell nothing."""
    text = f"{found.name}: n {found.n}"
    cited = [cite(request, f"{found.name}.n", found.n, "count")]
    if found.hit_rate is not None and found.hit_low is not None and found.hit_high is not None:
        low, high = number(100 * found.hit_low, 0), number(100 * found.hit_high, 0)
        text += f", {number(100 * found.hit_rate, 0)} % above zero ({low} to {high} %)"
        rates = {"hit_rate": found.hit_rate, "hit_low": found.hit_low, "hit_high": found.hit_high}
        cited += [cite(request, f"{found.name}.{n}", v, "fraction") for n, v in rates.items()]
    if found.mean_r is not None:
        text += f", {signed(found.mean_r, 2)} R on average"
        cited.append(cite(request, f"{found.name}.mean_r", found.mean_r, "R"))
        if found.low_r is not None and found.high_r is not None:
            text += f" ({signed(found.low_r, 2)} to {signed(found.high_r, 2)})"
            cited.append(cite(request, f"{found.name}.low_r", found.low_r, "R"))
            cited.append(cite(request, f"{found.name}.high_r", found.high_r, "R"))
    few = ": too few to tell" if found.n < th.FEW_CARDS else ""
    return line(f"{text}{few}.", *cited)


def _proven(scope: Card, found: IdeaRecord) -> tuple[ViewReason, ...]:
    """A record counts once its interval leaves out zero, or what the plan needs to break even."""
    if found.n < th.FEW_CARDS:
        return ()
    if found.low_r is not None and found.low_r > 0:
        said = f"cards of {found.name} gained, {signed(found.mean_r, 2)} R over {found.n}"
        return scope.weighed("record", said, 1.0)
    reward = scope.reward
    needed = None if reward is None else 1 / (1 + reward)
    misses = needed is not None and found.hit_high is not None and found.hit_high < needed
    if (found.high_r is not None and found.high_r < 0) or misses:
        said = f"cards of {found.name} lost, {signed(found.mean_r, 2)} R over {found.n}"
        return scope.weighed("record", said, -1.0)
    return ()


def evidence(scope: Card, answers: Answers) -> Part:
    """What the card itself names, and how old that is."""
    told = [each for each in scope.plan.evidence if each.source != BY_RULES]
    if not told:
        said = "its author names no evidence"
        none = "Its author names no evidence for the thesis."
        return Part(lines=(line(none),), reasons=scope.weighed("evidence", said, -1.0), known=0)
    lines = []
    for each in told:
        of = "" if each.as_of is None else f", of {each.as_of.astimezone(UTC):%Y-%m-%d}"
        by = f" ({each.source}{of})" if each.source else ""
        figure = f": {each.figure}" if each.figure else ""
        cited = cite(
            scope.source, "evidence", each.figure or each.text, "", each.source, each.as_of
        )
        lines.append(line(f"{each.text}{figure}{by}.", cited))
    return Part(lines=tuple(lines))
