"""TA-Lib behind one door: imported on first use, without what it would drag in."""

import sys
from collections.abc import Callable
from functools import cache
from threading import Lock
from types import ModuleType
from typing import Any

import numpy as np

from tio.engine.indicators.declare import Floats, Inputs, Outputs

_HIDDEN = ("pandas", "polars")
_absent: Any = None
_once = Lock()


@cache
def library() -> ModuleType:
    """TA-Lib; pandas and polars are hidden while it loads, since it would wrap itself for both."""
    with _once:
        held = {name: sys.modules[name] for name in _HIDDEN if name in sys.modules}
        try:
            for name in _HIDDEN:
                sys.modules[name] = _absent
            import talib
        finally:
            for name in _HIDDEN:
                sys.modules.pop(name, None)
            sys.modules.update(held)
    return talib


def call(function: str, *columns: Floats, **options: Any) -> Outputs:
    """Every output of a TA-Lib function; leading NaN are passed over, columns may be empty."""
    answer = getattr(library(), function)(*map(_contiguous, columns), **options)
    outputs = answer if isinstance(answer, tuple | list) else (answer,)
    return tuple(np.asarray(output, dtype=np.float64) for output in outputs)


def one(function: str, *columns: Floats, **options: Any) -> Floats:
    """The only output of a TA-Lib function."""
    return call(function, *columns, **options)[0]


def ta(function: str, *inputs: str, **names: str) -> Callable[..., Outputs]:
    """A TA-Lib function as an indicator's arithmetic: our parameter = its name of it."""

    def compute(bars: Inputs, **params: Any) -> Outputs:
        columns = (getattr(bars, name) for name in inputs)
        return call(function, *columns, **{names[name]: params[name] for name in params})

    return compute


def sma(column: Floats, length: int) -> Floats:
    return column.copy() if length == 1 else one("SMA", column, timeperiod=length)


def ema(column: Floats, length: int) -> Floats:
    """Seeded with the mean of the first `length` values."""
    return column.copy() if length == 1 else one("EMA", column, timeperiod=length)


def rma(column: Floats, length: int) -> Floats:
    """Wilder's average: an exponential one of weight 1 / length, seeded with a mean."""
    return column.copy() if length == 1 else one("RMA", column, timeperiod=length)


def wma(column: Floats, length: int) -> Floats:
    return column.copy() if length == 1 else one("WMA", column, timeperiod=length)


def highest(column: Floats, length: int) -> Floats:
    return column.copy() if length == 1 else one("MAX", column, timeperiod=length)


def lowest(column: Floats, length: int) -> Floats:
    return column.copy() if length == 1 else one("MIN", column, timeperiod=length)


def total(column: Floats, length: int) -> Floats:
    return column.copy() if length == 1 else one("SUM", column, timeperiod=length)


def deviation(column: Floats, length: int) -> Floats:
    """Population standard deviation."""
    return one("STDDEV", column, timeperiod=length, nbdev=1.0)


def true_range(bars: Inputs) -> Floats:
    """NaN at the first bar, which has no close before it."""
    return one("TRANGE", bars.high, bars.low, bars.close)


def _contiguous(column: Floats) -> Floats:
    return np.ascontiguousarray(column, dtype=np.float64)
