"""Falls of wealth below what it had been, from a series of daily returns.

Days are counted along the path of wealth: 0 is the start, before any return; day i is after i of
them. A NaN return leaves wealth as it was.
"""

from dataclasses import dataclass

import numpy as np

from tio.engine.portfolio.measures import NAN, PERIODS, annual_return, ratio
from tio.engine.portfolio.returns import Floats

LEVEL = 1e-10
"""Wealth no further below its peak stands on it: many multiplied returns are that inexact."""


@dataclass(frozen=True)
class Drawdown:
    """One fall: how deep (−0.25 lost a quarter), from which day, to which, and back when.

    recovery: the first day wealth was again what it was at the peak; None while it is not.
    length: days from the peak to the recovery, or to the end of the series.
    """

    depth: float
    peak: int
    trough: int
    recovery: int | None
    length: int


def wealth(returns: Floats) -> Floats:
    """What a unit became, (n + 1,): 1 at the start, never below 0."""
    growth = np.where(np.isfinite(returns), np.maximum(1 + returns, 0), 1.0)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.concatenate(([1.0], np.cumprod(growth)))


def underwater(returns: Floats) -> Floats:
    """How far below its highest wealth stands, (n + 1,), 0 or less."""
    path = wealth(returns)
    with np.errstate(invalid="ignore"):
        depth = path / np.maximum.accumulate(path) - 1
    return np.where(depth < -LEVEL, depth, 0.0)


def drawdowns(returns: Floats, worst: int = 5) -> tuple[Drawdown, ...]:
    """The deepest falls, deepest first, none overlapping; of equal ones the earlier first."""
    depth = underwater(returns)
    edges = np.diff(np.concatenate(([False], depth < 0, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if not len(starts) or worst < 1:
        return ()
    deepest = np.minimum.reduceat(depth, starts)
    chosen = np.argsort(deepest, kind="stable")[:worst]
    return tuple(_told(depth, int(starts[each]), int(ends[each])) for each in chosen)


def max_drawdown(returns: Floats) -> Drawdown | None:
    """The deepest fall; None where wealth never fell."""
    return next(iter(drawdowns(returns, 1)), None)


def calmar(returns: Floats, periods: int = PERIODS) -> float:
    """Compound growth a year by the depth of the deepest fall; NaN without one. Young (1991)."""
    deepest = max_drawdown(returns)
    return ratio(annual_return(returns, periods), -deepest.depth) if deepest else NAN


def _told(depth: Floats, start: int, end: int) -> Drawdown:
    """The fall whose days below the peak are `start` to before `end`."""
    trough = start + int(np.argmin(depth[start:end]))
    recovered = end < len(depth)
    until = end if recovered else len(depth) - 1
    peak = start - 1
    return Drawdown(float(depth[trough]), peak, trough, end if recovered else None, until - peak)
