"""The order in which a map of correlations shows its blocks: like beside like."""

from dataclasses import dataclass

import numpy as np

from tio.engine.risk.estimates import Floats


@dataclass(frozen=True, slots=True)
class Merge:
    """Two groups of columns that became one, and how far apart they were."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    distance: float


def heat_order(correlations: Floats) -> tuple[int, ...]:
    """The columns of an (n, n) matrix ordered by average linkage, neighbours as like as can be.

    At each merge both groups are turned so that their nearest ends meet: close to the optimal
    order of Bar-Joseph et al. (2001) at a fraction of its cost. The order begins with the end that
    was named first.
    """
    if len(correlations) < 2:
        return tuple(range(len(correlations)))
    last = average_linkage(distances(correlations))[-1]
    order = last.left + last.right
    return order if order[0] < order[-1] else order[::-1]


def distances(correlations: Floats) -> Floats:
    """√((1 − ρ) / 2), a metric from 0 to 1; Mantegna (1999). What is not known is as at ρ = 0."""
    known = np.where(np.isfinite(correlations), correlations, 0.0)
    found: Floats = np.sqrt(np.clip((1 - known) / 2, 0.0, 1.0))
    np.fill_diagonal(found, 0.0)
    return found


def average_linkage(between: Floats) -> list[Merge]:
    """The merges of n columns, nearest first; the groups of each stand in their order.

    Sokal and Michener (1958): groups are apart by the mean of the distances of their members.
    """
    groups: list[tuple[int, ...]] = [(column,) for column in range(len(between))]
    apart = between.astype(np.float64).copy()
    np.fill_diagonal(apart, np.inf)
    merges = []
    for _ in range(len(groups) - 1):
        i, j = sorted(int(each) for each in np.unravel_index(np.argmin(apart), apart.shape))
        left, right = _turned(groups[i], groups[j], between)
        merges.append(Merge(left, right, float(apart[i, j])))
        sizes = len(groups[i]), len(groups[j])
        mixed = (sizes[0] * apart[i] + sizes[1] * apart[j]) / sum(sizes)
        mixed[i] = mixed[j] = np.inf
        apart[i] = apart[:, i] = mixed
        apart[j] = apart[:, j] = np.inf
        groups[i] = left + right
    return merges


def _turned(
    one: tuple[int, ...], other: tuple[int, ...], between: Floats
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both groups turned so that their nearest ends meet."""
    ways = [(a, b) for a in (one, one[::-1]) for b in (other, other[::-1])]
    return min(ways, key=lambda way: float(between[way[0][-1], way[1][0]]))
