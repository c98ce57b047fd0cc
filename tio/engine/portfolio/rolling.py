"""Measures over a window that moves with the days, as columns of the length of the returns.

The first `window` − 1 values are NaN, and so is each whose window holds a NaN.
"""

import numpy as np

from tio.api.errors import Invalid
from tio.engine.portfolio.against import paired
from tio.engine.portfolio.measures import NOTHING, PERIODS, daily_rate
from tio.engine.portfolio.returns import Floats


def rolling_return(returns: Floats, window: int) -> Floats:
    """The window's returns linked."""
    parts = _windows(returns, window)
    with np.errstate(over="ignore", invalid="ignore"):
        return _aligned(np.prod(np.maximum(1 + parts, 0), axis=1) - 1, returns)


def rolling_volatility(returns: Floats, window: int, periods: int = PERIODS) -> Floats:
    """Standard deviation a year (ddof 1); the window holds two days or more."""
    return _aligned(_deviation(_windows(returns, window, 2)) * np.sqrt(periods), returns)


def rolling_sharpe(
    returns: Floats, window: int, risk_free: float = 0.0, periods: int = PERIODS
) -> Floats:
    """Sharpe ratio; NaN where the window's returns are all alike."""
    parts = _windows(returns, window, 2)
    excess = parts.mean(axis=1) - daily_rate(risk_free, periods)
    return _aligned(_divided(excess, _deviation(parts)) * np.sqrt(periods), returns)


def rolling_beta(returns: Floats, benchmark: Floats, window: int) -> Floats:
    """Beta; NaN where the window's benchmark never moved."""
    paired(returns, benchmark)
    own, other = _windows(returns, window, 2), _windows(benchmark, window, 2)
    centred = other - other.mean(axis=1, keepdims=True)
    together = np.einsum("ij,ij->i", own - own.mean(axis=1, keepdims=True), centred)
    moved = np.where(_deviation(other) > 0, np.einsum("ij,ij->i", centred, centred), 0.0)
    return _aligned(_divided(together, moved), returns)


def _windows(returns: Floats, window: int, least: int = 1) -> Floats:
    """Every full window, (n − window + 1, window), or (0, window)."""
    if window < least:
        raise Invalid(f"a window of {window} days is too short, it needs {least}", "Take more.")
    known = np.where(np.isfinite(returns), returns, np.nan)
    if len(known) < window:
        return np.empty((0, window))
    return np.lib.stride_tricks.sliding_window_view(known, window)


def _deviation(parts: Floats) -> Floats:
    if not len(parts):
        return np.empty(0)
    found = np.std(parts, axis=1, ddof=1)
    return np.where(found > NOTHING, found, np.where(np.isnan(found), np.nan, 0.0))


def _divided(above: Floats, below: Floats) -> Floats:
    return above / np.where(below > 0, below, np.nan)


def _aligned(values: Floats, returns: Floats) -> Floats:
    out = np.full(len(returns), np.nan)
    if len(values):
        out[-len(values) :] = values
    return out
