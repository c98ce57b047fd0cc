"""A pane of a page: its rows drawn, a cursor that goes by line, by block and across columns."""

from collections.abc import Callable
from textwrap import wrap
from typing import Any

from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.strip import Strip

from tio.screens.widgets.pane import Pane, strip
from tio.screens.widgets.report_blocks import Stand
from tio.screens.widgets.report_page import Page, Place


class PagePane(Pane):
    """A page with a cursor; `instead` is said where there is no page."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.page = Page()
        self.at = 0

    def show_page(self, page: Page) -> None:
        """Show this one, the cursor where it was or the nearest there is."""
        self.page = page
        self.at = min(self.at, max(len(page.places) - 1, 0))
        self.virtual_size = Size(self.size.width, len(page.rows))
        self.refresh()

    def instead(self) -> tuple[str, str]:
        """What is said where there is no page, and its ink."""
        return "", "muted"

    @property
    def stand(self) -> Stand | None:
        """The line the cursor stands on."""
        return None if self.place is None else self.place.stand

    @property
    def place(self) -> Place | None:
        places = self.page.places
        return places[self.at] if self.at < len(places) else None

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        width, at = self.size.width, y + self.scroll_offset.y
        ground = self.paint.style()
        if not self.page.rows:
            return self._instead(y).crop(0, width).adjust_cell_length(width, ground)
        parts, used = list[tuple[str, Style]](), 0
        for cell in self.page.rows[at] if at < len(self.page.rows) else ():
            here = cell.place == self.at and cell.place is not None and self.has_focus
            parts.append((" " * (cell.left - used), ground))
            parts.append(("▌" if here else " ", self.paint.style("accent")))
            shown = strip([(run.text, self._style(run.ink, lit=here)) for run in cell.row])
            shown = shown.crop(0, cell.width).adjust_cell_length(cell.width, ground)
            parts += [(each.text, each.style or ground) for each in shown]
            used = cell.left + 1 + cell.width
        return strip(parts).adjust_cell_length(width, ground)

    def _instead(self, y: int) -> Strip:
        """A row of what is said instead, broken between words."""
        words, ink = self.instead()
        rows = wrap(words, max(self.size.width - 2, 20))
        return self.words(rows[y], ink, 1) if y < len(rows) else Strip([])

    def _style(self, ink: str, *, lit: bool) -> Style:
        ground = "selected" if lit else "ground"
        if ink in ("bold", "italic"):
            return self.paint.style("text", ground, bold=True)
        return self.paint.style(ink, ground)

    def stand_on(self, at: int) -> None:
        """The cursor to a place, which is scrolled into sight."""
        if not self.page.places:
            return
        self.at = min(max(at, 0), len(self.page.places) - 1)
        place, height = self.page.places[self.at], self.size.height
        top = self.scroll_offset.y
        # A block's first line brings its title along; the first of all what stands above it.
        first = 0 if self.at == 0 else place.top - (self.at in self.page.starts)
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif place.top + place.height > top + height:
            self.scroll_to(y=place.top + place.height - height, animate=False)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        row = event.y - 1 + self.scroll_offset.y
        cells = self.page.rows[row] if 0 <= row < len(self.page.rows) else []
        for cell in cells:
            if cell.place is not None and cell.left < event.x <= cell.left + 1 + cell.width:
                self.stand_on(cell.place)

    def action_up(self) -> None:
        self.stand_on(self.at - 1)

    def action_down(self) -> None:
        if self.at == len(self.page.places) - 1:
            self.scroll_end(animate=False)
        self.stand_on(self.at + 1)

    def action_left(self) -> None:
        self._across(lambda place, here: place.left < here.left)

    def action_right(self) -> None:
        self._across(lambda place, here: place.left > here.left)

    def _across(self, beside: Callable[[Place, Place], bool]) -> None:
        """To the nearest line of a column beside."""
        here = self.place
        if here is None:
            return
        there = [at for at, place in enumerate(self.page.places) if beside(place, here)]
        if there:
            self.stand_on(min(there, key=lambda at: abs(self.page.places[at].top - here.top)))

    def action_page_up(self) -> None:
        self._turn(-1)

    def action_page_down(self) -> None:
        self._turn(1)

    def _turn(self, by: int) -> None:
        """A page on: to the line of the same column that stands there."""
        here = self.place
        if here is None:
            return
        to = here.top + by * max(self.size.height - 2, 1)
        same = [at for at, each in enumerate(self.page.places) if each.left == here.left]
        self.stand_on(min(same, key=lambda at: abs(self.page.places[at].top - to)))

    def action_first(self) -> None:
        self.stand_on(0)

    def action_last(self) -> None:
        self.stand_on(len(self.page.places) - 1)
        self.scroll_end(animate=False)

    def action_previous(self) -> None:
        before = [start for start in self.page.starts if start < self.at]
        self.stand_on(before[-1] if before else 0)

    def action_next(self) -> None:
        after = [start for start in self.page.starts if start > self.at]
        self.stand_on(after[0] if after else self.at)
