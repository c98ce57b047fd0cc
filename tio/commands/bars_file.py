"""Bars a command is given in a file or on standard input, rather than by an engine."""

import csv
import io
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import pairwise
from math import isfinite, nan
from pathlib import Path

import msgspec

from tio.api.clean import clean
from tio.api.codec import decode
from tio.api.errors import Invalid, NotFound
from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times, instant

_LIKE = "`tio bars AAPL --json` and `--csv` print bars that can be read"
_PRICES = ("open", "high", "low", "close")


def read_bars(file: Path, timeframe: Timeframe) -> Bars:
    """Bars from JSON, or CSV with a header, as `tio bars` prints them; `-` is standard input.

    CSV says no timeframe: `timeframe` is taken. NotFound when the file cannot be read, Invalid
    when it holds no bars; the sentence names the line.
    """
    name = "standard input" if str(file) == "-" else str(file)
    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise NotFound(f"{name} cannot be read: {error.strerror}") from error
    if data.lstrip()[:1] != b"{":
        return _from_csv(name, data, timeframe)
    try:
        return decode(data, Bars)
    except msgspec.MsgspecError as error:
        raise Invalid(f"{name} holds no bars: {error}", _LIKE) from error


def _from_csv(name: str, data: bytes, timeframe: Timeframe) -> Bars:
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True)
        header = [(column or "").strip().lower() for column in rows.fieldnames or ()]
        rows.fieldnames = header
        missing = [column for column in ("time", *_PRICES) if column not in header]
        if missing:
            raise Invalid(f"{name} has no column {', '.join(missing)}", _LIKE)
        times: list[int] = []
        columns: dict[str, list[float]] = {column: [] for column in (*_PRICES, "volume")}
        for row in rows:
            try:
                times.append(_moment(row["time"] or ""))
                for column, values in columns.items():
                    values.append(_number(row, column))
            except ValueError as error:
                raise Invalid(f"{name}, line {rows.line_num}: {clean(str(error))}", _LIKE) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise Invalid(f"{name} is no CSV: {error}", _LIKE) from error
    if any(later <= earlier for earlier, later in pairwise(times)):
        raise Invalid(f"{name}: the bars are not oldest first, one a time", "sort them by time")
    return Bars(
        symbol="",
        timeframe=timeframe,
        time=Times(times),
        open=Series(columns["open"]),
        high=Series(columns["high"]),
        low=Series(columns["low"]),
        close=Series(columns["close"]),
        volume=Series(columns["volume"]),
        source="file",
    )


def _moment(text: str) -> int:
    """µs since 1970 of a date or a time, in UTC without a zone."""
    text = text.strip()
    if len(text) == len("2026-01-31"):
        return instant(datetime.combine(date.fromisoformat(text), time(), UTC))
    at = datetime.fromisoformat(text)
    return instant(at if at.tzinfo else at.replace(tzinfo=UTC))


def _number(row: Mapping[str, str | None], column: str) -> float:
    """A price, or NaN where there is nothing."""
    text = (row.get(column) or "").strip()
    if not text:
        return nan
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{column} {text!r} is no number")
    return value
