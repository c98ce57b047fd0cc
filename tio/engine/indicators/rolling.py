"""Windows over a column: each value sees its own bar and those before it, and no other."""

from functools import cache, partial
from math import isfinite, nan
from typing import Any

import numpy as np

from tio.engine.indicators.declare import Floats, Outputs
from tio.engine.indicators.pieces import Before, Folded, Windowed, applied, plainly


def before(column: Floats, bars: int = 1) -> Floats:
    """The value `bars` earlier; NaN where there is none."""
    return applied(Before(bars), column)[0] if bars else column


def change(column: Floats, bars: int = 1) -> Floats:
    return column - before(column, bars)


def ratio(above: Floats, below: Floats) -> Floats:
    """Their quotient, NaN where the divisor is zero."""
    return plainly(_ratios, _ratio, above, below)


def cumulated(column: Floats) -> Floats:
    """Running sum; what is missing counts as nothing."""
    return applied(_CUMULATED, column)[0]


def filled(column: Floats) -> Floats:
    """Where there is none, the last value there was."""
    return applied(_FILLED, column)[0]


def weighted(column: Floats, weights: tuple[float, ...]) -> Floats:
    """The mean of each window under weights, oldest first."""
    return applied(_weighing(weights), column)[0]


def rank_of_last(column: Floats, length: int) -> Floats:
    """Percent of the `length` values before that are below the present one."""
    return applied(Windowed(_ranked, length + 1), column)[0]


def exponential(column: Floats, weight: float) -> Floats:
    """The recursion y = w·x + (1 − w)·y, from the first value that is one."""
    return applied(Folded(partial(_nearer, weight), nan), column)[0]


def _ratios(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below != 0, above / below, np.nan)


def _ratio(above: float, below: float) -> float:
    return above / below if below != 0 else nan


def _add(carried: float, value: float) -> tuple[float, float]:
    carried = carried + value if isfinite(value) else carried
    return carried, carried


def _sums(column: Floats) -> Outputs:
    return (np.cumsum(np.where(np.isfinite(column), column, 0.0)),)


def _keep(carried: float, value: float) -> tuple[float, float]:
    carried = carried if value != value else value
    return carried, carried


def _kept(column: Floats) -> Outputs:
    at = np.maximum.accumulate(np.where(np.isnan(column), -1, np.arange(len(column))))
    return (np.where(at >= 0, column[at], np.nan) if len(at) else column,)


def _last(columns: Outputs, answers: Outputs) -> float:
    return float(answers[0][-1])


_CUMULATED = Folded(_add, 0.0, array=_sums, after=_last)
_FILLED = Folded(_keep, nan, array=_kept, after=_last)


@cache
def _weighing(weights: tuple[float, ...]) -> Windowed:
    column = np.array(weights)
    whole = column.sum()

    def weigh(block: Floats) -> Any:
        return (block * column).sum(axis=1) / whole

    return Windowed(weigh, len(weights))


def _ranked(block: Floats) -> Any:
    below = (block[:, :-1] < block[:, -1:]).sum(axis=1) * 100.0 / (block.shape[1] - 1)
    return np.where(np.isnan(block).any(axis=1), np.nan, below)


def _nearer(weight: float, carried: float, value: float) -> tuple[float, float]:
    if value != value:
        return carried, nan
    carried = value if carried != carried else carried + weight * (value - carried)
    return carried, carried
