"""Bars of the regular session alone."""

from collections.abc import Awaitable, Callable

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from tio.api.market import Bars
from tio.api.series import Times
from tio.engine.market.answers import columns_of, in_columns
from tio.engine.market.sessions import SessionRules
from tio.engine.store.columns import Columns, Instants

_WIDER = 3
"""How many bars are asked for to have one: a day of 16 hours has 6½ regular ones."""
_MOST = 1_000_000


def in_regular(time: Instants, rules: SessionRules) -> NDArray[np.bool_]:
    """Whether each bar, by its opening, is of a regular session."""
    kept = np.zeros(len(time), dtype=np.bool_)
    at = 0
    while at < len(time):
        day = rules.day(int(time[at]))
        end = max(int(np.searchsorted(time, day.end)), at + 1)
        of_day = time[at:end]
        for opens, closes in day.regular:
            kept[at:end] |= (of_day >= opens) & (of_day < closes)
        at = end
    return kept


def regular(bars: Bars, rules: SessionRules) -> Bars:
    """Those of the bars that are of a regular session; bars of a day and more are all kept."""
    if not bars.timeframe.intraday or not len(bars):
        return bars
    columns = columns_of(bars)
    kept = in_regular(columns.time, rules)
    if kept.all():
        return bars
    told = in_columns(bars, Columns(columns.block[:, kept]))
    repaired = np.asarray(bars.repaired, dtype=np.int64)
    return replace(
        told,
        forming=bars.forming and bool(kept[-1]),
        repaired=Times.wrap(repaired[in_regular(repaired, rules)]),
    )


async def newest_regular(
    fetch: Callable[[int], Awaitable[Bars]], limit: int, rules: SessionRules
) -> Bars:
    """The newest `limit` regular bars of those that `fetch` gives when asked for so many."""
    asked = limit
    while True:
        asked = min(asked * _WIDER, _MOST)
        bars = await fetch(asked)
        kept = regular(bars, rules)
        if len(kept) >= limit or len(bars) < asked or asked == _MOST:
            return newest(kept, limit)


def newest(bars: Bars, limit: int) -> Bars:
    """The newest `limit` of some bars."""
    if len(bars) <= limit:
        return bars
    return in_columns(bars, columns_of(bars)[len(bars) - limit :])
