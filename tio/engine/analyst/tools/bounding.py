"""A question about the past gets nothing that came later: requests are bounded, answers looked at.

A bar tells what came until it ended, so what is made of bars ends one bar before the moment; what
does not say which bars it is made of may be made of days.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from msgspec import inspect

from tio.api.contract import Request
from tio.api.errors import Invalid
from tio.api.market import Adjustment, Timeframe
from tio.api.series import Series, Times, moment
from tio.engine.analyst.tools.shapes import optional

TIMELESS = frozenset(
    ("GetHours", "GetSessions", "ListFileFormats", "ListIndicators", "SearchInstruments",
     "SizePosition")
)  # fmt: skip
"""Calendars, catalogues and plain arithmetic: the same at every moment."""
BEYOND = frozenset(("GetExpectancy", "GetIncome", "ListTrades", "ListVenues"))
"""Words whose `end` bounds something else: what began until then may tell of later."""
EXACT = frozenset(
    ("Brief", "Compare", "ExplainMove", "GetSessionLevels", "MorningBrief", "ReviewPortfolio")
)
"""Words that leave out by themselves what had not ended `at` a moment."""

_FIELDS = ("at", "end", "until")
"""What bounds a word, the first of them that it has: `at` bounds all it knows."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$")
_WEST, _EAST = timedelta(hours=12), timedelta(hours=14)
"""How far the day of a place may be behind and before UTC's."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bounded:
    """A request that asks for nothing after the moment; `said` tells what was changed."""

    request: Request[Any]
    said: str = ""


def bounded(request: Request[Any], as_of: datetime) -> Bounded:
    """The request as it could be asked at `as_of`; Invalid where its word cannot be bounded."""
    name = type(request).__name__
    if name in TIMELESS:
        return Bounded(request)
    shape = inspect.type_info(type(request))
    assert isinstance(shape, inspect.StructType)
    fields = {each.name: each for each in shape.fields}
    field = next((fields[name] for name in _FIELDS if name in fields), None)
    last = None if field is None else _last(request, field.type, as_of)
    if field is None or last is None or name in BEYOND:
        raise Invalid(
            f"{name} tells how things are now and cannot be asked of {as_of:%Y-%m-%d %H:%M} UTC",
            "this chat is about that moment: use tools with an end or at, or say it is not known",
        )
    adjusted = getattr(request, "adjusted", Adjustment.raw) is not Adjustment.raw
    said = ["prices are adjusted by the splits known today"] * adjusted
    given = getattr(request, field.name)
    if given is not None and _aware(given) <= last:
        return Bounded(request, "; ".join(said))
    shown = last.isoformat().replace("+00:00", "Z")
    until = f"{field.name} was set to {shown}: nothing after {as_of:%Y-%m-%d %H:%M} is known here"
    return Bounded(
        msgspec.structs.replace(request, **{field.name: last}), "; ".join((until, *said))
    )


def later(answer: object, as_of: datetime) -> str:
    """The first moment in an answer that had not come at `as_of`; '' when there is none."""
    for found in _moments(answer):
        if isinstance(found, datetime):
            if _aware(found) > as_of:
                return found.isoformat()
        elif found > (as_of + _EAST).date():
            return found.isoformat()
    return ""


def _last(request: Request[Any], kind: inspect.Type, as_of: datetime) -> Any:
    """The last moment or day to ask for; None where the field is neither."""
    kind = optional(kind)
    if isinstance(kind, inspect.DateType):
        return (as_of - _WEST).date() - _DAY
    if not isinstance(kind, inspect.DateTimeType):
        return None
    if type(request).__name__ in EXACT:
        return as_of
    timeframe = getattr(request, "timeframe", None)
    if isinstance(timeframe, Timeframe):
        # Bars open before the end, so one that ended this very moment is still told.
        return as_of - timedelta(microseconds=timeframe.step - 1)
    return as_of - _DAY


def _aware(given: Any) -> Any:
    if isinstance(given, datetime) and given.tzinfo is None:
        return given.replace(tzinfo=UTC)
    return given


def _moments(value: object) -> Iterator[date]:
    match value:
        case date():
            yield value
        case str():
            if len(value) >= 10 and value[:4].isdigit() and _ISO.match(value):
                try:
                    yield (
                        datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
                    )
                except ValueError:
                    return
        case Times():
            if len(value):
                yield moment(max(value))
        case Series():
            return
        case msgspec.Struct():
            for name in value.__struct_fields__:
                yield from _moments(getattr(value, name))
        case dict():
            for each in value.values():
                yield from _moments(each)
        case list() | tuple() | frozenset():
            for each in value:
                yield from _moments(each)
