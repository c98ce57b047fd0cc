"""A pane of lines of words, scrolled; what System, Log and Settings are made of."""

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.geometry import Size
from textual.strip import Strip

from tio.screens.widgets.pane import Pane, strip

Part = tuple[str, str]
Line = Sequence[Part]


class Lines(Pane):
    """Lines of (text, ink); the line under the cursor, when there is one, is lit."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lines: list[Line] = []
        self.cursor: int | None = None

    def show(self, lines: list[Line]) -> None:
        """Show these lines; the scroll stays."""
        if lines != self.lines:
            self.lines = lines
            self._measure()
            self.refresh()

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.lines))

    def on_resize(self, event: events.Resize) -> None:
        self._measure()

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        index, paint = y + self.scroll_offset.y, self.paint
        ground = "selected" if index == self.cursor else "ground"
        line = self.lines[index] if index < len(self.lines) else ()
        parts = [(" ", paint.style("text", ground))]
        parts += [(text, paint.style(ink, ground)) for text, ink in line]
        return strip(parts).adjust_cell_length(self.size.width, paint.style("text", ground))

    def action_up(self) -> None:
        self.scroll_relative(y=-1, animate=False)

    def action_down(self) -> None:
        self.scroll_relative(y=1, animate=False)

    def action_page_up(self) -> None:
        self.scroll_relative(y=-self.size.height, animate=False)

    def action_page_down(self) -> None:
        self.scroll_relative(y=self.size.height, animate=False)
