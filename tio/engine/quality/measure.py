"""How much an instrument usually moves, in ways a few wild bars cannot change."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from tio.engine.store.columns import Floats

REACH = 30
"""Bars on either side by which a bar is judged."""
_NORMAL = 1.4826
"""A median of absolute returns times this is the deviation of a normal distribution."""
WILD = 10.0
"""Usual moves a bar must leap, and come back, to be a spike."""
_BACK = 0.25
"""Share of a leap that may be left after it came back."""
_ENOUGH = 5
_LEAST = 0.002
"""No instrument is calmer than this, or one tick would be a fault of a quiet one."""


def returns(prices: Floats) -> Floats:
    """Log return of each row over the one before; the first, and around what is no price, 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.diff(np.log(np.where(prices > 0, prices, np.nan)), prepend=np.nan)
    steps[~np.isfinite(steps)] = 0.0
    return steps


def usual_move(steps: Floats) -> Floats:
    """For each row the usual size of a return near it: the median over 30 rows on both sides.

    Returns of exactly nothing do not count: a price nobody renewed is stale, not calm. With fewer
    than five others an instrument is as calm as any.
    """
    sizes = np.abs(np.where(steps == 0, np.nan, steps))
    return np.fmax(_NORMAL * rolling_median(sizes, least=_ENOUGH), _LEAST)


def comes_back(steps: Floats, row: int) -> bool:
    """Whether the next return undoes this one but for a quarter."""
    return row + 1 < len(steps) and abs(steps[row] + steps[row + 1]) < _BACK * abs(steps[row])


def judgeable(steps: Floats, usual: Floats) -> NDArray[np.bool_]:
    """Rows whose return says something: a price was renewed, and it is no spike."""
    large = np.abs(steps) > WILD * usual
    back = np.zeros(len(steps), np.bool_)
    if len(steps) > 1:
        back[:-1] = np.abs(steps[:-1] + steps[1:]) < _BACK * np.abs(steps[:-1])
    wild = large & back
    after = np.concatenate(([False], wild[:-1]))
    said: NDArray[np.bool_] = (steps != 0) & ~wild & ~after
    return said


def rolling_median(values: Floats, reach: int = REACH, least: int = 1) -> Floats:
    """Median over `reach` rows on both sides, NaN left out; NaN where fewer than `least` are."""
    if not len(values):
        return values
    padded = np.pad(values, reach, constant_values=np.nan)
    with np.errstate(invalid="ignore"):
        windows = sliding_window_view(padded, 2 * reach + 1)
        found = np.full(len(values), np.nan)
        some = np.count_nonzero(~np.isnan(windows), axis=1) >= least
        found[some] = np.nanmedian(windows[some], axis=1)
    return found
