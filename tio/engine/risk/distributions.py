"""Quantiles and tails of the few distributions risk needs, without scipy."""

from collections.abc import Callable
from math import erfc, exp, lgamma, log, log1p, pi, sqrt
from statistics import NormalDist

NORMAL = NormalDist()
_STEPS = 300
_TINY = 1e-300


def density(z: float) -> float:
    """The standard normal density."""
    return exp(-z * z / 2) / sqrt(2 * pi)


def chi_square_tail(x: float) -> float:
    """P(X > x) for chi-square of one degree of freedom: X is the square of a standard normal."""
    return erfc(sqrt(x / 2)) if x > 0 else 1.0


def student_quantile(p: float, degrees: float) -> float:
    """The t below which Student's distribution has probability `p` in (0, 1)."""
    if p == 0.5:
        return 0.0
    if p < 0.5:
        return -student_quantile(1 - p, degrees)
    x = _inverse(lambda x: beta_share(x, degrees / 2, 0.5), 2 * (1 - p))
    return sqrt(degrees * (1 - x) / x)


def lowest_rate(successes: int, trials: int, confidence: float) -> float:
    """The one-sided lower bound of a success rate; Clopper and Pearson (1934), exact."""
    if successes <= 0:
        return 0.0
    a, b = float(successes), float(trials - successes + 1)
    return _inverse(lambda x: beta_share(x, a, b), 1 - confidence)


def beta_share(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function I_x(a, b); Abramowitz and Stegun 26.5.8."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_share(1 - x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction of I_x, summed from its front (Lentz, 1976)."""
    c, d = 1.0, 1 / _off_zero(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _off_zero(1 + term * d)
            c = _off_zero(1 + term / c)
            total *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return total


def _off_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _inverse(rising: Callable[[float], float], wanted: float) -> float:
    """The x in (0, 1) where a rising function has the wanted value, by halving."""
    low, high = 0.0, 1.0
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        if rising(middle) < wanted:
            low = middle
        else:
            high = middle
