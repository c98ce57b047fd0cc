"""A portfolio's review: the report of its sections together."""

from collections.abc import Sequence
from dataclasses import replace

from tio.api.analyst import Report, ReviewPortfolio, Workflow
from tio.api.errors import NotFound
from tio.api.portfolio import Holdings
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.money import change, money, percent, share
from tio.engine.analyst.rules.owned import Owned
from tio.engine.analyst.rules.portfolio_sections import SECTIONS
from tio.engine.analyst.rules.scope import Answers, Section, number
from tio.engine.analyst.rules.writing import ADVICE, Asking, past_moment, write_up


async def review(
    request: ReviewPortfolio, asking: Asking, sections: Sequence[Section[Owned]] = SECTIONS
) -> Report:
    """The report; NotFound for a portfolio that is not, Invalid for a moment to come."""
    asking = replace(asking, now=past_moment(request.at, asking.now))
    at = asking.now if request.at is not None else None
    scope = Owned(request.portfolio, asking.now, at)
    positions = scope.positions()
    written = await write_up(asking, sections, scope, past=at is not None, also=(positions,))
    refused = written.answers.refused(positions)
    if isinstance(refused, NotFound):
        raise refused
    held = None if refused is not None else written.answers.of(positions)
    fresh = 0.0 if held is None else 1.0 - held.stale_share
    return Report(
        workflow=Workflow.portfolio,
        title=f"Review of the portfolio {request.portfolio}",
        about=request.portfolio,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(scope, held),
        confidence=judging.weakest(
            judging.covered(written.parts, len(written.unwritten)),
            (f"{number(100 * fresh, 0)} % of its worth stands on fresh prices", fresh),
        ),
        sections=written.sections,
        unwritten=written.unwritten,
        marks=await marks_of(held, scope, asking),
        advice=ADVICE,
    )


async def marks_of(held: Holdings | None, scope: Owned, asking: Asking) -> tuple[str, ...]:
    """Marks of the prices it stands on; a past one is by closes of the day before."""
    if scope.at is not None:
        return (*judging.past_marks(scope.at), "positions and prices of the day before")
    if held is None or not held.positions:
        return ()
    symbols = [each.symbol for each in held.positions]
    return judging.marks_of_all(await scopes_of(symbols, asking, None, strict=False), Answers({}))


def _headline(scope: Owned, held: Holdings | None) -> str:
    if held is None or held.nav is None:
        return f"What {scope.name} is worth cannot be told."
    said = f"{scope.name} is worth {money(held.nav)} {held.currency}"
    if held.day_change is not None:
        before = held.nav - held.day_change
        said += f", {scope.day(held)} {change(held.day_change)}{share(held.day_change, before)}"
    moved = [(abs(each.day_change), each) for each in held.positions if each.day_change]
    if moved:
        most = max(moved, key=lambda pair: pair[0])[1]
        said += f"; {most.symbol} moved it most ({change(most.day_change or 0)})"
    cash = sum(each.value for each in held.cash if each.value is not None)
    part = percent(cash, held.nav)
    return f"{said}." if part is None else f"{said}; {number(part, 0)} % is cash."
