"""Bars of another cut: Renko bricks and range bars, made of closes."""

from collections.abc import Callable
from functools import partial
from math import inf, nan
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
from tio.engine.indicators.pieces import Folded, applied

MOST = 1_000_000
"""More bricks than this are not made: the size is too small for the prices."""


class Bricks(NamedTuple):
    """One row a brick, oldest first; `at` is the index of the bar whose close made it."""

    at: Instants
    open: Floats
    close: Floats


def renko(close: Floats, size: float) -> Bricks:
    """Bricks of one size; a turn takes two sizes from the last brick's end."""
    return _laid(_brick_step, close, size)


def range_bars(close: Floats, size: float) -> Bricks:
    """Bars that end when closes have spanned `size`; the next begins at that end."""
    return _laid(_range_step, close, size)


class Wall(NamedTuple):
    """How far the building has come: where the last piece lies, and how many there are."""

    begin: float
    low: float
    high: float
    made: int = 0


Made = list[tuple[float, float]]
Lay = Callable[[Wall, float, float], tuple[Wall, Made]]


def _brick_step(wall: Wall, price: float, size: float) -> tuple[Wall, Made]:
    begin, low, high, count = wall
    made: Made = []
    while price >= high + size and count + len(made) < MOST:
        low, high = high, high + size
        made.append((low, high))
    while price <= low - size and count + len(made) < MOST:
        low, high = low - size, low
        made.append((high, low))
    return Wall(begin, low, high, count + len(made)), made


def _range_step(wall: Wall, price: float, size: float) -> tuple[Wall, Made]:
    begin, low, high, count = wall
    made: Made = []
    while count + len(made) < MOST:
        low, high = min(low, price), max(high, price)
        if high - low < size:
            break
        end = low + size if price >= high else high - size
        made.append((begin, end))
        if low == high or begin == end:
            break
        begin = low = high = end
    return Wall(begin, low, high, count + len(made)), made


def _laid(lay: Lay, close: Floats, size: float) -> Bricks:
    rows: list[tuple[int, float, float]] = []
    first = float(close[0]) if len(close) else 0.0
    wall = Wall(first, first, first)
    for at, price in enumerate(close.tolist()):
        wall, made = lay(wall, price, size)
        rows += [(at, *each) for each in made]
    table = np.array([row[1:] for row in rows], dtype=np.float64).reshape(-1, 2)
    return Bricks(np.array([row[0] for row in rows], dtype=np.int64), table[:, 0], table[:, 1])


Carried = tuple[Wall, float, tuple[float, float]] | None


def _along(
    lay: Lay, size: float, percent: float, carried: Carried, price: float
) -> tuple[Carried, tuple[float, float, float]]:
    """The newest piece at each bar: its open, its close, and how many this bar made."""
    if carried is None:
        share = abs(price) * percent / 100
        carried = Wall(price, price, price), size or share or inf, (nan, nan)
    wall, step, newest = carried
    wall, made = lay(wall, price, step)
    newest = made[-1] if made else newest
    return (wall, step, newest), (*newest, float(len(made)))


def _renko(bars: Inputs, size: float, percent: float) -> Outputs:
    return applied(Folded(partial(_along, _brick_step, size, percent), None, 3), bars.close)


def _ranges(bars: Inputs, size: float, percent: float) -> Outputs:
    return applied(Folded(partial(_along, _range_step, size, percent), None, 3), bars.close)


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
