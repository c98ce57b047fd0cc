"""The chart over the whole screen, or four of them."""

from textual import events, on
from textual.app import ComposeResult

from tio.api.market import Timeframe
from tio.screens.chart_grid import ChartGrid, GridChart
from tio.screens.frame import Frame
from tio.screens.stage import stage
from tio.screens.widgets.bottom_line import BottomLine
from tio.screens.widgets.pane import Pane
from tio.screens.widgets.price_chart import PriceChart

GRID = "chart.grid"


class ChartScreen(Frame):
    """One chart, or four timeframes side by side; ↑ and ↓ go through the list of the Desk."""

    tab = "chart"

    def body(self) -> ComposeResult:
        # Not named as the Desk names its own, which it hides where one pane is shown.
        yield PriceChart()

    def on_mount(self) -> None:
        self.watch(self.app, "engine", self._as_remembered, init=False)
        self.watch(self.app, "timeframe", self._another, init=False)

    @property
    def grid(self) -> ChartGrid | None:
        """The four charts, where they are shown."""
        return next(iter(self.query(ChartGrid)), None)

    @property
    def _known(self) -> int | None:
        """The moment practised up to (µs), which one chart and four have in common."""
        return next((each.known for each in self.query(PriceChart)), None)

    @on(events.ScreenResume)
    async def _as_remembered(self) -> None:
        """One or four, as it was left."""
        if stage(self).engine is not None and self.panes:
            if stage(self).recall(GRID, "") != "on":
                await self._show_one()
            elif self.grid is None:
                await self._show_four()

    async def furnish(self) -> None:
        await super().furnish()
        await self._as_remembered()

    @on(PriceChart.Recalled)
    async def _recalled(self) -> None:
        """One or four, and each of them, as a layout has it."""
        await self._as_remembered()
        for each in self.query(PriceChart):
            each.recall()

    @on(PriceChart.Gridded)
    async def _gridded(self) -> None:
        on = self.grid is None
        stage(self).remember(GRID, "on" if on else "")
        await (self._show_four() if on else self._show_one())

    async def _show_four(self) -> None:
        grid, known = ChartGrid(), self._known
        await self.query(PriceChart).remove()
        await self.mount(grid, before=self.query_one(BottomLine))
        for each in grid.charts:
            each.practise(known)
        self._watch_all()
        grid.show(grid.first(stage(self).timeframe))

    async def _show_one(self) -> None:
        """The chart stood in, alone."""
        grid, app, stood, known = self.grid, stage(self), self.pane, self._known
        if grid is None:
            return
        await grid.remove()
        if isinstance(stood, GridChart):
            symbol, timeframe = stood.wanted
            app.symbol, app.timeframe = symbol, timeframe
        chart = PriceChart()
        await self.mount(chart, before=self.query_one(BottomLine))
        chart.practise(known)
        self._watch_all()
        chart.focus()

    def _watch_all(self) -> None:
        engine = stage(self).engine
        if engine is not None and self.is_active:
            for pane in self.panes:
                pane.start(engine)

    def _another(self, timeframe: Timeframe) -> None:
        """A timeframe was asked for by command: the chart stood in takes it."""
        if self.grid is not None and isinstance(self.pane, GridChart):
            self.pane.choose(timeframe)

    def show_pane(self, pane: Pane) -> None:
        if self.grid is not None and isinstance(pane, GridChart):
            self.grid.show(pane)
        else:
            super().show_pane(pane)

    @on(PriceChart.Stepped)
    def _stepped(self, event: PriceChart.Stepped) -> None:
        app = stage(self)
        if app.symbol in app.symbols:
            to = app.symbols.index(app.symbol) + event.by
            app.symbol = app.symbols[min(max(to, 0), len(app.symbols) - 1)]
        elif app.symbols:
            app.symbol = app.symbols[0]
