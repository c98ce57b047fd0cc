"""A pane: a bordered part of a screen that watches the engine while it is shown."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tio.api.contract import Engine
from tio.screens.stage import Stage, Work, later, stage
from tio.screens.themes import Paint

if TYPE_CHECKING:
    from tio.api.chats import Chip


class Pane(ScrollView, can_focus=True):
    """Draws itself line by line; `scope` names its actions."""

    scope: ClassVar[str] = ""

    @property
    def scopes(self) -> tuple[str, ...]:
        """The scopes of the actions one can do where one stands, the nearest first."""
        return (self.scope,)

    @property
    def stage(self) -> Stage:
        return stage(self)

    @property
    def paint(self) -> Paint:
        paint = self.stage.paint
        assert paint is not None
        return paint

    def on_mount(self) -> None:
        self.watch(self.app, "paint", self.repaint, init=False)

    def start(self, engine: Engine) -> None:
        """Begin watching; called when the screen is shown and the engine is there."""

    def stop(self) -> None:
        """Stop watching; called when the screen is hidden."""
        self.workers.cancel_node(self)

    def repaint(self) -> None:
        """Draw everything anew: another theme, another size."""
        self.refresh()

    def run(self, group: str, work: Work, *args: Any) -> None:
        """A worker of this pane; a new one of the same group ends the old one."""
        self.run_worker(later(work, *args), group=group, exclusive=True, exit_on_error=False)

    def leave(self) -> bool:
        """Give up what is open inside: a crosshair, a filter; whether there was something."""
        return False

    def chip(self) -> "Chip | None":
        """What goes with a question from here: the current symbol, where nothing nearer stands."""
        # The first frame is painted without the words of chats.
        from tio.api.chats import Chip, ChipKind

        about = self.stage.symbol
        return Chip(kind=ChipKind.symbol, about=about) if about else None

    def receipt(self) -> str:
        """The figure where one stands, with source and time; empty when there is none."""
        return ""

    def table(self) -> tuple[str, list[Sequence[object]]]:
        """What is shown, for a file: a name, and rows with a header."""
        return "", []

    def picture(self) -> str:
        """What is shown as the text of an SVG; "" where there is no picture."""
        return ""

    def document(self, ending: str) -> str:
        """What is shown as a text of the kind an ending (`.md`) names; "" where it is none."""
        return ""

    def renew(self) -> None:
        """Ask the engine again."""
        engine = self.stage.engine
        if engine is not None:
            self.stop()
            self.start(engine)

    def words(self, text: str, tone: str = "muted", indent: int = 2) -> Strip:
        """A line of plain words."""
        return strip([(" " * indent, self.paint.style()), (text, self.paint.style(tone))])


def strip(parts: Sequence[tuple[str, Style]]) -> Strip:
    """Texts and their styles as one line."""
    return Strip([Segment(text, style) for text, style in parts if text])
