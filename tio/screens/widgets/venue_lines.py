"""Venues as lines: their sessions on one line of time, or one venue in words."""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo

from tio.api.hours import DayKind, UnusualDay, VenueHours
from tio.api.market import Session
from tio.draw.day_line import column, countdown, day_line
from tio.draw.table import fit
from tio.screens.widgets.lines import Line, Part

INKS = {
    Session.regular: "rise",
    Session.pre: "blue",
    Session.post: "blue",
    Session.closed: "muted",
}
KINDS = {DayKind.half: "half day", DayKind.holiday: "holiday", DayKind.weekend: "weekend"}
SOON = 900.0
"""Seconds; a change that is nearer stands out."""
WIDE = 110
"""From this width on a venue's next holiday stands beside its line."""
NAME, STATE, WAIT, HOLIDAY = 8, 8, 8, 30


def venue_lines(
    venues: Sequence[VenueHours], start: datetime, end: datetime, width: int
) -> list[Line]:
    """The hours from `start` to `end`, then a line a venue, `width` cells wide in all."""
    beside = NAME + STATE + WAIT + 4
    wide = width >= WIDE
    if wide:
        beside += HOLIDAY + 1
    cells = max(width - beside, 12)
    now = column(venues[0].as_of, start, end, cells)
    lines = [_axis(start, end, cells, now)]
    for venue in venues:
        wait = " " + fit(countdown(venue.countdown), WAIT, right=True)
        row: list[Part] = [
            (fit(venue.code, NAME) + " ", "text"),
            (fit(_state(venue), STATE), INKS[venue.session]),
            *_inked(day_line(venue.spans, start, end, cells), now),
            (wait, _tone(venue.countdown)),
        ]
        if wide:
            row.append(("  " + fit(_notable(venue), HOLIDAY), "muted"))
        lines.append(row)
    return lines


def one_venue(venue: VenueHours, zone: tzinfo) -> list[Line]:
    """Where one venue stands, what is not known of it, its holidays and half days to come."""
    first: list[Part] = [(str(venue.session), INKS[venue.session])]
    if venue.until is not None:
        there = f"{venue.until.astimezone(zone):%a %H:%M}"
        first += [
            (f"  {venue.then} in {countdown(venue.countdown)}", "text"),
            (f"  {there}", "muted"),
        ]
    if venue.kind is not DayKind.whole:
        name = f": {venue.holiday}" if venue.holiday else ""
        first.append((f"  today {KINDS[venue.kind]}{name}", "accent"))
    told: list[Line] = [first]
    if venue.note:
        told.append([(venue.note, "muted" if venue.verified else "fall")])
    told += [_unusual(each, zone) for each in venue.upcoming]
    return told


def _tone(seconds: float | None) -> str:
    """What changes within a quarter of an hour stands out."""
    return "accent" if seconds is not None and seconds < SOON else "text"


def _state(venue: VenueHours) -> str:
    if venue.session is Session.closed and venue.kind is DayKind.holiday:
        return "holiday"
    return str(venue.session) + ("" if venue.verified else "?")


def _notable(venue: VenueHours) -> str:
    """Today's holiday or half day, else the next one."""
    if venue.kind in (DayKind.half, DayKind.holiday):
        return f"today {venue.holiday or KINDS[venue.kind]}"
    for coming in venue.upcoming[:1]:
        half = "½ " if coming.kind is DayKind.half else ""
        return f"{coming.date:%-d %b} {half}{coming.name or KINDS[coming.kind]}"
    return ""


def _unusual(day: UnusualDay, zone: tzinfo) -> Line:
    closes = f"closes {day.closes.astimezone(zone):%H:%M}" if day.closes else "closed"
    return [
        (f"{day.date:%a %d %b %Y}  ", "muted"),
        (fit(closes, 14), "accent" if day.closes else "text"),
        (day.name or "no name is known", "text" if day.name else "muted"),
    ]


def _axis(start: datetime, end: datetime, width: int, now: int | None) -> Line:
    """The hours above the lines, as many as have room, and where now is."""
    every = next(hours for hours in (1, 2, 3, 6, 12) if width * hours // 24 >= 4)
    cells = [" "] * (width + 2)
    for hour in range(0, 24, every):
        wall = datetime.combine(start.date(), time(hour), start.tzinfo)
        at = column(wall, start, end, width)
        if at is not None and now not in (at, at + 1):
            cells[at : at + 2] = f"{hour:02}"
    text = "".join(cells)[:width]
    left = fit("VENUE", NAME + 1) + fit("NOW", STATE)
    right = " " + fit("NEXT IN", WAIT, right=True)
    if now is None:
        return [(left + text + right, "muted")]
    return [
        (left + text[:now], "muted"),
        ("▼", "accent"),
        (text[now + 1 :] + right, "muted"),
    ]


def _inked(line: str, now: int | None) -> list[Part]:
    """A line of time in runs of one ink; closed hours dotted, the column of now marked."""
    parts: list[Part] = []
    for at, shape in enumerate(line):
        if at == now:
            shape, ink = ("┿" if shape in "━╾╼" else "┼" if shape == "─" else "│"), "accent"
        elif shape == " ":
            shape, ink = "·", "quiet"
        else:
            ink = "rise" if shape in "━╸╺╾╼" else "blue"
        if parts and parts[-1][1] == ink:
            parts[-1] = (parts[-1][0] + shape, ink)
        else:
            parts.append((shape, ink))
    return parts
