"""CORR: how the symbols of a list or a portfolio move together, like beside like."""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.strip import Strip

from tio.api.contract import Engine
from tio.api.errors import TioError
from tio.api.risk import CorrelationMatrix
from tio.draw import correlation_words as words
from tio.draw.canvas import Canvas
from tio.draw.matrix_map import matrix_map, planned
from tio.screens.actions import bindings
from tio.screens.compared import MOST, Compared
from tio.screens.following import in_words
from tio.screens.frame import Frame
from tio.screens.stage import stage
from tio.screens.widgets.chart_picture import Segments
from tio.screens.widgets.lines import Line, Lines
from tio.screens.widgets.pane import Pane

EVERY = 300.0
"""Seconds after which it is asked for again."""


class PairPane(Lines, can_focus=False):
    """The pair under the crosshair, what the matrix is made of, what to beware of."""

    hang = 2

    def tell(self, found: CorrelationMatrix, i: int, j: int) -> None:
        told: list[Line] = [
            [(words.pair(found, i, j), "text")],
            [(words.summary(found), "muted")],
        ]
        self.show([*told, *([(note, "accent")] for note in found.notes)])
        self.border_title = Content(f"{found.symbols[i]} · {found.symbols[j]}")


class CorrelationPane(Pane):
    """The matrix as a map with a crosshair; the pair it stands on is told in the pane below."""

    scope = "correlation"
    BINDINGS: ClassVar[list[BindingType]] = bindings("correlation")

    def __init__(self, below: PairPane, choice: Compared, **options: Any) -> None:
        super().__init__(**options)
        self._below = below
        self._choice = choice
        self._found: CorrelationMatrix | None = None
        self._wrong = ""
        self._cross = (0, 1)
        self._top = self._first = 0
        self._canvas: Canvas | None = None
        self._segments: Segments | None = None

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(EVERY, self._beat)
        self._tell()

    def start(self, engine: Engine) -> None:
        self.run("correlation", self._ask, engine)

    def _beat(self) -> None:
        if self.stage.engine is not None and self.screen.is_active:
            self.start(self.stage.engine)

    async def _ask(self, engine: Engine) -> None:
        try:
            found = await engine.ask(await self._choice.asked(engine))
        except TioError as error:
            self._wrong, self._found = in_words(error), None
        else:
            self._take(found)
        self._tell()

    def _take(self, found: CorrelationMatrix) -> None:
        stood = self._pair if self._found is not None else None
        self._found, self._wrong = found, ""
        names = [found.symbols[n] for n in found.order]
        if stood is not None and set(stood) <= set(names):
            self._cross = names.index(stood[0]), names.index(stood[1])
        else:
            self._cross = 0, min(1, len(names) - 1)

    @property
    def _pair(self) -> tuple[str, str]:
        """The symbols the crosshair stands on."""
        assert self._found is not None
        order = self._found.order
        row, column = (self._found.symbols[order[at]] for at in self._cross)
        return row, column

    def _tell(self) -> None:
        found = self._found
        choice = self._choice
        self.border_title = Content(f"correlation · {choice.of}")
        told = f"{choice.method} · {choice.window} × {choice.timeframe}"
        self.border_subtitle = Content(f"{told} · c method · w window · [ ] timeframe · u of what")
        if self.stage.paint is None or not self.is_mounted:
            return
        if found is None:
            self._canvas = None
            self._below.show([[(self._wrong, "fall")]] if self._wrong else [])
            self.refresh()
            return
        names = [found.symbols[n] for n in found.order]
        values = [[found.values[i][j] for j in found.order] for i in found.order]
        width = max(self.size.width - 2, 1)
        self._scroll(names, width)
        self._canvas = matrix_map(names, values, width, self._first, self._cross)
        self._segments = Segments(self.paint)
        row, column = self._cross
        self._below.tell(found, found.order[row], found.order[column])
        self.refresh()

    def _scroll(self, names: Sequence[str], width: int) -> None:
        """Have the crosshair in sight."""
        row, column = self._cross
        rows, columns = max(self.size.height - 1, 1), max(planned(names, width).shown, 1)
        self._top = min(max(self._top, row - rows + 1), row, max(len(names) - rows, 0))
        self._first = min(max(self._first, column - columns + 1), column)

    def render_line(self, y: int) -> Strip:
        if self.stage.paint is None:
            return Strip.blank(self.size.width)
        if self._canvas is None or self._segments is None:
            waiting = self._wrong or "Comparing …"
            return self.words(waiting, "fall" if self._wrong else "muted") if y == 0 else Strip([])
        at = y + self._top if y else 0
        if at >= self._canvas.height:
            return Strip.blank(self.size.width, self.paint.style())
        (row,) = self._canvas.rows([at])
        line = Strip.join([Strip.blank(1, self.paint.style()), self._segments.strip(row)])
        return line.adjust_cell_length(self.size.width, self.paint.style())

    def on_resize(self, event: events.Resize) -> None:
        self._tell()

    def repaint(self) -> None:
        self._tell()

    def on_click(self, event: events.Click) -> None:
        """The crosshair to the cell that is clicked; the border is the first line and column."""
        if self._found is None:
            return
        names = [self._found.symbols[n] for n in self._found.order]
        plan = planned(names, max(self.size.width - 2, 1))
        row = event.y - 2 + self._top
        column = (event.x - 3 - plan.label) // plan.cell + self._first
        if 0 <= row < len(names) and self._first <= column < min(
            len(names), self._first + plan.shown
        ):
            self._cross = row, column
            self._tell()

    def _move(self, down: int, right: int) -> None:
        if self._found is not None:
            last = len(self._found.symbols) - 1
            row, column = self._cross
            self._cross = min(max(row + down, 0), last), min(max(column + right, 0), last)
            self._tell()

    def action_up(self) -> None:
        self._move(-1, 0)

    def action_down(self) -> None:
        self._move(1, 0)

    def action_before(self) -> None:
        self._move(0, -1)

    def action_after(self) -> None:
        self._move(0, 1)

    def action_first(self) -> None:
        self._move(-MOST, -MOST)

    def action_last(self) -> None:
        self._move(MOST, MOST)

    def action_method(self) -> None:
        self._turn("method", 1)

    def action_window(self) -> None:
        self._turn("window", 1)

    def action_shorter(self) -> None:
        self._turn("timeframe", -1)

    def action_longer(self) -> None:
        self._turn("timeframe", 1)

    def action_of(self) -> None:
        self._turn("of", 1)

    def action_open(self) -> None:
        """The chart of the row's symbol."""
        if self._found is not None:
            self.stage.symbol = self._pair[0]
            self.stage.open_mode("chart")

    def _turn(self, name: str, by: int) -> None:
        self._choice.turn(name, by)
        self._tell()
        if self.stage.engine is not None:
            self.start(self.stage.engine)

    def receipt(self) -> str:
        if self._found is None:
            return ""
        row, column = (self._found.order[at] for at in self._cross)
        return f"{words.pair(self._found, row, column)} · {words.summary(self._found)}"

    def table(self) -> tuple[str, list[Sequence[object]]]:
        found = self._found
        if found is None:
            return "", []
        rows: list[Sequence[object]] = [("symbol", *found.symbols)]
        rows += [
            (name, *("" if value is None else value for value in row))
            for name, row in zip(found.symbols, found.values, strict=True)
        ]
        return f"correlation-{self._choice.of}", rows

    def picture(self) -> str:
        from tio.draw.palette import PALETTES
        from tio.draw.svg import svg

        if self._canvas is None or self._found is None:
            return ""
        return svg(self._canvas, PALETTES["dark"], title=words.summary(self._found))


class CorrelationScreen(Frame):
    """What moves together, over the screen one comes from."""

    CSS_PATH = "correlation.tcss"

    def body(self) -> ComposeResult:
        below = PairPane()
        yield CorrelationPane(below, Compared(stage(self)))
        yield below
