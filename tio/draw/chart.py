"""A whole chart on one canvas: legend, prices, price axis, volume, time axis, crosshair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tio.draw.axes import (
    PriceTick,
    price_label,
    price_ticks,
    session_breaks,
    time_label,
    time_ticks,
)
from tio.draw.candles import draw_bars, draw_candles, heikin_ashi
from tio.draw.canvas import Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.downsample import group_bars, group_last, group_starts
from tio.draw.legend import draw_legend
from tio.draw.lines import draw_area, draw_line, draw_series
from tio.draw.scale import Floats, Ints, Scale, scale_over
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView, Overlay
from tio.draw.volume import draw_volume

PITCHES = ((8, 5), (6, 3), (4, 3), (2, 1), (1, 1))
GRID, BREAK, CROSS_DOWN, CROSS_ACROSS, DASH = 0x2508, 0x250A, 0x2506, 0x2504, 0x2504

# Prices may be anything a source sends: what overflows is drawn outside the pane.
QUIET = np.errstate(over="ignore", invalid="ignore", divide="ignore")


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where a chart's parts stand, in cells, and which bars stand in which column.

    `columns` is the middle cell of each shown bar, `first` the index into the series of the first
    bar it stands for: several share a column when there are more bars than columns.
    """

    plot_width: int
    top: int
    price_rows: int
    volume_rows: int
    axis_width: int
    pitch: int
    body: int
    columns: Ints
    first: Ints
    shown: Columns
    scale: Scale

    def column_of(self, bar: int) -> int | None:
        """The cell over which bar `bar` of the series stands, None when it is not shown."""
        at = int(np.searchsorted(self.first, bar, side="right")) - 1
        return int(self.columns[at]) if 0 <= at < len(self.columns) else None

    def bar_at(self, column: int) -> int | None:
        """The bar of the series nearest to a cell's column (for the mouse)."""
        if not len(self.columns):
            return None
        return int(self.first[np.abs(self.columns - column).argmin()])


@QUIET
def draw_chart(
    bars: Columns, view: ChartView, overlays: Sequence[Overlay] = (), layout: Layout | None = None
) -> Canvas:
    """Draw the visible bars, exactly as wide and high as asked, or say `view.empty`.

    `layout` is what `lay_out` said of the same bars and view, when the caller needs it too.
    """
    canvas = Canvas(view.width, view.height)
    layout = layout or lay_out(bars, view)
    if not len(layout.shown) or layout.plot_width <= 0 or layout.price_rows <= 0:
        _say(canvas, view.empty)
        return canvas
    prices = canvas.pane(0, layout.top, layout.plot_width, layout.price_rows)
    ticks = price_ticks(layout.scale, view.decimals)
    for tick in ticks:
        prices.glyph[tick.row], prices.ink[tick.row] = GRID, Pen.quiet
    _draw_breaks(canvas, layout, view)
    _draw_levels(prices, layout, view)
    _draw_crosshair_lines(canvas, layout, bars, view)
    _draw_prices(prices, layout, bars, view)
    for overlay in overlays:
        values = group_last(_window(overlay.values, view, len(bars)), len(layout.columns))
        draw_line(prices, layout.scale, layout.columns, values, overlay.pen)
    _draw_marks(prices, layout, view)
    _draw_volume_pane(canvas, layout)
    _draw_axes(canvas, layout, bars, view, ticks)
    if layout.top:
        draw_legend(canvas, bars, view, overlays)
    return canvas


@QUIET
def lay_out(bars: Columns, view: ChartView) -> Layout:
    """The places of a chart of these bars; also what the mouse needs."""
    start, end = _span(view, len(bars))
    window = bars[start:end]
    if view.kind is ChartKind.heikin_ashi:
        # Each step halves what came before, so 64 bars back nothing is left of it.
        before = max(start - 64, 0)
        window = heikin_ashi(bars[before:end])[start - before :]
    top = 1 if view.legend and view.height >= 8 and view.width >= 24 else 0
    bottom = 1 if view.height >= 5 else 0
    room = max(view.height - top - bottom, 0)
    wants_volume = view.volume and room >= 8 and bool(np.nansum(window.volume) > 0)
    volume_rows = min(max(room // 6, 2), 8) if wants_volume else 0
    price_rows = room - volume_rows
    scale = _scale(window, price_rows, view)
    axis = view.axis_width or _axis_width(scale, view)
    axis = axis if view.width - axis >= 8 else 0
    width = max(view.width - axis, 0)
    pitch, body = _pitch(len(window), width)
    shown = group_bars(window, width)
    count = len(shown)
    columns = width - 1 - body // 2 - pitch * np.arange(count, dtype=np.int64)[::-1]
    first = start + (group_starts(len(window), count) if count else np.zeros(0, np.int64))
    return Layout(
        width, top, price_rows, volume_rows, axis, pitch, body, columns, first, shown, scale
    )


def _span(view: ChartView, count: int) -> tuple[int, int]:
    end = count if view.end is None else min(max(view.end, 0), count)
    return min(max(view.start, 0), end), end


def _window(values: Floats, view: ChartView, count: int) -> Floats:
    """The visible part; an overlay not yet as long as its bars has no value for the newest."""
    start, end = _span(view, count)
    visible = values[start:end]
    return np.pad(visible, (0, end - start - len(visible)), constant_values=np.nan)


def _pitch(count: int, width: int) -> tuple[int, int]:
    """Cells from bar to bar and cells of a body: wider when few bars have much room."""
    return next(((p, b) for p, b in PITCHES if p * count <= width and count > 1), (1, 1))


def _scale(window: Columns, rows: int, view: ChartView) -> Scale:
    closing = view.kind in (ChartKind.line, ChartKind.area)
    low, high = (window.close, window.close) if closing else (window.low, window.high)
    known = window.close[np.isfinite(window.close)]
    return scale_over(low, high, rows, view.scale, float(known[0]) if len(known) else 0.0)


def _axis_width(scale: Scale, view: ChartView) -> int:
    prices = [scale.lo, scale.hi, *([] if view.last is None else [view.last])]
    return 3 + max(cell_width(price_label(scale, value, view.decimals)) for value in prices)


def _draw_prices(pane: Canvas, layout: Layout, bars: Columns, view: ChartView) -> None:
    shown, columns, scale = layout.shown, layout.columns, layout.scale
    match view.kind:
        case ChartKind.bars:
            draw_bars(pane, scale, columns, shown)
        case ChartKind.line | ChartKind.area:
            window = _window(bars.close, view, len(bars))
            if view.kind is ChartKind.area:
                draw_area(pane, scale, columns, shown.close, Pen.area)
            if len(window) > len(columns):
                draw_series(pane, scale, window, Pen.blue)
            else:
                draw_line(pane, scale, columns, shown.close, Pen.blue)
        case kind:
            hollow = kind is ChartKind.hollow
            draw_candles(pane, scale, columns, shown, body_width=layout.body, hollow=hollow)


def _draw_breaks(canvas: Canvas, layout: Layout, view: ChartView) -> None:
    """A faint line at the start of each session, when sessions are wide enough for it."""
    breaks = session_breaks(layout.shown.time, view.timeframe, view.zone)
    if not len(breaks) or layout.plot_width / len(breaks) < 6:
        return
    at = layout.columns[breaks]
    rows = slice(layout.top, layout.top + layout.price_rows)
    canvas.glyph[rows, at] = BREAK
    canvas.ink[rows, at] = Pen.quiet


def _draw_levels(pane: Canvas, layout: Layout, view: ChartView) -> None:
    for level in view.levels:
        row = layout.scale.row(level.price)
        if row is not None:
            pane.glyph[row] = DASH
            pane.ink[row] = level.pen


def _draw_crosshair_lines(canvas: Canvas, layout: Layout, bars: Columns, view: ChartView) -> None:
    column, row = _cross(layout, bars, view)
    if column is not None:
        rows = slice(layout.top, layout.top + layout.price_rows + layout.volume_rows)
        canvas.glyph[rows, column] = CROSS_DOWN
        canvas.ink[rows, column] = Pen.muted
    if row is not None:
        canvas.glyph[layout.top + row, : layout.plot_width] = CROSS_ACROSS
        canvas.ink[layout.top + row, : layout.plot_width] = Pen.muted


def _cross(layout: Layout, bars: Columns, view: ChartView) -> tuple[int | None, int | None]:
    """The crosshair's column, and the row of that bar's close."""
    if view.crosshair is None or not 0 <= view.crosshair < len(bars):
        return None, None
    column = layout.column_of(view.crosshair)
    close = float(bars.close[view.crosshair])
    return column, layout.scale.row(close) if column is not None and close == close else None


def _draw_marks(pane: Canvas, layout: Layout, view: ChartView) -> None:
    for mark in view.marks:
        column = layout.column_of(mark.bar)
        row = pane.height - 1 if mark.price is None else layout.scale.row(mark.price)
        if column is not None and row is not None:
            start = max(min(column, pane.width - cell_width(mark.text)), 0)
            pane.put(start, row, mark.text, mark.pen)


def _draw_volume_pane(canvas: Canvas, layout: Layout) -> None:
    if not layout.volume_rows:
        return
    top = layout.top + layout.price_rows
    shown = layout.shown
    pane = canvas.pane(0, top, layout.plot_width, layout.volume_rows)
    draw_volume(pane, layout.columns, shown.volume, shown.close >= shown.open, width=layout.body)
    if layout.axis_width:
        canvas.put(layout.plot_width + 1, top + layout.volume_rows - 1, "vol", Pen.muted)


def _draw_axes(
    canvas: Canvas, layout: Layout, bars: Columns, view: ChartView, ticks: Sequence[PriceTick]
) -> None:
    """Prices right, times below; the live price and the crosshair win over round figures."""
    _draw_times(canvas, layout, bars, view)
    if not layout.axis_width:
        return
    scale = layout.scale
    for tick in ticks:
        _axis_label(canvas, layout, tick.row, " " + tick.label, Pen.muted)
    for level in view.levels:
        label = price_label(scale, level.price, view.decimals)
        _axis_label(canvas, layout, scale.row(level.price), " " + label, level.pen)
    _, row = _cross(layout, bars, view)
    if row is not None and view.crosshair is not None:
        label = price_label(scale, float(bars.close[view.crosshair]), view.decimals)
        _axis_label(canvas, layout, row, " " + label, Pen.marker, reverse=True)
    if view.last is not None:
        pen = Pen.marker_fall if view.last_change < 0 else Pen.marker_rise
        label = "◀ " + price_label(scale, view.last, view.decimals)
        _axis_label(canvas, layout, scale.row(view.last), label, pen, reverse=True)


def _draw_times(canvas: Canvas, layout: Layout, bars: Columns, view: ChartView) -> None:
    """The time axis; the crosshair's label pushes away those it would cut."""
    row = layout.top + layout.price_rows + layout.volume_rows
    column, _ = _cross(layout, bars, view)
    label, start = "", -1
    if column is not None and view.crosshair is not None:
        time = int(bars.time[view.crosshair])
        label = f" {time_label(time, view.timeframe, view.zone)} "[: layout.plot_width]
        start = max(min(column - len(label) // 2, layout.plot_width - len(label)), 0)
        canvas.put(start, row, label, Pen.marker, reverse=True)
    width = layout.plot_width
    for tick in time_ticks(layout.shown.time, view.timeframe, view.zone, width, layout.columns):
        if tick.start > start + len(label) or tick.start + len(tick.label) < start:
            canvas.put(tick.start, row, tick.label, Pen.muted)


def _axis_label(
    canvas: Canvas, layout: Layout, row: int | None, text: str, pen: Pen, *, reverse: bool = False
) -> None:
    """A price on the axis, its figures on the right; reversed, it fills the axis."""
    if row is None:
        return
    head, figures = text[:1], text[1:].strip()
    text = head + figures.rjust(layout.axis_width - 1 - len(head))
    canvas.put(layout.plot_width, layout.top + row, text, pen, bold=reverse, reverse=reverse)


def _say(canvas: Canvas, text: str) -> None:
    lines = text.splitlines()[: canvas.height]
    for number, line in enumerate(lines):
        x = max((canvas.width - cell_width(line)) // 2, 0)
        canvas.put(x, (canvas.height - len(lines)) // 2 + number, line, Pen.muted)
