"""Answers and errors as a model may read them: cleaned, what others wrote fenced, short."""

import re
from typing import Any

import msgspec

from tio.api.clean import clean
from tio.api.codec import encode
from tio.api.errors import TioError

MOST = 4_000
"""Characters of one answer: about 1,500 tokens of JSON, figures being dear."""
LENGTHS = (256, 128, 64, 48, 32, 24, 16, 12, 8, 5, 3, 2, 1)
"""How many items of every list a shortened answer keeps: the most that fit."""

OPEN, CLOSE = "«", "»"
_FORGED = str.maketrans({OPEN: "‹", CLOSE: "›"})
# A name, a number, a time, a formula: without a blank it says nothing to a reader.
_PLAIN = re.compile(r"[\w.:/=^+%@#&(),|$~*<>−-]{0,40}")
_PATH = re.compile(r"(?<![\w:/.])~?/(?:[^\s/'\",;)]+/)+([^\s/'\",;)]*)")
_SECRET = re.compile(
    r"(?i)\b(api[_-]?key|access[_-]?token|token|secret|passw(?:or)?d|authorization|bearer)"
    r"(\s*[=:]\s*|\s+(?=\S{16}))\S+"
)


def told(answer: object) -> Any:
    """An answer as JSON's own values, every text cleaned, and fenced where others wrote it."""
    return _fenced(msgspec.json.decode(encode(answer)))


def text_of(value: object) -> str:
    return encode(value).decode()


def shortened(value: Any, most: int = MOST) -> str | None:
    """Its JSON with every list cut to the same length, as long as fits; None where none does.

    Of figures the last stay, which are the newest; of rows and texts the first.
    """
    for length in LENGTHS:
        text = text_of(_cut(value, length))
        if len(text) <= most:
            return text
    return None


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


def sentence(error: TioError) -> str:
    """What went wrong and what to do: without places on this machine, and without keys."""
    said = f"{error.message}\n{error.next}" if error.next else error.message
    return harmless(said)


def harmless(text: str) -> str:
    """Our own sentence as it may leave this machine."""
    text = clean(text, prose=True, limit=2_000)
    return _SECRET.sub(r"\1\2***", _PATH.sub(r"…/\1", text))


def fenced(text: str) -> str:
    """A text cleaned; between « and » unless it is a bare name or number."""
    text = clean(text, prose=True, limit=len(text))
    return text if _PLAIN.fullmatch(text) else f"{OPEN}{text.translate(_FORGED)}{CLOSE}"


def _fenced(value: Any) -> Any:
    match value:
        case str():
            return fenced(value)
        case dict():
            return {fenced(key): _fenced(each) for key, each in value.items()}
        case list():
            return [_fenced(each) for each in value]
    return value


def _cut(value: Any, length: int) -> Any:
    match value:
        case list() if len(value) > length:
            figures = not isinstance(value[0], dict | list)
            return _cut(value[-length:] if figures else value[:length], length)
        case list():
            return [_cut(each, length) for each in value]
        case dict():
            return {key: _cut(each, length) for key, each in value.items()}
    return value
