"""Whole days of recorded minute bars, each played as four prices, against a fold written here."""

import csv
import io
import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tio.api.market import AssetClass, Timeframe
from tio.api.series import instant
from tio.api.ticks import TopOfBook, Trade
from tio.engine.bus import Bus
from tio.engine.market.market import Market
from tio.plugin import Traits

import recorded
from fakes import FakeClock


class Minute(NamedTuple):
    """A bar of a file: opening in UTC µs, and as its venue's wall clock says."""

    at: int
    local: datetime
    open: float
    high: float
    low: float
    close: float
    volume: float


def minutes(name: str, zone: str, prefix: str = "") -> list[Minute]:
    """Rows of a minute file; with a prefix the mids of bid and ask."""
    found = []
    for row in csv.DictReader(io.StringIO(recorded.read_text(name))):
        local = datetime.fromisoformat(row["datetime"]).replace(tzinfo=ZoneInfo(zone))
        if prefix:
            o, h, low, c = (
                (float(row[f"bid_{each}"]) + float(row[f"ask_{each}"])) / 2
                for each in ("open", "high", "low", "close")
            )
            volume = math.nan
        else:
            o, h, low, c = (float(row[each]) for each in ("open", "high", "low", "close"))
            volume = float(row["volume"])
        at = instant(local.astimezone(UTC))
        found.append(Minute(at, local, o, h, low, c, volume))
    return found


def as_trades(symbol: str, bars: list[Minute]) -> list[Trade]:
    """Each bar as four trades inside its minute, the volume on the last."""
    return [
        Trade(symbol, price, size, bar.at + second * 1_000_000)
        for bar in bars
        for second, price, size in (
            (0, bar.open, 0.0),
            (15, bar.high, 0.0),
            (30, bar.low, 0.0),
            (45, bar.close, bar.volume),
        )
    ]


def grouped(bars: list[Minute], keys: list[int]) -> dict[int, tuple[float, ...]]:
    groups: dict[int, list[Minute]] = {}
    for key, bar in zip(keys, bars, strict=True):
        groups.setdefault(key, []).append(bar)
    return {
        key: (
            group[0].open,
            max(bar.high for bar in group),
            min(bar.low for bar in group),
            group[-1].close,
            math.fsum(bar.volume for bar in group),
        )
        for key, group in groups.items()
    }


def dated(day: Any) -> int:
    return instant(datetime(day.year, day.month, day.day, tzinfo=UTC))


def got(market: Market, symbol: str, timeframe: Timeframe) -> dict[int, tuple[float, ...]]:
    bars = market.board.lines[symbol].bars.ladder(timeframe).columns(100_000)
    return {time: tuple(row) for time, *row in bars.rows()}


@pytest.mark.parametrize("shuffled", [False, True])
def test_days_of_stock_minutes_anchor_at_the_open_and_days_hold_regular_hours(
    shuffled: bool,
) -> None:
    bars = minutes("2_ohlcv/equity_minute/aapl_trade.csv.gz", "America/New_York")[:680]
    traits = Traits(name="file", asset_class=AssetClass.equity)
    clock = FakeClock(bars[-1].local.astimezone(UTC))
    market = Market(clock, Bus(clock))
    trades = as_trades("AAPL", bars)[: 2_000 if shuffled else None]
    bars = bars[: len(trades) // 4]
    if shuffled:
        random.Random(3).shuffle(trades)
    for trade in trades:
        market.take([trade], traits, bars[-1].at + 60_000_000)
    for timeframe in Timeframe:
        if not timeframe.intraday or timeframe.step < 60_000_000:
            continue
        opens = [instant(bar.local.replace(hour=9, minute=30).astimezone(UTC)) for bar in bars]
        keys = [
            start + (bar.at - start) // timeframe.step * timeframe.step
            for bar, start in zip(bars, opens, strict=True)
        ]
        assert got(market, "AAPL", timeframe) == grouped(bars, keys)
    regular = [bar for bar in bars if (9, 30) <= (bar.local.hour, bar.local.minute) < (16, 0)]
    days = [bar.local.date() for bar in regular]
    assert got(market, "AAPL", Timeframe.d1) == grouped(regular, [dated(day) for day in days])
    mondays = [dated(day - timedelta(days=day.weekday())) for day in days]
    assert got(market, "AAPL", Timeframe.w1) == grouped(regular, mondays)
    firsts = [dated(day.replace(day=1)) for day in days]
    assert got(market, "AAPL", Timeframe.mo1) == grouped(regular, firsts)


def test_stock_quotes_change_since_the_previous_regular_close() -> None:
    bars = minutes("2_ohlcv/equity_minute/aapl_trade.csv.gz", "America/New_York")
    clock = FakeClock(bars[-1].local.astimezone(UTC))
    market = Market(clock, Bus(clock))
    traits = Traits(name="file", asset_class=AssetClass.equity)
    market.take(as_trades("AAPL", bars), traits, bars[-1].at + 60_000_000)
    regular = [bar for bar in bars if (9, 30) <= (bar.local.hour, bar.local.minute) < (16, 0)]
    today = [bar for bar in regular if bar.local.date() == bars[-1].local.date()]
    before = [bar for bar in regular if bar.local.date() < bars[-1].local.date()]
    quote = market.board.render("AAPL")
    assert quote is not None
    assert quote.last == bars[-1].close
    assert quote.previous_close == before[-1].close
    assert quote.change == bars[-1].close - before[-1].close
    assert (quote.open, quote.high, quote.low, quote.volume) == (
        today[0].open,
        max(bar.high for bar in today),
        min(bar.low for bar in today),
        math.fsum(bar.volume for bar in today),
    )
    assert quote.session == "post"


def test_days_of_currency_mids_end_at_five_in_new_york() -> None:
    bars = minutes("2_ohlcv/fx_minute/eurusd.csv.gz", "UTC", "bid_ask")[:4_000]
    clock = FakeClock(bars[-1].local)
    market = Market(clock, Bus(clock))
    traits = Traits(name="file", asset_class=AssetClass.fx, has_trades=False)
    tops = [
        TopOfBook("EURUSD", trade.price, trade.price, at=trade.at)
        for trade in as_trades("EURUSD", bars)
    ]
    market.take(tops, traits, bars[-1].at + 60_000_000)
    york = [bar.local.astimezone(ZoneInfo("America/New_York")) for bar in bars]
    days = [(at + timedelta(hours=7)).date() for at in york]
    expected = grouped(bars, [dated(day) for day in days])
    assert len(expected) >= 3
    found = got(market, "EURUSD", Timeframe.d1)
    assert {time: row[:4] for time, row in found.items()} == {
        time: row[:4] for time, row in expected.items()
    }
    assert all(math.isnan(row[4]) for row in found.values())
    quote = market.board.render("EURUSD")
    assert quote is not None
    assert quote.previous_close == expected[sorted(expected)[-2]][3]


def test_days_of_crypto_minutes_fold_exactly() -> None:
    bars = minutes("2_ohlcv/crypto/coinbase_btcusd_minute.csv.gz", "UTC")[:1_900]
    clock = FakeClock(bars[-1].local)
    market = Market(clock, Bus(clock))
    traits = Traits(name="file", asset_class=AssetClass.crypto)
    market.take(as_trades("BTC-USD", bars), traits, bars[-1].at + 60_000_000)
    for timeframe in Timeframe:
        if timeframe.step >= 60_000_000:
            assert got(market, "BTC-USD", timeframe) == grouped(
                bars, [opening(bar, timeframe) for bar in bars]
            )


def opening(bar: Minute, timeframe: Timeframe) -> int:
    """Where the crypto bar of that minute begins."""
    midnight = bar.local.replace(hour=0, minute=0)
    if timeframe.intraday:
        past = (bar.local - midnight) // timedelta(microseconds=timeframe.step)
        return instant(midnight) + past * timeframe.step
    if timeframe is Timeframe.w1:
        midnight -= timedelta(days=midnight.weekday())
    return instant(midnight.replace(day=1) if timeframe is Timeframe.mo1 else midnight)
