"""Numbers as brokers write them, exact; which mark is the decimal one is asked of the file."""

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from tio.api.errors import Invalid


class Style(StrEnum):
    """Which mark parts the decimals off: 1,234.56 or 1.234,56."""

    point = "."
    comma = ","


_ALIKE = str.maketrans({"−": "-", "–": "-", "\u00a0": " ", "\u202f": " ", "’": "'"})
_BLANK = {"", "-", "--", "n/a", "N/A"}
_LONGEST = 60
_CELL = re.compile(
    r"(?P<open>\()?\s*(?P<before>[-+])?\s*[$€£¥₹]?\s*(?P<inside>[-+])?\s*"
    r"(?P<body>[0-9.,][0-9.,' ]*?)(?P<power>[eE][-+]?[0-9]{1,2})?"
    r"\s*[$€£¥₹]?\s*(?P<after>[-+])?(?P<close>\))?"
)


def _pattern(groups: str, decimal: str) -> re.Pattern[str]:
    """Plain digits, or some in groups by one of the marks (lakhs too), and decimals."""
    grouped = "|".join(
        f"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{2,3}})*{mark}[0-9]{{3}}" for mark in (groups, "'", " ")
    )
    return re.compile(rf"(?:[0-9]+|{grouped})(?:{decimal}[0-9]*)?|{decimal}[0-9]+")


_STYLES = {Style.point: _pattern(",", r"\."), Style.comma: _pattern(r"\.", ",")}


def number(text: str, style: Style | None = None, name: str = "number") -> Decimal | None:
    """What a cell says, None where it is blank: 1.234,56 1,234.56 1'000.00 (12.50) -$5 5.00-.

    Raises Invalid, naming it `name`, where it is no number, or where `style` is not known and it
    could be two.
    """
    sign, body, power = _parts(text, name)
    if not body:
        return None
    possible = _possible(body)
    if not possible:
        raise _none(text, name)
    if style is not None and style not in possible:
        raise Invalid(f"{name}: {_short(text)!r} is not written as the file's other numbers")
    if style is None and len(possible) > 1 and ("." in body or "," in body):
        raise Invalid(
            f"{name}: whether {_short(text)} has thousands or decimals is not told by the file"
        )
    mark = style or possible[0]
    whole, _, decimals = body.partition(mark.value)
    digits = re.sub("[^0-9]", "", whole) or "0"
    return sign * Decimal(f"{digits}.{decimals}{power}" if decimals else f"{digits}{power}")


def style_of(texts: Iterable[str]) -> Style | None:
    """The style most of these cells can only be of; None where none tells, or as many each way."""
    votes: Counter[Style] = Counter()
    for text in texts:
        try:
            _, body, _ = _parts(text, "")
        except Invalid:
            continue
        possible = _possible(body)
        if len(possible) == 1:
            votes[possible[0]] += 1
    point, comma = votes[Style.point], votes[Style.comma]
    if point == comma:
        return None
    return Style.point if point > comma else Style.comma


def _parts(text: str, name: str) -> tuple[int, str, str]:
    """Sign, digits with their marks, power of ten; no digits where the cell is blank."""
    cell = text.translate(_ALIKE).strip()
    if cell in _BLANK:
        return 1, "", ""
    match = _CELL.fullmatch(cell) if len(cell) <= _LONGEST else None
    if match is None:
        raise _none(text, name)
    signs = [each for each in ("open", "before", "inside", "after") if match[each] in ("(", "-")]
    if bool(match["open"]) != bool(match["close"]) or len(signs) > 1:
        raise _none(text, name)
    return -1 if signs else 1, match["body"], match["power"] or ""


def _possible(body: str) -> tuple[Style, ...]:
    """The styles digits with their marks can be read in."""
    return tuple(style for style, pattern in _STYLES.items() if pattern.fullmatch(body))


def _short(text: str) -> str:
    return text.strip()[:_LONGEST]


def _none(text: str, name: str) -> Invalid:
    return Invalid(f"{name}: {_short(text)!r} is no number")
