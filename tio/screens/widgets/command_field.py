"""The command line's text; apart from its line, so that no frame waits for an input widget."""

from collections.abc import Callable

from textual import events, on
from textual.widgets import Input

from tio.screens.widgets.bottom_line import BottomLine
from tio.screens.widgets.clean_input import CleanInput


class CommandField(CleanInput):
    """The command line's text; arrows go through history or the found symbols."""

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if isinstance(self.parent, BottomLine):
            self.parent.typed(event.value)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if isinstance(self.parent, BottomLine):
            self.parent.entered(event.value)

    async def on_key(self, event: events.Key) -> None:
        line = self.parent
        assert isinstance(line, BottomLine)
        moves: dict[str, Callable[[], None]] = {
            "up": lambda: line.turn(-1),
            "down": lambda: line.turn(1),
            "tab": line.accept,
            "escape": lambda: line.close(),
        }
        if event.key in moves:
            event.stop()
            event.prevent_default()
            moves[event.key]()

    def on_blur(self) -> None:
        line = self.parent
        if isinstance(line, BottomLine):
            line.close(refocus=False)
