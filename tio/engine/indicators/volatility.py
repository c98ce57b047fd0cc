"""Volatility: how much prices move, whichever way."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import highest, one, rma, sma, ta, total, true_range
from tio.engine.indicators.bands import atr
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
    factor,
    length,
)
from tio.engine.indicators.pieces import Windowed, applied
from tio.engine.indicators.rolling import before, ratio

_volatility = partial(Indicator, group=Group.volatility)
_YEAR = factor("periods", 252, 1, 600_000)
"""How many bars a year has: 252 days for shares, 365 for crypto."""


def _atrp(bars: Inputs, length: int) -> Outputs:
    return (ratio(atr(bars, length), bars.close) * 100,)


def _historical(bars: Inputs, length: int, periods: float) -> Outputs:
    moves = np.log(ratio(bars.close, before(bars.close)))
    return (_sample_deviation(moves, length) * np.sqrt(periods) * 100,)


def _parkinson(bars: Inputs, length: int, periods: float) -> Outputs:
    square = np.log(ratio(bars.high, bars.low)) ** 2 / (4 * np.log(2))
    return (_yearly(square, length, periods),)


def _garman_klass(bars: Inputs, length: int, periods: float) -> Outputs:
    reach = np.log(ratio(bars.high, bars.low)) ** 2 / 2
    body = np.log(ratio(bars.close, bars.open)) ** 2 * (2 * np.log(2) - 1)
    return (_yearly(reach - body, length, periods),)


def _rogers_satchell(bars: Inputs, length: int, periods: float) -> Outputs:
    return (_yearly(_without_drift(bars), length, periods),)


def _yang_zhang(bars: Inputs, length: int, periods: float) -> Outputs:
    overnight = np.log(ratio(bars.open, before(bars.close)))
    body = np.log(ratio(bars.close, bars.open))
    share = 0.34 / (1.34 + (length + 1) / (length - 1))
    drift = sma(_blank_first(bars, _without_drift(bars)), length)
    variance = (
        _sample_deviation(overnight, length) ** 2
        + share * _sample_deviation(_blank_first(bars, body), length) ** 2
        + (1 - share) * drift
    )
    return (np.sqrt(np.maximum(variance, 0) * periods) * 100,)


def _without_drift(bars: Inputs) -> Floats:
    up, down = np.log(ratio(bars.high, bars.open)), np.log(ratio(bars.low, bars.open))
    body = np.log(ratio(bars.close, bars.open))
    drifted: Floats = up * (up - body) + down * (down - body)
    return drifted


def _blank_first(bars: Inputs, column: Floats) -> Floats:
    return np.where(np.isnan(before(bars.close)), np.nan, column)


def _yearly(square: Floats, length: int, periods: float) -> Floats:
    return np.sqrt(np.maximum(sma(square, length), 0) * periods) * 100


def _sample_deviation(column: Floats, length: int) -> Floats:
    return applied(Windowed(_deviations, length), column)[0]


def _deviations(block: Floats) -> Floats:
    return np.asarray(block.std(axis=1, ddof=1))


def _ulcer(bars: Inputs, length: int) -> Outputs:
    """Each close against the highest close of the window so far."""
    return applied(Windowed(_depths, length), bars.close)


def _depths(block: Floats) -> Floats:
    top = np.maximum.accumulate(block, axis=1)
    return np.asarray(np.sqrt((((block - top) / top * 100) ** 2).mean(axis=1)))


def _chaikin(bars: Inputs, length: int, reach: int) -> Outputs:
    return (one("CVI", bars.high, bars.low, timeperiod=length, rocperiod=reach),)


def _rvi(bars: Inputs, length: int, deviation: int) -> Outputs:
    return (one("RVI", bars.close, timeperiod=length, stddevperiod=deviation),)


def _drawdown(bars: Inputs, length: int) -> Outputs:
    return (ratio(bars.close, highest(bars.close, length)) * 100 - 100,)


def _range_percent(bars: Inputs, length: int) -> Outputs:
    return (sma(ratio(bars.high, bars.low) * 100 - 100, length),)


def _inertia(bars: Inputs, length: int, deviation: int, window: int) -> Outputs:
    return (one("LINEARREG", _rvi(bars, length, deviation)[0], timeperiod=window),)


def _true_ranges(bars: Inputs) -> Outputs:
    return (true_range(bars),)


def _normal(bars: Inputs, length: int) -> Outputs:
    """Where today's range stands against the mean range, and the mean range itself."""
    ranges = true_range(bars)
    return (ratio(ranges, rma(ranges, length)),)


def _area(bars: Inputs, length: int) -> Outputs:
    return (total(true_range(bars), length),)


_WINDOW = (length(20), _YEAR)

INDICATORS = (
    _volatility(
        "trange", "True range", HLC, (), ("trange",),
        "The bar's range, the gap before it included.", "Wilder (1978); TA-Lib TRANGE",
        _true_ranges, lambda: 1,
    ),
    _volatility(
        "atr", "Average true range", HLC, (length(14, 1),), ("atr",),
        "The true range, smoothed Wilder's way, in the price's own unit.",
        "Wilder (1978); TA-Lib ATR", ta("ATR", "high", "low", "close", length="timeperiod"),
        lambda length: length,
    ),
    _volatility(
        "natr", "Normalised average true range", HLC, (length(14, 1),), ("natr",),
        "The average true range in percent of the close.", "Forman (2006); TA-Lib NATR",
        _atrp, lambda length: length, sparse=True,
    ),
    _volatility(
        "tr_ratio", "Range against its average", HLC, (length(14),), ("ratio",),
        "This bar's true range over the average one: 2 is twice as wide as usual.",
        "Wilder (1978), as a ratio", _normal, lambda length: length, sparse=True,
    ),
    _volatility(
        "tr_sum", "Sum of true ranges", HLC, (length(14),), ("sum",),
        "All the way prices went in the window.", "Wilder (1978)", _area, lambda length: length,
    ),
    _volatility(
        "adr", "Average day range", HL, (length(14),), ("adr",),
        "The mean of high less low.", "TA-Lib ADR",
        ta("ADR", "high", "low", length="timeperiod"), lambda length: length - 1,
    ),
    _volatility(
        "adrp", "Average day range, percent", HL, (length(20),), ("adrp",),
        "The mean of high over low, in percent above 1.", "Minervini's and O'Neil's screens",
        _range_percent, lambda length: length - 1, sparse=True,
    ),
    _volatility(
        "hv", "Historical volatility", CLOSE, (*_WINDOW, PRICE), ("hv",),
        "The sample deviation of log returns, in percent a year.", "Hull, Options (1989)",
        _historical, lambda length, periods: length, sparse=True,
    ),
    _volatility(
        "parkinson", "Parkinson volatility", HL, _WINDOW, ("volatility",),
        "Volatility from highs and lows, in percent a year.", "Parkinson (1980)",
        _parkinson, lambda length, periods: length - 1, sparse=True,
    ),
    _volatility(
        "garman_klass", "Garman-Klass volatility", OHLC, _WINDOW, ("volatility",),
        "Volatility from all four prices, in percent a year.", "Garman and Klass (1980)",
        _garman_klass, lambda length, periods: length - 1, sparse=True,
    ),
    _volatility(
        "rogers_satchell", "Rogers-Satchell volatility", OHLC, _WINDOW, ("volatility",),
        "Volatility that a drift does not disturb, in percent a year.",
        "Rogers and Satchell (1991)", _rogers_satchell, lambda length, periods: length - 1,
        sparse=True,
    ),
    _volatility(
        "yang_zhang", "Yang-Zhang volatility", OHLC, _WINDOW, ("volatility",),
        "Volatility with gaps and without drift, in percent a year.", "Yang and Zhang (2000)",
        _yang_zhang, lambda length, periods: length, sparse=True,
    ),
    _volatility(
        "ulcer", "Ulcer index", CLOSE, (length(14), PRICE), ("ulcer",),
        "How deep and how long prices stood below their window's high.", "Martin (1987)",
        _ulcer, lambda length: length - 1,
    ),
    _volatility(
        "drawdown", "Drawdown from the window's high", CLOSE, (length(252), PRICE),
        ("drawdown",), "How many percent the close is below the highest close.",
        "common practice", _drawdown, lambda length: length - 1, sparse=True,
    ),
    _volatility(
        "cvi", "Chaikin volatility", HL, (length(10), length(10, 1, name="reach")), ("cvi",),
        "The change of the average range, in percent.", "Chaikin; TA-Lib CVI",
        _chaikin, lambda length, reach: length + reach - 1, sparse=True,
    ),
    _volatility(
        "rvi", "Relative volatility index", CLOSE,
        (length(14), length(10, name="deviation"), PRICE), ("rvi",),
        "An RSI of deviations: the share of volatility in rises.",
        "Dorsey (1993); TA-Lib RVI", _rvi, lambda length, deviation: length + deviation - 2,
        sparse=True,
    ),
    _volatility(
        "inertia", "Inertia", CLOSE,
        (length(14), length(10, name="deviation"), length(20, name="window"), PRICE),
        ("inertia",), "The relative volatility index along its fitted line.", "Dorsey (1995)",
        _inertia, lambda length, deviation, window: length + deviation + window - 3,
        sparse=True,
    ),
)  # fmt: skip
