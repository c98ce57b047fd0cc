"""Candles and bars: bodies in eighths of a row, wicks in halves that touch their bodies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tio.draw.canvas import FULL, REVERSE, SPACE, Bools, Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.scale import Floats, Ints, Scale

PIPE, TAIL_DOWN, TAIL_UP, DOUBLE = 0x2502, 0x2577, 0x2575, 0x2551
# Bodies too flat for a block, with wicks: none, down, up, both.
THIN = np.array([ord(c) for c in "─┬┴┼"], np.uint32)
THICK = np.array([ord(c) for c in "━┯┷┿"], np.uint32)
# Box lines by the arms they have: 1 up, 2 down, 4 left, 8 right.
ARMS = np.array([ord(c) for c in " ╵╷│╴┘┐┤╶└┌├─┴┬┼"], np.uint32)


def draw_candles(
    pane: Canvas,
    scale: Scale,
    columns: Ints,
    bars: Columns,
    *,
    body_width: int = 1,
    hollow: bool = False,
) -> None:
    """Draw a candle at each column (its middle), over what is there, but not of bars with a NaN."""
    pens = _colours(bars, hollow)
    keep = _drawable(pane, columns, bars)
    if not keep.any():
        return
    columns, bars, pens = columns[keep], bars[keep], pens[keep]
    top, bottom, wick_top, wick_bottom = _edges(scale, bars)
    glyph, flags = _cells(pane.height, top, bottom, wick_top, wick_bottom)
    if hollow:
        _hollow(glyph, flags, bars.close >= bars.open)
    _write(pane, columns, glyph, flags, pens)
    if body_width > 1 and not hollow:
        glyph = _without_wick(glyph)
        for offset in range(1, body_width // 2 + 1):
            for side in (columns - offset, columns + offset):
                inside = (side >= 0) & (side < pane.width)
                _write(pane, side[inside], glyph[:, inside], flags[:, inside], pens[inside])


def draw_bars(pane: Canvas, scale: Scale, columns: Ints, bars: Columns) -> None:
    """Draw bars: a line from high to low, the open a tick on its left, the close on its right."""
    keep = _drawable(pane, columns, bars)
    if not keep.any():
        return
    columns, bars = columns[keep], bars[keep]
    top, bottom = scale.steps(bars.high, 8), scale.steps(bars.low, 8)
    rows = np.arange(pane.height)[:, None]
    middle = 8 * rows + 4
    up = (top < middle) & (bottom > 8 * rows)
    down = (bottom > middle) & (top < 8 * rows + 8)
    opens, closes = (_row(scale, pane.height, price) for price in (bars.open, bars.close))
    arms = up * 1 + down * 2 + (rows == opens) * 4 + (rows == closes) * 8
    pens = _colours(bars, False)
    _write(pane, columns, ARMS[arms], np.zeros_like(arms), pens)


def heikin_ashi(bars: Columns) -> Columns:
    """Averaged bars. D. Valcu, "Using the Heikin-Ashi technique", Stocks & Commodities, Feb 2004.

    Close is the mean of the four prices; open the mean of the last averaged open and close, started
    at the mean of the first open and close, and again after a bar with a NaN.
    """
    mean = (bars.open + bars.high + bars.low + bars.close) / 4
    opens: list[float] = []
    before = math.nan
    for opening, closing, average in zip(
        bars.open.tolist(), bars.close.tolist(), mean.tolist(), strict=True
    ):
        now = (opening + closing) / 2 if math.isnan(before) else before
        opens.append(math.nan if math.isnan(average) else now)
        before = (opens[-1] + average) / 2
    start = np.array(opens, np.float64)
    high = np.maximum(bars.high, np.maximum(start, mean))
    low = np.minimum(bars.low, np.minimum(start, mean))
    return Columns(bars.time, start, high, low, mean, bars.volume)


def _row(scale: Scale, rows: int, price: Floats) -> Ints:
    return np.clip(scale.steps(price, 8) // 8, 0, rows - 1)


def _drawable(pane: Canvas, columns: Ints, bars: Columns) -> Bools:
    """Which bars have all prices and a column on the pane."""
    prices = np.isfinite(bars.open) & np.isfinite(bars.close)
    prices &= np.isfinite(bars.high) & np.isfinite(bars.low)
    keep: Bools = prices & (columns >= 0) & (columns < pane.width) & (pane.height > 0)
    return keep


def _edges(scale: Scale, bars: Columns) -> tuple[Ints, Ints, Ints, Ints]:
    """Body top and bottom, wick top and bottom, in eighths from above; a body has at least one."""
    upper, lower = np.maximum(bars.open, bars.close), np.minimum(bars.open, bars.close)
    top, bottom, high, low = scale.steps(np.stack((upper, lower, bars.high, bars.low)), 8)
    flat = bottom <= top
    # A flat body takes the eighth below its price, or above where its wick or the pane ends.
    top = np.where(flat & ((top >= 8 * scale.rows) | ((low <= top) & (high < top))), top - 1, top)
    bottom = np.where(flat, top + 1, bottom)
    return top, bottom, np.minimum(high, top), np.maximum(low, bottom)


def _cells(
    rows: int, top: Ints, bottom: Ints, wick_top: Ints, wick_bottom: Ints
) -> tuple[NDArray[np.uint32], NDArray[Any]]:
    """Glyphs and flags of every candle, shape (rows, candles)."""
    # Sixteen bits are room for 4,000 rows and twice as fast as more.
    beyond = 8 * rows + 8
    edges = np.stack((top, bottom, wick_top, wick_bottom)).clip(-8, beyond).astype(np.int16)
    start = np.arange(0, 8 * rows, 8, dtype=np.int16)[:, None]
    above = (edges[:, None] - start).clip(0, 8)
    first, last, wick_first, wick_last = above
    up = (edges[2] < start) & (edges[0] >= start)
    down = (edges[3] > start + 8) & (edges[1] <= start + 8)
    split = (edges[1] - edges[0]) > (last - first)
    glyph = _WICKS[wick_first * 9 + wick_last]
    flags = np.zeros(glyph.shape, np.uint8)
    body = last > first
    at = (first[body] * 9 + last[body]) * 8 + up[body] * 4 + down[body] * 2 + split[body]
    glyph[body], flags[body] = _GLYPHS[at], _FLAGS[at]
    return glyph, flags


def _without_wick(glyph: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The same body for the columns beside the wick."""
    beside = glyph.copy()
    beside[np.isin(glyph, (PIPE, TAIL_DOWN, TAIL_UP))] = SPACE
    beside[np.isin(glyph, THIN[1:])] = THIN[0]
    beside[np.isin(glyph, THICK[1:])] = THICK[0]
    return beside


def _hollow(glyph: NDArray[np.uint32], flags: NDArray[Any], rising: Bools) -> None:
    """Turn the blocks of rising candles into outlines."""
    block = (glyph > 0x2580) & (glyph <= FULL) & rising
    glyph[block] = DOUBLE
    flags[block] = 0


def _colours(bars: Columns, hollow: bool) -> NDArray[np.uint8]:
    """Pen of each bar: against its own open; hollow candles against the close before."""
    before = np.concatenate((bars.open[:1], bars.close[:-1])) if hollow else bars.open
    return np.where(bars.close >= before, Pen.rise, Pen.fall).astype(np.uint8)


def _write(
    pane: Canvas,
    columns: Ints,
    glyph: NDArray[np.uint32],
    flags: NDArray[Any],
    pens: NDArray[np.uint8],
) -> None:
    """Put the inked cells of each candle into its column."""
    inked = glyph != SPACE
    at: Ints | slice = columns
    pitch = int(columns[1] - columns[0]) if len(columns) > 1 else 1
    if len(columns) and pitch > 0 and (np.diff(columns) == pitch).all():
        # Evenly spaced columns are a view, which is written to without a copy.
        at = slice(int(columns[0]), int(columns[-1]) + 1, pitch)
    for cells, values in ((pane.glyph, glyph), (pane.ink, pens), (pane.flags, flags)):
        if isinstance(at, slice):
            np.copyto(cells[:, at], values, where=inked, casting="unsafe")
        else:
            cells[:, at] = np.where(inked, values, cells[:, at])


def _forms() -> list[tuple[float, float, bool, bool, int, int]]:
    """Each glyph of a body's cell: top, bottom (eighths), arms up, down, code point, flags."""
    forms: list[tuple[float, float, bool, bool, int, int]] = [(0, 8, True, True, FULL, 0)]
    for level in range(1, 8):
        forms.append((8 - level, 8, False, True, FULL - 8 + level, 0))
        forms.append((0, 8 - level, True, False, FULL - 8 + level, REVERSE))
    for arms in range(4):
        down, up = bool(arms & 1), bool(arms & 2)
        forms.append((3.5, 4.5, up, down, int(THIN[arms]), 0))
        forms.append((3, 5, up, down, int(THICK[arms]), 0))
    return forms


def _nearest() -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The nearest glyph for each body cell, by top, bottom, wick up, wick down, body goes on."""
    glyphs, flags = np.full(9 * 9 * 8, SPACE, np.uint32), np.zeros(9 * 9 * 8, np.uint8)
    forms = _forms()
    for top in range(9):
        for bottom in range(top + 1, 9):
            for situation in range(8):
                up, down, split = bool(situation & 4), bool(situation & 2), bool(situation & 1)
                chosen, best = (FULL, 0), 99.0
                for first, last, arm_up, arm_down, code, flag in forms:
                    line = first != 0 and last != 8
                    if line and (split or (up, down) != (arm_up, arm_down)):
                        continue
                    if not line and ((up and first > 0) or (down and last < 8)):
                        continue
                    error = abs(first - top) + abs(last - bottom)
                    if error < best:
                        chosen, best = (code, flag), error
                if split and (up or down) and 8 - (bottom - top) > 4:
                    chosen = (PIPE, 0)
                index = (top * 9 + bottom) * 8 + situation
                glyphs[index], flags[index] = chosen
    return glyphs, flags


def _wicks() -> NDArray[np.uint32]:
    """The glyph of a wick that fills a cell from its first to its last eighth, in half cells."""
    glyphs = np.full((9, 9), SPACE, np.uint32)
    for first in range(8):
        for last in range(first + 1, 9):
            glyphs[first, last] = TAIL_DOWN if first >= 4 else TAIL_UP if last <= 4 else PIPE
    return glyphs.ravel()


_GLYPHS, _FLAGS = _nearest()
_WICKS = _wicks()
