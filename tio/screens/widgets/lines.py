"""A pane of lines of words, scrolled; what System, Log and Settings are made of."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import Any, ClassVar

from textual import events
from textual.geometry import Size
from textual.strip import Strip

from tio.draw.table import cell_width, fit
from tio.screens.widgets.pane import Pane, strip

Part = tuple[str, str]
Line = Sequence[Part]
LEAST = 20
"""Cells below which a line's words go on below rather than in what is left of it."""


class Lines(Pane):
    """Lines of (text, ink); the line under the cursor, when there is one, is lit.

    With `hang` the last part of a line too long goes on below, indented by so many cells; without,
    a line too long ends in `…`.
    """

    hang: ClassVar[int] = 0

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.lines: list[Line] = []
        self.cursor: int | None = None
        self._laid: list[Line] = []

    @property
    def lit(self) -> int | None:
        """The line that is lit."""
        return self.cursor

    def show(self, lines: list[Line]) -> None:
        """Show these lines; the scroll stays."""
        if lines != self.lines:
            self.lines = lines
            self._measure()
            self.refresh()

    def _measure(self) -> None:
        self._laid = self.lines
        if self.hang:
            # The scrollbar comes with the lines that need it.
            width = self.size.width - 1 - (not self.show_vertical_scrollbar)
            self._laid = [part for line in self.lines for part in laid(line, width, self.hang)]
        self.virtual_size = Size(self.size.width, len(self._laid))

    def on_resize(self, event: events.Resize) -> None:
        self._measure()

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        index, paint, width = y + self.scroll_offset.y, self.paint, self.size.width
        ground = "selected" if index == self.lit else "ground"
        line = cut(self._laid[index], width - 1) if index < len(self._laid) else ()
        parts = [(" ", paint.style("text", ground))]
        parts += [(text, paint.style(ink, ground)) for text, ink in line]
        return strip(parts).adjust_cell_length(width, paint.style("text", ground))

    def action_up(self) -> None:
        self.scroll_relative(y=-1, animate=False)

    def action_down(self) -> None:
        self.scroll_relative(y=1, animate=False)

    def action_page_up(self) -> None:
        self.scroll_relative(y=-self.size.height, animate=False)

    def action_page_down(self) -> None:
        self.scroll_relative(y=self.size.height, animate=False)


def laid(line: Line, width: int, hang: int) -> Iterator[Line]:
    """A line in as many as its last part needs, the later ones indented by `hang` cells."""
    used = sum(cell_width(text) for text, _ in line)
    if used <= width or not line[-1][0].strip():
        yield line
        return
    *head, (text, ink) = line
    room = width - (used - cell_width(text))
    hang = min(hang, max(width - LEAST, 0))
    if room < LEAST:
        yield head
        pieces = wrap(text, max(width - hang, 1))
    else:
        first, *_ = wrap(text, room)
        yield [*head, (first, ink)]
        pieces = wrap(text[len(first) :].strip(), max(width - hang, 1))
    for piece in pieces:
        yield [(" " * hang, ink), (piece, ink)]


def cut(line: Line, width: int) -> Line:
    """A line that fits, ended by `…` where it did not."""
    if sum(cell_width(text) for text, _ in line) <= width:
        return line
    left = width
    kept: list[Part] = []
    for text, ink in line:
        if cell_width(text) >= left:
            return [*kept, (fit(text.rstrip() + "……", left).rstrip(), ink)]
        kept.append((text, ink))
        left -= cell_width(text)
    return kept
