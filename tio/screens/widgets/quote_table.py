"""A live table of quotes: cached lines, one timer, only rows that changed and are seen."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from tio.api.market import Quote, Spark
from tio.draw.table import fit
from tio.screens.widgets.pane import Pane
from tio.screens.widgets.quote_columns import Column, Row, columns, header

RATE = 10.0
FLASH = 3
ORDERS = ("", "symbol", "change ▼", "change ▲", "volume ▼")


class QuoteTable(Pane):
    """Rows of symbols under one header line; knows no engine."""

    class Chosen(Message):
        """The cursor stands on another symbol."""

        def __init__(self, symbol: str) -> None:
            super().__init__()
            self.symbol = symbol

    class Opened(Message):
        """A symbol was opened with enter or a second click."""

        def __init__(self, symbol: str) -> None:
            super().__init__()
            self.symbol = symbol

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.rows: dict[str, Row] = {}
        self.shown: list[str] = []
        self.place: dict[str, int] = {}
        self.cursor = 0
        self.order = ""
        self.needle = ""
        self.empty_words: tuple[str, ...] = ()
        self._columns: list[Column] = []
        self._dirty: set[str] = set()
        self._strips: dict[str, Strip] = {}

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(1 / RATE, self._paint_changes)
        self.set_interval(1.0, self._pass_a_second)

    def show_symbols(self, symbols: Sequence[str]) -> None:
        """Show these symbols; rows already known keep what they know."""
        here = self.symbol
        self.rows = {symbol: self.rows.get(symbol) or Row(symbol) for symbol in symbols}
        for symbol, row in self.rows.items():
            if row.quote is None and symbol in self.stage.quotes:
                row.take(self.stage.quotes[symbol], self.stage.clock.monotonic(), 0)
        self.order_rows(here)

    @property
    def symbol(self) -> str:
        """Where the cursor stands, or empty."""
        return self.shown[self.cursor] if self.cursor < len(self.shown) else ""

    def take_quotes(self, quotes: Iterable[Quote], snapshot: bool = False) -> None:
        """Newer quotes; painted with the next beat."""
        now = self.stage.clock.monotonic()
        board, rows, dirty = self.stage.quotes, self.rows, self._dirty
        steps = FLASH if self.stage.flashes else 0
        fresh = False
        for quote in quotes:
            symbol = quote.symbol
            board[symbol] = quote
            row = rows.get(symbol)
            if row is not None:
                first = row.quote is None
                row.take(quote, now, steps)
                dirty.add(symbol)
                fresh = fresh or first
        if fresh:
            self._columns = []
            self.told_anew()

    def told_anew(self) -> None:
        """A symbol has its first quote."""

    def take_sparks(self, sparks: Iterable[Spark], snapshot: bool = False) -> None:
        for spark in sparks:
            row = self.rows.get(spark.symbol)
            if row is not None:
                row.closes, row.spark_width = list(spark.closes), 0
                self._dirty.add(spark.symbol)

    def order_rows(self, here: str = "") -> None:
        """Filter and sort anew, the cursor staying on `here` if it can."""
        needle = self.needle.upper()
        found = [
            row
            for row in self.rows.values()
            if needle in row.symbol.upper() or (row.quote and needle in row.quote.name.upper())
        ]
        self.shown = [row.symbol for row in sorted(found, key=self._rank)]
        self.place = {symbol: index for index, symbol in enumerate(self.shown)}
        self.cursor = self.place.get(here, min(self.cursor, max(len(self.shown) - 1, 0)))
        self.virtual_size = Size(self.size.width, len(self.shown) + 1)
        self.repaint()

    def _rank(self, row: Row) -> tuple[bool, float | str]:
        quote = row.quote
        match self.order:
            case "symbol":
                return False, row.symbol
            case "change ▼" | "change ▲":
                change = quote.change_percent if quote else None
                sign = -1 if self.order == "change ▼" else 1
                return change is None, sign * (change or 0.0)
            case "volume ▼":
                volume = quote.volume if quote else None
                return volume is None, -(volume or 0.0)
        return False, 0.0

    def repaint(self) -> None:
        self._strips.clear()
        self._columns = []
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        self.virtual_size = Size(self.size.width, len(self.shown) + 1)
        self.repaint()

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if self.stage.paint is None:
            return Strip.blank(width)
        if not self._columns:
            now = self.stage.clock.monotonic()
            self._columns = columns(width, [self.rows[s] for s in self.shown], now)
            self._strips.clear()
        if not self.shown:
            words = self.empty_words if not self.needle else (f"Nothing contains {self.needle}.",)
            line = self.words(words[y - 1]) if 0 < y <= len(words) else Strip.blank(0)
        elif y == 0:
            line = self._header()
        else:
            index = y - 1 + self.scroll_offset.y
            if index >= len(self.shown):
                line = Strip.blank(0)
            else:
                symbol = self.shown[index]
                line = self._strips.get(symbol) or self._strips.setdefault(
                    symbol, self._row(self.rows[symbol], index == self.cursor)
                )
        return line.adjust_cell_length(width, self.paint.style())

    def _header(self) -> Strip:
        style, lit = self.paint.style("muted"), self.paint.style("accent")
        parts = [Segment("  ", style)]
        for column in self._columns:
            sorted_by = bool(self.order) and self.order.startswith(column.name)
            title = column.title + (self.order[-1:] if sorted_by and " " in self.order else "")
            parts.append(
                Segment(
                    fit(title, column.width, right=column.right) + " ", lit if sorted_by else style
                )
            )
        return Strip(parts)

    def _row(self, row: Row, here: bool) -> Strip:
        paint, now = self.paint, self.stage.clock.monotonic()
        ground = "selected" if here else "ground"
        plain = paint.style("text", ground)
        parts = [Segment("› " if here else "  ", paint.style("accent", ground, bold=True))]
        for column in self._columns:
            if column.name == "spark":
                self._spark(row, column.width)
            text, ink = column.cell(row, now)
            style = self._cell_style(row, column.name, ink, ground)
            parts.append(Segment(fit(text, column.width, right=column.right), style))
            parts.append(Segment(" ", plain))
        room = self.size.width - sum(len(part.text) for part in parts)
        parts.append(Segment(" " * max(room, 0), plain))
        return Strip(parts)

    def _cell_style(self, row: Row, name: str, ink: str, ground: str) -> Style:
        paint = self.paint
        if ink == "quiet-text":
            return paint.style("muted", ground)
        if name == "last" and row.flash:
            stage = "flash" if row.flash > 1 else "fade"
            under = f"{stage}-{'rise' if row.rising else 'fall'}"
            return paint.style(ink, under, bold=True, reverse=paint.plain and row.flash > 1)
        if name == "symbol":
            unknown = row.quote is None
            return paint.style("muted" if unknown else "text", ground, bold=not unknown)
        return paint.style(ink, ground)

    def _spark(self, row: Row, width: int) -> None:
        if row.spark_width != width and len(row.closes):
            import numpy as np

            from tio.draw.sparkline import sparkline

            row.spark, row.spark_width = sparkline(np.asarray(row.closes), width), width

    def _paint_changes(self) -> None:
        """One beat: repaint the seen rows that changed; flashes fade by a step."""
        if not self._dirty or not self.is_on_screen:
            return
        if not self._columns:
            self._dirty.clear()
            self.refresh()
            return
        top, width = self.scroll_offset.y, self.size.width
        height, fading = self.size.height - 1, set()
        for symbol in self._dirty:
            self._strips.pop(symbol, None)
            row = self.rows.get(symbol)
            if row is None:
                continue
            if row.flash:
                row.flash -= 1
                fading.add(symbol)
            index = self.place.get(symbol, -1) - top
            if 0 <= index < height:
                self.refresh(Region(0, index + 1, width, 1))
        self._dirty = fading

    def _pass_a_second(self) -> None:
        """Ages grow and live orders change without news."""
        if not self.is_on_screen:
            return
        self._measure()
        top = self.scroll_offset.y
        for symbol in self.shown[top : top + self.size.height]:
            age = self.rows[symbol].age(self.stage.clock.monotonic())
            if age is not None and age >= 1:
                self._dirty.add(symbol)
        if self.order.startswith(("change", "volume")):
            before = list(self.shown)
            rows = sorted((self.rows[s] for s in before), key=self._rank)
            if [row.symbol for row in rows] != before:
                self.order_rows(self.symbol)

    def _measure(self) -> None:
        """A longer price or a new mark wants other columns."""
        rows = [self.rows[symbol] for symbol in self.shown]
        wanted = columns(self.size.width, rows, self.stage.clock.monotonic())
        if header(wanted) != header(self._columns) or len(wanted) != len(self._columns):
            self.repaint()

    def move(self, to: int) -> None:
        """The cursor to a row, scrolled into sight and told."""
        to = min(max(to, 0), len(self.shown) - 1)
        if to < 0 or to == self.cursor:
            return
        for index in (self.cursor, to):
            self._strips.pop(self.shown[index], None)
            y = index - self.scroll_offset.y
            if 0 <= y < self.size.height - 1:
                self.refresh(Region(0, y + 1, self.size.width, 1))
        self.cursor = to
        self._scroll_into_sight()
        self.post_message(self.Chosen(self.symbol))

    def _scroll_into_sight(self) -> None:
        height = max(self.size.height - 1, 1)
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False)

    def sort_by(self, order: str) -> None:
        self.order = order
        self.order_rows(self.symbol)

    def on_click(self, event: events.Click) -> None:
        if event.y == 0:
            self._sort_at(event.x)
            return
        index = event.y - 1 + self.scroll_offset.y
        if index < len(self.shown):
            if event.chain > 1:
                self.post_message(self.Opened(self.shown[index]))
            self.move(index)

    def _sort_at(self, x: int) -> None:
        at = 2
        for column in self._columns:
            at += column.width + 1
            if x < at:
                orders = [o for o in ORDERS if o and o.startswith(column.name)]
                if orders:
                    turn = orders.index(self.order) + 1 if self.order in orders else 0
                    self.sort_by([*orders, ""][turn])
                return
