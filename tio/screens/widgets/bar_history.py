"""The bars a chart holds: the live tail folded in, older history put before it.

Bars adjusted for something else are never joined: where the two meet, a price would seem to jump.
"""

import numpy as np

from tio.api.market import Adjustment, Bars, Coverage, Delay
from tio.draw.columns import Columns

MOST = 50_000


class BarHistory:
    """Columns of one instrument and timeframe, oldest first, never doubled."""

    def __init__(self) -> None:
        self.columns = _none()
        self.source = ""
        self.delay = Delay.realtime
        self.coverage = Coverage.single_venue
        self.adjusted = Adjustment.raw
        self.refused: Adjustment | None = None
        self.complete = False
        self.forming = False

    def __len__(self) -> int:
        return len(self.columns)

    def take(self, bars: Bars) -> int:
        """Fold in newer bars, replacing those of the same time; how many were added.

        Adjusted otherwise than what is held, they begin the history anew.
        """
        newer = Columns.of(bars)
        if not len(newer):
            return 0
        if len(self) and bars.adjusted != self.adjusted:
            self.columns, self.complete, self.refused = _none(), False, None
        self._note(bars)
        before = len(self)
        held = self.columns
        at = int(np.searchsorted(held.time, newer.time[0]))
        if at < len(held) and held.time[-1] > newer.time[-1]:
            after = int(np.searchsorted(held.time, newer.time[-1], side="right"))
            self.columns = _joined(held[:at], newer, held[after:])
        else:
            self.columns = _joined(held[:at], newer)
        added = len(self) - before if before else 0
        self._trim()
        return max(added, 0)

    def continued_by(self, bars: Bars) -> bool:
        """Whether a whole snapshot can follow on what is held: it meets it and ends no earlier."""
        held = self.columns.time
        if not len(held):
            return True
        if not len(bars):
            return False
        first, last = bars.time[0], bars.time[-1]
        return bool(held[0] <= first <= held[-1] <= last and first in held)

    def put_before(self, bars: Bars) -> int:
        """Put older bars before what is held; how many. None that are older: there are no more.

        Those adjusted otherwise stay out, and `refused` says for what they were.
        """
        older = Columns.of(bars)
        if len(self) and len(older):
            older = older[older.time < self.columns.time[0]]
        if len(self) and len(older) and bars.adjusted != self.adjusted:
            self.complete, self.refused = True, bars.adjusted
            return 0
        if not len(older) or len(self) >= MOST:
            self.complete = True
            return 0
        self.columns = _joined(older, self.columns)
        return len(older)

    def _note(self, bars: Bars) -> None:
        self.source = bars.source or self.source
        self.delay, self.coverage, self.adjusted = bars.delay, bars.coverage, bars.adjusted
        self.forming = bars.forming

    def _trim(self) -> None:
        if len(self) > MOST + 1_000:
            self.columns = self.columns[-MOST:]


def _none() -> Columns:
    empty = np.zeros(0, np.float64)
    return Columns(np.zeros(0, np.int64), empty, empty, empty, empty, empty)


def _joined(*parts: Columns) -> Columns:
    def column(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return np.concatenate([getattr(part, name) for part in parts])

    return Columns(
        np.concatenate([part.time for part in parts]),
        column("open"),
        column("high"),
        column("low"),
        column("close"),
        column("volume"),
    )
