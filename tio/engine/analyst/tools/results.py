"""An answer in the room a conversation has for it; what is left out is said."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec

from tio.api.series import Series, Times
from tio.engine.analyst.tools import columns
from tio.engine.analyst.tools.quoting import quoted

CHARACTERS_A_TOKEN = 3
"""Of figures and names; prose has more, so an estimate is rather too high."""
RESULT_TOKENS = 1_500
ROOM = RESULT_TOKENS * CHARACTERS_A_TOKEN

_STEPS = (
    (60, 20, 600), (40, 15, 400), (25, 10, 300), (12, 8, 200), (6, 5, 160), (3, 3, 120),
    (2, 2, 80), (1, 1, 60),
)  # fmt: skip
"""Items of a list, newest rows of a table, characters of a text: the first that fits is taken."""
_DEEPEST = 12


@dataclass(frozen=True)
class Told:
    """An answer as JSON, and which parts of it are not whole: their path and what is missing."""

    json: str
    left: tuple[tuple[str, str], ...] = ()


@dataclass
class _Room:
    items: int
    newest: int
    text: int
    left: dict[str, str] = field(default_factory=dict)


def tokens(text: str) -> int:
    """About how many tokens a text is."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


def told(answer: object, characters: int = ROOM) -> Told:
    """The answer in at most so many characters: long lists cut, columns summed up."""
    text, left = "", dict[str, str]()
    for items, newest, longest in _STEPS:
        room = _Room(items, newest, longest)
        text = json.dumps(_plain(answer, room, "", 0), ensure_ascii=False, separators=(",", ":"))
        left = room.left
        if len(text) <= characters:
            return Told(text, tuple(left.items()))
    return Told(text[: characters - 1] + "…", (*left.items(), ("", "the rest of it")))


def _plain(value: object, room: _Room, path: str, depth: int) -> Any:
    if depth > _DEEPEST:
        return "…"
    match value:
        case None | bool() | int() as plain if not isinstance(plain, Enum):
            return plain
        case Enum():
            return value.value
        case float():
            return columns.number(value)
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat(timespec="seconds").replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case str():
            return _text(value, room, path)
        case Series():
            return _series(value, room, path)
        case Times():
            return {"count": len(value), "newest": _newest(value, room.newest)}
        case msgspec.Struct():
            return _struct(value, room, path, depth)
        case dict():
            return _mapping(value, room, path, depth)
        case list() | tuple() | set() | frozenset():
            return _list(list(value), room, path, depth)
    return quoted(str(value), room.text)


def _struct(value: msgspec.Struct, room: _Room, path: str, depth: int) -> dict[str, Any]:
    """Its fields but those that say nothing; aligned columns as sums and newest rows."""
    table = columns.columns(value)
    inside = set(map(id, (table[0], *table[1].values()))) if table else set()
    made: dict[str, Any] = {}
    for name in value.__struct_fields__:
        each = getattr(value, name)
        if each is None or each is False or (isinstance(each, str | tuple | dict) and not each):
            continue
        if isinstance(each, Series | Times) and (id(each) in inside or not len(each)):
            continue
        if isinstance(each, dict) and any(id(inner) in inside for inner in each.values()):
            continue
        made[name] = _plain(each, room, f"{path}.{name}" if path else name, depth + 1)
    if table:
        made |= _table(*table, room, path)
    return made


def _table(times: Times, told: dict[str, Series], room: _Room, path: str) -> dict[str, Any]:
    names = {quoted(name, 60): each for name, each in told.items()}
    count = len(times)
    if count <= room.newest:
        return {"count": count} | columns.rows(times, names, 0, count)
    room.left[path] = f"{count - room.newest} older rows of {count}"
    ends = columns.instants(times, 0, 1) + columns.instants(times, count - 1, count)
    return {
        "count": count,
        "from": ends[0],
        "to": ends[1],
        "over_all": {name: columns.summary(each) for name, each in names.items()},
        "newest": columns.rows(times, names, count - room.newest, count),
    }


def _series(value: Series, room: _Room, path: str) -> Any:
    count = len(value)
    if count <= room.newest:
        return [columns.number(each) for each in value]
    room.left[path] = f"{count - room.newest} values of {count}"
    newest = [columns.number(value[place]) for place in range(count - room.newest, count)]
    return columns.summary(value) | {"newest": newest}


def _newest(times: Times, most: int) -> list[str]:
    return columns.instants(times, max(0, len(times) - most), len(times))


def _list(value: list[Any], room: _Room, path: str, depth: int) -> list[Any]:
    if len(value) > room.items:
        room.left[path] = f"{len(value) - room.items} more of {len(value)}"
    return [
        _plain(each, room, f"{path}.{place}" if path else str(place), depth + 1)
        for place, each in enumerate(value[: room.items])
    ]


def _mapping(value: dict[Any, Any], room: _Room, path: str, depth: int) -> dict[str, Any]:
    if len(value) > room.items:
        room.left[path] = f"{len(value) - room.items} more of {len(value)}"
    return {
        quoted(str(key), 60): _plain(
            each,
            room,
            f"{path}.{quoted(str(key), 60)}" if path else quoted(str(key), 60),
            depth + 1,
        )
        for key, each in list(value.items())[: room.items]
    }


def _text(value: str, room: _Room, path: str) -> str:
    if len(value) > room.text:
        room.left[path] = f"{len(value) - room.text} characters of {len(value)}"
    return quoted(value, room.text)
