"""Text of others as a model may read it: data between marks, that can neither close nor call."""

import re
import unicodedata
from functools import lru_cache

from tio.api.clean import clean
from tio.api.contract import WORDS

READ_MORE = "read_more"
OPEN, CLOSE = "<data>", "</data>"

_CAMEL = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_MARKS = str.maketrans({"<": "‹", ">": "›", "{": "(", "}": ")"})
"""Without these no mark is closed, no turn of a template begun, no call written as JSON."""
_HIDDEN = re.compile("[＜＞｛｝﹤﹥﹛﹜［］｜]")
"""Letters that are marks in another width."""
_TEMPLATE = re.compile(r"\[(/?[A-Z_]{3,})\]")


def quoted(text: str, limit: int = 600) -> str:
    """A text as data: no control characters, no marks, no tool named; at most `limit` long."""
    plain = _folded(clean(text, limit=limit + 1)).translate(_MARKS)
    plain = _TEMPLATE.sub(r"(\1)", plain)
    plain = _names(tuple(WORDS)).sub(lambda found: _said(found[0]), plain)
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def between_marks(json: str) -> str:
    """Data as it stands in a conversation; the texts in it must be `quoted`."""
    return f"{OPEN}\n{json}\n{CLOSE}"


def _folded(text: str) -> str:
    """A text whose wide or mathematical letters hide a mark or a name, in plain letters."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    hides = _HIDDEN.search(text) or _names(tuple(WORDS)).search(folded)
    return folded if hides else text


@lru_cache(maxsize=4)
def _names(words: tuple[str, ...]) -> re.Pattern[str]:
    """Every word's name of more than one part, however its parts are joined."""
    parts = [_CAMEL.findall(each) for each in words] + [READ_MORE.split("_")]
    joined = ("[_.-]?".join(map(re.escape, each)) for each in parts if len(each) > 1)
    return re.compile(rf"(?:{'|'.join(sorted(joined, key=len, reverse=True))})", re.IGNORECASE)


def _said(name: str) -> str:
    """A name taken apart, so that it is none: `GetQuotes` → `get quotes`."""
    apart = re.sub(r"[_.-]", " ", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)).lower()
    return apart if " " in apart else f"{apart[:1]} {apart[1:]}"
