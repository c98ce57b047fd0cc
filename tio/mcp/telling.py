"""Answers and errors as a model may read them: short, and without what is nobody's business."""

import re
from typing import Any, NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.codec import encode
from tio.api.errors import TioError
from tio.mcp.fences import all_fenced

MOST = 4_000
"""Characters of one answer: about 1,500 tokens of JSON, figures being dear."""
LENGTHS = (256, 192, 128, 96, 64, 48, 40, 32, 28, 24, 20, 18, 16, 14, *range(12, 0, -1))
"""How many items of every list a shortened answer keeps: the most that fit."""
WITHIN = 24
"""How many items a row's own lists keep while the rows are cut to fewer, down to `FEWEST`."""
FEWEST = 3

_PATH = re.compile(r"(?<![\w:/.])~?/(?:[^\s/'\",;)]+/)+([^\s/'\",;)]*)")
_SECRET = re.compile(
    r"(?i)\b(api[_-]?key|access[_-]?token|token|secret|passw(?:or)?d|authorization|bearer)"
    r"(\s*[=:]\s*|\s+(?=\S{16}))\S+"
)


class Draft(NamedTuple):
    """An answer's whole text and, where that is too long, a shortened one if there is any."""

    whole: str
    short: str | None = None


def told(answer: object) -> Any:
    """An answer as JSON's own values, every text cleaned, and fenced where others wrote it."""
    return all_fenced(msgspec.json.decode(encode(answer)))


def drafted(answer: object, most: int = MOST) -> Draft:
    """An answer's texts; 0.4 s for the longest there are, so not for an event loop."""
    value = told(answer)
    whole = text_of(value)
    return Draft(whole, shortened(value, most) if len(whole) > most else whole)


def text_of(value: object) -> str:
    return encode(value).decode()


def shortened(value: Any, most: int = MOST) -> str | None:
    """Its JSON with long lists cut to the same length, as long as fits; None where none does.

    Of columns and matrices the last stay, which are the newest; of rows the first, unless they
    stand beside a column of their own length. Rows go before what is in them.
    """
    whole_rows = [(length, max(length, WITHIN)) for length in LENGTHS if length >= FEWEST]
    for length, within in (*whole_rows, *((length, length) for length in LENGTHS)):
        text = text_of(_cut(value, length, within))
        if len(text) <= most:
            return text
    return None


def sentence(error: TioError) -> str:
    """What went wrong and what to do: without places on this machine, and without keys."""
    said = f"{error.message}\n{error.next}" if error.next else error.message
    return harmless(said)


def harmless(text: str) -> str:
    """Our own sentence as it may leave this machine."""
    text = clean(text, prose=True, limit=2_000)
    return _SECRET.sub(r"\1\2***", _PATH.sub(r"…/\1", text))


def _cut(value: Any, length: int, within: int) -> Any:
    match value:
        case list():
            return _cut_list(value, length, within, [])
        case dict():
            columns = [len(each) for each in value.values() if _is_column(each)]
            return {
                key: _cut_list(each, length, within, columns)
                if isinstance(each, list)
                else _cut(each, length, within)
                for key, each in value.items()
            }
    return value


def _cut_list(items: list[Any], length: int, within: int, columns: list[int]) -> list[Any]:
    last = _is_column(items) or len(items) in columns
    kept = items[-length:] if last else items[:length]
    inner = length if _is_column(items) else within
    return [_cut(each, inner, within) for each in kept]


def _is_column(value: object) -> bool:
    return isinstance(value, list) and bool(value) and not isinstance(value[0], dict)
