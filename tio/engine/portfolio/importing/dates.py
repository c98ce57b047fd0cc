"""Dates and times as brokers write them; a bare date is the end of that day."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.engine.portfolio.moments import day_end

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_HOURS = {"Z": 0, "UTC": 0, "GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "PST": -8}
_HOURS |= {"PDT": -7, "CET": 1, "CEST": 2, "BST": 1, "HKT": 8, "JST": 9}
_DATE = (
    re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?!\d)"),
    re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<first>\d{1,2})[-/](?P<second>\d{1,2})[-/](?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<day>\d{1,2})[- ](?P<name>[A-Za-z]{3})[a-z]*[- ,]+(?P<year>\d{4}|\d{2})(?!\d)"),
    re.compile(r"(?P<name>[A-Za-z]{3})[a-z]*[- ](?P<day>\d{1,2})[- ,]+(?P<year>\d{4}|\d{2})(?!\d)"),
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2}):?(?P<second>\d{2})?(?:[.,](?P<part>\d{1,9}))?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[A-Z]{2,4}|[+-]\d{2}:?\d{2}|[A-Z]\w+/\w+)?"
)


class Order(StrEnum):
    """Which of two numbers is the month, where a date is written 01/02/2024."""

    month_first = "month first"
    day_first = "day first"


def order_of(texts: Iterable[str]) -> Order | None:
    """What a file's own dates tell of their order; None where they leave it open. Invalid."""
    found: set[Order] = set()
    for text in texts:
        match = _DATE[3].match(text.strip())
        if match and int(match["first"]) > 12:
            found.add(Order.day_first)
        elif match and int(match["second"]) > 12:
            found.add(Order.month_first)
    if len(found) > 1:
        raise Invalid(
            "some dates of the file begin with the day and some with the month",
            "export it with dates as 2024-01-31",
        )
    return next(iter(found), None)


def moment(text: str, zone: ZoneInfo, order: Order | None = None, name: str = "date") -> datetime:
    """When, in UTC: of `zone` where the text names none; a date alone is that day's end.

    Raises Invalid, calling it `name`, where the text is no date from 1900 to 2199, or where
    `order` is needed and not known.
    """
    day, rest = _day(text.strip(), order, name)
    rest = rest.lstrip(" ,;T")
    if not rest:
        return day_end(day, zone)
    match = _TIME.fullmatch(rest)
    if match is None:
        raise _wrong(text, name)
    try:
        at = datetime.combine(day, _time(match), _zone(match["zone"], zone, text, name))
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(text, name) from None


def _day(text: str, order: Order | None, name: str) -> tuple[date, str]:
    """The date a text begins with, and what follows it."""
    for pattern in _DATE:
        match = pattern.match(text)
        if match is None:
            continue
        parts = match.groupdict()
        try:
            day = date(_year(parts["year"]), *_month_and_day(parts, order))
        except ValueError:
            break
        if not 1900 <= day.year < 2200:
            raise Invalid(f"{name}: {text!r} is of no year that is believed here")
        return day, text[match.end() :]
    raise _wrong(text, name)


def _month_and_day(parts: dict[str, str], order: Order | None) -> tuple[int, int]:
    if "name" in parts:
        return _MONTHS.index(parts["name"].lower()) + 1, int(parts["day"])
    if "first" not in parts:
        return int(parts["month"]), int(parts["day"])
    first, second = int(parts["first"]), int(parts["second"])
    if order is None:
        raise Invalid(
            f"whether {first}/{second} names the day or the month first is not told by the file",
            "export it with dates as 2024-01-31",
        )
    return (first, second) if order is Order.month_first else (second, first)


def _year(text: str) -> int:
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


def _time(match: re.Match[str]) -> time:
    hour = int(match["hour"])
    if half := match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError
        hour = hour % 12 + (12 if half[0] in "Pp" else 0)
    part = int((match["part"] or "0").ljust(6, "0")[:6])
    return time(hour, int(match["minute"]), int(match["second"] or 0), part)


def _zone(told: str | None, zone: ZoneInfo, text: str, name: str) -> tzinfo:
    if told is None:
        return zone
    if told in ("ET", "EST5EDT"):
        return ZoneInfo("America/New_York")
    if told in _HOURS:
        return timezone(timedelta(hours=_HOURS[told]))
    if told[0] in "+-":
        size = timedelta(hours=int(told[1:3]), minutes=int(told[-2:]))
        return timezone(size if told[0] == "+" else -size)
    try:
        return ZoneInfo(told)
    except (KeyError, ValueError, OSError):
        raise Invalid(f"{name}: {text!r} is of a zone that is not known, {told}") from None


def _wrong(text: str, name: str) -> Invalid:
    return Invalid(f"{name}: {text!r} is no date" if text else f"{name} is blank")
