"""Dots of braille, 2 × 4 a cell, put over what a pane shows without hiding it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tio.draw.candles import THICK, THIN
from tio.draw.canvas import BRAILLE, FULL, REVERSE, Canvas, Pen
from tio.draw.scale import Ints

# Dot bits of a braille cell, [row, column]: U+2800 is the blank, the standard numbers the dots.
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8)


def draw_dots(pane: Canvas, top: Ints, bottom: Ints, pens: Sequence[Pen]) -> None:
    """Ink the dots from top to bottom, counted from above, of each line's dot columns.

    The shape is (lines, dot columns of the pane); the last line is uppermost.
    """
    last = 4 * pane.height - 1
    line, dot = np.nonzero((bottom >= 0) & (top <= last) & (top <= bottom))
    if not len(dot):
        return
    top, bottom = np.maximum(top[line, dot], 0), np.minimum(bottom[line, dot], last)
    first = top >> 2
    tall = (bottom >> 2) - first + 1
    # Each dot column becomes one entry a cell it touches.
    ends = np.cumsum(tall)
    which = np.repeat(np.arange(len(dot)), tall)
    rows = np.arange(int(ends[-1])) - (ends - tall - first)[which]
    above = np.maximum(top[which] - 4 * rows, 0)
    below = np.minimum(bottom[which] - 4 * rows, 3)
    dot, line = dot[which], line[which]
    sides = np.zeros((2, len(pens), pane.height * pane.width), np.uint8)
    side = dot & 1
    sides[side, line, rows * pane.width + (dot >> 1)] = _RUNS[side, above, below]
    each = sides[0] | sides[1]
    bits, pen = each[0], np.array(pens, np.uint8)
    for other in each[1:]:
        bits = bits | other
    at = np.flatnonzero(bits)
    # Of several lines in a cell the last one gives its pen.
    uppermost = len(pens) - 1 - (each[::-1, at] > 0).argmax(axis=0)
    rows = at // pane.width
    lay_over(pane, rows, at - rows * pane.width, bits[at], pen[uppermost])


def lay_over(
    pane: Canvas, rows: Ints, columns: Ints, bits: NDArray[np.uint8], pens: NDArray[np.uint8]
) -> None:
    """Put braille on cells: the body of a candle below becomes their ground, other dots stay.

    A body that fills less than half of its cell gives it up, unless it is all there is of it.
    """
    glyph = pane.glyph[rows, columns]
    under = np.flatnonzero(((glyph - 0x2581) <= FULL - 0x2581) | _FLAT[_line_number(glyph)])
    if len(under):
        _shade(pane, rows[under], columns[under])
    # Numbers without a sign: what is below the first pattern comes out far above the last.
    before = glyph - np.uint32(BRAILLE)
    bits = bits | np.where(before < 256, before, 0).astype(np.uint8)
    pane.glyph[rows, columns] = BRAILLE + bits.astype(np.uint32)
    pane.ink[rows, columns] = pens
    pane.flags[rows, columns] = 0


def _shade(pane: Canvas, rows: Ints, columns: Ints) -> None:
    """Turn cells with a block or a flat body into a ground of its colour."""
    glyph, ink = pane.glyph[rows, columns], pane.ink[rows, columns]
    reversed_ = (pane.flags[rows, columns] & REVERSE) >> 1
    area = ink == Pen.area
    keep = _HALF[reversed_, np.minimum(glyph - np.uint32(0x2580), 9)]
    small = np.flatnonzero(~keep & ~area)
    if len(small):
        above, below = rows[small] - 1, rows[small] + 1
        keep[small] = ~(_body(pane, above, columns[small]) | _body(pane, below, columns[small]))
    keep &= _BODIES[ink]
    pane.ground[rows[keep], columns[keep]] = _SHADE[ink[keep]]


def _line_number(glyph: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Which of 64 box lines a glyph is, 64 for others."""
    number: NDArray[np.uint32] = np.minimum(glyph - np.uint32(0x2500), np.uint32(64))
    return number


def _body(pane: Canvas, rows: Ints, columns: Ints) -> NDArray[np.bool_]:
    """Whether cells hold a block, or a line over one; those outside do not."""
    inside = (rows >= 0) & (rows < pane.height)
    rows = np.minimum(np.maximum(rows, 0), pane.height - 1)
    glyph = pane.glyph[rows, columns]
    block = (glyph > 0x2580) & (glyph <= FULL)
    ground = pane.ground[rows, columns]
    found: NDArray[np.bool_] = inside & (
        block | (ground == Pen.rise_dim) | (ground == Pen.fall_dim)
    )
    return found


# Which of the box lines from U+2500 on are a body too flat for a block.
_FLAT = np.zeros(65, np.bool_)
_FLAT[(np.concatenate((THIN, THICK)) & 0x3F).astype(np.int64)] = True
# Whether a block of 0 to 8 eighths, or a flat body (9), fills half a cell; and so reversed.
_HALF = np.array([[n >= 4 for n in range(9)] + [False], [n <= 4 for n in range(9)] + [False]])
# Pens of bodies and areas; a drawn level in another pen is no body.
_BODIES = np.zeros(256, np.bool_)
_BODIES[[Pen.rise, Pen.fall, Pen.rise_dim, Pen.fall_dim, Pen.area]] = True
_SHADE = np.arange(256, dtype=np.uint8)
_SHADE[Pen.rise], _SHADE[Pen.fall] = Pen.rise_dim, Pen.fall_dim


def _runs() -> NDArray[np.uint8]:
    """Bits of a cell's side with the dots from one row to another inked."""
    runs = np.zeros((2, 4, 4), np.uint8)
    for side in range(2):
        for top in range(4):
            for bottom in range(top, 4):
                runs[side, top, bottom] = DOTS[top : bottom + 1, side].sum()
    return runs


_RUNS = _runs()
