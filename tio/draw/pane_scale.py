"""The scale of each pane, from what is in sight."""

from __future__ import annotations

import math

import numpy as np

from tio.draw.axes import round_step
from tio.draw.columns import Columns
from tio.draw.sampled import extent
from tio.draw.scale import Floats, Ints, Scale, scale_over
from tio.draw.table import price, volume
from tio.draw.view import ChartKind, ChartView, Compared, Stroke, SubPane

# Overlays may widen the scale of prices by so much of the bars' own span on either side.
WIDENED = 0.3
# Beyond it sums of prices are no numbers any more.
HUGE = 1e300


def price_scale(bars: Columns, view: ChartView, bounds: Ints, shown: Columns, rows: int) -> Scale:
    """The scale of the bars shown, widened a little for overlays, wholly for what is compared."""
    closing = view.kind in (ChartKind.line, ChartKind.area)
    low, high = (shown.low, shown.high) if not closing else _closes(bars, bounds)
    if not np.isfinite(low).any():
        low, high = low[:0], high[:0]
    low, high = low[np.isfinite(low)], high[np.isfinite(high)]
    base = base_of(bars.close, bounds)
    kind = "percent" if view.compared else view.scale
    if len(low) and len(high):
        low, high = _widened(view, bounds, low, high)
    pairs = [_compared_extent(other, base, bounds) for other in view.compared]
    lows = np.concatenate((low, [pair[0] for pair in pairs]))
    highs = np.concatenate((high, [pair[1] for pair in pairs]))
    return scale_over(lows, highs, rows, kind, base)


def base_of(close: Floats, bounds: Ints) -> float:
    """The first known value in sight, 0 when there is none."""
    part = close[int(bounds[0]) : int(bounds[-1])]
    for chunk in range(0, len(part), 4096):
        known = np.flatnonzero(np.isfinite(part[chunk : chunk + 4096]))
        if len(known):
            return float(part[chunk + known[0]])
    return 0.0


def rebasing(other: Compared, base: float, bounds: Ints) -> float:
    """What another instrument's closes are multiplied by so that its first in sight is `base`.

    NaN where there is none, or either is zero.
    """
    own = base_of(other.values, bounds)
    return base / own if own and base else math.nan


def pane_scale(pane: SubPane, bounds: Ints, rows: int) -> Scale:
    """The scale of a sub-pane: its values and guides; zero at a row's edge under a histogram."""
    pairs = [extent(line.values, bounds, line.shift) for line in pane.lines]
    known = [value for pair in pairs for value in pair if math.isfinite(value)]
    bars = any(line.stroke is Stroke.histogram for line in pane.lines)
    known += [*pane.guides] + ([0.0] if bars else [])
    values = np.array(known, np.float64)
    scale = scale_over(values, values, rows)
    if bars and rows > 1 and -HUGE < scale.lo < 0 < scale.hi < HUGE:
        above = min(max(round(rows * scale.hi / (scale.hi - scale.lo)), 1), rows - 1)
        unit = max(scale.hi / above, -scale.lo / (rows - above))
        return Scale(-unit * (rows - above), unit * above, rows)
    return scale


def figure_label(value: float, scale: Scale, finer: int = 0) -> str:
    """A value of a sub-pane in at most seven cells or so, with so many decimals more."""
    size = max(abs(scale.lo), abs(scale.hi))
    if size >= 99_999.5:
        return volume(value)
    step = round_step(scale.hi - scale.lo, 4 + 8 * finer)
    decimals = min(max(-math.floor(math.log10(step) + 1e-9), 0) + finer, 8) if step > 0 else 2
    return price(value, decimals)


def _compared_extent(other: Compared, base: float, bounds: Ints) -> tuple[float, float]:
    times = rebasing(other, base, bounds)
    low, high = extent(other.values, bounds)
    return min(low * times, high * times), max(low * times, high * times)


def _closes(bars: Columns, bounds: Ints) -> tuple[Floats, Floats]:
    low, high = extent(bars.close, bounds)
    return np.array([low]), np.array([high])


def _widened(view: ChartView, bounds: Ints, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The lowest and highest price with what overlays and clouds reach, as far as allowed."""
    series = [(line.values, line.shift) for line in view.overlays]
    for cloud in view.clouds:
        series += [(cloud.upper, cloud.shift), (cloud.lower, cloud.shift)]
    lo, hi = float(min(low.min(), high.max())), float(max(low.min(), high.max()))
    room = (hi / 2 - lo / 2) * 2 * WIDENED
    least, most = lo - room, hi + room
    if view.scale == "log" and lo > 0:
        ratio = (hi / lo) ** WIDENED
        least, most = lo / ratio, hi * ratio
    for values, shift in series:
        under, over = extent(values, bounds, shift)
        if math.isfinite(under):
            lo, hi = min(lo, max(under, least)), max(hi, min(over, most))
    return np.append(low, lo), np.append(high, hi)
