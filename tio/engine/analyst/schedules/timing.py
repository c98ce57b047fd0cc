"""When a schedule is due, of its time, what is settled of it, and a venue's days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tio.api.schedules import DueAt, ReportTime, Weekday
from tio.api.series import moment
from tio.engine.market.sessions import SessionRules

HORIZON = 400
"""Days ahead a due moment is looked for; what has none within them has none."""
LATE = timedelta(hours=6)
"""How long after its due moment a report that nobody could make is still made."""
STEADY = timedelta(days=1)
"""A clock that is so far behind what is settled was wrong then: what is due begins anew."""
_WEEK = tuple(Weekday)
_BACK = timedelta(days=3)
"""A session's date lies at most so far from the moments it is told by."""


class Due(NamedTuple):
    """A due moment, and the date it is of: the zone's, or the session's."""

    at: datetime
    on: date


class Settled(NamedTuple):
    """All that is due up to this moment, and on this date, is done or missed."""

    at: datetime
    on: date | None = None


class Passed(NamedTuple):
    """What came due since: what to run now, the newest, how many passed without a run."""

    run: Due | None
    newest: Due
    missed: int


def next_due(when: ReportTime, settled: Settled, rules: SessionRules | None) -> Due | None:
    """The first due moment after what is settled; one a date, so that moved hours add none."""
    for due in _dues(when, settled.at, rules):
        if due.at > settled.at and (settled.on is None or due.on > settled.on):
            return due
    return None


def passed(
    when: ReportTime, settled: Settled, now: datetime, rules: SessionRules | None
) -> Passed | None:
    """What came due up to `now`; None where nothing did.

    Only the newest is run, unless it is too late for that too; the ones before it are missed.
    """
    newest, count = None, 0
    while (due := next_due(when, settled, rules)) is not None and due.at <= now:
        newest, count, settled = due, count + 1, Settled(due.at, due.on)
    if newest is None:
        return None
    if now - newest.at <= LATE:
        return Passed(newest, newest, count - 1)
    return Passed(None, newest, count)


def steady(settled: Settled, now: datetime) -> Settled:
    """What is settled by a clock that may have been put back since."""
    return settled if settled.at <= now + STEADY else Settled(now)


def _dues(when: ReportTime, after: datetime, rules: SessionRules | None) -> Iterator[Due]:
    """Due moments from some before `after` on, rising."""
    zone = ZoneInfo(when.zone)
    first = (after.astimezone(zone) - _BACK).date()
    for number in range(HORIZON):
        on = first + timedelta(days=number)
        if when.days and _WEEK[on.weekday()] not in when.days:
            continue
        at = _at(when, on, zone, rules)
        if at is not None:
            yield Due(at, on)


def _at(when: ReportTime, on: date, zone: ZoneInfo, rules: SessionRules | None) -> datetime | None:
    """The due moment of a date; None where its venue does not trade."""
    regular = () if rules is None else rules.on_date(on).regular
    if rules is not None and not regular:
        return None
    match when.by:
        case DueAt.open:
            return moment(regular[0][0]) - timedelta(minutes=when.minutes)
        case DueAt.close:
            return moment(regular[-1][1]) + timedelta(minutes=when.minutes)
    return datetime.combine(on, time.fromisoformat(when.time), zone).astimezone(UTC)
