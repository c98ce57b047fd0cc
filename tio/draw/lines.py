"""Lines in braille (2 × 4 dots a cell) without gaps, areas in eighth blocks, over candles too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tio.draw.candles import THICK, THIN
from tio.draw.canvas import BLOCKS, BRAILLE, FULL, Canvas, Pen
from tio.draw.downsample import extremes
from tio.draw.scale import FAR, Floats, Ints, Scale

# Dot bits of a braille cell, [row, column]: U+2800 is the blank, the standard numbers the dots.
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8)
Span = tuple[NDArray[np.int64], NDArray[np.int64]]


def draw_line(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """Join the values at the middles of rising columns; a NaN breaks the line."""
    if len(columns) == 0 or not (pane.width and pane.height):
        return
    _draw_dots(pane, _between(scale, columns, values, pane.width), pen)


def draw_series(pane: Canvas, scale: Scale, values: Floats, pen: Pen) -> None:
    """Spread a series over the whole width; a longer one keeps the extremes of every dot."""
    if not (len(values) and pane.width and pane.height):
        return
    dots = 2 * pane.width
    if len(values) <= dots:
        at = np.linspace(0, dots - 1, len(values)) if len(values) > 1 else np.zeros(1)
        _draw_dots(pane, _joined(scale, _spread(at, values, dots)), pen)
        return
    _draw_dots(pane, _joined_ranges(scale, extremes(values, dots)), pen)


def draw_area(pane: Canvas, scale: Scale, columns: Ints, values: Floats, fill: Pen) -> None:
    """Fill from the bottom of the pane up to the values, in eighths of a row."""
    known = np.isfinite(values)
    if not known.any() or not (pane.width and pane.height):
        return
    at = np.arange(pane.width)
    level = np.interp(at, columns[known], values[known])
    first = int(columns[known][0])
    last = int(columns[known][-1])
    height = 8 * pane.height - scale.steps(level, 8)
    filled = np.clip(height - 8 * np.arange(pane.height)[::-1, None], 0, 8)
    inside = (filled > 0) & (at >= first) & (at <= last) & _unbroken(columns, values, pane.width)
    pane.stamp(inside, BLOCKS[filled], fill)


def _between(scale: Scale, columns: Ints, values: Floats, width: int) -> Span:
    """Dots of a line through the columns' middles, flat to the edges of the outer cells."""
    return _joined(scale, _spread(2.0 * columns.astype(np.float64) + 0.5, values, 2 * width))


def _spread(at: Floats, values: Floats, dots: int) -> Floats:
    """Values at every dot column, straight between neighbours; NaN outside and beside a NaN."""
    x = np.arange(dots, dtype=np.float64)
    known = np.isfinite(values)
    if not known.any():
        return np.full(dots, np.nan)
    line = np.interp(x, at, np.where(known, values, np.nan))
    reach = (at[1] - at[0]) / 2 if len(at) > 1 and at[1] - at[0] < 3 else 0.5
    # Between a value and a hole np.interp says NaN: the half next to the value is the value's.
    near = np.clip(np.searchsorted(at, x, side="right") - 1, 0, len(at) - 1)
    after = np.clip(near + 1, 0, len(at) - 1)
    nearest = np.where(np.abs(x - at[near]) <= np.abs(at[after] - x), near, after)
    close = np.abs(x - at[nearest]) <= reach
    line = np.where(np.isnan(line) & close, values[nearest], line)
    line[(x < at[0] - reach) | (x > at[-1] + reach)] = np.nan
    return line


def _joined(scale: Scale, line: Floats) -> Span:
    """Top and bottom dot of each dot column, grown so that neighbours touch; empty where NaN."""
    return _joined_ranges(scale, (line, line, line, line))


def _joined_ranges(scale: Scale, parts: tuple[Floats, Floats, Floats, Floats]) -> Span:
    first, low, high, last = (_dot(scale, part) for part in parts)
    known = np.isfinite(parts[0])
    top, bottom = high.copy(), low.copy()
    step = np.where(known[1:] & known[:-1], first[1:] - last[:-1], 0)
    middle = (first[1:] + last[:-1]) // 2
    falls, climbs = step > 1, step < -1
    bottom[:-1] = np.where(falls, np.maximum(bottom[:-1], middle), bottom[:-1])
    top[1:] = np.where(falls, np.minimum(top[1:], middle + 1), top[1:])
    top[:-1] = np.where(climbs, np.minimum(top[:-1], middle + 1), top[:-1])
    bottom[1:] = np.where(climbs, np.maximum(bottom[1:], middle), bottom[1:])
    return np.where(known, top, 1), np.where(known, bottom, 0)


def _dot(scale: Scale, values: Floats) -> Ints:
    """Dot rows from the top, the pane's own border counted inside."""
    place = np.nan_to_num(scale.place(values, 4), nan=0.0, posinf=FAR, neginf=-FAR)
    dots = np.floor(np.clip(place, -FAR, FAR)).astype(np.int64)
    return np.where(place == 4 * scale.rows, 4 * scale.rows - 1, dots)


def _draw_dots(pane: Canvas, span: Span, pen: Pen) -> None:
    """Ink the dots from top to bottom of every dot column."""
    top, bottom = span
    rows = np.arange(4 * pane.height)[:, None]
    mask = (rows >= top) & (rows <= bottom)
    cells = mask.reshape(pane.height, 4, pane.width, 2)
    bits = np.zeros((pane.height, pane.width), np.uint8)
    for row in range(4):
        for column in range(2):
            bits |= cells[:, row, :, column] * DOTS[row, column]
    _lay_over(pane, bits, pen)


def _lay_over(pane: Canvas, bits: NDArray[np.uint8], pen: Pen) -> None:
    """Put braille on the pane: a block below becomes the ground, another line's dots stay."""
    inked = bits != 0
    glyph = pane.glyph
    body = pane.blocks() | np.isin(glyph, _FLAT)
    under = inked & body & ((pane.ink != Pen.area) | (glyph == FULL))
    np.copyto(pane.ground, _SHADE[pane.ink], where=under)
    braille = (glyph >= BRAILLE) & (glyph < BRAILLE + 256)
    bits = bits | np.where(braille, glyph - BRAILLE, 0).astype(np.uint8)
    pane.stamp(inked, BRAILLE + bits.astype(np.uint32), pen)


def _unbroken(columns: Ints, values: Floats, width: int) -> NDArray[np.bool_]:
    """True at the columns that do not lie beside a hole of the series."""
    line = np.interp(np.arange(width), columns, values)
    return np.isfinite(line)


_FLAT = np.concatenate((THIN, THICK))
_SHADE = np.arange(256, dtype=np.uint8)
_SHADE[Pen.rise], _SHADE[Pen.fall] = Pen.rise_dim, Pen.fall_dim

__all__ = ["DOTS", "draw_area", "draw_line", "draw_series"]
