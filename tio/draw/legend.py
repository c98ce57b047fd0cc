"""The lines above a chart: the bar under the crosshair, or the newest, and what lies over it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from tio.draw.canvas import Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.scale import Floats
from tio.draw.table import arrow, cell_width, price, signed_percent, volume
from tio.draw.view import ChartView, Compared, Overlay

Piece = tuple[str, Pen]
Line = tuple[tuple[Piece, ...], ...]
"""Groups of pieces; a group is shown whole or not at all."""

MOST_LINES = 2
GAP = 2


def legend_lines(bars: Columns, view: ChartView) -> tuple[Line, ...]:
    """One line or two: prices, change and volume of a bar, what is compared, overlays, pieces.

    What does not fit the first line goes to a second (on charts of 18 rows or more), overlays by
    name alone where their values do not fit either; what is left over is counted: `+2`.
    """
    at = told_bar(view, len(bars))
    if not view.legend or view.height < 8 or view.width < 24 or at < 0:
        return ()
    head = [group for group in (_prices(bars, at, view), _volume(bars, at, view)) if group]
    rest = [_compared(other, at, view, len(bars)) for other in view.compared]
    rest += [_overlay(line, at, view, True) for line in view.overlays if line.name]
    rest += [(piece,) for piece in view.pieces]
    lines = MOST_LINES if view.height >= 18 else 1
    found = _filled([*head, *rest], view.width, lines)
    if found is None:
        named = [_compared(other, at, view, len(bars)) for other in view.compared]
        named += [_overlay(line, at, view, False) for line in view.overlays if line.name]
        found = _trimmed(head, named + [(piece,) for piece in view.pieces], view.width, lines)
    return found


def draw_legend(canvas: Canvas, lines: Sequence[Line]) -> None:
    """Write the lines from row 0 on."""
    for row, line in enumerate(lines):
        x = 0
        for group in line:
            for text, pen in group:
                x = canvas.put(x, row, text, pen)
            x += GAP


def told_bar(view: ChartView, count: int) -> int:
    """The bar whose figures are told: under the crosshair, else the newest in sight; −1 without."""
    if view.crosshair is not None and 0 <= view.crosshair < count:
        return view.crosshair
    return count - 1 if view.end is None else min(view.end, count) - 1


def value_at(line: Overlay, at: int, newest: bool) -> float:
    """An overlay's value over a bar; over the newest one its last of three, should it lag."""
    index = at - line.shift
    if 0 <= index < len(line.values) and not math.isnan(line.values[index]):
        return float(line.values[index])
    if not newest:
        return math.nan
    tail: Floats = line.values[max(index - 2, 0) : max(index + 1, 0)]
    known = tail[~np.isnan(tail)]
    return float(known[-1]) if len(known) else math.nan


def width_of(group: Sequence[Piece]) -> int:
    """The cells a group takes."""
    return sum(cell_width(text) for text, _ in group)


def _filled(groups: Sequence[tuple[Piece, ...]], width: int, lines: int) -> tuple[Line, ...] | None:
    """The groups in so many lines, None when they do not fit."""
    found: list[list[tuple[Piece, ...]]] = [[]]
    used = 0
    for group in groups:
        length = width_of(group)
        if used + length > width and found[-1]:
            if len(found) == lines:
                return None
            found.append([])
            used = 0
        if length > width:
            return None
        found[-1].append(group)
        used += length + GAP
    return tuple(tuple(line) for line in found)


def _trimmed(
    head: Sequence[tuple[Piece, ...]], rest: list[tuple[Piece, ...]], width: int, lines: int
) -> tuple[Line, ...]:
    """As many groups as fit, and how many do not."""
    for kept in range(len(rest), 0, -1):
        more = len(rest) - kept
        tail: list[tuple[Piece, ...]] = [((f"+{more}", Pen.muted),)] if more else []
        found = _filled([*head, *rest[:kept], *tail], width, lines)
        if found is not None:
            return found
    for kept in range(len(head), 0, -1):
        found = _filled(head[:kept], width, lines)
        if found is not None:
            return found
    return ()


def _prices(bars: Columns, at: int, view: ChartView) -> tuple[Piece, ...]:
    """`O 349.44 H 350.72 L 348.15 C 350.58 ▲ 0.65%`, or the close alone on a narrow chart."""
    close = float(bars.close[at])
    before = float(bars.close[at - 1]) if at else float(bars.open[at])
    change = (close / before - 1) * 100 if before else float("nan")
    pen = Pen.fall if change < 0 else Pen.rise if change > 0 else Pen.text
    pieces: list[Piece] = []
    if view.width >= 60:
        for letter, column in (("O", bars.open), ("H", bars.high), ("L", bars.low)):
            pieces += [(f"{letter} ", Pen.muted)]
            pieces += [(f"{price(float(column[at]), view.decimals)} ", Pen.text)]
    pieces += [("C ", Pen.muted), (price(close, view.decimals), pen)]
    return (*pieces, (f" {arrow(change)} {signed_percent(change)}", pen))


def _volume(bars: Columns, at: int, view: ChartView) -> tuple[Piece, ...]:
    quantity = float(bars.volume[at])
    if not view.volume or np.isnan(quantity) or view.width < 60:
        return ()
    return (("V ", Pen.muted), (volume(quantity), Pen.text))


def _overlay(line: Overlay, at: int, view: ChartView, figures: bool) -> tuple[Piece, ...]:
    """The name and the value in its line's pen."""
    if not figures:
        return ((line.name, line.pen),)
    value = value_at(line, at, at == told_bar(view, at + 1) and view.crosshair is None)
    return ((f"{line.name} {price(value, view.decimals)}", line.pen),)


def _compared(other: Compared, at: int, view: ChartView, count: int) -> tuple[Piece, ...]:
    """The name and the change since the first bar in sight."""
    start = min(max(view.start, 0), max(count - 1, 0))
    part = other.values[start : at + 1]
    known = part[np.isfinite(part)] if len(part) < 100_000 else part[[0, -1]]
    change = (float(known[-1]) / float(known[0]) - 1) * 100 if len(known) and known[0] else math.nan
    return ((f"{other.name} {signed_percent(change)}", other.pen),)
