"""Text as it streams in, held back where a tool call may be written in it."""

import json
import re
from collections.abc import Callable
from typing import Any

from tio.engine.analyst.models.speech import ToolCall
from tio.engine.analyst.tools.loose import loose

LONGEST = 16_000
"""Characters held back at most; a call is shorter."""

_CALL = re.compile(
    r"(?:^|\n)[ \t]*(?:\{|\[\s*\{|```(?:json|tool_call|tool_code|tool)?\s*[{\[]"
    r"|<(?:tool_call|tools?|function)[>=]|\[TOOL_CALLS\])"
)
_PERHAPS = re.compile(
    r"(?:^|\n)[ \t]*(?:\[(?:\s*|[A-Z_]{0,10})|`{1,2}|```[a-z_]{0,9}\s*|<[a-z_]{0,9})?$"
)
_BRACKET = re.compile(r"[{\[]")
_ATTEMPTS = 64
"""Places tried for JSON in one text: a text of brackets alone must not hold up the engine."""
_NAMES = ("name", "tool", "tool_name", "function", "action")
_ARGUMENTS = ("arguments", "parameters", "args", "input", "action_input", "params")


class Withheld:
    """Lets text through until a line begins like a call; the rest is `held` until the end."""

    def __init__(self) -> None:
        self.held = ""
        self._begun = True
        self._open = False

    def feed(self, text: str) -> str:
        """What may be shown of it now."""
        self.held += text
        if self._open:
            return self._overlong()
        found = self._search(_CALL)
        self._open = found is not None
        place = found if found is not None else self._search(_PERHAPS)
        if place is None:
            place = len(self.held)
        shown, self.held = self.held[:place], self.held[place:]
        if shown:
            self._begun = shown.endswith("\n")
        return shown

    def rest(self) -> str:
        """What was held, when it is no call after all."""
        rest, self.held, self._open = self.held, "", False
        return rest

    def _search(self, pattern: re.Pattern[str]) -> int | None:
        """Where a line begins that matches; the first line of all may be one."""
        begin = 0
        while (found := pattern.search(self.held, begin)) is not None:
            if found.start() or self.held.startswith("\n") or self._begun:
                return found.start()
            begin = found.end() or 1
            if begin > len(self.held):
                break
        return None

    def _overlong(self) -> str:
        return self.rest() if len(self.held) > LONGEST else ""


def calls_in(text: str, known: Callable[[str], str]) -> tuple[ToolCall, ...]:
    """The calls written in a text; `known` gives a real tool's name, '' where it is none."""
    calls: list[ToolCall] = []
    for value in _values(text[:LONGEST]):
        for each in value if isinstance(value, list) else [value]:
            calls += _call(each, known)
    return tuple(calls)


def _values(text: str) -> list[Any]:
    """The JSON values of a text, in their order; one that is broken is mended when it is alone."""
    decoder, found, place = json.JSONDecoder(), list[Any](), 0
    for _ in range(_ATTEMPTS):
        begin = _BRACKET.search(text, place)
        if begin is None:
            break
        try:
            value, place = decoder.raw_decode(text, begin.start())
            found.append(value)
        except (ValueError, RecursionError):
            place = begin.end()
            if not found and text[begin.start()] == "{":
                try:
                    return [loose(re.sub(r"</?\w+>|```\w*", "", text[begin.start() :]))]
                except ValueError:
                    continue
    return found


def _call(value: Any, known: Callable[[str], str]) -> tuple[ToolCall, ...]:
    if not isinstance(value, dict):
        return ()
    inner = value.get("function")
    if isinstance(inner, dict):
        value = inner
    name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), "")
    real = known(name) if name else ""
    if not real:
        return ()
    arguments: Any = next((value[key] for key in _ARGUMENTS if key in value), {})
    told = arguments if isinstance(arguments, str) else json.dumps(arguments)
    return (ToolCall("", real, told),)
