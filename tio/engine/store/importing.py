"""Bars from files: CSV with any common header, Lean's, Stooq's; what is left out is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tio.api.clean import clean
from tio.api.files import ImportReport, RejectedRow
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.api.series import moment
from tio.engine.market.symbols import SIGNED, classify
from tio.engine.store import bar_checks, bar_options, bar_source, bar_times
from tio.engine.store.bar_source import Source, nothing_read, of_one_symbol, open_source
from tio.engine.store.bar_table import rejected
from tio.engine.store.bar_times import Moment
from tio.engine.store.bar_zone import LocalClock
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Columns

TOLD = 100
"""Rejected rows an import report quotes; all of them are counted."""

_SEALED = Terms(Coverage.single_venue, Delay.reference, Adjustment.raw)
_STOOQ = Terms(Coverage.consolidated, Delay.end_of_day, Adjustment.total)


@dataclass(frozen=True)
class Reading:
    """What a file holds: its bars oldest first, and every row that is none, by line."""

    symbol: str
    timeframe: Timeframe
    columns: Columns
    rejected: tuple[RejectedRow, ...]
    format: str
    terms: Terms


def read_bars(
    path: Path,
    symbol: str | None = None,
    timeframe: Timeframe | None = None,
    zone: str | None = None,
) -> Reading:
    """Read a file of bars, as much of it as can be read. Not for the event loop.

    Invalid when symbol, zone or timeframe is said by nobody, or when no row is a bar. Daily,
    weekly and monthly bars carry their date at 00:00 UTC (Mondays, the first of the month).
    """
    left_out: list[RejectedRow] = []
    source = open_source(path, left_out)
    spans = [] if source.header.timeframe is None else source.column(source.header.timeframe)
    timeframe = bar_options.stated_timeframe(path, timeframe, spans)
    symbol, source = of_one_symbol(source, symbol)
    moments = bar_source.moments(source)
    if source.lean is not None:
        timeframe = timeframe or source.lean.timeframe
    symbol, timeframe = bar_options.settle(path, symbol, timeframe, zone, moments)
    written = [moment.written for moment in moments if moment is not None]
    bar_options.refuse_impossible(path, timeframe, np.asarray(written, dtype=np.int64))
    bars, told = bar_source.prices(source)
    volumes = [] if source.header.volume is None else source.column(source.header.volume)
    signed = classify(symbol).asset_class in SIGNED
    reasons = bar_checks.faults(bars, told, volumes, signed=signed)
    times = _times(source, moments, timeframe, zone, reasons)
    columns = _sieved(source, bars, times, reasons, left_out)
    if not len(columns):
        raise nothing_read(path, left_out)
    return Reading(
        symbol,
        timeframe,
        columns,
        tuple(sorted(left_out, key=lambda row: row.line)),
        "lean" if source.lean else "stooq" if source.header.stooq else "csv",
        _STOOQ if source.header.stooq else _SEALED,
    )


async def import_bars(
    store: BarStore,
    path: Path,
    symbol: str | None = None,
    timeframe: Timeframe | None = None,
    zone: str | None = None,
    *,
    dry_run: bool = False,
) -> ImportReport:
    """Read a file off the loop and merge its bars into the store, unless it is a `dry_run`."""
    reading = await asyncio.to_thread(read_bars, path, symbol, timeframe, zone)
    replaced = 0
    if not dry_run:
        done = await store.append(
            reading.symbol, reading.format, reading.timeframe, reading.columns, reading.terms
        )
        replaced = done.replaced
    return ImportReport(
        path=str(path),
        symbol=reading.symbol,
        timeframe=reading.timeframe,
        format=reading.format,
        accepted=len(reading.columns),
        replaced=replaced,
        rejected=len(reading.rejected),
        rejections=reading.rejected[:TOLD],
        first=moment(int(reading.columns.time[0])),
        last=moment(int(reading.columns.time[-1])),
    )


def _times(
    source: Source,
    moments: list[Moment | None],
    timeframe: Timeframe,
    zone: str | None,
    reasons: list[str],
) -> list[int]:
    """Each row's opening in µs UTC; a time that cannot be is told in `reasons`."""
    clock = LocalClock(zone) if zone else None
    times = [0] * len(moments)
    for number in _in_order_of_time(moments):
        at = moments[number]
        if at is None:
            text = " ".join(source.rows[number][n] for n in source.header.time)
            reasons[number] = (
                f"the time cannot be read: {clean(text, limit=32)!r}" if text else "no time"
            )
            continue
        opening = _opening(at, timeframe, clock)
        if opening is None:
            reasons[number] = f"the clock of {zone} skipped this time"
        else:
            times[number] = opening
    return times


def _opening(at: Moment, timeframe: Timeframe, clock: LocalClock | None) -> int | None:
    match timeframe:
        case Timeframe.d1:
            return bar_times.day_of(at.written)
        case Timeframe.w1:
            return bar_times.monday_of(at.written)
        case Timeframe.mo1:
            return bar_times.month_of(at.written)
    if at.offset is not None:
        return at.written - at.offset
    return None if clock is None else clock.utc(at.written)


def _in_order_of_time(moments: Sequence[Moment | None]) -> Sequence[int]:
    said = [moment.written for moment in moments if moment is not None]
    newest_first = len(said) > 1 and said[0] > said[-1]
    return range(len(moments) - 1, -1, -1) if newest_first else range(len(moments))


def _sieved(
    source: Source,
    bars: Columns,
    times: list[int],
    reasons: list[str],
    left_out: list[RejectedRow],
) -> Columns:
    """The good bars in order; the others go to `left_out`."""
    bars.block[0] = times
    good = [number for number, reason in enumerate(reasons) if not reason]
    doubled = bar_checks.doubles(
        [times[number] for number in good], bars.pick(good), [source.lines[n] for n in good]
    )
    for position, reason in doubled.items():
        reasons[good[position]] = reason
    for number, reason in enumerate(reasons):
        if reason:
            left_out.append(rejected(source.lines[number], reason, source.rows[number]))
    return bars.pick([number for number in good if not reasons[number]]).ordered()
