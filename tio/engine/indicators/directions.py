"""Directional movement: which way bars reach beyond the ones before them."""

from functools import partial

from tio.engine.indicators.arithmetic import call, one, ta
from tio.engine.indicators.declare import (
    HL,
    HLC,
    Group,
    Indicator,
    Inputs,
    Outputs,
    length,
)

_trend = partial(Indicator, group=Group.trend)
_HLC = ("high", "low", "close")


def _adx(bars: Inputs, length: int) -> Outputs:
    columns = (bars.high, bars.low, bars.close)
    names = ("ADX", "PLUS_DI", "MINUS_DI")
    return tuple(one(name, *columns, timeperiod=length) for name in names)


def _aroon(bars: Inputs, length: int) -> Outputs:
    down, up = call("AROON", bars.high, bars.low, timeperiod=length)
    return up, down, up - down


def _movement(bars: Inputs, length: int) -> Outputs:
    names = ("PLUS_DM", "MINUS_DM")
    return tuple(one(name, bars.high, bars.low, timeperiod=length) for name in names)


INDICATORS = (
    _trend(
        "adx", "Average directional index", HLC, (length(14),), ("adx", "plus_di", "minus_di"),
        "How strong the trend is, whichever way, beside the two directions.",
        "Wilder (1978); TA-Lib ADX", _adx, lambda length: 2 * length - 1,
    ),
    _trend(
        "adxr", "ADX rating", HLC, (length(14),), ("adxr",),
        "The mean of the ADX and the ADX a window ago.", "Wilder (1978); TA-Lib ADXR",
        ta("ADXR", *_HLC, length="timeperiod"), lambda length: 3 * length - 2,
    ),
    _trend(
        "dx", "Directional index", HLC, (length(14),), ("dx",),
        "The two directions' difference over their sum, 0–100.", "Wilder (1978); TA-Lib DX",
        ta("DX", *_HLC, length="timeperiod"), lambda length: length,
    ),
    _trend(
        "dm", "Directional movement", HL, (length(14),), ("plus_dm", "minus_dm"),
        "How far bars reach beyond the one before, summed Wilder's way.",
        "Wilder (1978); TA-Lib PLUS_DM", _movement, lambda length: length - 1,
    ),
    _trend(
        "aroon", "Aroon", HL, (length(25),), ("up", "down", "oscillator"),
        "How lately the window's high and low happened, 0–100.",
        "Chande (1995); TA-Lib AROON", _aroon, lambda length: length,
    ),
    _trend(
        "vortex", "Vortex indicator", HLC, (length(14),), ("plus", "minus"),
        "Reach from low to next high against high to next low.",
        "Botes and Siepman (2010); TA-Lib VORTEX", ta("VORTEX", *_HLC, length="timeperiod"),
        lambda length: length, sparse=True,
    ),
)  # fmt: skip
