"""Lines in braille (2 × 4 dots a cell) without gaps, areas in eighth blocks, over candles too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tio.draw.canvas import BLOCKS, Canvas, Pen
from tio.draw.dots import draw_dots
from tio.draw.downsample import extremes
from tio.draw.scale import FAR, Floats, Ints, Scale

Span = tuple[NDArray[np.int64], NDArray[np.int64]]


def draw_line(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """Join the values at the middles of rising columns; a NaN breaks the line."""
    draw_lines(pane, scale, columns, [values], [pen])


def draw_lines(
    pane: Canvas, scale: Scale, columns: Ints, values: Sequence[Floats], pens: Sequence[Pen]
) -> None:
    """Several lines at the same columns, the last one uppermost."""
    if not (len(columns) and len(values) and pane.width and pane.height):
        return
    at = 2.0 * columns.astype(np.float64) + 0.5
    lines = np.stack([_spread(at, one, 2 * pane.width) for one in values])
    draw_dots(pane, *_joined(scale, lines), pens)


def draw_series(pane: Canvas, scale: Scale, values: Floats, pen: Pen) -> None:
    """Spread a series over the whole width; a longer one keeps the extremes of every dot."""
    if not (len(values) and pane.width and pane.height):
        return
    dots = 2 * pane.width
    if len(values) <= dots:
        at = np.linspace(0, dots - 1, len(values)) if len(values) > 1 else np.zeros(1)
        draw_dots(pane, *_joined(scale, _spread(at, values, dots)[None]), [pen])
        return
    draw_dots(pane, *_joined_ranges(scale, np.stack(extremes(values, dots))[:, None]), [pen])


def draw_ranges(
    pane: Canvas, scale: Scale, column: int, lines: Sequence[Floats], pens: Sequence[Pen]
) -> None:
    """Join spans of values, two a cell from a column on: their first, lowest, highest and last."""
    if not (len(lines) and pane.width and pane.height):
        return
    at = 2 * column
    wide = np.full((4, len(lines), 2 * pane.width), np.nan)
    inside = slice(max(-at, 0), max(2 * pane.width - at, 0))
    for index, parts in enumerate(lines):
        shown = parts[:, inside]
        wide[:, index, max(at, 0) : max(at, 0) + shown.shape[1]] = shown
    draw_dots(pane, *_joined_ranges(scale, wide), pens)


def draw_steps(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """Each value level over its bar's share of the width, joined by upright lines."""
    if not len(columns) or not (pane.width and pane.height):
        return
    half = (int(columns[1] - columns[0]) if len(columns) > 1 else 1) / 2
    x = (np.arange(2 * pane.width) + 0.5) / 2
    middle = columns + 0.5
    at = np.clip(np.searchsorted(middle + half, x), 0, len(columns) - 1)
    level = np.where(np.abs(x - middle[at]) <= half, values[at], np.nan)
    draw_dots(pane, *_joined(scale, level[None]), [pen])


def draw_points(pane: Canvas, scale: Scale, columns: Ints, values: Floats, pen: Pen) -> None:
    """One dot a bar."""
    keep = np.isfinite(values) & (columns >= 0) & (columns < pane.width)
    if not keep.any() or not pane.height:
        return
    top = np.full(2 * pane.width, 1)
    bottom = np.full(2 * pane.width, 0)
    at = 2 * columns[keep]
    top[at] = bottom[at] = _dot(scale, values[keep])
    draw_dots(pane, top[None], bottom[None], [pen])


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
        draw_dots(pane, *_joined_ranges(rows, np.stack((low, low, high, high))[:, None]), [pen])
        return
    y = y0 + (y1 - y0) * np.clip((x - x0) / (x1 - x0), 0.0, 1.0)
    draw_dots(pane, *_joined(rows, np.where(inside, pane.height - y, np.nan)[None]), [pen])


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


def _joined(scale: Scale, lines: Floats) -> Span:
    """Top and bottom dot of each line's dot columns, grown so that neighbours touch.

    The shape is (lines, dot columns); empty where NaN.
    """
    dots = _dot(scale, lines)
    return _touching(np.isfinite(lines), dots, dots, dots, dots)


def _joined_ranges(scale: Scale, parts: Floats) -> Span:
    """The same of first, lowest, highest and last values: shape (4, lines, dot columns)."""
    first, low, high, last = _dot(scale, parts)
    return _touching(np.isfinite(parts[0]), first, low, high, last)


def _touching(known: NDArray[np.bool_], first: Ints, low: Ints, high: Ints, last: Ints) -> Span:
    """Spans from highest to lowest dot, each grown half the way to its neighbours."""
    top, bottom = high.copy(), low.copy()
    step = np.where(known[:, 1:] & known[:, :-1], first[:, 1:] - last[:, :-1], 0)
    middle = (first[:, 1:] + last[:, :-1]) // 2
    falls, climbs = np.nonzero(step > 1), np.nonzero(step < -1)
    here_top, here_bottom = top[:, :-1], bottom[:, :-1]
    next_top, next_bottom = top[:, 1:], bottom[:, 1:]
    here_bottom[falls] = np.maximum(here_bottom[falls], middle[falls])
    next_top[falls] = np.minimum(next_top[falls], middle[falls] + 1)
    here_top[climbs] = np.minimum(here_top[climbs], middle[climbs] + 1)
    next_bottom[climbs] = np.maximum(next_bottom[climbs], middle[climbs])
    top[~known], bottom[~known] = 1, 0
    return top, bottom


def _dot(scale: Scale, values: Floats) -> Ints:
    """Dot rows from the top, the pane's own border counted inside; anything where NaN."""
    place = scale.place(values, 4)
    dots = np.floor(np.minimum(np.maximum(place, -FAR), FAR))
    dots[np.isnan(dots)] = 0
    dots[place == 4 * scale.rows] = 4 * scale.rows - 1
    return dots.astype(np.int64)


def _unbroken(columns: Ints, values: Floats, width: int) -> NDArray[np.bool_]:
    """True at the columns that do not lie beside a hole of the series."""
    line = np.interp(np.arange(width), columns, values)
    return np.isfinite(line)
