"""Whether a source has adjusted its past anew since its bars were stored, as after a split."""

import numpy as np

from tio.api.market import Adjustment
from tio.api.series import moment
from tio.engine.store.bars import BarStore, StoredSeries
from tio.engine.store.columns import Columns

LEAST = 5
"""Bars both must have; one bar proves nothing."""
_APART = 0.02
"""A ratio nearer to 1 than this is a correction, not another basis."""
_ALIKE = 0.002
"""How far the bars' ratios may lie from each other."""
_PIECE = 20_000


def rebased(stored: Columns, told: Columns) -> float | None:
    """What stored prices must be multiplied with to stand beside the told ones; None: nothing.

    Only where every bar both have differs by one and the same ratio.
    """
    _, mine, theirs = np.intersect1d(stored.time, told.time, return_indices=True)
    if len(mine) < LEAST:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = told.close[theirs] / stored.close[mine]
    ratio = float(np.median(ratios))
    if not np.isfinite(ratios).all() or ratio <= 0 or abs(ratio - 1) < _APART:
        return None
    if float(np.max(np.abs(ratios / ratio - 1))) > _ALIKE:
        return None
    return ratio


async def rescale(store: BarStore, series: StoredSeries, before: int, ratio: float) -> None:
    """Multiply a series' prices before an instant (µs UTC); volumes of split-adjusted ones divide.

    A piece at a time, newest first.
    """
    end = before - 1
    key = series.key
    while True:
        bars = await store.read(key.symbol, key.timeframe, None, moment(end), _PIECE, key.source)
        if not len(bars):
            return
        volume = bars.volume
        if series.terms.adjusted is Adjustment.splits:
            volume = volume / ratio
        scaled = Columns.of(
            bars.time,
            bars.open * ratio,
            bars.high * ratio,
            bars.low * ratio,
            bars.close * ratio,
            volume,
        )
        await store.append(key.symbol, key.source, key.timeframe, scaled, series.terms)
        end = int(bars.time[0]) - 1
