"""Bars of a coarser timeframe out of finer ones, in whole arrays."""

import numpy as np

from tio.api.market import Timeframe
from tio.engine.market.sessions import DAY, SessionRules
from tio.engine.store.columns import Columns, Instants

_WEEKDAY_OF_1970 = 3  # 1 January 1970 was a Thursday


def fold(bars: Columns, finer: Timeframe, timeframe: Timeframe, rules: SessionRules) -> Columns:
    """Bars of `timeframe` from bars of a finer one, oldest first; volume NaN where one is."""
    if not len(bars):
        return bars
    if finer.intraday:
        opening = np.empty(len(bars), np.int64)
        kept = np.ones(len(bars), np.bool_)
        _place(bars.time, timeframe, rules, opening, kept)
        bars, opening = Columns(bars.block[:, kept]), opening[kept]
    else:
        opening = _of_dates(bars.time, timeframe)
    return _grouped(bars, opening)


def _place(
    time: Instants,
    timeframe: Timeframe,
    rules: SessionRules,
    opening: Instants,
    kept: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> None:
    begin = 0
    while begin < len(time):
        day = rules.day(int(time[begin]))
        end = max(int(np.searchsorted(time, day.end)), begin + 1)
        span = time[begin:end]
        if timeframe.intraday:
            opening[begin:end] = span - (span - day.anchor) % timeframe.step
        else:
            opening[begin:end] = day.opening(day.start, timeframe)
            if rules.strict:
                regular = np.zeros(len(span), np.bool_)
                for opens, closes in day.regular:
                    regular |= (span >= opens) & (span < closes)
                kept[begin:end] = regular
        begin = end


def _of_dates(dates: Instants, timeframe: Timeframe) -> Instants:
    number = dates // DAY
    if timeframe is Timeframe.d1:
        return number * DAY
    if timeframe is Timeframe.w1:
        return (number - (number + _WEEKDAY_OF_1970) % 7) * DAY
    months = number.astype("datetime64[D]").astype("datetime64[M]")
    first: Instants = months.astype("datetime64[us]").astype(np.int64)
    return first


def _grouped(bars: Columns, opening: Instants) -> Columns:
    if not len(bars):
        return bars
    first = np.flatnonzero(np.append(True, opening[1:] != opening[:-1]))
    last = np.append(first[1:], len(opening)) - 1
    return Columns.of(
        opening[first],
        bars.open[first],
        np.maximum.reduceat(bars.high, first),
        np.minimum.reduceat(bars.low, first),
        bars.close[last],
        np.add.reduceat(bars.volume, first),
    )
