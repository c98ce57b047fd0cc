"""TA: every indicator by group, tried on the current symbol, its parameters changed in place."""

from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.timer import Timer

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.indicators import IndicatorEntry, IndicatorSpec, ListIndicators, Param
from tio.screens.actions import bindings
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.questions import Question
from tio.screens.widgets.indicator_lines import Row, entry_lines, headed, row_line, rows_of
from tio.screens.widgets.lines import Lines
from tio.screens.widgets.preview_chart import PreviewChart
from tio.screens.widgets.studies_kept import (
    KEY,
    as_text,
    changed,
    checked,
    ranged,
    said,
    stepped,
    studies_of,
    value_of,
    with_specs,
)

SETTLE = 0.12
"""Seconds one stands on an indicator before it is computed."""


class EntryPane(Lines):
    """One indicator in full."""

    scope = "entry"
    hang = 12
    BINDINGS: ClassVar[list[BindingType]] = bindings("entry")


class IndicatorsPane(Lines):
    """The catalogue; the indicator under the cursor is told and drawn beside it."""

    scope = "indicators"
    BINDINGS: ClassVar[list[BindingType]] = bindings("indicators")

    def __init__(self, told: EntryPane, chart: PreviewChart, **options: Any) -> None:
        super().__init__(**options)
        self._told, self._chart = told, chart
        self._entries: tuple[IndicatorEntry, ...] = ()
        self._rows: list[Row] = []
        self._tried: dict[str, IndicatorSpec] = {}
        self._param = 0
        self._text = self._group = ""
        self._tail = False
        self._settling: Timer | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.border_title = Content("indicators")
        self.show([[("Waiting for the engine …", "muted")]])

    def start(self, engine: Engine) -> None:
        if not self._entries:
            self.run("catalogue", self._ask, engine)

    def renew(self) -> None:
        self._entries = ()
        super().renew()

    async def _ask(self, engine: Engine) -> None:
        try:
            self._entries = await engine.ask(ListIndicators(tail=self._tail))
        except TioError as error:
            self.show([[(in_words(error), "fall")], [("r asks again.", "muted")]])
            return
        self._lay_out()

    @property
    def entry(self) -> IndicatorEntry | None:
        """The indicator one stands on."""
        at = -1 if self.cursor is None else self.cursor
        row = self._rows[at] if 0 <= at < len(self._rows) else None
        return None if row is None or isinstance(row, str) else row

    @property
    def spec(self) -> IndicatorSpec:
        """The indicator one stands on, with its parameters as they were changed."""
        assert self.entry is not None
        return self._tried.get(self.entry.name, IndicatorSpec(self.entry.name))

    def _lay_out(self) -> None:
        """The rows anew; one stays on one's indicator where it is still there."""
        stood = self.entry
        self._rows = rows_of(self._entries, self._text, self._group)
        self.show([row_line(row) for row in self._rows] or [[("No indicator is so.", "muted")]])
        names = [row if isinstance(row, str) else row.name for row in self._rows]
        at = names.index(stood.name) if stood is not None and stood.name in names else 1
        self.cursor = at if self._rows else None
        count = sum(not isinstance(row, str) for row in self._rows)
        told = [f"{count} indicators", self._group, f"“{self._text}”" if self._text else ""]
        self.border_title = Content(" · ".join(word for word in told if word))
        self.border_subtitle = Content("enter adds · f finds · g group")
        self._stand()

    def _stand(self) -> None:
        """Show where one stands now."""
        if self.cursor is not None:
            top, height = self.scroll_offset.y, max(self.size.height, 1)
            first = 0 if self.cursor <= 1 else self.cursor
            if first < top:
                self.scroll_to(y=first, animate=False)
            elif self.cursor >= top + height:
                self.scroll_to(y=self.cursor - height + 1, animate=False)
        self._tell()
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE, self._preview)

    def _tell(self) -> None:
        entry = self.entry
        self._told.show([] if entry is None else entry_lines(entry, self.spec, self._param))
        self._told.border_title = Content("" if entry is None else headed(entry))
        keys = "← → parameter · + − change · c type"
        self._told.border_subtitle = Content(keys if entry and entry.parameters else "")
        self._told.scroll_to(y=0, animate=False)
        self.refresh()

    def _preview(self) -> None:
        if self.entry is not None and self.screen.is_active:
            self._chart.preview(self.spec)

    def _move(self, by: int) -> None:
        """So many indicators on; headings are passed over."""
        if self.cursor is None:
            return
        at = min(max(self.cursor + by, 0), len(self._rows) - 1)
        step = 1 if by > 0 else -1
        while 0 <= at < len(self._rows) and isinstance(self._rows[at], str):
            at += step
        self.cursor = at if 0 <= at < len(self._rows) else 1
        self._param = 0
        self._stand()

    def action_up(self) -> None:
        self._move(-1)

    def action_down(self) -> None:
        self._move(1)

    def action_page_up(self) -> None:
        self._move(-max(self.size.height - 1, 1))

    def action_page_down(self) -> None:
        self._move(max(self.size.height - 1, 1))

    def action_first(self) -> None:
        self._move(-len(self._rows))

    def action_last(self) -> None:
        self._move(len(self._rows))

    def action_before(self) -> None:
        self._turn(-1)

    def action_after(self) -> None:
        self._turn(1)

    def action_more(self) -> None:
        self._step(1)

    def action_less(self) -> None:
        self._step(-1)

    def _turn(self, by: int) -> None:
        if self.entry is not None and self.entry.parameters:
            self._param = (self._param + by) % len(self.entry.parameters)
            self._tell()

    def _step(self, steps: int) -> None:
        if self.entry is not None and self.entry.parameters:
            parameter = self.entry.parameters[self._param]
            self._put(stepped(parameter, value_of(self.spec, parameter), steps))

    def _put(self, value: Param) -> None:
        entry = self.entry
        if entry is not None:
            self._tried[entry.name] = changed(self.spec, entry.parameters[self._param], value)
            self._stand()

    def action_type(self) -> None:
        entry = self.entry
        if entry is None or not entry.parameters:
            self.stage.say("It has no parameter to change.")
            return
        parameter = entry.parameters[self._param]

        def typed(text: str | None) -> None:
            if text and text.strip():
                try:
                    self._put(checked(parameter, text.strip()))
                except TioError as error:
                    self.stage.say(in_words(error), "fall")

        now = said(value_of(self.spec, parameter))
        self.app.push_screen(Question(f"{parameter.name}: {ranged(parameter)}", now), typed)

    def action_add(self) -> None:
        if self.entry is None:
            return
        try:
            studies = with_specs(studies_of(self.stage.recall(KEY, "")), (self.spec,))
        except TioError as error:
            self.stage.say(in_words(error), "fall")
            return
        self.stage.remember(KEY, as_text(studies))
        self.stage.say(f"{self.entry.name} is on the chart; 2 shows it.", "rise")

    def action_filter(self) -> None:
        def answered(text: str | None) -> None:
            if text is not None:
                self._text = text.strip()
                self._lay_out()

        self.app.push_screen(Question("Find in name, title and meaning", self._text), answered)

    def action_group(self) -> None:
        groups = ["", *sorted({entry.group for entry in self._entries})]
        self._group = groups[(groups.index(self._group) + 1) % len(groups)]
        self._lay_out()

    def action_tail(self) -> None:
        self._tail = not self._tail
        self.stage.say("asking for pandas-ta's too …" if self._tail else "without pandas-ta's")
        if self.stage.engine is not None:
            self.run("catalogue", self._ask, self.stage.engine)

    def leave(self) -> bool:
        there = bool(self._text or self._group)
        self._text = self._group = ""
        if there:
            self._lay_out()
        return there

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._stand()

    def table(self) -> tuple[str, list[Any]]:
        head = ("name", "title", "group", "warm_up", "repaints", "meaning", "source")
        entries = [row for row in self._rows if not isinstance(row, str)]
        return "indicators", [head, *([getattr(e, name) for name in head] for e in entries)]


class IndicatorsScreen(Frame):
    """The catalogue, one of it in full, and that one on the current symbol."""

    def body(self) -> ComposeResult:
        told, chart = EntryPane(id="entry"), PreviewChart(id="preview")
        with Horizontal():
            yield IndicatorsPane(told, chart, id="catalogue")
            with Vertical():
                yield chart
                yield told
