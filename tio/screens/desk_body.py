"""What the Desk holds: watchlist, quote, portfolio and reports beside the chart."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tio.screens.frame import Frame
from tio.screens.stage import stage
from tio.screens.widgets.portfolio_card import PortfolioCard
from tio.screens.widgets.price_chart import PriceChart
from tio.screens.widgets.quote_card import QuoteCard
from tio.screens.widgets.quote_table import QuoteTable
from tio.screens.widgets.reports_pane import ReportsPane
from tio.screens.widgets.watchlist import WatchlistPane


class DeskBody(Horizontal):
    """Choosing a symbol in the list moves the chart with it."""

    def compose(self) -> ComposeResult:
        with Vertical(id="left"):
            yield WatchlistPane(id="watchlist")
            yield QuoteCard(id="card")
            yield PortfolioCard(id="folio")
            yield ReportsPane(id="reports")
        yield PriceChart(id="chart")

    def on_mount(self) -> None:
        self.watch(self.app, "symbol", self._point, init=False)

    @on(QuoteTable.Chosen)
    def _chosen(self, event: QuoteTable.Chosen) -> None:
        stage(self).symbol = event.symbol

    @on(PriceChart.Stepped)
    def _stepped(self, event: PriceChart.Stepped) -> None:
        table = self.query_one(WatchlistPane)
        table.move(table.cursor + event.by)

    @on(PriceChart.Gridded)
    def _gridded(self) -> None:
        """Four charts need the whole screen."""
        stage(self).remember("chart.grid", "on")
        stage(self).open_mode("chart")

    def _point(self, symbol: str) -> None:
        """The symbol changed elsewhere: the cursor goes there if the list has it."""
        table = self.query_one(WatchlistPane)
        if symbol in table.place and table.symbol != symbol:
            table.move(table.place[symbol])

    @on(QuoteTable.Opened)
    def _opened(self, event: QuoteTable.Opened) -> None:
        stage(self).symbol = event.symbol
        frame = self.screen
        if isinstance(frame, Frame) and frame.has_class("-one"):
            frame.show_pane(self.query_one(PriceChart))
        else:
            stage(self).open_mode("chart")
