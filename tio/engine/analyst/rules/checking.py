"""An idea's check: the view for or against it that its evidence comes to."""

from collections.abc import Sequence

from tio.api.analyst import CheckIdea, Report, View, Workflow
from tio.api.errors import NotFound
from tio.api.grounding import Confidence
from tio.api.ideas import GetIdea, Idea, IdeaState
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.asked import scopes_of
from tio.engine.analyst.rules.days import days_of
from tio.engine.analyst.rules.idea_card import Card
from tio.engine.analyst.rules.idea_sections import SECTIONS
from tio.engine.analyst.rules.scope import Section
from tio.engine.analyst.rules.writing import ADVICE, Asking, Written, write_up

WHOLE = sum(th.CHECK.values()) / 2
"""Weights that agree from which a score is full: not every finding can be had at once."""
_SAID = {-1: "against it", 0: "unclear", 1: "for it"}


async def check(
    request: CheckIdea, asking: Asking, sections: Sequence[Section[Card]] = SECTIONS
) -> Report:
    """The report; NotFound for a card that is not, or whose symbol nobody knows."""
    listed = await asking.engine.ask(GetIdea(request.id))
    (scope,) = await scopes_of((listed.idea.symbol,), asking, None)
    card = Card(listed.idea, scope)
    days = scope.days()
    written = await write_up(asking, sections, card, also=(days,))
    if isinstance(refused := written.answers.refused(days), NotFound):
        raise refused
    view = view_of(written)
    return Report(
        workflow=Workflow.idea,
        title=f"Check of idea {listed.idea.id}: {listed.idea.plan.side} {scope.symbol}",
        about=listed.idea.id,
        symbol=scope.symbol,
        as_of=asking.now,
        made_by="rules",
        headline=_headline(listed.idea, listed.state, view),
        view=view,
        confidence=_confidence(card, view, written),
        sections=written.sections,
        levels=tuple(each for part in written.parts for each in part.levels),
        unwritten=written.unwritten,
        marks=judging.marks_of(scope, written.answers),
        advice=ADVICE,
    )


def view_of(written: Written) -> View:
    """The sum of its reasons by what they could weigh; bias above zero is for the idea."""
    found = judging.view_of(written.parts)
    total = sum(each.weight for each in (*found.bull, *found.bear))
    score = max(-1.0, min(1.0, total / WHOLE))
    size = (abs(score) >= th.LEAN) + (abs(score) >= th.STRONG)
    return View(
        bias=size if score > 0 else -size,
        score=round(score, 4),
        bull=found.bull,
        bear=found.bear,
        changes=found.changes,
    )


def _confidence(card: Card, view: View, written: Written) -> Confidence:
    days = card.scope.days()
    refused = written.answers.refused(days)
    ended = None if refused is not None else days_of(card.scope, written.answers).ended
    age = judging.age_in_hours(card.scope.now, ended)
    heard = judging.heard((card.scope,))
    return judging.confidence_of(written.parts, view, age, len(written.unwritten), heard)


def _headline(idea: Idea, state: IdeaState, view: View) -> str:
    """Which way the evidence is, and the weightiest reason on each side."""
    way = (view.bias > 0) - (view.bias < 0)
    over = "" if state in (IdeaState.planned, IdeaState.entered, IdeaState.taken) else f" ({state})"
    said = f"{idea.id}{over}, {idea.plan.side} {idea.symbol}: the evidence is {_SAID[way]}"
    sides = [side[0].text for side in (view.bull, view.bear) if side]
    if way < 0:
        sides.reverse()
    return f"{said}: {', but '.join(sides)}." if sides else f"{said}."
