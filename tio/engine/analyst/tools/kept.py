"""Whole answers under a handle, read on in parts."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from tio.api.contract import Request
from tio.api.errors import NotFound
from tio.api.series import Series
from tio.engine.analyst.models.speech import Tool
from tio.engine.analyst.tools import columns
from tio.engine.analyst.tools.quoting import READ_MORE, quoted
from tio.engine.analyst.tools.shapes import schema_of


class ReadMore(Request[object], frozen=True):
    """More of a result that was shortened: `count` items, rows or characters after `skip`.

    `handle` names the result (r3), `part` the field in it as the note under it says, empty for
    the whole. Rows of a table are counted from the oldest.
    """

    handle: Annotated[str, Meta(max_length=20)]
    part: Annotated[str, Meta(max_length=200)] = ""
    skip: Annotated[int, Meta(ge=0)] = 0
    count: Annotated[int, Meta(ge=1, le=200)] = 20


READ_MORE_TOOL = Tool(
    name=READ_MORE,
    description=" ".join((ReadMore.__doc__ or "").split()),
    schema=schema_of(ReadMore),
)


class Kept:
    """The answers of a chat, whole."""

    def __init__(self) -> None:
        self._answers: dict[str, object] = {}
        self._newest = 0

    def __len__(self) -> int:
        return len(self._answers)

    def keep(self, answer: object) -> str:
        """A handle for it."""
        self._newest += 1
        handle = f"r{self._newest}"
        self._answers[handle] = answer
        return handle

    def recall(self, handle: str, answer: object) -> None:
        """Keep an answer under the handle it had before."""
        self._answers[handle] = answer
        self._newest = max(self._newest, int(handle[1:]))

    def more(self, asked: ReadMore) -> object:
        """The part asked for; NotFound, with what there is."""
        if asked.handle not in self._answers:
            there = ", ".join(list(self._answers)[-8:]) or "none"
            raise NotFound(f"there is no result {quoted(asked.handle, 20)!r}", f"there is {there}")
        value = self._answers[asked.handle]
        for step in filter(None, asked.part.split(".")):
            value = _within(value, step, asked.handle)
        return _after(value, asked.skip, asked.count)


def _within(value: object, step: str, handle: str) -> object:
    if isinstance(value, msgspec.Struct) and step in value.__struct_fields__:
        return getattr(value, step)
    if isinstance(value, msgspec.Struct) and (table := columns.columns(value)):
        if step in ("rows", "newest", "columns"):
            return value
        if step in table[1]:
            return table[1][step]
    if isinstance(value, dict):
        found = [each for key, each in value.items() if quoted(str(key), 60) == step]
        if found:
            return found[0]
    if isinstance(value, list | tuple) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    names = getattr(value, "__struct_fields__", ())
    there = f"there is {', '.join(names[:20])}" if names else "it has no such part"
    raise NotFound(f"{quoted(handle, 20)} has no part {quoted(step, 40)!r}", there)


def _after(value: object, skip: int, count: int) -> Any:
    if isinstance(value, msgspec.Struct) and (table := columns.columns(value)):
        return columns.rows(*table, skip, skip + count) | {"of": len(table[0])}
    if isinstance(value, Series):
        return Series(value[place] for place in range(skip, min(len(value), skip + count)))
    if isinstance(value, dict):
        return dict(list(value.items())[skip : skip + count])
    if isinstance(value, list | tuple):
        return tuple(value[skip : skip + count])
    if isinstance(value, str):
        # A few characters are never asked for: a count is of rows.
        return value[skip : skip + count * 20]
    return value
