"""What the worst days cost: value at risk and expected shortfall, as fractions, losses above zero.

The value at risk of a confidence c is the loss that returns exceed in a share 1 − c of periods,
the expected shortfall the mean loss of those. Below zero: even that tail gained.

- historical: the sample itself. Over several days overlapping sums, which are no independent
  sample: `independent` counts the blocks that do not overlap.
- normal: mean and deviation of the sample. Over h days mean × h, deviation × √h.
- Cornish–Fisher: the normal quantile bent by skewness and excess kurtosis of the sample, which
  over h days shrink to S/√h and K/h. Zangari (1996); Boudt, Peterson and Croux (2008).

Returns are simple or log, as given; sums over days are exact for log returns.
"""

from math import ceil
from typing import TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from tio.api.errors import Invalid
from tio.api.portfolio_risk import TailMethod, TailRisk
from tio.engine.risk.distributions import NORMAL, density
from tio.engine.risk.estimates import Floats, Moments, known, moments

Shape = TypeVar("Shape", float, Floats)
"""A skewness or kurtosis, or many of them."""

LEAST_NORMAL = 30
"""Returns a mean and a deviation are taken from, at least."""
LEAST_SHAPE = 100
"""Returns a skewness and a kurtosis are taken from, at least."""
LEAST_IN_TAIL = 2.5
"""Returns expected beyond a historical value at risk: 50 in all at 95 %, 250 at 99 %."""


def tail_risk(
    returns: Floats,
    confidence: float = 0.95,
    days: int = 1,
    method: TailMethod = TailMethod.historical,
    spans: Floats | None = None,
) -> TailRisk:
    """Both figures of a sample of daily returns; where there is none, None and why in `note`.

    `spans`: the returns over every `days` in a row, where they are not the sums of daily ones.
    Returns that are no number are left out. Invalid for a confidence outside (0.5, 1) or no day.
    """
    check(confidence, days)
    sample = known(returns)
    independent = len(sample) // days
    reason, found = _found(sample, confidence, days, method, spans)
    return TailRisk(
        method=method,
        confidence=confidence,
        days=days,
        value_at_risk=found[0] if found else None,
        expected_shortfall=found[1] if found else None,
        returns=len(sample),
        independent=independent,
        note=reason,
    )


def check(confidence: float, days: int) -> None:
    """Invalid unless 0.5 < confidence < 1 and there is a day."""
    if not 0.5 < confidence < 1:
        raise Invalid(f"a confidence lies between 0.5 and 1, was {confidence:g}", "as 0.95 or 0.99")
    if days < 1:
        raise Invalid(f"a horizon has at least one day, was {days}", "as 1 or 10")


def least(confidence: float, method: TailMethod) -> int:
    """How many returns, or sums of them, a method needs."""
    match method:
        case TailMethod.normal:
            return LEAST_NORMAL
        case TailMethod.cornish_fisher:
            return LEAST_SHAPE
    return ceil(round(LEAST_IN_TAIL / (1 - confidence), 6))


def historical(returns: Floats, confidence: float) -> tuple[float, float]:
    """Value at risk and expected shortfall of the sample as it is.

    The quantile is interpolated (Hyndman and Fan's type 7, numpy's own); the shortfall is the mean
    of the worst n(1 − c), the last of them by its part: Acerbi and Tasche (2002).
    """
    tail = 1 - confidence
    count = len(returns) * tail
    whole = int(count + 1e-9)
    worst = np.sort(returns)[: whole + 1]
    part = max(count - whole, 0.0)
    beyond = float(worst[:whole].sum()) + (part * float(worst[whole]) if part > 1e-9 else 0.0)
    return -float(np.quantile(returns, tail)), -beyond / count


def normal(of: Moments, confidence: float) -> tuple[float, float]:
    """Value at risk and expected shortfall of a normal distribution; McNeil et al. (2005), 2.2."""
    z = NORMAL.inv_cdf(1 - confidence)
    beyond = density(z) / (1 - confidence)
    return -(of.mean + of.deviation * z), -(of.mean - of.deviation * beyond)


def cornish_fisher(of: Moments, confidence: float) -> tuple[float, float]:
    """Value at risk and expected shortfall of the expansion, which must be `in_domain`.

    The shortfall is the integral of the bent quantile over the tail, in closed form.
    """
    z = NORMAL.inv_cdf(1 - confidence)
    s, k = of.skewness, of.kurtosis
    quantile = bent(z, s, k)
    bend = 1 + s * z / 6 + k * (z**2 - 1) / 24 - s**2 * (2 * z**2 - 1) / 36
    beyond = density(z) / (1 - confidence) * bend
    return -(of.mean + of.deviation * quantile), -(of.mean - of.deviation * beyond)


def bent(z: float, skewness: Shape, kurtosis: Shape) -> Shape:
    """The Cornish–Fisher quantile of a standard normal one; Cornish and Fisher (1937)."""
    return (
        z
        + (z**2 - 1) * skewness / 6
        + (z**3 - 3 * z) * kurtosis / 24
        - (2 * z**3 - 5 * z) * skewness**2 / 36
    )


@overload
def in_domain(skewness: float, kurtosis: float) -> bool: ...
@overload
def in_domain(skewness: Floats, kurtosis: Floats) -> NDArray[np.bool_]: ...
def in_domain(skewness: float | Floats, kurtosis: float | Floats) -> bool | NDArray[np.bool_]:
    """Whether the bent quantile rises everywhere, as a quantile must; Maillard (2012)."""
    # Its slope is a parabola of the normal quantile: square, skewness / 3, constant.
    square = kurtosis / 8 - skewness**2 / 6
    constant = 1 - kurtosis / 8 + 5 * skewness**2 / 36
    never_falls = skewness**2 / 9 <= 4 * square * constant + 1e-15
    return (square >= -1e-15) & (constant >= 0) & never_falls


def _found(
    sample: Floats, confidence: float, days: int, method: TailMethod, spans: Floats | None
) -> tuple[str, tuple[float, float] | None]:
    """The reason why there is none, or the two figures."""
    has = len(sample) if method is not TailMethod.historical else max(len(sample) - days + 1, 0)
    wanted = least(confidence, method)
    if has < wanted:
        what = "returns" if days == 1 or method is not TailMethod.historical else "sums of returns"
        return f"{wanted} {what} are needed, there are {has}", None
    if method is TailMethod.historical:
        return "", historical(summed(sample, days) if spans is None else spans, confidence)
    of = moments(sample).over(days)
    if method is TailMethod.normal:
        return "", normal(of, confidence)
    if not in_domain(of.skewness, of.kurtosis):
        return (
            f"skewness {of.skewness:.2f} and excess kurtosis {of.kurtosis:.2f} lie where the"
            " expansion is no distribution"
        ), None
    return "", cornish_fisher(of, confidence)


def summed(returns: Floats, days: int) -> Floats:
    """The sums of every so many returns in a row, overlapping; shape (n − days + 1,)."""
    if days == 1:
        return returns
    found: Floats = np.lib.stride_tricks.sliding_window_view(returns, days).sum(axis=-1)
    return found
