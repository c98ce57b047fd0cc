"""Where axes are labelled: at round prices, and at times that follow the calendar."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

import numpy as np

from tio.api.market import Timeframe
from tio.draw.scale import Ints, Scale
from tio.draw.table import price, signed_percent

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
GAP_US = 3 * 3_600_000_000
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_US = 86_400_000_000
MINUTES = (1, 5, 10, 15, 30, 60, 120, 240, 360, 720)
SECONDS = (1, 5, 15, 30)
MONTHS = (1, 3, 6, 12, 24, 60, 120, 240, 600)


@dataclass(frozen=True, slots=True)
class PriceTick:
    row: int
    label: str
    price: float


@dataclass(frozen=True, slots=True)
class TimeTick:
    """A label whose middle belongs over bar `column`; it starts in cell `start`."""

    column: int
    start: int
    label: str


def round_step(span: float, count: int) -> float:
    """The smallest of 1, 2, 2.5, 5 × a power of ten that cuts `span` into at most `count` parts."""
    least = span / max(count, 1)
    if not (math.isfinite(least) and least > 0):
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    if power == 0:
        return least
    return next((s * power for s in STEPS if s * power >= least * (1 - 1e-9)), 10 * power)


def price_ticks(scale: Scale, decimals: int, *, every: int = 4) -> list[PriceTick]:
    """Round prices (or percents of the base) of a pane, top to bottom, one in `every` rows."""
    count = max(scale.rows // every, 1)
    match scale.kind:
        case "percent":
            values = [scale.base * (1 + share / 100) for share in _round(*_shares(scale), count)]
        case "log" if scale.lo > 0 and scale.hi / scale.lo > 3:
            values = _log_round(scale.lo, scale.hi)
        case _:
            values = _round(scale.lo, scale.hi, count, decimals)
    ticks: list[PriceTick] = []
    for value in sorted(values, reverse=True):
        row = scale.row(value)
        if row is not None and (not ticks or row - ticks[-1].row >= 2):
            ticks.append(PriceTick(row, price_label(scale, value, decimals), value))
    return ticks


def price_label(scale: Scale, value: float, decimals: int) -> str:
    """How a price is written on this scale's axis."""
    if scale.kind == "percent":
        return signed_percent((value / scale.base - 1) * 100)
    return price(value, decimals)


def local_times(times: Ints, timeframe: Timeframe, zone: tzinfo) -> Ints:
    """Wall-clock µs of each bar in `zone`; daily bars and longer keep their session date."""
    if not timeframe.intraday or len(times) == 0:
        return times
    hours, place = np.unique(times // 900_000_000, return_inverse=True)
    offsets = [_offset(int(hour) * 900_000_000, zone) for hour in hours]
    return np.asarray(times + np.array(offsets, np.int64)[place], np.int64)


def session_breaks(times: Ints, timeframe: Timeframe, zone: tzinfo) -> Ints:
    """Indices of intraday bars after a gap that spans a night or three hours."""
    if not timeframe.intraday or len(times) < 2:
        return np.zeros(0, np.int64)
    gap = np.diff(times)
    days = local_times(times, timeframe, zone) // DAY_US
    longer = (gap > timeframe.step) & ((np.diff(days) > 0) | (gap >= GAP_US + timeframe.step))
    return np.flatnonzero(longer) + 1


def time_ticks(
    times: Ints, timeframe: Timeframe, zone: tzinfo, width: int, columns: Ints | None = None
) -> list[TimeTick]:
    """Labels for a time axis of `width` cells where the finest unit that fits changes.

    `columns` are the bars' cells (default: bar 0 in cell 0). A day's first bar reads `Mon 21` (`21`
    on daily bars), a month's `Nov`, a year's `2026`, others `14:30`; coarser labels win.
    """
    if columns is None:
        columns = np.arange(len(times), dtype=np.int64)
    seen = (columns >= 0) & (columns < width)
    times, columns = times[seen], columns[seen]
    if len(times) == 0:
        return []
    local = local_times(times, timeframe, zone)
    if len(local) == 1:
        only = _label(int(local[0]), 0 if timeframe.intraday else 1, True)
        return _placed([(0, only)], columns, width)
    at, rank = _changes(local, timeframe, max(width // 9, 1))
    found = list(zip(at.tolist(), rank.tolist(), strict=True))
    if timeframe.intraday and rank.any():
        found.append((0, 1))
    order = sorted(found, key=lambda tick: -tick[1])
    ticks = [(i, _label(int(local[i]), r, timeframe.intraday)) for i, r in order]
    if order and order[0][1] < (1 if timeframe.intraday else 2):
        ticks[0] = (order[0][0], _with_date(int(local[order[0][0]]), timeframe, ticks[0][1]))
    return _placed(ticks, columns, width)


def time_label(time: int, timeframe: Timeframe, zone: tzinfo) -> str:
    """One bar's time in full, for the crosshair: `Mon 21 Sep 14:30` or `Mon 21 Sep 2026`."""
    local = int(local_times(np.array([time], np.int64), timeframe, zone)[0])
    moment = _moment(local)
    if not timeframe.intraday:
        return f"{moment:%a %d %b %Y}"
    return (
        f"{moment:%a %d %b %H:%M:%S}" if timeframe.step < 60_000_000 else f"{moment:%a %d %b %H:%M}"
    )


def _changes(local: Ints, timeframe: Timeframe, most: int) -> tuple[Ints, Ints]:
    """Where the finest period with at most `most` changes starts anew, with ranks 0 to 3."""
    seconds = local // 1_000_000
    days = seconds // 86_400
    months = local.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    chosen = np.zeros(0, np.int64)
    for period in _periods(seconds, days, months, timeframe):
        begins = np.flatnonzero(np.diff(period)) + 1
        if not len(begins) and len(chosen):
            break
        chosen = begins
        if len(chosen) <= most:
            break
    # Where months or days begin is worth a label even when the period chosen steps over it.
    for unit in (days, months) if timeframe.intraday else (months,):
        begins = np.flatnonzero(np.diff(unit)) + 1
        if len(begins) <= most:
            chosen = np.union1d(chosen, begins)
    rank = np.zeros(len(chosen), np.int64)
    for unit in (days, months, months // 12):
        rank += unit[chosen] != unit[chosen - 1]
    return chosen, rank


def _periods(seconds: Ints, days: Ints, months: Ints, timeframe: Timeframe) -> Iterator[Ints]:
    """The bars' period numbers, finest period first."""
    if timeframe.intraday:
        # A period no longer than a bar changes with every bar.
        sizes = [*SECONDS, *(60 * size for size in MINUTES)]
        step = timeframe.step // 1_000_000
        least = max((size for size in sizes if size <= step), default=0)
        yield from (seconds // size for size in sizes if size >= least)
    yield days
    # Day 4 (1970-01-05) was a Monday.
    yield from ((days - 4) // (7 * weeks) for weeks in (1, 2))
    yield from (months // size for size in MONTHS)


def _label(local: int, rank: int, weekday: bool) -> str:
    moment = _moment(local)
    match rank:
        case 0:
            seconds = moment.second
            return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
        case 1:
            return f"{moment:%a} {moment.day}" if weekday else f"{moment.day}"
        case 2:
            return f"{moment:%b}"
        case _:
            return f"{moment.year}"


def _with_date(local: int, timeframe: Timeframe, label: str) -> str:
    """The first label of an axis on which no other says which day or month this is."""
    if timeframe.intraday:
        return f"{_label(local, 1, True)} {label}"
    return f"{label} {_moment(local):%b}"


def _placed(ticks: list[tuple[int, str]], columns: Ints, width: int) -> list[TimeTick]:
    """The labels that fit beside each other with two cells between, the first in the list first."""
    taken = np.zeros(width + 4, np.bool_)
    kept: list[TimeTick] = []
    for index, label in ticks:
        column = int(columns[index])
        start = min(max(column - len(label) // 2, 0), width - len(label))
        if start < 0 or taken[start : start + len(label) + 4].any():
            continue
        taken[start + 2 : start + 2 + len(label)] = True
        kept.append(TimeTick(column, start, label))
    return sorted(kept, key=lambda tick: tick.start)


def _round(lo: float, hi: float, count: int, decimals: int = 12) -> list[float]:
    """Multiples of a round step that can be written with so many decimals."""
    step = round_step(hi - lo, count)
    while decimals < 12 and abs(round(step, decimals) - step) > step * 1e-9:
        # 0.025 labelled with two decimals would say prices that are not there.
        wider = round_step(step * 1.5, 1)
        step = wider if wider > step else step * 2
    if not (math.isfinite(lo / step) and math.isfinite(hi / step)):
        return []
    first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
    if last - first > 1000:
        return []
    return [number * step for number in range(first, last + 1)]


def _log_round(lo: float, hi: float) -> list[float]:
    """1, 2 and 5 of every power of ten, powers first when rows are few."""
    powers = range(math.floor(math.log10(lo)), min(math.ceil(math.log10(hi)), 307) + 1)
    return [v for p in powers for s in (1.0, 2.0, 5.0) if lo <= (v := s * 10.0**p) <= hi]


def _shares(scale: Scale) -> tuple[float, float]:
    return (scale.lo / scale.base - 1) * 100, (scale.hi / scale.base - 1) * 100


def _moment(local: int) -> datetime:
    return datetime.fromtimestamp(local // 1_000_000, UTC)


@lru_cache(maxsize=1 << 14)
def _offset(time: int, zone: tzinfo) -> int:
    """UTC offset of `zone` at a µs instant, in µs."""
    offset = datetime.fromtimestamp(time // 1_000_000, UTC).astimezone(zone).utcoffset()
    return round(offset.total_seconds()) * 1_000_000 if offset else 0
