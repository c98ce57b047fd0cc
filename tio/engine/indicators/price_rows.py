"""Volume in rows of price: of windows at once, and of a session as it grows bar by bar."""

from bisect import bisect_right
from dataclasses import dataclass
from math import nan
from typing import NamedTuple

import numpy as np

from tio.engine.indicators.declare import Floats, Outputs

Row = list[float]
Told = tuple[float, float, float]
NOTHING: Told = (nan, nan, nan)
"""What is told where nothing traded."""


def edges_of(high: Floats, low: Floats, rows: int) -> Floats:
    """Windows (k, length) → the edges (k, rows + 1) of rows of one height, lowest first."""
    bottom, top = low.min(axis=1)[:, None], high.max(axis=1)[:, None]
    edges = bottom + (top - bottom) * (np.arange(rows + 1) / rows)
    edges[:, -1:] = top
    return np.asarray(edges)


def spread_over(high: Floats, low: Floats, volume: Floats, edges: Floats) -> Floats:
    """Windows (k, length) → volumes (k, rows), each bar's spread evenly over its range."""
    span = high - low
    flat = span <= 0
    density = np.where(flat, 0.0, volume / np.where(flat, 1.0, span))
    reach = np.minimum(high[:, None], edges[:, 1:, None])
    reach -= np.maximum(low[:, None], edges[:, :-1, None])
    parts = (np.maximum(reach, 0.0, out=reach) * density[:, None]).sum(axis=2)
    if flat.any():
        window, bar = np.nonzero(flat)
        row = (edges[window, 1:-1] <= low[window, bar][:, None]).sum(axis=1)
        np.add.at(parts, (window, row), volume[window, bar])
    return np.asarray(parts)


def summary(edges: Row, parts: Row, share: float) -> Told:
    """Point of control, and the value area's upper and lower end."""
    first = last = fullest = parts.index(max(parts))
    wanted, held = sum(parts) * share, parts[fullest]
    end = len(parts) - 1
    while held < wanted and (first > 0 or last < end):
        below = parts[first - 1] if first > 0 else -1.0
        above = parts[last + 1] if last < end else -1.0
        if above >= below:
            last, held = last + 1, held + above
        else:
            first, held = first - 1, held + below
    return (edges[fullest] + edges[fullest + 1]) / 2, edges[last + 1], edges[first]


@dataclass(frozen=True)
class Grown:
    """The profile of all bars since a session began: session, high, low, volume → summary.

    A bar within the session's range costs what it covers; one beyond it, all bars of the session.
    """

    rows: int
    share: float
    outputs = 3
    memory = None
    constant = False

    def over(self, *columns: Floats) -> Outputs:
        return self.begin().fill(*columns)

    def begin(self) -> "_Growing":
        return _Growing(self)


class _Rows(NamedTuple):
    """A session's volume in rows; without parts while it has but one price."""

    edges: Row
    parts: Row
    weight: float


class _Growing:
    def __init__(self, piece: Grown) -> None:
        self._piece = piece
        self._session: float | None = None
        self._bars: Floats = np.empty((3, 64))
        """High, low and volume of the session's bars, and room for one more."""
        self._count = 0
        self._rows = _Rows([nan, nan], [], 0.0)

    def push(self, *values: float) -> Told:
        session, high, low, volume = values
        self._rows = self._next(session, high, low, volume)
        if session != self._session:
            self._session, self._count = session, 0
        self._bars[:, self._count] = high, low, volume
        self._count += 1
        if self._count == self._bars.shape[1]:
            self._bars = np.concatenate((self._bars, np.empty_like(self._bars)), axis=1)
        return self._told(self._rows)

    def peek(self, *values: float) -> Told:
        return self._told(self._next(*values))

    def fill(self, *columns: Floats) -> Outputs:
        told = [self.push(*row) for row in zip(*(each.tolist() for each in columns), strict=True)]
        return tuple(np.array(told, dtype=np.float64).reshape(-1, 3).T)

    def _next(self, session: float, high: float, low: float, volume: float) -> _Rows:
        """The rows with this bar in them."""
        if session != self._session:
            return self._reckoned(np.array([[high], [low], [volume]]), volume)
        edges, parts, weight = self._rows
        if parts and low >= edges[0] and high <= edges[-1]:
            return _Rows(edges, laid(edges, parts, high, low, volume), weight + volume)
        self._bars[:, self._count] = high, low, volume
        return self._reckoned(self._bars[:, : self._count + 1], weight + volume)

    def _reckoned(self, bars: Floats, weight: float) -> _Rows:
        high, low, volume = bars[:, None]
        edges = edges_of(high, low, self._piece.rows)
        parts = spread_over(high, low, volume, edges)
        one_price = not edges[0, -1] > edges[0, 0]
        return _Rows(edges[0].tolist(), [] if one_price else parts[0].tolist(), weight)

    def _told(self, rows: _Rows) -> Told:
        if not rows.weight > 0:
            return NOTHING
        if not rows.parts:
            return rows.edges[0], rows.edges[0], rows.edges[0]
        return summary(rows.edges, rows.parts, self._piece.share)


def laid(edges: Row, parts: Row, high: float, low: float, volume: float) -> Row:
    """The parts and one bar's volume, spread evenly over the rows it covers."""
    parts = parts.copy()
    row = bisect_right(edges, low, 1, len(parts)) - 1
    if high <= low:
        parts[row] += volume
        return parts
    density = volume / (high - low)
    while row < len(parts) and edges[row] < high:
        parts[row] += (min(high, edges[row + 1]) - max(low, edges[row])) * density
        row += 1
    return parts
