"""The panes below the prices: a title with live values, guides, lines, an axis of their own."""

from __future__ import annotations

from tio.draw.axes import price_ticks
from tio.draw.canvas import Canvas, Pen
from tio.draw.labels import AxisLabel, draw_axis_labels
from tio.draw.layout import Layout, Place
from tio.draw.legend import Piece, told_bar, value_at, width_of
from tio.draw.overlays import draw_overlays
from tio.draw.pane_scale import figure_label
from tio.draw.scale import Scale
from tio.draw.view import ChartView, SubPane

RULE, GRID = 0x2500, 0x2508


def draw_pane_ground(canvas: Canvas, layout: Layout, place: Place, view: ChartView) -> None:
    """A sub-pane's rule and the lines across it, which everything else is drawn over."""
    width = layout.plot_width
    canvas.glyph[place.title, : width + layout.axis_width] = RULE
    canvas.ink[place.title, : width + layout.axis_width] = Pen.quiet
    pane = canvas.pane(0, place.top, width, place.rows)
    for row, _ in _ticks(view.panes[place.index], place.scale):
        pane.glyph[row], pane.ink[row] = GRID, Pen.quiet


def draw_sub_pane(canvas: Canvas, layout: Layout, place: Place, view: ChartView) -> None:
    """A sub-pane's values, title and axis."""
    own = view.panes[place.index]
    pane = canvas.pane(0, place.top, layout.plot_width, place.rows)
    draw_overlays(pane, place.scale, layout, own.lines)
    _draw_title(canvas, layout, place, view)
    if layout.axis_width:
        ticks = _ticks(own, place.scale)
        labels = [AxisLabel(row, " " + text, Pen.muted, 1) for row, text in ticks]
        x, width = layout.plot_width, layout.axis_width
        draw_axis_labels(canvas, x, width, place.top, place.rows, labels)


def _draw_title(canvas: Canvas, layout: Layout, place: Place, view: ChartView) -> None:
    """`RSI 14 61.2` on the rule, finer than the axis; what does not fit is left out."""
    own = view.panes[place.index]
    at = told_bar(view, layout.count)
    newest = view.crosshair is None
    mark = "▸ " if own.focused else ""
    title: list[Piece] = [(mark + own.title + " ", Pen.accent if own.focused else Pen.text)]
    groups: list[list[Piece]] = [title]
    for line in own.lines:
        if line.name:
            name = "" if line.name == own.title else f"{line.name} "
            figure = figure_label(value_at(line, at, newest), place.scale, 1)
            groups.append([(f"{name}{figure} ", line.pen)])
    x = 0
    for group in groups:
        if x + width_of(group) > layout.plot_width and x:
            break
        for text, pen in group:
            x = canvas.put(x, place.title, text, pen, bold=own.focused and group is title)


def _ticks(pane: SubPane, scale: Scale) -> list[tuple[int, str]]:
    """Rows and labels: the guides, or round values where there are none."""
    if pane.guides:
        rows = [(scale.row(guide), figure_label(guide, scale)) for guide in pane.guides]
        return [(row, text) for row, text in rows if row is not None]
    ticks = price_ticks(scale, 12, every=2 if scale.rows < 8 else 3)
    return [(tick.row, figure_label(tick.price, scale)) for tick in ticks]
