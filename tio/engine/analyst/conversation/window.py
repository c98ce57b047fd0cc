"""A conversation in the window of a model: what counts first, what is left out said."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from tio.engine.analyst.models.speech import Message, Part, Tool
from tio.engine.analyst.tools.results import CHARACTERS_A_TOKEN

_WORD = re.compile(r"[A-Za-z][\w.:-]{1,}")
_RESULT = re.compile(r"Result (r\d+) of \w+\.")
_TURN = 16
"""Characters a turn costs beside its text."""
_KEPT = 2
"""Earlier turns whose results are kept whole, whatever they are about."""


@dataclass(frozen=True)
class Fitted:
    """The messages that go to the model; `left` tells what does not, '' when all goes."""

    messages: tuple[Message, ...]
    characters: int
    left: str = ""


class Reckoning:
    """Characters a token of one model, learnt from what its server counted."""

    def __init__(self) -> None:
        self.densest = float(CHARACTERS_A_TOKEN)
        self._loosest = 0.0
        self._last = (0, 0)

    def learn(self, characters: int, read: int) -> None:
        """Take in a round in which nothing was lost."""
        if read <= 0 or characters < 400:
            return
        rate = characters / read
        self.densest = max(1.0, min(self.densest, rate))
        self._loosest = max(self._loosest, rate)
        self._last = (characters, read)

    def lost(self, characters: int, read: int) -> bool:
        """Whether the server read so little that a part must have been dropped."""
        if read <= 0:
            return False
        before, then = self._last
        if before and characters > before and read < 0.9 * then:
            return True
        # Prose has four or five characters a token, names and figures fewer: six is beyond both.
        return read < 0.75 * characters / (self._loosest or 4.5)


def size(messages: Sequence[Message], tools: Sequence[Tool] = ()) -> int:
    """Characters of what is sent."""
    return sum(map(_size, messages)) + sum(
        len(each.name) + len(each.description) + len(json.dumps(each.schema)) for each in tools
    )


def fitted(system: Message, messages: Sequence[Message], question: str, room: int) -> Fitted:
    """The system's message, the turn that is going on, then earlier ones, newest first."""
    begin = max((i for i, each in enumerate(messages) if each.part is Part.user), default=0)
    room -= _size(system)
    current, shortened = _shortened(list(messages[begin:]), room)
    room -= size(current)
    units = _units(messages[:begin])
    kept: list[Message] = []
    asked, dropped = _words(question), 0
    for age, unit in enumerate(reversed(units)):
        if age >= _KEPT and not _about(unit, asked):
            told = [_stub(each) for each in unit]
            shortened += sum(a is not b for a, b in zip(told, unit, strict=True))
            unit = told
        if dropped or size(unit) > room:
            dropped += len(unit)
            continue
        room -= size(unit)
        kept = [*unit, *kept]
    chosen = (system, *kept, *current)
    return Fitted(chosen, size(chosen), _told(dropped, shortened))


def _told(dropped: int, shortened: int) -> str:
    parts = [f"{dropped} earlier message{'s' * (dropped > 1)}"] * bool(dropped)
    parts += [f"{shortened} result{'s' * (shortened > 1)} of tools"] * bool(shortened)
    return f"{' and '.join(parts)} left out for room" if parts else ""


def _size(message: Message) -> int:
    calls = sum(len(each.name) + len(each.arguments) + _TURN for each in message.calls)
    return _TURN + len(message.text) + calls


def _units(messages: Sequence[Message]) -> list[list[Message]]:
    """Messages that only make sense together: a turn's calls and their results."""
    units: list[list[Message]] = []
    for each in messages:
        if each.part is Part.tool and units:
            units[-1].append(each)
        else:
            units.append([each])
    return units


def _shortened(current: list[Message], room: int) -> tuple[list[Message], int]:
    """The turn that is going on: results of tools give way, the oldest first, then any text."""
    changed = 0
    for place, each in enumerate(current):
        if size(current) <= room:
            return current, changed
        if each.part is Part.tool and (stub := _stub(each)) is not each:
            current[place] = stub
            changed += 1
    over = size(current) - room
    for place, each in enumerate(current):
        if over <= 0:
            break
        keep = max(200, len(each.text) - over)
        if keep < len(each.text):
            over -= len(each.text) - keep
            current[place] = msgspec.structs.replace(each, text=f"{each.text[: keep - 2]} …")
            changed += 1
    return current, changed


def _stub(message: Message) -> Message:
    """A result that can be read again by its handle, without its body."""
    found = _RESULT.match(message.text)
    if message.part is not Part.tool or found is None:
        return message
    text = f"{found[0]} Left out for room; read_more with handle {found[1]} tells it."
    return msgspec.structs.replace(message, text=text) if len(text) < len(message.text) else message


def _about(unit: Sequence[Message], asked: frozenset[str]) -> bool:
    return all(each.part is not Part.tool for each in unit) or any(
        asked & _words(" ".join((each.text, *(call.arguments for call in each.calls))))
        for each in unit
    )


def _words(text: str) -> frozenset[str]:
    """Names and words of more than three letters; short ones only where they are capitals."""
    return frozenset(
        word.lower() for word in _WORD.findall(text) if len(word) > 4 or word.isupper()
    )
