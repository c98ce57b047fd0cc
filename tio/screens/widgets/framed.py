"""Panes painted quickly: lines kept with their borders on, a key painted when it is pressed."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, Self

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Spacing
from textual.strip import Strip

from tio.screens.themes import Paint
from tio.screens.widgets.pane import Pane

KEPT = 4
"""Lines kept for each one in sight."""
FRAME = 1 / 60


class FramedLines(Pane):
    """A pane whose `render_line` gives the same object again for a line that has not changed.

    Textual frames, filters and cuts each line of a widget anew wherever it is told that something
    changed; here that is done once for each line there is. While lines are made `wide` is the room
    in them, `above` what is scrolled out, `looks` the paint: a property of Textual's is slow.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.wide = self.above = 0
        self._painted = 0.0
        self.looks: Paint | None = None
        self._kept: dict[int, Strip] = {}
        self._framed: dict[int, tuple[Strip, Strip]] = {}
        self._edges: tuple[list[Segment], list[Segment]] = ([], [])
        self._ground = Color(0, 0, 0)
        self._filters: Sequence[LineFilter] = ()

    def refresh(self, *regions: Region, repaint: bool = True, **options: bool) -> Self:
        if not regions:
            self._kept.clear()
        for region in regions:
            for y in region.line_range:
                self._kept.pop(y, None)
        return super().refresh(*regions, repaint=repaint, **options)

    def render_lines(self, crop: Region) -> list[Strip]:
        gutter, (width, height) = self.styles.gutter, self.region.size
        top, below = gutter.top, height - gutter.bottom
        if below <= top:
            return super().render_lines(crop)
        self._look(width, top, gutter)
        if len(self._framed) > KEPT * height:
            self._framed.clear()
        lines, kept = [], self._kept
        for y in crop.line_range:
            line = kept.get(y - top)
            if line is None and top <= y < below:
                line = kept[y - top] = self._line_in_frame(y - top)
            lines.append(self._by_textual(y) if line is None else line)
        if crop.column_span != (0, width):
            lines = [line.crop(*crop.column_span) for line in lines]
        return lines

    def paint_at_once(self) -> None:
        """Paint what a key changed once its handler has ended.

        Textual would do it with its next frame, up to 33 ms away; keys that come faster than
        frames, held down or pasted, wait for that.
        """
        now = monotonic()
        if now - self._painted >= FRAME:
            self._painted = now
            # A widget tells its screen that it changed when it is idle, which is just before this.
            self.call_next(self.screen.call_next, self.screen._on_timer_update)

    def _look(self, width: int, top: int, gutter: Spacing) -> None:
        """See how everything is now; another frame or ground makes all lines anew."""
        self.wide, self.above = width - gutter.width, self.scroll_offset.y
        self.looks, self._filters = self.stage.paint, self.get_line_filters()
        # One line framed by Textual shows how the edges look: in focus, of another theme.
        sample = self._by_textual(top)
        left, right = sample.crop(0, gutter.left), sample.crop(width - gutter.right, width)
        edges, ground = (list(left), list(right)), self.background_colors[1]
        if edges != self._edges or ground != self._ground:
            self._edges, self._ground = edges, ground
            self._framed.clear()
            self._kept.clear()

    def _by_textual(self, y: int) -> Strip:
        return super().render_lines(Region(0, y, self.region.width, 1))[0]

    def _line_in_frame(self, y: int) -> Strip:
        content = self.render_line(y)
        held = self._framed.get(id(content))
        # The content is held too, or its number could be another's by now.
        if held is not None and held[0] is content:
            return held[1]
        inside = list(content.adjust_cell_length(self.wide))
        for each in self._filters:
            inside = each.apply(inside, self._ground)
        left, right = self._edges
        framed = Strip([*left, *inside, *right], self.region.width)
        self._framed[id(content)] = content, framed
        return framed


def spans(rows: Sequence[int], width: int) -> list[Region]:
    """Rising row numbers as regions, neighbours in one."""
    regions: list[Region] = []
    for y in rows:
        if regions and regions[-1].bottom == y:
            regions[-1] = regions[-1].grow((0, 0, 1, 0))
        else:
            regions.append(Region(0, y, width, 1))
    return regions
