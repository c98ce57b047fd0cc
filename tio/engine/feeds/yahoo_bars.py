"""The bars of a Yahoo chart: which rows are bars, when they open, which one still forms."""

from datetime import date
from typing import NamedTuple

import numpy as np

from tio.api.market import Adjustment, AssetClass, Bars, Coverage, Delay, Timeframe
from tio.api.series import Series, Times
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_chart import Chart, day_of, instrument
from tio.engine.feeds.yahoo_listings import history_coverage, usual_delay
from tio.engine.feeds.yahoo_symbols import NAME
from tio.engine.market.folding import fold
from tio.engine.market.sessions import SessionRules, bar_end, rules_of
from tio.engine.store.columns import Columns, Floats

_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1)
_FARTHEST = 4_102_444_800
"""Seconds from 1970 to 2100, and back: indices are told since the 1920s."""
_BY_RULE = (AssetClass.fx, AssetClass.future)
"""Kinds whose days begin the evening before, so that a row's wall date may not be its day."""


class Served(NamedTuple):
    """How a timeframe is asked of Yahoo: its interval and timeframe, how far back, what hours."""

    interval: str
    asked: Timeframe
    days: int | None
    extended: bool


SERVED: dict[Timeframe, Served] = {
    Timeframe.m1: Served("1m", Timeframe.m1, 7, True),
    Timeframe.m3: Served("1m", Timeframe.m1, 7, True),
    Timeframe.m5: Served("5m", Timeframe.m5, 59, True),
    Timeframe.m15: Served("15m", Timeframe.m15, 59, True),
    # Yahoo has answered 30m with bars of an hour, and its weeks and months with wrong adjustment.
    Timeframe.m30: Served("15m", Timeframe.m15, 59, True),
    # Its hours begin at 04:00 before the session and at 09:30 in it: only the latter fit ours.
    Timeframe.h1: Served("1h", Timeframe.h1, 729, False),
    Timeframe.h2: Served("1h", Timeframe.h1, 729, False),
    Timeframe.h4: Served("1h", Timeframe.h1, 729, False),
    Timeframe.d1: Served("1d", Timeframe.d1, None, False),
    Timeframe.w1: Served("1d", Timeframe.d1, None, False),
    Timeframe.mo1: Served("1d", Timeframe.d1, None, False),
}
"""What Yahoo has; of anything finer it has nothing."""


def bars(
    chart: Chart,
    timeframe: Timeframe,
    now: int,
    symbol: str = "",
    delay: int | None = None,
    span: tuple[int, int] = (-(2**62), 2**62),
    limit: int = 2**62,
) -> Bars:
    """The newest `limit` bars that open within `span`, folded to `timeframe`; `delay` in minutes.

    The last one may still be forming at `now` (µs), which is said. Rows of nulls are no bars.
    """
    asked = SERVED[timeframe].asked
    listed = instrument(chart, symbol)
    rules = rules_of(listed)
    rows = _rows(chart, asked, rules)
    if timeframe is not asked:
        rows = fold(rows, asked, timeframe, rules)
    begin, end = np.searchsorted(rows.time, span)
    rows = rows[max(int(begin), int(end) - limit) : int(end)]
    late = usual_delay(chart.meta.exchange_name) if delay is None else delay
    known = now - late * 60_000_000
    return Bars(
        symbol=listed.symbol,
        timeframe=timeframe,
        time=Times.wrap(np.ascontiguousarray(rows.time)),
        open=Series.wrap(np.ascontiguousarray(rows.open)),
        high=Series.wrap(np.ascontiguousarray(rows.high)),
        low=Series.wrap(np.ascontiguousarray(rows.low)),
        close=Series.wrap(np.ascontiguousarray(rows.close)),
        volume=Series.wrap(np.ascontiguousarray(rows.volume)),
        forming=len(rows) > 0 and bar_end(rules, int(rows.time[-1]), timeframe) > known,
        source=NAME,
        delay=Delay.delayed if late else Delay.realtime,
        coverage=_coverage(chart, timeframe),
        adjusted=Adjustment.splits,
    )


def _rows(chart: Chart, asked: Timeframe, rules: SessionRules) -> Columns:
    """The rows that are bars, at our opening instants, oldest first, each opening once."""
    stamps = chart.timestamp or []
    told = chart.prices
    columns = [told.open, told.high, told.low, told.close, told.volume]
    if not stamps:
        return Columns.empty()
    if any(len(column) != len(stamps) for column in columns[:4]):
        raise Garbage("not a Yahoo chart: its columns are not of one length")
    if len(columns[4]) != len(stamps):
        columns[4] = [None] * len(stamps)
    if not -_FARTHEST < min(stamps) <= max(stamps) < _FARTHEST:
        raise Garbage("not a Yahoo chart: its times are not of this age")
    seconds = np.array(stamps, np.int64)
    numbers = [_decimal(np.array(column, dtype=np.float64)) for column in columns]
    if chart.kind in (AssetClass.fx, AssetClass.crypto):
        # Currencies have no volume here, coins one in the other currency than everybody's.
        numbers[4] = np.full(len(seconds), np.nan)
    kept = ~np.isnan(np.vstack(numbers[:4])).any(axis=0)
    seconds, numbers = seconds[kept], [column[kept] for column in numbers]
    if chart.money.divisor != 1:
        numbers[:4] = [np.round(column / chart.money.divisor, 10) for column in numbers[:4]]
    if asked.intraday:
        return _one_a_step(Columns.of(seconds * 1_000_000, *numbers).ordered(), asked)
    dates = [_date(chart, int(each), rules) for each in seconds]
    # Two rows of one date: the day's own and the live quote, which is the newer.
    return Columns.of(np.array(dates, np.int64), *numbers).ordered()


def _one_a_step(rows: Columns, asked: Timeframe) -> Columns:
    """Without the last row where it is not a bar but the live quote.

    Such a row stands at the instant of the newest trade: inside the step of the row before it, to
    which it then belongs, or alone.
    """
    if not len(rows) or (rows.time[-1] % 60_000_000 == 0 and _apart(rows, asked)):
        return rows
    before = rows[: len(rows) - 1]
    if _apart(rows, asked):
        return before
    _, _, high, low, close, _ = next(rows[len(rows) - 1 :].rows())
    at, first, highest, lowest, _, volume = next(before[len(before) - 1 :].rows())
    last = (at, first, max(high, highest), min(low, lowest), close, volume)
    return Columns.joined([before[: len(before) - 1], Columns.of_rows([last])])


def _apart(rows: Columns, asked: Timeframe) -> bool:
    return len(rows) == 1 or bool(rows.time[-1] - rows.time[-2] >= asked.step)


def _date(chart: Chart, seconds: int, rules: SessionRules) -> int:
    if chart.kind in _BY_RULE:
        return rules.day(seconds * 1_000_000).date
    return (day_of(chart, seconds) - _EPOCH).days * _DAY


def _decimal(values: Floats) -> Floats:
    """The prices meant: Yahoo computes in float32, so its 129.0399932861328 is 129.04."""
    with np.errstate(over="ignore"):
        single = values.astype(np.float32)
    exact = single.astype(np.float64) == values
    found = values.copy()
    found[exact] = single[exact].astype("U32").astype(np.float64)
    return found


def _coverage(chart: Chart, timeframe: Timeframe) -> Coverage:
    return history_coverage(chart.kind, chart.meta.exchange_name, daily=not timeframe.intraday)
