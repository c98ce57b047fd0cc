"""Bars as numpy columns, the shape everything here draws from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tio.api.market import Bars
from tio.draw.scale import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Bars, oldest first, of one length: `time` int64 µs UTC, the rest float64 (NaN missing)."""

    time: Ints
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats

    @classmethod
    def of(cls, bars: Bars) -> Columns:
        """The columns of the engine's bars, not copied; where volume is missing it is NaN."""
        volume = np.asarray(bars.volume, np.float64)
        return cls(
            np.asarray(bars.time, np.int64),
            np.asarray(bars.open, np.float64),
            np.asarray(bars.high, np.float64),
            np.asarray(bars.low, np.float64),
            np.asarray(bars.close, np.float64),
            volume if len(volume) == len(bars) else np.full(len(bars), np.nan),
        )

    def __len__(self) -> int:
        return len(self.time)

    def __getitem__(self, which: Any) -> Columns:
        """The bars a slice, a mask or an array of indices picks."""
        return Columns(
            self.time[which],
            self.open[which],
            self.high[which],
            self.low[which],
            self.close[which],
            self.volume[which],
        )
