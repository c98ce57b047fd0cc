"""From the answer of any word to typed facts: Structs, columns, lists and dicts, however nested."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from math import isfinite

import numpy as np

from tio.api.series import Series, Times
from tio.engine.analyst.grounding.facts import Column, Fact, ToolResult
from tio.engine.analyst.grounding.fields import NOT_TOLD, Kind, sense
from tio.engine.analyst.grounding.spelling import prose_numbers

LONG = 64
"""A list of more numbers than this is kept as a column."""
_INDEX = re.compile(r"\[[^\]]*\]")
_TERM = re.compile(r"\b[A-Z][A-Z0-9.&-]+\b")


@dataclass(slots=True)
class Read:
    """What was read out of one result."""

    facts: list[Fact] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    """A name in lower case → the symbol it is of."""
    texts: list[tuple[str, Fact]] = field(default_factory=list)
    """Texts with figures in them, each with what to cite of it."""
    terms: set[str] = field(default_factory=set)
    """Words in capitals that a tool wrote, which are no invention of the answer."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the reader stands, and what the values around it say of those within."""

    call: str
    path: str = ""
    symbol: str = ""
    other: str = ""
    unit: str = ""
    source: str = ""
    as_of: datetime | None = None
    label: str = ""


def read(result: ToolResult) -> Read:
    """Every value of a tool's answer that a sentence may cite."""
    asked = getattr(result.request, "symbol", "")
    found = Read()
    place = _Place(result.id, "", str(asked), source=result.source, as_of=result.as_of)
    _walk(result.answer, "", place, found)
    return found


def _walk(value: object, name: str, place: _Place, found: Read) -> None:
    if value is None or isinstance(value, bool) or name in NOT_TOLD:
        return
    match value:
        case Enum():
            found.terms.update(_TERM.findall(str(value.value)))
        case str():
            _text(value, name, place, found)
        case int() | float() | Decimal() | date():
            _value(value, name, place, found)
        case Times():
            _ends(value, name, place, found)
        case Series() | np.ndarray():
            _column(value, name, None, place, found)
        case Mapping():
            _mapping(value, name, place, found)
        case list() | tuple() | set() | frozenset():
            _listed(list(value), name, place, found)
        case _ if hasattr(value, "__struct_fields__") or hasattr(value, "__dataclass_fields__"):
            _record(value, name, place, found)


def _record(value: object, name: str, place: _Place, found: Read) -> None:
    fields = dict(_fields(value))
    place = _told_by(fields, place)
    if place.symbol:
        found.names.setdefault(place.symbol.lower(), place.symbol)
        if isinstance(fields.get("name"), str) and "symbol" in fields and fields["name"]:
            found.names.setdefault(str(fields["name"]).lower(), place.symbol)
        for alias in _texts(fields.get("aliases")):
            found.names.setdefault(alias.lower(), place.symbol)
    times = fields.get("time")
    instants = np.asarray(times, np.int64) if isinstance(times, Times) else None
    symbols = _texts(fields.get("symbols"))
    for key, inner in fields.items():
        here = replace(place, path=f"{place.path}.{key}" if place.path else key)
        if isinstance(inner, Series | np.ndarray):
            _column(inner, key, instants, here, found)
        elif isinstance(inner, Mapping) and instants is not None:
            for part, column in inner.items():
                _output(part, column, instants, here, found)
        elif symbols and isinstance(inner, list | tuple) and len(inner) == len(symbols) > 0:
            if key != "symbols":
                _by_symbol(inner, key, symbols, here, found)
        else:
            _walk(inner, key, here, found)


def _output(part: str, column: object, instants: object, place: _Place, found: Read) -> None:
    here = replace(place, path=f"{place.path}[{part}]")
    if isinstance(column, Series | np.ndarray):
        _column(column, part, instants, here, found)
    else:
        _walk(column, part, here, found)


def _by_symbol(rows: object, key: str, symbols: list[str], place: _Place, found: Read) -> None:
    assert isinstance(rows, list | tuple)
    for symbol, row in zip(symbols, rows, strict=True):
        here = replace(place, path=f"{place.path}[{symbol}]", symbol=symbol)
        if isinstance(row, list | tuple) and len(row) == len(symbols):
            for other, item in zip(symbols, row, strict=True):
                if other != symbol:
                    pair = replace(here, path=f"{here.path}[{other}]", other=other)
                    _walk(item, key, pair, found)
        else:
            _walk(row, key, here, found)


def _told_by(fields: dict[str, object], place: _Place) -> _Place:
    symbol = fields.get("symbol") or place.symbol
    if not symbol:
        key = fields.get("key")
        symbol = key if isinstance(key, str) else ""
    as_of = fields.get("as_of") or fields.get("at") or place.as_of
    label = fields.get("label") or fields.get("name") or ""
    return replace(
        place,
        symbol=str(symbol),
        unit=str(fields.get("currency") or place.unit),
        source=str(fields.get("source") or place.source),
        as_of=as_of if isinstance(as_of, datetime) else place.as_of,
        label=str(label),
    )


def _fields(value: object) -> Iterator[tuple[str, object]]:
    names = getattr(value, "__struct_fields__", None) or getattr(value, "__dataclass_fields__", ())
    for name in names or ():
        yield name, getattr(value, name)


def _texts(value: object) -> list[str]:
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return [str(item) for item in value]
    return []


def _mapping(value: Mapping[object, object], name: str, place: _Place, found: Read) -> None:
    for key, inner in value.items():
        text = str(key)
        here = replace(place, path=f"{place.path}[{text}]")
        if isinstance(inner, Mapping) or hasattr(inner, "__struct_fields__"):
            here = replace(here, symbol=place.symbol or text)
        if text.isupper() and text.lower() in found.names:
            here, text = replace(here, symbol=found.names[text.lower()]), name
        _walk(inner, text, here, found)


def _listed(items: list[object], name: str, place: _Place, found: Read) -> None:
    if len(items) > LONG and all(type(item) in (int, float) for item in items):
        _column(np.asarray(items, np.float64), name, None, place, found)
        return
    if items and not isinstance(items[0], str):
        _value(len(items), f"{name or 'rows'}_count", replace(place, path=f"{place.path}#"), found)
    for number, item in enumerate(items):
        key = getattr(item, "symbol", None) or getattr(item, "key", None) or number
        _walk(item, name, replace(place, path=f"{place.path}[{key}]"), found)


def _column(values: object, name: str, instants: object, place: _Place, found: Read) -> None:
    numbers = np.asarray(values)
    if numbers.ndim != 1 or not len(numbers) or numbers.dtype.kind not in "fiu":
        return
    time = None
    if isinstance(instants, np.ndarray) and len(instants) == len(numbers):
        time = instants
    meaning = sense(name, float)
    label = place.label if name in ("value", place.label.lower()) or place.label else ""
    column = Column(
        call=place.call, path=place.path, field=name, kind=meaning.kind,
        values=np.ascontiguousarray(numbers, np.float64), time=time, symbol=place.symbol,
        unit=place.unit, source=place.source, as_of=place.as_of, fraction=meaning.fraction,
        signed=meaning.signed, names=(label,) if label else (),
    )  # fmt: skip
    found.columns.append(column)
    _value(len(numbers), "rows", replace(place, path=f"{place.path}#"), found)


def _ends(times: Times, name: str, place: _Place, found: Read) -> None:
    from tio.api.series import moment

    if len(times):
        for index in {0, len(times) - 1}:
            here = replace(place, path=f"{place.path}[{index}]")
            _value(moment(times[index]), name, here, found)


def _value(value: int | float | Decimal | date, name: str, place: _Place, found: Read) -> None:
    meaning = sense(name, type(value))
    kind = meaning.kind
    if isinstance(value, date):
        number: Decimal | date = value
        kind = Kind.moment
    elif isinstance(value, float):
        if not isfinite(value):
            return
        number = Decimal(repr(value))
    else:
        number = Decimal(value)
    fact = Fact(
        id=f"{place.call}:{place.path}", call=place.call, path=place.path, field=name, kind=kind,
        value=number, symbol=place.symbol, other=place.other, unit=place.unit,
        source=place.source, as_of=place.as_of, family=_INDEX.sub("[]", place.path),
        fraction=meaning.fraction, signed=meaning.signed,
    )  # fmt: skip
    found.facts.append(fact)


def _text(value: str, name: str, place: _Place, found: Read) -> None:
    found.terms.update(_TERM.findall(value))
    if name in ("symbol", "label", "name") or not value:
        return
    if any(letter.isdigit() for letter in value):
        told = Fact(
            id=f"{place.call}:{place.path}", call=place.call, path=place.path, field=name,
            kind=Kind.symbol, value=value[:200], symbol=place.symbol, source=place.source,
            as_of=place.as_of, family=place.path, text=True,
        )  # fmt: skip
        found.texts.append((value[:20_000], told))
    for position, (number, percent) in enumerate(prose_numbers(value[:20_000])):
        fact = Fact(
            id=f"{place.call}:{place.path}~{position}", call=place.call, path=place.path,
            field=name, kind=Kind.percent if percent else Kind.number, value=number,
            symbol="" if len(value) > LONG else place.symbol, source=place.source,
            as_of=place.as_of, family=place.path, text=True, signed=percent,
        )  # fmt: skip
        found.facts.append(fact)
