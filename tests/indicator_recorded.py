"""Recorded bars of different make for testing indicators, a few hundred of each."""

import csv
from collections.abc import Mapping
from functools import cache
from io import StringIO
from typing import NamedTuple

import numpy as np
from indicator_references import quotes

from tio.engine.indicators.declare import Instants
from tio.engine.store.columns import Columns

import recorded

DAY = 86_400_000_000
MINUTES: Mapping[str, tuple[str, slice]] = {
    "minutes with gaps": ("equity_minute/bac_trade.csv.gz", slice(330, 630)),
    "quiet minutes": ("crypto/coinbase_ltcusd_minute.csv.gz", slice(1300, 1600)),
    "minutes of an index": ("index_minute/usa_spx.csv.gz", slice(250, 550)),
}
DAYS: Mapping[str, tuple[str, slice]] = {
    "days": ("default", slice(0, 300)),
    "days of zeros": ("bad", slice(202, 502)),
    "days of huge prices": ("max", slice(0, 300)),
    "days of small prices": ("penny", slice(0, 300)),
}
KINDS = (*DAYS, *MINUTES)


class Taken(NamedTuple):
    bars: Columns
    session: Instants
    """The day of each bar where it traded."""


@cache
def taken(kind: str) -> Taken:
    """The bars of that kind; skips the test, saying so, without the recorded data."""
    if kind in DAYS:
        name, part = DAYS[kind]
        bars = Columns(quotes(name).block[:, part])
        return Taken(bars, np.arange(len(bars)) // 5)
    name, part = MINUTES[kind]
    rows = list(csv.DictReader(StringIO(recorded.read_text(f"2_ohlcv/{name}"))))[part]
    time = np.array([row["datetime"] for row in rows], dtype="datetime64[us]").astype(np.int64)
    columns = [[float(row.get(each) or 0) for row in rows] for each in
               ("open", "high", "low", "close", "volume")]  # fmt: skip
    return Taken(Columns.of(time, *columns), time // DAY)
