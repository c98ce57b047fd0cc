"""Recorded pairs of series with real faults and what they were repaired to."""

import csv
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np

from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import AssetClass, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.market.sessions import rules_of
from tio.engine.quality.past import Past, past_of
from tio.engine.store.columns import Columns

import recorded

FOLDER = "2_ohlcv/yfinance_dirty"
_COLUMNS = ("Open", "High", "Low", "Close", "Volume")


@dataclass(frozen=True)
class Sheet:
    """One file: its series with events, and the total closes by day."""

    past: Past
    days: tuple[date, ...]


def sheet(name: str) -> Sheet:
    rows = list(csv.DictReader(recorded.lines(f"{FOLDER}/{name}.csv.gz")))
    key = next(iter(rows[0]))
    rows.sort(key=lambda row: row[key])
    timeframe = (
        Timeframe.w1 if "-1wk-" in name else Timeframe.m15 if "-15m-" in name else Timeframe.d1
    )
    events = [event for row in rows for event in _events(name, row, key)]
    rows = [row for row in rows if row["Close"] and row["Adj Close"]]
    days = tuple(date.fromisoformat(row[key][:10]) for row in rows)
    times = [_opening(row[key], timeframe) for row in rows]
    bars = Columns.of(times, *([float(row[c] or "nan") for row in rows] for c in _COLUMNS))
    total = np.array([float(row["Adj Close"]) for row in rows])
    rules = rules_of(Instrument(symbol=name.split("-")[0], asset_class=AssetClass.equity))
    return Sheet(past_of(bars, timeframe, rules, events, total=total), days)


def _opening(text: str, timeframe: Timeframe) -> int:
    at = datetime.fromisoformat(text)
    if timeframe.intraday:
        return instant(at)
    return instant(datetime(at.year, at.month, at.day, tzinfo=UTC))


def _events(name: str, row: dict[str, str], key: str) -> list[CorporateEvent]:
    on = date.fromisoformat(row[key][:10])
    found = []
    for column, kind in (
        ("Dividends", EventKind.dividend),
        ("Capital Gains", EventKind.capital_gain),
        ("Stock Splits", EventKind.share_split),
    ):
        value = float(row.get(column) or 0)
        if value:
            split = kind is EventKind.share_split
            found.append(
                CorporateEvent(
                    symbol=name,
                    kind=kind,
                    ex_date=on,
                    ratio=value if split else None,
                    amount=None if split else value,
                    split_adjusted=True,
                )
            )
    return found
