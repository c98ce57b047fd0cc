"""Windows over a column: each value sees its own bar and those before it, and no other."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tio.engine.indicators.declare import Floats, Instants

_BLOCK = 1 << 20
"""How many numbers of windows are looked at together."""


def before(column: Floats, bars: int = 1) -> Floats:
    """The value `bars` earlier; NaN where there is none."""
    moved = np.full(len(column), np.nan)
    if bars < len(column):
        moved[bars:] = column[: len(column) - bars]
    return moved


def change(column: Floats, bars: int = 1) -> Floats:
    return column - before(column, bars)


def ratio(above: Floats, below: Floats) -> Floats:
    """Their quotient, NaN where the divisor is zero."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)


def cumulated(column: Floats) -> Floats:
    """Running sum; what is missing counts as nothing."""
    return np.cumsum(np.nan_to_num(column))


def windows(column: Floats, length: int) -> list[tuple[int, Floats]]:
    """Blocks (index of the last bar of the first window, windows of shape (k, length))."""
    if len(column) < length:
        return []
    view = sliding_window_view(column, length)
    step = max(1, _BLOCK // length)
    return [(at + length - 1, view[at : at + step]) for at in range(0, len(view), step)]


def weighted(column: Floats, weights: Floats) -> Floats:
    """The mean of each window under weights, oldest first."""
    values = np.full(len(column), np.nan)
    for at, block in windows(column, len(weights)):
        values[at : at + len(block)] = (block * weights).sum(axis=1) / weights.sum()
    return values


def rank_of_last(column: Floats, length: int) -> Floats:
    """Percent of the `length` values before that are below the present one."""
    values = np.full(len(column), np.nan)
    for at, block in windows(column, length + 1):
        below = (block[:, :-1] < block[:, -1:]).sum(axis=1) * 100.0 / length
        values[at : at + len(block)] = np.where(np.isnan(block).any(axis=1), np.nan, below)
    return values


def exponential(column: Floats, weight: float) -> Floats:
    """The recursion y = w·x + (1 − w)·y, from the first value that is one."""
    values = np.full(len(column), np.nan)
    kept = np.nan
    for at, value in enumerate(column.tolist()):
        if value == value:
            kept = value if kept != kept else kept + weight * (value - kept)
            values[at] = kept
    return values


def starts(session: Instants) -> Floats:
    """For each bar, the index of its session's first bar."""
    if not len(session):
        return np.empty(0)
    first = np.r_[True, session[1:] != session[:-1]]
    return np.maximum.accumulate(np.where(first, np.arange(len(session)), 0)).astype(np.float64)
