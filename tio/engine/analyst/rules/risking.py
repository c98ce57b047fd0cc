"""A risk review: what is passed first, and how bad a bad day would be."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tio.api.analyst import Report, ReviewRisk, Workflow
from tio.api.contract import Request
from tio.api.errors import NotFound, TioError
from tio.api.ledger import GetPositions
from tio.api.limits import LimitLevel
from tio.api.portfolio import Holdings
from tio.api.portfolio_risk import RiskReport
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.money import money
from tio.engine.analyst.rules.owned import Owned
from tio.engine.analyst.rules.reviewing import marks_of
from tio.engine.analyst.rules.risk_sections import SECTIONS, by_urgency, limit_text, tail_of
from tio.engine.analyst.rules.risk_tests import CORRELATED, Risked
from tio.engine.analyst.rules.scope import Section, number
from tio.engine.analyst.rules.writing import ADVICE, Asking, ask_all, write_up


async def review_risk(
    request: ReviewRisk, asking: Asking, sections: Sequence[Section[Risked]] = SECTIONS
) -> Report:
    """The report; NotFound for a portfolio that is not."""
    positions = GetPositions(request.portfolio)
    held = (await ask_all(asking.engine, (positions,)))[positions]
    if isinstance(held, NotFound):
        raise held
    holdings: Holdings | None = None if isinstance(held, TioError) else held
    scope = Risked(request.portfolio, asking.now, largest(holdings))
    risk: Request[Any] = scope.risk()
    written = await write_up(asking, sections, scope, also=(risk,))
    refused = written.answers.refused(risk)
    if isinstance(refused, NotFound):
        raise refused
    found = None if refused is not None else written.answers.of(risk)
    return Report(
        workflow=Workflow.risk,
        title=f"Risk of the portfolio {request.portfolio}",
        about=request.portfolio,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(request.portfolio, found),
        confidence=judging.weakest(
            judging.covered(written.parts, len(written.unwritten)), *_measures(found)
        ),
        sections=written.sections,
        unwritten=written.unwritten,
        marks=await marks_of(holdings, Owned(request.portfolio, asking.now), asking),
        advice=ADVICE,
    )


def largest(held: Holdings | None) -> tuple[str, ...]:
    """The symbols of the largest holdings, by value."""
    positions = () if held is None else held.positions
    ranked = sorted(positions, key=lambda each: -abs(each.value or Decimal(0)))
    return tuple(each.symbol for each in ranked[:CORRELATED])


def _measures(found: RiskReport | None) -> tuple[judging.Measure, ...]:
    """Of how many days the figures are, what part of the holdings is in them, how fresh it is."""
    if found is None:
        return (("the risk could not be told", 0.0),)
    if not found.gross:
        return ()
    covered, fresh = found.sample.covered, 1.0 - found.stale_share
    return (
        judging.sampled(found.sample.returns, th.YEAR, "daily returns are known"),
        (f"{number(100 * covered, 0)} % of the holdings have a past", covered),
        (f"{number(100 * fresh, 0)} % of the worth stands on fresh prices", max(fresh, 0.0)),
    )


def _headline(name: str, found: RiskReport | None) -> str:
    if found is None:
        return f"What {name} risks cannot be told."
    ranked = by_urgency(found.limits)
    tail = tail_of(found, 0.95)
    bad = ""
    if tail is not None and tail.value_at_risk is not None:
        cash = round(float(found.capital) * tail.value_at_risk, 2)
        bad = f"one day in 20 would lose {money(cash)} {found.currency} or more"
    if not ranked:
        return f"{name} has no limits set{f'; {bad}' if bad else ''}."
    over = sum(each.level is LimitLevel.over for each in ranked)
    first = limit_text(ranked[0])
    if over:
        more = f", the first of {over} that are passed" if over > 1 else ""
        return f"{name}: {first}{more}{f'; {bad}' if bad else ''}."
    return f"{name}: no limit is passed; {first}{f'; {bad}' if bad else ''}."
