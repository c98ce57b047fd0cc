"""Trailing stops: lines that follow a move and turn when it ends."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import call, highest, lowest, ta
from tio.engine.indicators.bands import atr
from tio.engine.indicators.declare import (
    HL,
    HLC,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    factor,
    length,
)

_stop = partial(Indicator, group=Group.bands, pane=Pane.overlay)


def _supertrend(bars: Inputs, length: int, multiplier: float) -> Outputs:
    line, trend = call(
        "SUPERTREND", bars.high, bars.low, bars.close, timeperiod=length, multiplier=multiplier
    )
    return line, np.where(np.isnan(line), np.nan, trend)


def _chandelier(bars: Inputs, length: int, multiplier: float) -> Outputs:
    room = atr(bars, length) * multiplier
    return highest(bars.high, length) - room, lowest(bars.low, length) + room


def _atr_stop(bars: Inputs, length: int, multiplier: float) -> Outputs:
    """The line is below the close while it rises, above while it falls."""
    room = atr(bars, length) * multiplier
    upper, lower = bars.close + room, bars.close - room
    line, trend = np.full(len(room), np.nan), np.full(len(room), np.nan)
    above, below, up = np.nan, np.nan, True
    for at in range(length, len(room)):
        close, earlier = bars.close[at], bars.close[at - 1]
        if at == length:
            above, below, up = upper[at], lower[at], bool(close >= earlier)
        above = upper[at] if upper[at] < above or earlier > above else above
        below = lower[at] if lower[at] > below or earlier < below else below
        up = bool(close > (below if up else above)) if close != (below if up else above) else not up
        line[at], trend[at] = (below, 1.0) if up else (above, -1.0)
    return line, trend


def _volatility_stop(bars: Inputs, length: int, multiplier: float) -> Outputs:
    """Wilder: the extreme close since the turn, less (or plus) the last bar's range times x."""
    room = atr(bars, length) * multiplier
    line, trend = np.full(len(room), np.nan), np.full(len(room), np.nan)
    extreme, up = 0.0, True
    for at in range(length, len(room)):
        close = float(bars.close[at])
        if at == length:
            extreme, up = close, bool(close >= bars.close[0])
            continue
        stop = extreme - room[at - 1] if up else extreme + room[at - 1]
        if (close < stop) if up else (close > stop):
            up, extreme = not up, close
            stop = extreme - room[at] if up else extreme + room[at]
        extreme = max(extreme, close) if up else min(extreme, close)
        line[at], trend[at] = stop, 1.0 if up else -1.0
    return line, trend


INDICATORS = (
    _stop(
        "supertrend", "Supertrend", HLC, (length(10), factor("multiplier", 3)),
        ("supertrend", "trend"), "A stop so many average ranges off the middle; 1 up, −1 down.",
        "Seban (2009); TA-Lib SUPERTREND", _supertrend, lambda length, multiplier: length,
    ),
    _stop(
        "sar", "Parabolic stop and reverse", HL,
        (factor("step", 0.02, 0.001, 1), factor("maximum", 0.2, 0.001, 1)), ("sar",),
        "A stop that nears prices ever faster until it is touched and turns.",
        "Wilder (1978); TA-Lib SAR", ta("SAR", "high", "low", step="acceleration",
        maximum="maximum"), lambda step, maximum: 1,
    ),
    _stop(
        "chandelier", "Chandelier exit", HLC, (length(22), factor("multiplier", 3)),
        ("long", "short"), "Hung so many average ranges from the extreme of the window.",
        "Le Beau, in Elder (2002)", _chandelier, lambda length, multiplier: length,
    ),
    _stop(
        "atr_stop", "ATR trailing stop", HLC, (length(21), factor("multiplier", 3)),
        ("stop", "trend"), "A stop so many average ranges off the close that only tightens.",
        "Sylvain Vervoort (2009)", _atr_stop, lambda length, multiplier: length,
    ),
    _stop(
        "volatility_stop", "Wilder's volatility stop", HLC, (length(7), factor("multiplier", 3)),
        ("stop", "trend"), "So many average ranges behind the extreme close since the turn.",
        "Wilder (1978)", _volatility_stop, lambda length, multiplier: length + 1,
    ),
)  # fmt: skip
