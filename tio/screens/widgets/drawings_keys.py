"""The keys of drawing: what each does while a drawing is placed, or while one stands on it."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tio.api.charts import DrawingKind, Point
from tio.api.series import instant
from tio.screens.actions import of_scope, pressed

if TYPE_CHECKING:
    from tio.screens.widgets.drawings_part import DrawingsPart

FAR = 10
NEAR = 6.0
"""Cells within which a click means a drawing."""


class DrawingKeys:
    """Does what the actions of the scope `drawing` say, by the keys they have here."""

    def __init__(self, part: "DrawingsPart") -> None:
        self._part = part

    def press(self, key: str, character: str | None) -> bool:
        """Whether the key is one of theirs."""
        if self._typed(key, character):
            return True
        actions = of_scope("drawing")
        method = pressed(key, actions, self._part.chart.stage.key_changes)
        if not method:
            return False
        getattr(self, method)()
        return True

    def _typed(self, key: str, character: str | None) -> bool:
        """A price typed, figure by figure."""
        part = self._part
        takes = part.kind is not None or part.standing is not None
        if takes and character and (character in "0123456789" or (part.typed and character == ".")):
            part.typed = (part.typed + character)[:20]
        elif part.typed and key == "backspace":
            part.typed = part.typed[:-1]
        elif part.typed and key == "enter":
            self._take_price()
        else:
            return False
        part.tell()
        return True

    def _take_price(self) -> None:
        part, typed = self._part, self._part.typed
        part.typed = ""
        try:
            price = float(typed)
        except ValueError:
            part.say(f"{typed} is no price.")
            return
        drawing = part.standing
        if part.kind is not None:
            part.price = price
        elif drawing is not None and not drawing.suspended:
            held = part.held or 0
            points = list(drawing.points)
            points[held] = Point(points[held].time, price)
            part.moving = replace(drawing, points=tuple(points))
            part.settle()

    def trend(self) -> None:
        self._part.begin(DrawingKind.trend)

    def ray(self) -> None:
        self._part.begin(DrawingKind.ray)

    def horizontal(self) -> None:
        self._part.begin(DrawingKind.horizontal)

    def channel(self) -> None:
        self._part.begin(DrawingKind.channel)

    def fibonacci(self) -> None:
        self._part.begin(DrawingKind.fibonacci)

    def text(self) -> None:
        self._part.begin(DrawingKind.text)

    def before(self) -> None:
        self._move(-1, 0)

    def after(self) -> None:
        self._move(1, 0)

    def higher(self) -> None:
        self._move(0, 1)

    def lower(self) -> None:
        self._move(0, -1)

    def far_before(self) -> None:
        self._move(-FAR, 0)

    def far_after(self) -> None:
        self._move(FAR, 0)

    def far_higher(self) -> None:
        self._move(0, FAR)

    def far_lower(self) -> None:
        self._move(0, -FAR)

    def _move(self, bars: int, rows: int) -> None:
        """The crosshair while placing or with nothing selected, else the drawing or its point."""
        from tio.screens.widgets.drawing_places import shifted, stepped

        part = self._part
        chart, drawing, layout = part.chart, part.standing, part.chart.layout_drawn
        if layout is None or (drawing is not None and drawing.suspended):
            return
        if part.kind is None and drawing is not None:
            times, step = chart.columns.time, chart.held[1].step
            part.moving = shifted(
                drawing, part.held, times, step, bars, layout, rows, part.decimals
            )
        else:
            if bars:
                chart.window.move(chart.columns.time, bars, chart.plot_width)
            part.price = stepped(layout, part.price, rows, part.decimals)
        part.tell()

    def snap(self) -> None:
        """The price of the bar nearest to where one stands."""
        from tio.screens.widgets.drawing_places import bar_of, snapped

        part, drawing = self._part, self._part.standing
        columns = part.chart.columns
        if part.kind is not None:
            part.price = snapped(columns, part.bar, part.price)
        elif drawing is not None and not drawing.suspended:
            held = part.held or 0
            point = drawing.points[held]
            step = part.chart.held[1].step
            bar = round(bar_of(columns.time, step, instant(point.time)))
            bar = min(max(bar, 0), len(columns) - 1)
            points = list(drawing.points)
            points[held] = Point(point.time, snapped(columns, bar, point.price))
            part.moving = replace(drawing, points=tuple(points))
        part.tell()

    def set(self) -> None:
        """Set a point; keep what was moved."""
        part = self._part
        if part.kind is not None:
            part.set_point()
            return
        part.settle()
        part.tell()

    def next(self) -> None:
        self._walk(1)

    def previous(self) -> None:
        self._walk(-1)

    def _walk(self, by: int) -> None:
        part = self._part
        shown = part.kept_ones.shown
        if not shown:
            part.tell()
            return
        ids = [each.id for each in shown]
        now = part.kept_ones.named(part.selected)
        place = (ids.index(now) + by) % len(ids) if now in ids else (0 if by > 0 else -1)
        part.select(shown[place])

    def part(self) -> None:
        """Hold the next point, after the last one the whole."""
        part, drawing = self._part, self._part.standing
        if drawing is not None and part.kind is None:
            nxt = 0 if part.held is None else part.held + 1
            part.held = nxt if nxt < len(drawing.points) and len(drawing.points) > 1 else None
        part.tell()

    def rename(self) -> None:
        part = self._part
        part.settle()
        drawing = part.standing
        if drawing is not None and part.kind is None:
            part.ask_text("Text of the drawing; empty takes it away", drawing.text)

    def pen(self) -> None:
        """The next colour."""
        from tio.screens.widgets.drawings_part import PENS

        part = self._part
        part.settle()
        drawing = part.standing
        if drawing is not None and part.kind is None and not drawing.suspended:
            place = PENS.index(drawing.pen) if drawing.pen in PENS else -1
            part.kept_ones.put(drawing, replace(drawing, pen=PENS[(place + 1) % len(PENS)]))
        part.tell()

    def delete(self) -> None:
        """Take back the point set last, or take the drawing away."""
        part = self._part
        if part.kind is not None:
            part.points = part.points[:-1]
        else:
            part.settle()
            drawing = part.standing
            if drawing is not None:
                part.kept_ones.delete(drawing)
                part.selected, part.held = "", None
        part.tell()

    def undo(self) -> None:
        part = self._part
        part.settle()
        if part.kept_ones.undo():
            part.held = None
            part.tell()
        else:
            part.chart.stage.say("There is nothing to undo.")

    def accept(self) -> None:
        """Take the prices proposed after a split."""
        part, drawing = self._part, self._part.standing
        if drawing is not None and drawing.suspended:
            part.kept_ones.rescale(drawing)
        part.tell()

    def select_near(self, bar: int, price: float) -> None:
        """Select the drawing a click is near to, or none."""
        import numpy as np

        from tio.draw.view import Shape

        part, layout = self._part, self._part.chart.layout_drawn
        best, near = None, NEAR
        for drawing in part.kept_ones.shown if layout is not None else ():
            figure = part.figure_of(drawing)
            if figure is None or layout is None:
                continue
            flat = figure.shape is Shape.horizontal
            for there, at in figure.points:
                across = 0.0 if flat else layout.x_of(there) - layout.x_of(bar)
                rows = layout.scale.place(np.array([at, price]))
                distance = float(np.hypot(across, 2 * (rows[0] - rows[1])))
                if distance < near:
                    best, near = drawing, distance
        if best is not None:
            part.select(best)
        else:
            part.settle()
            part.selected, part.held = "", None
            part.tell()
