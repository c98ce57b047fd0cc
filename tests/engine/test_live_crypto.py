"""A whole engine whose sources are Coinbase and Binance, both on the loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from binance_venue import API, info
from binance_venue import klines as minutes
from coinbase_venue import CANDLES, LIST, candles, product
from faulty_server import FaultyServer, faulty_server

from tio.api.contract import Engine
from tio.api.market import Coverage, Delay, GetBars, GetBook, Quote, Quotes, Timeframe
from tio.api.sources import ListRoutes, ListSources, SourceState
from tio.config import Config, SourceSettings
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.local import LocalEngine
from tio.paths import Paths


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIO_OFFLINE")


def stamp() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def coinbase_says(text: str) -> list[str]:
    """What Coinbase tells whoever subscribes: a first frame of each channel."""
    said = json.loads(text)
    if said["type"] != "subscribe" or not said.get("product_ids"):
        return []
    name, now = said["product_ids"][0], stamp()
    trade = {
        "trade_id": "1",
        "product_id": name,
        "price": "100.5",
        "size": "2",
        "side": "BUY",
        "time": now,
    }
    level = {"side": "bid", "event_time": now, "price_level": "100", "new_quantity": "3"}
    other = {**level, "side": "offer", "price_level": "101"}
    event: dict[str, object]
    match said["channel"]:
        case "market_trades":
            channel, event = "market_trades", {"type": "update", "trades": [trade]}
        case "level2":
            channel = "l2_data"
            event = {"type": "snapshot", "product_id": name, "updates": [level, other]}
        case _:
            return []
    return [json.dumps({"channel": channel, "timestamp": now, "events": [event]})]


def binance_says(text: str) -> list[str]:
    """What Binance tells whoever subscribes: a best price and a trade."""
    said = json.loads(text)
    if said["method"] != "SUBSCRIBE":
        return []
    at = int(datetime.now(UTC).timestamp() * 1_000)
    best = {"u": 1, "s": "BTCUSDT", "b": "99.5", "B": "1", "a": "100.5", "A": "1"}
    trade = {"e": "aggTrade", "s": "BTCUSDT", "a": 1, "p": "99.75", "q": "1", "T": at, "m": True}
    answer = {"result": None, "id": said["id"]}
    return [json.dumps(answer), *(json.dumps({"stream": "s", "data": d}) for d in (best, trade))]


@pytest.fixture
async def venues() -> AsyncIterator[tuple[FaultyServer, FaultyServer]]:
    async with faulty_server() as coinbase, faulty_server() as binance:
        coinbase.answer(LIST, json={"products": [product("BTC-USD"), product("BTC-USDT")]})
        coinbase.answer(CANDLES, candles)
        coinbase.on_message = coinbase_says
        binance.answer(f"{API}ping", json={})
        binance.answer(f"{API}exchangeInfo", json=info("BTC-USDT"))
        binance.answer(f"{API}klines", minutes)
        binance.on_message = binance_says
        yield coinbase, binance


@asynccontextmanager
async def engine_of(venues: tuple[FaultyServer, FaultyServer]) -> AsyncIterator[Engine]:
    sources = {name: SourceSettings(enabled=False) for name in CATALOGUE}
    for name, venue in zip(("coinbase", "binance"), venues, strict=True):
        sources[name] = SourceSettings(base_url=venue.url, ws_url=venue.ws_url)
    local = LocalEngine(Paths.find().workspace("main"), Config(sources=sources))
    await local.start()
    try:
        yield local.session()
    finally:
        await local.close()


@asynccontextmanager
async def watching(engine: Engine, symbol: str, source: str) -> AsyncIterator[Quote]:
    """Watch a symbol; the first quote in which that source tells a last price and both sides."""
    async with engine.watch(Quotes((symbol,))) as items:
        async with asyncio.timeout(15):
            async for item in items:
                (quote,) = item.value
                if quote.source == source and None not in (quote.last, quote.bid, quote.ask):
                    break
        yield quote


async def test_a_pair_is_streamed_by_the_first_venue_that_lists_it(
    venues: tuple[FaultyServer, FaultyServer],
) -> None:
    async with engine_of(venues) as engine, watching(engine, "BTC-USD", "coinbase") as quote:
        assert (quote.last, quote.bid, quote.ask) == (100.5, 100.0, 101.0)
        assert (quote.delay, quote.coverage) == (Delay.realtime, Coverage.single_venue)
        book = await engine.ask(GetBook("BTC-USD", 10))
        assert [(level.price, level.size) for level in book.bids] == [(100.0, 3.0)]
        reports = {report.name: report for report in await engine.ask(ListSources())}
        assert reports["coinbase"].state is SourceState.live
        assert reports["coinbase"].limits


async def test_where_one_venue_bars_us_the_next_tells_the_pair_and_it_is_said(
    venues: tuple[FaultyServer, FaultyServer],
) -> None:
    venues[0].refuse_sockets = 451
    async with engine_of(venues) as engine, watching(engine, "BTC-USDT", "binance") as quote:
        assert (quote.last, quote.bid, quote.ask) == (99.75, 99.5, 100.5)
        reports = {report.name: report for report in await engine.ask(ListSources())}
        assert reports["coinbase"].state is SourceState.off
        assert reports["coinbase"].reason == "Coinbase does not stream to here"
        (route,) = await engine.ask(ListRoutes(("BTC-USDT",)))
        assert route.source == "binance"
        assert venues[0].connected == 1


async def test_dollars_have_their_past_from_a_dollar_pair_and_tethers_from_a_tether_pair(
    venues: tuple[FaultyServer, FaultyServer],
) -> None:
    async with engine_of(venues) as engine, watching(engine, "BTC-USD", "coinbase"):
        since = datetime.now(UTC) - timedelta(hours=3)
        bars = await engine.ask(GetBars("BTC-USD", Timeframe.m1, start=since, limit=50))
        assert (len(bars), bars.source) == (50, "coinbase")
        bars = await engine.ask(GetBars("BTC-USDT", Timeframe.m1, start=since, limit=50))
        assert (len(bars), bars.source) == (50, "binance")
        assert venues[1].count(f"{API}klines") >= 1
