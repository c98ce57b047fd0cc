"""An idea as its check sees it."""

from dataclasses import dataclass

from tio.api.analyst import ViewReason
from tio.api.grounding import CitedFact
from tio.api.ideas import GetIdea, Idea, IdeaPlan
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.scope import (
    Scope,
    cite,
)

CHECK = th.CHECK


@dataclass(frozen=True)
class Card:
    """An idea's newest plan, and its symbol now."""

    idea: Idea
    scope: Scope

    @property
    def plan(self) -> IdeaPlan:
        return self.idea.plan

    @property
    def side(self) -> int:
        return self.plan.sign

    @property
    def days_left(self) -> float:
        """Days to its horizon, not below zero."""
        return max((self.plan.due - self.scope.now).total_seconds() / 86_400, 0.0)

    @property
    def source(self) -> GetIdea:
        return GetIdea(self.idea.id)

    @property
    def reward(self) -> float | None:
        """What it would bring at its nearest target by what it risks; None without a target."""
        risk = abs(self.plan.entry - self.plan.stop)
        if self.plan.target is None or not risk:
            return None
        return float(abs(self.plan.target - self.plan.entry) / risk)

    def cite(self, path: str, value: object, unit: str = "price") -> CitedFact:
        return cite(self.source, path, value, unit, self.idea.author, self.plan.at)

    def weighed(self, name: str, text: str, sign: float) -> tuple[ViewReason, ...]:
        return (ViewReason(text=text, weight=round(CHECK[name] * sign, 4)),) if sign else ()
