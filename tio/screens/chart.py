"""The chart over the whole screen."""

from textual import on
from textual.app import ComposeResult

from tio.screens.frame import Frame
from tio.screens.stage import stage
from tio.screens.widgets.price_chart import PriceChart


class ChartScreen(Frame):
    """One chart; ↑ and ↓ go through the list of the Desk."""

    tab = "chart"

    def body(self) -> ComposeResult:
        # Not named as the Desk names its own, which it hides where one pane is shown.
        yield PriceChart()

    @on(PriceChart.Stepped)
    def _stepped(self, event: PriceChart.Stepped) -> None:
        app = stage(self)
        if app.symbol in app.symbols:
            to = app.symbols.index(app.symbol) + event.by
            app.symbol = app.symbols[min(max(to, 0), len(app.symbols) - 1)]
        elif app.symbols:
            app.symbol = app.symbols[0]
