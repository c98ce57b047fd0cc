"""Statistics of the last prices."""

from functools import partial

import numpy as np

from tio.engine.indicators.arithmetic import deviation, one, sma, ta
from tio.engine.indicators.declare import (
    CLOSE,
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
from tio.engine.indicators.pieces import Windowed, applied
from tio.engine.indicators.rolling import before, rank_of_last, ratio

_statistic = partial(Indicator, group=Group.statistics)
_LENGTH = (length(20), PRICE)
_BOTH = ("close", "against")


def _z_score(bars: Inputs, length: int) -> Outputs:
    return (ratio(bars.close - sma(bars.close, length), deviation(bars.close, length)),)


def _median(bars: Inputs, length: int) -> Outputs:
    return applied(Windowed(_medians, length), bars.close)


def _medians(block: Floats) -> Floats:
    return np.asarray(np.median(block, axis=1))


def _moment(column: Floats, length: int, power: int) -> Floats:
    return applied(Windowed(partial(_moments, power), length), column)[0]


def _moments(power: int, block: Floats) -> Floats:
    """The third or fourth; NaN where the window is flat but for rounding."""
    off = block - block.mean(axis=1, keepdims=True)
    square = off * off
    spread = np.sqrt(square.mean(axis=1))
    flat = spread <= 1e-12 * np.abs(block).max(axis=1)
    raised = square * (off if power == 3 else square)
    return ratio(raised.mean(axis=1), np.where(flat, 0.0, spread) ** power)


def _skew(bars: Inputs, length: int) -> Outputs:
    return (_moment(bars.close, length, 3),)


def _kurtosis(bars: Inputs, length: int) -> Outputs:
    return (_moment(bars.close, length, 4) - 3,)


def _mean_deviation(bars: Inputs, length: int) -> Outputs:
    return (one("AVGDEV", bars.close, timeperiod=length),)


def _rank(bars: Inputs, length: int) -> Outputs:
    return (rank_of_last(bars.close, length),)


def _fit(bars: Inputs, length: int) -> Outputs:
    return applied(Windowed(_explained, length), bars.close)


def _explained(block: Floats) -> Floats:
    length = block.shape[1]
    at = np.arange(length) - (length - 1) / 2
    off = block - block.mean(axis=1, keepdims=True)
    return ratio((off * at).sum(axis=1) ** 2 / (at @ at), (off**2).sum(axis=1))


def _correlation(bars: Inputs, length: int) -> Outputs:
    return (_pearson(bars.close, bars.against, length),)


def _pearson(ours: Floats, theirs: Floats, length: int) -> Floats:
    """Window by window: running sums lose nine digits where deviations are small."""
    return applied(Windowed(_alike, length), ours, theirs)[0]


def _alike(ours: Floats, theirs: Floats) -> Floats:
    mine = ours - ours.mean(axis=1, keepdims=True)
    other = theirs - theirs.mean(axis=1, keepdims=True)
    spread = np.sqrt((mine**2).sum(axis=1) * (other**2).sum(axis=1))
    return ratio((mine * other).sum(axis=1), spread)


def _beta(bars: Inputs, length: int) -> Outputs:
    """The slope of our returns on theirs."""
    ours = ratio(bars.close, before(bars.close)) - 1
    theirs = ratio(bars.against, before(bars.against)) - 1
    return applied(Windowed(_slopes, length), ours, theirs)


def _slopes(ours: Floats, theirs: Floats) -> Floats:
    off = theirs - theirs.mean(axis=1, keepdims=True)
    return ratio((ours * off).sum(axis=1), (off * off).sum(axis=1))


def _strength(bars: Inputs) -> Outputs:
    return (ratio(bars.close, bars.against),)


def _autocorrelation(bars: Inputs, length: int) -> Outputs:
    moves = ratio(bars.close, before(bars.close)) - 1
    return (_pearson(moves, before(moves), length),)


def _log_return(bars: Inputs) -> Outputs:
    return (np.log(ratio(bars.close, before(bars.close))),)


INDICATORS = (
    _statistic(
        "stddev", "Standard deviation", CLOSE, _LENGTH, ("stddev",),
        "The population deviation of the window.", "TA-Lib STDDEV",
        ta("STDDEV", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _statistic(
        "variance", "Variance", CLOSE, _LENGTH, ("variance",),
        "The population variance of the window.", "TA-Lib VAR",
        ta("VAR", "close", length="timeperiod"), lambda length: length - 1,
    ),
    _statistic(
        "avgdev", "Mean deviation", CLOSE, (length(14), PRICE), ("avgdev",),
        "The mean distance from the window's mean.", "TA-Lib AVGDEV",
        _mean_deviation, lambda length: length - 1,
    ),
    _statistic(
        "zscore", "Z-score", CLOSE, _LENGTH, ("zscore",),
        "The price's distance from its mean in deviations.", "common practice",
        _z_score, lambda length: length - 1, sparse=True,
    ),
    _statistic(
        "median", "Median", CLOSE, _LENGTH, ("median",),
        "The middle value of the window.", "common practice",
        _median, lambda length: length - 1, pane=Pane.overlay,
    ),
    _statistic(
        "percentile", "Percentile", CLOSE, (length(20), factor("percent", 50, 0, 100), PRICE),
        ("percentile",), "The value so many percent of the window lie under (nearest rank).",
        "TA-Lib PERCENTILE", ta("PERCENTILE", "close", length="timeperiod",
        percent="percentile"), lambda length, percent: length - 1, pane=Pane.overlay,
    ),
    _statistic(
        "highest", "Highest", CLOSE, _LENGTH, ("highest",), "The window's highest price.",
        "TA-Lib MAX", ta("MAX", "close", length="timeperiod"), lambda length: length - 1,
        pane=Pane.overlay,
    ),
    _statistic(
        "lowest", "Lowest", CLOSE, _LENGTH, ("lowest",), "The window's lowest price.",
        "TA-Lib MIN", ta("MIN", "close", length="timeperiod"), lambda length: length - 1,
        pane=Pane.overlay,
    ),
    _statistic(
        "percent_rank", "Percent rank", CLOSE, (length(100), PRICE), ("rank",),
        "How many percent of the window's earlier prices are lower.", "common practice",
        _rank, lambda length: length,
    ),
    _statistic(
        "skew", "Skewness", CLOSE, (length(30, 3), PRICE), ("skew",),
        "Which tail of the window is longer.", "population moment", _skew,
        lambda length: length - 1, sparse=True,
    ),
    _statistic(
        "kurtosis", "Excess kurtosis", CLOSE, (length(30, 4), PRICE), ("kurtosis",),
        "How heavy the window's tails are against a normal's.", "population moment",
        _kurtosis, lambda length: length - 1, sparse=True,
    ),
    _statistic(
        "r_squared", "Fit of the straight line", CLOSE, (length(14, 3), PRICE), ("r_squared",),
        "The share of movement a straight line explains, 0–1.", "least squares", _fit,
        lambda length: length - 1, sparse=True,
    ),
    _statistic(
        "autocorrelation", "Autocorrelation of returns", CLOSE, (length(50, 3), PRICE),
        ("correlation",), "Whether a return resembles the one before: trend above zero.",
        "Pearson, lag 1", _autocorrelation, lambda length: length + 1, sparse=True,
    ),
    _statistic(
        "log_return", "Log return", CLOSE, (PRICE,), ("log_return",),
        "The logarithm of the price over the one before.", "common practice",
        _log_return, lambda: 1, sparse=True,
    ),
    _statistic(
        "correlation", "Correlation", _BOTH, _LENGTH, ("correlation",),
        "How alike the two instruments' prices move, −1 to 1.", "Pearson",
        _correlation, lambda length: length - 1, sparse=True,
    ),
    _statistic(
        "beta", "Beta", _BOTH, (length(20), PRICE), ("beta",),
        "How much of the other's return ours takes.", "least squares on simple returns", _beta,
        lambda length: length, sparse=True,
    ),
    _statistic(
        "relative", "Ratio to another instrument", _BOTH, (PRICE,), ("ratio",),
        "Our price over the other's: rising is outperforming.", "common practice",
        _strength, lambda: 0, sparse=True,
    ),
)  # fmt: skip
