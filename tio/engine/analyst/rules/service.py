"""Answers the analyst's words by rules, each as the caller who asks."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace

from tio.api.access import Principal
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
)
from tio.api.contract import Engine, Request, Topic
from tio.engine.analyst.rules import briefing
from tio.engine.analyst.rules.checking import check
from tio.engine.analyst.rules.comparing import compare
from tio.engine.analyst.rules.explaining import explain
from tio.engine.analyst.rules.journaling import review_journal
from tio.engine.analyst.rules.keeping import KeptReports
from tio.engine.analyst.rules.morning import morning
from tio.engine.analyst.rules.reviewing import review
from tio.engine.analyst.rules.risking import review_risk
from tio.engine.analyst.rules.scope import Scope, Section
from tio.engine.analyst.rules.sections import SECTIONS
from tio.engine.analyst.rules.writing import Asking, past_moment
from tio.engine.service import Answer, Stream, asked_as_of, time_of
from tio.engine.session import Session
from tio.plugin import Clock

WORKFLOWS: Mapping[type[Request[Report]], Callable[[Any, Asking], Awaitable[Report]]] = {
    Compare: compare,
    MorningBrief: morning,
    ExplainMove: explain,
    ReviewPortfolio: review,
    ReviewRisk: review_risk,
    ReviewJournal: review_journal,
    CheckIdea: check,
}
"""What writes each report but the brief's."""


class RulesAnalyst:
    """Reports by rules. `words` are the engine's answers, filled as its services start.

    `then` gives the engine of a past moment, for a report that is asked as of one.
    """

    def __init__(
        self,
        clock: Clock,
        words: Mapping[type[Request[Any]], Answer],
        sections: Sequence[Section[Scope]] = SECTIONS,
        then: Callable[[Principal, datetime], Engine] | None = None,
        revision: Callable[[], Hashable] = lambda: None,
    ) -> None:
        """`revision` differs once anything stored changed."""
        self._clock = clock
        self.kept = KeptReports(revision)
        self._words = words
        self._sections = sections
        self._then = then

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        written = {Brief: self.brief} | {kind: self._by(kind) for kind in WORKFLOWS}
        return {kind: self._as_asked(answer) for kind, answer in written.items()}

    def _as_asked(self, answer: Answer) -> Answer:
        """A report `at` a past moment is written as it would have been then, by all it asks."""

        async def told(request: Any, principal: Principal) -> Report:
            at = getattr(request, "at", None)
            if at is None or self._then is None:
                report: Report = await answer(request, principal)
                return report
            token = asked_as_of.set(past_moment(at, time_of(self._clock)).astimezone(UTC))
            try:
                report = await answer(replace(request, at=None), principal)
            finally:
                asked_as_of.reset(token)
            return report

        return told

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing of its own."""

    async def close(self) -> None:
        """Nothing of its own."""

    async def brief(self, request: Brief, principal: Principal) -> Report:
        async def written(asking: Asking) -> Report:
            return await briefing.brief(request, asking, self._sections)

        return await self.kept.told(request, principal, self._asking(principal), written)

    def _by(self, kind: type[Request[Report]]) -> Answer:
        async def told(request: Any, principal: Principal) -> Report:
            async def written(asking: Asking) -> Report:
                return await WORKFLOWS[kind](request, asking)

            return await self.kept.told(request, principal, self._asking(principal), written)

        return told

    def _asking(self, principal: Principal) -> Asking:
        there = frozenset(kind.__name__ for kind in self._words)
        as_of = asked_as_of.get()
        if as_of is not None and self._then is not None:
            return Asking(self._then(principal, as_of), as_of, there)
        return Asking(Session(principal, self._words, {}), self._clock.now(), there)
