"""From when until when a question asks, and on which charts."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tio.api.market import Timeframe

_COUNTED = re.compile(
    r"\b(\d{1,3}|two|three|four|five|six|ten)[ -]?(minutes?|hours?|days?|sessions?|weeks?|months?"
    r"|years?)\b"
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_ROLLING = re.compile(
    r"\b(?:the (?:last|past)|past|a|1|one)[ -](week|fortnight|month|quarter|half year|year)\b"
    r"|\b(52)[ -]weeks?\b"
)
_LENGTHS = {
    "week": 7, "fortnight": 14, "month": 31, "quarter": 92, "half year": 183, "year": 365,
    "52": 365,
}  # fmt: skip
_NAMED = re.compile(
    r"\b(today|yesterday|this week|last week|this month|last month|this quarter|this year|last year"
    r"|year to date|ytd)\b"
)
_SINCE = re.compile(
    r"\bsince (?:(\d{4})-(\d\d)-(\d\d)|(?:the )?(?:(\d{1,2}) )?(jan|feb|mar|apr|may|jun|jul|aug|sep"
    r"|oct|nov|dec)\w*(?: (\d{1,2})\b)?(?:,? (\d{4}))?)"
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DAYS = {"day": 1, "session": 1, "week": 7, "month": 31, "year": 365, "hour": 0, "minute": 0}
_FRAME = re.compile(
    r"\b(1|3|5|15|30)[ -]?m(?:in(?:ute)?s?)?\b|\b(1|2|4)[ -]?h(?:ours?)?\b|\b(hourly)\b"
    r"|\b(weekly|1w)\b|\b(daily|1d)\b"
)


@dataclass(frozen=True, slots=True)
class Span:
    """From when a question asks, until `end` or now; `words` tells it."""

    start: datetime
    words: str
    end: datetime | None = None


def span_of(question: str, now: datetime) -> Span | None:
    """The span a question names; None where it names none."""
    text = question.lower()
    if (since := _SINCE.search(text)) and (start := _since(since, now)) is not None:
        return Span(start, since[0].title().replace("Since", "since"))
    if (counted := _COUNTED.search(text)) and counted[0] not in ("52-week", "52 week", "52 weeks"):
        count, unit = _COUNTS.get(counted[1]) or int(counted[1]), counted[2].rstrip("s")
        if count and _DAYS[unit]:
            return Span(now - timedelta(days=count * _DAYS[unit]), f"over {counted[0]}")
    if rolling := _ROLLING.search(text):
        length = rolling[1] or rolling[2]
        words = "52 weeks" if rolling[2] else f"the last {length}"
        return Span(now - timedelta(days=_LENGTHS[length]), f"over {words}")
    return _calendar(named[1], now) if (named := _NAMED.search(text)) else None


def frames_of(question: str) -> tuple[Timeframe, ...]:
    """The timeframes a question names, in its order."""
    found = (_frame(*each.groups()) for each in _FRAME.finditer(question.lower()))
    return tuple(dict.fromkeys(found))


def frame_of(question: str) -> Timeframe:
    """The first timeframe a question names, the day's where it names none."""
    return next(iter(frames_of(question)), Timeframe.d1)


def _frame(
    minutes: str | None, hours: str | None, hourly: str | None, weekly: str | None, _: str | None
) -> Timeframe:
    if minutes or hours:
        return Timeframe(f"{minutes}m" if minutes else f"{hours}h")
    return Timeframe.h1 if hourly else Timeframe.w1 if weekly else Timeframe.d1


def _calendar(name: str, now: datetime) -> Span:
    """A day, week, month or year as the calendar has it."""
    today = datetime(now.year, now.month, now.day, tzinfo=UTC)
    which, _, unit = name.partition(" ")
    if name in ("today", "yesterday"):
        start = today if name == "today" else today - timedelta(days=1)
        return Span(start, name, None if name == "today" else today)
    if unit == "week":
        start = today - timedelta(days=today.weekday())
        before = start - timedelta(days=7)
    elif unit == "month":
        start = today.replace(day=1)
        before = (start - timedelta(days=1)).replace(day=1)
    elif unit == "quarter":
        start = before = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    else:
        start = today.replace(month=1, day=1)
        before = start.replace(year=start.year - 1)
    return Span(before, name, start) if which == "last" else Span(start, name)


def _since(found: re.Match[str], now: datetime) -> datetime | None:
    year, month, day, before, name, after, told = found.groups()
    try:
        if year:
            start = datetime(int(year), int(month), int(day), tzinfo=UTC)
        else:
            number = _MONTHS.index(name) + 1
            start = datetime(int(told or now.year), number, int(before or after or 1), tzinfo=UTC)
            if not told and start > now:
                start = start.replace(year=now.year - 1)
    except ValueError:
        return None
    return start if start < now else None
