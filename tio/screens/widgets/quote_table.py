"""A live table of quotes: cached lines, one timer, only rows that changed and are seen."""

from collections.abc import Sequence
from typing import Any

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer

from tio.api.market import Quote, Spark
from tio.draw.table import fit
from tio.screens.themes import Paint
from tio.screens.widgets.framed import FramedLines, spans
from tio.screens.widgets.quote_columns import Column, Row, columns, header

RATE = 10.0
FLASH = 3
ORDERS = ("", "symbol", "change ▼", "change ▲", "volume ▼")


class QuoteTable(FramedLines):
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
        self._fading: set[str] = set()
        self._strips: dict[str, Strip] = {}
        self._beats: list[Timer] = []

    def on_mount(self) -> None:
        # Textual calls the on_mount of every class, and a subclass may call this one again.
        if not self._beats:
            self._beats = [
                self.set_interval(1 / RATE, self._paint_changes),
                self.set_interval(1.0, self._pass_a_second),
            ]

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

    def take_quotes(self, quotes: Sequence[Quote], snapshot: bool = False) -> None:
        """Newer quotes, painted with the next beat; a snapshot is all that is known now."""
        now = self.stage.clock.monotonic()
        board, rows, dirty = self.stage.quotes, self.rows, self._dirty
        fresh = snapshot and self._forget_quotes({quote.symbol for quote in quotes})
        # Only what is seen flashes: nothing else needs to be faded.
        seen = set(self._seen()) if self.stage.flashes else set()
        for quote in quotes:
            symbol = quote.symbol
            board[symbol] = quote
            row = rows.get(symbol)
            if row is not None:
                fresh = fresh or row.quote is None
                row.take(quote, now, FLASH if symbol in seen else 0)
                dirty.add(symbol)
        if fresh:
            self._columns = []
            self.refresh()
            self.told_anew()

    def _forget_quotes(self, told: set[str]) -> bool:
        """Take away the quotes an engine no longer has; whether there were any."""
        gone = [row for row in self.rows.values() if row.quote and row.symbol not in told]
        for row in gone:
            row.quote, row.flash = None, 0
            self.stage.quotes.pop(row.symbol, None)
            self._dirty.add(row.symbol)
        return bool(gone)

    def told_anew(self) -> None:
        """A symbol has its first quote, or has none any more."""

    def take_sparks(self, sparks: Sequence[Spark], snapshot: bool = False) -> None:
        """Newer closes; a snapshot is all that is known now."""
        told = {spark.symbol: list(spark.closes) for spark in sparks}
        if snapshot:
            told = {row.symbol: [] for row in self.rows.values() if row.closes} | told
        for symbol, closes in told.items():
            row = self.rows.get(symbol)
            if row is not None:
                row.closes, row.spark, row.spark_width = closes, "", 0
                self._dirty.add(symbol)

    def _seen(self) -> Sequence[str]:
        """The symbols in sight, from above."""
        top = self.scroll_offset.y
        return self.shown[top : top + max(self.size.height - 1, 0)]

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
        paint = self.looks
        if paint is None:
            return Strip.blank(self.wide)
        if not self._columns:
            rows, now = [self.rows[s] for s in self.shown], self.stage.clock.monotonic()
            self._columns = columns(self.size.width, rows, now)
            self._strips.clear()
        index = y - 1 + self.above
        if not self.shown:
            words = self.empty_words if not self.needle else (f"Nothing contains {self.needle}.",)
            line = self.words(words[y - 1]) if 0 < y <= len(words) else Strip.blank(0)
        elif y == 0:
            line = self._header(paint)
        elif index >= len(self.shown):
            line = Strip.blank(0)
        else:
            symbol = self.shown[index]
            line = self._strips.get(symbol) or self._strips.setdefault(
                symbol, self._row(self.rows[symbol], index == self.cursor, paint)
            )
        return line.adjust_cell_length(self.wide, paint.style())

    def _header(self, paint: Paint) -> Strip:
        style, lit = paint.style("muted"), paint.style("accent")
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

    def _row(self, row: Row, here: bool, paint: Paint) -> Strip:
        now, ground = self.stage.clock.monotonic(), "selected" if here else "ground"
        plain = paint.style("text", ground)
        gap = Segment(" ", plain)
        parts = [Segment("› " if here else "  ", paint.style("accent", ground, bold=True))]
        for column in self._columns:
            if column.name == "spark":
                self._spark(row, column.width)
            text, ink = column.cell(row, now)
            style = cell_style(paint, row, column.name, ink, ground)
            parts += (Segment(fit(text, column.width, right=column.right), style), gap)
        return Strip(parts).adjust_cell_length(self.wide, plain)

    def _spark(self, row: Row, width: int) -> None:
        if row.spark_width != width and len(row.closes):
            import numpy as np

            from tio.draw.sparkline import sparkline

            row.spark, row.spark_width = sparkline(np.asarray(row.closes), width), width

    def _paint_changes(self) -> None:
        """One beat: repaint the seen rows that changed; flashes fade by a step."""
        dirty = self._dirty | self._fading
        if not dirty or not self.is_on_screen:
            return
        if not self._columns:
            self._dirty = set()
            self.refresh()
            return
        for symbol in dirty & self._strips.keys():
            del self._strips[symbol]
        seen, changed, faded = self._seen(), [], self._fading
        self._dirty, self._fading = set(), set()
        for y, symbol in enumerate(seen, 1):
            if symbol in dirty:
                changed.append(y)
                if self._fade(symbol):
                    self._fading.add(symbol)
        for symbol in faded.difference(seen):
            # Scrolled away meanwhile: it must not come back lit.
            while self._fade(symbol):
                pass
        if changed:
            self.refresh(*spans(changed, self.size.width))

    def _fade(self, symbol: str) -> bool:
        """One step less of a row's flash; whether there was one."""
        row = self.rows.get(symbol)
        if row is None or not row.flash:
            return False
        row.flash -= 1
        return True

    def _pass_a_second(self) -> None:
        """Ages grow and live orders change without news."""
        if not self.is_on_screen:
            return
        self._measure()
        for symbol in self._seen():
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
        self.paint_at_once()
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


def cell_style(paint: Paint, row: Row, name: str, ink: str, ground: str) -> Style:
    """How a row's cell of a column looks."""
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
