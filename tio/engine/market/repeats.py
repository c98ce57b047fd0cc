"""Trades told twice are recognised, in little memory.

Venues mostly number the trades of an instrument one after the other: then the numbers heard are a
few runs, two numbers each, and a trade is known however long ago it was. What has no such number is
recognised among the newest `Repeats.KEPT`..2x`KEPT` of the workspace by a mark of 64 bits.
"""

from array import array
from bisect import bisect_right

from tio.api.ticks import Trade

_ZERO = 0x5851F42D4C957F2D
"""Stands for the mark 0, which in the table is an empty place."""
_RUNS = 8
"""Runs of numbers kept of one instrument; each hole of trades never heard begins another."""
_SHORT = 64
"""A run that must make room is remembered by its marks when it is this short."""
_SCATTERED = 64
"""Runs that had to make room after which an instrument's numbers count as marks only."""


class Marks:
    """A set of 64-bit marks in one flat table, 16 bytes each at its fullest."""

    __slots__ = ("_mask", "_slots", "count")

    def __init__(self, room: int) -> None:
        size = 1 << (2 * room - 1).bit_length()
        self._slots = array("q", bytes(8 * size))
        self._mask = size - 1
        self.count = 0

    def __contains__(self, mark: int) -> bool:
        return self._slots[self._place(mark or _ZERO)] != 0

    def add(self, mark: int) -> bool:
        """Whether it was there already; it is from now on."""
        mark = mark or _ZERO
        place = self._place(mark)
        if self._slots[place]:
            return True
        self._slots[place] = mark
        self.count += 1
        return False

    def _place(self, mark: int) -> int:
        """Where a mark is, or would be."""
        slots, mask = self._slots, self._mask
        place = mark & mask
        while (kept := slots[place]) and kept != mark:
            place = (place + 1) & mask
        return place


class Runs:
    """The numbers heard of one instrument, as runs without holes, ascending."""

    __slots__ = ("_firsts", "_lasts", "evicted", "newest_at")

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self.evicted = 0
        self.newest_at = -(2**62)
        """When the newest trade heard happened, µs."""

    def all(self) -> list[range]:
        return [range(a, b + 1) for a, b in zip(self._firsts, self._lasts, strict=True)]

    def __contains__(self, number: int) -> bool:
        index = bisect_right(self._firsts, number) - 1
        return index >= 0 and number <= self._lasts[index]

    def add(self, number: int) -> range | None:
        """Remember a number not heard before; the run that had to make room for it, if any."""
        firsts, lasts = self._firsts, self._lasts
        index = bisect_right(firsts, number)
        follows = index > 0 and lasts[index - 1] == number - 1
        leads = index < len(firsts) and firsts[index] == number + 1
        if follows and leads:
            lasts[index - 1] = lasts.pop(index)
            del firsts[index]
        elif follows:
            lasts[index - 1] = number
        elif leads:
            firsts[index] = number
        else:
            firsts.insert(index, number)
            lasts.insert(index, number)
        if len(firsts) <= _RUNS:
            return None
        self.evicted += 1
        return range(firsts.pop(0), lasts.pop(0) + 1)


class Repeats:
    """Trades heard lately."""

    KEPT = 131_072
    __slots__ = ("_before", "_now", "_runs")

    def __init__(self) -> None:
        self._now: Marks | None = None
        self._before: Marks | None = None
        self._runs: dict[tuple[str, str], Runs | None] = {}
        """By symbol and kind of number; None where numbers are too scattered for runs."""

    def told(self, tick: Trade) -> bool:
        """Whether this trade was heard before; it is from now on."""
        spelled = tick.id
        if spelled is None:
            return self.seen(trade_mark(tick))
        kind, _, digits = spelled.rpartition("-")
        if not (digits.isdecimal() and digits.isascii() and len(digits) < 19):
            return self.seen(trade_mark(tick))
        name, number = (tick.symbol, kind), int(digits)
        runs = self._runs.get(name)
        if runs is None:
            if name in self._runs:
                return self.seen(hash((name, number)))
            runs = self._runs[name] = Runs()
        if tick.at > runs.newest_at:
            if number in runs:  # no repeat is newer than all: the venue counts from the start again
                runs = self._runs[name] = Runs()
            runs.newest_at = tick.at
        elif number in runs:
            return True
        if runs.evicted and self._known(hash((name, number))):
            return True
        self._remember(name, runs, number)
        return False

    def _remember(self, name: tuple[str, str], runs: "Runs", number: int) -> None:
        out = runs.add(number)
        if out is None:
            return
        gone = [out]
        if runs.evicted > _SCATTERED:
            gone += runs.all()
            self._runs[name] = None
        for each in gone:
            for heard in each[-_SHORT:]:
                self.seen(hash((name, heard)))

    def seen(self, mark: int) -> bool:
        """Whether this mark was met before; it is from now on."""
        if self._before is not None and mark in self._before:
            return True
        now = self._now
        if now is None:
            now = self._now = Marks(self.KEPT)
        if now.add(mark):
            return True
        if now.count >= self.KEPT:
            self._before, self._now = now, None
        return False

    def _known(self, mark: int) -> bool:
        return (self._now is not None and mark in self._now) or (
            self._before is not None and mark in self._before
        )


def trade_mark(tick: Trade) -> int:
    """What makes a repeat of a trade recognisable: its id, else all it says."""
    if tick.id is not None:
        return hash((tick.symbol, tick.id))
    return hash((tick.symbol, tick.at, tick.price, tick.size, tick.side, tick.index))
