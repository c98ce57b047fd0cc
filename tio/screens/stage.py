"""What every screen may rely on of the app it stands in."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from textual import on
from textual.app import App
from textual.dom import DOMNode
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from tio.api.clean import clean
from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Quote, Side, Timeframe
from tio.api.system import Plugin, SaveSetting
from tio.draw.zones import zone_of
from tio.screens.actions import CODES
from tio.screens.following import in_words
from tio.screens.memory import Memory, as_json
from tio.screens.themes import THEMES, Paint

if TYPE_CHECKING:
    from tio.api.analyst import Report
    from tio.api.chats import Chip
    from tio.api.contract import Request
    from tio.screens.report_asked import ReportAsked

REPORTS = 32
"""Reports that are kept at hand."""
Work = Callable[..., Coroutine[None, None, None]]


class Clock(Protocol):
    """Time, replaceable: `now` is aware UTC, `monotonic` seconds that never step."""

    def now(self) -> datetime: ...
    def monotonic(self) -> float: ...


class Plugins(Protocol):
    """What plugins bring to the screens; both may run their code."""

    def learn(self, plugins: Sequence[Plugin]) -> tuple[Mapping[str, str], Sequence[str]]:
        """Of the plugins listed: code → a word about it, and what is wrong with each; blocks."""

    def maker(self, code: str) -> Callable[[], object]:
        """What makes the screen of a code; Broken."""


class Furnished(Protocol):
    """A frame whose panes come after it."""

    def call_later(self, callback: Callable[..., Any], *args: Any) -> bool: ...
    async def furnish(self) -> None: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return monotonic()


class Stage(App[None]):
    """The facts panes share: the engine, the current symbol, the newest quotes, memory, looks."""

    engine: reactive[Engine | None] = reactive(None, init=False)
    symbol: reactive[str] = reactive("", init=False)
    about: reactive[str] = reactive("", init=False, always_update=True)
    """The symbol the last command line named, as typed."""
    timeframe: reactive[Timeframe] = reactive(Timeframe.m1, init=False)
    market: reactive[str] = reactive("starting", init=False)
    trouble: reactive[str] = reactive("", init=False)
    """The worst that ails the sources of what is shown, in a sentence; empty when all is well."""
    paint: reactive[Paint | None] = reactive(None, init=False)
    chips: "reactive[tuple[Chip, ...]]" = reactive((), init=False)
    """What goes with the next question to the analyst."""
    asking: reactive[str] = reactive("", init=False)
    """A question of the command line, until the analyst's screen takes it."""
    as_of: reactive[datetime | None] = reactive(None, init=False)
    """The past moment everything is shown at; None for now."""
    said: reactive[tuple[str, str]] = reactive(("", "muted"), init=False)

    def __init__(self, *, memory: Memory, clock: Clock, plain: bool = False) -> None:
        # Without colour Textual would still send greys, unless the theme is the terminal's own.
        super().__init__(ansi_color=True if plain else None)
        self.memory, self.clock = memory, clock
        self.painted = False
        """Whether the frame has been on the screen: it comes first, alone."""
        self.unfurnished: list[Furnished] = []
        """Frames shown without their panes before that."""
        self._worn: dict[str, str] = {}
        self.plugins: Plugins | None = None
        self.blind = False
        """Whether symbol and date of the past moment are hidden."""
        self.workspace = "main"
        self.link: str | None = None
        self.zone: tzinfo = UTC
        self.flashes = True
        self.first_symbols: tuple[str, ...] = ()
        self.chart_type = "candles"
        self.key_changes: dict[str, str] = {}
        self.quotes: dict[str, Quote] = {}
        self.reports: dict[tuple[datetime | None, Request[Report]], Report] = {}
        self.symbols: tuple[str, ...] = ()

    def say(self, words: str, tone: str = "muted") -> None:
        """Put a sentence in the status line: tone `muted`, `rise` (done) or `fall` (went wrong)."""
        self.said = (clean(words), tone)

    def recall(self, key: str, default: str) -> str:
        """What is remembered under a key."""
        return self.memory.now(key, default)

    def remember(self, key: str, value: str) -> None:
        """Keep a setting, here at once and in the engine; an empty one is forgotten."""
        self.memory.kept[key] = value
        if not value:
            self.memory.forget(key)
        engine = self.engine
        if engine is not None:
            self.background(key, self._keep, engine, key, value)

    def background(self, group: str, work: Work, *args: Any) -> None:
        """A worker of the app, which no screen ends; another of its group ends it."""
        self.run_worker(later(work, *args), group=group, exclusive=True, exit_on_error=False)

    async def _keep(self, engine: Engine, key: str, value: str) -> None:
        try:
            await engine.ask(SaveSetting(key=key, value=as_json(value)))
        except TioError as error:
            self.say(f"{key} is not kept: {in_words(error)}", "fall")

    @on(Worker.StateChanged)
    def _worker_failed(self, event: Worker.StateChanged) -> None:
        """A fault of ours in a worker, which would otherwise pass unseen."""
        if event.state is WorkerState.ERROR:
            fault = event.worker.error
            self.log.error(fault)
            self.say(clean(f"A fault of tio's: {type(fault).__name__}: {fault}"), "fall")

    def _handle_exception(self, error: Exception) -> None:
        """A fault in a plugin's screen ends that screen; one of tio's own ends the terminal."""
        if not self._leave_broken(error):
            super()._handle_exception(error)

    async def _dispatch_action(self, namespace: DOMNode, action_name: str, params: Any) -> bool:
        try:
            return await super()._dispatch_action(namespace, action_name, params)
        except Exception as error:
            # Keys of a plugin's screen run in the app's own loop, which a fault would end.
            if not self._leave_broken(error):
                raise
            return True

    def _leave_broken(self, error: Exception) -> bool:
        """Leave the plugin's screen on top with a sentence; False when there is none."""
        screen = self.screen if self.screen_stack else None
        code = getattr(screen, "code_of_plugin", "")
        if code and screen is not None:
            vars(screen)["code_of_plugin"] = ""
            said = f"{code} is broken: {type(error).__name__}: {error}"
            self.say(clean(said, limit=200), "fall")
            self.call_later(self.pop_screen)
        return bool(code)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles anew, unless the colours are those they were parsed with."""
        colours = self.get_css_variables()
        if colours != self._worn:
            self._worn = colours
            super().refresh_css(animate=animate)

    def dress(self) -> None:
        """Put on theme, zone and flashes as they are set now."""
        name = self.memory.now("ui.theme")
        few = self.console.color_system == "standard"
        if self.no_color or (few and self.memory.origin("ui.theme") == "default"):
            name = "16-colours"
        self.theme = name
        if not self.is_running:
            self._worn = self.get_css_variables()
            self.stylesheet.set_variables(self._worn)
        self.flashes = self.memory.now("ui.flash") == "on"
        self.zone = zone_of(self.memory.now("ui.time_zone"))
        self.set_class(self.no_color, "-plain")
        self.set_class(name == "16-colours", "-ansi")
        self.paint = Paint(
            next(theme for theme in THEMES if theme.name == name).variables,
            rise_is_red=self.memory.now("ui.rise_is_red") == "on",
            plain=self.no_color,
        )

    def open_mode(self, mode: str) -> None:
        """Show the screen of a tab; questions and screens on top of it are left."""
        chip = self._along() if mode == "analyst" else None
        if chip is not None and chip not in self.chips:
            self.chips = (*self.chips, chip)[-12:]
        self.leave_screens()
        self.switch_mode(mode)

    def leave_screens(self) -> None:
        """Leave what was opened over the tabs."""
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def look_back(self, words: Sequence[str]) -> None:
        """Stand at the past moment that words mean; Invalid."""
        raise NotImplementedError

    def _along(self) -> "Chip | None":
        """What the screen on top sends along to the analyst."""
        taken = getattr(self.screen, "taken_along", None) if self.screen_stack else None
        return None if taken is None else taken()

    def obey(self, line: str) -> None:
        """Do what a command line says."""
        from tio.screens.obeying import obey

        obey(self, line, self._open_code)

    def action_orders(self) -> None:
        from tio.screens.orders import OrdersScreen

        if not isinstance(self.screen, OrdersScreen):
            self.push_screen(OrdersScreen())

    def action_journal(self) -> None:
        from tio.screens.journal import JournalScreen

        if not isinstance(self.screen, JournalScreen):
            self.push_screen(JournalScreen())

    def action_buy(self) -> None:
        self._open_ticket(Side.buy)

    def action_sell(self) -> None:
        self._open_ticket(Side.sell)

    def action_ideas(self) -> None:
        from tio.screens.ideas import IdeasScreen

        if not isinstance(self.screen, IdeasScreen):
            self.push_screen(IdeasScreen())

    def open_report(self, asked: "ReportAsked") -> None:
        """A report by rules, in place of the one that is open."""
        from tio.screens.brief import BriefScreen

        if isinstance(self.screen, BriefScreen):
            self.screen.show(asked)
        else:
            self.push_screen(BriefScreen(asked))

    def kept_report(self, request: "Request[Report]") -> "Report | None":
        """The report as it was told at the moment shown, None where it was not."""
        return self.reports.get((self.as_of, request))

    def keep_report(self, request: "Request[Report]", report: "Report") -> None:
        """Have it at hand when it is asked for again; the oldest is let go."""
        key = (self.as_of, request)
        self.reports.pop(key, None)
        self.reports[key] = report
        while len(self.reports) > REPORTS:
            del self.reports[next(iter(self.reports))]

    def action_brief(self) -> None:
        self.obey("BRIEF")

    def action_why(self) -> None:
        self.obey("WHY")

    def action_side_by_side(self) -> None:
        self.obey("CMP")

    def action_morning(self) -> None:
        self.obey("MORN")

    def action_review(self) -> None:
        self.obey("REVIEW")

    def _open_ticket(self, side: Side) -> None:
        """A ticket, in place of the one that is open."""
        from tio.screens.ticket import TicketScreen

        if isinstance(self.screen, TicketScreen):
            self.pop_screen()
        self.push_screen(TicketScreen(side))

    def _open_code(self, code: str) -> None:
        self.call_later(self.run_action, CODES[code].call)


def later(work: Work, *args: Any) -> Callable[[], Coroutine[None, None, Any]]:
    """Work that begins when its worker does: one that is replaced before never began."""

    async def run() -> None:
        await work(*args)

    return run


def stage(node: DOMNode) -> Stage:
    """The app a node stands in, as what it is."""
    app = node.app
    assert isinstance(app, Stage)
    return app


def local_time(moment: datetime, zone: tzinfo) -> str:
    """`14:02:11 CET`."""
    return moment.astimezone(zone).strftime("%H:%M:%S %Z")
