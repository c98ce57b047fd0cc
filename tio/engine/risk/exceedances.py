"""Whether a value at risk held: how often days lost more than was foretold, and the odds of that.

Each day's figure is made of the days before it alone.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tio.api.errors import Invalid
from tio.api.portfolio_risk import (
    Kupiec,
    TailBacktest,
    TailMethod,
)
from tio.engine.risk.distributions import NORMAL, chi_square_tail
from tio.engine.risk.estimates import Floats, known
from tio.engine.risk.value_at_risk import bent, check, in_domain, least

WINDOW = 250
"""Days a value at risk is made of: a year, as the Basel Committee asks."""
_AT_ONCE = 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Rolled:
    """A value at risk a day (NaN where there is none) and what that day returned; shape (n,)."""

    value_at_risk: Floats
    returns: Floats

    @property
    def exceeded(self) -> NDArray[np.bool_]:
        """The days that lost more."""
        # A comparison with NaN is never true.
        return -self.returns > self.value_at_risk


def kupiec(exceedances: int, days: int, confidence: float) -> Kupiec:
    """The test of the share of exceedances, one degree of freedom; Kupiec (1995).

    Its power is small: over 250 days at 99 % it lets 1 to 6 pass.
    """
    check(confidence, 1)
    if days < 1 or not 0 <= exceedances <= days:
        raise Invalid(f"of {days} days {exceedances} cannot be exceedances")
    expected = 1 - confidence
    seen = exceedances / days
    statistic = max(
        2 * (_likelihood(exceedances, days, seen) - _likelihood(exceedances, days, expected)), 0.0
    )
    return Kupiec(
        exceedances=exceedances,
        days=days,
        expected=days * expected,
        statistic=statistic,
        p_value=chi_square_tail(statistic),
    )


def backtest(
    returns: Floats,
    confidence: float = 0.95,
    method: TailMethod = TailMethod.historical,
    window: int = WINDOW,
) -> TailBacktest:
    """The one-day value at risk of every day after the first `window`, tested; Invalid."""
    check(confidence, 1)
    if window < least(confidence, method):
        raise Invalid(
            f"{least(confidence, method)} days are needed for {method} at {confidence:.4g},"
            f" the window has {window}"
        )
    rolled = roll(returns, confidence, method, window)
    told = int(np.isfinite(rolled.value_at_risk).sum())
    exceeded = int(rolled.exceeded.sum())
    return TailBacktest(
        method=method,
        confidence=confidence,
        window=window,
        test=kupiec(exceeded, told, confidence) if told else None,
        without=len(rolled.returns) - told,
    )


def roll(returns: Floats, confidence: float, method: TailMethod, window: int) -> Rolled:
    """The value at risk each day had from the `window` returns before it."""
    sample = known(returns)
    if len(sample) <= window:
        return Rolled(np.empty(0), np.empty(0))
    before = sliding_window_view(sample, window)[:-1]
    parts = [
        _each(before[begin : begin + _AT_ONCE], confidence, method)
        for begin in range(0, len(before), _AT_ONCE)
    ]
    return Rolled(np.concatenate(parts), sample[window:])


def _each(windows: Floats, confidence: float, method: TailMethod) -> Floats:
    found: Floats
    if method is TailMethod.historical:
        found = -np.quantile(windows, 1 - confidence, axis=1)
        return found
    z = NORMAL.inv_cdf(1 - confidence)
    mean, deviation = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    if method is TailMethod.normal:
        found = -(mean + deviation * z)
        return found
    off = windows - mean[:, None]
    spread = windows.std(axis=1, keepdims=True)
    scaled = off / np.where(spread > 0, spread, 1.0)
    s, k = (scaled**3).mean(axis=1), (scaled**4).mean(axis=1) - 3 * (spread[:, 0] > 0)
    found = np.where(in_domain(s, k), -(mean + deviation * bent(z, s, k)), np.nan)
    return found


def _likelihood(exceedances: int, days: int, rate: float) -> float:
    """The logarithm of a binomial's likelihood, without its constant."""
    rest = days - exceedances
    return (exceedances * log(rate) if exceedances else 0.0) + (
        rest * log(1 - rate) if rest else 0.0
    )
