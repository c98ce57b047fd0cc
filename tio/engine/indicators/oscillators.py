"""Oscillators: where the price stands in its range, and how it got there."""

from functools import partial
from math import log, nan

import numpy as np

from tio.engine.indicators.arithmetic import call, ema, highest, lowest, one, sma, ta, total
from tio.engine.indicators.declare import (
    CLOSE,
    HL,
    HLC,
    OHLC,
    PRICE,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    length,
)
from tio.engine.indicators.pieces import Folded, applied
from tio.engine.indicators.rolling import before, rank_of_last, ratio

_oscillator = partial(Indicator, group=Group.momentum)


def _stochastic(bars: Inputs, length: int, smooth: int, signal: int) -> Outputs:
    raw = one("STOCHF", bars.high, bars.low, bars.close, fastk_period=length, fastd_period=1)
    slow = sma(raw, smooth)
    return slow, sma(slow, signal)


def _kdj(bars: Inputs, length: int, smooth: int, signal: int) -> Outputs:
    options = {"fastk_period": length, "slowk_period": smooth, "slowd_period": signal}
    return call("KDJ", bars.high, bars.low, bars.close, **options)


def _stoch_rsi(bars: Inputs, length: int, window: int, smooth: int, signal: int) -> Outputs:
    strength = one("RSI", bars.close, timeperiod=length)
    low = lowest(strength, window)
    span = highest(strength, window) - low
    raw = np.where(span > 0, (strength - low) / np.where(span > 0, span, 1.0) * 100, 0.0)
    slow = sma(np.where(np.isnan(span), np.nan, raw), smooth)
    return slow, sma(slow, signal)


def _smi(bars: Inputs, length: int, slow: int, fast: int, signal: int) -> Outputs:
    top, bottom = highest(bars.high, length), lowest(bars.low, length)
    off = ema(ema(bars.close - (top + bottom) / 2, slow), fast)
    line = ratio(off, ema(ema(top - bottom, slow), fast) / 2) * 100
    return line, ema(line, signal)


def _fisher(bars: Inputs, length: int) -> Outputs:
    middle = (bars.high + bars.low) / 2
    top, bottom = highest(middle, length), lowest(middle, length)
    line = applied(Folded(_bent, (0.0, 0.0)), middle, top, bottom)[0]
    return line, before(line)


Pair = tuple[float, float]


def _bent(carried: Pair, middle: float, top: float, bottom: float) -> tuple[Pair, float]:
    if top != top:
        return carried, nan
    place, fisher = carried
    raw = (middle - bottom) / (top - bottom) - 0.5 if top > bottom else 0.0
    place = min(0.999, max(-0.999, 0.66 * raw + 0.67 * place))
    fisher = 0.5 * log((1 + place) / (1 - place)) + 0.5 * fisher
    return (place, fisher), fisher


def _connors(bars: Inputs, length: int, streak: int, rank: int) -> Outputs:
    runs = applied(Folded(_run, (nan, 0.0)), bars.close)[0]
    changes = ratio(bars.close, before(bars.close)) - 1
    return (
        (
            one("RSI", bars.close, timeperiod=length)
            + one("RSI", runs, timeperiod=streak)
            + rank_of_last(changes, rank)
        )
        / 3,
    )


def _run(carried: Pair, price: float) -> tuple[Pair, float]:
    """How many bars in a row went the same way, below zero where they fell."""
    earlier, run = carried
    move = float((price > earlier) - (price < earlier))
    run = run + move if move * run > 0 else move
    return (price, run), run


def _schaff(bars: Inputs, length: int, fast: int, slow: int) -> Outputs:
    line = ema(bars.close, fast) - ema(bars.close, slow)
    return (_cycled(_cycled(line, length), length),)


def _cycled(line: Floats, length: int) -> Floats:
    """The stochastic of a line, half of each step kept; where it is flat, the last one stands."""
    low = lowest(line, length)
    return applied(Folded(_halved, (0.0, nan)), line, low, highest(line, length) - low)[0]


def _halved(carried: Pair, line: float, low: float, span: float) -> tuple[Pair, float]:
    if span != span:
        return carried, nan
    raw, kept = carried
    raw = (line - low) / span * 100 if span > 0 else raw
    kept = raw if kept != kept else kept + 0.5 * (raw - kept)
    return (raw, kept), kept


def _vigor(bars: Inputs, length: int) -> Outputs:
    def smooth(column: Floats) -> Floats:
        parts = (column, 2 * before(column), 2 * before(column, 2), before(column, 3))
        return sum(parts[1:], start=parts[0]) / 6

    line = ratio(
        total(smooth(bars.close - bars.open), length), total(smooth(bars.high - bars.low), length)
    )
    return line, smooth(line)


def _laguerre(bars: Inputs, gamma: float) -> Outputs:
    line = applied(Folded(partial(_filtered, gamma), ()), bars.close)[0]
    return (np.where(np.isnan(before(bars.close, 3)), np.nan, line),)


def _filtered(
    gamma: float, carried: tuple[float, ...], price: float
) -> tuple[tuple[float, ...], float]:
    kept = carried or (price,) * 4
    first = (1 - gamma) * price + gamma * kept[0]
    second = -gamma * first + kept[0] + gamma * kept[1]
    third = -gamma * second + kept[1] + gamma * kept[2]
    fourth = -gamma * third + kept[2] + gamma * kept[3]
    moves = (first - second, second - third, third - fourth)
    ups = sum(move for move in moves if move > 0)
    way = sum(abs(move) for move in moves)
    return (first, second, third, fourth), ups / way * 100 if way > 0 else 50.0


def _bop(bars: Inputs, length: int) -> Outputs:
    return (sma(one("BOP", bars.open, bars.high, bars.low, bars.close), length),)


_KD = (length(14), length(3, 1, name="smooth"), length(3, 1, name="signal"))
_HL_CALL = {"fast": "fastperiod", "slow": "slowperiod"}

INDICATORS = (
    _oscillator(
        "stoch", "Stochastic oscillator", HLC, _KD, ("k", "d"),
        "Where the close stands in the window's range, 0–100, smoothed, and its mean.",
        "Lane (1950s); TA-Lib STOCHF", _stochastic,
        lambda length, smooth, signal: length + smooth + signal - 3,
    ),
    _oscillator(
        "kdj", "KDJ", HLC, (length(9), *_KD[1:]), ("k", "d", "j"),
        "The stochastic with Wilder's smoothing, and J = 3K − 2D that runs ahead.",
        "TA-Lib KDJ", _kdj, lambda length, smooth, signal: length + smooth + signal - 3,
    ),
    _oscillator(
        "stochrsi", "Stochastic RSI", CLOSE,
        (length(14), length(14, name="window"), *_KD[1:], PRICE), ("k", "d"),
        "Where the RSI stands in its own range, 0–100.", "Chande and Kroll (1994)",
        _stoch_rsi,
        lambda length, window, smooth, signal: length + window + smooth + signal - 3,
    ),
    _oscillator(
        "smi", "Stochastic momentum index", HLC,
        (length(13), length(25, 1, name="slow"), length(2, 1, name="fast"),
         length(3, 1, name="signal")), ("smi", "signal"),
        "How far the close is from the middle of its range, smoothed twice.", "Blau (1993)",
        _smi, lambda length, slow, fast, signal: length + slow + fast + signal - 4, sparse=True,
    ),
    _oscillator(
        "willr", "Williams %R", HLC, (length(14),), ("willr",),
        "How far the close is below the window's high, −100 to 0.",
        "Williams (1973); TA-Lib WILLR", ta("WILLR", "high", "low", "close",
        length="timeperiod"), lambda length: length - 1,
    ),
    _oscillator(
        "cci", "Commodity channel index", HLC, (length(20),), ("cci",),
        "The typical price's distance from its mean in mean deviations.",
        "Lambert (1980); TA-Lib CCI", ta("CCI", "high", "low", "close", length="timeperiod"),
        lambda length: length - 1,
    ),
    _oscillator(
        "ultosc", "Ultimate oscillator", HLC,
        (length(7, 1, name="fast"), length(14, 1, name="middle"), length(28, 1, name="slow")),
        ("ultosc",), "Buying pressure over three windows, the shortest heaviest.",
        "Williams (1976); TA-Lib ULTOSC",
        ta("ULTOSC", "high", "low", "close", fast="timeperiod1", middle="timeperiod2",
           slow="timeperiod3"), lambda fast, middle, slow: max(fast, middle, slow),
    ),
    _oscillator(
        "ao", "Awesome oscillator", HL, (length(5, name="fast"), length(34, name="slow")),
        ("ao",), "A fast mean of the bars' middles less a slow one.",
        "Williams (1998); TA-Lib AO", ta("AO", "high", "low", **_HL_CALL),
        lambda fast, slow: max(fast, slow) - 1,
    ),
    _oscillator(
        "ac", "Accelerator oscillator", HL,
        (length(5, name="fast"), length(34, name="slow"), length(5, name="signal")), ("ac",),
        "The awesome oscillator less its mean: momentum's own change.",
        "Williams (1998); TA-Lib AC", ta("AC", "high", "low", **_HL_CALL, signal="signalperiod"),
        lambda fast, slow, signal: max(fast, slow) + signal - 2,
    ),
    _oscillator(
        "bop", "Balance of power", OHLC, (length(14, 1),), ("bop",),
        "The body as a share of the range: who moved the bar, smoothed.",
        "Livshin (2001); TA-Lib BOP", _bop, lambda length: length - 1,
    ),
    _oscillator(
        "fisher", "Fisher transform", HL, (length(10),), ("fisher", "trigger"),
        "The place in the range bent so that turns are sharp.", "Ehlers (2002)",
        _fisher, lambda length: length,
    ),
    _oscillator(
        "crsi", "Connors RSI", CLOSE,
        (length(3), length(2, name="streak"), length(100, name="rank"), PRICE), ("crsi",),
        "The mean of a short RSI, the RSI of the run of days, and the change's rank.",
        "Connors and Alvarez (2012)", _connors,
        lambda length, streak, rank: max(length, streak, rank + 1), sparse=True,
    ),
    _oscillator(
        "stc", "Schaff trend cycle", CLOSE,
        (length(10), length(23, name="fast"), length(50, name="slow"), PRICE), ("stc",),
        "The stochastic of the stochastic of a MACD.", "Schaff (1999)", _schaff,
        lambda length, fast, slow: max(fast, slow) + 2 * length - 3,
    ),
    _oscillator(
        "rvgi", "Relative vigor index", OHLC, (length(10),), ("rvgi", "signal"),
        "Bodies over ranges, both smoothed: whether closes beat opens.", "Ehlers (2002)",
        _vigor, lambda length: length + 5, sparse=True,
    ),
    _oscillator(
        "imi", "Intraday momentum index", ("open", "close"), (length(14),), ("imi",),
        "The share of rising bodies in all bodies, 0–100.",
        "Chande (1994); TA-Lib IMI", ta("IMI", "open", "close", length="timeperiod"),
        lambda length: length - 1,
    ),
    _oscillator(
        "qstick", "Qstick", ("open", "close"), (length(10),), ("qstick",),
        "The mean body of the last bars.", "Chande (1994); TA-Lib QSTICK",
        ta("QSTICK", "open", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _oscillator(
        "fosc", "Forecast oscillator", CLOSE, (length(5), PRICE), ("fosc",),
        "How far the price is off the line's forecast for it, in percent.",
        "Chande (1994); TA-Lib FOSC", ta("FOSC", "close", length="timeperiod"),
        lambda length: length,
    ),
    _oscillator(
        "elder_ray", "Elder ray", HLC, (length(13),), ("bull", "bear"),
        "How far the high and the low reach beyond an EMA.", "Elder (1993); TA-Lib ERI",
        ta("ERI", "high", "low", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _oscillator(
        "laguerre_rsi", "Laguerre RSI", CLOSE, (PRICE,), ("laguerre_rsi",),
        "An RSI of four Laguerre filters (γ 0.5): smooth with few bars.",
        "Ehlers (2004)", lambda bars: _laguerre(bars, 0.5), lambda: 3,
    ),
)  # fmt: skip
