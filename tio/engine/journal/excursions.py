"""How far the price went for and against a trade: MAE and MFE (Sweeney, 1996)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from tio.api.journal import Excursion
from tio.api.market import Bars, Timeframe
from tio.api.series import instant
from tio.engine.portfolio.moments import day_end

_BY_SPAN = (
    (timedelta(hours=8), Timeframe.m1),
    (timedelta(days=3), Timeframe.m5),
    (timedelta(days=30), Timeframe.h1),
)
_LONGER = (Timeframe.m1, Timeframe.m5, Timeframe.h1, Timeframe.d1)


@dataclass(frozen=True, slots=True)
class Held:
    """A trade as excursions see it: all its prices a unit, `entry` their average at opening.

    `risk` a unit, None without a planned stop.
    """

    long: bool
    entry: float
    prices: tuple[float, ...]
    since: datetime
    until: datetime
    risk: float | None
    zone: ZoneInfo


def timeframes(since: datetime, until: datetime, whole_days: bool) -> Iterator[Timeframe]:
    """What bars to ask for, the finest first; of entries that tell only their day, days alone."""
    if whole_days:
        yield Timeframe.d1
        return
    span = until - since
    finest = next((frame for most, frame in _BY_SPAN if span <= most), Timeframe.d1)
    yield from _LONGER[_LONGER.index(finest) :]


def excursion(held: Held, bars: Bars) -> Excursion:
    """Of the bars that lie wholly within the trade, and its own prices."""
    within = _within(held, bars)
    low, high = np.asarray(bars.low)[within], np.asarray(bars.high)[within]
    known = np.isfinite(low) & np.isfinite(high)
    lowest = min([*held.prices, held.entry, *low[known].tolist()])
    highest = max([*held.prices, held.entry, *high[known].tolist()])
    against = held.entry - lowest if held.long else highest - held.entry
    favour = highest - held.entry if held.long else held.entry - lowest
    risk = held.risk or None
    return Excursion(
        adverse=against,
        favourable=favour,
        adverse_r=None if risk is None else against / risk,
        favourable_r=None if risk is None else favour / risk,
        bars=int(known.sum()),
        timeframe=bars.timeframe if known.any() else None,
        source=bars.source if known.any() else "",
    )


def covered(held: Held, bars: Bars) -> float:
    """The part of the trade's time that lies between the first and the last bar within it, 0–1."""
    time = np.asarray(bars.time, dtype=np.int64)[_within(held, bars)]
    span = instant(held.until) - instant(held.since)
    if not len(time):
        return 0.0
    # What is shorter than a bar at either end cannot be covered.
    told = int(time[-1] - time[0]) + bars.timeframe.step
    return min((told + 2 * bars.timeframe.step) / max(span, 1), 1.0)


def _within(held: Held, bars: Bars) -> NDArray[np.bool_]:
    """Which bars began after the trade did and had ended when it did."""
    time = np.asarray(bars.time, dtype=np.int64)
    if bars.timeframe.intraday:
        begun = time >= instant(held.since)
        return np.asarray(begun & (time + bars.timeframe.step <= instant(held.until)))
    # A day's bar carries its date: days after that of opening, up to the last that is whole.
    last = held.until.astimezone(held.zone).date()
    if held.until < day_end(last, held.zone):
        last -= timedelta(days=1)
    first = held.since.astimezone(held.zone).date() + timedelta(days=1)
    bounds = [instant(datetime(d.year, d.month, d.day, tzinfo=UTC)) for d in (first, last)]
    return np.asarray((time >= bounds[0]) & (time <= bounds[1]))
