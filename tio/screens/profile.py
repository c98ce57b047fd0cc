"""DES: what an instrument is, each figure with its source, and its splits and dividends."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.companies import CorporateEvent, GetEvents, GetProfile, Profile
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.profile_lines import event_lines, profile_lines


class ProfilePane(Lines):
    """The profile of the current symbol; it and the events are each shown when they are there."""

    scope = "profile"
    hang = 2
    BINDINGS: ClassVar[list[BindingType]] = bindings("profile")

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self._of = ""
        self._profile: Profile | None = None
        self._events: tuple[CorporateEvent, ...] | None = None
        self._wrong = ""
        self._no_events = ""

    def on_mount(self) -> None:
        self.border_title = Content("profile")
        self._of = self.stage.about or self.stage.symbol
        self.watch(self.app, "symbol", self._another, init=False)
        self._tell()

    def _another(self, symbol: str) -> None:
        """The symbol is another, or the same as the engine spells it."""
        if symbol == self._of and self._profile is not None:
            return
        self._of = symbol
        if self.stage.engine is not None and self.screen.is_active:
            self.start(self.stage.engine)

    def start(self, engine: Engine) -> None:
        self._of = self._of or self.stage.symbol
        self._profile = self._events = None
        self._wrong = self._no_events = ""
        self.scroll_to(y=0, animate=False)
        self._tell()
        if self._of:
            self.run("profile", self._ask_profile, engine, self._of)
            self.run("events", self._ask_events, engine, self._of)

    async def _ask_profile(self, engine: Engine, symbol: str) -> None:
        try:
            self._profile = await engine.ask(GetProfile(symbol))
        except TioError as error:
            self._wrong = in_words(error)
        self._tell()

    async def _ask_events(self, engine: Engine, symbol: str) -> None:
        try:
            self._events = await engine.ask(GetEvents(symbol))
        except TioError as error:
            self._no_events = in_words(error)
        self._tell()

    def _tell(self) -> None:
        self.border_title = Content(f"profile · {self._of}" if self._of else "profile")
        self.border_subtitle = Content(self._told_when())
        if not self._of:
            self.show([[("Choose a symbol in the watchlist, or type it: AAPL DES.", "muted")]])
            return
        self.show([*self._profile_told(), *self._events_told()])

    def _profile_told(self) -> Sequence[Line]:
        if self._profile is not None:
            return profile_lines(self._profile, self.stage.zone, self.size.width)
        if self._wrong:
            return [[(self._wrong, "fall")], [("r asks again.", "muted")]]
        return [[(f"Asking the sources what {self._of} is …", "muted")]]

    def _events_told(self) -> Sequence[Line]:
        if self._events is not None:
            return event_lines(self._events, self.stage.clock.now().date())
        if self._no_events == self._wrong:
            return []
        heading: Line = [("splits and dividends", "accent")]
        return [[], heading, [(self._no_events, "fall")]] if self._no_events else []

    def _told_when(self) -> str:
        if self._profile is None or self._profile.as_of is None:
            return ""
        return f"as of {self._profile.as_of.astimezone(self.stage.zone):%Y-%m-%d %H:%M %Z}"

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def receipt(self) -> str:
        told = self._profile
        if told is None or not told.name:
            return ""
        when = told.as_of.isoformat() if told.as_of else "time unknown"
        return f"{told.symbol} {told.name} · {told.told_by.get('name', '')} · as of {when}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        told = self._profile
        rows: list[Sequence[object]] = [("figure", "value", "source")]
        if told is not None:
            for field in told.__struct_fields__:
                value = getattr(told, field)
                if field not in ("told_by", "symbol") and value not in (None, ""):
                    rows.append((field, value, told.told_by.get(field, "")))
        return f"profile-{self._of}", rows


class ProfileScreen(Frame):
    """One instrument in words and figures, over the screen one comes from."""

    def body(self) -> ComposeResult:
        yield ProfilePane()
