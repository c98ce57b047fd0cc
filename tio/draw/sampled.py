"""A series at the slots of a chart: one value a slot, or the extremes of its two halves."""

from __future__ import annotations

import numpy as np

from tio.draw.blocks import SIZES, firsts, lasts, reduced, whole
from tio.draw.scale import Floats, Ints

# Shorter stretches are searched as they are.
LONG = 20_000


def last_each(values: Floats, bounds: Ints, shift: int = 0) -> Floats:
    """The last known value of each slot, drawn `shift` bars ahead; NaN where the series is not."""
    out = np.full(max(len(bounds) - 1, 0), np.nan)
    moved, some = _inside(values, bounds, shift)
    if some.stop > some.start:
        if single(bounds):
            out[some] = values[moved[some.start] : moved[some.stop]]
        else:
            out[some] = lasts(values, moved[some.start : some.stop + 1])
    return out


def halves_each(values: Floats, bounds: Ints, shift: int = 0) -> Floats:
    """First, lowest, highest and last of both halves of each slot: shape (4, 2 × slots)."""
    count = max(len(bounds) - 1, 0)
    out = np.full((4, 2 * count), np.nan)
    size = next((s for s in SIZES if not (bounds[1:-1] % s).any()), 1) if count > 3 else 1
    moved, some = _inside(values, bounds, shift // size * size)
    if some.stop > some.start:
        part = moved[some.start : some.stop + 1]
        middle = np.maximum((part[:-1] + part[1:]) // 2 // size * size, part[:-1])
        both = np.empty(2 * len(part) - 1, np.int64)
        both[::2], both[1::2] = part, middle
        at = slice(2 * some.start, 2 * some.stop)
        out[0, at] = firsts(values, both)
        out[1, at] = reduced(values, both, "low")
        out[2, at] = reduced(values, both, "high")
        out[3, at] = lasts(values, both)
        # A slot too short to be cut in two has all in its second half.
        whole = 2 * (some.start + np.flatnonzero(middle == part[:-1]))
        out[:, whole] = out[:, whole + 1]
    return out


def extent(values: Floats, bounds: Ints, shift: int = 0) -> tuple[float, float]:
    """The lowest and highest value in sight, NaN when there is none."""
    moved, some = _inside(values, bounds, shift)
    if some.stop <= some.start:
        return np.nan, np.nan
    start, end = int(moved[some.start]), int(moved[some.stop])
    low = high = values[start:end]
    if end - start > LONG:
        low, high = whole(values, start, end)
    low, high = low[np.isfinite(low)], high[np.isfinite(high)]
    return (float(low.min()), float(high.max())) if len(low) and len(high) else (np.nan, np.nan)


def single(bounds: Ints) -> bool:
    """Whether every slot stands for one bar."""
    return len(bounds) > 1 and int(bounds[-1] - bounds[0]) == len(bounds) - 1


def _inside(values: Floats, bounds: Ints, shift: int) -> tuple[Ints, slice]:
    """Bounds in the series, and which slots it reaches."""
    if not shift and len(bounds) > 1 and bounds[0] >= 0 and bounds[-1] <= len(values):
        return bounds, slice(0, len(bounds) - 1)
    moved = np.clip(bounds - shift, 0, len(values))
    known = np.flatnonzero(moved[1:] > moved[:-1])
    return moved, slice(int(known[0]), int(known[-1]) + 1) if len(known) else slice(0, 0)
