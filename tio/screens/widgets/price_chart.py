"""The chart pane: the current symbol's bars as they come, its keys and its mouse."""

from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message
from textual.timer import Timer

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import (
    Adjustment,
    Bars,
    BarUpdates,
    GetBars,
    Hours,
    Quote,
    Quotes,
    Timeframe,
)
from tio.api.past import ListStoredBars
from tio.api.series import moment
from tio.screens.actions import bindings
from tio.screens.following import follow, in_words
from tio.screens.widgets.chart_moves import ChartMoves
from tio.screens.widgets.chart_part import ChartPart
from tio.screens.widgets.chart_title import ChartTitle
from tio.screens.widgets.chart_window import ChartWindow
from tio.screens.widgets.compare_part import ComparePart
from tio.screens.widgets.drawings_part import DrawingsPart
from tio.screens.widgets.layouts_part import LayoutsPart
from tio.screens.widgets.levels_part import LevelsPart
from tio.screens.widgets.marks_part import MarksPart
from tio.screens.widgets.practice_part import PracticePart
from tio.screens.widgets.studies_part import StudiesPart
from tio.screens.widgets.volume_part import VolumePart

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView
    from tio.screens.widgets.bar_history import BarHistory

PARTS: tuple[type[ChartPart], ...] = (
    DrawingsPart,
    VolumePart,
    LevelsPart,
    MarksPart,
    StudiesPart,
    ComparePart,
    PracticePart,
    LayoutsPart,
)
TAIL = 600
MORE = 2_000
MOST_ASKED = 20_000
"""Older bars asked for at once, when as many are held: the further back, the larger the pages."""
SETTLE = 0.06
NAMED = {
    Adjustment.raw: "not adjusted",
    Adjustment.splits: "adjusted for splits",
    Adjustment.total: "adjusted for splits and dividends",
}


class PriceChart(ChartMoves):
    """Follows the current symbol and timeframe while its screen is shown."""

    scope = "chart"
    studies_kept = "chart.studies"
    """Where its indicators are remembered; "" keeps them nowhere."""
    compare_kept = "chart.compare"
    """Where what it is compared with is remembered."""
    BINDINGS: ClassVar[list[BindingType]] = bindings("chart")

    class Stepped(Message):
        """The person wants the symbol `by` places further in the list."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    class Gridded(Message):
        """The person wants four timeframes side by side, or one again."""

    class Recalled(Message):
        """What is remembered of charts was exchanged for a saved layout."""

    class Practised(Message):
        """The past is practised up to `known` (µs), or no longer (None)."""

        def __init__(self, chart: "PriceChart", known: int | None) -> None:
            super().__init__()
            self.chart, self.known = chart, known

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.parts: dict[str, ChartPart] = {kind.name: kind(self) for kind in PARTS}
        self._loading = False
        self._hours = Hours.extended
        self._title = ChartTitle(lambda: self.stage)
        self._settling: Timer | None = None

    def on_mount(self) -> None:
        self.border_title = Content("chart")
        self.set_interval(1.0, self._entitle)
        for name in ("symbol", "timeframe"):
            self.watch(self.app, name, self._another, init=False)

    @property
    def studies(self) -> StudiesPart:
        """Its indicators."""
        part = self.parts["studies"]
        assert isinstance(part, StudiesPart)
        return part

    @property
    def scopes(self) -> tuple[str, ...]:
        grabbing = [part.scope for part in self.parts.values() if part.grabs and part.scope]
        return (*grabbing, self.scope)

    @property
    def wanted(self) -> tuple[str, Timeframe]:
        """What to follow; a chart of a grid has a timeframe of its own."""
        return self.stage.symbol, self.stage.timeframe

    def choose(self, timeframe: Timeframe) -> None:
        """Follow another timeframe."""
        self.stage.timeframe = timeframe

    def start(self, engine: Engine) -> None:
        symbol, timeframe = self.wanted
        hours = self.hours
        if (*self.held, self._hours) != (symbol, timeframe, hours):
            zoom = self.window.zoom
            self.held, self.window = (symbol, timeframe), ChartWindow()
            self._hours = hours
            self.window.zoom = zoom
            self.history, self.wrong, self._loading = None, "", False
            self.fetching, self.offered = False, ()
            self.anew()
        self._entitle()
        # What was under way ended with the screen that was hidden.
        self._loading = False
        if symbol:
            topic = BarUpdates(symbol=symbol, timeframe=timeframe, limit=TAIL, hours=hours)
            self.run("bars", follow, engine, topic, self._take, self._fail)
            # No watchlist may be shown that has it.
            self.run("quote", follow, engine, Quotes((symbol,)), self._quote, self._fail)
            for part in self.parts.values():
                part.follow(engine, symbol, timeframe)

    @property
    def columns(self) -> "Columns":
        """The bars shown: those held, as every part will have them."""
        columns = super().columns
        for part in self.parts.values():
            columns = part.bars(columns)
        return columns

    @property
    def called(self) -> str:
        compare = self.parts["compare"]
        assert isinstance(compare, ComparePart)
        return compare.called(self.held[0])

    @property
    def known(self) -> int | None:
        """The moment (µs) after which nothing may be told: the past is practised; None: all."""
        practice = self.parts["practice"]
        return practice.known if isinstance(practice, PracticePart) else None

    def practise(self, known: int | None) -> None:
        """Show what had ended by a moment (µs), as another chart does; None: all."""
        practice = self.parts["practice"]
        assert isinstance(practice, PracticePart)
        practice.adopt(known)

    def furnished(self, view: "ChartView") -> "ChartView":
        columns = self.columns
        for part in self.parts.values():
            view = part.draw(view, columns)
        return view

    @on(Recalled)
    def recall(self) -> None:
        """Be as is remembered now."""
        self.studies.recalled()
        self.renew()
        self.told_anew()

    def told_anew(self) -> None:
        """What a part shows changed: its words in the title, and the picture."""
        self._entitle()
        self.changed()

    def action_part(self, name: str, verb: str) -> None:
        """What a key of one of the parts does; one stands on an indicator no longer than that."""
        if name != self.studies.name:
            self.studies.leave()
        getattr(self.parts[name], f"act_{verb}")()

    def on_key(self, event: events.Key) -> None:
        """A part that is being used takes keys before the chart does."""
        for part in self.parts.values():
            if part.grabs and part.key(event.key, event.character):
                event.stop()
                event.prevent_default()
                return

    def _another(self) -> None:
        """Another symbol or timeframe: follow it once the person stops moving through the list."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self.set_timer(SETTLE, self._settled)

    def _settled(self) -> None:
        engine = self.stage.engine
        if engine is not None and self.screen.is_active:
            self.start(engine)

    def _take(self, bars: Bars, snapshot: bool) -> None:
        if snapshot and self.history is not None and not self.history.continued_by(bars):
            # The workspace was emptied: a replay began. What was panned to is gone too.
            zoom, self.history, self.window = self.window.zoom, None, ChartWindow()
            self.window.zoom = zoom
        if self.history is None:
            from tio.screens.widgets.bar_history import BarHistory

            self.history = BarHistory()
        self.wrong = ""
        added = self.history.take(bars)
        self.window.grew(added if self.known is None else 0)
        self.changed()
        if snapshot:
            self._entitle()
            if not len(self.history):
                self._fetch()

    def _quote(self, quotes: tuple[Quote, ...], snapshot: bool) -> None:
        self.stage.quotes.update({quote.symbol: quote for quote in quotes})

    def _fetch(self) -> None:
        """There are no bars: wait for those the sources may have, and say what became of it."""
        engine = self.stage.engine
        if engine is not None and not self.fetching:
            self.fetching = True
            self.anew()
            self.run("fetch", self._fetched, engine, *self.held)

    async def _fetched(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        try:
            bars = await engine.ask(
                GetBars(symbol=symbol, timeframe=timeframe, limit=TAIL, hours=self._hours)
            )
            stored = () if len(bars) else await engine.ask(ListStoredBars((symbol,)))
        except TioError as error:
            if self.held == (symbol, timeframe):
                self.fetching, self.wrong = False, in_words(error)
                self.anew()
            return
        if self.held != (symbol, timeframe):
            return
        self.fetching = False
        self.offered = tuple(t for t in Timeframe if t in {each.timeframe for each in stored})
        if len(bars):
            self._take(bars, False)
        self.anew()

    def _fail(self, words: str) -> None:
        self.wrong = words
        if self.history is not None:
            self.stage.say(words, "fall")
        self.anew()

    def reached_the_oldest(self) -> None:
        engine, history = self.stage.engine, self.history
        if engine and history is not None and not self._loading and not history.complete:
            self._loading = True
            self.run("history", self._older, engine, history)

    async def _older(self, engine: Engine, history: "BarHistory") -> None:
        symbol, timeframe = self.held
        before = moment(int(history.columns.time[0]))
        limit = min(max(MORE, len(history)), MOST_ASKED)
        try:
            older = await engine.ask(
                GetBars(symbol, timeframe, None, before, limit, hours=self._hours)
            )
        except TioError as error:
            history.complete = True
            self.stage.say(in_words(error), "fall")
            return
        finally:
            self._loading = False
        history.put_before(older)
        if history.refused is not None:
            theirs, ours = (NAMED[each] for each in (history.refused, history.adjusted))
            self.stage.say(f"Older bars are {theirs}, these {ours}: they are not joined.", "fall")
        self.changed()

    def _entitle(self) -> None:
        """Title: symbol, timeframe, source, how live; subtitle: source, as of, adjustment."""
        if self.held[0]:
            words = [part.status() for part in self.parts.values()]
            title, below = self._title.of(self.held, self.history, words, self.known)
            self.border_title, self.border_subtitle = Content(title), Content(below)

    def action_previous_symbol(self) -> None:
        self.post_message(self.Stepped(-1))

    def action_next_symbol(self) -> None:
        self.post_message(self.Stepped(1))

    def action_grid(self) -> None:
        self.post_message(self.Gridded())

    def action_pin(self) -> None:
        self.stage.say("One chart follows the current symbol; m shows four, which can be pinned.")

    def leave(self) -> bool:
        """Take the crosshair away; whether there was one."""
        if any(part.leave() for part in self.parts.values()):
            self.at_once()
            return True
        there = self.window.crosshair is not None
        self.window.crosshair = None
        self.at_once()
        return there

    def on_click(self, event: events.Click) -> None:
        inside = event.get_content_offset(self)
        if inside is None or self.layout_drawn is None or self.history is None:
            return
        bar, price = self.layout_drawn.bar_at(inside.x), self.layout_drawn.price_at(inside.y)
        pane = self.layout_drawn.pane_at(inside.y)
        if bar is not None and price is not None and pane is not None and pane.name == "prices":
            for part in self.parts.values():
                if part.grabs and part.clicked(bar, price):
                    return
        if bar is not None:
            self.window.point(self.columns.time, bar, self.plot_width)
            self.at_once()
