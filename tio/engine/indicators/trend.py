"""Trend: whether there is one, and how strong."""

from functools import partial
from math import nan
from typing import Any

import numpy as np

from tio.engine.indicators.arithmetic import ema, highest, lowest, ta, total, true_range
from tio.engine.indicators.declare import (
    CLOSE,
    HL,
    HLC,
    PRICE,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    Parameter,
    length,
)
from tio.engine.indicators.pieces import Folded, applied
from tio.engine.indicators.rolling import before, ratio

_trend = partial(Indicator, group=Group.trend)


def _choppiness(bars: Inputs, length: int) -> Outputs:
    earlier = before(bars.close)
    top = highest(np.maximum(bars.high, earlier), length)
    bottom = lowest(np.minimum(bars.low, earlier), length)
    way = ratio(total(true_range(bars), length), top - bottom)
    return (np.log10(way) / np.log10(length) * 100,)


def _random_walk(bars: Inputs, length: int) -> Outputs:
    """The largest of all reaches from 2 to `length` bars, each against chance over as many."""
    ranges = true_range(bars)
    sides: list[Any] = [-np.inf, -np.inf]
    for reach in range(2, length + 1):
        chance = before(total(ranges, reach)) / reach * np.sqrt(reach)
        moves = (bars.high - before(bars.low, reach), before(bars.high, reach) - bars.low)
        sides = [
            np.maximum(side, ratio(move, chance)) for side, move in zip(sides, moves, strict=True)
        ]
    return tuple(sides)


def _mass(bars: Inputs, fast: int, slow: int) -> Outputs:
    once = ema(bars.high - bars.low, fast)
    return (total(ratio(once, ema(once, fast)), slow),)


def _setup(bars: Inputs) -> Outputs:
    """DeMark: how many closes in a row beyond the close four bars before, at most nine."""
    return applied(Folded(_counted, 0), bars.close, before(bars.close, 4))


def _counted(run: int, price: float, past: float) -> tuple[int, float]:
    if past != past:
        return run, nan
    way = (price > past) - (price < past)
    run = run + way if way * run > 0 and abs(run) < 9 else way
    return run, float(run)


INDICATORS = (
    _trend(
        "vhf", "Vertical horizontal filter", CLOSE, (length(28), PRICE), ("vhf",),
        "The window's range over all its movement: high in trends.",
        "White (1991); TA-Lib VHF", ta("VHF", "close", length="timeperiod"),
        lambda length: length, sparse=True,
    ),
    _trend(
        "chop", "Choppiness index", HLC, (length(14),), ("chop",),
        "100 in a market that goes nowhere, low in a trend.", "Dreiss (1993)",
        _choppiness, lambda length: length, sparse=True,
    ),
    _trend(
        "rwi", "Random walk index", HLC, (Parameter("length", 14, 2, 200),), ("high", "low"),
        "The widest move against what chance would have moved.", "Poulos (1991)",
        _random_walk, lambda length: length + 1, sparse=True,
    ),
    _trend(
        "slope", "Linear regression slope", CLOSE, (length(14), PRICE), ("slope",),
        "The fitted line's rise a bar.", "TA-Lib LINEARREG_SLOPE",
        ta("LINEARREG_SLOPE", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _trend(
        "angle", "Linear regression angle", CLOSE, (length(14), PRICE), ("angle",),
        "The fitted line's rise a bar as an angle in degrees.", "TA-Lib LINEARREG_ANGLE",
        ta("LINEARREG_ANGLE", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _trend(
        "tsf", "Time series forecast", CLOSE, (length(14), PRICE), ("tsf",),
        "The fitted line carried one bar ahead.", "TA-Lib TSF",
        ta("TSF", "close", length="timeperiod"), lambda length: length - 1, pane=Pane.overlay,
    ),
    _trend(
        "intercept", "Linear regression intercept", CLOSE, (length(14), PRICE), ("intercept",),
        "Where the fitted line begins, at the window's first bar.", "TA-Lib LINEARREG_INTERCEPT",
        ta("LINEARREG_INTERCEPT", "close", length="timeperiod"), lambda length: length - 1,
        pane=Pane.overlay,
    ),
    _trend(
        "td_setup", "TD setup", CLOSE, (PRICE,), ("count",),
        "Closes in a row above (+) or below (−) the one four bars before; nine completes.",
        "DeMark (1994)", _setup, lambda: 4,
    ),
    _trend(
        "massi", "Mass index", HL, (length(9, name="fast"), length(25, name="slow")),
        ("massi",), "Ranges that widen: a bulge over 27 that falls under 26.5 tells of a turn.",
        "Dorsey (1992); TA-Lib MASSI", _mass,
        lambda fast, slow: 2 * fast + slow - 3, sparse=True,
    ),
)  # fmt: skip
