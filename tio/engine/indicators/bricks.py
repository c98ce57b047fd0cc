"""Bars of another cut: Renko bricks and range bars, made of closes."""

from functools import partial
from typing import NamedTuple

import numpy as np

from tio.engine.indicators.declare import (
    CLOSE,
    Floats,
    Group,
    Indicator,
    Inputs,
    Instants,
    Outputs,
    Pane,
    factor,
)

MOST = 1_000_000
"""More bricks than this are not made: the size is too small for the prices."""


class Bricks(NamedTuple):
    """One row a brick, oldest first; `at` is the index of the bar whose close made it."""

    at: Instants
    open: Floats
    close: Floats


def renko(close: Floats, size: float) -> Bricks:
    """Bricks of one size; a turn takes two sizes from the last brick's end."""
    made: list[tuple[int, float, float]] = []
    bottom = top = float(close[0]) if len(close) else 0.0
    for at, price in enumerate(close.tolist()):
        while price >= top + size and len(made) < MOST:
            bottom, top = top, top + size
            made.append((at, bottom, top))
        while price <= bottom - size and len(made) < MOST:
            bottom, top = bottom - size, bottom
            made.append((at, top, bottom))
    return _bricks(made)


def range_bars(close: Floats, size: float) -> Bricks:
    """Bars that end when closes have spanned `size`; the next begins at that end."""
    made: list[tuple[int, float, float]] = []
    begin = low = high = float(close[0]) if len(close) else 0.0
    for at, price in enumerate(close.tolist()):
        while len(made) < MOST:
            low, high = min(low, price), max(high, price)
            if high - low < size:
                break
            end = low + size if price >= high else high - size
            made.append((at, begin, end))
            if low == high or begin == end:
                break
            begin = low = high = end
    return _bricks(made)


def _bricks(made: list[tuple[int, float, float]]) -> Bricks:
    at = np.array([row[0] for row in made], dtype=np.int64)
    table = np.array([row[1:] for row in made], dtype=np.float64).reshape(-1, 2)
    return Bricks(at, table[:, 0], table[:, 1])


def _size(bars: Inputs, size: float, percent: float) -> float:
    """The size given, or a share of the first close."""
    return size if size > 0 else abs(float(bars.close[0])) * percent / 100


def _along(bars: Inputs, bricks: Bricks) -> Outputs:
    """The newest brick at each bar: its open, its close, and how many this bar made."""
    number = np.searchsorted(bricks.at, np.arange(len(bars.close)), side="right")
    made = np.diff(number, prepend=0).astype(np.float64)
    if not len(bricks.at):
        return np.full(len(made), np.nan), np.full(len(made), np.nan), made
    last = np.maximum(number - 1, 0)
    known = number > 0
    return (
        np.where(known, bricks.open[last], np.nan),
        np.where(known, bricks.close[last], np.nan),
        made,
    )


def _renko(bars: Inputs, size: float, percent: float) -> Outputs:
    step = _size(bars, size, percent) if len(bars.close) else 1.0
    return _along(bars, renko(bars.close, step or np.inf))


def _ranges(bars: Inputs, size: float, percent: float) -> Outputs:
    step = _size(bars, size, percent) if len(bars.close) else 1.0
    return _along(bars, range_bars(bars.close, step or np.inf))


_brick = partial(Indicator, group=Group.price, pane=Pane.overlay, sparse=True)
_PARAMETERS = (factor("size", 0, 0, 1e12), factor("percent", 1, 0.01, 100))

INDICATORS = (
    _brick(
        "renko", "Renko bricks", CLOSE, _PARAMETERS, ("open", "close", "made"),
        "The newest brick; size 0 takes a share of the first close.", "Nison (1994)",
        _renko, lambda size, percent: 0,
    ),
    _brick(
        "range_bars", "Range bars", CLOSE, _PARAMETERS, ("open", "close", "made"),
        "The newest bar of one range; size 0 takes a share of the first close.",
        "Nicolellis (1995)", _ranges, lambda size, percent: 0,
    ),
)  # fmt: skip
