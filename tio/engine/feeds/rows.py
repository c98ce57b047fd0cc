"""Rows of a venue's bars as `Bars`: ordered, within what was asked, the forming one told."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import isfinite
from typing import NamedTuple

from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.feeds.frames import Garbage


class Row(NamedTuple):
    """One bar; `time` is its opening instant in µs."""

    time: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class Asked(NamedTuple):
    """What history was asked for: the newest `limit` bars that open in [start, end)."""

    symbol: str
    timeframe: Timeframe
    start: datetime | None
    end: datetime
    limit: int

    @property
    def first(self) -> int:
        """The instant (µs) at which the earliest bar that can be in the answer opens."""
        step = self.timeframe.step
        end = instant(self.end)
        reach = (end + step - 1) // step * step - self.limit * step
        return reach if self.start is None else max(reach, instant(self.start))


def past_asked(
    symbol: str,
    timeframe: Timeframe,
    start: datetime | None,
    end: datetime,
    limit: int,
    now: datetime,
) -> Asked | None:
    """What is asked for until now, the bar that opens now included; None where that is nothing."""
    if limit <= 0 or (start is not None and start >= min(end, now)):
        return None
    return Asked(symbol, timeframe, start, min(end, now + timedelta(microseconds=1)), limit)


def opens_as_ours(symbol: str, timeframe: Timeframe) -> bool:
    """Whether a crypto venue's bars open when ours do: an FX day begins at 17:00 New York."""
    return "-" in symbol or timeframe.step <= Timeframe.h1.step


def bars_of(rows: Iterable[Row], asked: Asked, source: str, now: datetime) -> Bars:
    """The rows as bars of `source`, oldest first, a row said twice as it was said last.

    Raises Garbage where a row is no bar. The newest is forming while its span has not passed.
    """
    start = None if asked.start is None else instant(asked.start)
    end = instant(asked.end)
    by_time = {
        row.time: _checked(row, source)
        for row in rows
        if row.time < end and (start is None or row.time >= start)
    }
    kept = [by_time[time] for time in sorted(by_time)][-asked.limit :]
    forming = bool(kept) and kept[-1].time + asked.timeframe.step > instant(now)
    return Bars(
        symbol=asked.symbol,
        timeframe=asked.timeframe,
        time=Times(row.time for row in kept),
        open=Series(row.open for row in kept),
        high=Series(row.high for row in kept),
        low=Series(row.low for row in kept),
        close=Series(row.close for row in kept),
        volume=Series(row.volume for row in kept),
        forming=forming,
        source=source,
    )


def _checked(row: Row, source: str) -> Row:
    prices = row[1:5]
    if not all(isfinite(price) and price > 0 for price in prices) or not row.volume >= 0:
        raise Garbage(f"not a bar of {source}: {prices!r}, volume {row.volume!r}")
    return row
