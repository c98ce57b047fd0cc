"""Trailing stops: lines that follow a move and turn when it ends."""

from functools import partial
from math import nan

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
from tio.engine.indicators.grouped import first_of
from tio.engine.indicators.pieces import Folded, applied

_stop = partial(Indicator, group=Group.bands, pane=Pane.overlay)


def _supertrend(bars: Inputs, length: int, multiplier: float) -> Outputs:
    prices = (bars.high, bars.low, bars.close)
    return call("SUPERTREND", *prices, timeperiod=length, multiplier=multiplier)


def _chandelier(bars: Inputs, length: int, multiplier: float) -> Outputs:
    room = atr(bars, length) * multiplier
    return highest(bars.high, length) - room, lowest(bars.low, length) + room


def _atr_stop(bars: Inputs, length: int, multiplier: float) -> Outputs:
    """The line is below the close while it rises, above while it falls."""
    room = atr(bars, length) * multiplier
    return applied(Folded(_tightened, (nan, nan, nan, True), 2), bars.close, room)


Stop = tuple[float, float, float, bool]


def _tightened(carried: Stop, close: float, room: float) -> tuple[Stop, tuple[float, float]]:
    earlier, above, below, up = carried
    if room != room:
        return (close, nan, nan, True), (nan, nan)
    upper, lower = close + room, close - room
    if above != above:
        above, below, up = upper, lower, close >= earlier
    above = upper if upper < above or earlier > above else above
    below = lower if lower > below or earlier < below else below
    edge = below if up else above
    up = close > edge if close != edge else not up
    return (close, above, below, up), ((below, 1.0) if up else (above, -1.0))


def _volatility_stop(bars: Inputs, length: int, multiplier: float) -> Outputs:
    """Wilder: the extreme close since the turn, less (or plus) the last bar's range times x."""
    room = atr(bars, length) * multiplier
    first = first_of(bars.close, bars.close * 0)
    return applied(Folded(_turned, (nan, nan, True), 2), bars.close, room, first)


Turn = tuple[float, float, bool]


def _turned(
    carried: Turn, close: float, room: float, first: float
) -> tuple[Turn, tuple[float, float]]:
    before, extreme, up = carried
    if room != room:
        return carried, (nan, nan)
    if extreme != extreme:
        return (room, close, close >= first), (nan, nan)
    stop = extreme - before if up else extreme + before
    if (close < stop) if up else (close > stop):
        up, extreme = not up, close
        stop = extreme - room if up else extreme + room
    extreme = max(extreme, close) if up else min(extreme, close)
    return (room, extreme, up), (stop, 1.0 if up else -1.0)


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
