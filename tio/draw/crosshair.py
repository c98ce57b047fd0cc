"""The crosshair, or where a drawing is being placed: a line down all panes, one across prices."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tio.draw.canvas import Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.layout import Layout
from tio.draw.view import ChartView

DOWN, ACROSS, POINT = 0x2506, 0x2504, "┼"


@dataclass(frozen=True, slots=True)
class Cross:
    """Where the lines stand, None outside; `price` and `time` (µs) are told on the axes."""

    column: int | None = None
    row: int | None = None
    price: float = math.nan
    time: int | None = None
    placing: bool = False


def cross_of(layout: Layout, bars: Columns, view: ChartView) -> Cross:
    """The cursor of a drawing; else the crosshair's bar and its close; else nothing."""
    if view.cursor is not None:
        bar, price = view.cursor
        column = math.floor(layout.x_of(bar))
        inside = 0 <= column < layout.plot_width
        time = layout.time_at(column) if inside else None
        row = layout.scale.row(price)
        return Cross(column if inside else None, row, price, time, True)
    if view.crosshair is None or not 0 <= view.crosshair < len(bars):
        return Cross()
    at = layout.column_of(view.crosshair)
    if at is None:
        return Cross()
    close = float(bars.close[view.crosshair])
    row = layout.scale.row(close) if close == close else None
    return Cross(at, row, close, int(bars.time[view.crosshair]))


def draw_cross(canvas: Canvas, layout: Layout, cross: Cross) -> None:
    """The lines, under everything drawn later."""
    pen = Pen.accent if cross.placing else Pen.muted
    if cross.column is not None:
        for place in layout.places:
            rows = slice(place.top, place.top + place.rows)
            canvas.glyph[rows, cross.column] = DOWN
            canvas.ink[rows, cross.column] = pen
    if cross.row is not None:
        canvas.glyph[layout.top + cross.row, : layout.plot_width] = ACROSS
        canvas.ink[layout.top + cross.row, : layout.plot_width] = pen


def draw_point(canvas: Canvas, layout: Layout, cross: Cross) -> None:
    """Where the lines meet, over everything, while a drawing is placed."""
    if cross.placing and cross.column is not None and cross.row is not None:
        canvas.put(cross.column, layout.top + cross.row, POINT, Pen.accent, bold=True)
