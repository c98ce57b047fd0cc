"""Times as files write them: ISO, compact, slashed, month names, Unix s, ms, µs, ns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

from tio.api.errors import Invalid
from tio.api.series import EPOCH, instant

_CLOCK = r"(?:[ T,]+(?P<clock>\d{1,2}:?\d{2}(?::?\d{2}(?:[.,]\d+)?)?)\s*(?P<half>[AaPp][Mm])?)?"
_ZONE = r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _CLOCK + _ZONE)
_YEAR_LAST = re.compile(
    r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})" + _CLOCK + _ZONE
)
_MONTH_FIRST = re.compile(
    r"(?P<name>[A-Za-z]{3,9})\.?\s+(?P<d>\d{1,2}),?\s+(?P<y>\d{4})" + _CLOCK + _ZONE
)
_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})[ -](?P<name>[A-Za-z]{3,9})\.?[ -](?P<y>\d{4})" + _CLOCK + _ZONE
)
# Thirteen digits in a row are Unix milliseconds, so a clock of five needs a space before it.
_COMPACT_CLOCK = r"(?P<clock>(?:[ T]?(?:\d{4}|\d{6})|[ T]\d{5}|[ T]?\d{1,2}:\d{2}(?::\d{2})?))?"
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})" + _COMPACT_CLOCK + _ZONE)
_UNIX = re.compile(r"-?\d{1,19}(\.\d+)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEK = 7 * 86_400_000_000
_AMBIGUOUS = "write the dates as YYYY-MM-DD"


@dataclass(frozen=True)
class Moment:
    """A time as written: µs since 1970 on its own clock, and that clock's offset where said."""

    written: int
    offset: int | None


def parse(texts: Sequence[str]) -> list[Moment | None]:
    """Each text as a moment, None where it is none.

    Dates that may be day first or month first are decided by the column as a whole; Invalid where
    it does not decide them.
    """
    if _is_unix(texts):
        return _unix(texts)
    day_first: bool | None = None
    found: list[Moment | None] = []
    for text in texts:
        moment = _iso(text)
        if moment is None:
            if day_first is None and (match := _YEAR_LAST.fullmatch(text)) is not None:
                day_first = match["sep"] == "." or _is_day_first(texts)
            moment = _written(text, bool(day_first))
        found.append(moment)
    return found


def _iso(text: str) -> Moment | None:
    if text[:8].isdigit():
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = at.utcoffset()
    shift = None if offset is None else round(offset.total_seconds() * 1e6)
    return Moment(instant(at.replace(tzinfo=UTC)), shift)


def _written(text: str, day_first: bool) -> Moment | None:
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _MONTH_FIRST, _DAY_FIRST, _COMPACT):
        if (match := pattern.fullmatch(text)) is not None:
            return _moment(match.groupdict(), day_first)
    return None


def _moment(parts: dict[str, str | None], day_first: bool) -> Moment | None:
    month, day = parts.get("m"), parts.get("d")
    if parts.get("a") is not None:
        month, day = parts["a"], parts["b"]
        if day_first:
            month, day = day, month
    if (name := parts.get("name")) is not None:
        prefix = name[:3].lower()
        if prefix not in _MONTHS:
            return None
        month = str(_MONTHS.index(prefix) + 1)
    year = int(parts["y"] or 0)
    if year < 100:
        year += 2000 if year < 70 else 1900
    try:
        date = datetime(year, int(month or 0), int(day or 0), tzinfo=UTC)
        clock = _clock(parts.get("clock"), parts.get("half"))
    except ValueError:
        return None
    return Moment(instant(date) + clock, _offset(parts.get("zone")))


def _clock(text: str | None, half: str | None) -> int:
    """µs since midnight of `9:05`, `09:05:07.25`, `0905`, `90500`."""
    text = (text or "").lstrip(" T")
    if not text:
        return 0
    if ":" in text:
        hour, minute, *rest = text.split(":")
        second = float(rest[0].replace(",", ".")) if rest else 0.0
    else:
        padded = text.zfill(6) if len(text) > 4 else text.zfill(4) + "00"
        hour, minute, second = padded[:2], padded[2:4], float(padded[4:])
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("no such hour")
        hours = hours % 12 + (12 if half.lower() == "pm" else 0)
    if not (hours < 24 and int(minute) < 60 and second < 60):
        raise ValueError("no such time of day")
    return (hours * 3_600 + int(minute) * 60) * 1_000_000 + round(second * 1e6)


def _offset(zone: str | None) -> int | None:
    if not zone:
        return None
    if zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (-minutes if zone[0] == "-" else minutes) * 60_000_000


def _is_day_first(texts: Sequence[str]) -> bool:
    matches = [match for text in texts if (match := _YEAR_LAST.fullmatch(text)) is not None]
    days = any(int(match["a"]) > 12 for match in matches)
    months = any(int(match["b"]) > 12 for match in matches)
    example = matches[0][0].split()[0]
    if days and months:
        raise Invalid(f"some dates are day first, some month first, such as {example}", _AMBIGUOUS)
    if days or months:
        return days
    readings = {
        first: _days([_moment(m.groupdict(), first) for m in matches]) for first in (True, False)
    }
    ordered = [first for first, days_read in readings.items() if _in_order(days_read)]
    dense = [first for first in ordered if _longest_gap(readings[first]) <= _WEEK]
    for left in (ordered, dense):
        if len(left) == 1 and len(set(readings[left[0]])) > 2:
            return left[0]
    raise Invalid(f"dates such as {example} may be day first or month first", _AMBIGUOUS)


def _days(moments: Sequence[Moment | None]) -> list[int]:
    return [day_of(moment.written) for moment in moments if moment is not None]


def _in_order(days: Sequence[int]) -> bool:
    pairs = list(pairwise(days))
    return all(a <= b for a, b in pairs) or all(a >= b for a, b in pairs)


def _longest_gap(days: Sequence[int]) -> int:
    return max((abs(b - a) for a, b in pairwise(days)), default=0)


def _is_unix(texts: Sequence[str]) -> bool:
    """More of them are bare numbers than dates; 20240102 is a date."""
    some = texts[:200]
    dates = sum(_iso(text) is not None or _written(text, False) is not None for text in some)
    numbers = sum(bool(_UNIX.fullmatch(text) and not _COMPACT.fullmatch(text)) for text in some)
    return numbers > dates


def _unix(texts: Sequence[str]) -> list[Moment | None]:
    sizes = sorted(abs(float(text)) for text in texts if _UNIX.fullmatch(text))
    typical = sizes[len(sizes) // 2]
    # Seconds stay below 1e11 until the year 5138, ms below 1e14, µs below 1e17.
    digits = next((n for n, limit in ((0, 1e11), (3, 1e14), (6, 1e17)) if typical < limit), 9)
    return [_unix_moment(text, digits) for text in texts]


def _unix_moment(text: str, digits: int) -> Moment | None:
    if not _UNIX.fullmatch(text):
        return None
    whole, _, fraction = text.partition(".")
    # In exact integers: a float has no room for microseconds of today in nanoseconds.
    scaled = int(whole + (fraction + "0" * 9)[:9])
    at = scaled // 10 ** (3 + digits)
    try:
        instant(datetime.fromtimestamp(at // 1_000_000, UTC))
    except (ValueError, OverflowError, OSError):
        return None
    return Moment(at, 0)


def day_of(at: int) -> int:
    """Midnight of a written time."""
    return at - at % 86_400_000_000


def month_of(at: int) -> int:
    """Midnight of the first of a written time's month."""
    date = datetime.fromtimestamp(at // 1_000_000, UTC)
    return instant(date.replace(day=1, hour=0, minute=0, second=0))


def monday_of(at: int) -> int:
    """Midnight of the Monday of a written time's week."""
    day = day_of(at) // 86_400_000_000
    return (day - (day + EPOCH.weekday()) % 7) * 86_400_000_000
