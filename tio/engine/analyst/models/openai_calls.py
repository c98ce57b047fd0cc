"""Tool calls put together from the fragments of an OpenAI stream."""

import json
from dataclasses import dataclass, field
from typing import Any

from tio.engine.analyst.models.speech import ToolCall


@dataclass(slots=True)
class _Growing:
    index: int
    id: str
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class Fragments:
    """Calls as they grow, told apart by index and id.

    Some servers send index 0 for every one of several calls: a new id begins a new call; without
    ids a name does, once the arguments before it are whole. Some repeat both with every fragment.
    """

    def __init__(self) -> None:
        self._calls: list[_Growing] = []

    def add(self, fragments: object) -> None:
        """Take the `tool_calls` of one delta, of whatever shape a server gave it."""
        if not isinstance(fragments, list):
            return
        for place, each in enumerate(fragments):
            if isinstance(each, dict):
                self._grow(each, place)

    def calls(self) -> tuple[ToolCall, ...]:
        """What they came to; a call without a name is none."""
        return tuple(
            ToolCall(each.id or f"call_{place}", each.name, "".join(each.arguments))
            for place, each in enumerate(self._calls)
            if each.name
        )

    def _grow(self, told: dict[str, Any], place: int) -> None:
        index = told.get("index")
        index = index if isinstance(index, int) else place
        id, function = str(told.get("id") or ""), told.get("function")
        function = function if isinstance(function, dict) else {}
        name, arguments = str(function.get("name") or ""), function.get("arguments")
        call = self._of(index, id, name)
        call.id = call.id or id
        call.name = call.name or name
        if isinstance(arguments, str):
            call.arguments.append(arguments)
        elif isinstance(arguments, dict):
            call.arguments.append(json.dumps(arguments))

    def _of(self, index: int, id: str, name: str) -> _Growing:
        """The call a fragment is of: the last one of its index, unless it begins another."""
        last = next((each for each in reversed(self._calls) if each.index == index), None)
        if last is not None and not _begins_another(last, id, name):
            return last
        begun = _Growing(index, id)
        self._calls.append(begun)
        return begun


def _begins_another(last: _Growing, id: str, name: str) -> bool:
    if id and last.id:
        return id != last.id
    return bool(name and not id and last.name and _whole("".join(last.arguments)))


def _whole(arguments: str) -> bool:
    try:
        json.loads(arguments)
    except ValueError:
        return False
    return True
