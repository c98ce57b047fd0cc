"""A chart drawn into cached lines from the bars it is given; knows no engine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.segment import Segment
from textual.strip import Strip

from tio.api.market import Quote, Timeframe
from tio.api.series import moment
from tio.screens.themes import Paint
from tio.screens.widgets.chart_window import ChartWindow
from tio.screens.widgets.framed import FramedLines, spans
from tio.screens.widgets.quote_columns import decimals_of

if TYPE_CHECKING:
    from tio.api.chats import Chip
    from tio.draw.canvas import Canvas, Run
    from tio.draw.chart import Layout
    from tio.draw.columns import Columns
    from tio.draw.scale import Kind
    from tio.draw.view import ChartView
    from tio.screens.widgets.bar_history import BarHistory

RATE = 10.0
# How bars come into a workspace that has none.
HOW = (
    "In a shell, tio import bars FILE stores history and tio replay FILE plays a recording;",
    "tio demo shows a simulated market.",
)
SCALES: "dict[str, Kind]" = {"linear": "linear", "log": "log", "percent": "percent"}


class ChartPicture(FramedLines):
    """Bars of `held` symbol and timeframe; numpy is imported with the first of them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.window = ChartWindow()
        self.history: BarHistory | None = None
        self.held: tuple[str, Timeframe] = ("", Timeframe.m1)
        self.wrong = ""
        self.fetching = False
        """Whether bars are being asked for where there are none."""
        self.offered: tuple[Timeframe, ...] = ()
        """The timeframes of which bars are stored, where there are none of the one held."""
        self.layout_drawn: Layout | None = None
        self._lines: list[Strip] = []
        self._drawn: Canvas | None = None
        self._segments: Segments | None = None
        self._stale = True

    def on_mount(self) -> None:
        self.set_interval(1 / RATE, self._beat)

    @property
    def plot_width(self) -> int:
        """The cells bars stand in, as last drawn."""
        return self.layout_drawn.plot_width if self.layout_drawn else max(self.size.width - 10, 8)

    @property
    def columns(self) -> "Columns":
        """The bars shown; numpy is there when the first are."""
        assert self.history is not None
        return self.history.columns

    @property
    def called(self) -> str:
        """What the bars shown are of."""
        return self.held[0]

    def furnished(self, view: "ChartView") -> "ChartView":
        """The view of the bars with what else is to be shown."""
        return view

    def changed(self) -> None:
        """Something about the picture changed: draw it with the next beat."""
        self._stale = True

    def anew(self) -> None:
        """Draw with the next frame: what is shown is another thing."""
        self._stale = True
        self.refresh()

    def at_once(self) -> None:
        """Draw now: a key was pressed."""
        self.anew()
        self.paint_at_once()

    def repaint(self) -> None:
        self._drawn = None
        self._segments = None
        self.anew()

    def on_resize(self) -> None:
        self.anew()

    def reached_the_oldest(self) -> None:
        """The picture begins with the oldest bar held."""

    def _beat(self) -> None:
        """Draw what changed; a tick moves the last candle, and only its rows are painted again."""
        if not self._stale or not self.is_on_screen:
            return
        before, height = self._lines, self.size.height
        self._stale = False
        self._draw()
        if len(before) != height:
            self.refresh()
            return
        lines = enumerate(zip(before, self._lines, strict=False))
        changed = [y for y, (old, new) in lines if old is not new]
        if changed:
            self.refresh(*spans(changed, self.size.width))

    def render_line(self, y: int) -> Strip:
        if self._stale or len(self._lines) != self.size.height:
            self._stale = False
            self._draw()
        return self._lines[y] if y < len(self._lines) else Strip.blank(self.size.width)

    def _draw(self) -> None:
        history = self.history
        if self.stage.paint is None:
            self._lines = []
            return
        if history is None or not len(history) or not len(self.columns) or self.size.width < 4:
            self._lines, self._drawn = self._said(), None
            return
        from tio.draw.chart import draw_chart, lay_out

        columns, view = self.columns, self._view(self.plot_width)
        layout = lay_out(columns, view)
        if layout.plot_width != self.plot_width:
            view = self._view(layout.plot_width)
            layout = lay_out(columns, view)
        canvas = draw_chart(columns, view, layout=layout)
        self._lines = self._lines_of(canvas)
        self._drawn, self.layout_drawn = canvas, layout
        if view.start == 0:
            self.reached_the_oldest()

    def _lines_of(self, canvas: "Canvas") -> list[Strip]:
        """The canvas as lines; those that look as before are the same objects."""
        if self._segments is None:
            self._segments = Segments(self.paint)
        made = self._segments
        if self._drawn is None or len(self._lines) != canvas.height:
            return [made.strip(row) for row in canvas.rows()]
        lines, changed = list(self._lines), canvas.changed(self._drawn)
        for y, row in zip(changed, canvas.rows(changed), strict=True):
            lines[y] = made.strip(row)
        return lines

    def _view(self, plot_width: int) -> "ChartView":
        from tio.draw.view import ChartKind, ChartView

        assert self.history is not None
        columns, recall = self.columns, self.stage.recall
        start, end = self.window.span(plot_width, len(columns))
        kind = recall("chart.type", self.stage.chart_type)
        # Without colour rise and fall must differ in shape.
        kind = "hollow" if self.paint.plain and kind == "candles" else kind
        last = float(columns.close[-1])
        view = ChartView(
            width=self.size.width,
            height=self.size.height,
            timeframe=self.held[1],
            kind=ChartKind(kind.replace("-", "_")),
            scale=SCALES[recall("chart.scale", "linear")],
            decimals=self._decimals(last),
            zone=self.stage.zone,
            start=start,
            end=end,
            crosshair=self.window.bar(columns.time),
            volume=recall("chart.volume", "on") in ("on", "both"),
            last=last,
            last_change=last - float(columns.open[-1]),
            plain=self.paint.plain,
        )
        return self.furnished(view)

    def _decimals(self, last: float) -> int:
        return decimals_of(self.stage.quotes.get(self.held[0]) or Quote(symbol="?", last=last))

    def _said(self) -> list[Strip]:
        """Why there is no picture, in the middle of the pane."""
        symbol, timeframe = self.held
        more: Sequence[str] = ()
        said, tone = f"Loading {symbol} …", "muted"
        if self.wrong:
            said, tone = self.wrong, "fall"
        elif not symbol:
            said = "Choose a symbol in the watchlist, or type / and its name."
        elif self.fetching:
            said = f"Fetching {timeframe} bars of {symbol} from {self._fetched_from()} …"
        elif self.offered:
            said = f"There are no {timeframe} bars of {symbol}, but of {', '.join(self.offered)}."
            more = (f"GP {self.offered[0]} shows them; [ and ] change the timeframe.",)
        elif self.history is not None and len(self.history):
            more_come = (
                "there are no older ones." if self.history.complete else "asking for older …"
            )
            said = f"No {timeframe} bars of {symbol} held are of that time; {more_come}"
        elif self.history is not None:
            said = f"There are no {timeframe} bars of {symbol} yet. [ and ] change the timeframe."
            more = HOW if self.stage.workspace.startswith("main") else ()
        width, plain = self.size.width, self.paint.style()
        lines = [line for text in (said, *more) for line in wrapped(text, max(width - 4, 8))]
        above = max((self.size.height - len(lines)) // 2, 0)
        drawn = [
            self.words(line, tone, max((width - len(line)) // 2, 1)).adjust_cell_length(
                width, plain
            )
            for line in lines
        ]
        blank = [Strip.blank(width, plain)]
        return (blank * above + drawn + blank * self.size.height)[: self.size.height]

    def _fetched_from(self) -> str:
        quote = self.stage.quotes.get(self.held[0])
        return quote.source if quote is not None and quote.source else "the sources"

    def chip(self) -> "Chip | None":
        """The window of the chart one looks at."""
        from tio.api.chats import Chip, ChipKind

        symbol, timeframe = self.held
        if not symbol:
            return None
        start = last = None
        if self.history is not None and len(self.history) and len(self.columns):
            time = self.columns.time
            first, end = self.window.span(self.plot_width, len(self.columns))
            start, last = moment(int(time[first])), moment(int(time[end - 1]))
        return Chip(
            kind=ChipKind.chart, about=symbol, timeframe=timeframe, start=start, end=last
        )  # fmt: skip

    def receipt(self) -> str:
        if self.history is None or not len(self.history) or not len(self.columns):
            return ""
        columns = self.columns
        bar = self.window.bar(columns.time)
        at = len(columns) - 1 if bar is None else bar
        newest = columns.time[at] == self.history.columns.time[-1]
        forming = ", forming" if newest and self.history.forming else ""
        return (
            f"{self.called} {self.held[1]} close {float(columns.close[at])!r}"
            f" · bar of {moment(int(columns.time[at])).isoformat()}{forming}"
            f" · {self.history.source} · {self.history.delay}"
        )

    def picture(self) -> str:
        if self._drawn is None:
            return ""
        from tio.draw.palette import PALETTES, rise_is_red
        from tio.draw.svg import svg

        theme, recall = self.stage.theme, self.stage.recall
        # The sixteen colours of a terminal are whatever it makes of them.
        palette = PALETTES[theme if theme in PALETTES and theme != "16-colours" else "dark"]
        if recall("ui.rise_is_red", "off") == "on":
            palette = rise_is_red(palette)
        title, source = str(self.border_title or ""), str(self.border_subtitle or "")
        return svg(self._drawn, palette, title=title, source=source)

    def table(self) -> tuple[str, list[Sequence[object]]]:
        if self.history is None or not len(self.history) or not len(self.columns):
            return "", []
        from tio.screens.widgets.chart_table import chart_table

        rows = chart_table(self.columns, self._view(self.plot_width))
        return f"{self.called}-{self.held[1]}", rows


class Segments(dict["Run", Segment]):
    """The segment of each run in one paint, made when first asked for: most come again."""

    MOST = 8_192

    def __init__(self, paint: Paint) -> None:
        super().__init__()
        self._paint = paint

    def __missing__(self, run: "Run") -> Segment:
        if len(self) >= self.MOST:
            self.clear()
        text, look = run
        pen = self._paint.pen(look.ink.name, look.ground.name, look.bold, look.reverse)
        return self.setdefault(run, Segment(text, pen))

    def strip(self, row: "list[Run]") -> Strip:
        """A row of a canvas as a line."""
        return Strip(map(self.__getitem__, row))


def wrapped(text: str, width: int) -> list[str]:
    """Words in lines of at most so many characters."""
    import textwrap

    return textwrap.wrap(text, width) or [""]
