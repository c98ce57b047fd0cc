"""Numbers by time that grow at both ends without being copied each time."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
LEAST = 1_024


class Growing:
    """`time`, rising, and `rows` of numbers, shape (width, len); new arrays after each change.

    They look into room that is kept at both ends: a tail that changes is written in place, so
    arrays of before may show it too. `same` is how many of the first values are as they were.
    """

    def __init__(self, width: int) -> None:
        self._time = np.zeros(0, np.int64)
        self._rows = np.zeros((width, 0))
        self._start = self._end = 0
        self.changes = self.same = 0
        self.time: Ints = self._time
        self.rows: Floats = self._rows

    def __len__(self) -> int:
        return self._end - self._start

    def take(self, time: Ints, rows: Floats) -> int:
        """Fold in newer values: those from their first time to their last replace what is held."""
        before = len(self)
        first = self._start + int(np.searchsorted(self.time, time[0]))
        last = self._start + int(np.searchsorted(self.time, time[-1], side="right"))
        later = self._end - last
        if later:
            time = np.concatenate((time, self._time[last : self._end]))
            rows = np.concatenate((rows, self._rows[:, last : self._end]), axis=1)
        end = first + len(time)
        if end > len(self._time):
            shift = self._roomier(0, end - len(self._time))
            first, end = first + shift, end + shift
        self._time[first:end], self._rows[:, first:end] = time, rows
        self._end = end
        self._changed(first - self._start)
        return len(self) - before

    def put_before(self, time: Ints, rows: Floats) -> int:
        """Put those that are older than all held before them; how many."""
        count = int(np.searchsorted(time, self.time[0])) if len(self) else len(time)
        if not count:
            return 0
        if not len(self):
            return self.take(time, rows)
        if count > self._start:
            self._roomier(count - self._start, 0)
        start = self._start - count
        self._time[start : self._start] = time[:count]
        self._rows[:, start : self._start] = rows[:, :count]
        self._start = start
        self._changed(0)
        return count

    def keep_last(self, count: int) -> None:
        """Forget all but the newest."""
        if len(self) > count:
            self._start = self._end - count
            self._changed(0)

    def _changed(self, same: int) -> None:
        part = slice(self._start, self._end)
        self.time, self.rows = self._time[part], self._rows[:, part]
        self.changes, self.same = self.changes + 1, same

    def _roomier(self, before: int, after: int) -> int:
        """Room for so many more, and half as much again as is held; by how much all moved."""
        spare = max(len(self) // 2, LEAST)
        before = before + spare if before else 0
        after = after + spare if after else 0
        size = before + len(self._time) + after
        time, rows = np.zeros(size, np.int64), np.empty((len(self._rows), size))
        part = slice(self._start, self._end)
        moved = slice(self._start + before, self._end + before)
        time[moved], rows[:, moved] = self._time[part], self._rows[:, part]
        self._time, self._rows = time, rows
        self._start, self._end = moved.start, moved.stop
        return before
