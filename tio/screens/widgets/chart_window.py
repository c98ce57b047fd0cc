"""Which bars a chart shows: zoom, pan and crosshair over a growing series."""

import bisect
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tio.draw.scale import Ints

# Above zero: cells a bar. Below: bars a cell.
ZOOMS: tuple[int, ...] = (8, 6, 4, 2, 1, *(-(1 << power) for power in range(1, 14)))
FIRST_ZOOM = ZOOMS.index(1)


class ChartWindow:
    """A window on a series; `hidden` bars are newer than the last shown, 0 follows the newest.

    The crosshair is a bar's opening time, so it stays where it is when history is put before it.
    """

    def __init__(self) -> None:
        self.zoom = FIRST_ZOOM
        self.hidden = 0
        self.crosshair: int | None = None

    def count(self, width: int) -> int:
        """How many bars fit into `width` cells."""
        cells = ZOOMS[self.zoom]
        return max(width // cells if cells > 0 else width * -cells, 2)

    def span(self, width: int, bars: int) -> tuple[int, int]:
        """The first bar shown and the one after the last."""
        self.hidden = min(max(self.hidden, 0), max(bars - self.count(width), 0))
        end = bars - self.hidden
        return max(end - self.count(width), 0), end

    def grew(self, added: int) -> None:
        """New bars began: a window that looks at the past stays where it is."""
        if self.hidden:
            self.hidden += added

    def pan(self, bars: int) -> None:
        """Look further back (negative) or onward."""
        self.hidden = max(self.hidden - bars, 0)

    def zoom_by(self, steps: int) -> bool:
        """Fewer, wider bars (negative) or more; whether anything changed."""
        zoom = min(max(self.zoom + steps, 0), len(ZOOMS) - 1)
        changed = zoom != self.zoom
        self.zoom = zoom
        return changed

    def bar(self, times: "Ints") -> int | None:
        """The crosshair's bar as an index, None when there is no crosshair."""
        if self.crosshair is None or not len(times):
            return None
        return max(bisect.bisect_right(times, self.crosshair) - 1, 0)

    def point(self, times: "Ints", bar: int, width: int) -> None:
        """The crosshair on a bar, panned into sight."""
        if not len(times):
            return
        bar = min(max(bar, 0), len(times) - 1)
        self.crosshair = int(times[bar])
        start, end = self.span(width, len(times))
        if bar < start:
            self.hidden += start - bar
        elif bar >= end:
            self.hidden -= bar - end + 1

    def move(self, times: "Ints", by: int, width: int) -> None:
        """The crosshair some bars on; without one it begins at the newest bar shown."""
        if not len(times):
            return
        now = self.bar(times)
        _, end = self.span(width, len(times))
        self.point(times, end - 1 if now is None else now + by, width)
