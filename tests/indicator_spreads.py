"""Formulas of volatility and statistics, added to those of `indicator_formulas`."""

from collections.abc import Sequence
from math import log, sqrt

import numpy as np
from indicator_formulas import FORMULAS as FORMULAS
from indicator_formulas import formula, ranges, returns, smoothed

from tio.engine.store.columns import Columns


@formula
def tr_ratio(bars: Columns) -> Sequence[float]:
    return (float(ranges(bars)[-1] / smoothed(ranges(bars), 1 / 14, 14)),)


@formula
def tr_sum(bars: Columns) -> Sequence[float]:
    return (float(ranges(bars)[-14:].sum()),)


@formula
def adrp(bars: Columns) -> Sequence[float]:
    return (float((bars.high[-20:] / bars.low[-20:]).mean() * 100 - 100),)


@formula
def parkinson(bars: Columns) -> Sequence[float]:
    square = (np.log(bars.high[-20:] / bars.low[-20:]) ** 2).mean() / (4 * log(2))
    return (sqrt(square * 252) * 100,)


@formula
def garman_klass(bars: Columns) -> Sequence[float]:
    reach = np.log(bars.high[-20:] / bars.low[-20:]) ** 2
    body = np.log(bars.close[-20:] / bars.open[-20:]) ** 2
    return (sqrt((reach / 2 - (2 * log(2) - 1) * body).mean() * 252) * 100,)


def _drift_free(bars: Columns) -> float:
    open, high, low, close = (
        np.log(each[-20:]) for each in (bars.open, bars.high, bars.low, bars.close)
    )
    return float(((high - close) * (high - open) + (low - close) * (low - open)).mean())


@formula
def rogers_satchell(bars: Columns) -> Sequence[float]:
    return (sqrt(_drift_free(bars) * 252) * 100,)


@formula
def yang_zhang(bars: Columns) -> Sequence[float]:
    night = np.log(bars.open[-20:] / bars.close[-21:-1]).var(ddof=1)
    body = np.log(bars.close[-20:] / bars.open[-20:]).var(ddof=1)
    share = 0.34 / (1.34 + 21 / 19)
    return (sqrt((night + share * body + (1 - share) * _drift_free(bars)) * 252) * 100,)


@formula
def drawdown(bars: Columns) -> Sequence[float]:
    return (float(bars.close[-1] / bars.close[-252:].max() * 100 - 100),)


@formula
def percent_rank(bars: Columns) -> Sequence[float]:
    return (float((bars.close[-101:-1] < bars.close[-1]).sum()),)


@formula
def skew(bars: Columns) -> Sequence[float]:
    window = bars.close[-30:]
    return (float((((window - window.mean()) / window.std()) ** 3).mean()),)


@formula
def kurtosis(bars: Columns) -> Sequence[float]:
    window = bars.close[-30:]
    return (float((((window - window.mean()) / window.std()) ** 4).mean() - 3),)


@formula
def r_squared(bars: Columns) -> Sequence[float]:
    return (float(np.corrcoef(np.arange(14), bars.close[-14:])[0, 1] ** 2),)


@formula
def autocorrelation(bars: Columns) -> Sequence[float]:
    moves = returns(bars.close)
    return (float(np.corrcoef(moves[-50:], moves[-51:-1])[0, 1]),)


@formula
def median(bars: Columns) -> Sequence[float]:
    ordered = sorted(bars.close[-20:].tolist())
    return ((ordered[9] + ordered[10]) / 2,)


@formula
def log_return(bars: Columns) -> Sequence[float]:
    return (log(bars.close[-1] / bars.close[-2]),)


@formula
def gap(bars: Columns) -> Sequence[float]:
    return (float(bars.open[-1] / bars.close[-2] * 100 - 100),)


@formula
def candle_parts(bars: Columns) -> Sequence[float]:
    open, high, low, close = (
        float(each[-1]) for each in (bars.open, bars.high, bars.low, bars.close)
    )
    parts = (close - open, high - max(open, close), min(open, close) - low)
    return [each / (high - low) * 100 for each in parts]
