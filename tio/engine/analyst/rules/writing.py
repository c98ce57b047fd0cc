"""Writes a workflow's sections: asks every word they need at once, and leaves out what is not."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tio.api.analyst import ReportLine, ReportSection, UnwrittenSection
from tio.api.contract import Engine, Request
from tio.api.errors import Invalid, TioError
from tio.engine.analyst.rules.scope import Answers, Part, S, Section

log = logging.getLogger(__name__)
UNBOUNDED = "it cannot be told as of a past moment"
ADVICE = "Written by rules from the data named; not investment advice."


@dataclass(frozen=True)
class Asking:
    """Whom a report asks, as its caller; `now` is the moment, `there` the words the engine has."""

    engine: Engine
    now: datetime
    there: frozenset[str]


@dataclass(frozen=True)
class Written:
    """What the sections came to, and what they were told."""

    parts: tuple[Part, ...]
    sections: tuple[ReportSection, ...]
    unwritten: tuple[UnwrittenSection, ...]
    answers: Answers


async def write_up(
    asking: Asking,
    sections: Sequence[Section[S]],
    scope: S,
    *,
    past: bool = False,
    also: Iterable[Request[Any]] = (),
) -> Written:
    """The sections whose words the engine has, in their order; `also` is asked beside them.

    With `past` one that cannot be bounded is unwritten, as is one that was refused an answer.
    """
    wanted = [each for each in sections if asking.there.issuperset(each.words)]
    asked = set(also)
    for section in wanted:
        if section.bounded or not past:
            asked.update(section.asks(scope))
    answers = Answers(await ask_all(asking.engine, asked))
    parts: list[Part] = []
    written: list[ReportSection] = []
    unwritten: list[UnwrittenSection] = []
    for section in wanted:
        if past and not section.bounded:
            unwritten.append(_unwritten(section, UNBOUNDED))
            continue
        try:
            part = section.write(scope, answers)
        except TioError as error:
            unwritten.append(_unwritten(section, error.message))
            continue
        except Exception as error:
            # One section's mistake takes none of the others with it.
            log.exception("the section %s failed", section.name)
            unwritten.append(_unwritten(section, f"it failed: {type(error).__name__}"))
            continue
        parts.append(part)
        if part.lines:
            written.append(_section(section, part, asking.now))
    return Written(tuple(parts), tuple(written), tuple(unwritten), answers)


async def ask_all(engine: Engine, asked: Iterable[Request[Any]]) -> dict[Request[Any], Any]:
    """Every request with its answer, or with the error it was refused with; all at once."""
    requests = list(dict.fromkeys(asked))
    told = await asyncio.gather(*(_answer(engine, each) for each in requests))
    return dict(zip(requests, told, strict=True))


def past_moment(at: datetime | None, now: datetime) -> datetime:
    """The moment a report knows everything up to; Invalid for one to come or without a zone."""
    if at is None:
        return now
    if at.tzinfo is None or at > now:
        raise Invalid("`at` must be a past moment with its zone", "2026-11-20T15:00Z")
    return at


async def _answer(engine: Engine, request: Request[Any]) -> Any:
    try:
        return await engine.ask(request)
    except TioError as error:
        return error


def _section(section: Section[S], part: Part, now: datetime) -> ReportSection:
    lines = tuple(dated(each, now) for each in part.lines)
    return ReportSection(
        name=section.name, title=section.title, lines=lines, aligned=section.aligned
    )


def dated(told: ReportLine, now: datetime) -> ReportLine:
    """A figure whose word tells no time of its own is of the moment it was asked."""
    if all(each.as_of is not None for each in told.figures):
        return told
    figures = tuple(
        each if each.as_of is not None else replace(each, as_of=now) for each in told.figures
    )
    return replace(told, figures=figures)


def _unwritten(section: Section[S], reason: str) -> UnwrittenSection:
    return UnwrittenSection(name=section.name, title=section.title, reason=reason)
