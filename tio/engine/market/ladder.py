"""The bars of one instrument at one timeframe, oldest first, in plain columns.

Merging is commutative: the open is the earliest trade, the close the latest, each by (venue time,
order); volume is kept as a sum and its rounding error, so it does not depend on the order either.
"""

from array import array
from bisect import bisect_left
from typing import NamedTuple

import numpy as np

from tio.api.market import Timeframe
from tio.engine.store.columns import Columns


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
    """How many bars a ladder may keep: shared by all, shrinks as instruments are added."""

    __slots__ = ("base", "derived")

    BARS = 300_000
    MOST = 2_048
    LEAST = 24

    def __init__(self) -> None:
        self.base = self.derived = self.MOST

    def divide(self, instruments: int) -> None:
        """Three base timeframes take four shares each, the eleven others one."""
        share = self.BARS // (23 * max(instruments, 1))
        self.base = min(self.MOST, max(4 * self.LEAST, 4 * share))
        self.derived = min(self.MOST, max(self.LEAST, share))


class Ladder:
    """Bars of one timeframe. `floor` is the newest bar let go: nothing folds at or below it."""

    __slots__ = (
        "_carry",
        "_close",
        "_close_at",
        "_close_order",
        "_high",
        "_low",
        "_open",
        "_open_at",
        "_open_order",
        "_room",
        "_volume",
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
        self.unsaved: set[int] = set()
        self.evicted: list[Row] = []
        self.time: array[int] = array("q")
        self._room = room
        self._open_at, self._open_order = array("q"), array("q")
        self._close_at, self._close_order = array("q"), array("q")
        self._open, self._high, self._low = array("d"), array("d"), array("d")
        self._close, self._volume, self._carry = array("d"), array("d"), array("d")

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
        at, known = part.close_at, self._close_at[i]
        if at > known or (at == known and part.close_order > self._close_order[i]):
            self._close[i] = part.close
            self._close_at[i], self._close_order[i] = at, part.close_order
        at, known = part.open_at, self._open_at[i]
        if at < known or (at == known and part.open_order < self._open_order[i]):
            self._open[i] = part.open
            self._open_at[i], self._open_order[i] = at, part.open_order
        if part.high > self._high[i]:
            self._high[i] = part.high
        if part.low < self._low[i]:
            self._low[i] = part.low
        before, size = self._volume[i], part.volume
        self._volume[i] = total = before + size
        lent = total - before
        self._carry[i] += (before - (total - lent)) + (size - lent) + part.carry

    def _insert(self, i: int, opening: int, part: Partial) -> None:
        self.time.insert(i, opening)
        self._open_at.insert(i, part.open_at)
        self._open_order.insert(i, part.open_order)
        self._close_at.insert(i, part.close_at)
        self._close_order.insert(i, part.close_order)
        self._open.insert(i, part.open)
        self._high.insert(i, part.high)
        self._low.insert(i, part.low)
        self._close.insert(i, part.close)
        self._volume.insert(i, part.volume)
        self._carry.insert(i, part.carry)

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
        for column in (
            self.time,
            self._open_at,
            self._open_order,
            self._close_at,
            self._close_order,
        ):
            del column[:extra]
        for prices in (
            self._open,
            self._high,
            self._low,
            self._close,
            self._volume,
            self._carry,
        ):
            del prices[:extra]

    def _row(self, i: int) -> Row:
        return Row(
            self.time[i],
            self._open[i],
            self._high[i],
            self._low[i],
            self._close[i],
            self._volume[i] + self._carry[i],
        )

    def row(self, opening: int) -> Row | None:
        """The bar that opens at that instant, if it is still here."""
        index = bisect_left(self.time, opening)
        if index < len(self.time) and self.time[index] == opening:
            return self._row(index)
        return None

    def newest(self) -> Row | None:
        return self._row(len(self.time) - 1) if self.time else None

    @property
    def opened_at(self) -> int:
        """When the newest bar's first trade was."""
        return self._open_at[-1] if self._open_at else 2**62

    def before(self, opening: int) -> Row | None:
        """The newest bar that opens before that instant."""
        index = bisect_left(self.time, opening) - 1
        return self._row(index) if index >= 0 else None

    def columns(self, limit: int) -> Columns:
        """The newest `limit` bars, copied."""
        since = max(len(self.time) - limit, 0)
        if since == len(self.time):
            return Columns.empty()
        volume = np.array(self._volume[since:]) + np.array(self._carry[since:])
        return Columns.of(
            self.time[since:],
            self._open[since:],
            self._high[since:],
            self._low[since:],
            self._close[since:],
            volume,
        )

    def closes(self, limit: int) -> "array[float]":
        return self._close[max(len(self.time) - limit, 0) :]

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
