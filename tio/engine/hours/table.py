"""The table of hours: of each calendar its usual hours and every exception to them.

The file is read at the first question and each calendar's row when its venue is first asked about.
"""

import logging
from bisect import bisect_right
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from tio.api.clean import clean
from tio.api.errors import Broken, NotFound
from tio.engine.hours.globex import GROUPS, Group

log = logging.getLogger(__name__)
SHIPPED = Path(__file__).with_name("table.json")
MOST_BYTES = 4_000_000

Spans = tuple[tuple[int, int], ...]
"""Opening and closing of each part, in minutes after the midnight that begins the date."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One calendar as the file has it: dates as `20260703`, hours as `570 960`."""

    zone: str
    first: date
    last: date
    usual: dict[date, str]
    closed: dict[str, str]
    other: dict[str, dict[str, str]]


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file; the rows are not read yet."""

    made: date
    by: str
    calendars: dict[str, msgspec.Raw]


class Unusual(msgspec.Struct, frozen=True):
    """A date that is not as usual: its name where known, its hours, none without trading."""

    on: date
    name: str
    hours: Spans


class Calendar:
    """When one exchange trades: its usual hours Monday to Friday, and the exceptions to them."""

    def __init__(self, row: Row, group: Group | None = None) -> None:
        self.zone = ZoneInfo(row.zone)
        self.first, self.last = row.first, row.last
        self._since = sorted(row.usual)
        self._usual = [_spans(row.usual[since]) for since in self._since]
        found = _unusual(row.closed, ())
        for hours, names in row.other.items():
            found += _unusual(names, _spans(hours))
        self._exceptions = {each.on: each for each in found}
        if not self._usual:
            raise ValueError("no usual hours")
        if group is not None:
            self._trade_as(group)

    def _trade_as(self, group: Group) -> None:
        """The same holidays, with the hours of one group of products."""
        if group.usual:
            self._usual = [_spans(group.usual)] * len(self._usual)
        for on, each in list(self._exceptions.items()):
            hours = group.unusual.get(each.name) if each.hours and on >= group.since else None
            if hours == "usual":
                del self._exceptions[on]
            elif hours is not None:
                self._exceptions[on] = Unusual(on, each.name, _spans(hours) if hours else ())

    def usual(self, on: date) -> Spans:
        """The hours of an ordinary session at that time."""
        return self._usual[max(bisect_right(self._since, on) - 1, 0)]

    def hours(self, on: date) -> Spans:
        """The hours of a date, in order; none when there is no trading."""
        exception = self._exceptions.get(on)
        if exception is not None:
            return exception.hours
        return self.usual(on) if on.weekday() < 5 else ()

    def exception(self, on: date) -> Unusual | None:
        """What is unusual about a date, weekends aside."""
        return self._exceptions.get(on)

    def next_exception(self, after: date) -> Unusual | None:
        """The first date behind `after` that is not as usual; None beyond the table's end."""
        at = bisect_right(self._dates, after)
        return self._exceptions[self._dates[at]] if at < len(self._dates) else None

    def verified(self, on: date) -> bool:
        """Whether the table covers a date; elsewhere only weekends are known."""
        return self.first <= on <= self.last

    @cached_property
    def _dates(self) -> list[date]:
        return sorted(self._exceptions)


class HoursTable:
    """All calendars of one file; a row is read when its calendar is first asked for."""

    def __init__(self, data: bytes) -> None:
        try:
            self._sheet = msgspec.json.decode(data, type=Sheet)
        except msgspec.MsgspecError as error:
            raise Broken(f"the table of hours cannot be read: {error}") from error
        self._read: dict[str, Calendar] = {}

    @property
    def made(self) -> date:
        return self._sheet.made

    @property
    def by(self) -> str:
        return clean(self._sheet.by)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(self._sheet.calendars)

    def calendar(self, code: str) -> Calendar:
        """One calendar by its MIC; NotFound when the table lacks it, Broken when it is damaged.

        `CMES/grains` are the hours of one group of products there.
        """
        calendar = self._read.get(code)
        if calendar is None:
            whole, _, group = code.partition("/")
            raw = self._sheet.calendars.get(whole)
            if raw is None:
                raise NotFound(f"the table of hours has no calendar {code}")
            try:
                row = msgspec.json.decode(raw, type=Row)
                calendar = Calendar(row, GROUPS[group] if group else None)
            except (msgspec.MsgspecError, ValueError, KeyError) as error:
                raise Broken(f"the calendar {code} cannot be read: {error}") from error
            self._read[code] = calendar
        return calendar


def read(file: Path) -> HoursTable:
    """The table of a file; Broken when it is none."""
    try:
        with file.open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise Broken(f"{file.name} cannot be read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise Broken(f"{file.name} is no table of hours: it has more than {MOST_BYTES:,} bytes")
    return HoursTable(data)


class _InForce:
    """The table everything asks: the shipped one, or a refreshed one that is newer."""

    def __init__(self) -> None:
        self.table: HoursTable | None = None
        self._refreshed: Path | None = None

    def prefer(self, refreshed: Path | None) -> None:
        """Take this file's table, read and checked next, unless the shipped one is newer."""
        self._refreshed, self.table = refreshed, None

    def __call__(self) -> HoursTable:
        if self.table is None:
            self.table = self._newest()
        return self.table

    def _newest(self) -> HoursTable:
        shipped = read(SHIPPED)
        if self._refreshed is None:
            return shipped
        try:
            refreshed = read(self._refreshed)
            for code in shipped.codes:
                refreshed.calendar(code)
        except (Broken, NotFound) as error:
            log.warning("the shipped table of hours is used: %s", error.message)
            return shipped
        return refreshed if refreshed.made >= shipped.made else shipped


in_force = _InForce()


def _spans(text: str) -> Spans:
    minutes = [int(word) for word in text.split()]
    rising = all(a < b for a, b in pairwise(minutes))
    if len(minutes) < 2 or len(minutes) % 2 or not rising or not -1_440 <= minutes[0] < 1_440:
        raise ValueError(f"{text[:40]!r} are no hours")
    if minutes[-1] > 2_880:
        raise ValueError(f"{text[:40]!r} go beyond the next day")
    return tuple(zip(minutes[::2], minutes[1::2], strict=True))


def _unusual(names: dict[str, str], hours: Spans) -> list[Unusual]:
    return [
        Unusual(date.fromisoformat(on), clean(name), hours)
        for name, dates in names.items()
        for on in dates.split()
    ]
