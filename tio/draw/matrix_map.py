"""A square of figures between −1 and 1, coloured by their sign and size."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tio.draw.canvas import FULL, Canvas, Pen
from tio.draw.heat_map import shade
from tio.draw.table import MINUS, MISSING, cell_width, fit

NAME = 14
WIDE, NARROW = 6, 4
"""Cells of a figure as `+0.83`, and as `+83`."""


def matrix_map(
    names: Sequence[str], values: Sequence[Sequence[float | None]], width: int
) -> Canvas:
    """One row a name, columns told by their number, figures in each; as high as it must be.

    Every figure carries its sign, so colour is never needed to read it. Where there is no room for
    `+0.83` it stands as `+83`; columns that find none are counted at the end of the head: `…+12`.
    """
    number = len(str(len(names)))
    label = number + 1 + min(max((cell_width(name) for name in names), default=0), NAME)
    room = max(width - label - 1, 0)
    cell = WIDE if WIDE * len(names) <= room else NARROW
    shown = min(len(names), room // cell)
    missing = f"…+{len(names) - shown}" if shown < len(names) else ""
    if missing:
        shown = max((room - len(missing)) // cell, 0)
        missing = f"…+{len(names) - shown}"
    canvas = Canvas(width, len(names) + 3 if names else 1)
    for column in range(shown):
        canvas.put(
            label + 1 + column * cell, 0, fit(str(column + 1), cell - 1, right=True), Pen.muted
        )
    canvas.put(label + 1 + shown * cell, 0, missing, Pen.muted)
    for row, name in enumerate(names):
        canvas.put(0, row + 1, f"{row + 1:>{number}}", Pen.muted)
        canvas.put(number + 1, row + 1, fit(name, label - number - 1))
        for column in range(shown):
            x = label + 1 + column * cell
            if row == column:
                canvas.put(x, row + 1, fit("1", cell - 1, right=True), Pen.muted)
            else:
                _put(canvas, x, row + 1, cell, values[row][column])
    if names:
        _put_legend(canvas, label + 1, len(names) + 2)
    else:
        canvas.put(0, 0, "no symbols", Pen.muted)
    return canvas


def figure(value: float | None, *, short: bool = False) -> str:
    """`+0.83`, or when short `+83` and `+1.` for one; `·` when missing."""
    if value is None or not math.isfinite(value):
        return MISSING
    sign = MINUS if value < 0 else "+"
    hundredths = round(abs(value) * 100)
    text = f"{hundredths / 100:.2f}"
    if short:
        text = "1." if hundredths == 100 else f"{hundredths}"
    return f"{sign}{text}" if hundredths else text


def _put(canvas: Canvas, x: int, y: int, width: int, value: float | None) -> None:
    text = fit(figure(value, short=width < WIDE), width - 1, right=True) + " "
    ink, ground, solid = shade(math.nan if value is None else value, 1.0)
    if not solid:
        canvas.put(x, y, text, ink, ground)
        return
    pane = canvas.pane(x, y, width, 1)
    pane.glyph[:], pane.ink[:] = FULL, ground
    canvas.put(x, y, text, ground, reverse=True)


def _put_legend(canvas: Canvas, x: int, y: int) -> None:
    """The shades from −1 to 1, each with the figure it reaches to."""
    for third in (-3, -2, -1, 0, 1, 2, 3):
        if x + WIDE <= canvas.width:
            _put(canvas, x, y, WIDE, third / 3)
        x += WIDE
