"""FEED: every source of prices on one line, the chosen one in full, the route of a symbol."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from tio.api.contract import Engine, Request
from tio.api.errors import TioError
from tio.api.sources import (
    KeyReport,
    ListKeys,
    ListRoutes,
    ListSources,
    Route,
    SourceReport,
    SourceState,
    SourceStates,
    SwitchSource,
    TrySource,
)
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.frame import Frame
from tio.screens.questions import Question
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.source_lines import ailing, one_source, route_lines, source_lines
from tio.screens.widgets.table_lines import TableLines

EVERY = 1.0
ASKED = 2
"""Beats after which the figures that no change tells are asked for again."""


class SourcePane(Lines):
    """One source in full, or who serves one symbol."""

    scope = "source"
    hang = 12
    BINDINGS: ClassVar[list[BindingType]] = bindings("source")

    def tell_source(self, report: SourceReport, keys: Sequence[KeyReport]) -> None:
        mine = [key for key in keys if key.source == report.name]
        self.show([*one_source(report, mine, self.stage.clock.now(), self.stage.zone)])
        self.border_title = Content(report.name)
        self.border_subtitle = Content("t try now · s off or on · w who serves the symbol")

    def tell_route(self, route: Route, reports: dict[str, SourceReport]) -> None:
        self.show([*route_lines(route, reports, self.stage.clock.now(), self.stage.zone)])
        self.border_title = Content(f"{route.symbol} · {route.asset_class} · who serves it")
        self.border_subtitle = Content("esc shows the source again")

    def tell(self, words: str, tone: str = "muted") -> None:
        self.show([[(words, tone)]])


class FeedPane(TableLines):
    """The sources, followed as they change; what is under the cursor is told in the pane below."""

    scope = "feed"
    BINDINGS: ClassVar[list[BindingType]] = bindings("feed")

    def __init__(self, below: SourcePane, **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._reports: dict[str, SourceReport] = {}
        self._keys: tuple[KeyReport, ...] = ()
        self._route: Route | None = None
        self._routed = ""
        self._beats = 0

    def on_mount(self) -> None:
        self.border_title = Content("sources")
        self.show([[("Waiting for the engine …", "muted")]])
        self.set_interval(EVERY, self._beat)
        self._routed = self.stage.about
        self.watch(self.app, "about", self._about, init=False)

    def start(self, engine: Engine) -> None:
        self.run("states", follow, engine, SourceStates(), self._take, self._wrong)
        self.run("keys", self._ask_keys, engine)
        self.run("sources", self._ask, engine)

    def _beat(self) -> None:
        """Countdowns move every second; figures are asked for every other one."""
        engine = self.stage.engine
        if engine is None or not self.screen.is_active:
            return
        self._beats += 1
        if self._beats % ASKED == 0:
            self.run("sources", self._ask, engine)
        self._tell()

    def _about(self, symbol: str) -> None:
        self._routed, self._route = symbol, None
        if self.stage.engine is not None and symbol:
            self.run("sources", self._ask, self.stage.engine)

    async def _ask(self, engine: Engine) -> None:
        try:
            reports = await engine.ask(ListSources())
            self._take(reports, True)
        except TioError as error:
            self._wrong(in_words(error))
        if self._routed:
            await self._ask_route(engine, self._routed)
        self._tell()

    async def _ask_route(self, engine: Engine, symbol: str) -> None:
        self._route = None
        try:
            routes = await engine.ask(ListRoutes((symbol,)))
        except TioError as error:
            self._below.tell(in_words(error), "fall")
            return
        if routes:
            self._route = routes[0]
        else:
            self._below.tell(f"No source can serve {symbol}.", "fall")

    async def _ask_keys(self, engine: Engine) -> None:
        try:
            self._keys = await engine.ask(ListKeys())
        except TioError:
            self._keys = ()  # only the owner is told; what is missing stands in the report
        self._tell()

    def _take(self, reports: Sequence[SourceReport], snapshot: bool) -> None:
        self._reports |= {report.name: report for report in reports}
        self._tell()

    def _wrong(self, words: str) -> None:
        if self._reports:
            self.stage.say(words, "fall")
        else:
            self.show_table([], [([(words, "fall")], None)])

    def _tell(self) -> None:
        reports = list(self._reports.values())
        if not reports or self.stage.paint is None:
            return
        now, zone = self.stage.clock.now(), self.stage.zone
        head, *lines = source_lines(reports, now, zone, self.size.width)
        self.show_table([head], list(zip(lines, reports, strict=True)))
        live = sum(report.state is SourceState.live for report in reports)
        ill = sum(map(ailing, reports))
        self.border_title = Content(
            f"sources · {live} live" + (f" · {ill} in trouble" if ill else "")
        )
        count = "1 source" if len(reports) == 1 else f"{len(reports)} sources"
        self.border_subtitle = Content(f"{count} · times in {now.astimezone(zone):%Z}")
        if self._route is not None:
            self._below.tell_route(self._route, self._reports)
        elif not self._routed and self.chosen is not None:
            self._below.tell_source(self.chosen, self._keys)

    @property
    def chosen(self) -> SourceReport | None:
        """The source under the cursor."""
        found = super().chosen
        return found if isinstance(found, SourceReport) else None

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._tell()

    def repaint(self) -> None:
        self._tell()
        self.refresh()

    def stood(self) -> None:
        self._routed, self._route = "", None
        self._below.scroll_to(y=0, animate=False)
        self._tell()

    def action_route(self) -> None:
        """Who serves the current symbol."""
        if self.stage.symbol:
            self._about(self.stage.symbol)
        else:
            self.stage.say("No symbol is chosen: type one, then FEED.", "fall")

    def action_try_now(self) -> None:
        if self.chosen is not None:
            self._do(TrySource(self.chosen.name))

    def action_switch(self) -> None:
        report = self.chosen
        if report is None:
            return
        on = report.state is SourceState.off

        def answered(text: str | None) -> None:
            if text and text.strip().lower() in ("y", "yes"):
                self._do(SwitchSource(report.name, on))

        words = f"Switch {report.name} {'on' if on else 'off'}? y or n"
        self.app.push_screen(Question(words), answered)

    def _do(self, request: Request[SourceReport]) -> None:
        engine = self.stage.engine
        if engine is not None:
            self.stage.background("source", self._done, engine, request)

    async def _done(self, engine: Engine, request: Request[SourceReport]) -> None:
        try:
            report = await engine.ask(request)
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        self._take((report,), False)
        reason = f", {report.reason}" if report.reason else ""
        self.stage.say(f"{report.name}: {report.state}{reason}", "rise")

    def leave(self) -> bool:
        """Show the source again where a route is shown."""
        there = bool(self._routed)
        self._routed, self._route = "", None
        self._tell()
        return there

    def receipt(self) -> str:
        report = self.chosen
        if report is None:
            return ""
        reason = f" ({report.reason})" if report.reason else ""
        now = self.stage.clock.now()
        return f"{report.name} {report.state}{reason} as of {now:%Y-%m-%dT%H:%M:%SZ}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        names = ("state", "symbols", "rate", "latency_ms", "latency_p95_ms", "errors", "reason")
        rows: list[Sequence[object]] = [("source", *names, "next_try_at")]
        for report in self._reports.values():
            at = report.next_try_at
            figures = (getattr(report, name) for name in names)
            cells = ("" if each is None else each for each in figures)
            rows.append((report.name, *cells, at.isoformat() if at else ""))
        return "sources", rows


class FeedScreen(Frame):
    """How the sources do, over the screen one comes from."""

    CSS_PATH = "feed.tcss"

    def body(self) -> ComposeResult:
        below = SourcePane()
        yield FeedPane(below)
        yield below
