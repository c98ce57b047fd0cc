"""Moving averages of fixed weights."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import one, rma, sma, ta
from tio.engine.indicators.declare import (
    CLOSE,
    CV,
    HL,
    PRICE,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    factor,
    length,
)
from tio.engine.indicators.rolling import before, ratio, weighted

_average = partial(Indicator, group=Group.averages, pane=Pane.overlay)
_LENGTH = (length(20), PRICE)


def _alma(bars: Inputs, length: int, offset: float, sigma: float) -> Outputs:
    at = np.arange(length)
    weights = np.exp(-((at - offset * (length - 1)) ** 2) / (2 * (length / sigma) ** 2))
    return (weighted(bars.close, tuple(weights.tolist())),)


def _sine(bars: Inputs, length: int) -> Outputs:
    weights = np.sin(np.pi * np.arange(1, length + 1) / (length + 1))
    return (weighted(bars.close, tuple(weights.tolist())),)


def _vwma(bars: Inputs, length: int) -> Outputs:
    return (ratio(sma(bars.close * bars.volume, length), sma(bars.volume, length)),)


def _gap(column: Inputs, length: int) -> Outputs:
    average = sma(column.close, length)
    return average, ratio(column.close - average, average) * 100


def _alligator(bars: Inputs, jaw: int, teeth: int, lips: int) -> Outputs:
    middle = (bars.high + bars.low) / 2
    pairs = ((jaw, 8), (teeth, 5), (lips, 3))
    return tuple(before(rma(middle, length), ahead) for length, ahead in pairs)


def _gator(bars: Inputs, jaw: int, teeth: int, lips: int) -> Outputs:
    slow, middle, fast = _alligator(bars, jaw, teeth, lips)
    return abs(slow - middle), -abs(middle - fast)


def _ribbon(bars: Inputs) -> Outputs:
    lengths = (3, 5, 8, 10, 12, 15, 30, 35, 40, 45, 50, 60)
    return tuple(one("EMA", bars.close, timeperiod=each) for each in lengths)


_JAWS = (length(13, name="jaw"), length(8, name="teeth"), length(5, name="lips"))

INDICATORS = (
    _average(
        "sma", "Simple moving average", CLOSE, _LENGTH, ("sma",),
        "The mean of the last prices.", "TA-Lib SMA",
        ta("SMA", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "ema", "Exponential moving average", CLOSE, _LENGTH, ("ema",),
        "A mean that forgets older prices by a constant share; seeded with a simple mean.",
        "TA-Lib EMA", ta("EMA", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "wma", "Weighted moving average", CLOSE, _LENGTH, ("wma",),
        "A mean whose weights fall in a straight line with age.", "TA-Lib WMA",
        ta("WMA", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "rma", "Wilder's moving average (SMMA)", CLOSE, _LENGTH, ("rma",),
        "Wilder's smoothing: an exponential mean of weight 1/length.",
        "Wilder (1978); TA-Lib RMA", ta("RMA", "close", length="timeperiod"),
        lambda length: length - 1,
    ),
    _average(
        "dema", "Double exponential moving average", CLOSE, _LENGTH, ("dema",),
        "Twice an EMA less the EMA of it: less lag.", "Mulloy (1994); TA-Lib DEMA",
        ta("DEMA", "close", length="timeperiod"), lambda length: 2 * length - 2,
    ),
    _average(
        "tema", "Triple exponential moving average", CLOSE, _LENGTH, ("tema",),
        "Three EMAs combined so that their lags cancel.", "Mulloy (1994); TA-Lib TEMA",
        ta("TEMA", "close", length="timeperiod"), lambda length: 3 * length - 3,
    ),
    _average(
        "t3", "Tillson T3", CLOSE, (length(5), factor("volume_factor", 0.7, 0, 1), PRICE), ("t3",),
        "Six EMAs in a row, combined into one smooth line.", "Tillson (1998); TA-Lib T3",
        ta("T3", "close", length="timeperiod", volume_factor="vfactor"),
        lambda length, volume_factor: 6 * length - 6,
    ),
    _average(
        "trima", "Triangular moving average", CLOSE, _LENGTH, ("trima",),
        "A mean of means: the middle of the window weighs most.", "TA-Lib TRIMA",
        ta("TRIMA", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "hma", "Hull moving average", CLOSE, _LENGTH, ("hma",),
        "Weighted means of two lengths combined to follow prices with little lag.",
        "Hull (2005); TA-Lib HMA", ta("HMA", "close", length="timeperiod"),
        lambda length: length - 1 + int(length**0.5) - 1,
    ),
    _average(
        "zlema", "Zero-lag exponential moving average", CLOSE, _LENGTH, ("zlema",),
        "An EMA of prices pushed ahead by what they moved within its lag.",
        "Ehlers and Way (2010); TA-Lib ZLEMA", ta("ZLEMA", "close", length="timeperiod"),
        lambda length: length - 1 + (length - 1) // 2,
    ),
    _average(
        "lsma", "Least-squares moving average (EPMA)", CLOSE, _LENGTH, ("lsma",),
        "The end of the straight line fitted to the last prices.", "TA-Lib LINEARREG",
        ta("LINEARREG", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "alma", "Arnaud Legoux moving average", CLOSE,
        (length(9), factor("offset", 0.85, 0, 1), factor("sigma", 6, 0.1), PRICE), ("alma",),
        "A mean under a bell of weights placed near the newest price.",
        "Legoux and Kouzis-Loukas (2009)", _alma, lambda length, offset, sigma: length - 1,
    ),
    _average(
        "sinwma", "Sine-weighted moving average", CLOSE, (length(14), PRICE), ("sinwma",),
        "A mean under half a sine wave of weights.", "Lahn, Cycles (2000)", _sine,
        lambda length: length - 1,
    ),
    _average(
        "vwma", "Volume-weighted moving average", CV, _LENGTH, ("vwma",),
        "The mean of the last prices, each as heavy as its volume.", "Fries (2001)", _vwma,
        lambda length: length - 1, sparse=True,
    ),
    _average(
        "midpoint", "Midpoint", CLOSE, (length(14), PRICE), ("midpoint",),
        "The middle between the highest and the lowest close.", "TA-Lib MIDPOINT",
        ta("MIDPOINT", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "midprice", "Midprice", HL, (length(14),), ("midprice",),
        "The middle between the highest high and the lowest low.", "TA-Lib MIDPRICE",
        ta("MIDPRICE", "high", "low", length="timeperiod"), lambda length: length - 1,
    ),
    _average(
        "alligator", "Williams alligator", HL, _JAWS, ("jaw", "teeth", "lips"),
        "Three smoothed averages drawn ahead by 8, 5 and 3 bars: asleep when they twine.",
        "Williams, Trading Chaos (1995)", _alligator,
        lambda jaw, teeth, lips: max(jaw + 7, teeth + 4, lips + 2),
    ),
    _average(
        "gator", "Gator oscillator", HL, _JAWS, ("upper", "lower"),
        "How far the alligator's mouth is open: jaw to teeth above zero, teeth to lips below.",
        "Williams, New Trading Dimensions (1998)", _gator,
        lambda jaw, teeth, lips: max(jaw + 7, teeth + 4, lips + 2), pane=Pane.own,
    ),
    _average(
        "gmma", "Guppy multiple moving averages", CLOSE, (PRICE,),
        tuple(f"ema_{each}" for each in (3, 5, 8, 10, 12, 15, 30, 35, 40, 45, 50, 60)),
        "Six short and six long EMAs: traders beside investors.", "Guppy (1998)", _ribbon,
        lambda: 59,
    ),
    _average(
        "disparity", "Disparity index", CLOSE, _LENGTH, ("average", "percent"),
        "How many percent the price stands off its mean.", "Nison (1994)", _gap,
        lambda length: length - 1, pane=Pane.own, sparse=True,
    ),
)  # fmt: skip
