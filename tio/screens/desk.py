"""The Desk: watchlist and chart side by side, one at a time where it is narrow."""

from textual.app import ComposeResult

from tio.screens.frame import Frame
from tio.screens.widgets.pane import Pane


class DeskScreen(Frame):
    """The screen tio begins with; its panes are imported once its frame is painted."""

    tab = "desk"

    def body(self) -> ComposeResult:
        from tio.screens.desk_body import DeskBody

        yield DeskBody(id="desk")

    def show_pane(self, pane: Pane) -> None:
        self.set_class(pane.id == "chart", "-chart")
        self.call_after_refresh(pane.focus)
