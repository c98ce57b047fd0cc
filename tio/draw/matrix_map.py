"""A square of figures between −1 and 1, coloured by their sign and size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tio.draw.canvas import FULL, Canvas, Pen
from tio.draw.heat_map import shade
from tio.draw.table import MINUS, MISSING, cell_width, fit

NAME = 14
WIDE, NARROW = 6, 4
"""Cells of a figure as `+0.83`, and as `+83`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a map stands in its width: cells of a name and of a figure, columns that fit."""

    number: int
    label: int
    cell: int
    shown: int


def planned(names: Sequence[str], width: int) -> Plan:
    """The room of names and figures; where not all fit, what counts the rest has room too."""
    number = len(str(len(names)))
    label = number + 1 + min(max((cell_width(name) for name in names), default=0), NAME)
    room = max(width - label - 1, 0)
    cell = WIDE if WIDE * len(names) <= room else NARROW
    shown = min(len(names), room // cell)
    if shown < len(names):
        shown = max((room - len(f"…+{len(names) - shown}")) // cell, 0)
    return Plan(number, label, cell, shown)


def matrix_map(
    names: Sequence[str],
    values: Sequence[Sequence[float | None]],
    width: int,
    first: int = 0,
    cross: tuple[int, int] | None = None,
) -> Canvas:
    """One row a name, columns told by their number, figures in each; as high as it must be.

    Every figure carries its sign, so colour is never needed to read it. Where there is no room for
    `+0.83` it stands as `+83`; columns begin with the `first`, and those that find no room are
    counted at the end of the head: `…+12`. The row and column of `cross` are marked.
    """
    plan = planned(names, width)
    shown = min(plan.shown, len(names) - first)
    canvas = Canvas(width, len(names) + 3 if names else 1)
    for place in range(shown):
        column = first + place
        pen = Pen.accent if cross is not None and cross[1] == column else Pen.muted
        text = fit(str(column + 1), plan.cell - 1, right=True)
        canvas.put(plan.label + 1 + place * plan.cell, 0, text, pen)
    if plan.shown < len(names):
        rest = f"…+{len(names) - plan.shown}"
        canvas.put(plan.label + 1 + plan.shown * plan.cell, 0, rest, Pen.muted)
    for row, name in enumerate(names):
        here = cross is not None and cross[0] == row
        canvas.put(0, row + 1, f"{row + 1:>{plan.number}}", Pen.accent if here else Pen.muted)
        text = fit(name, plan.label - plan.number - 1)
        canvas.put(plan.number + 1, row + 1, text, Pen.accent if here else Pen.none)
        for place in range(shown):
            x, column = plan.label + 1 + place * plan.cell, first + place
            if cross == (row, column):
                value = 1.0 if row == column else values[row][column]
                told = fit(figure(value, short=plan.cell < WIDE), plan.cell - 1, right=True)
                canvas.put(x, row + 1, told + " ", Pen.accent, bold=True, reverse=True)
            elif row == column:
                canvas.put(x, row + 1, fit("1", plan.cell - 1, right=True), Pen.muted)
            else:
                _put(canvas, x, row + 1, plan.cell, values[row][column])
    if names:
        _put_legend(canvas, plan.label + 1, len(names) + 2)
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
