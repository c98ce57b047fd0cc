"""PORT: what is held and what it is worth, live; below it lots, entries, changes and gains."""

from textual.app import ComposeResult
from textual.containers import Container

from tio.screens.bookkeeping import Bookkeeping
from tio.screens.frame import Frame
from tio.screens.shown_portfolio import ShownPortfolio
from tio.screens.stage import stage
from tio.screens.widgets.book_pane import BookPane
from tio.screens.widgets.positions_pane import PositionsPane


class PortfolioScreen(Frame):
    """Positions above, the ledger below them, or beside them where there is room."""

    tab = "portfolio"
    CSS_PATH = "portfolio.tcss"

    def body(self) -> ComposeResult:
        shown = ShownPortfolio(stage(self))
        books = Bookkeeping(shown, self._again)
        with Container(id="held"):
            yield PositionsPane(shown, books, id="positions")
            yield BookPane(shown, books, id="book")

    def _again(self) -> None:
        for pane in self.query(PositionsPane):
            pane.renew()
