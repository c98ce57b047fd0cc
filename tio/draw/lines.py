"""Lines in braille (2 × 4 dots a cell) without gaps, areas in eighth blocks, over candles too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tio.draw.candles import THICK, THIN
from tio.draw.canvas import BLOCKS, BRAILLE, FULL, REVERSE, Canvas, Pen
from tio.draw.downsample import extremes
from tio.draw.scale import FAR, Floats, Ints, Scale

# Dot bits of a braille cell, [row, column]: U+2800 is the blank, the standard numbers the dots.
DOTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.uint8)
Span = tuple[NDArray[np.int64], NDArray[np.int64]]
Parts = tuple[Floats, Floats, Floats, Floats]


def draw_line(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """Join the values at the middles of rising columns; a NaN breaks the line."""
    if len(columns) == 0 or not (pane.width and pane.height):
        return
    draw_dots(pane, *_between(scale, columns, values, pane.width), pen)


def draw_series(pane: Canvas, scale: Scale, values: Floats, pen: Pen) -> None:
    """Spread a series over the whole width; a longer one keeps the extremes of every dot."""
    if not (len(values) and pane.width and pane.height):
        return
    dots = 2 * pane.width
    if len(values) <= dots:
        at = np.linspace(0, dots - 1, len(values)) if len(values) > 1 else np.zeros(1)
        draw_dots(pane, *_joined(scale, _spread(at, values, dots)), pen)
        return
    draw_dots(pane, *_joined_ranges(scale, extremes(values, dots)), pen)


def draw_ranges(pane: Canvas, scale: Scale, column: int, parts: Parts, pen: Pen) -> None:
    """Join spans of values, two a cell from a column on: their first, lowest, highest and last."""
    if not (pane.width and pane.height):
        return
    at = 2 * column
    wide = np.full((4, 2 * pane.width), np.nan)
    inside = slice(max(-at, 0), max(2 * pane.width - at, 0))
    for row, part in zip(wide, parts, strict=True):
        shown = part[inside]
        row[max(at, 0) : max(at, 0) + len(shown)] = shown
    first, low, high, last = wide
    draw_dots(pane, *_joined_ranges(scale, (first, low, high, last)), pen)


def draw_steps(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """Each value level over its bar's share of the width, joined by upright lines."""
    if not len(columns) or not (pane.width and pane.height):
        return
    half = (int(columns[1] - columns[0]) if len(columns) > 1 else 1) / 2
    x = (np.arange(2 * pane.width) + 0.5) / 2
    middle = columns + 0.5
    at = np.clip(np.searchsorted(middle + half, x), 0, len(columns) - 1)
    level = np.where(np.abs(x - middle[at]) <= half, values[at], np.nan)
    draw_dots(pane, *_joined(scale, level), pen)


def draw_points(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """One dot a bar."""
    keep = np.isfinite(values) & (columns >= 0) & (columns < pane.width)
    if not keep.any() or not pane.height:
        return
    top = np.full(2 * pane.width, 1)
    bottom = np.full(2 * pane.width, 0)
    at = 2 * columns[keep]
    top[at] = bottom[at] = _dot(scale, values[keep])
    draw_dots(pane, top, bottom, pen)


def draw_segment(
    pane: Canvas, start: tuple[float, float], end: tuple[float, float], pen: Pen
) -> None:
    """A straight line between two points in cells from the left and rows from above."""
    if not (pane.width and pane.height and np.isfinite([*start, *end]).all()):
        return
    (x0, y0), (x1, y1) = sorted((start, end))
    x = (np.arange(2 * pane.width) + 0.5) / 2
    rows = Scale(0.0, float(pane.height), pane.height)
    upright = x1 - x0 < 0.5
    # A point in a cell's middle takes the dots on both sides of it.
    inside = (x > x0 - 0.26) & (x < (x0 if upright else x1) + 0.26)
    if upright:
        span = np.where(inside, y0, np.nan), np.where(inside, y1, np.nan)
        low, high = pane.height - np.fmax(*span), pane.height - np.fmin(*span)
        draw_dots(pane, *_joined_ranges(rows, (low, low, high, high)), pen)
        return
    y = y0 + (y1 - y0) * np.clip((x - x0) / (x1 - x0), 0.0, 1.0)
    draw_dots(pane, *_joined(rows, np.where(inside, pane.height - y, np.nan)), pen)


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
    reach = (at[1] - at[0]) / 2 if len(at) > 1 and at[1] - at[0] < 3 else 0.5
    if known.all():
        line = np.interp(x, at, values)
        line[(x < at[0] - reach) | (x > at[-1] + reach)] = np.nan
        return line
    if not known.any():
        return np.full(dots, np.nan)
    line = np.interp(x, at, np.where(known, values, np.nan))
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
    dots = _dot(scale, line)
    return _touching(np.isfinite(line), dots, dots, dots, dots)


def _joined_ranges(scale: Scale, parts: Parts) -> Span:
    first, low, high, last = _dot(scale, np.stack(parts))
    return _touching(np.isfinite(parts[0]), first, low, high, last)


def _touching(known: NDArray[np.bool_], first: Ints, low: Ints, high: Ints, last: Ints) -> Span:
    """Spans from highest to lowest dot, each grown half the way to its neighbours."""
    top, bottom = high.copy(), low.copy()
    step = np.where(known[1:] & known[:-1], first[1:] - last[:-1], 0)
    middle = (first[1:] + last[:-1]) // 2
    falls, climbs = np.flatnonzero(step > 1), np.flatnonzero(step < -1)
    bottom[falls] = np.maximum(bottom[falls], middle[falls])
    top[falls + 1] = np.minimum(top[falls + 1], middle[falls] + 1)
    top[climbs] = np.minimum(top[climbs], middle[climbs] + 1)
    bottom[climbs + 1] = np.maximum(bottom[climbs + 1], middle[climbs])
    top[~known], bottom[~known] = 1, 0
    return top, bottom


def _dot(scale: Scale, values: Floats) -> Ints:
    """Dot rows from the top, the pane's own border counted inside; anything where NaN."""
    place = scale.place(values, 4)
    dots = np.floor(np.minimum(np.maximum(place, -FAR), FAR))
    dots[np.isnan(dots)] = 0
    dots[place == 4 * scale.rows] = 4 * scale.rows - 1
    return dots.astype(np.int64)


def draw_dots(pane: Canvas, top: Ints, bottom: Ints, pen: Pen) -> None:
    """Ink the dots from top to bottom, counted from above, of every dot column of the pane."""
    last = 4 * pane.height - 1
    shown = np.flatnonzero((bottom >= 0) & (top <= last) & (top <= bottom))
    if not len(shown):
        return
    top, bottom = np.maximum(top[shown], 0), np.minimum(bottom[shown], last)
    first = top >> 2
    tall = (bottom >> 2) - first + 1
    # Each dot column becomes one entry a cell it touches.
    ends = np.cumsum(tall)
    which = np.repeat(np.arange(len(shown)), tall)
    rows = np.arange(int(ends[-1])) - (ends - tall - first)[which]
    above = np.maximum(top[which] - 4 * rows, 0)
    below = np.minimum(bottom[which] - 4 * rows, 3)
    dot = shown[which]
    sides = np.zeros((2, pane.height * pane.width), np.uint8)
    side = dot & 1
    sides[side, rows * pane.width + (dot >> 1)] = _RUNS[side, above, below]
    bits = sides[0] | sides[1]
    at = np.flatnonzero(bits)
    rows = at // pane.width
    lay_over(pane, rows, at - rows * pane.width, bits[at], pen)


def lay_over(pane: Canvas, rows: Ints, columns: Ints, bits: NDArray[np.uint8], pen: Pen) -> None:
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
    pane.ink[rows, columns] = pen
    pane.flags[rows, columns] = 0


def _shade(pane: Canvas, rows: Ints, columns: Ints) -> None:
    """Turn cells with a block or a flat body into a ground of its colour."""
    glyph, ink = pane.glyph[rows, columns], pane.ink[rows, columns]
    reversed_ = (pane.flags[rows, columns] & REVERSE) >> 1
    keep = _HALF[reversed_, np.minimum(glyph - np.uint32(0x2580), 9)]
    small = np.flatnonzero(~keep)
    if len(small):
        above, below = rows[small] - 1, rows[small] + 1
        keep[small] = ~(_body(pane, above, columns[small]) | _body(pane, below, columns[small]))
    keep &= (ink != Pen.area) | (glyph == FULL)
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


def _unbroken(columns: Ints, values: Floats, width: int) -> NDArray[np.bool_]:
    """True at the columns that do not lie beside a hole of the series."""
    line = np.interp(np.arange(width), columns, values)
    return np.isfinite(line)


# Which of the box lines from U+2500 on are a body too flat for a block.
_FLAT = np.zeros(65, np.bool_)
_FLAT[(np.concatenate((THIN, THICK)) & 0x3F).astype(np.int64)] = True
# Whether a block of 0 to 8 eighths, or a flat body (9), fills half a cell; and so reversed.
_HALF = np.array([[n >= 4 for n in range(9)] + [False], [n <= 4 for n in range(9)] + [False]])
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
