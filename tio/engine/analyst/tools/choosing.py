"""Which tools go with a question: the core, those in use, and those its words point at."""

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from tio.engine.analyst.tools.shelf import WordTool

MOST = 25
CORE = (
    "GetQuotes",
    "GetBars",
    "SearchInstruments",
    "ComputeIndicators",
    "ListPortfolios",
    "GetPositions",
    "GetProfile",
)
"""Always there, in this order."""
_NAME, _FIELD, _DOC = 3.0, 1.0, 1.0

_STEM = 7
"""Letters in which words of one kind agree: correla-ted, correla-tion."""
_EMPTY = frozenset(
    "and are any but can did does for from get had has have how its list may might not now one per"
    " should that the their them then there this was were what when where which who why will with"
    " would you your".split()
)
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_MEANT = {
    "hold": ("position", "lot"),
    "own": ("position", "lot"),
    "worth": ("position", "quote"),
    "price": ("quote", "bar"),
    "cost": ("quote", "lot"),
    "chart": ("bar", "drawing"),
    "history": ("bar", "transaction"),
    "moving": ("indicator",),
    "rsi": ("indicator",),
    "macd": ("indicator",),
    "volatility": ("indicator", "risk"),
    "dividend": ("event", "income"),
    "earning": ("profile", "event"),
    "sell": ("sale", "order"),
    "buy": ("order", "ticket"),
    "big": ("size", "ticket"),
    "many": ("size",),
    "tax": ("gain", "sale"),
    "crash": ("stress",),
    "fall": ("stress",),
    "return": ("performance",),
    "win": ("expectancy", "trade"),
    "loss": ("risk", "expectancy"),
    "support": ("level", "profile"),
    "resistance": ("level", "profile"),
    "open": ("hour", "session"),
    "close": ("hour", "session"),
    "holiday": ("session", "hour"),
    "depth": ("book",),
    "spread": ("book", "quote"),
    "hedge": ("correlation",),
    "diversified": ("correlation", "risk"),
}
"""What people say → what the words are called."""


@dataclass(frozen=True)
class Choice:
    """The tools of a round, and in a sentence why these."""

    tools: tuple[WordTool, ...]
    why: str


def chosen(
    question: str, shelf: Sequence[WordTool], used: Collection[str] = (), most: int = MOST
) -> Choice:
    """At most `most` of them, the same for the same question."""
    core = [each for name in CORE for each in shelf if each.name == name]
    kept = core + [each for each in shelf if each.name in used and each not in core]
    asked = _asked(question)
    weights = _weights(shelf)
    scored = [(_score(asked, each, weights), each) for each in shelf if each not in kept]
    by_score = sorted(scored, key=lambda pair: (-pair[0], pair[1].name))
    tools = tuple((kept + [each for _, each in by_score])[:most])
    pointed = [each.name for score, each in by_score if score > 0 and each in tools]
    left = len(shelf) - len(tools)
    said = f"{len(tools)} of {len(shelf)} tools" if left > 0 else f"all {len(shelf)} tools"
    if pointed:
        said += f", the question points at {', '.join(pointed[:6])}"
    return Choice(tools, said)


def _score(asked: dict[str, float], tool: WordTool, weights: dict[str, float]) -> float:
    name, fields, doc = _terms(tool)
    return sum(
        strength * weights.get(word, 0.0) * (_NAME * (word in name) or _FIELD * (word in fields))
        + strength * weights.get(word, 0.0) * _DOC * (word in doc)
        for word, strength in asked.items()
    )


def _asked(question: str) -> dict[str, float]:
    """The stems of a question and what they mean, each with its strength."""
    asked: dict[str, float] = {}
    for word in _stems(question):
        asked[word] = 1.0
        for meant in _meant().get(word, ()):
            asked.setdefault(_stem(meant), 0.7)
    return asked


def _weights(shelf: Sequence[WordTool]) -> dict[str, float]:
    """A word that few tools have says more than one that all have."""
    counts: dict[str, int] = {}
    for each in shelf:
        for word in frozenset().union(*_terms(each)):
            counts[word] = counts.get(word, 0) + 1
    return {word: math.log(1 + len(shelf) / count) for word, count in counts.items()}


_known: dict[WordTool, tuple[frozenset[str], frozenset[str], frozenset[str]]] = {}


def _terms(tool: WordTool) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    if tool not in _known:
        fields = " ".join(tool.tool.schema.get("properties", ()))
        _known[tool] = _stems(tool.name), _stems(fields), _stems(tool.tool.description)
    return _known[tool]


@cache
def _meant() -> dict[str, tuple[str, ...]]:
    return {_stem(word): meant for word, meant in _MEANT.items()}


def _stems(text: str) -> frozenset[str]:
    words = (word.lower() for word in _CAMEL.findall(text) if len(word) > 2)
    return frozenset(_stem(word) for word in words if word not in _EMPTY)


def _stem(word: str) -> str:
    for end, new in (("ies", "y"), ("ings", ""), ("ing", ""), ("sses", "ss"), ("s", "")):
        if word.endswith(end) and len(word) - len(end) > 2 and not word.endswith("ss"):
            word = word[: -len(end)] + new
            break
    return word[:_STEM]
