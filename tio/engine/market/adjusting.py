"""Past prices made comparable: raw, split-adjusted, and adjusted for dividends too.

Before a split of ratio r (new shares for one old) prices are divided by r and volumes multiplied.
Before an ex-date of a dividend D prices are multiplied by 1 - D / C, C being the last close before
it (the CRSP convention); both cumulate towards the past.
"""

from collections.abc import Sequence

import numpy as np
from msgspec.structs import replace

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Bars, Timeframe
from tio.api.series import Series
from tio.engine.market.answers import columns_of
from tio.engine.market.sessions import DAY, SessionRules
from tio.engine.store.columns import Columns, Floats

LAST_CLOSE = 10 * DAY
"""A close older than this is not the last one before a dividend: days are missing."""


def as_adjusted(
    bars: Bars,
    want: Adjustment,
    rules: SessionRules,
    events: Sequence[CorporateEvent],
    now: int,
    closes: Columns | None = None,
) -> Bars:
    """An answer on the wanted basis, or on the nearest that can be had; it says which.

    What is announced and not yet in effect at `now` (µs UTC) has changed no price. `closes` are
    split-adjusted days, for dividends paid after the answer's last bar.
    """
    happened = in_effect(events, bars.timeframe, rules, now)
    told, basis = adjusted(
        columns_of(bars), bars.timeframe, rules, happened, bars.adjusted, want, closes
    )
    return replace(
        bars,
        open=Series.wrap(told.open),
        high=Series.wrap(told.high),
        low=Series.wrap(told.low),
        close=Series.wrap(told.close),
        volume=Series.wrap(told.volume),
        adjusted=basis,
    )


def adjusted(
    bars: Columns,
    timeframe: Timeframe,
    rules: SessionRules,
    events: Sequence[CorporateEvent],
    have: Adjustment,
    want: Adjustment,
    closes: Columns | None = None,
) -> tuple[Columns, Adjustment]:
    """Bars on the wanted basis, or on the nearest that can be had, and which that is.

    What was adjusted for dividends cannot be made raw: nobody says what each one was taken from.
    Nor is anything `total` while the close before one of the dividends since is not known.
    """
    if have is want or have is Adjustment.total or not len(bars):
        return bars, have
    splits = [e for e in events if e.kind is EventKind.share_split and e.ratio]
    if have is Adjustment.raw:
        bars = _scaled(bars, 1 / _ratios(bars, timeframe, rules, splits))
        have = Adjustment.splits
    if want is Adjustment.raw:
        return _scaled(bars, _ratios(bars, timeframe, rules, splits)), Adjustment.raw
    if want is Adjustment.total:
        paid = [e for e in events if e.kind is not EventKind.share_split and e.amount]
        factors = _dividends(bars, timeframe, rules, paid, splits, closes)
        if factors is None:
            return bars, have
        return _scaled(bars, factors, volumes=False), Adjustment.total
    return bars, have


def _ratios(
    bars: Columns,
    timeframe: Timeframe,
    rules: SessionRules,
    splits: Sequence[CorporateEvent],
) -> Floats:
    """For each bar the product of the ratios of the splits after it."""
    ratios = np.ones(len(bars))
    for split in splits:
        before = int(np.searchsorted(bars.time, _takes_effect(split, timeframe, rules)))
        ratios[:before] *= split.ratio or 1.0
    return ratios


def in_effect(
    events: Sequence[CorporateEvent], timeframe: Timeframe, rules: SessionRules, now: int
) -> list[CorporateEvent]:
    """What has changed prices by `now`, µs UTC."""
    return [each for each in events if _takes_effect(each, timeframe, rules) <= now]


def paid_after(
    bars: Columns, timeframe: Timeframe, rules: SessionRules, events: Sequence[CorporateEvent]
) -> bool:
    """Whether a dividend was paid after the last of these bars opened."""
    newest = int(bars.time[-1])
    return any(
        each.kind is not EventKind.share_split
        and bool(each.amount)
        and _takes_effect(each, timeframe, rules) > newest
        for each in events
    )


def _dividends(
    bars: Columns,
    timeframe: Timeframe,
    rules: SessionRules,
    paid: Sequence[CorporateEvent],
    splits: Sequence[CorporateEvent],
    closes: Columns | None,
) -> Floats | None:
    """For each (split-adjusted) bar the product of what the dividends after it leave.

    None where one was paid after the last bar and nobody knows the close before it.
    """
    factors = np.ones(len(bars))
    for dividend in paid:
        before = int(np.searchsorted(bars.time, _takes_effect(dividend, timeframe, rules)))
        if before == 0:
            continue  # paid before the first bar
        last: float | None = float(bars.close[before - 1])
        if before == len(bars):
            last = _close_before(dividend, rules, closes)
        if last is None:
            return None
        amount = dividend.amount or 0.0
        if not dividend.split_adjusted:
            for split in splits:
                if split.ex_date > dividend.ex_date:
                    amount /= split.ratio or 1.0
        if 0 < amount < last:
            factors[:before] *= 1 - amount / last
    return factors


def _close_before(
    event: CorporateEvent, rules: SessionRules, closes: Columns | None
) -> float | None:
    if closes is None:
        return None
    on = rules.on_date(event.ex_date).date
    number = int(np.searchsorted(closes.time, on)) - 1
    if number < 0 or on - int(closes.time[number]) > LAST_CLOSE:
        return None
    return float(closes.close[number])


def _takes_effect(event: CorporateEvent, timeframe: Timeframe, rules: SessionRules) -> int:
    """The instant from which bars are on the new basis."""
    day = rules.on_date(event.ex_date)
    return day.start if timeframe.intraday else day.date


def _scaled(bars: Columns, factors: Floats, *, volumes: bool = True) -> Columns:
    return Columns.of(
        bars.time,
        bars.open * factors,
        bars.high * factors,
        bars.low * factors,
        bars.close * factors,
        bars.volume / factors if volumes else bars.volume,
    )
