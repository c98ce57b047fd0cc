"""JSON as models write it: fenced, unclosed, with single quotes or a comma too many."""

import json
import re
from typing import Any

from tio.api.clean import clean

_FENCE = re.compile(r"^\s*```\w*\s*\n?|\n?\s*```\s*$")
_TRAILING = re.compile(r",\s*(?=[}\]])")
_BARE = re.compile(r"\b(True|False|None)\b")
_PLAIN = {"True": "true", "False": "false", "None": "null"}
LONGEST = 100_000


def loose(text: str) -> Any:
    """The value a text is, mended where it can mean one thing alone; raises ValueError."""
    text = text[:LONGEST].strip()
    try:
        return _read(text)
    except ValueError:
        mended = _FENCE.sub("", text).strip()
    attempts = (mended, _closed(mended), _closed(_TRAILING.sub("", mended)))
    for each in attempts:
        try:
            return _read(each)
        except ValueError:
            continue
    if '"' not in mended:
        return _read(_BARE.sub(lambda m: _PLAIN[m[0]], attempts[2].replace("'", '"')))
    return _read(_BARE.sub(lambda m: _PLAIN[m[0]], attempts[2]))


def _read(text: str) -> Any:
    try:
        return _cleaned(json.loads(text, parse_constant=_refuse))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _cleaned(value: Any) -> Any:
    """Its texts without what could steer a terminal, which JSON can spell."""
    match value:
        case str():
            return clean(value, prose=True)
        case list():
            return [_cleaned(each) for each in value]
        case dict():
            return {clean(key): _cleaned(each) for key, each in value.items()}
    return value


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _closed(text: str) -> str:
    """The text with the brackets closed that it left open; a text within is closed first."""
    open_ones: list[str] = []
    within = escaped = False
    for each in text:
        if escaped:
            escaped = False
        elif within:
            escaped, within = each == "\\", each != '"'
        elif each == '"':
            within = True
        elif each in "{[":
            open_ones.append("}" if each == "{" else "]")
        elif each in "}]" and open_ones:
            open_ones.pop()
    return text + '"' * within + "".join(reversed(open_ones))
