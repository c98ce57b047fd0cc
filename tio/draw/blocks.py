"""Lowest, highest and sums of stretches of a long series, from blocks kept while it lives.

Series are values: an array that was drawn is never written to again; one that grew is a new array.
"""

from __future__ import annotations

import weakref
from typing import Literal

import numpy as np

from tio.draw.columns import Columns
from tio.draw.scale import Floats, Ints

# A window is cut at multiples of the largest size of which a group holds at least 16.
SIZES = (256, 16)
LEAST = 16
Reduction = Literal["low", "high", "sum"]
_REDUCE = {"low": np.fmin, "high": np.fmax}


def cuts(start: int, end: int, columns: int) -> Ints:
    """Where groups of the bars from `start` to `end` begin, and last their end.

    At most `columns` groups. Where they begin depends on how many bars are in sight, not on which:
    panning moves the groups and does not shuffle them.
    """
    count = end - start
    if count <= max(columns, 0):
        return np.arange(start, end + 1, dtype=np.int64)
    parts = columns - 1
    if parts < 1:
        return np.array([start, end], np.int64)
    size = block_size(count, columns)
    numbers = np.arange(start * parts // count + 1, (end - 1) * parts // count + 1, dtype=np.int64)
    inner = -(-numbers * count // parts) // size * size
    inner = inner[(inner > start) & (inner < end)]
    return np.concatenate(([start], inner, [end])).astype(np.int64)


def block_size(count: int, columns: int) -> int:
    """The size of blocks from which `count` bars in `columns` groups are reduced."""
    return next((s for s in SIZES if s * LEAST * max(columns - 1, 1) <= count), 1)


def reduced(values: Floats, bounds: Ints, how: Reduction) -> Floats:
    """The lowest, highest or sum of each stretch between bounds, NaN where all are missing.

    Bounds that are multiples of a block's size are reduced from blocks, others from the values.
    """
    out = np.full(max(len(bounds) - 1, 0), np.nan)
    filled = np.flatnonzero(bounds[1:] > bounds[:-1])
    if not len(filled):
        return out
    if len(filled) < len(out):
        bounds = np.append(bounds[:-1][filled], bounds[-1])
    starts, ends = bounds[:-1], bounds[1:]
    size = _common(bounds)
    if size == 1:
        out[filled] = _raw(values[starts[0] : ends[-1]], starts - starts[0], how)
        return out
    level = _level(values, how, size)
    first, last = int(starts[1]) // size, int(ends[-2]) // size
    out[filled[1:-1]] = _raw(level[first:last], starts[1:-1] // size - first, how)
    # The outermost groups may begin and end anywhere.
    for edge in (0, len(starts) - 1):
        part = values[starts[edge] : ends[edge]]
        out[filled[edge]] = _raw(part, np.zeros(1, np.int64), how)[0]
    return out


def whole(values: Floats, start: int, end: int) -> tuple[Floats, Floats]:
    """Some lows and some highs among which are the extremes of a long stretch."""
    size = SIZES[0]
    first, last = -(-start // size), end // size
    if last <= first:
        return values[start:end], values[start:end]
    edges = np.concatenate((values[start : first * size], values[last * size : end]))
    low, high = _level(values, "low", size), _level(values, "high", size)
    return np.append(low[first:last], edges), np.append(high[first:last], edges)


def firsts(values: Floats, bounds: Ints) -> Floats:
    """The first known value of each stretch, NaN where there is none."""
    found = values[bounds[:-1]]
    for at in np.flatnonzero(np.isnan(found)).tolist():
        part = values[bounds[at] : bounds[at + 1]]
        known = np.isnan(part).argmin() if len(part) else 0
        found[at] = part[known] if len(part) else np.nan
    return found


def lasts(values: Floats, bounds: Ints) -> Floats:
    """The last known value of each stretch, NaN where there is none."""
    found = values[np.maximum(bounds[1:] - 1, bounds[:-1])]
    for at in np.flatnonzero(np.isnan(found)).tolist():
        part = values[bounds[at] : bounds[at + 1]][::-1]
        found[at] = part[np.isnan(part).argmin()] if len(part) else np.nan
    return found


def grouped(bars: Columns, bounds: Ints) -> Columns:
    """A bar for each stretch: first open, highest high, lowest low, last close, all volume."""
    if len(bounds) - 1 == int(bounds[-1] - bounds[0]):
        return bars[bounds[0] : bounds[-1]]
    return Columns(
        bars.time[bounds[:-1]],
        firsts(bars.open, bounds),
        reduced(bars.high, bounds, "high"),
        reduced(bars.low, bounds, "low"),
        lasts(bars.close, bounds),
        reduced(bars.volume, bounds, "sum"),
    )


def _common(bounds: Ints) -> int:
    """The largest block size of which all inner bounds are multiples, 1 when there is none."""
    if len(bounds) < 5 or bounds[-1] - bounds[0] < len(bounds) * LEAST * SIZES[-1]:
        return 1
    inner = bounds[1:-1]
    return next((size for size in SIZES if not (inner % size).any()), 1)


def _raw(values: Floats, starts: Ints, how: Reduction) -> Floats:
    if how != "sum":
        return np.asarray(_REDUCE[how].reduceat(values, starts), np.float64)
    missing = np.isnan(values)
    total = np.add.reduceat(np.where(missing, 0.0, values), starts)
    return np.where(np.logical_and.reduceat(missing, starts), np.nan, total)


def _blocks(values: Floats, how: Reduction, size: int) -> Floats:
    """Each whole block reduced."""
    count = len(values) // size * size
    if not count:
        return np.zeros(0, np.float64)
    return _raw(values[:count], np.arange(0, count, size), how)


def _level(values: Floats, how: Reduction, size: int) -> Floats:
    kept = _kept(values)
    level = kept.get((how, size))
    if level is None:
        level = kept[how, size] = _blocks(values, how, size)
    return level


Levels = dict[tuple[Reduction, int], Floats]
_ALL: dict[int, tuple[weakref.ref[Floats], Levels]] = {}


def _kept(values: Floats) -> Levels:
    """What is kept of this very array, forgotten when nobody holds the array."""
    found = _ALL.get(id(values))
    if found is not None and found[0]() is values:
        return found[1]
    key = id(values)

    def forget(gone: weakref.ref[Floats]) -> None:
        if key in _ALL and _ALL[key][0] is gone:
            del _ALL[key]

    levels: Levels = {}
    _ALL[key] = (weakref.ref(values, forget), levels)
    return levels
