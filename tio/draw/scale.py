"""From prices to rows: one value that says how a pane is scaled."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Kind = Literal["linear", "log", "percent"]

FAR = 1 << 20
LARGEST = sys.float_info.max
# Prices may be anything a source sends: what overflows is drawn outside the pane.
QUIET = np.errstate(over="ignore", invalid="ignore", divide="ignore")


@dataclass(frozen=True, slots=True)
class Scale:
    """Prices `lo` to `hi` over `rows` rows, `hi` at the top; `base` is 0 % of a percent scale."""

    lo: float
    hi: float
    rows: int
    kind: Kind = "linear"
    base: float = 0.0

    def place(self, price: Floats | float, parts: int = 1) -> Floats:
        """Distance from the top edge in `parts` of a row; NaN stays NaN, outside stays outside."""
        values = np.asarray(price, np.float64)
        lo, hi = self.lo, self.hi
        if self.kind == "log":
            with np.errstate(divide="ignore"):
                # A logarithm knows nothing below zero: such prices lie infinitely far down.
                values = np.log(np.maximum(values, 0.0))
            lo, hi = float(np.log(lo)), float(np.log(hi))
        # Halves first: the span of two huge prices overflows.
        span = hi / 2 - lo / 2
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((hi / 2 - values / 2) / span * (self.rows * parts))

    def steps(self, price: Floats | float, parts: int) -> Ints:
        """`place` to the nearest whole part, cut far outside the pane; NaN must not come in.

        Prices near the largest float have no place on any scale: they are far outside too.
        """
        place = np.nan_to_num(self.place(price, parts), nan=FAR)
        return np.rint(np.clip(place, -FAR, FAR)).astype(np.int64)

    def row(self, price: float) -> int | None:
        """The row that holds `price`, or None outside the pane."""
        place = float(self.place(price))
        if not -1e-9 <= place <= self.rows + 1e-9:
            return None
        return min(max(int(place), 0), self.rows - 1)

    def price(self, row: float) -> float:
        """The price `row` rows below the top edge; the middle of row 3 is 3.5."""
        share = row / self.rows
        if self.kind == "log":
            return float(np.exp(np.log(self.hi) * (1 - share) + np.log(self.lo) * share))
        return self.hi * (1 - share) + self.lo * share


def scale_over(
    low: Floats, high: Floats, rows: int, kind: Kind = "linear", base: float = 0.0
) -> Scale:
    """The scale that just holds every low and high, with room when they are all one price."""
    low, high = low[np.isfinite(low)], high[np.isfinite(high)]
    if kind == "log":
        low, high = low[low > 0], high[high > 0]
    if kind == "log" and not (low.size and high.size):
        return Scale(1.0, 2.0, max(rows, 1), "log")
    lo = float(low.min()) if low.size else 0.0
    hi = float(high.max()) if high.size else lo + 1.0
    lo, hi = min(lo, hi), max(lo, hi)
    size = max(abs(lo), abs(hi))
    if hi / 2 - lo / 2 <= size * 1e-12 or size < 1e-290:
        room = size * 0.01 if size >= 1e-290 else 1.0
        lo, hi = (hi / 1.01, hi * 1.01) if kind == "log" else (hi - room, hi + room)
    lo, hi = max(lo, -LARGEST), min(hi, LARGEST)
    percent = kind == "percent" and np.isfinite(base) and base > 0
    scale = Scale(lo, hi, max(rows, 1), "log" if kind == "log" else "linear")
    return replace(scale, kind="percent", base=base) if percent else scale
