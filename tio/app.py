"""The terminal application: modes, actions of everywhere; holds the engine once it is there."""

import gc
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec
from textual import work
from textual.binding import Binding, BindingType
from textual.command import Provider
from textual.screen import Screen

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.api.system import GetSettings, JobState, ListJobs
from tio.config import Config
from tio.draw.palette import INKS
from tio.screens.actions import TABS, Action, keymap, of_scope
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.memory import Fact, Memory
from tio.screens.stage import Clock, Plugins, Stage, SystemClock
from tio.screens.themes import THEMES
from tio.screens.widgets.bottom_line import BottomLine

if TYPE_CHECKING:
    from tio.looking_back import LookingBack

STARTED = 2.0
"""Seconds after which the terminal has started and garbage is collected again."""


def _everything() -> type[Provider]:
    from tio.screens.palette import EverythingProvider

    return EverythingProvider


class TioApp(Stage):
    """Paints its frame first; then awaits `open_engine`, and the screens begin to watch."""

    TITLE = "tio"
    CSS_PATH = [  # noqa: RUF012
        "app.tcss",
        "screens/desk.tcss",
        "screens/chart.tcss",
        "screens/indicators.tcss",
    ]
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_everything}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "quit", "Quit", show=False, priority=True)
    ]

    def __init__(
        self,
        open_engine: Callable[[], Awaitable[Engine]],
        *,
        config: Config | None = None,
        workspace: str = "main",
        link: str | None = None,
        screen: str = "desk",
        symbol: str | None = None,
        timeframe: Timeframe | None = None,
        command: str = "",
        clock: Clock | None = None,
        plugins: Plugins | None = None,
    ) -> None:
        config = config or Config()
        changes = keymap(config.keys)
        # The first screen is the app's own default one: nothing is mounted to be left at once.
        self.DEFAULT_MODE = screen  # type: ignore[misc]
        super().__init__(
            memory=Memory(_changeable(config), _rest(config)),
            clock=clock or SystemClock(),
            plain="NO_COLOR" in os.environ,
        )
        self._open_engine, self._command = open_engine, command
        self.plugins = plugins
        self._looking_back: LookingBack | None = None
        self._timeframe_given = timeframe is not None
        self.workspace, self.link, self.key_changes = workspace, link, changes
        self.first_symbols, self.chart_type = config.desk.symbols, config.desk.chart
        self.set_reactive(Stage.symbol, symbol or "")
        self.set_reactive(Stage.timeframe, timeframe or Timeframe(config.desk.timeframe))
        for theme in THEMES:
            self.register_theme(theme)
        self.dress()
        self.set_keymap(changes)
        for tab in TABS:
            self.add_mode(tab.method, _opener(tab))

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {f"tio-{ink}": "ansi_default" for ink in INKS}

    def on_mount(self) -> None:
        self.watch(self, "timeframe", self._keep_timeframe, init=False)
        if not gc.isenabled():
            self.set_timer(STARTED, _collect_again)

    def on_ready(self) -> None:
        """The widgets stand; what is slow begins when they are on the screen too."""
        self.call_after_refresh(self._painted)

    def _painted(self) -> None:
        self.painted = True
        self._begin()
        for frame in self.unfurnished:
            # In its own turn: it may not be mounted yet.
            frame.call_later(frame.furnish)
        self.unfurnished.clear()

    @work(exclusive=True, group="open", exit_on_error=False)
    async def _begin(self) -> None:
        """Open the engine, recall the settings, then let the screens watch."""
        try:
            engine = await self._open_engine()
        except TioError as error:
            self.market = "no engine"
            self.say(in_words(error), "fall")
            return
        try:
            settings = await engine.ask(GetSettings())
        except TioError as error:
            self.say(f"Settings are the file's: {in_words(error)}", "fall")
        else:
            self.memory.take(settings)
        kept = self.recall("chart.timeframe", "")
        if kept in set(Timeframe) and not self._timeframe_given:
            self.timeframe = Timeframe(kept)
        self.dress()
        self.engine = engine
        from tio.screens.market_state import MarketState

        MarketState(self).start(engine)
        if self._command:
            self.obey(self._command)

    def _keep_timeframe(self, timeframe: Timeframe) -> None:
        if self.recall("chart.timeframe", "") != timeframe:
            self.remember("chart.timeframe", timeframe)

    def action_open_tab(self, tab: str) -> None:
        self.open_mode(tab)

    def action_settings(self) -> None:
        from tio.screens.settings import SettingsScreen

        self._open_screen(SettingsScreen)

    def action_log(self) -> None:
        from tio.screens.log import LogScreen

        self._open_screen(LogScreen)

    def look_back(self, words: Sequence[str]) -> None:
        try:
            self._past.go(words)
        except TioError as error:
            self.say(in_words(error), "fall")

    def action_as_of(self) -> None:
        from tio.screens.questions import Question

        def answered(text: str | None) -> None:
            if text and text.strip():
                self.look_back(text.split())

        self.push_screen(Question("As of when? 2026-11-18 15:30, -3d, +1h"), answered)

    def action_now(self) -> None:
        self._past.now()

    def action_blind(self) -> None:
        self.background("blind", self._past.blind)

    def action_reveal(self) -> None:
        self.background("blind", self._past.reveal)

    @property
    def _past(self) -> "LookingBack":
        if self._looking_back is None:
            from tio.looking_back import LookingBack

            self._looking_back = LookingBack(self)
        return self._looking_back

    def action_hours(self) -> None:
        from tio.screens.hours import HoursScreen

        self._open_screen(HoursScreen)

    def action_feed(self) -> None:
        from tio.screens.feed import FeedScreen

        self._open_screen(FeedScreen)

    def action_profile(self) -> None:
        from tio.screens.profile import ProfileScreen

        self._open_screen(ProfileScreen)

    def action_indicators(self) -> None:
        from tio.screens.indicators import IndicatorsScreen

        self._open_screen(IndicatorsScreen)

    def action_risk(self) -> None:
        from tio.screens.risk import RiskScreen

        self._open_screen(RiskScreen)

    def action_correlation(self) -> None:
        from tio.screens.correlation import CorrelationScreen

        self._open_screen(CorrelationScreen)

    def _open_screen(self, kind: type[Frame]) -> None:
        if not isinstance(self.screen, kind):
            self.push_screen(kind())

    @property
    def _frame(self) -> Frame | None:
        return self.screen if isinstance(self.screen, Frame) else None

    def action_command(self) -> None:
        if self._frame:
            self._frame.query_one(BottomLine).open()

    def action_search(self) -> None:
        if self._frame:
            self._frame.query_one(BottomLine).open(search=True)

    def action_palette(self) -> None:
        self.action_command_palette()

    def action_help(self) -> None:
        from tio.screens.told import keys_told

        pane = self._frame.pane if self._frame else None
        here = [each for scope in pane.scopes for each in of_scope(scope)] if pane else []
        self.push_screen(keys_told(here, of_scope("app"), self.key_changes))

    def action_next_pane(self) -> None:
        if self._frame:
            self._frame.step(1)

    def action_previous_pane(self) -> None:
        if self._frame:
            self._frame.step(-1)

    async def action_back(self) -> None:
        """Leave what is innermost: crosshair or filter, then the screen on top."""
        frame = self._frame
        if frame is None or (frame.pane is not None and frame.pane.leave()):
            return
        if len(self.screen_stack) > 1:
            self.pop_screen()

    def action_peek(self) -> None:
        from tio.screens.told import quote_told

        quote = self.quotes.get(self.symbol)
        if quote is None:
            self.say(f"No quote of {self.symbol or 'anything'} yet", "fall")
        else:
            self.push_screen(quote_told(quote, self.zone, quote.age))

    def action_copy(self) -> None:
        pane = self._frame.pane if self._frame else None
        receipt = pane.receipt() if pane is not None else ""
        if receipt:
            self.copy_to_clipboard(receipt)
            self.say(f"copied: {receipt}", "rise")
        else:
            self.say("There is no figure here to copy.", "fall")

    def action_take_along(self) -> None:
        """What one stands on goes with the next question to the analyst."""
        from tio.screens.widgets.talk_lines import chip_words

        pane = self._frame.pane if self._frame else None
        chip = pane.chip() if pane is not None else None
        if chip is None:
            self.say("There is nothing here to take along.", "fall")
        elif chip in self.chips:
            self.chips = tuple(each for each in self.chips if each != chip)
            self.say(f"{chip_words(chip)} is left here")
        else:
            self.chips = (*self.chips, chip)[-12:]
            self.say(f"{chip_words(chip)} goes with your next question (8)", "rise")

    def action_export(self) -> None:
        from tio.screens.exporting import ask_where

        ask_where(self, self._frame.pane if self._frame else None)

    def action_refresh(self) -> None:
        pane = self._frame.pane if self._frame else None
        if pane is not None:
            pane.renew()
            self.say("asked again")

    async def action_quit(self) -> None:
        """Leave; asks when a job runs."""
        running = await self._running_jobs() if self.engine is not None else 0
        if not running:
            self.exit()
            return
        from tio.screens.questions import Question

        def answered(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes"):
                self.exit()

        jobs = "1 job runs" if running == 1 else f"{running} jobs run"
        self.push_screen(Question(f"{jobs}. Leave anyway? y or n"), answered)

    async def _running_jobs(self) -> int:
        assert self.engine is not None
        try:
            jobs = await self.engine.ask(ListJobs())
        except TioError:
            return 0
        return sum(job.state is JobState.running for job in jobs)


def _collect_again() -> None:
    """What starting left behind stays; only what comes now is looked through."""
    gc.freeze()
    gc.enable()


def _opener(tab: Action) -> Callable[[], Screen[Any]]:
    """Makes the screen of a tab, imported when it is first shown."""

    def screen() -> Screen[Any]:
        match tab.method:
            case "desk":
                from tio.screens.desk import DeskScreen

                return DeskScreen()
            case "chart":
                from tio.screens.chart import ChartScreen

                return ChartScreen()
            case "analyst":
                from tio.screens.analyst import AnalystScreen

                return AnalystScreen()
            case "portfolio":
                from tio.screens.portfolio import PortfolioScreen

                return PortfolioScreen()
            case "system":
                from tio.screens.system import SystemScreen

                return SystemScreen()
        from tio.screens.coming import ComingScreen

        return ComingScreen(tab)

    return screen


def _changeable(config: Config) -> dict[str, str]:
    return {
        "ui.theme": config.ui.theme,
        "ui.flash": "off" if config.ui.reduced_motion else "on",
        "ui.rise_is_red": "on" if config.ui.rise_is_red else "off",
        "ui.time_zone": config.ui.time_zone,
    }


def _rest(config: Config) -> Iterator[Fact]:
    """The settings only config.toml changes, tables of plugins and sources left out."""
    default, shown = Config(), {"theme", "rise_is_red", "reduced_motion", "time_zone"}
    for table in ("desk", "ui", "engine", "demo", "log"):
        here, plain = getattr(config, table), getattr(default, table)
        for name in here.__struct_fields__:
            value = getattr(here, name)
            if name not in shown:
                origin = "default" if value == getattr(plain, name) else "file"
                text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
                yield Fact(f"{table}.{name}", text, origin, "in config.toml")
    for name, keys in config.keys.items():
        yield Fact(f"keys.{name}", keys if isinstance(keys, str) else ",".join(keys), "file", "")


def check_keys(config: Config) -> None:
    """Misconfigured, naming both actions, when a key of the configuration clashes."""
    keymap(config.keys)
