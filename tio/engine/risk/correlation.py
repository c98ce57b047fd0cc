"""How returns move together: over all days, by ranks, in a window that rolls, shrunk.

A correlation is NaN where one side never moves or there are too few returns.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tio.engine.risk.estimates import Floats, weighted_covariance
from tio.engine.risk.paired import Instants, Prices, together

LEAST = 3
"""Returns a correlation is taken of, at least."""
STILL = 1e-12
"""A deviation below this part of the largest return is rounding, not movement."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Correlations of every pair over what that pair has in common; shape (n, n).

    The matrix need not be positive semi-definite when pairs have different days. `start` is where
    the first of all returns begins, `end` where the last one ends; None without any.
    """

    values: Floats
    counts: Instants
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Shrunk:
    """A correlation matrix and the weight that its target had, 0 to 1."""

    values: Floats
    weight: float


def pearson(returns: Floats) -> Floats:
    """The product-moment correlation of columns, shape (rows, n) to (n, n)."""
    if len(returns) < LEAST:
        return np.full((returns.shape[1],) * 2, np.nan)
    off = returns - returns.mean(axis=0)
    return _scaled(off.T @ off, _moves(returns, off))


def spearman(returns: Floats) -> Floats:
    """The correlation of ranks, equal ones sharing their mean; Spearman (1904)."""
    return pearson(ranks(returns))


def ranks(values: Floats) -> Floats:
    """The rank of each value in its column from 1 on, equal ones sharing their mean."""
    found = np.empty(values.shape)
    for column in range(values.shape[1]):
        _, inverse, counts = np.unique(values[:, column], return_inverse=True, return_counts=True)
        last = np.cumsum(counts)
        found[:, column] = (last - (counts - 1) / 2)[inverse]
    return found


def ewma(returns: Floats, decay: float = 0.94) -> Floats:
    """The correlation that forgets: RiskMetrics Technical Document (1996), 0.94 for days."""
    if len(returns) < LEAST:
        return np.full((returns.shape[1],) * 2, np.nan)
    return _scaled(weighted_covariance(returns, decay), _moves(returns, returns))


def shrunk(returns: Floats) -> Shrunk:
    """Correlations drawn toward the mean of all, by as much as they are noise.

    Ledoit and Wolf, Honey, I Shrunk the Sample Covariance Matrix (2004), appendix B. The target
    has the sample's variances, so correlations mix alone. Two columns have nothing to be drawn to.
    """
    sample = pearson(returns)
    size = len(sample)
    if size < 3 or not np.isfinite(sample).all():
        return Shrunk(sample, 0.0)
    target = constant(sample)
    off = returns - returns.mean(axis=0)
    variances = (off**2).mean(axis=0)
    spread = np.sqrt(variances)
    cov = off.T @ off / len(off)
    noise = (off**2).T @ off**2 / len(off) - cov**2
    # theta[i, j] is the covariance of the sample variance of i with the sample covariance of i, j.
    theta = (off**3).T @ off / len(off) - variances[:, None] * cov
    np.fill_diagonal(theta, 0.0)
    mean = target[0, 1]
    pull = float(np.trace(noise)) + mean * float((spread[None, :] / spread[:, None] * theta).sum())
    apart = float(((np.outer(spread, spread) * target - cov) ** 2).sum())
    weight = (float(noise.sum()) - pull) / apart / len(off) if apart > 0 else 0.0
    weight = min(max(weight, 0.0), 1.0)
    mixed = weight * target + (1 - weight) * sample
    np.fill_diagonal(mixed, 1.0)
    return Shrunk(mixed, weight)


def constant(correlations: Floats) -> Floats:
    """The matrix in which every pair has the mean correlation of all."""
    found = np.full(correlations.shape, mean_of_pairs(correlations))
    np.fill_diagonal(found, 1.0)
    return found


def mean_of_pairs(correlations: Floats) -> float:
    """The mean of those above the diagonal that are known, NaN without any."""
    above = correlations[np.triu_indices(len(correlations), 1)]
    above = above[np.isfinite(above)]
    return float(above.mean()) if len(above) else float("nan")


def by_pairs(
    prices: Sequence[Prices], window: int, measure: Callable[[Floats], Floats] = pearson
) -> Pairs:
    """Each pair over the newest `window` returns of the moments those two share."""
    size = len(prices)
    if _alike(prices):
        return of_all(prices, window, measure)
    values, counts = np.ones((size, size)), np.zeros((size, size), np.int64)
    starts, ends = [], []
    for i in range(size):
        alone = together(prices[i : i + 1], window)
        values[i, i], counts[i, i] = measure(alone.returns)[0, 0], len(alone.returns)
        for j in range(i):
            both = together((prices[i], prices[j]), window)
            values[i, j] = values[j, i] = measure(both.returns)[0, 1]
            counts[i, j] = counts[j, i] = len(both.returns)
            if both.start is not None:
                starts.append(both.start)
                ends.append(int(both.time[-1]))
    return Pairs(values, counts, min(starts, default=None), max(ends, default=None))


def of_all(prices: Sequence[Prices], window: int, measure: Callable[[Floats], Floats]) -> Pairs:
    """Every pair over the newest `window` returns of the moments all of them share."""
    shared = together(prices, window)
    counts = np.full((len(prices),) * 2, len(shared.returns), np.int64)
    end = int(shared.time[-1]) if len(shared.time) else None
    return Pairs(measure(shared.returns), counts, shared.start, end)


def _alike(prices: Sequence[Prices]) -> bool:
    """Whether all have a price at the same moments."""
    times = [each.known().time for each in prices]
    return all(np.array_equal(time, times[0]) for time in times[1:])


def rolling(returns: Floats, window: int) -> Floats:
    """The correlation of two columns over the `window` rows up to each; NaN before."""
    found = np.full(len(returns), np.nan)
    if window < LEAST or len(returns) < window:
        return found
    views = sliding_window_view(returns, window, axis=0)
    off = views - views.mean(axis=2, keepdims=True)
    joint = (off[:, 0] * off[:, 1]).sum(axis=1)
    squares = (off**2).sum(axis=2)
    moves = np.sqrt(squares / window) > STILL * np.abs(views).max(axis=2)
    known = moves.all(axis=1)
    found[window - 1 :][known] = joint[known] / np.sqrt(squares[known].prod(axis=1))
    bounded: Floats = np.clip(found, -1.0, 1.0)
    return bounded


def _moves(returns: Floats, off: Floats) -> Floats:
    """One for columns that move, NaN for those that stand still."""
    spread = np.sqrt((off**2).mean(axis=0))
    return np.where(spread > STILL * np.abs(returns).max(axis=0), 1.0, np.nan)


def _scaled(products: Floats, moves: Floats) -> Floats:
    """Products of columns as correlations; the diagonal is exactly one."""
    spread = np.sqrt(np.diagonal(products)) * moves
    found = np.clip(products / np.outer(spread, spread), -1.0, 1.0)
    np.fill_diagonal(found, np.where(np.isfinite(spread), 1.0, np.nan))
    return found
