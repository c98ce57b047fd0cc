"""News of a symbol, as soon as the engine has a word for it: what it asks is read off the word."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from tio.api.analyst import ReportLine
from tio.api.clean import clean
from tio.api.contract import WORDS, Request
from tio.engine.analyst.rules.scope import Answers, Note, Part, Scope, cite, line

if TYPE_CHECKING:
    from tio.engine.analyst.rules.moves import Move

WORD = "GetNews"
MOST, RECENT = 5, 7
"""Stories that are told, and the days a brief looks back."""
_TITLES = ("headline", "title", "text")
_TIMES = ("published_at", "published", "at", "as_of", "time")


def asks(scope: "Move") -> tuple[Request[Any], ...]:
    return (scope.scope.days(), request(scope.scope.symbol))


def brief_asks(scope: Scope) -> tuple[Request[Any], ...]:
    return (request(scope.symbol),)


def request(symbol: str) -> Request[Any]:
    """The word about one symbol, whichever way it is told."""
    kind: Any = WORDS[WORD]
    names = {field.name for field in msgspec.structs.fields(kind)}
    told: dict[str, Any] = {}
    if "symbols" in names:
        told["symbols"] = (symbol,)
    elif "symbol" in names:
        told["symbol"] = symbol
    asked: Request[Any] = kind(**told)
    return asked


def write(scope: "Move", answers: Answers) -> Part:
    """The newest stories of its days and the one before, as their sources headed them."""
    span = scope.span(answers)
    told = _told(scope.scope.symbol, answers, span.first - timedelta(days=1), span.last)
    notes: tuple[Note, ...] = ()
    if told:
        said = f"{len(told)} {'story' if len(told) == 1 else 'stories'} on its days"
        notes = (Note(scope.scope.symbol, said, 1.0),)
    none = "No source tells news of its days."
    return Part(lines=tuple(told[:MOST]) or (line(none),), notes=notes)


def brief(scope: Scope, answers: Answers) -> Part:
    """The newest stories of the last days."""
    today = scope.now.date()
    told = _told(scope.symbol, answers, today - timedelta(days=RECENT), today)
    none = f"No source tells news of the last {RECENT} days."
    return Part(lines=tuple(told[:MOST]) or (line(none),), known=int(bool(told)))


def _told(symbol: str, answers: Answers, since: date, until: date) -> list[ReportLine]:
    """A line a story of these days, the newest first."""
    asked = request(symbol)
    stories = [(_when(each), each) for each in _listed(answers.of(asked))]
    found = [(at, each) for at, each in stories if at and since <= at.date() <= until]
    found.sort(key=lambda each: each[0], reverse=True)
    lines = []
    for at, story in found:
        source = str(getattr(story, "source", ""))
        title = clean(_first(story, _TITLES), limit=200)
        cited = cite(asked, "headline", title, "", source, at)
        lines.append(line(f"{at:%Y-%m-%d %H:%M} {source}: {title}", cited))
    return lines


def _listed(answer: Any) -> Sequence[Any]:
    """The stories of an answer: itself, or the first sequence in it."""
    if isinstance(answer, tuple | list):
        return answer
    values = (getattr(answer, each.name) for each in msgspec.structs.fields(type(answer)))
    return next((each for each in values if isinstance(each, tuple | list)), ())


def _first(story: Any, names: tuple[str, ...]) -> str:
    return next((str(found) for name in names if (found := getattr(story, name, ""))), "")


def _when(story: Any) -> datetime | None:
    found = (getattr(story, name, None) for name in _TIMES)
    return next((each for each in found if isinstance(each, datetime)), None)
