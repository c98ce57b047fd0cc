"""Symbols side by side: the report of their sections together."""

from collections.abc import Sequence
from dataclasses import replace

from tio.api.analyst import Compare, Depth, Report, Workflow
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.grounding import Confidence
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.compared import (
    FULL_ONLY,
    SECTIONS,
    Comparison,
    alike,
    leader,
)
from tio.engine.analyst.rules.days import Days, all_days, correlation
from tio.engine.analyst.rules.scope import Section, number
from tio.engine.analyst.rules.writing import ADVICE, Asking, Written, past_moment, write_up


async def compare(
    request: Compare, asking: Asking, sections: Sequence[Section[Comparison]] = SECTIONS
) -> Report:
    """The report; NotFound for a symbol nobody knows, Invalid for fewer than two different."""
    asking = replace(asking, now=past_moment(request.at, asking.now))
    at = asking.now if request.at is not None else None
    scope = Comparison(await scopes_of(request.symbols, asking, at))
    if len(scope.each) < 2:
        raise Invalid("a comparison needs two different symbols", "e.g. AAPL MSFT")
    wanted = [
        each for each in sections if request.depth is Depth.full or each.name not in FULL_ONLY
    ]
    also = [each.days() for each in scope.each]
    written = await write_up(asking, wanted, scope, past=at is not None, also=also)
    for each in also:
        if isinstance(refused := written.answers.refused(each), NotFound) and at is not None:
            raise refused
    about = ", ".join(each.symbol for each in scope.each)
    told = _told(scope, written)
    return Report(
        workflow=Workflow.compare,
        title=f"Comparison of {about}",
        about=about,
        depth=request.depth,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(told),
        confidence=_confidence(told, scope, written),
        sections=written.sections,
        unwritten=written.unwritten,
        marks=judging.marks_of_all(scope.each, written.answers),
        advice=ADVICE,
    )


def _told(scope: Comparison, written: Written) -> list[Days]:
    try:
        return all_days(scope.each, written.answers)[0]
    except TioError:
        return []


def _headline(told: list[Days]) -> str:
    found = leader(told)
    if found is None:
        return "Too little is known of them to say which leads."
    span, (best, most), (worst, least) = found
    said = f"Over {span} {best.scope.symbol} leads {worst.scope.symbol} by "
    said += f"{number(most - least, 1)} points"
    if len(told) == 2 and (value := correlation(*told)[0]) is not None:
        said += f"; they {alike(value)}"
    return f"{said}."


def _confidence(told: list[Days], scope: Comparison, written: Written) -> Confidence:
    """The least of coverage, days in common and freshness of the oldest."""
    shared = [correlation(one, other)[1] for i, one in enumerate(told) for other in told[i + 1 :]]
    ended = [each.ended for each in told]
    oldest = min((each for each in ended if each is not None), default=None)
    return judging.weakest(
        judging.covered(written.parts, len(written.unwritten)),
        judging.sampled(min(shared, default=0), th.CORRELATED // 2, "shared days at least"),
        judging.aged(judging.age_in_hours(scope.each[0].now, oldest)),
        judging.heard(scope.each),
    )
