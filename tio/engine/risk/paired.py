"""Prices of different calendars side by side: what both have, and the returns between those."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from tio.engine.risk.estimates import Floats

Instants = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Closing prices at rising moments (days by their date); shape (n,) both."""

    time: Instants
    close: Floats

    def known(self) -> "Prices":
        """Without prices that are no number or not above zero."""
        kept = np.isfinite(self.close) & (self.close > 0)
        return self if kept.all() else Prices(self.time[kept], self.close[kept])


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Logarithmic returns over the same spans: `returns` (n, symbols), `time` (n,) where each ends.

    `start` is where the first begins; None without any.
    """

    time: Instants
    returns: Floats
    start: int | None = None


def together(prices: Sequence[Prices], window: int | None = None) -> Together:
    """The newest `window` returns from one moment all have to the next; no fewer symbols than one.

    Where one is closed, the others' returns span the pause too: nothing is made up.
    """
    clean = [each.known() for each in prices]
    common: Instants = reduce(
        lambda one, other: np.intersect1d(one, other, assume_unique=True),
        (each.time for each in clean),
    )
    if window is not None:
        common = common[-(window + 1) :]
    if len(common) < 2:
        return Together(common[:0], np.empty((0, len(prices))))
    closes = np.column_stack([each.close[np.searchsorted(each.time, common)] for each in clean])
    return Together(common[1:], np.diff(np.log(closes), axis=0), int(common[0]))


def converted(prices: Prices, rates: Prices, oldest: int) -> Prices:
    """Prices times the last rate at or before each, at most `oldest` µs old; NaN without one."""
    known = rates.known()
    if not len(known.time):
        return Prices(prices.time, np.full(len(prices.time), np.nan))
    place = np.searchsorted(known.time, prices.time, side="right") - 1
    near = (place >= 0) & (prices.time - known.time[np.maximum(place, 0)] <= oldest)
    rate = np.where(near, known.close[np.maximum(place, 0)], np.nan)
    return Prices(prices.time, prices.close * rate)
