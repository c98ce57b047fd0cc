"""Dates and times of day in a text, as exact as they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

_NAMES = (
    "jan(?:uary|uar)?", "feb(?:ruary|ruar)?", "mar(?:ch)?|märz|mär", "apr(?:il)?", "may|mai",
    "june?|juni", "july?|juli", "aug(?:ust)?", "sept?(?:ember)?", "o[ck]t(?:ober)?",
    "nov(?:ember)?", "de[cz](?:ember)?",
)  # fmt: skip
_MONTH = "|".join(_NAMES)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s(?:the\s)?"
)
_YEAR = r"(?:19|20)\d\d"
_DAY_FIRST = (
    rf"(?:\b{_WEEKDAY})?(?<![\w.,])(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?"
    rf"(?P<n>{_MONTH})\b\.?(?:,?\s(?P<y>{_YEAR})\b)?"
)
_MONTH_FIRST = (
    rf"(?:\b{_WEEKDAY})?\b(?P<n>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?"
    rf"(?![\d.,]*\d)(?!\s?%)(?:,?\s(?P<y>{_YEAR})\b)?"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)(?!\d)",
        rf"(?<![\w.,])(?P<d>\d{{1,2}})\.\s?(?P<m>\d{{1,2}})\.(?P<y>{_YEAR})(?![\d%])",
        rf"(?<![\w.,])(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>{_YEAR})(?!\d)",
        _DAY_FIRST,
        _MONTH_FIRST,
        rf"\b(?P<n>{_MONTH})\.?,?\s(?P<y>{_YEAR})\b",
        rf"\bQ(?P<q>[1-4])[\s/-]?(?:of\s)?(?P<y>{_YEAR})\b",
        rf"\b(?P<y>{_YEAR})[\s-]?Q(?P<q>[1-4])\b",
        rf"(?<![\w.,$€£¥+/:-])(?P<y>{_YEAR})(?![\w%]|[.,]\d|-\d|\s(?:shares|units|points))",
        r"\b(?P<relative>yesterday|today)\b",
    )
)
_TIME = re.compile(
    r"\b(?P<h>[01]?\d|2[0-3]):(?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?(?:\s?(?P<half>[ap])\.?m\b\.?)?"
    r"(?:\s?(?P<zone>UTC|GMT|Z|ET|EST|EDT|CET|CEST|BST)\b)?",
    re.IGNORECASE,
)
_MAYBE = re.compile(rf"(?:19|20)\d\d|\byesterday\b|\btoday\b|\b(?:{_MONTH})\b", re.IGNORECASE)
"""What every date has one of."""
MONTHS = tuple(re.compile(name + r"\b", re.IGNORECASE) for name in _NAMES)


@dataclass(frozen=True, slots=True)
class Written:
    """A span of days: what a date, month, quarter or year in a text means.

    Without a year `year` is 0. `weekday` is 0 for Monday, None when none was written.
    """

    start: int
    end: int
    year: int
    month: int = 0
    day: int = 0
    quarter: int = 0
    weekday: int | None = None
    relative: str = ""
    swapped: bool = False
    """Whether day and month may stand the other way round, as in 03/04/2026."""

    def days(self, year: int = 0) -> tuple[date, date] | None:
        """The first and last day meant, in `year` where the text has none; or None."""
        year = self.year or year
        if not year:
            return None
        try:
            if self.day:
                day = date(year, self.month, self.day)
                return day, day
            first = self.month or (3 * self.quarter - 2 if self.quarter else 1)
            last = self.month or (3 * self.quarter if self.quarter else 12)
            after = date(year + last // 12, last % 12 + 1, 1)
            return date(year, first, 1), after - timedelta(days=1)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of day as written; `zone` "" when none is."""

    start: int
    end: int
    hour: int
    minute: int
    second: int | None
    zone: str


def dates(text: str) -> list[Written]:
    """The dates of a text, in order, none within another."""
    taken: list[Written] = []
    if not _MAYBE.search(text):
        return taken
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            read = _read(found)
            if read and all(read.end <= one.start or one.end <= read.start for one in taken):
                taken.append(read)
    return sorted(taken, key=lambda one: one.start)


def times(text: str) -> Iterator[TimeOfDay]:
    """The times of day of a text."""
    for found in _TIME.finditer(text):
        hour = int(found["h"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
        second = int(found["s"]) if found["s"] else None
        zone = (found["zone"] or "").upper()
        yield TimeOfDay(found.start(), found.end(), hour, int(found["min"]), second, zone)


def _read(found: re.Match[str]) -> Written | None:
    parts = found.groupdict()
    span = found.start(), found.end()
    if parts.get("relative"):
        return Written(*span, 0, relative=parts["relative"].lower())
    year = int(parts.get("y") or 0)
    weekday = None
    if parts.get("weekday"):
        weekday = _WEEKDAYS.index(parts["weekday"].lower()[:3])
    if parts.get("q"):
        return Written(*span, year, quarter=int(parts["q"]))
    if parts.get("a"):
        a, b = int(parts["a"]), int(parts["b"])
        month, day = (a, b) if a <= 12 else (b, a)
        return Written(*span, year, month, day, swapped=a <= 12 and b <= 12 and a != b)
    day = int(parts.get("d") or 0)
    month = int(parts.get("m") or 0)
    if parts.get("n"):
        name = parts["n"].lower()
        month = 1 + next(i for i, each in enumerate(MONTHS) if each.fullmatch(name))
        if name in ("may", "mar", "dec") and not day and not year:
            return None
    if (month or day) and not (1 <= (month or 1) <= 12 and 0 <= day <= 31):
        return None
    return Written(*span, year, month, day, weekday=weekday)
