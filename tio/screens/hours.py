"""HOURS: every venue on one line of time, a day long, in the zone of the one who looks."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.hours import GetHours, ListVenues, VenueHours
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.venue_lines import one_venue, venue_lines

EVERY = 1.0


class HoursPane(Lines):
    """The venues from east to west; what is under the cursor is told in the pane below."""

    scope = "hours"
    BINDINGS: ClassVar[list[BindingType]] = bindings("hours")

    def __init__(self, below: "VenuePane", **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._venues: tuple[VenueHours, ...] = ()
        self._ahead = 0
        self._asking = False
        self.cursor = 1

    def on_mount(self) -> None:
        self.border_title = Content("hours")
        self.show([[("Waiting for the engine …", "muted")]])
        self.set_interval(EVERY, self._again)

    def start(self, engine: Engine) -> None:
        self.run("hours", self._ask, engine)

    def _again(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.screen.is_active and not self._asking:
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
        self._asking = True
        try:
            self._venues = await engine.ask(ListVenues(start, end))
            self._tell()
            if self.chosen is not None:
                self._below.tell(await engine.ask(GetHours(self.chosen.code)))
        except TioError as error:
            self.show([[(in_words(error), "fall")]])
        finally:
            self._asking = False

    def _tell(self) -> None:
        if not self._venues:
            return
        start, end = self._day
        self.show(venue_lines(self._venues, start, end, self.size.width))
        zone = start.astimezone(self.stage.zone)
        self.border_title = Content(f"hours · {zone:%A %-d %B %Y}")
        unsure = sum(not venue.verified for venue in self._venues)
        said = [f"{zone:%Z}", f"{unsure} unverified" if unsure else "", "← → another day"]
        self.border_subtitle = Content(" · ".join(each for each in said if each))

    def render_line(self, y: int) -> Strip:
        """The hours stay on top when the venues scroll."""
        return super().render_line(y or -self.scroll_offset.y)

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
        if self.cursor <= top:
            self.scroll_to(y=self.cursor - 1, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.refresh()
        if self.stage.engine is not None:
            self.start(self.stage.engine)

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
    """One venue in words: where it stands, what is not known, its holidays and half days."""

    can_focus = False

    def tell(self, venue: VenueHours) -> None:
        self.show(one_venue(venue, self.stage.zone))
        self.border_title = Content(f"{venue.code} · {venue.name}")
        self.border_subtitle = Content(f"{venue.zone} · {venue.day:%a %-d %b}")


class HoursScreen(Frame):
    """When markets trade, over the screen one comes from."""

    CSS_PATH = "hours.tcss"

    def body(self) -> ComposeResult:
        below = VenuePane()
        yield HoursPane(below)
        yield below


def _midnight(on: date, zone: tzinfo) -> datetime:
    return datetime.combine(on, time(), zone)
