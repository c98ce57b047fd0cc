"""Four charts side by side: one symbol in four timeframes, one crosshair by time."""

import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.screens.following import in_words
from tio.screens.named import named
from tio.screens.widgets.price_chart import PriceChart

if TYPE_CHECKING:
    from tio.draw.scale import Ints

FIRST = (Timeframe.m5, Timeframe.m15, Timeframe.h1, Timeframe.d1)
PIN = "Hold this chart on the symbol; empty follows the list again"


class GridChart(PriceChart):
    """One of the four: its timeframe is its own, its symbol the current one unless it is pinned."""

    class Pointed(Message):
        """The crosshair moved to the bar that opens at `instant`, or was taken away (None)."""

        def __init__(self, chart: "GridChart", instant: int | None) -> None:
            super().__init__()
            self.chart, self.instant = chart, instant

    def __init__(self, place: int, **options: Any) -> None:
        super().__init__(**options)
        self.place = place
        self.studies_kept = f"chart.grid.{place}.studies"
        self.compare_kept = f"chart.grid.{place}.compare"
        self._pointed: int | None = None

    @property
    def pinned(self) -> str:
        """The symbol it is held on, "" when it follows the current one."""
        return self.stage.recall(f"chart.grid.{self.place}.symbol", "")

    @property
    def wanted(self) -> tuple[str, Timeframe]:
        kept = self.stage.recall(f"chart.grid.{self.place}", "")
        timeframe = Timeframe(kept) if kept in set(Timeframe) else FIRST[self.place]
        return self.pinned or self.stage.symbol, timeframe

    def choose(self, timeframe: Timeframe) -> None:
        self.stage.remember(f"chart.grid.{self.place}", timeframe)
        self._another()

    def action_pin(self) -> None:
        from tio.screens.questions import Question, symbol_completions

        question = Question(PIN, self.pinned, symbol_completions(self.stage))
        self.app.push_screen(question, self._answered)

    def _answered(self, text: str | None) -> None:
        engine = self.stage.engine
        if text is not None and not text.strip():
            self._pin("")
        elif text is not None and engine is not None:
            self.run("pin", self._find, engine, text.strip())

    async def _find(self, engine: Engine, text: str) -> None:
        try:
            self._pin((await named(engine, text)).symbol)
        except TioError as error:
            self.stage.say(in_words(error), "fall")

    def _pin(self, symbol: str) -> None:
        self.stage.remember(f"chart.grid.{self.place}.symbol", symbol)
        self._another()

    def at_once(self) -> None:
        super().at_once()
        now = self.window.crosshair
        if now != self._pointed:
            self._pointed = now
            self.post_message(self.Pointed(self, now))

    def point_at(self, time: int | None, span: int) -> None:
        """The crosshair on the bar that holds `time`, else on the first within `span` µs of it."""
        if self.history is None or not len(self.history):
            return
        times = self.columns.time
        bar = None if time is None else holding(times, self.held[1].step, time, span)
        if bar is None:
            self.window.crosshair = None
        else:
            self.window.point(times, bar, self.plot_width)
        self._pointed = self.window.crosshair
        super().at_once()


class ChartGrid(Container):
    """2×2 charts; where it is narrow the one stood in alone."""

    def compose(self) -> ComposeResult:
        for place in range(len(FIRST)):
            yield GridChart(place)

    @property
    def charts(self) -> list[GridChart]:
        return list(self.query(GridChart))

    def first(self, timeframe: Timeframe) -> GridChart:
        """The chart of that timeframe, else the first."""
        return next((each for each in self.charts if each.wanted[1] == timeframe), self.charts[0])

    def show(self, chart: GridChart) -> None:
        """Stand in a chart; the others leave where there is room for one."""
        for each in self.charts:
            each.set_class(each is chart, "-shown")
        self.call_after_refresh(chart.focus)

    @on(GridChart.Pointed)
    def _point(self, event: GridChart.Pointed) -> None:
        for each in self.charts:
            if each is not event.chart:
                each.point_at(event.instant, event.chart.held[1].step)

    @on(PriceChart.Practised)
    def _practise(self, event: PriceChart.Practised) -> None:
        """The past is the same in all of them."""
        for each in self.charts:
            if each is not event.chart:
                each.practise(event.known)


def holding(times: "Sequence[int] | Ints", step: int, time: int, span: int) -> int | None:
    """The bar of `step` µs that holds `time`, else the first that opens less than `span` after it.

    A day is told as its midnight, when no bar of minutes need have been: its first one stands for
    it then.
    """
    bar = bisect.bisect_right(times, time) - 1
    if bar >= 0 and time < times[bar] + step:
        return bar
    after = bar + 1
    return after if after < len(times) and times[after] < time + span else None
