"""Moving averages that change their pace with the market."""

from functools import partial
from math import nan

import numpy as np

from tio.engine.indicators.arithmetic import highest, lowest, one, ta
from tio.engine.indicators.declare import (
    CLOSE,
    PRICE,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    factor,
    length,
)
from tio.engine.indicators.pieces import Folded, applied
from tio.engine.indicators.rolling import before, ratio

_average = partial(Indicator, group=Group.averages, pane=Pane.overlay)


def _mcginley(bars: Inputs, length: int, k: float) -> Outputs:
    line = applied(Folded(partial(_paced, k * length), 0.0), bars.close)[0]
    return (np.where(np.isnan(before(bars.close, length - 1)), np.nan, line),)


def _paced(length: float, kept: float, price: float) -> tuple[float, float]:
    pace = length * (price / kept) ** 4 if kept > 0 else 0.0
    kept = kept + (price - kept) / max(1.0, pace) if pace else price
    return kept, kept


def _vidya(bars: Inputs, length: int, cmo_length: int) -> Outputs:
    pace = np.abs(one("CMOU", bars.close, timeperiod=cmo_length)) / 100 * 2 / (length + 1)
    return applied(Folded(_weighed, nan), bars.close, pace)


def _weighed(kept: float, price: float, weight: float) -> tuple[float, float]:
    """Nearer to the price by a weight; where there is none, no value."""
    if weight != weight:
        return kept, nan
    kept = price if kept != kept else kept + weight * (price - kept)
    return kept, kept


def _efficiency(bars: Inputs, length: int) -> Outputs:
    return (one("ER", bars.close, timeperiod=length),)


def _frama(bars: Inputs, length: int) -> Outputs:
    """Ehlers: the fractal dimension of two half windows against the whole decides the weight."""
    half = length // 2
    late, full = (
        (highest(bars.high, size) - lowest(bars.low, size)) / size for size in (half, 2 * half)
    )
    dimension = np.log(ratio(before(late, half) + late, full)) / np.log(2)
    pace = np.minimum(np.maximum(np.exp(-4.6 * (dimension - 1)), 0.01), 1)
    slowest = np.where(np.isnan(full), np.nan, 0.01)
    return applied(
        Folded(_weighed, nan),
        (bars.high + bars.low) / 2,
        np.where(np.isnan(pace), slowest, pace),
    )


INDICATORS = (
    _average(
        "kama", "Kaufman adaptive moving average", CLOSE, (length(10), PRICE), ("kama",),
        "Quick in a clean move, slow in noise.", "Kaufman (1995); TA-Lib KAMA",
        ta("KAMA", "close", length="timeperiod"), lambda length: length,
    ),
    _average(
        "mama", "MESA adaptive moving average", CLOSE,
        (factor("fast_limit", 0.5, 0.01, 0.99), factor("slow_limit", 0.05, 0.01, 0.99), PRICE),
        ("mama", "fama"), "Follows the phase of the dominant cycle; crossed by its follower.",
        "Ehlers (2001); TA-Lib MAMA",
        ta("MAMA", "close", fast_limit="fastlimit", slow_limit="slowlimit"),
        lambda fast_limit, slow_limit: 32,
    ),
    _average(
        "mcginley", "McGinley dynamic", CLOSE,
        (length(14), factor("k", 1.0, 0.1, 10), PRICE), ("mcginley",),
        "An average that slows when prices rise away and hurries when they fall.",
        "McGinley (1990)", _mcginley, lambda length, k: length - 1,
    ),
    _average(
        "vidya", "Variable index dynamic average", CLOSE,
        (length(14), length(9, name="cmo_length"), PRICE), ("vidya",),
        "An EMA whose weight follows Chande's momentum.", "Chande (1992)", _vidya,
        lambda length, cmo_length: cmo_length, sparse=True,
    ),
    _average(
        "frama", "Fractal adaptive moving average", ("high", "low"), (length(16, 4),), ("frama",),
        "An average paced by how ragged prices are: their fractal dimension.",
        "Ehlers (2005)", _frama, lambda length: length // 2 * 2 - 1,
    ),
    _average(
        "er", "Kaufman efficiency ratio", CLOSE, (length(10), PRICE), ("er",),
        "How far prices came of the way they went: 1 straight, 0 no way made.",
        "Kaufman (1995); TA-Lib ER", _efficiency, lambda length: length, pane=Pane.own,
        sparse=True,
    ),
)  # fmt: skip
