"""Rows of bars as `Bars` of an instrument that has sessions: folded, cut, the forming one told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from math import isfinite, isnan

import numpy as np

from tio.api.market import Bars, Instrument, Timeframe
from tio.api.series import Series, Times, instant, moment
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.rows import Asked
from tio.engine.market.folding import fold
from tio.engine.market.sessions import bar_end, rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.columns import Columns, Row
from tio.plugin import Traits

_SHORT_DAY = 5.5 * 3_600
"""Seconds of the shortest usual session anywhere."""


def session_bars(
    rows: Iterable[Row],
    grain: Timeframe,
    asked: Asked,
    instrument: Instrument,
    now: int,
    traits: Traits,
) -> Bars:
    """The newest bars asked for, oldest first, out of rows of `grain` in any order.

    A row said twice is as it was said last; volume NaN is one nobody told. Raises Garbage where a
    row is no bar. `traits` tell name, delay, coverage and adjustment; `now` is µs.
    """
    rules = rules_of(instrument)
    columns = Columns.of_rows(_checked(row, traits.name) for row in rows).ordered()
    if grain is not asked.timeframe:
        columns = fold(columns, grain, asked.timeframe, rules)
    start = -(2**62) if asked.start is None else instant(asked.start)
    begin, end = np.searchsorted(columns.time, (start, instant(asked.end)))
    columns = columns[max(int(begin), int(end) - asked.limit) : int(end)]
    known = now - traits.delay_minutes * 60_000_000
    forming = len(columns) > 0 and bar_end(rules, int(columns.time[-1]), asked.timeframe) > known
    return Bars(
        symbol=asked.symbol,
        timeframe=asked.timeframe,
        time=Times.wrap(np.ascontiguousarray(columns.time)),
        open=Series.wrap(np.ascontiguousarray(columns.open)),
        high=Series.wrap(np.ascontiguousarray(columns.high)),
        low=Series.wrap(np.ascontiguousarray(columns.low)),
        close=Series.wrap(np.ascontiguousarray(columns.close)),
        volume=Series.wrap(np.ascontiguousarray(columns.volume)),
        forming=forming,
        source=traits.name,
        delay=traits.delay,
        coverage=traits.coverage,
        adjusted=traits.adjusted,
    )


def days_back(asked: Asked, instrument: Instrument) -> int:
    """Calendar days before `asked.end` that surely hold the bars asked for; at most 110 years."""
    seconds = asked.timeframe.step / 1e6 * asked.limit
    days = seconds / 86_400
    if asked.timeframe.intraday and rules_of(instrument).strict:
        days = seconds / _SHORT_DAY
    needed = min(int(days * 1.5) + 10, 110 * 366)
    if asked.start is None:
        return needed
    return max(1, min(needed, (asked.end - asked.start).days + 1))


def since_of(asked: Asked, *, months: bool = False) -> datetime:
    """From when rows are asked for, so that they surely hold the bars asked for.

    `months`: from the first of a month where no start is given, so that the first one is whole.
    """
    since = asked.end - timedelta(days=days_back(asked, classify(asked.symbol)))
    if months and asked.start is None:
        return (since - timedelta(days=31)).replace(day=1)
    return since


def broken_off(asked: Asked, rows: Sequence[Row], grain: Timeframe) -> Asked:
    """The same without the oldest bar: where rows of `grain` break off it is but part of one."""
    if not rows or grain is asked.timeframe:
        return asked
    return asked._replace(start=moment(min(row[0] for row in rows) + 1))


def _checked(row: Row, source: str) -> Row:
    prices, volume = row[1:5], row[5]
    if not all(isfinite(price) and price > 0 for price in prices):
        raise Garbage(f"not a bar of {source}: {prices!r}")
    if not (isnan(volume) or 0 <= volume < 1e300):
        raise Garbage(f"not a bar of {source}: its volume is {volume!r}")
    return row
