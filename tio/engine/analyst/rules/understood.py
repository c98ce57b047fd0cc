"""A question in the light of those before it: what it leaves out is what they were about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tio.engine.analyst.rules.intents import Matter, matters_of
from tio.engine.analyst.rules.when import frames_of

_GOES_ON = re.compile(
    r"\s*(and|or|but|what about|how about|what of|also|same|then|on the|in|over|since|for)\b",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(it|its|it's|that|this|them|they|their|those|these|there)\b"
    r"|\bmy (stop|position|order|idea|entry|cost|target|average)\b", re.IGNORECASE
)  # fmt: skip
_CLEAR = frozenset((Matter.help, Matter.none))


@dataclass(frozen=True, slots=True)
class Understood:
    """What a question may be about, the likeliest first; `text` is it and what it goes on from."""

    matters: tuple[Matter, ...]
    text: str
    refers: bool = False
    """Whether it speaks of something that was named before."""


def understood(question: str, earlier: Sequence[str]) -> Understood:
    """What a question is about; `earlier` are those before it, the newest last."""
    matters, refers = matters_of(question), bool(_REFERS.search(question))
    goes_on = bool(_GOES_ON.match(question))
    if matters or not earlier or not (goes_on or refers or frames_of(question)):
        return Understood(matters, question, refers or goes_on)
    text = question
    for before in reversed(earlier):
        text = f"{text} {before}"
        found = tuple(each for each in matters_of(before) if each not in _CLEAR)
        if found:
            return Understood(found, text, True)
    return Understood((), question, True)
