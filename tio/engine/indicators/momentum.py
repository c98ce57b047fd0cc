"""Momentum: how far and how fast prices went."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import call, ema, one, sma, ta, total, wma
from tio.engine.indicators.declare import (
    CLOSE,
    PRICE,
    Group,
    Indicator,
    Inputs,
    Outputs,
    length,
)
from tio.engine.indicators.rolling import before, change, exponential, ratio

_momentum = partial(Indicator, group=Group.momentum)
_FAST_SLOW = (length(12, name="fast"), length(26, name="slow"))
_TRIPLE = (*_FAST_SLOW, length(9, 1, name="signal"), PRICE)
_MSH = ("signal", "histogram")


def _ppo(bars: Inputs, fast: int, slow: int, signal: int) -> Outputs:
    line = one("PPO", bars.close, fastperiod=fast, slowperiod=slow, matype=1)
    follower = ema(line, signal)
    return line, follower, line - follower


def _tsi(bars: Inputs, slow: int, fast: int, signal: int) -> Outputs:
    line = one("TSI", bars.close, firstperiod=slow, secondperiod=fast)
    return line, ema(line, signal)


def _kst(bars: Inputs, signal: int) -> Outputs:
    parts = ((10, 10), (15, 10), (20, 10), (30, 15))
    line = sum(
        (
            weight * sma(one("ROC", bars.close, timeperiod=reach), smooth)
            for weight, (reach, smooth) in enumerate(parts, start=1)
        ),
        start=bars.close * 0.0,
    )
    return line, sma(line, signal)


def _pmo(bars: Inputs, length: int, smooth: int, signal: int) -> Outputs:
    """DecisionPoint: averages of weight 2 / n, as Swenlin's custom smoothing has it."""
    first = exponential((ratio(bars.close, before(bars.close)) - 1) * 100, 2 / length)
    line = exponential(10 * first, 2 / smooth)
    line = np.where(np.isnan(before(bars.close, length)), np.nan, line)
    return line, ema(line, signal)


def _trix(bars: Inputs, length: int, signal: int) -> Outputs:
    line = one("TRIX", bars.close, timeperiod=length)
    return line, ema(line, signal)


def _momentum_ratio(bars: Inputs, length: int) -> Outputs:
    return (ratio(bars.close, before(bars.close, length)) * 100,)


def _rsl(bars: Inputs, length: int) -> Outputs:
    return (ratio(bars.close, sma(bars.close, length)),)


def _psychological(bars: Inputs, length: int) -> Outputs:
    moves = change(bars.close)
    rises = np.where(np.isnan(moves), np.nan, np.where(moves > 0, 1.0, 0.0))
    return (total(rises, length) * 100 / length,)


def _coppock(bars: Inputs, length: int, fast: int, slow: int) -> Outputs:
    rates = one("ROC", bars.close, timeperiod=fast) + one("ROC", bars.close, timeperiod=slow)
    return (wma(rates, length),)


def _macd(bars: Inputs, fast: int, slow: int, signal: int) -> Outputs:
    options = {"fastperiod": fast, "slowperiod": slow, "signalperiod": signal}
    return call("MACD", bars.close, **options)


def _zero_lag_macd(bars: Inputs, fast: int, slow: int, signal: int) -> Outputs:
    line = one("ZLEMA", bars.close, timeperiod=fast) - one("ZLEMA", bars.close, timeperiod=slow)
    follower = ema(line, signal)
    return line, follower, line - follower


def _slowest(fast: int, slow: int, signal: int) -> int:
    return max(fast, slow) + signal - 2


INDICATORS = (
    _momentum(
        "rsi", "Relative strength index", CLOSE, (length(14), PRICE), ("rsi",),
        "The share of rises in all movement, 0–100, smoothed Wilder's way.",
        "Wilder (1978); TA-Lib RSI", ta("RSI", "close", length="timeperiod"),
        lambda length: length,
    ),
    _momentum(
        "macd", "Moving average convergence/divergence", CLOSE, _TRIPLE, ("macd", *_MSH),
        "A fast EMA less a slow one, beside its own average.", "Appel (1979); TA-Lib MACD",
        _macd, _slowest,
    ),
    _momentum(
        "zlmacd", "Zero-lag MACD", CLOSE, _TRIPLE, ("macd", *_MSH),
        "The MACD of zero-lag averages.", "Ehlers and Way (2010)", _zero_lag_macd,
        lambda fast, slow, signal: max(each - 1 + (each - 1) // 2 for each in (fast, slow))
        + signal - 1,
    ),
    _momentum(
        "ppo", "Percentage price oscillator", CLOSE, _TRIPLE, ("ppo", *_MSH),
        "The MACD in percent of the slow average, so symbols compare.", "TA-Lib PPO",
        _ppo, _slowest,
    ),
    _momentum(
        "apo", "Absolute price oscillator", CLOSE, (*_FAST_SLOW, PRICE), ("apo",),
        "A fast EMA less a slow one.", "TA-Lib APO",
        lambda bars, fast, slow: call("APO", bars.close, fastperiod=fast, slowperiod=slow,
        matype=1), lambda fast, slow: max(fast, slow) - 1,
    ),
    _momentum(
        "mom", "Momentum", CLOSE, (length(10, 1), PRICE), ("mom",),
        "The price less the price so many bars ago.", "TA-Lib MOM",
        ta("MOM", "close", length="timeperiod"), lambda length: length,
    ),
    _momentum(
        "roc", "Rate of change", CLOSE, (length(10, 1), PRICE), ("roc",),
        "The change since so many bars ago, in percent.", "TA-Lib ROC",
        ta("ROC", "close", length="timeperiod"), lambda length: length,
    ),
    _momentum(
        "rocr", "Rate of change, ratio", CLOSE, (length(10, 1), PRICE), ("rocr",),
        "The price as a percentage of the price so many bars ago.", "TA-Lib ROCR100",
        _momentum_ratio, lambda length: length, sparse=True,
    ),
    _momentum(
        "cmo", "Chande momentum oscillator", CLOSE, (length(14), PRICE), ("cmo",),
        "Rises less falls as a share of all movement, −100 to 100, with Wilder's smoothing.",
        "TA-Lib CMO", ta("CMO", "close", length="timeperiod"), lambda length: length,
    ),
    _momentum(
        "cmo_raw", "Chande momentum oscillator, unsmoothed", CLOSE, (length(14), PRICE),
        ("cmo",), "Rises less falls as a share of the window's movement, −100 to 100.",
        "Chande and Kroll (1994); TA-Lib CMOU", ta("CMOU", "close", length="timeperiod"),
        lambda length: length,
    ),
    _momentum(
        "trix", "TRIX", CLOSE, (length(15), length(9, 1, name="signal"), PRICE),
        ("trix", "signal"), "The change of a triple EMA, in percent.",
        "Hutson (1983); TA-Lib TRIX", _trix, lambda length, signal: 3 * length - 3 + signal,
    ),
    _momentum(
        "tsi", "True strength index", CLOSE,
        (length(25, name="slow"), length(13, name="fast"), length(7, 1, name="signal"), PRICE),
        ("tsi", "signal"), "Change smoothed twice, as a share of all movement smoothed twice.",
        "Blau (1991); TA-Lib TSI", _tsi, lambda slow, fast, signal: slow + fast + signal - 2,
    ),
    _momentum(
        "kst", "Know sure thing", CLOSE, (length(9, 1, name="signal"), PRICE), ("kst", "signal"),
        "Four smoothed rates of change, the longer the heavier.", "Pring (1992)",
        _kst, lambda signal: 44 + signal - 1, sparse=True,
    ),
    _momentum(
        "coppock", "Coppock curve", CLOSE,
        (length(10), length(11, 1, name="fast"), length(14, 1, name="slow"), PRICE),
        ("coppock",), "A weighted mean of two rates of change; bought when it turns up from below.",
        "Coppock (1962)", _coppock, lambda length, fast, slow: max(fast, slow) + length - 1,
    ),
    _momentum(
        "pmo", "Price momentum oscillator", CLOSE,
        (length(35), length(20, name="smooth"), length(10, 1, name="signal"), PRICE),
        ("pmo", "signal"), "The rate of change smoothed twice.", "Swenlin, DecisionPoint",
        _pmo, lambda length, smooth, signal: length + signal - 1, sparse=True,
    ),
    _momentum(
        "dpo", "Detrended price oscillator", CLOSE, (length(20), PRICE), ("dpo",),
        "A past price less a later mean's middle: cycles without the trend.", "TA-Lib DPO",
        ta("DPO", "close", length="timeperiod"), lambda length: max(length - 1, length // 2 + 1),
    ),
    _momentum(
        "rsl", "Levy relative strength", CLOSE, (length(130), PRICE), ("rsl",),
        "The price over its mean of half a year: above 1 is strong.", "Levy (1967)",
        _rsl, lambda length: length - 1, sparse=True,
    ),
    _momentum(
        "psy", "Psychological line", CLOSE, (length(12), PRICE), ("psy",),
        "The share of bars that closed higher than the one before, in percent.",
        "Japanese practice", _psychological, lambda length: length,
    ),
)  # fmt: skip
