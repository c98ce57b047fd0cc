"""What a sample of returns says of its distribution: moments, covariance."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean, deviation (of the sample, n − 1), skewness and excess kurtosis (of the population)."""

    count: int
    mean: float
    deviation: float
    skewness: float = 0.0
    kurtosis: float = 0.0

    def over(self, periods: int) -> "Moments":
        """Those of the sum of so many independent periods: cumulants add up."""
        return Moments(
            self.count,
            self.mean * periods,
            self.deviation * sqrt(periods),
            self.skewness / sqrt(periods),
            self.kurtosis / periods,
        )


def moments(returns: Floats) -> Moments:
    """The moments of at least two returns; shape is zero where nothing deviates."""
    mean = float(returns.mean())
    off = returns - mean
    variance = float(np.mean(off**2))
    deviation = sqrt(variance * len(returns) / (len(returns) - 1))
    if variance <= (1e-15 * max(abs(mean), 1e-300)) ** 2:
        return Moments(len(returns), mean, deviation)
    scaled = off / sqrt(variance)
    return Moments(
        len(returns),
        mean,
        deviation,
        float(np.mean(scaled**3)),
        float(np.mean(scaled**4)) - 3,
    )


def known(returns: Floats) -> Floats:
    """The returns that are numbers, in their order."""
    array = np.asarray(returns, np.float64)
    found: Floats = array[np.isfinite(array)]
    return found


def covariance(returns: Floats) -> Floats:
    """The sample covariance (n − 1) of columns, shape (rows, n) to (n, n); no gaps allowed."""
    off = returns - returns.mean(axis=0)
    found: Floats = off.T @ off / (len(returns) - 1)
    return found


def weighted_covariance(returns: Floats, decay: float = 0.94) -> Floats:
    """Covariance around zero whose weights fall by `decay` a row into the past.

    RiskMetrics Technical Document (1996), 5.2, weights scaled to add up to one.
    """
    weights = decay ** np.arange(len(returns) - 1, -1, -1.0)
    # By their roots, so that the product is symmetric to the last digit.
    scaled = returns * np.sqrt(weights / weights.sum())[:, None]
    found: Floats = scaled.T @ scaled
    return found
