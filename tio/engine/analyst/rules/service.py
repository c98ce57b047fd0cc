"""Answers Brief: asks every word its sections need at once, as the caller, and writes them up."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tio.api.access import Principal
from tio.api.analyst import Brief, Depth, Report, ReportSection, UnwrittenSection
from tio.api.contract import Engine, Request, Topic
from tio.api.errors import Invalid, NotFound, TioError, UnknownWord
from tio.api.ledger import ListPortfolios
from tio.api.market import GetQuotes, Timeframe
from tio.api.series import moment
from tio.engine.analyst.rules import judging
from tio.engine.analyst.rules.scope import Answers, Part, Scope, Section
from tio.engine.analyst.rules.sections import FULL_ONLY, SECTIONS
from tio.engine.service import Answer, Stream
from tio.engine.session import Session
from tio.plugin import Clock

ADVICE = "Written by rules from the data named; not investment advice."
UNBOUNDED = "it cannot be told as of a past moment"


class RulesAnalyst:
    """Reports by rules. `words` are the engine's answers, filled as its services start."""

    def __init__(
        self,
        clock: Clock,
        words: Mapping[type[Request[Any]], Answer],
        sections: Sequence[Section] = SECTIONS,
    ) -> None:
        self._clock = clock
        self._words = words
        self._sections = sections

    def answers(self) -> Mapping[type[Request[Any]], Answer]:
        return {Brief: self.brief}

    def streams(self) -> Mapping[type[Topic[Any]], Stream]:
        return {}

    async def start(self) -> None:
        """Nothing of its own."""

    async def close(self) -> None:
        """Nothing of its own."""

    async def brief(self, request: Brief, principal: Principal) -> Report:
        """The report; NotFound for a symbol nobody knows, Invalid for a moment to come."""
        engine = Session(principal, self._words, {})
        scope = await self._scope(request, engine)
        wanted, unwritten = self._wanted(request)
        asked = {each for section in wanted for each in section.asks(scope)}
        asked.add(scope.bars(Timeframe.d1))
        answers = Answers(await _ask_all(engine, asked))
        parts: list[Part] = []
        written: list[ReportSection] = []
        for section in wanted:
            try:
                part = section.write(scope, answers)
            except TioError as error:
                unwritten.append(_unwritten(section, error.message))
                continue
            parts.append(part)
            written.append(ReportSection(name=section.name, title=section.title, lines=part.lines))
        return _report(request, scope, answers, parts, written, unwritten)

    async def _scope(self, request: Brief, engine: Engine) -> Scope:
        now = self._clock.now()
        if request.at is not None:
            if request.at.tzinfo is None or request.at > now:
                raise Invalid("`at` must be a past moment with its zone", "2026-11-20T15:00Z")
            return Scope(request.symbol, request.at, request.at)
        first: tuple[Request[Any], ...] = (GetQuotes((request.symbol,)), ListPortfolios())
        quotes, portfolios = (await _ask_all(engine, first)).values()
        if isinstance(quotes, NotFound):
            raise quotes
        quote = None if isinstance(quotes, TioError) or not quotes else quotes[0]
        if isinstance(portfolios, UnknownWord):
            portfolios = ()
        elif isinstance(portfolios, TioError):
            # What is held would otherwise read as nothing.
            raise portfolios
        symbol = request.symbol if quote is None else quote.symbol
        return Scope(symbol, now, None, quote, portfolios)

    def _wanted(self, request: Brief) -> tuple[list[Section], list[UnwrittenSection]]:
        """The sections whose words the engine has, and those a past moment rules out."""
        there = {kind.__name__ for kind in self._words}
        wanted: list[Section] = []
        unwritten: list[UnwrittenSection] = []
        for section in self._sections:
            if not there.issuperset(section.words):
                continue
            if request.depth is Depth.short and section.name in FULL_ONLY:
                continue
            if request.at is not None and not section.bounded:
                unwritten.append(_unwritten(section, UNBOUNDED))
            else:
                wanted.append(section)
        return wanted, unwritten


async def _ask_all(engine: Engine, asked: Any) -> dict[Request[Any], Any]:
    """Every request with its answer, or with the error it was refused with; all at once."""
    requests = list(asked)
    told = await asyncio.gather(*(_answer(engine, each) for each in requests))
    return dict(zip(requests, told, strict=True))


async def _answer(engine: Engine, request: Request[Any]) -> Any:
    try:
        return await engine.ask(request)
    except TioError as error:
        return error


def _unwritten(section: Section, reason: str) -> UnwrittenSection:
    return UnwrittenSection(name=section.name, title=section.title, reason=reason)


def _report(
    request: Brief,
    scope: Scope,
    answers: Answers,
    parts: Sequence[Part],
    written: Sequence[ReportSection],
    unwritten: Sequence[UnwrittenSection],
) -> Report:
    days = answers.of(scope.bars(Timeframe.d1))
    count = scope.closed(days)
    ended = moment(days.time[count - 1]) + timedelta(days=1) if count else None
    view = judging.view_of(parts)
    age = judging.age_in_hours(scope.now, ended)
    confidence = judging.confidence_of(parts, view, age, len(unwritten))
    levels = sorted((each for part in parts for each in part.levels), key=lambda each: -each.price)
    return Report(
        symbol=scope.symbol,
        depth=request.depth,
        as_of=scope.now,
        made_by="rules",
        headline=judging.headline_of(scope.symbol, view, confidence),
        view=view,
        confidence=confidence,
        sections=tuple(written),
        levels=tuple(levels),
        unwritten=tuple(unwritten),
        marks=judging.marks_of(scope),
        advice=ADVICE,
    )
