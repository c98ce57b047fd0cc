"""A small made-up market for the screens' tests: quotes, sparklines, bars, sources."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from tio.api.chats import ListChats
from tio.api.ledger import ListPortfolios
from tio.api.market import (
    AssetClass,
    Bars,
    BarUpdates,
    Delay,
    GetBars,
    GetQuotes,
    Instrument,
    Quote,
    Quotes,
    SearchInstruments,
    Spark,
    Sparks,
    Timeframe,
)
from tio.api.past import ListStoredBars
from tio.api.schedules import Reports, Schedules
from tio.api.series import Series, Times, instant
from tio.api.sources import ListSources, SourceReport, SourceState, SourceStates
from tio.api.system import (
    GetHealth,
    GetSettings,
    GetStorage,
    Health,
    Job,
    JobState,
    ListJobs,
    ListPlugins,
    Log,
    LogLine,
    Plugin,
    PluginState,
    SaveSetting,
    StorageReport,
)
from tio.api.watchlists import DeleteWatchlist, SaveWatchlist, Watchlist, Watchlists

from fakes import FakeEngine

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PRICES = {
    "BTC-USD": (64210.5, 1.24, 2),
    "ETH-USD": (3120.12, -0.42, 2),
    "SPY": (350.58, 0.31, 2),
    "AAPL": (212.4, 0.87, 2),
    "NVDA": (124.92, -2.1, 2),
    "VOD.LSE": (71.32, 0.05, 2),
    "EURUSD": (1.0841, 0.02, 5),
    "GC=F": (2391.3, -0.11, 1),
    "^VIX": (14.21, -3.33, 2),
    "TSLA": (248.23, 4.18, 2),
}


KINDS = {
    "BTC-USD": AssetClass.crypto,
    "ETH-USD": AssetClass.crypto,
    "SPY": AssetClass.etf,
    "EURUSD": AssetClass.fx,
    "GC=F": AssetClass.future,
    "^VIX": AssetClass.equity_index,
}


def quote(symbol: str, **changed: Any) -> Quote:
    """A quote of the made-up market."""
    last, change, decimals = PRICES.get(symbol, (100.0, 0.0, 2))
    tick = 10**-decimals
    first = Quote(
        symbol=symbol,
        name=f"{symbol} of the tests",
        last=last,
        bid=last - tick,
        ask=last + tick,
        bid_size=12.0,
        ask_size=7.5,
        open=last * 0.99,
        high=last * 1.01,
        low=last * 0.98,
        previous_close=last / (1 + change / 100),
        change=last - last / (1 + change / 100),
        change_percent=change,
        volume=last * 1000,
        currency="USD",
        as_of=NOW,
        received_at=NOW,
        source="coinbase",
        age=0.038,
        price_decimals=decimals,
        asset_class=KINDS.get(symbol, AssetClass.equity),
    )
    if symbol in ("AAPL", "NVDA", "VOD.LSE"):
        first = _with(first, delay=Delay.delayed, delay_minutes=15, source="cboe")
    if symbol == "TSLA":
        first = _with(first, stale=True, age=42.0)
    return _with(first, **changed)


def bars(
    symbol: str = "BTC-USD",
    timeframe: Timeframe = Timeframe.m1,
    count: int = 400,
    end: datetime = NOW,
    seed: int = 5,
) -> Bars:
    """A random walk that ends at the symbol's price."""
    random = np.random.default_rng(seed)
    last = PRICES.get(symbol, (100.0, 0.0, 2))[0]
    steps = random.standard_t(4, count) * 0.0012
    close = last * np.exp(np.cumsum(steps) - np.sum(steps))
    start = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(start, close) * (1 + np.abs(random.normal(0, 0.0006, count)))
    low = np.minimum(start, close) * (1 - np.abs(random.normal(0, 0.0006, count)))
    time = instant(end) - timeframe.step * np.arange(count - 1, -1, -1)
    return Bars(
        symbol=symbol,
        timeframe=timeframe,
        time=Times(time.tolist()),
        open=Series(start.tolist()),
        high=Series(high.tolist()),
        low=Series(low.tolist()),
        close=Series(close.tolist()),
        volume=Series((random.gamma(2, 40, count) * (1 + 300 * np.abs(steps))).tolist()),
        forming=True,
        source="coinbase",
    )


def spark(symbol: str) -> Spark:
    return Spark(symbol, bars(symbol, count=48, seed=len(symbol) + ord(symbol[0])).close)


def engine(*symbols: str, **topics: Any) -> FakeEngine:
    """A fake engine of that market with one list, `main`."""
    listed = symbols or tuple(PRICES)
    lists = {"main": Watchlist("main", listed), "metals": Watchlist("metals", ("GC=F",))}

    def save(asked: SaveWatchlist) -> Watchlist:
        lists[asked.name] = Watchlist(asked.name, asked.symbols, asked.columns)
        fake.push(Watchlists, tuple(lists.values()))
        return lists[asked.name]

    def delete(asked: DeleteWatchlist) -> Watchlist:
        gone = lists.pop(asked.name)
        fake.push(Watchlists, tuple(lists.values()))
        return gone

    fake = FakeEngine(
        {
            GetSettings: (),
            SaveSetting: lambda asked: asked,
            SaveWatchlist: save,
            DeleteWatchlist: delete,
            GetQuotes: lambda asked: tuple(quote(s) for s in asked.symbols or PRICES),
            GetBars: _older,
            SearchInstruments: _search,
            ListSources: (_source(),),
            GetHealth: Health(
                version="0.1.0",
                workspace="main",
                pid=4711,
                uptime=3725.0,
                clients=2,
                now=NOW,
                instruments=10,
                ticks=123456,
                rate=2000.0,
                lag_ms=1.4,
                memory_mb=96.0,
            ),
            GetStorage: (StorageReport(file="market.db", bytes=48_200_000, schema=3),),
            ListJobs: (),
            ListStoredBars: (),
            ListPortfolios: (),
            ListChats: (),
            ListPlugins: (
                Plugin(name="csv_folder", state=PluginState.available, origin="shipped"),
            ),
        },
        {
            Watchlists: lambda topic: tuple(lists.values()),
            Quotes: lambda topic: tuple(quote(s) for s in topic.symbols if s in PRICES),
            Sparks: lambda topic: tuple(spark(s) for s in topic.symbols if s in PRICES),
            BarUpdates: lambda topic: bars(topic.symbol, topic.timeframe),
            SourceStates: (_source(),),
            Reports: (),
            Schedules: (),
            Log: (LogLine(at=NOW, level="info", origin="feeds", message="coinbase is live"),),
            **topics,
        },
    )
    return fake


def job(state: JobState = JobState.running) -> Job:
    return Job(id="j1", title="import bars", state=state, progress=0.4, started_at=NOW)


def _source() -> SourceReport:
    return SourceReport(
        name="coinbase",
        state=SourceState.live,
        symbols=10,
        ticks=99,
        rate=40.0,
        last_message_at=NOW,
    )


def _search(asked: SearchInstruments) -> tuple[Instrument, ...]:
    found = [symbol for symbol in PRICES if asked.query.upper() in symbol]
    return tuple(Instrument(symbol=s, name=f"{s} of the tests") for s in found[: asked.limit])


def _older(asked: GetBars) -> Bars:
    end = (asked.end or NOW) - timedelta(microseconds=asked.timeframe.step)
    return bars(asked.symbol, asked.timeframe, min(asked.limit, 500), end, seed=9)


def _with(value: Quote, **changed: Any) -> Quote:
    from msgspec.structs import replace

    return replace(value, **changed)
