"""TA-Lib's functions over columns or lines."""

from collections.abc import Callable
from typing import Any

from tio.engine.indicators.declare import Floats, Inputs, Outputs
from tio.engine.indicators.library import Function
from tio.engine.indicators.pieces import applied


def call(function: str, *columns: Floats, **options: Any) -> Outputs:
    """Every output of a TA-Lib function; a bar where a column misses a number is passed over."""
    return applied(Function(function, tuple(options.items())), *columns)


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
    return _smoothed("SMA", column, length)


def ema(column: Floats, length: int) -> Floats:
    """Seeded with the mean of the first `length` values."""
    return _smoothed("EMA", column, length)


def rma(column: Floats, length: int) -> Floats:
    """Wilder's average: an exponential one of weight 1 / length, seeded with a mean."""
    return _smoothed("RMA", column, length)


def wma(column: Floats, length: int) -> Floats:
    return _smoothed("WMA", column, length)


def highest(column: Floats, length: int) -> Floats:
    return _smoothed("MAX", column, length)


def lowest(column: Floats, length: int) -> Floats:
    return _smoothed("MIN", column, length)


def total(column: Floats, length: int) -> Floats:
    return _smoothed("SUM", column, length)


def deviation(column: Floats, length: int) -> Floats:
    """Population standard deviation."""
    return one("STDDEV", column, timeperiod=length, nbdev=1.0)


def true_range(bars: Inputs) -> Floats:
    """NaN at the first bar, which has no close before it."""
    return one("TRANGE", bars.high, bars.low, bars.close)


def _smoothed(function: str, column: Floats, length: int) -> Floats:
    """A window of one bar is that bar: TA-Lib's shortest has two."""
    return column if length == 1 else one(function, column, timeperiod=length)
