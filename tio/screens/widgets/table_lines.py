"""A pane of a table: titles that stay, rows that scroll under a cursor."""

from collections.abc import Sequence
from typing import Any

from textual import events
from textual.strip import Strip

from tio.screens.widgets.lines import Line, Lines

Row = tuple[Line, object | None]
"""A line, and what one stands on there; None where one cannot stand."""


class TableLines(Lines):
    """Lines of which the first stay on top; `chosen` is what the cursor stands on."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._head = 0
        self._things: list[object | None] = []

    def show_table(self, head: Sequence[Line], rows: Sequence[Row], at: int | None = None) -> None:
        """Show these, the cursor on the row `at`, else where it was or the nearest there is."""
        at = self.at if at is None else at
        self._head, self._things = len(head), [thing for _, thing in rows]
        self._stand(at)
        self.show([*head, *(line for line, _ in rows)])

    @property
    def at(self) -> int:
        """The row the cursor stands on, from 0."""
        return max((self.cursor or 0) - self._head, 0)

    @property
    def chosen(self) -> object | None:
        """What the cursor stands on, None where it stands on nothing."""
        return self._things[self.at] if self.at < len(self._things) else None

    def stand_on(self, at: int) -> None:
        """The cursor to a row, or the nearest one can stand on; scrolled into sight."""
        before = self.cursor
        self._stand(at)
        if self.cursor is None or self.cursor == before:
            return
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top + self._head:
            self.scroll_to(y=self.cursor - self._head, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)
        self.refresh()
        self.stood()

    def stood(self) -> None:
        """The cursor stands on another row."""

    def _stand(self, at: int) -> None:
        places = [place for place, thing in enumerate(self._things) if thing is not None]
        nearest = min(places, key=lambda place: abs(place - at), default=None)
        self.cursor = None if nearest is None else nearest + self._head

    def _step(self, by: int) -> None:
        """So many rows on, over those one cannot stand on."""
        to = self.at + by
        while 0 <= to < len(self._things) and self._things[to] is None:
            to += 1 if by > 0 else -1
        self.stand_on(to if 0 <= to < len(self._things) else to - by if abs(by) == 1 else to)

    def render_line(self, y: int) -> Strip:
        return super().render_line(y if y >= self._head else y - self.scroll_offset.y)

    def on_click(self, event: events.Click) -> None:
        # The border is the first line of what is clicked.
        at = event.y - 1 - self._head + self.scroll_offset.y
        if event.y > self._head and at < len(self._things):
            self.stand_on(at)

    def action_up(self) -> None:
        self._step(-1)

    def action_down(self) -> None:
        self._step(1)

    def action_page_up(self) -> None:
        self.stand_on(self.at - self._page)

    def action_page_down(self) -> None:
        self.stand_on(self.at + self._page)

    def action_first(self) -> None:
        self.stand_on(0)

    def action_last(self) -> None:
        self.stand_on(len(self._things) - 1)

    @property
    def _page(self) -> int:
        return max(self.size.height - self._head - 1, 1)
