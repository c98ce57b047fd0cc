"""A bar file's rows with what is known of their columns: symbols, times and prices out of texts."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tio.api.errors import Invalid
from tio.api.files import RejectedRow
from tio.engine.store import bar_header, bar_numbers, bar_options, bar_times, lean
from tio.engine.store.bar_header import Header
from tio.engine.store.bar_table import Table, read_table, rejected
from tio.engine.store.bar_times import Moment
from tio.engine.store.columns import Columns, Floats


@dataclass(frozen=True)
class Source:
    """A file's rows with what is known of their columns."""

    path: Path
    table: Table
    header: Header
    lean: lean.Lean | None
    lines: list[int]
    rows: list[list[str]]

    def column(self, number: int) -> list[str]:
        return [row[number].strip() if number < len(row) else "" for row in self.rows]


def open_source(path: Path, left_out: list[RejectedRow]) -> Source:
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
    needed = header.needed
    for line, row in zip(table.lines, table.rows, strict=True):
        reason = _misshapen(row, header.width, needed)
        if reason:
            left_out.append(rejected(line, reason, row))
        else:
            lines.append(line)
            rows.append(row)
    if not rows:
        raise nothing_read(path, left_out)
    return Source(path, table, header, known, lines, rows)


def _misshapen(row: Sequence[str], width: int, needed: int) -> str:
    if not any(row) or not any(field.strip() for field in row):
        return "the row is empty"
    if len(row) < needed or any(field.strip() for field in row[width:]):
        fields = "one field" if len(row) == 1 else f"{len(row)} fields"
        return f"{fields} where the header has {width}"
    return ""


def _is_binance(row: Sequence[str]) -> bool:
    return row[0].isdigit() and row[6].isdigit() and len(row[0]) >= 13 and row[0] < row[6]


def of_one_symbol(source: Source, asked: str | None) -> tuple[str | None, Source]:
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
    return symbol, Source(source.path, source.table, header, source.lean, lines, rows)


def moments(source: Source) -> list[Moment | None]:
    parts = [source.column(number) for number in source.header.time]
    if source.lean is not None and source.lean.day is not None:
        day = source.lean.day
        return [Moment(day + int(ms) * 1_000, None) if ms.isdigit() else None for ms in parts[0]]
    return bar_times.parse(_joined(*parts))


def _joined(dates: list[str], clocks: list[str] | None = None) -> list[str]:
    """Date and clock time as one; where others have a clock time, a date alone says no time."""
    if clocks is None or not any(clocks):
        return dates
    return [f"{date} {clock}" if clock else "" for date, clock in zip(dates, clocks, strict=True)]


def prices(source: Source) -> tuple[Columns, list[list[str]]]:
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
    told = [price[0] if len(price) == 1 else _first_unread(price) for price in texts]
    return bars, told


def _first_unread(columns: list[list[str]]) -> list[str]:
    """Of a bid and an ask the empty one, or else the bid."""
    return [bid if ask else ask for bid, ask in zip(*columns, strict=True)]


def _volume(source: Source, comma: bool) -> Floats:
    if source.header.volume is None:
        return np.full(len(source.rows), np.nan)
    texts = source.column(source.header.volume)
    return np.asarray(bar_numbers.parse(texts, comma, scaled=True), dtype=np.float64)


def nothing_read(path: Path, left_out: Sequence[RejectedRow]) -> Invalid:
    if not left_out:
        return Invalid(f"{path.name} has a header but no rows")
    first = min(left_out, key=lambda row: row.line)
    return Invalid(
        f"none of the {len(left_out)} rows of {path.name} is a bar; "
        f"line {first.line}: {first.reason}"
    )
