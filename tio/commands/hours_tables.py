"""How trading hours print: a venue's own time, and UTC beside it."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.hours import DayKind, UnusualDay, VenueHours
from tio.commands.printing import print_table, say
from tio.draw.day_line import countdown

KINDS = {DayKind.half: "half day", DayKind.holiday: "holiday", DayKind.weekend: "weekend"}

SHOWN = 8


def day_of(text: str) -> date | None:
    """The day an option names; Invalid when it is none."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        shown = clean(text)[:40]
        raise Invalid(f"--date {shown!r} is no day", "as 2026-11-27") from None


def print_venues(venues: Sequence[VenueHours]) -> None:
    """One line a venue: where it stands, what comes, the next day that is not as usual."""
    header = ("VENUE", "NOW", "NEXT", "IN", "AT ITS CLOCK", "HOLIDAYS")
    rows = [
        [
            venue.code,
            _now(venue),
            venue.then or "",
            countdown(venue.countdown),
            _clock(venue.until, venue.zone),
            _notable(venue),
        ]
        for venue in venues
    ]
    print_table(header, rows)
    _tell_notes([venue for venue in venues if not venue.verified])


def print_venue(venue: VenueHours) -> None:
    """One venue's sessions of a day, then where it stands now."""
    print(clean(f"{venue.code} · {venue.name} · {venue.zone}"))
    print(clean(f"{venue.day:%A %-d %B %Y}{_kind(venue)}"))
    if venue.spans:
        rows = [
            [
                span.session,
                _clock(span.opens, venue.zone),
                _clock(span.closes, venue.zone),
                f"{span.opens:%a %H:%M}–{span.closes:%a %H:%M}Z",
            ]
            for span in venue.spans
        ]
        print_table(("SESSION", "OPENS", "CLOSES", "UTC"), rows)
    else:
        print("no trading")
    wait = countdown(venue.countdown)
    then = f", {venue.then} in {wait} ({_clock(venue.until, venue.zone)})" if wait else ""
    print(clean(f"Now {venue.session}{then}"))
    if venue.upcoming:
        print("Next holidays and half days:")
        for unusual in venue.upcoming[:SHOWN]:
            print(clean(f"  {_unusual(unusual)}"))
    _tell_notes([venue])


def _tell_notes(venues: Sequence[VenueHours]) -> None:
    for venue in venues:
        if venue.note:
            say(f"{venue.code}: {venue.note}")


def _now(venue: VenueHours) -> str:
    return f"{venue.session} (unverified)" if not venue.verified else str(venue.session)


def _notable(venue: VenueHours) -> str:
    """Today's holiday or half day, else the next one."""
    if venue.kind in (DayKind.half, DayKind.holiday):
        return f"today {venue.holiday or KINDS[venue.kind]}"
    return _unusual(venue.upcoming[0]) if venue.upcoming else ""


def _kind(venue: VenueHours) -> str:
    kind = KINDS.get(venue.kind, "")
    told = ": ".join(each for each in (kind, venue.holiday) if each)
    doubt = "" if venue.verified else " · calendar unverified"
    return (f" · {told}" if told else "") + doubt


def _clock(moment: datetime | None, zone: str) -> str:
    return "" if moment is None else f"{moment.astimezone(ZoneInfo(zone)):%a %H:%M}"


def _unusual(day: UnusualDay) -> str:
    what = day.name or KINDS[day.kind]
    return f"{day.date:%a %-d %b} {what}" + (" (half day)" if day.kind is DayKind.half else "")
