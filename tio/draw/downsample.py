"""More bars than columns: fewer bars that keep every extreme."""

from __future__ import annotations

import numpy as np

from tio.draw.columns import Columns
from tio.draw.scale import Floats, Ints


def group_starts(count: int, groups: int) -> Ints:
    """Index where each of `groups` nearly equal groups of `count` items starts; groups ≤ count."""
    return np.arange(groups, dtype=np.int64) * count // groups


def group_bars(bars: Columns, columns: int) -> Columns:
    """At most `columns` bars of first open, highest high, lowest low, last close, summed volume."""
    count = len(bars)
    if count <= columns or columns <= 0:
        return bars
    starts = group_starts(count, columns)
    ends = np.append(starts[1:], count)
    missing = np.isnan(bars.volume)
    volume = np.add.reduceat(np.where(missing, 0.0, bars.volume), starts)
    unknown = np.logical_and.reduceat(missing, starts)
    return Columns(
        bars.time[starts],
        _first(bars.open, starts, ends),
        np.fmax.reduceat(bars.high, starts),
        np.fmin.reduceat(bars.low, starts),
        _last(bars.close, starts, ends),
        np.where(unknown, np.nan, volume),
    )


def group_last(values: Floats, groups: int) -> Floats:
    """The last known value of each group, for indicators drawn over grouped bars."""
    if len(values) <= groups or groups <= 0:
        return values
    starts = group_starts(len(values), groups)
    return _last(values, starts, np.append(starts[1:], len(values)))


def extremes(values: Floats, buckets: int) -> tuple[Floats, Floats, Floats, Floats]:
    """First, lowest, highest and last value of each bucket, NaN when it has none."""
    if len(values) <= buckets or buckets <= 0:
        return values, values, values, values
    starts = group_starts(len(values), buckets)
    ends = np.append(starts[1:], len(values))
    low, high = np.fmin.reduceat(values, starts), np.fmax.reduceat(values, starts)
    return _first(values, starts, ends), low, high, _last(values, starts, ends)


def _first(values: Floats, starts: Ints, ends: Ints) -> Floats:
    """First non-NaN value of each group."""
    return _last(values[::-1], (len(values) - ends)[::-1], (len(values) - starts)[::-1])[::-1]


def _last(values: Floats, starts: Ints, ends: Ints) -> Floats:
    """Last non-NaN value of each group, NaN when there is none."""
    known = np.where(np.isnan(values), -1, np.arange(len(values)))
    at = np.maximum.accumulate(known)[ends - 1]
    return np.where(at >= starts, values[at], np.nan)
