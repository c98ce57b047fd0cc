"""Where bars are missing although their market was open. Instants are int64 µs UTC."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from tio.api.market import Timeframe
from tio.engine.market.sessions import DAY, Day, SessionRules, bar_end
from tio.engine.store.columns import Instants

_EPOCH = date(1970, 1, 1)
_MOST_DAYS = 366
"""Days of one hole that are looked at for an open hour; a longer one surely has some."""


class Hole(NamedTuple):
    """No bar opens in [start, end), though the market was open in it; `bars` could have."""

    start: int
    end: int
    bars: int


def holes(
    time: Instants,
    timeframe: Timeframe,
    rules: SessionRules,
    start: int,
    end: int,
    least: int = 1,
) -> list[Hole]:
    """Holes of at least `least` bars between the bars at `time` and the bounds, oldest first.

    Only regular hours count: bars of early and late hours are welcome but never missed.
    """
    inside = time[(time >= start) & (time < end)]
    found = []
    for begins, ends in _spaces(inside, timeframe, rules, start, end):
        missing = could_open(begins, ends, timeframe, rules, least)
        if missing >= least:
            found.append(Hole(begins, ends, missing))
    return found


def could_open(
    start: int, end: int, timeframe: Timeframe, rules: SessionRules, enough: int = 1
) -> int:
    """How many bars could open in [start, end); counting ends once there are `enough` and more."""
    if timeframe in (Timeframe.w1, Timeframe.mo1):
        return max(0, -(-(end - start) // timeframe.step) - 1)
    count = 0
    for number, day in enumerate(_days(start, end, timeframe, rules)):
        if number > _MOST_DAYS:
            return max(count, enough)
        count += _of_day(day, start, end, timeframe)
    return count


def _spaces(
    time: Instants, timeframe: Timeframe, rules: SessionRules, start: int, end: int
) -> Iterator[tuple[int, int]]:
    """Everything between the end of one bar and the opening of the next that is not nothing."""
    if not len(time):
        yield start, end
        return
    if start < int(time[0]):
        yield start, int(time[0])
    apart = np.flatnonzero(np.diff(time) > timeframe.step)
    for number in apart.tolist():
        yield _after(int(time[number]), timeframe), int(time[number + 1])
    last = _after(int(time[-1]), timeframe)
    if last < end and bar_end(rules, int(time[-1]), timeframe) < end:
        yield last, end


def _after(opening: int, timeframe: Timeframe) -> int:
    return opening + (DAY if not timeframe.intraday else timeframe.step)


def _days(start: int, end: int, timeframe: Timeframe, rules: SessionRules) -> Iterator[Day]:
    if timeframe.intraday:
        at = start
        while at < end:
            day = rules.day(at)
            yield day
            at = max(day.end, at + 1)
        return
    on = _EPOCH + timedelta(microseconds=start)
    while (opening := (on - _EPOCH).days * DAY) < end:
        if opening >= start:
            yield rules.on_date(on)
        on += timedelta(days=1)


def _of_day(day: Day, start: int, end: int, timeframe: Timeframe) -> int:
    if not timeframe.intraday:
        return int(bool(day.regular) and start <= day.date < end)
    count = 0
    step = timeframe.step
    for opens, closes in day.regular:
        first = max(opens, start)
        first += (day.anchor - first) % step  # the next opening of a bar
        last = min(closes, end)
        if first < last:
            count += -(-(last - first) // step)
    return count
