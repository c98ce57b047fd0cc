"""Levels: dashed lines under the bars, their names where nothing is hidden, prices on the axis."""

from __future__ import annotations

from tio.draw.axes import price_label
from tio.draw.canvas import Canvas
from tio.draw.labels import AxisLabel, put_free
from tio.draw.layout import Layout
from tio.draw.view import ChartView, Level

DASH = 0x2504


def draw_levels(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """The lines, each from its bar on."""
    for level, row, start in _shown(layout, view):
        pane.glyph[row, start:] = DASH
        pane.ink[row, start:] = level.pen


def draw_level_names(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """The names, at the right end or as near to it as no bar or line is covered."""
    for level, row, _ in _shown(layout, view):
        if level.label:
            put_free(pane, row, level.label, level.pen, near=pane.width - 1)


def level_labels(layout: Layout, view: ChartView) -> list[AxisLabel]:
    """The prices for the axis."""
    return [
        AxisLabel(
            row,
            " " + price_label(layout.scale, level.price, view.decimals),
            level.pen,
            5,
            moves=True,
        )
        for level, row, _ in _shown(layout, view)
    ]


def _shown(layout: Layout, view: ChartView) -> list[tuple[Level, int, int]]:
    """The levels in sight, their rows and the columns they begin in."""
    found = []
    for level in view.levels:
        row = layout.scale.row(level.price)
        start = 0 if level.since <= layout.start else layout.column_of(level.since)
        if row is not None and start is not None:
            found.append((level, row, max(start, 0)))
    return found
