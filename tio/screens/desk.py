"""The Desk: watchlist and chart side by side, one at a time where it is narrow."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tio.screens.frame import Frame
from tio.screens.stage import stage
from tio.screens.widgets.pane import Pane
from tio.screens.widgets.price_chart import PriceChart
from tio.screens.widgets.quote_card import QuoteCard
from tio.screens.widgets.quote_table import QuoteTable
from tio.screens.widgets.watchlist import WatchlistPane


class DeskScreen(Frame):
    """Choosing a symbol in the list moves the chart with it."""

    tab = "desk"

    def body(self) -> ComposeResult:
        with Horizontal(id="desk"):
            with Vertical(id="left"):
                yield WatchlistPane(id="watchlist")
                yield QuoteCard(id="card")
            yield PriceChart(id="chart")

    def on_mount(self) -> None:
        self.watch(self.app, "symbol", self._point, init=False)

    @on(QuoteTable.Chosen)
    def _chosen(self, event: QuoteTable.Chosen) -> None:
        stage(self).symbol = event.symbol

    @on(QuoteTable.Opened)
    def _opened(self, event: QuoteTable.Opened) -> None:
        stage(self).symbol = event.symbol
        if self.has_class("-one"):
            self.show_pane(self.query_one(PriceChart))
        else:
            stage(self).open_mode("chart")

    @on(PriceChart.Stepped)
    def _stepped(self, event: PriceChart.Stepped) -> None:
        table = self.query_one(WatchlistPane)
        table.move(table.cursor + event.by)

    def _point(self, symbol: str) -> None:
        """The symbol changed elsewhere: the cursor goes there if the list has it."""
        table = self.query_one(WatchlistPane)
        if symbol in table.place and table.symbol != symbol:
            table.move(table.place[symbol])

    def show_pane(self, pane: Pane) -> None:
        self.set_class(isinstance(pane, PriceChart), "-chart")
        self.call_after_refresh(pane.focus)
