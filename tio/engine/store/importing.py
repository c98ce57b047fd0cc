"""Bars from files: CSV with any common header, Lean's, Stooq's; what is left out is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.market import Adjustment, Coverage, Delay, ImportReport, RejectedRow, Timeframe
from tio.api.series import moment
from tio.engine.store import bar_checks, bar_header, bar_numbers, bar_options, bar_times, lean
from tio.engine.store.bar_header import Header
from tio.engine.store.bar_table import Table, read_table, rejected
from tio.engine.store.bar_times import Moment
from tio.engine.store.bar_zone import LocalClock
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Columns, Floats

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


@dataclass(frozen=True)
class _Source:
    """A file's rows with what is known of their columns."""

    path: Path
    table: Table
    header: Header
    lean: lean.Lean | None
    lines: list[int]
    rows: list[list[str]]

    def column(self, number: int) -> list[str]:
        return [row[number].strip() if number < len(row) else "" for row in self.rows]


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
    source = _source(path, left_out)
    spans = [] if source.header.timeframe is None else source.column(source.header.timeframe)
    timeframe = bar_options.stated_timeframe(path, timeframe, spans)
    symbol, source = _of_one_symbol(source, symbol)
    moments = _moments(source)
    if source.lean is not None:
        timeframe = timeframe or source.lean.timeframe
    symbol, timeframe = bar_options.settle(path, symbol, timeframe, zone, moments)
    written = [moment.written for moment in moments if moment is not None]
    bar_options.refuse_impossible(path, timeframe, np.asarray(written, dtype=np.int64))
    bars, told = _prices(source)
    volumes = [] if source.header.volume is None else source.column(source.header.volume)
    reasons = bar_checks.faults(bars, told, volumes)
    times = _times(source, moments, timeframe, zone, reasons)
    columns = _sieved(source, bars, times, reasons, left_out)
    if not len(columns):
        raise _nothing_read(path, left_out)
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


def _source(path: Path, left_out: list[RejectedRow]) -> _Source:
    table = read_table(path)
    left_out.extend(table.rejected)
    width = len(table.rows[0]) if table.rows else 0
    known = None if table.header else lean.recognise(path, table.name, width)
    header = table.header or (known.header if known else None)
    if header is None and width == 12 and _is_binance(table.rows[0]):
        header = bar_header.binance_klines()
    if header is None:
        raise Invalid(
            f"{path.name} has no header that names time, open, high, low and close",
            "write such a line above the rows",
        )
    lines: list[int] = []
    rows: list[list[str]] = []
    for line, row in zip(table.lines, table.rows, strict=True):
        reason = _misshapen(row, header)
        if reason:
            left_out.append(rejected(line, reason, row))
        else:
            lines.append(line)
            rows.append(row)
    if not rows:
        raise _nothing_read(path, left_out)
    return _Source(path, table, header, known, lines, rows)


def _misshapen(row: Sequence[str], header: Header) -> str:
    if not any(field.strip() for field in row):
        return "the row is empty"
    if len(row) < header.needed or any(field.strip() for field in row[header.width :]):
        return f"{len(row)} fields where the header has {header.width}"
    return ""


def _is_binance(row: Sequence[str]) -> bool:
    return row[0].isdigit() and row[6].isdigit() and len(row[0]) >= 13 and row[0] < row[6]


def _of_one_symbol(source: _Source, asked: str | None) -> tuple[str | None, _Source]:
    header = source.header
    if header.symbol is None:
        said = header.states_symbol or (source.lean.symbol if source.lean else "")
        return bar_options.chosen_symbol(source.path, asked, [said])[0], source
    tickers = source.column(header.symbol)
    symbol, ticker = bar_options.chosen_symbol(source.path, asked, tickers)
    if not ticker:
        return symbol, source
    chosen = [number for number, each in enumerate(tickers) if each == ticker]
    lines, rows = [source.lines[n] for n in chosen], [source.rows[n] for n in chosen]
    return symbol, _Source(source.path, source.table, header, source.lean, lines, rows)


def _moments(source: _Source) -> list[Moment | None]:
    parts = [source.column(number) for number in source.header.time]
    if source.lean is not None and source.lean.day is not None:
        day = source.lean.day
        return [Moment(day + int(ms) * 1_000, None) if ms.isdigit() else None for ms in parts[0]]
    return bar_times.parse([" ".join(pieces) for pieces in zip(*parts, strict=True)])


def _prices(source: _Source) -> tuple[Columns, list[list[str]]]:
    """The bars without their times, and the four prices as texts. Bids and asks become mids."""
    texts = [[source.column(number) for number in price] for price in source.header.prices]
    delimiter = source.table.delimiter
    every = (text for price in texts for column in price for text in column)
    comma = bar_numbers.decimal_comma(every, delimiter)
    prices = [
        np.mean([bar_numbers.parse(column, comma) for column in price], axis=0) for price in texts
    ]
    if source.lean is not None and source.lean.scale != 1.0:
        # Division by a whole number gives the nearest float; times 0.0001 would not.
        prices = [price / round(1 / source.lean.scale) for price in prices]
    open_, high, low, close = prices
    none_yet = np.zeros(len(source.rows), dtype=np.int64)
    bars = Columns.of(none_yet, open_, high, low, close, _volume(source, comma))
    told = [[_first_unread(row) for row in zip(*price, strict=True)] for price in texts]
    return bars, told


def _first_unread(texts: tuple[str, ...]) -> str:
    return next((text for text in texts if not text), texts[0])


def _volume(source: _Source, comma: bool) -> Floats:
    if source.header.volume is None:
        return np.full(len(source.rows), np.nan)
    texts = source.column(source.header.volume)
    return np.asarray(bar_numbers.parse(texts, comma, scaled=True), dtype=np.float64)


def _times(
    source: _Source,
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
    source: _Source,
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


def _nothing_read(path: Path, left_out: Sequence[RejectedRow]) -> Invalid:
    if not left_out:
        return Invalid(f"{path.name} has a header but no rows")
    first = min(left_out, key=lambda row: row.line)
    return Invalid(
        f"none of the {len(left_out)} rows of {path.name} is a bar; "
        f"line {first.line}: {first.reason}"
    )
