"""The bars a chart holds: the live tail folded in, older history put before it.

Bars adjusted for something else are never joined: where the two meet, a price would seem to jump.
"""

import numpy as np

from tio.api.market import Adjustment, Bars, Coverage, Delay
from tio.draw.columns import Columns
from tio.screens.widgets.growing import Floats, Growing

MOST = 1_000_000
SPARE = 10_000
PRICES = ("open", "high", "low", "close", "volume")


class BarHistory:
    """Columns of one instrument and timeframe, oldest first, never doubled."""

    def __init__(self) -> None:
        self._held = Growing(len(PRICES))
        self.columns = self._told()
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
            self._held, self.complete, self.refused = Growing(len(PRICES)), False, None
        self._note(bars)
        before = len(self._held)
        added = self._held.take(newer.time, _rows(newer))
        if len(self._held) > MOST + SPARE:
            self._held.keep_last(MOST)
        self.columns = self._told()
        return max(added, 0) if before else 0

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
        self._held.put_before(older.time, _rows(older))
        self.columns = self._told()
        return len(older)

    def _told(self) -> Columns:
        """What is held as columns; they look into it, and are others after each change."""
        return Columns(self._held.time, *self._held.rows)

    def _note(self, bars: Bars) -> None:
        self.source = bars.source or self.source
        self.delay, self.coverage, self.adjusted = bars.delay, bars.coverage, bars.adjusted
        self.forming = bars.forming


def _rows(columns: Columns) -> Floats:
    return np.array([getattr(columns, name) for name in PRICES])
