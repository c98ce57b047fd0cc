"""Bringing a file into a ledger: asked for, looked at row by row, entered as one change."""

from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Container

from tio.api.imports import ImportPreview
from tio.screens.bringing import Bringing
from tio.screens.frame import Frame
from tio.screens.path_question import path_question, whole
from tio.screens.shown_portfolio import ShownPortfolio, View
from tio.screens.widgets.import_pane import ImportPane, RowPane
from tio.screens.widgets.mapping_pane import MappingPane
from tio.screens.widgets.pane import Pane

LAST = "portfolio.imported"
"""Setting: the file brought in last."""
NONE_YET = "No portfolio yet: n makes one."


class ImportScreen(Frame):
    """The rows of a file, or its columns while they are chosen."""

    tab = "portfolio"
    CSS_PATH = "importing.tcss"

    def __init__(self, shown: ShownPortfolio, path: str, again: Callable[[], None]) -> None:
        super().__init__()
        self._shown, self._again = shown, again
        self._bringing = Bringing(shown.name, path)

    def body(self) -> ComposeResult:
        below = RowPane(id="row")
        with Container(id="bringing"):
            yield ImportPane(
                self._shown, self._bringing, below, self._brought, self._again, id="rows"
            )
            yield below
            yield MappingPane(self._bringing, id="columns")
        self._bringing.heed(self._turn)

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self._turn)

    def _turn(self) -> None:
        """Show the rows, or the columns, and stand there."""
        columns = self._bringing.columns
        for pane in self.query(MappingPane):
            pane.display = columns
            if columns:
                pane.focus()
        for row in self.query(RowPane):
            row.display = not columns
        for rows in self.query(ImportPane):
            rows.display = not columns
            if not columns:
                rows.focus()
                if self._bringing.busy and self._bringing.preview is None:
                    rows.renew()

    @property
    def panes(self) -> list[Pane]:
        return [pane for pane in super().panes if pane.display]

    def _brought(self, told: ImportPreview) -> None:
        shown = self._shown
        shown.view = View.ledger
        shown.booked()
        stage = shown.stage
        if self in stage.screen_stack:
            while stage.screen is not self:
                stage.pop_screen()
            stage.pop_screen()
        number = "" if told.change is None else f" as change {told.change.number}"
        stage.say(f"{told.taken:,} entered from {self._bringing.name}{number}; u undoes it", "rise")


def bring(shown: ShownPortfolio) -> None:
    """Ask for a file and show what it would bring."""
    stage = shown.stage
    if shown.portfolio is None:
        stage.say(NONE_YET, "fall")
        return

    def answered(path: str | None) -> None:
        if path and path.strip():
            stage.remember(LAST, path.strip())
            if isinstance(stage.screen, ImportScreen):
                stage.pop_screen()
            stage.push_screen(ImportScreen(shown, whole(path), lambda: bring(shown)))

    words = f"File to bring into {shown.name} (→ completes)"
    stage.push_screen(path_question(words, stage.recall(LAST, "")), answered)
