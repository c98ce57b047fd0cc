"""Short texts at a bar: at a price over the chart, or at its foot (D dividend, S split)."""

from __future__ import annotations

from tio.draw.canvas import Canvas
from tio.draw.layout import Layout
from tio.draw.table import cell_width
from tio.draw.view import ChartView


def draw_marks(canvas: Canvas, pane: Canvas, layout: Layout, view: ChartView) -> None:
    """Marks stand over what is there; at the foot they have a row of their own, if rows allow."""
    foot = layout.top + layout.price_rows - (0 if layout.rows.foot else 1)
    for mark in view.marks:
        column = layout.column_of(mark.bar)
        if column is None:
            continue
        start = max(min(column, pane.width - cell_width(mark.text)), 0)
        if mark.price is None:
            canvas.pane(0, foot, pane.width, 1).put(start, 0, mark.text, mark.pen)
        else:
            row = layout.scale.row(mark.price)
            if row is not None:
                pane.put(start, row, mark.text, mark.pen)
