"""How a portfolio moves with its market, and which positions its value at risk comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from tio.api.errors import Invalid
from tio.api.portfolio_risk import RiskPart
from tio.engine.risk.distributions import NORMAL
from tio.engine.risk.estimates import Floats, covariance
from tio.engine.risk.value_at_risk import LEAST_NORMAL, check

STILL = 1e-12
"""A deviation below this part of the largest return is rounding, not movement."""


@dataclass(frozen=True, slots=True)
class Beta:
    """The slope of returns on a benchmark's, its standard error, and the share it explains."""

    value: float
    error: float
    explained: float
    returns: int


@dataclass(frozen=True, slots=True)
class Parts:
    """A normal one-day value at risk and each position's part; components add up to it."""

    value_at_risk: float
    parts: tuple[RiskPart, ...]


def beta(returns: Floats, benchmark: Floats) -> Beta | None:
    """By least squares over the days both have; None below 30 of them, or of a still benchmark."""
    both = np.isfinite(returns) & np.isfinite(benchmark)
    y, x = returns[both], benchmark[both]
    if len(x) < LEAST_NORMAL:
        return None
    off_x, off_y = x - x.mean(), y - y.mean()
    squares = float(off_x @ off_x)
    if sqrt(squares / len(x)) <= STILL * float(np.abs(x).max()):
        return None
    slope = float(off_x @ off_y) / squares
    whole = float(off_y @ off_y)
    left = max(whole - slope**2 * squares, 0.0)
    return Beta(
        value=slope,
        error=sqrt(left / (len(x) - 2) / squares),
        explained=1 - left / whole if whole > 0 else 0.0,
        returns=len(x),
    )


def portfolio_beta(weights: Sequence[float], betas: Sequence[float]) -> float:
    """The betas of positions by their weights in net value; cash weighs in with a beta of zero."""
    return float(sum(w * b for w, b in zip(weights, betas, strict=True)))


def parts(
    symbols: Sequence[str], weights: Floats, returns: Floats, confidence: float = 0.95
) -> Parts | None:
    """Normal value at risk by position; Euler's allocation, Tasche (1999). None below 30 rows.

    weights (n,) of net value; returns (rows, n) of the same days, without gaps: Invalid. A
    marginal is what the figure grows by for one more unit of weight, a component weight times
    that: below zero for what hedges the rest.
    """
    check(confidence, 1)
    if not np.isfinite(returns).all() or not np.isfinite(weights).all():
        raise Invalid("parts of a risk are taken of days on which every position has a return")
    if len(returns) < LEAST_NORMAL:
        return None
    z = -NORMAL.inv_cdf(1 - confidence)
    means, of_all = returns.mean(axis=0), covariance(returns) @ weights
    deviation = sqrt(max(float(weights @ of_all), 0.0))
    marginal = -means + (z * of_all / deviation if deviation > 0 else 0.0)
    return Parts(
        value_at_risk=z * deviation - float(weights @ means),
        parts=tuple(
            RiskPart(symbol=symbol, weight=weight, marginal=more, component=weight * more)
            for symbol, weight, more in zip(
                symbols, weights.tolist(), marginal.tolist(), strict=True
            )
        ),
    )
