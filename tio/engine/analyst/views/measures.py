"""What a view is measured by, of closed daily bars: their range, what the price does anyway."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from tio.api.market import Bars, Timeframe
from tio.engine.market.sessions import SessionRules, bar_end

ATR_DAYS = 14
NEUTRAL = 0.5
"""A neutral view holds when the price ends within so many daily ATR times the root of its days."""
WINDOW = 252
"""Daily bars the base is counted over."""
LEAST = 30
"""Spans a base is made of at least."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day that was over: its session date in µs UTC, its prices."""

    time: int
    high: float
    low: float
    close: float


def closed_days(bars: Bars, rules: SessionRules, now: int) -> list[Day]:
    """Those of the daily bars that were over at `now` (µs UTC) and whose prices can be."""
    count = len(bars) - 1 if bars.forming else len(bars)
    rows = list(zip(bars.time, bars.high, bars.low, bars.close, strict=True))[:count]
    return [
        Day(at, high, low, close)
        for at, high, low, close in rows
        if all(isfinite(price) and price > 0 for price in (high, low, close))
        and bar_end(rules, at, Timeframe.d1) <= now
    ]


def atr(days: Sequence[Day], end: int | None = None) -> float | None:
    """The mean true range of the 14 days before day `end`, in price units; None of fewer."""
    end = len(days) if end is None else end
    if end <= ATR_DAYS:
        return None
    ranges = [
        max(days[i].high, days[i - 1].close) - min(days[i].low, days[i - 1].close)
        for i in range(end - ATR_DAYS, end)
    ]
    found = sum(ranges) / ATR_DAYS
    return found if found > 0 else None


def went(bias: int, change: float, range: float | None, days: int) -> bool | None:
    """Whether a change of price over so many days is as a view said; None where none can say."""
    if bias:
        return change > 0 if bias > 0 else change < 0
    return None if range is None else abs(change) < NEUTRAL * range * sqrt(days)


def base(days: Sequence[Day], bias: int, span: int) -> float | None:
    """The share of all spans of so many days, of the newest 252 days, that went the way of a bias.

    None of fewer than 30 spans. They overlap: it is what saying it always would have reached.
    """
    first = max(0, len(days) - WINDOW)
    found = [
        went(
            bias,
            days[at + span].close - days[at].close,
            None if bias else atr(days, at + 1),
            span,
        )
        for at in range(first, len(days) - span)
    ]
    counted = [each for each in found if each is not None]
    return sum(counted) / len(counted) if len(counted) >= LEAST else None
