"""The bars of one instrument at one timeframe, oldest first, in a few plain arrays.

Merging is commutative: the open is the earliest trade, the close the latest, each by (venue time,
order); volume is kept as a sum and its rounding error, so it does not depend on the order either.
"""

from array import array
from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from tio.api.market import Timeframe
from tio.engine.store.columns import Columns

_MARKS = 4
"""Open's instant and order, then close's: what decides whose price each is."""
_OPEN_AT, _OPEN_ORDER, _CLOSE_AT, _CLOSE_ORDER = range(_MARKS)
_FIGURES = 6
_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME, _CARRY = range(_FIGURES)
_UNSAVED: set[int] = set()
"""Of all ladders that are never stored; stays empty."""


class Row(NamedTuple):
    """One bar."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Partial:
    """What some trades of one second or minute come to; a bar of any timeframe is a sum of these.

    `second` is where that span begins.
    """

    __slots__ = (
        "carry",
        "close",
        "close_at",
        "close_order",
        "high",
        "low",
        "open",
        "open_at",
        "open_order",
        "second",
        "volume",
    )

    def __init__(self, second: int, at: int, price: float, size: float, order: int) -> None:
        self.second = second
        self.open = self.high = self.low = self.close = price
        self.open_at = self.close_at = at
        self.open_order = self.close_order = order
        self.volume = size
        self.carry = 0.0

    def add(self, at: int, price: float, size: float, order: int) -> None:
        """One more trade of the same second."""
        if at > self.close_at or (at == self.close_at and order > self.close_order):
            self.close, self.close_at, self.close_order = price, at, order
        elif at < self.open_at or (at == self.open_at and order < self.open_order):
            self.open, self.open_at, self.open_order = price, at, order
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        before = self.volume
        self.volume = total = before + size
        # Knuth's two-sum: what the addition above rounded away.
        part = total - before
        self.carry += (before - (total - part)) + (size - part)

    def absorb(self, part: "Partial") -> None:
        """What some more trades came to."""
        at, known = part.close_at, self.close_at
        if at > known or (at == known and part.close_order > self.close_order):
            self.close, self.close_at, self.close_order = part.close, at, part.close_order
        at, known = part.open_at, self.open_at
        if at < known or (at == known and part.open_order < self.open_order):
            self.open, self.open_at, self.open_order = part.open, at, part.open_order
        if part.high > self.high:
            self.high = part.high
        if part.low < self.low:
            self.low = part.low
        before, size = self.volume, part.volume
        self.volume = total = before + size
        lent = total - before
        self.carry += (before - (total - lent)) + (size - lent) + part.carry


class Room:
    """How many bars a ladder, and trades a line, may keep: shrinks as instruments are added."""

    __slots__ = ("base", "derived", "prints")

    BARS = 300_000
    MOST = 2_048
    LEAST = 24
    PRINTS = 10_000
    MOST_PRINTS = 100
    LEAST_PRINTS = 10

    def __init__(self) -> None:
        self.base = self.derived = self.MOST
        self.prints = self.MOST_PRINTS

    def divide(self, instruments: int) -> None:
        """Three base timeframes take four shares each, the eleven others one."""
        share = self.BARS // (23 * max(instruments, 1))
        self.base = min(self.MOST, max(4 * self.LEAST, 4 * share))
        self.derived = min(self.MOST, max(self.LEAST, share))
        trades = self.PRINTS // max(instruments, 1)
        self.prints = min(self.MOST_PRINTS, max(self.LEAST_PRINTS, trades))


class Ladder:
    """Bars of one timeframe. `floor` is the newest bar let go: nothing folds at or below it."""

    # Thousands of these are mostly short: an array a column would be mostly headers.
    __slots__ = (
        "_figures",
        "_marks",
        "_room",
        "base",
        "evicted",
        "floor",
        "time",
        "timeframe",
        "unsaved",
    )

    def __init__(self, timeframe: Timeframe, room: Room, base: bool) -> None:
        self.timeframe = timeframe
        self.base = base
        self.floor = -(2**62)
        self.unsaved: set[int] = set() if base else _UNSAVED
        self.evicted: list[Row] = []
        self.time: array[int] = array("q")
        self._room = room
        self._marks: array[int] = array("q")
        self._figures: array[float] = array("d")

    def __len__(self) -> int:
        return len(self.time)

    def merge(self, opening: int, part: Partial) -> None:
        """Fold a second's trades into the bar that opens at `opening`."""
        times = self.time
        if times and opening == times[-1]:
            self._fold(len(times) - 1, part)
        elif not times or opening > times[-1]:
            if opening <= self.floor:
                return
            self._insert(len(times), opening, part)
            if len(times) * 4 > 5 * (self._room.base if self.base else self._room.derived):
                self._trim()
        elif opening > self.floor:
            index = bisect_left(times, opening)
            if times[index] == opening:
                self._fold(index, part)
            else:
                self._insert(index, opening, part)
        else:
            return
        if self.base:
            self.unsaved.add(opening)

    def _fold(self, i: int, part: Partial) -> None:
        marks, figures = self._marks, self._figures
        mark, figure = i * _MARKS, i * _FIGURES
        at, known = part.close_at, marks[mark + _CLOSE_AT]
        if at > known or (at == known and part.close_order > marks[mark + _CLOSE_ORDER]):
            figures[figure + _CLOSE] = part.close
            marks[mark + _CLOSE_AT], marks[mark + _CLOSE_ORDER] = at, part.close_order
        at, known = part.open_at, marks[mark + _OPEN_AT]
        if at < known or (at == known and part.open_order < marks[mark + _OPEN_ORDER]):
            figures[figure + _OPEN] = part.open
            marks[mark + _OPEN_AT], marks[mark + _OPEN_ORDER] = at, part.open_order
        if part.high > figures[figure + _HIGH]:
            figures[figure + _HIGH] = part.high
        if part.low < figures[figure + _LOW]:
            figures[figure + _LOW] = part.low
        before, size = figures[figure + _VOLUME], part.volume
        figures[figure + _VOLUME] = total = before + size
        lent = total - before
        figures[figure + _CARRY] += (before - (total - lent)) + (size - lent) + part.carry

    def _insert(self, i: int, opening: int, part: Partial) -> None:
        self.time.insert(i, opening)
        mark, figure = i * _MARKS, i * _FIGURES
        marks = (part.open_at, part.open_order, part.close_at, part.close_order)
        figures = (part.open, part.high, part.low, part.close, part.volume, part.carry)
        self._marks[mark:mark] = array("q", marks)
        self._figures[figure:figure] = array("d", figures)

    def _trim(self) -> None:
        """Let the oldest go; what the store has not seen yet is kept aside for it."""
        extra = len(self.time) - (self._room.base if self.base else self._room.derived)
        if extra <= 0:
            return
        self.floor = self.time[extra - 1]
        if self.unsaved:
            lost = [i for i in range(extra) if self.time[i] in self.unsaved]
            self.evicted.extend(self._row(i) for i in lost)
            self.unsaved.difference_update([self.time[i] for i in lost])
        del self.time[:extra]
        del self._marks[: extra * _MARKS]
        del self._figures[: extra * _FIGURES]

    def _row(self, i: int) -> Row:
        at = i * _FIGURES
        open_, high, low, close, volume, carry = self._figures[at : at + _FIGURES]
        return Row(self.time[i], open_, high, low, close, volume + carry)

    def row(self, opening: int) -> Row | None:
        """The bar that opens at that instant, if it is still here."""
        index = bisect_left(self.time, opening)
        if index < len(self.time) and self.time[index] == opening:
            return self._row(index)
        return None

    def correct(self, opening: int, row: Row | None) -> None:
        """Put other figures in the place of a bar that is here, or take it out with None."""
        i = bisect_left(self.time, opening)
        if i == len(self.time) or self.time[i] != opening:
            return
        at = i * _FIGURES
        if row is not None:
            figures = (row.open, row.high, row.low, row.close, row.volume, 0.0)
            self._figures[at : at + _FIGURES] = array("d", figures)
            return
        del self.time[i]
        del self._figures[at : at + _FIGURES]
        del self._marks[i * _MARKS : (i + 1) * _MARKS]
        self.unsaved.discard(opening)

    def newest(self) -> Row | None:
        return self._row(len(self.time) - 1) if self.time else None

    @property
    def opened_at(self) -> int:
        """When the newest bar's first trade was."""
        return self._marks[_OPEN_AT - _MARKS] if self._marks else 2**62

    def before(self, opening: int) -> Row | None:
        """The newest bar that opens before that instant."""
        index = bisect_left(self.time, opening) - 1
        return self._row(index) if index >= 0 else None

    def columns(self, limit: int) -> Columns:
        """The newest `limit` bars, copied."""
        since = max(len(self.time) - limit, 0)
        if since == len(self.time):
            return Columns.empty()
        figures = np.array(self._figures[since * _FIGURES :]).reshape(-1, _FIGURES)
        return Columns.of(
            self.time[since:],
            figures[:, _OPEN],
            figures[:, _HIGH],
            figures[:, _LOW],
            figures[:, _CLOSE],
            figures[:, _VOLUME] + figures[:, _CARRY],
        )

    def closes(self, limit: int) -> "array[float]":
        since = max(len(self.time) - limit, 0)
        return self._figures[since * _FIGURES + _CLOSE :: _FIGURES]

    def take_closed(self, now: int) -> list[Row]:
        """Bars the store has not seen and that open before `now`; they count as seen from here."""
        ready = sorted(opening for opening in self.unsaved if opening < now)
        rows, self.evicted = self.evicted, []
        for opening in ready:
            row = self.row(opening)
            if row is not None:
                rows.append(row)
        self.unsaved.difference_update(ready)
        return rows
