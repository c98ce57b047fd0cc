"""What others wrote, as a model may read it: cleaned, in marks it cannot close, naming no tool."""

import re
from functools import lru_cache
from typing import Any

from tio.api.clean import clean
from tio.api.contract import WORDS

OPEN, CLOSE = "«", "»"
_FORGED = str.maketrans({OPEN: "‹", CLOSE: "›"})
# A name, a number, a time, a formula: without a blank it says nothing to a reader. Other scripts
# write sentences without blanks.
_PLAIN = re.compile(r"[\w.:/=^+%@#&(),|-]{0,40}", re.ASCII)
_FIGURE = re.compile(r"[\dTZ.:+-]*", re.ASCII)
_PART = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


def fenced(text: str) -> str:
    """A text cleaned; between « and » unless it is a bare name or number."""
    text = clean(text, prose=True, limit=len(text))
    if _FIGURE.fullmatch(text) and len(text) <= 40:
        return text
    unnamed = _names(tuple(WORDS)).sub(lambda found: _apart(found[0]), text)
    if unnamed == text and _PLAIN.fullmatch(text):
        return text
    return f"{OPEN}{unnamed.translate(_FORGED)}{CLOSE}"


def all_fenced(value: Any) -> Any:
    """JSON's own values, every text in them fenced."""
    match value:
        case str():
            return fenced(value)
        case dict():
            return {_key(key): all_fenced(each) for key, each in value.items()}
        case list():
            return [all_fenced(each) for each in value]
    return value


def unfenced(value: Any) -> Any:
    """What a model says, without the fences it took over from an answer."""
    match value:
        case str() if value.startswith(OPEN) and value.endswith(CLOSE):
            return value[1:-1]
        case dict():
            return {key: unfenced(each) for key, each in value.items()}
        case list():
            return [unfenced(each) for each in value]
    return value


def _key(key: str) -> str:
    # Most are the names of fields, ours.
    return key if _PLAIN.fullmatch(key) else fenced(key)


@lru_cache(maxsize=4)
def _names(words: tuple[str, ...]) -> re.Pattern[str]:
    """Every word's name of more than one part, however its parts are joined."""
    parts = [_PART.findall(each) for each in (*words, "ReadMore")]
    joined = ["[_.-]?".join(map(re.escape, each)) for each in parts if len(each) > 1]
    return re.compile("|".join(sorted(joined, key=len, reverse=True)), re.IGNORECASE)


def _apart(name: str) -> str:
    """A name that is none any more: `GetQuotes` → `get quotes`."""
    parts = _PART.findall(name)
    return " ".join(parts).lower() if len(parts) > 1 else f"{name[:1]} {name[1:]}"
