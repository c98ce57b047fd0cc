"""Volume: what traded behind the moves. Without volume there is no value."""

from functools import partial
from math import nan

import numpy as np

from tio.engine.indicators.arithmetic import call, ema, rma, sma, ta, total
from tio.engine.indicators.declare import (
    CV,
    HLC,
    HLCV,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    factor,
    length,
)
from tio.engine.indicators.pieces import Folded, applied
from tio.engine.indicators.rolling import before, change, cumulated, ratio

_volume = partial(Indicator, group=Group.volume)
_V = ("volume",)
_HLV = ("high", "low", "volume")


def _flow(bars: Inputs) -> Floats:
    """Volume by where the close lies in the bar: all of it at the high, none in the middle."""
    span = bars.high - bars.low
    place = (2 * bars.close - bars.high - bars.low) / np.where(span > 0, span, 1.0)
    return np.where(span > 0, place * bars.volume, 0.0)


def _cmf(bars: Inputs, length: int) -> Outputs:
    return (ratio(total(_flow(bars), length), total(bars.volume, length)),)


def _pvo(bars: Inputs, fast: int, slow: int, signal: int) -> Outputs:
    quick, calm = ema(bars.volume, fast), ema(bars.volume, slow)
    line = ratio(quick - calm, calm) * 100
    follower = ema(line, signal)
    return line, follower, line - follower


def _force(bars: Inputs, length: int) -> Outputs:
    return (ema(change(bars.close) * bars.volume, length),)


def _klinger(bars: Inputs, fast: int, slow: int, signal: int) -> Outputs:
    span = bars.high - bars.low
    middle = bars.high + bars.low + bars.close
    force = applied(Folded(_forced, (nan, nan, nan, 0.0, nan)), middle, span, bars.volume)[0]
    line = ema(force, fast) - ema(force, slow)
    return line, ema(line, signal)


def _forced(
    carried: tuple[float, ...], middle: float, span: float, volume: float
) -> tuple[tuple[float, ...], float]:
    """Klinger's volume force, from the third bar on; the range is summed while the way is kept."""
    earlier, reach, moved, force, way = carried
    turn = way
    way = 1.0 if middle > earlier else -1.0
    if earlier != earlier or turn != turn:
        return (middle, span, nan, 0.0, nan if earlier != earlier else way), nan
    moved = (moved if moved == moved and way == turn else reach) + span
    if moved == span or volume == 0:
        force = 0.0
    elif moved != 0:
        share = abs(2 * (span / moved - 1)) if span else 2.0
        force = volume * share * way * 100
    return (middle, span, moved, force, way), force


def _ease(bars: Inputs, length: int, scale: float) -> Outputs:
    middle = (bars.high + bars.low) / 2
    moved = change(middle) * (bars.high - bars.low) * scale
    return (sma(np.where(bars.volume > 0, ratio(moved, bars.volume), moved * 0), length),)


def _zone(bars: Inputs, length: int) -> Outputs:
    way = np.sign(change(bars.close))
    volume = np.where(np.isnan(way), np.nan, bars.volume)
    return (ratio(ema(way * bars.volume, length), ema(volume, length)) * 100,)


def _spike(bars: Inputs, length: int) -> Outputs:
    """Against the bars before this one, so that a burst does not hide in its own mean."""
    return (ratio(bars.volume, before(sma(bars.volume, length))),)


def _twiggs(bars: Inputs, length: int) -> Outputs:
    earlier = before(bars.close)
    top, bottom = np.maximum(bars.high, earlier), np.minimum(bars.low, earlier)
    place = np.where(top > bottom, ratio(2 * bars.close - top - bottom, top - bottom), 0.0)
    volume = np.where(np.isnan(earlier), np.nan, bars.volume)
    return (ratio(rma(place * volume, length), rma(volume, length)),)


def _dollar(bars: Inputs, length: int) -> Outputs:
    return (sma(bars.close * bars.volume, length),)


def _money_flow(bars: Inputs) -> Outputs:
    return (_flow(bars),)


def _volume_trend(bars: Inputs) -> Outputs:
    return (cumulated(ratio(change(bars.close), before(bars.close)) * bars.volume),)


def _side(bars: Inputs, length: int) -> Outputs:
    """Volume of rising bars over that of all bars that moved."""
    moves = change(bars.close)
    moves = np.where(np.isnan(moves), 0.0, moves)
    up = total(np.where(moves > 0, bars.volume, 0.0), length)
    return (ratio(up, total(np.where(moves != 0, bars.volume, 0.0), length)) * 100,)


INDICATORS = (
    _volume(
        "obv", "On-balance volume", CV, (), ("obv",),
        "Volume added when the close rises, taken when it falls.", "Granville (1963); TA-Lib OBV",
        ta("OBV", "close", "volume"), lambda: 0,
    ),
    _volume(
        "ad", "Accumulation/distribution line", HLCV, (), ("ad",),
        "Volume added by where the close lies in its bar.", "Chaikin; TA-Lib AD",
        ta("AD", *HLCV), lambda: 0,
    ),
    _volume(
        "money_flow", "Money flow volume", HLCV, (), ("flow",),
        "The bar's volume by where the close lies in it.", "Chaikin", _money_flow, lambda: 0,
    ),
    _volume(
        "adosc", "Chaikin oscillator", HLCV, (length(3, name="fast"), length(10, name="slow")),
        ("adosc",), "A fast average of the accumulation line less a slow one.",
        "Chaikin; TA-Lib ADOSC", lambda bars, fast, slow: call("ADOSC", bars.high, bars.low,
        bars.close, bars.volume, fastperiod=fast, slowperiod=slow),
        lambda fast, slow: max(fast, slow) - 1,
    ),
    _volume(
        "cmf", "Chaikin money flow", HLCV, (length(20),), ("cmf",),
        "Money flow volume over all volume of the window, −1 to 1.", "Chaikin",
        _cmf, lambda length: length - 1, sparse=True,
    ),
    _volume(
        "mfi", "Money flow index", HLCV, (length(14),), ("mfi",),
        "An RSI of typical prices, each move as heavy as its money.",
        "Quong and Soudack (1989); TA-Lib MFI", ta("MFI", *HLCV, length="timeperiod"),
        lambda length: length,
    ),
    _volume(
        "efi", "Elder force index", CV, (length(13, 1),), ("efi",),
        "The change times the volume, averaged.", "Elder (1993)", _force, lambda length: length,
    ),
    _volume(
        "pvo", "Percentage volume oscillator", _V,
        (length(12, name="fast"), length(26, name="slow"), length(9, 1, name="signal")),
        ("pvo", "signal", "histogram"), "The PPO of volume.", "TA-Lib PVO", _pvo,
        lambda fast, slow, signal: max(fast, slow) + signal - 2, sparse=True,
    ),
    _volume(
        "kvo", "Klinger volume oscillator", HLCV,
        (length(34, name="fast"), length(55, name="slow"), length(13, 1, name="signal")),
        ("kvo", "signal"), "Two averages of volume signed by trend and measured by range.",
        "Klinger (1997)", _klinger, lambda fast, slow, signal: max(fast, slow) + signal,
    ),
    _volume(
        "emv", "Ease of movement", _HLV,
        (length(14, 1), factor("scale", 10_000, 1e-9, 1e12)), ("emv",),
        "How far the middle moved for the volume it took.", "Arms (1989)",
        _ease, lambda length, scale: length,
    ),
    _volume(
        "marketfi", "Market facilitation index", _HLV, (), ("marketfi",),
        "The range a unit of volume moved.", "Williams (1995); TA-Lib MARKETFI",
        lambda bars: (ratio(bars.high - bars.low, bars.volume),), lambda: 0, sparse=True,
    ),
    _volume(
        "nvi", "Negative volume index", CV, (), ("nvi",),
        "Returns of the bars with less volume than the one before, chained.",
        "Dysart and Fosback; TA-Lib NVI", ta("NVI", "close", "volume"), lambda: 0, sparse=True,
    ),
    _volume(
        "pvi", "Positive volume index", CV, (), ("pvi",),
        "Returns of the bars with more volume than the one before, chained.",
        "Dysart and Fosback; TA-Lib PVI", ta("PVI", "close", "volume"), lambda: 0, sparse=True,
    ),
    _volume(
        "pvt", "Price volume trend", CV, (), ("pvt",),
        "Volume added in the measure of the return.", "TA-Lib PVT",
        _volume_trend, lambda: 0, sparse=True,
    ),
    _volume(
        "rvol", "Relative volume", _V, (length(20),), ("rvol",),
        "Volume over the mean of the bars before: 2 is twice the usual.", "TA-Lib RVOL",
        _spike, lambda length: length, sparse=True,
    ),
    _volume(
        "volume_sma", "Average volume", _V, (length(20),), ("average",),
        "The mean volume of the window.", "common practice",
        ta("SMA", "volume", length="timeperiod"), lambda length: length - 1,
    ),
    _volume(
        "dollar_volume", "Average traded value", CV, (length(20),), ("value",),
        "The mean of price times volume, in the quote's currency.", "common practice",
        _dollar, lambda length: length - 1,
    ),
    _volume(
        "vzo", "Volume zone oscillator", CV, (length(14),), ("vzo",),
        "Volume signed by the close's move over all volume, both averaged.",
        "Khalil and Steckler (2011)", _zone, lambda length: length, sparse=True,
    ),
    _volume(
        "twiggs", "Twiggs money flow", HLCV, (length(21),), ("twiggs",),
        "Chaikin's flow with gaps counted and Wilder's smoothing.", "Twiggs, Incredible Charts",
        _twiggs, lambda length: length, sparse=True,
    ),
    _volume(
        "up_volume", "Share of rising volume", CV, (length(20),), ("share",),
        "Volume of bars that closed higher, in percent of those that moved.",
        "Minervini's up/down volume, as a share", _side, lambda length: length - 1, sparse=True,
    ),
    _volume(
        "wad", "Williams accumulation/distribution", HLC, (), ("wad",),
        "The close's way from the true low or high, summed; needs no volume.",
        "Williams (1972); TA-Lib WAD", ta("WAD", "high", "low", "close"), lambda: 0,
    ),
)  # fmt: skip
