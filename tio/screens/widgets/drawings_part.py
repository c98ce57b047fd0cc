"""Drawings on a chart: placed with the crosshair, selected, moved, deleted; live and undoable."""

from typing import TYPE_CHECKING

from msgspec.structs import replace

from tio.api.charts import Drawing, DrawingKind, Drawings, Point
from tio.api.contract import Engine
from tio.api.market import Adjustment, Timeframe
from tio.api.series import moment
from tio.screens.following import follow
from tio.screens.questions import Question
from tio.screens.widgets.chart_part import ChartPart
from tio.screens.widgets.drawings_kept import KeptDrawings
from tio.screens.widgets.drawings_keys import DrawingKeys
from tio.screens.widgets.drawings_told import told

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.view import ChartView, Figure

PENS = ("violet", "accent", "blue", "rise", "fall", "text")
Draft = tuple[DrawingKind, tuple[Point, ...]]


class DrawingsPart(ChartPart):
    """Shows a person's drawings; after `d` keys and clicks place, select and move them.

    Placing has a `kind` and the points set so far; `price` is where the crosshair stands in it.
    `selected` is a drawing's id, `held` one of its points, None: the whole. `moving` is it as moved
    but not yet kept. `typed` is a price being typed.
    """

    name = "drawings"
    scope = "drawing"

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.kept_ones = KeptDrawings(lambda: self.chart.stage, self.chart.told_anew)
        self.is_open = False
        self.kind: DrawingKind | None = None
        self.points: tuple[Point, ...] = ()
        self.price = 0.0
        self.selected = ""
        self.held: int | None = None
        self.moving: Drawing | None = None
        self.typed = ""
        self._drafts: dict[str, Draft] = {}
        self._keys = DrawingKeys(self)

    def follow(self, engine: Engine, symbol: str, timeframe: Timeframe) -> None:
        if symbol != self.kept_ones.symbol:
            self.close()
            self.selected, self.held, self.moving = "", None, None
            self.kept_ones.of(symbol)
        self.chart.run("drawings", follow, engine, Drawings(symbol), self._take, self.say)

    def _take(self, drawings: tuple[Drawing, ...], snapshot: bool) -> None:
        self.kept_ones.take(drawings)
        self.chart.told_anew()

    def say(self, words: str) -> None:
        self.chart.stage.say(words, "fall")

    def act_draw(self) -> None:
        """Begin, or go on with what was being placed."""
        history = self.chart.history
        if history is None or not len(self.chart.columns):
            self.say("There are no bars to draw on.")
            return
        compare = self.chart.parts.get("compare")
        if getattr(compare, "is_shown_as_ratio", False):
            self.say("Drawings are on a symbol's own prices: c and an empty answer end the ratio.")
            return
        self.is_open = True
        draft = self._drafts.pop(self.chart.held[0], None)
        if draft is not None:
            self.begin(*draft)
        self.tell()

    @property
    def grabs(self) -> bool:
        return self.is_open

    def key(self, key: str, character: str | None) -> bool:
        return self._keys.press(key, character)

    def leave(self) -> bool:
        """A step back: a price typed, a point held, a kind being placed, a selection, drawing."""
        if not self.is_open:
            return False
        if self.typed:
            self.typed = ""
        elif self.kind is not None:
            self.put_aside()
        elif self.selected:
            self.settle()
            self.selected, self.held = "", None
        else:
            self.close()
            self.chart.stage.say("")
            return True
        self.tell()
        return True

    def put_aside(self) -> None:
        """Stop placing; points that were set wait for the next `d`."""
        if self.kind is not None and self.points:
            self._drafts[self.kept_ones.symbol] = (self.kind, self.points)
        self.kind, self.points, self.typed = None, (), ""

    def close(self) -> None:
        self.settle()
        self.put_aside()
        self.is_open, self.selected, self.held = False, "", None
        self.chart.told_anew()

    def begin(self, kind: DrawingKind, points: tuple[Point, ...] = ()) -> None:
        """Place a kind, from where the crosshair stands."""
        self.settle()
        self.selected, self.held, self.typed = "", None, ""
        self.kind, self.points = kind, points
        chart = self.chart
        columns = chart.columns
        if chart.window.bar(columns.time) is None:
            chart.window.move(columns.time, 0, chart.plot_width)
        self.price = float(columns.close[self.bar])
        self.tell()

    @property
    def bar(self) -> int:
        """The bar under the crosshair, else the newest."""
        columns = self.chart.columns
        bar = self.chart.window.bar(columns.time)
        return len(columns) - 1 if bar is None else min(bar, len(columns) - 1)

    def set_point(self) -> None:
        """The next point is here; with the last one the drawing is made."""
        if self.kind is None:
            return
        point = Point(moment(int(self.chart.columns.time[self.bar])), self.price)
        self.points = (*self.points, point)
        if len(self.points) < self.kind.points:
            self.tell()
        elif self.kind is DrawingKind.text:
            self.ask_text("What shall stand there?", "")
        else:
            self._make("")

    def ask_text(self, words: str, now: str) -> None:
        self.chart.app.push_screen(Question(words, now), self._answered)

    def _answered(self, text: str | None) -> None:
        drawing, words = self.standing, (text or "").strip()[:200]
        if self.kind is DrawingKind.text:
            if words:
                self._make(words)
                return
            self.points = self.points[:-1]
        elif text is not None and drawing is not None:
            if not words and drawing.kind is DrawingKind.text:
                self.say("A text needs words; delete takes it away.")
                return
            self.kept_ones.put(drawing, replace(drawing, text=words))
        self.tell()

    def _make(self, text: str) -> None:
        assert self.kind is not None
        history = self.chart.history
        drawing = Drawing(
            symbol=self.kept_ones.symbol,
            kind=self.kind,
            points=self.points,
            text=text,
            pen=PENS[0],
            adjusted=history.adjusted if history is not None else Adjustment.splits,
        )
        self.kind, self.points, self.typed = None, (), ""
        self.selected, self.held = self.kept_ones.add(drawing), None
        self.tell()

    @property
    def standing(self) -> Drawing | None:
        """The drawing selected, as it is shown."""
        return self.moving or (self.kept_ones.get(self.selected) if self.selected else None)

    def select(self, drawing: Drawing) -> None:
        self.settle()
        self.put_aside()
        self.selected, self.held, self.typed = drawing.id, None, ""
        self._show(drawing)
        self.tell()

    def _show(self, drawing: Drawing) -> None:
        """Pan to a drawing of which no point is in sight."""
        figure, chart = self.figure_of(drawing), self.chart
        if figure is None or drawing.kind is DrawingKind.horizontal:
            return
        times = chart.columns.time
        start, end = chart.window.span(chart.plot_width, len(times))
        if not any(start <= bar < end for bar, _ in figure.points):
            chart.window.point(times, round(figure.points[0][0]), chart.plot_width)

    def settle(self) -> None:
        """Keep what was moved."""
        moved, self.moving = self.moving, None
        before = self.kept_ones.get(self.selected) if moved is not None else None
        if moved is not None and before is not None:
            self.kept_ones.put(before, moved)

    def clicked(self, bar: int, price: float) -> bool:
        if not self.is_open:
            return False
        self.chart.window.point(self.chart.columns.time, bar, self.chart.plot_width)
        if self.kind is not None:
            self.price = round(price, self.decimals)
            self.set_point()
        else:
            self._keys.select_near(bar, price)
        return True

    @property
    def decimals(self) -> int:
        return self.chart._decimals(float(self.chart.columns.close[-1]))

    def tell(self) -> None:
        """Say what the keys do now, and draw."""
        if self.is_open:
            self.chart.stage.say(told(self))
        self.chart.told_anew()
        self.chart.at_once()

    def fits(self, drawing: Drawing) -> bool:
        """Whether its prices are of the kind the chart shows: less dividends, or not."""
        history, total = self.chart.history, Adjustment.total
        return history is None or (history.adjusted is total) == (drawing.adjusted is total)

    def draw(self, view: "ChartView", columns: "Columns") -> "ChartView":
        from dataclasses import replace as with_

        times = columns.time
        if not len(times):
            return view
        figures = [self.figure_of(each) for each in self._drawn()]
        cursor = view.cursor
        if self.kind is not None:
            cursor = (self.bar, self.price)
            figures.append(self._draft_figure())
        there = tuple(each for each in figures if each is not None)
        return with_(view, figures=(*view.figures, *there), cursor=cursor)

    def _drawn(self) -> list[Drawing]:
        moved, id = self.moving, self.kept_ones.named(self.selected)
        shown = self.kept_ones.shown
        return [moved if moved is not None and each.id == id else each for each in shown]

    def figure_of(self, drawing: Drawing) -> "Figure | None":
        """A drawing among the bars; one that a split suspends is seen, as proposed, if selected."""
        from tio.draw.canvas import Pen
        from tio.draw.view import Figure, Shape
        from tio.screens.widgets.drawing_places import placed

        is_selected = self.is_open and drawing.id == self.kept_ones.named(self.selected)
        points = drawing.proposed if drawing.suspended else drawing.points
        if (drawing.suspended and not is_selected) or not points or not self.fits(drawing):
            return None
        pen = Pen.__members__.get(drawing.pen, Pen.violet)
        places = placed(points, self.chart.columns.time, self.chart.held[1].step)
        return Figure(Shape(drawing.kind.value), places, drawing.text, pen, is_selected)

    def _draft_figure(self) -> "Figure | None":
        """What is being placed, as if its next point were under the crosshair."""
        from tio.draw.canvas import Pen
        from tio.draw.view import Figure, Shape
        from tio.screens.widgets.drawing_places import placed

        assert self.kind is not None
        set_ones = placed(self.points, self.chart.columns.time, self.chart.held[1].step)
        places = (*set_ones, (float(self.bar), self.price))[: self.kind.points]
        if len(places) == self.kind.points:
            return Figure(Shape(self.kind.value), places, self._words, Pen.accent, True)
        return Figure(Shape.trend, places, "", Pen.accent, True) if len(places) > 1 else None

    @property
    def _words(self) -> str:
        return "text" if self.kind is DrawingKind.text else ""

    def status(self) -> str:
        shown = self.kept_ones.shown
        suspended = sum(bool(each.suspended) for each in shown)
        others = sum(not self.fits(each) for each in shown)
        words = ["drawing"] if self.is_open else []
        words += [f"{suspended} drawn before a split: d, n"] if suspended else []
        words += [f"{others} drawn on other prices"] if others else []
        return ", ".join(words)
