"""What is reckoned anew in each group of bars: a session, a month, all since a moment."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from math import nan
from typing import Any

import numpy as np

from tio.engine.indicators.declare import Floats, Outputs
from tio.engine.indicators.pieces import Folded, applied


def since(column: Floats, group: Floats) -> Floats:
    """The sum since the group began: restarted there, so that no rounding is carried over."""
    return applied(_SUM, column, group)[0]


def highest_since(column: Floats, group: Floats) -> Floats:
    return applied(_TOP, column, group)[0]


def lowest_since(column: Floats, group: Floats) -> Floats:
    return applied(_BOTTOM, column, group)[0]


def first_of(column: Floats, group: Floats) -> Floats:
    """The value at the group's first bar."""
    return applied(_FIRST, column, group)[0]


def prior(column: Floats, group: Floats) -> Floats:
    """The value at the last bar of the group before; NaN in the first."""
    return applied(_PRIOR, column, group)[0]


Carried = tuple[float, ...]


def _go_on(with_next: Callable[[float, float], float], carried: Carried, value: float,
           group: float) -> tuple[Carried, float]:  # fmt: skip
    answer = with_next(carried[1], value) if group == carried[0] else value
    return (group, answer), answer


def _edges(group: Floats) -> Any:
    """The index of each group's first bar."""
    return np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else group[:0]


def _begins(group: Floats) -> Any:
    """For each bar, the index of its group's first."""
    edges = _edges(group)
    return np.repeat(edges, np.diff(np.r_[edges, len(group)]).astype(np.int64)).astype(np.int64)


def _accumulated(by: np.ufunc, column: Floats, group: Floats) -> Outputs:
    values = np.empty(len(column))
    edges = [*_edges(group).tolist(), len(column)]
    for begin, end in pairwise(edges):
        by.accumulate(column[begin:end], out=values[begin:end])
    return (values,)


def _firsts(column: Floats, group: Floats) -> Outputs:
    return (column[_begins(group)],)


def _priors(column: Floats, group: Floats) -> Outputs:
    at = _begins(group) - 1
    return (np.where(at >= 0, column[at], np.nan) if len(at) else column,)


def _prior(carried: Carried, value: float, group: float) -> tuple[Carried, float]:
    answer = carried[2] if group == carried[0] else carried[1]
    return (group, value, answer), answer


def _after(columns: Outputs, answers: Outputs) -> Carried:
    return float(columns[1][-1]), float(answers[0][-1])


def _after_prior(columns: Outputs, answers: Outputs) -> Carried:
    return float(columns[1][-1]), float(columns[0][-1]), float(answers[0][-1])


def _restarted(each: Callable[[float, float], float], array: Callable[..., Outputs]) -> Folded:
    return Folded(partial(_go_on, each), (nan, nan), array=array, after=_after)


_SUM = _restarted(lambda kept, value: kept + value, partial(_accumulated, np.add))
_TOP = _restarted(max, partial(_accumulated, np.maximum))
_BOTTOM = _restarted(min, partial(_accumulated, np.minimum))
_FIRST = _restarted(lambda kept, value: kept, _firsts)
_PRIOR = Folded(_prior, (nan, nan, nan), array=_priors, after=_after_prior)
