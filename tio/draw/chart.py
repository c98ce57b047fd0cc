"""A whole chart on one canvas: legend, prices and what is over them, volume, panes, axes."""

from __future__ import annotations

from collections.abc import Sequence

from tio.draw.axes import (
    PriceTick,
    price_label,
    price_ticks,
    session_breaks,
    time_label,
    time_ticks,
)
from tio.draw.candles import draw_bars, draw_candles
from tio.draw.canvas import Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.crosshair import Cross, cross_of, draw_cross, draw_point
from tio.draw.figures import draw_figure_grounds, draw_figures, figure_labels
from tio.draw.labels import AxisLabel, draw_axis_labels
from tio.draw.layout import Layout, Place, lay_out
from tio.draw.legend import draw_legend
from tio.draw.levels import draw_level_names, draw_levels, level_labels
from tio.draw.lines import draw_area, draw_line, draw_ranges
from tio.draw.marks import draw_marks
from tio.draw.overlays import compared_labels, draw_cloud, draw_compared, draw_overlays
from tio.draw.profile import draw_profile, draw_profile_names, profile_labels
from tio.draw.sampled import halves_each, single
from tio.draw.scale import QUIET
from tio.draw.sub_panes import draw_pane_ground, draw_sub_pane
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView
from tio.draw.volume import draw_volume

GRID, BREAK = 0x2508, 0x250A

__all__ = ["Layout", "Place", "draw_chart", "lay_out"]


@QUIET
def draw_chart(bars: Columns, view: ChartView, layout: Layout | None = None) -> Canvas:
    """Draw the visible bars, exactly as wide and high as asked, or say `view.empty`.

    `layout` is what `lay_out` said of the same bars and view, when the caller needs it too.
    """
    canvas = Canvas(view.width, view.height)
    layout = layout or lay_out(bars, view)
    if not len(layout.shown) or layout.plot_width <= 0 or layout.price_rows <= 0:
        _say(canvas, view.empty)
        return canvas
    cross = cross_of(layout, bars, view)
    prices = canvas.pane(0, layout.top, layout.plot_width, layout.price_rows)
    ticks = price_ticks(layout.scale, view.decimals)
    _draw_ground(canvas, prices, layout, view, ticks, cross)
    if not view.plain:
        _draw_prices(prices, layout, bars, view)
    for other in view.compared:
        draw_compared(prices, layout, other)
    draw_overlays(prices, layout.scale, layout, view.overlays, bars=True)
    if view.plain:
        _draw_prices(prices, layout, bars, view)
    draw_figures(prices, layout, view)
    draw_marks(canvas, prices, layout, view)
    draw_level_names(prices, layout, view)
    draw_profile_names(prices, layout, view)
    for place in layout.places:
        if place.name == "volume":
            _draw_volume_pane(canvas, layout, place)
        elif place.name == "pane":
            draw_sub_pane(canvas, layout, place, view)
    draw_point(canvas, layout, cross)
    _draw_price_axis(canvas, layout, view, ticks, cross)
    _draw_times(canvas, layout, view, cross)
    if layout.top:
        draw_legend(canvas, layout.legend[: layout.top])
    return canvas


def _draw_ground(
    canvas: Canvas,
    prices: Canvas,
    layout: Layout,
    view: ChartView,
    ticks: Sequence[PriceTick],
    cross: Cross,
) -> None:
    """What lies under the bars."""
    for tick in ticks:
        prices.glyph[tick.row], prices.ink[tick.row] = GRID, Pen.quiet
    for place in layout.places:
        if place.name == "pane":
            draw_pane_ground(canvas, layout, place, view)
    _draw_breaks(prices, layout, view)
    for cloud in view.clouds:
        draw_cloud(prices, layout.scale, layout, cloud)
    draw_profile(prices, layout, view)
    draw_levels(prices, layout, view)
    draw_figure_grounds(prices, layout, view)
    draw_cross(canvas, layout, cross)


def _draw_prices(pane: Canvas, layout: Layout, bars: Columns, view: ChartView) -> None:
    shown, columns, scale = layout.shown, layout.columns, layout.scale
    match view.kind:
        case ChartKind.bars:
            draw_bars(pane, scale, columns, shown)
        case ChartKind.line | ChartKind.area:
            if view.kind is ChartKind.area:
                draw_area(pane, scale, columns, shown.close, Pen.area)
            bounds = layout.bounds[: len(columns) + 1]
            if single(bounds):
                draw_line(pane, scale, columns, shown.close, Pen.blue)
            else:
                parts = halves_each(bars.close, bounds)
                draw_ranges(pane, scale, int(columns[0]), [parts], [Pen.blue])
        case kind:
            hollow = kind is ChartKind.hollow
            draw_candles(pane, scale, columns, shown, body_width=layout.body, hollow=hollow)


def _draw_breaks(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """A faint line at the start of each session, when sessions are wide enough for it."""
    breaks = session_breaks(layout.shown.time, view.timeframe, view.zone)
    if not len(breaks) or layout.plot_width / len(breaks) < 6:
        return
    at = layout.columns[breaks]
    pane.glyph[:, at] = BREAK
    pane.ink[:, at] = Pen.quiet


def _draw_volume_pane(canvas: Canvas, layout: Layout, place: Place) -> None:
    shown = layout.shown
    pane = canvas.pane(0, place.top, layout.plot_width, place.rows)
    draw_volume(pane, layout.columns, shown.volume, shown.close >= shown.open, width=layout.body)
    if layout.axis_width:
        canvas.put(layout.plot_width + 1, place.top + place.rows - 1, "vol", Pen.muted)


def _draw_price_axis(
    canvas: Canvas, layout: Layout, view: ChartView, ticks: Sequence[PriceTick], cross: Cross
) -> None:
    """The live price first, then the crosshair, what is compared, levels, and round figures."""
    if not layout.axis_width:
        return
    scale = layout.scale
    labels = [AxisLabel(tick.row, " " + tick.label, Pen.muted, 9) for tick in ticks]
    labels += level_labels(layout, view) + figure_labels(layout, view)
    labels += profile_labels(layout, view)
    labels += compared_labels(layout, view)
    if cross.row is not None:
        text = " " + price_label(scale, cross.price, view.decimals)
        labels.append(AxisLabel(cross.row, text, Pen.marker, 1 - cross.placing, reverse=True))
    row = None if view.last is None else scale.row(view.last)
    if view.last is not None and row is not None:
        pen = Pen.marker_fall if view.last_change < 0 else Pen.marker_rise
        text = "◀ " + price_label(scale, view.last, view.decimals)
        labels.append(AxisLabel(row, text, pen, 0, reverse=True))
    x, width = layout.plot_width, layout.axis_width
    draw_axis_labels(canvas, x, width, layout.top, layout.price_rows, labels)


def _draw_times(canvas: Canvas, layout: Layout, view: ChartView, cross: Cross) -> None:
    """The time axis; the crosshair's label pushes away those it would cut."""
    if not layout.rows.times:
        return
    row, width = layout.times_row, layout.plot_width
    label, start = "", -1
    if cross.column is not None and cross.time is not None:
        label = f" {time_label(cross.time, view.timeframe, view.zone)} "[:width]
        start = max(min(cross.column - len(label) // 2, width - len(label)), 0)
        canvas.put(start, row, label, Pen.marker, reverse=True)
    for tick in time_ticks(layout.shown.time, view.timeframe, view.zone, width, layout.columns):
        if tick.start > start + len(label) or tick.start + len(tick.label) < start:
            canvas.put(tick.start, row, tick.label, Pen.muted)


def _say(canvas: Canvas, text: str) -> None:
    lines = text.splitlines()[: canvas.height]
    for number, line in enumerate(lines):
        x = max((canvas.width - cell_width(line)) // 2, 0)
        canvas.put(x, (canvas.height - len(lines)) // 2 + number, line, Pen.muted)
