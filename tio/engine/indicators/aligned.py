"""Columns set beside bars: sessions, another instrument's closes, values of longer bars."""

import numpy as np

from tio.api.market import Timeframe
from tio.engine.indicators.declare import Floats, Instants
from tio.engine.market.sessions import SessionRules, bar_end


def sessions(time: Instants, rules: SessionRules) -> Instants:
    """The number of each bar's session: its date, in days since 1970."""
    numbers = np.empty(len(time), dtype=np.int64)
    opened = time.tolist()
    at = 0
    while at < len(opened):
        day = rules.day(opened[at])
        end = at + 1
        if end < len(opened) and opened[end] < day.end:
            end = max(int(np.searchsorted(time, day.end)), end)
        numbers[at:end] = day.date // 86_400_000_000
        at = end
    return numbers


def beside(time: Instants, other: Instants, close: Floats, *, forming: bool = False) -> Floats:
    """Another instrument's close at the bars of the same opening, NaN where it has none.

    A bar that is still forming, the last, takes the newest close until there is one of its own.
    """
    values = np.full(len(time), np.nan)
    if not len(other) or not len(time):
        return values
    at = np.minimum(np.searchsorted(other, time), len(other) - 1)
    same = other[at] == time
    values[same] = close[at[same]]
    if forming and not same[-1] and other[-1] < time[-1]:
        values[-1] = close[-1]
    return values


def ends_of(time: Instants, timeframe: Timeframe, rules: SessionRules) -> Instants:
    """When each bar closes, µs UTC."""
    ends = (bar_end(rules, opening, timeframe) for opening in time.tolist())
    return np.fromiter(ends, np.int64, len(time))


def stepped(time: Instants, ends: Instants, values: Floats) -> Floats:
    """Values of longer bars beside shorter ones: each from the first bar that opens at its end.

    `ends` are the longer bars' closes, rising; a shorter bar has the value of the newest longer
    one that had closed when it opened, NaN before the first.
    """
    at = np.searchsorted(ends, time, side="right") - 1
    stepped = np.full(len(time), np.nan)
    known = at >= 0
    stepped[known] = values[at[known]]
    return stepped
