"""Another instrument's closes at the bars of one: what was known by then, of the same session."""

from __future__ import annotations

import numpy as np

from tio.api.market import Timeframe
from tio.draw.columns import Columns
from tio.draw.scale import Floats, Ints

APART = 3 * 3_600_000_000
"""Two bars so far from each other (µs) are of different sessions."""
DAY = 86_400_000_000


def aligned(times: Ints, timeframe: Timeframe, other: Columns) -> Floats:
    """For each bar the other's last close by then; NaN where its session has none, or was over.

    Both are bars of `timeframe`, so a bar that began no later has ended no later: nothing is known
    before its time. Bars of days, weeks and months meet those of the same day, week or month.
    """
    values = np.full(len(times), np.nan)
    if not len(times) or not len(other):
        return values
    ours, theirs = _periods(times, timeframe), _periods(other.time, timeframe)
    at = np.searchsorted(theirs, ours, side="right") - 1
    found = at >= 0
    at = np.maximum(at, 0)
    if timeframe.intraday:
        found &= _same_session(ours, theirs, at, timeframe.step)
    else:
        found &= theirs[at] == ours
    values[found] = other.close[at[found]]
    return values


def ratio(columns: Columns, others: Floats) -> Columns:
    """Bars of close ÷ the other's close, those without one left out.

    High and low of a ratio cannot be told from two bars: it has its close alone, and no volume.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        values = columns.close / others
    known = np.isfinite(values)
    values = values[known]
    none = np.full(len(values), np.nan)
    return Columns(columns.time[known], values, values, values, values, none)


def _periods(times: Ints, timeframe: Timeframe) -> Ints:
    """What two bars must share: the instant, or the number of the day, week or month."""
    days = times // DAY
    match timeframe:
        case Timeframe.d1:
            return days
        case Timeframe.w1:
            return (days + 3) // 7
        case Timeframe.mo1:
            return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return times


def _same_session(ours: Ints, theirs: Ints, at: Ints, step: int) -> np.typing.NDArray[np.bool_]:
    """Whether the bar `at` of theirs is of the session of ours, and theirs was not over by then."""
    first = np.concatenate(([True], np.diff(ours) >= APART))
    began = ours[np.maximum.accumulate(np.where(first, np.arange(len(ours)), 0))]
    ended = np.concatenate((np.diff(theirs) >= APART, [False]))
    last, since = theirs[at], ours - theirs[at]
    going_on = (since < step) | (~ended[at] & (since < APART))
    return np.asarray((last > began - step) & going_on)
