"""Measures of one series of daily returns: how much it moved, and what it paid for that.

Returns are fractions, one for each day of trading; a NaN is a day that tells none and is left out.
`periods` is the days of trading in a year: 252 for shares, 365 for crypto. Rates given are those of
a year. Too few returns, or nothing to divide by, answer NaN.
"""

import math

import numpy as np

from tio.api.errors import Invalid
from tio.engine.portfolio.returns import Floats, linked

PERIODS = 252
NOTHING = 1e-14
"""A deviation below this is what rounding leaves of none: returns are quotients near 1."""

NAN = float("nan")


def told(returns: Floats) -> Floats:
    """The returns that are numbers."""
    return returns[np.isfinite(returns)]


def daily_rate(yearly: float, periods: int = PERIODS) -> float:
    """The rate a day that compounds to `yearly` in a year."""
    if not yearly > -1:
        raise Invalid(f"a rate of {yearly:.0%} a year loses all", "Give one above −100 %.")
    return float(np.float64(1 + yearly) ** (1 / periods) - 1)


def deviation(returns: Floats) -> float:
    """Standard deviation of a sample (ddof 1); NaN below two returns, 0 where all are alike."""
    if len(returns) < 2:
        return NAN
    found = float(np.std(returns, ddof=1))
    return found if found > NOTHING else 0.0


def ratio(above: float, below: float) -> float:
    """above / below; NaN for nothing below."""
    return above / below if abs(below) > NOTHING else NAN


def annual_return(returns: Floats, periods: int = PERIODS) -> float:
    """Compound growth a year, ∏(1 + r)^(periods / n) − 1. From one return on."""
    known = told(returns)
    if not len(known):
        return NAN
    with np.errstate(over="ignore"):
        return float(np.float64(1 + linked(known)) ** (periods / len(known)) - 1)


def volatility(returns: Floats, periods: int = PERIODS) -> float:
    """Standard deviation a year, s · √periods. From two returns on."""
    return deviation(told(returns)) * math.sqrt(periods)


def sharpe(returns: Floats, risk_free: float = 0.0, periods: int = PERIODS) -> float:
    """Mean over the risk-free rate by its deviation, · √periods. Two returns. Sharpe (1994)."""
    excess = told(returns) - daily_rate(risk_free, periods)
    spread = deviation(excess)
    return ratio(float(excess.mean()), spread) * math.sqrt(periods) if spread > 0 else NAN


def downside_deviation(returns: Floats, target: float = 0.0, periods: int = PERIODS) -> float:
    """Root mean square of what falls short of the target a year, over all days. One return.

    Sortino and van der Meer (1991): the mean is over n, not n − 1 and not the short days alone.
    """
    over = told(returns) - daily_rate(target, periods)
    if not len(over):
        return NAN
    return float(np.sqrt(np.mean(np.minimum(over, 0) ** 2) * periods))


def sortino(returns: Floats, target: float = 0.0, periods: int = PERIODS) -> float:
    """Mean over the target a year, by the downside deviation. Two returns."""
    over = told(returns) - daily_rate(target, periods)
    if len(over) < 2:
        return NAN
    return ratio(float(over.mean()) * periods, downside_deviation(returns, target, periods))


def omega(returns: Floats, target: float = 0.0, periods: int = PERIODS) -> float:
    """What exceeds the target by what falls short of it. One return. Keating, Shadwick (2002)."""
    over = told(returns) - daily_rate(target, periods)
    return ratio(float(over[over > 0].sum()), -float(over[over < 0].sum()))


def tail_ratio(returns: Floats) -> float:
    """The 95th percentile by the 5th, without signs: above 1 good days reach further. Two returns.

    Percentiles lie on straight lines between the two nearest returns.
    """
    known = told(returns)
    if len(known) < 2:
        return NAN
    low, high = np.percentile(known, (5, 95))
    return ratio(abs(float(high)), abs(float(low)))


def stability(returns: Floats) -> float:
    """How straight log wealth grew: R² of a line fitted to it, 0 to 1. Two returns above −1."""
    known = told(returns)
    if len(known) < 2 or known.min() <= -1:
        return NAN
    wealth = np.cumsum(np.log1p(known))
    if deviation(wealth) == 0:
        return NAN
    return float(np.corrcoef(np.arange(len(wealth)), wealth)[0, 1] ** 2)
