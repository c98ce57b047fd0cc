"""Measures of daily returns against a benchmark's.

Both series are of one length, a day each; a day on which either is NaN is left out. Fewer than two
days left, or a benchmark that never moved where one divides by it, answer NaN.
"""

import math

import numpy as np

from tio.api.errors import Invalid
from tio.engine.portfolio.measures import NAN, PERIODS, daily_rate, deviation, ratio
from tio.engine.portfolio.returns import Floats, linked


def beta(returns: Floats, benchmark: Floats) -> float:
    """Covariance with the benchmark by its variance. Sharpe (1964)."""
    own, other = paired(returns, benchmark)
    if len(own) < 2 or deviation(other) == 0:
        return NAN
    centred = other - other.mean()
    return float(np.dot(own - own.mean(), centred) / np.dot(centred, centred))


def alpha(
    returns: Floats, benchmark: Floats, risk_free: float = 0.0, periods: int = PERIODS
) -> float:
    """What beta leaves of the mean return, compounded to a year. Jensen (1968)."""
    own, other = paired(returns, benchmark)
    rate = daily_rate(risk_free, periods)
    if len(own) < 2:
        return NAN
    left = own.mean() - rate - beta(own, other) * (other.mean() - rate)
    with np.errstate(over="ignore"):
        return float((1 + left) ** periods - 1)


def tracking_error(returns: Floats, benchmark: Floats, periods: int = PERIODS) -> float:
    """Standard deviation a year of the difference, s · √periods."""
    own, other = paired(returns, benchmark)
    return deviation(own - other) * math.sqrt(periods)


def information_ratio(returns: Floats, benchmark: Floats, periods: int = PERIODS) -> float:
    """Mean difference a year by the tracking error. Goodwin (1998)."""
    own, other = paired(returns, benchmark)
    if len(own) < 2:
        return NAN
    return ratio(float((own - other).mean()) * periods, tracking_error(own, other, periods))


def correlation(returns: Floats, benchmark: Floats) -> float:
    """Pearson's, −1 to 1."""
    own, other = paired(returns, benchmark)
    if len(own) < 2 or deviation(own) == 0 or deviation(other) == 0:
        return NAN
    return float(np.corrcoef(own, other)[0, 1])


def up_capture(returns: Floats, benchmark: Floats) -> float:
    """The mean (geometric) return on days the benchmark rose or stood, by the benchmark's own."""
    own, other = paired(returns, benchmark)
    return _capture(own[other >= 0], other[other >= 0])


def down_capture(returns: Floats, benchmark: Floats) -> float:
    """The mean (geometric) return on days the benchmark fell, by the benchmark's own."""
    own, other = paired(returns, benchmark)
    return _capture(own[other < 0], other[other < 0])


def paired(returns: Floats, benchmark: Floats) -> tuple[Floats, Floats]:
    """Both on the days that tell both."""
    if len(returns) != len(benchmark):
        raise Invalid(
            f"{len(returns)} returns came with {len(benchmark)} of the benchmark",
            "Give both for the same days.",
        )
    both = np.isfinite(returns) & np.isfinite(benchmark)
    return returns[both], benchmark[both]


def _capture(own: Floats, other: Floats) -> float:
    """Morningstar's capture ratio, by the day and not by the month."""
    if not len(own):
        return NAN
    share = 1 / len(own)
    return ratio((1 + linked(own)) ** share - 1, (1 + linked(other)) ** share - 1)
