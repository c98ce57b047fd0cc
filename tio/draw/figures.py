"""What a person drew: trend lines, rays, channels, horizontals, fibonacci levels and texts."""

from __future__ import annotations

import numpy as np

from tio.draw.axes import price_label
from tio.draw.canvas import Canvas, Pen
from tio.draw.labels import AxisLabel, put_free
from tio.draw.layout import Layout
from tio.draw.lines import draw_segment
from tio.draw.scale import Scale
from tio.draw.table import cell_width
from tio.draw.view import ChartView, Figure, Shape

RATIOS = (0.0, 0.236, 0.382, 0.5, 0.618, 0.786, 1.0)
"""Shares of the way back from a fibonacci's second point to its first."""

LEVEL, LINE, HANDLE = 0x2504, 0x2500, "◆"
Spot = tuple[float, float]
"""Cells from the left, rows from above."""


def draw_figure_grounds(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """What lies under the bars: horizontals across the pane, fibonacci levels to its right end."""
    for figure in view.figures:
        match figure.shape:
            case Shape.horizontal:
                _across(pane, layout, figure.points[0][1], 0, LINE, figure)
            case Shape.fibonacci:
                start = round(min(spot[0] for spot in _spots(layout, figure)) - 0.5)
                for _, price in fibonacci_levels(figure):
                    _across(pane, layout, price, start, LEVEL, figure)


def draw_figures(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """What lies over the bars: slanted lines, then texts and names, then handles."""
    spots = [_spots(layout, figure) for figure in view.figures]
    drawn = list(zip(view.figures, spots, strict=True))
    for figure, ends in drawn:
        match figure.shape:
            case Shape.trend | Shape.fibonacci:
                draw_segment(pane, ends[0], ends[1], figure.pen)
            case Shape.ray:
                draw_segment(pane, ends[0], _beyond(ends[0], ends[1], pane.width), figure.pen)
            case Shape.channel:
                _draw_channel(pane, ends, figure.pen)
    for figure, ends in drawn:
        _draw_names(pane, layout, figure, ends, view.decimals)
    for figure, ends in drawn:
        for x, y in ends if figure.selected else ():
            _put(pane, x, y, HANDLE, Pen.accent, bold=True)


def figure_labels(layout: Layout, view: ChartView) -> list[AxisLabel]:
    """The prices of horizontals for the axis."""
    labels = []
    for figure in view.figures:
        if figure.shape is Shape.horizontal:
            price = figure.points[0][1]
            row = layout.scale.row(price)
            if row is not None:
                text = " " + price_label(layout.scale, price, view.decimals)
                labels.append(AxisLabel(row, text, figure.pen, 4, reverse=True, moves=True))
    return labels


def fibonacci_levels(figure: Figure) -> list[tuple[float, float]]:
    """Each ratio and its price: 0 at the second point, 1 at the first."""
    first, second = figure.points[0][1], figure.points[1][1]
    return [(ratio, second + (first - second) * ratio) for ratio in RATIOS]


def _spots(layout: Layout, figure: Figure) -> list[Spot]:
    prices = layout.scale.place(np.array([price for _, price in figure.points]))
    return [
        (layout.x_of(bar), float(y))
        for (bar, _), y in zip(figure.points, prices.tolist(), strict=True)
    ]


def _beyond(start: Spot, through: Spot, width: int) -> Spot:
    """Where a ray leaves the pane, sideways or far above or below."""
    across, down = through[0] - start[0], through[1] - start[1]
    if abs(across) < 1e-9:
        return through[0], through[1] + np.sign(down) * 1e6
    edge = float(width) if across > 0 else 0.0
    times = max((edge - start[0]) / across, 1.0)
    return start[0] + across * times, start[1] + down * times


def _draw_channel(pane: Canvas, spots: list[Spot], pen: Pen) -> None:
    (x0, y0), (x1, y1), (x2, y2) = spots
    draw_segment(pane, (x0, y0), (x1, y1), pen)
    slope = (y1 - y0) / (x1 - x0) if abs(x1 - x0) > 1e-9 else 0.0
    away = y2 - (y0 + slope * (x2 - x0))
    draw_segment(pane, (x0, y0 + away), (x1, y1 + away), pen)


def _across(
    pane: Canvas, layout: Layout, price: float, start: int, glyph: int, figure: Figure
) -> None:
    row = layout.scale.row(price)
    if row is not None:
        pane.glyph[row, max(start, 0) :] = glyph
        pane.ink[row, max(start, 0) :] = figure.pen


def _draw_names(
    pane: Canvas, layout: Layout, figure: Figure, spots: list[Spot], decimals: int
) -> None:
    """A text at its point; other names where nothing is hidden, as near as can be."""
    scale: Scale = layout.scale
    x, y = spots[-1]
    match figure.shape:
        case Shape.text:
            _put(pane, x, y, figure.text, figure.pen, bold=figure.selected)
            return
        case Shape.fibonacci:
            for ratio, price in fibonacci_levels(figure):
                row = scale.row(price)
                if row is not None:
                    name = f"{ratio * 100:g}% {price_label(scale, price, decimals)}"
                    put_free(pane, row, name, figure.pen, near=pane.width - 1)
        case Shape.horizontal:
            x = pane.width - 1
    if figure.text and 0 <= y < pane.height:
        put_free(pane, int(y), figure.text, figure.pen, near=round(x))


def _put(pane: Canvas, x: float, y: float, text: str, pen: Pen, *, bold: bool) -> None:
    """A text from a point on, moved left where it would be cut by the right border."""
    column = int(np.clip(np.floor(x), -1e6, 1e6))
    if 0 <= y <= pane.height and 0 <= column < pane.width:
        column = max(min(column, pane.width - cell_width(text)), 0)
        pane.put(column, min(int(y), pane.height - 1), text, pen, bold=bold)
