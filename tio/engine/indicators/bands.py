"""Bands and channels around prices."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import deviation, ema, highest, lowest, one, rma, sma, ta
from tio.engine.indicators.arithmetic import true_range as tr
from tio.engine.indicators.declare import (
    CLOSE,
    HL,
    HLC,
    PRICE,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    factor,
    length,
)
from tio.engine.indicators.rolling import before, filled, ratio

_band = partial(Indicator, group=Group.bands, pane=Pane.overlay)
_UML = ("upper", "middle", "lower")


def atr(bars: Inputs, length: int) -> Floats:
    """Wilder's average true range, from the second bar's range on."""
    return rma(tr(bars), length)


def _bbands(bars: Inputs, length: int, width: float) -> Outputs:
    middle, spread = sma(bars.close, length), deviation(bars.close, length) * width
    upper, lower = middle + spread, middle - spread
    return (
        upper, middle, lower, ratio(bars.close - lower, upper - lower),
        ratio(upper - lower, middle),
    )  # fmt: skip


def _keltner(bars: Inputs, length: int, atr_length: int, width: float) -> Outputs:
    middle, spread = ema(bars.close, length), atr(bars, atr_length) * width
    return middle + spread, middle, middle - spread


def _starc(bars: Inputs, length: int, atr_length: int, width: float) -> Outputs:
    middle, spread = sma(bars.close, length), atr(bars, atr_length) * width
    return middle + spread, middle, middle - spread


def _donchian(bars: Inputs, length: int) -> Outputs:
    upper, lower = highest(bars.high, length), lowest(bars.low, length)
    return upper, (upper + lower) / 2, lower


def _envelope(bars: Inputs, length: int, percent: float) -> Outputs:
    middle = sma(bars.close, length)
    return middle * (1 + percent / 100), middle, middle * (1 - percent / 100)


def _regression(bars: Inputs, length: int, width: float) -> Outputs:
    """The line's end, and the deviation of the window's closes from the whole line."""
    middle = one("LINEARREG", bars.close, timeperiod=length)
    slope = one("LINEARREG_SLOPE", bars.close, timeperiod=length)
    variance = one("VAR", bars.close, timeperiod=length, nbdev=1.0)
    off = np.sqrt(np.maximum(variance - slope**2 * (length**2 - 1) / 12, 0)) * width
    return middle + off, middle, middle - off


def _squeeze(bars: Inputs, length: int, width: float, keltner: float) -> Outputs:
    """Carter: on while the Bollinger bands lie within the Keltner channel of simple means."""
    middle = sma(bars.close, length)
    inner, outer = deviation(bars.close, length) * width, sma(tr(bars), length) * keltner
    on = np.where(np.isnan(outer), np.nan, np.where(inner < outer, 1.0, 0.0))
    centre = (highest(bars.high, length) + lowest(bars.low, length)) / 2
    return one("LINEARREG", bars.close - (centre + middle) / 2, timeperiod=length), on


def _fractal_bands(bars: Inputs, span: int) -> Outputs:
    """The newest fractal that is known: `span` bars after it happened."""
    sides = []
    for column, extreme in ((bars.high, highest), (bars.low, lowest)):
        best, centre = extreme(column, 2 * span + 1), before(column, span)
        sides.append(filled(np.where(centre == best, centre, np.nan)))
    return sides[0], sides[1]


_ATR_WIDTH = (length(20), length(10, 1, name="atr_length"), factor("width", 2))

INDICATORS = (
    _band(
        "bbands", "Bollinger bands", CLOSE, (length(20), factor("width", 2), PRICE),
        (*_UML, "percent_b", "bandwidth"),
        "A mean with bands of so many (population) standard deviations.",
        "Bollinger (2001); TA-Lib SMA and STDDEV", _bbands, lambda length, width: length - 1,
        sparse=True,
    ),
    _band(
        "keltner", "Keltner channel", HLC, _ATR_WIDTH, _UML,
        "An EMA with bands of so many average true ranges.", "Raschke's form of Keltner (1960)",
        _keltner, lambda length, atr_length, width: max(length - 1, atr_length),
    ),
    _band(
        "starc", "Stoller average range channel", HLC,
        (length(5), length(10, 1, name="atr_length"), factor("width", 2)), _UML,
        "A simple mean with bands of so many average true ranges.", "Stoller (1980s)",
        _starc, lambda length, atr_length, width: max(length - 1, atr_length),
    ),
    _band(
        "donchian", "Donchian channel", HL, (length(20),), _UML,
        "The highest high and lowest low, this bar included.", "Donchian (1960)",
        _donchian, lambda length: length - 1,
    ),
    _band(
        "accbands", "Acceleration bands", HLC, (length(20),), _UML,
        "Bands widened by each bar's own range.", "Headley (2002); TA-Lib ACCBANDS",
        ta("ACCBANDS", "high", "low", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _band(
        "envelope", "Moving average envelope", CLOSE,
        (length(20), factor("percent", 2.5), PRICE), _UML,
        "A mean with bands a fixed share away.", "Murphy (1986)",
        _envelope, lambda length, percent: length - 1,
    ),
    _band(
        "regression_channel", "Linear regression channel", CLOSE,
        (length(100, 3), factor("width", 2), PRICE), _UML,
        "The end of the fitted line, with bands of the closes' deviation from that line.",
        "Raff (1991), at every bar anew", _regression, lambda length, width: length - 1,
    ),
    _band(
        "fcb", "Fractal chaos bands", HL, (length(2, 1, name="span"),), ("upper", "lower"),
        "The newest known fractal high and low.", "Williams (1995)",
        _fractal_bands, lambda span: 2 * span, sparse=True,
    ),
    _band(
        "squeeze", "Squeeze momentum", HLC,
        (length(20), factor("width", 2), factor("keltner", 1.5)), ("momentum", "on"),
        "On (1) while Bollinger bands lie within the Keltner channel; momentum says which way.",
        "Carter, Mastering the Trade (2005)", _squeeze,
        lambda length, width, keltner: 2 * length - 2, pane=Pane.own,
    ),
)  # fmt: skip
