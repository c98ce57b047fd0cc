"""Correlations in words: what a matrix is made of, what one pair's figure is worth."""

from __future__ import annotations

from datetime import datetime
from math import atanh, sqrt, tanh

from tio.api.risk import CorrelationMatrix, CorrelationMethod
from tio.draw.matrix_map import figure

SURE = 1.959964
"""The normal quantile of 95 of 100, both sides."""
SPREAD = {CorrelationMethod.pearson: 1.0, CorrelationMethod.spearman: 1.06}
"""The variance of atanh ρ times n − 3; of ranks by Fieller, Hartley and Pearson (1957)."""


def interval(value: float, returns: int, method: CorrelationMethod) -> tuple[float, float] | None:
    """Where the true one lies in 95 of 100 samples; Fisher (1921). None where that is not known.

    Of shrunk ones and those that forget none is told.
    """
    if method not in SPREAD or returns < 4 or abs(value) >= 1:
        return None
    off = SURE * sqrt(SPREAD[method] / (returns - 3))
    return tanh(atanh(value) - off), tanh(atanh(value) + off)


def pair(found: CorrelationMatrix, i: int, j: int) -> str:
    """One pair in words: its figure, of how many returns, how sure that is."""
    one, other = found.symbols[i], found.symbols[j]
    if i == j:
        return f"{one} with itself · {found.counts[i][i]} returns"
    value, returns = found.values[i][j], found.counts[i][j]
    if value is None:
        return f"{one} and {other}: unknown, they share {returns} returns"
    told = f"{one} and {other}: ρ {figure(value)} · {returns} returns"
    sure = interval(value, returns, found.method)
    if sure is None:
        return told
    nothing = ", may be none" if sure[0] <= 0 <= sure[1] else ""
    return f"{told} · 95 % sure from {figure(sure[0])} to {figure(sure[1])}{nothing}"


def summary(found: CorrelationMatrix) -> str:
    """What a matrix is made of, in a line."""
    parts = [f"{found.method} · {found.timeframe}"]
    counts = {found.counts[i][j] for i in range(len(found.symbols)) for j in range(i)}
    parts.append(
        f"{min(counts)}–{max(counts)} returns" if len(counts) > 1 else f"{min(counts)} returns"
    )
    if found.start is not None and found.end is not None:
        parts.append(f"{when(found.start, found)} to {when(found.end, found)}")
    if found.mean is not None:
        parts.append(f"mean {figure(found.mean)}")
    if found.shrinkage is not None:
        parts.append(f"shrunk by {found.shrinkage:.0%}")
    return " · ".join(parts)


def when(at: datetime, found: CorrelationMatrix) -> str:
    """A day, within one its time too."""
    return f"{at:%Y-%m-%d %H:%MZ}" if found.timeframe.intraday else f"{at:%Y-%m-%d}"
