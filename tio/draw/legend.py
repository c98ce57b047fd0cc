"""The line above a chart: the bar under the crosshair, or the newest, and what is drawn over it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tio.draw.canvas import Canvas, Pen
from tio.draw.columns import Columns
from tio.draw.table import arrow, cell_width, price, signed_percent, volume
from tio.draw.view import ChartView, Overlay

Piece = tuple[str, Pen]


def draw_legend(
    canvas: Canvas, bars: Columns, view: ChartView, overlays: Sequence[Overlay] = ()
) -> None:
    """Fill row 0: prices, change and volume of a bar, overlays, the caller's pieces.

    What does not fit is left out from the right; a group is shown whole or not at all.
    """
    at = len(bars) - 1 if view.end is None else min(view.end, len(bars)) - 1
    if view.crosshair is not None and 0 <= view.crosshair < len(bars):
        at = view.crosshair
    if at < 0:
        return
    x = 0
    groups = [_prices(bars, at, view), _volume(bars, at, view)]
    groups += [_overlay(overlay, at, view) for overlay in overlays]
    groups += [[piece] for piece in view.pieces]
    for group in groups:
        length = sum(cell_width(text) for text, _ in group)
        if not group or x + length > canvas.width:
            continue
        for text, pen in group:
            x = canvas.put(x, 0, text, pen)
        x += 2


def _prices(bars: Columns, at: int, view: ChartView) -> list[Piece]:
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
    return [*pieces, (f" {arrow(change)} {signed_percent(change)}", pen)]


def _volume(bars: Columns, at: int, view: ChartView) -> list[Piece]:
    quantity = float(bars.volume[at])
    if not view.volume or np.isnan(quantity) or view.width < 60:
        return []
    return [("V ", Pen.muted), (volume(quantity), Pen.text)]


def _overlay(overlay: Overlay, at: int, view: ChartView) -> list[Piece]:
    """The name in its line's pen; under the crosshair with its value."""
    known = view.crosshair is not None and at < len(overlay.values)
    figure = f" {price(float(overlay.values[at]), view.decimals)}" if known else ""
    return [(overlay.name + figure, overlay.pen)]
