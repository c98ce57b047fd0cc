"""Texts that give way to each other: figures on the price axis, names beside lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tio.draw.canvas import SPACE, Canvas, Pen
from tio.draw.table import cell_width

# What a name may be written over: grid, breaks, dashes, crosshair, a cloud's texture.
FREE = np.zeros(0x2600, np.bool_)
FREE[[ord(sign) for sign in "┈┊┆┄·─░▒▐"]] = True


@dataclass(frozen=True, slots=True)
class AxisLabel:
    """A figure for the axis; those of lower `rank` are placed first, `moves` lets it give way."""

    row: int
    text: str
    pen: Pen
    rank: int
    reverse: bool = False
    moves: bool = False


def draw_axis_labels(
    canvas: Canvas, x: int, width: int, top: int, rows: int, labels: Sequence[AxisLabel]
) -> None:
    """Write what finds its row free, or the row beside it when it may move; figures right."""
    taken: set[int] = set()
    for label in sorted(labels, key=lambda label: label.rank):
        near = (label.row, label.row - 1, label.row + 1) if label.moves else (label.row,)
        row = next((row for row in near if 0 <= row < rows and row not in taken), None)
        if row is None:
            continue
        taken.add(row)
        head, figures = label.text[:1], label.text[1:].strip()
        text = head + figures.rjust(width - 1 - len(head))
        reverse = label.reverse
        canvas.put(x, top + row, text, label.pen, bold=reverse, reverse=reverse)


def put_free(pane: Canvas, row: int, text: str, pen: Pen, *, near: int) -> int | None:
    """Write a name on a row where nothing is hidden, ending nearest to column `near`.

    Returns where it begins, None when there is no room.
    """
    length = cell_width(text) + 2
    if not 0 <= row < pane.height or length - 1 > pane.width:
        return None
    glyph = pane.glyph[row]
    blocked = ~((glyph == SPACE) | FREE[np.minimum(glyph, len(FREE) - 1)])
    before = np.concatenate(([0], np.cumsum(blocked)))
    span = min(length, pane.width)
    starts = np.flatnonzero(before[span:] == before[:-span])
    if not len(starts):
        return None
    start = int(starts[np.abs(starts + span - 1 - near).argmin()])
    pane.put(start, row, f" {text} "[:span], pen)
    return start
