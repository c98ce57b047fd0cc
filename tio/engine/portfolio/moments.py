"""When something happened: a date of the portfolio's zone, or a time with its own."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tio.api.clean import clean
from tio.api.errors import Invalid


def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name; Invalid."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            f"there is no time zone {clean(name)!r}", "write it as Europe/Berlin or UTC"
        ) from None


def day_end(day: date, zone: ZoneInfo) -> datetime:
    """The last microsecond of a day there, in UTC."""
    following = datetime.combine(day + timedelta(days=1), time(), zone)
    return following.astimezone(UTC) - timedelta(microseconds=1)


def closed_by(at: datetime, zone: ZoneInfo) -> datetime:
    """Up to when daily bars, dated by their midnight in UTC, are of a moment's day there or before.

    West of Greenwich a day ends when UTC has begun the next one.
    """
    day = at.astimezone(zone).date()
    return min(at, datetime.combine(day, time.max, UTC))


def told(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment a text names: a date is its end. Invalid where it is none, or still to come."""
    try:
        if len(text) == len("2026-01-31"):
            day = date.fromisoformat(text)
            at = day_end(day, zone)
            future = day > now.astimezone(zone).date()
        else:
            at = datetime.fromisoformat(text)
            if at.tzinfo is None:
                raise Invalid(f"the time {text} must carry a zone", "add a Z, or give a date alone")
            at = at.astimezone(UTC)
            future = at > now
    except (ValueError, OverflowError):
        raise Invalid(
            f"{clean(text)!r} is no date", "write 2026-01-31, or 2026-01-31T15:30Z"
        ) from None
    if future:
        raise Invalid(f"{text} is still to come", "a ledger holds what has happened")
    if at.year < 1900:
        raise Invalid(f"{text} is before 1900")
    return at
