"""HOURS: every venue on one line of time, a day long, in the zone of the one who looks."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.hours import DayKind, ListVenues, UnusualDay, VenueHours
from tio.api.market import Session
from tio.draw.day_line import column, countdown, day_line
from tio.draw.table import fit
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.widgets.lines import Line, Lines, Part

EVERY = 1.0
INKS = {
    Session.regular: "rise",
    Session.pre: "blue",
    Session.post: "blue",
    Session.closed: "muted",
}
KINDS = {DayKind.half: "half day", DayKind.holiday: "holiday", DayKind.weekend: "weekend"}
WIDE = 110
"""From this width on a venue's next holiday stands beside its line."""
NAME, STATE, WAIT, HOLIDAY = 8, 8, 8, 30


class HoursPane(Lines):
    """The venues from east to west; what is under the cursor is told in the pane below."""

    scope = "hours"
    BINDINGS: ClassVar[list[BindingType]] = bindings("hours")

    def __init__(self, below: "VenuePane", **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._venues: tuple[VenueHours, ...] = ()
        self._ahead = 0
        self.cursor = 1

    def on_mount(self) -> None:
        super().on_mount()
        self.border_title = Content("hours")
        self.show([[("Waiting for the engine …", "muted")]])
        self.set_interval(EVERY, self._again)

    def start(self, engine: Engine) -> None:
        self.run("hours", self._ask, engine)

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.screen.is_active:
            self.start(engine)

    @property
    def _day(self) -> tuple[datetime, datetime]:
        """The midnights between which the line runs, where the one who looks is."""
        zone = self.stage.zone
        now = self._venues[0].as_of if self._venues else self.stage.clock.now()
        on = now.astimezone(zone).date() + timedelta(days=self._ahead)
        return _midnight(on, zone), _midnight(on + timedelta(days=1), zone)

    async def _ask(self, engine: Engine) -> None:
        start, end = self._day
        try:
            self._venues = await engine.ask(ListVenues(start, end))
        except TioError as error:
            self.show([[(in_words(error), "fall")]])
            return
        self._tell()

    def _tell(self) -> None:
        if not self._venues:
            return
        start, end = self._day
        width = self._width
        now = column(self._venues[0].as_of, start, end, width)
        lines: list[Line] = [_axis(start, end, width, now)]
        lines += [self._row(venue, start, end, width, now) for venue in self._venues]
        self.show(lines)
        zone = start.astimezone(self.stage.zone)
        self.border_title = Content(f"hours · {zone:%A %-d %B %Y}")
        unsure = sum(not venue.verified for venue in self._venues)
        said = [f"{zone:%Z}", f"{unsure} unverified" if unsure else "", "← → another day"]
        self.border_subtitle = Content(" · ".join(each for each in said if each))
        chosen = self.chosen
        if chosen is not None:
            self._below.tell(chosen)

    @property
    def _width(self) -> int:
        """The cells of a line of time."""
        beside = NAME + STATE + WAIT + 4
        if self.size.width >= WIDE:
            beside += HOLIDAY + 1
        return max(self.size.width - beside, 12)

    def _row(
        self, venue: VenueHours, start: datetime, end: datetime, width: int, now: int | None
    ) -> Line:
        drawn = _inked(venue, day_line(venue.spans, start, end, width), start, end, now)
        row: list[Part] = [
            (fit(venue.code, NAME) + " ", "text"),
            (fit(_state(venue), STATE), INKS[venue.session]),
            *drawn,
            (" " + fit(countdown(venue.countdown), WAIT, right=True), "accent"),
        ]
        if self.size.width >= WIDE:
            row.append(("  " + fit(_notable(venue), HOLIDAY), "muted"))
        return row

    @property
    def chosen(self) -> VenueHours | None:
        """The venue under the cursor."""
        at = (self.cursor or 1) - 1
        return self._venues[at] if at < len(self._venues) else None

    def on_resize(self, event: Any) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def action_up(self) -> None:
        self._move(-1)

    def action_down(self) -> None:
        self._move(1)

    def action_page_up(self) -> None:
        self._move(-self.size.height)

    def action_page_down(self) -> None:
        self._move(self.size.height)

    def _move(self, by: int) -> None:
        self.cursor = min(max((self.cursor or 1) + by, 1), max(len(self._venues), 1))
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor <= 1:
            self.scroll_to(y=0, animate=False)
        elif self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self._tell()
        self.refresh()

    def action_day_before(self) -> None:
        self._turn(self._ahead - 1)

    def action_day_after(self) -> None:
        self._turn(self._ahead + 1)

    def action_today(self) -> None:
        self._turn(0)

    def _turn(self, ahead: int) -> None:
        self._ahead = ahead
        self.renew()

    def leave(self) -> bool:
        there = self._ahead != 0
        if there:
            self._turn(0)
        return there

    def receipt(self) -> str:
        venue = self.chosen
        if venue is None:
            return ""
        until = f" until {venue.until:%Y-%m-%dT%H:%MZ}" if venue.until else ""
        return f"{venue.code} {venue.session}{until} as of {venue.as_of:%Y-%m-%dT%H:%M:%SZ}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        rows: list[Sequence[object]] = [("venue", "name", "session", "opens", "closes", "verified")]
        for venue in self._venues:
            rows += [
                (
                    venue.code,
                    venue.name,
                    span.session,
                    span.opens.isoformat(),
                    span.closes.isoformat(),
                    venue.verified,
                )
                for span in venue.spans
            ]
        return "hours", rows


class VenuePane(Lines):
    """One venue in words: its clock, what comes, its next holiday, what is not known."""

    can_focus = False

    def tell(self, venue: VenueHours) -> None:
        zone = self.stage.zone
        wait = countdown(venue.countdown)
        first: list[Part] = [(str(venue.session), INKS[venue.session])]
        if venue.until is not None:
            there = f"{venue.until.astimezone(zone):%a %H:%M}"
            first += [(f"  {venue.then} in {wait}", "accent"), (f", {there}", "text")]
        told: list[Line] = [first]
        if venue.kind is not DayKind.whole:
            name = f": {venue.holiday}" if venue.holiday else ""
            told.append([(f"today {KINDS[venue.kind]}{name}", "accent")])
        if venue.upcoming is not None:
            told.append([("next  ", "muted"), (_unusual(venue.upcoming, zone), "text")])
        if venue.note:
            told.append([(venue.note, "muted" if venue.verified else "fall")])
        self.show(told)
        self.border_title = Content(f"{venue.code} · {venue.name}")
        self.border_subtitle = Content(f"{venue.zone} · {venue.day:%a %-d %b}")


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time(), zone)


def _state(venue: VenueHours) -> str:
    if venue.session is Session.closed and venue.kind is DayKind.holiday:
        return "holiday"
    return str(venue.session) + ("" if venue.verified else "?")


def _notable(venue: VenueHours) -> str:
    """Today's holiday or half day, else the next one."""
    if venue.kind in (DayKind.half, DayKind.holiday):
        return f"today {venue.holiday or KINDS[venue.kind]}"
    if venue.upcoming is None:
        return ""
    half = "½ " if venue.upcoming.kind is DayKind.half else ""
    return f"{venue.upcoming.date:%-d %b} {half}{venue.upcoming.name or KINDS[venue.upcoming.kind]}"


def _unusual(day: UnusualDay, zone: tzinfo) -> str:
    name = day.name or KINDS[day.kind]
    if day.closes is None:
        return f"{day.date:%a %-d %b} {name}, closed"
    return f"{day.date:%a %-d %b} {name}, closes {day.closes.astimezone(zone):%H:%M}"


def _axis(start: datetime, end: datetime, width: int, now: int | None) -> Line:
    """The hours above the lines, as many as have room, and where now is."""
    every = next(hours for hours in (1, 2, 3, 6, 12) if width * hours // 24 >= 4)
    cells = [" "] * (width + 2)
    for hour in range(0, 24, every):
        wall = datetime.combine(start.date(), time(hour), start.tzinfo)
        at = column(wall, start, end, width)
        if at is not None:
            cells[at : at + 2] = f"{hour:02}"
    text = "".join(cells)[:width]
    left = " " * (NAME + 1 + STATE)
    if now is None:
        return [(left + text, "muted")]
    return [(left + text[:now], "muted"), ("▼", "accent"), (text[now + 1 :], "muted")]


def _inked(
    venue: VenueHours, line: str, start: datetime, end: datetime, now: int | None
) -> list[Part]:
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


class HoursScreen(Frame):
    """When markets trade, over the screen one comes from."""

    DEFAULT_CSS = """
    VenuePane {
        height: 6;
    }
    .-small VenuePane {
        height: 4;
    }
    """

    def body(self) -> ComposeResult:
        below = VenuePane()
        yield HoursPane(below)
        yield below
