"""Bitstamp's adapter against a server that speaks as Bitstamp does, over a real loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from bitstamp_server import BitstampServer
from faulty_server import Asked, FaultyServer, Says, faulty_server, page, status
from pump import pump, spoilt

from tio.api.errors import Busy, SourceUnavailable
from tio.api.market import AssetClass, Timeframe
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import BookSnapshot, DayFigures, Tick, Trade
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.bitstamp import Bitstamp, open_source
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand

from fakes import FakeClock, FakeOutlet

K = TypeVar("K", bound=Tick)
T = TypeVar("T")


class Scene:
    """A source at work on a server of the loopback, with time moved by hand."""

    def __init__(self, server: FaultyServer) -> None:
        self.clock = FakeClock()
        self.server = server
        self.venue = BitstampServer(server)
        self.out = FakeOutlet()
        self.demand = Demand()
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        source = open_source(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        assert isinstance(source, Bitstamp)
        self.source = source

    def now(self) -> float:
        return self.clock.now().timestamp()

    def told(self, kind: type[K]) -> list[K]:
        return [tick for tick in self.out.ticks if isinstance(tick, kind)]

    async def until(self, true: Callable[[], bool]) -> float:
        return await pump(self.clock, self.server, true)


@asynccontextmanager
async def running(*symbols: str) -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        scene = Scene(server)
        scene.demand.add(symbols)
        task = asyncio.create_task(scene.source.run(scene.demand.follow(), scene.out))
        try:
            yield scene
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await scene.web.close()


@asynccontextmanager
async def learned() -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        scene = Scene(server)
        scene.source.learn(await scene.source.listing())
        try:
            yield scene
        finally:
            await scene.web.close()


async def answered(scene: Scene, asking: Coroutine[Any, Any, T]) -> T:
    """What it gives, time moving on while its turn has not come."""
    task = asyncio.ensure_future(asking)
    await scene.until(task.done)
    return await task


async def test_what_is_wanted_streams_and_what_is_not_any_more_ends() -> None:
    async with running("BTC-USD", "EURUSD") as scene:
        await scene.until(lambda: len(scene.venue.channels) == 4)
        assert sorted(scene.venue.channels) == [
            "live_trades_btcusd", "live_trades_eurusd", "order_book_btcusd", "order_book_eurusd",
        ]  # fmt: skip
        await scene.venue.trade("btcusd", 1, scene.now())
        await scene.venue.book("eurusd", [("1.1", "5")], scene.now())
        await scene.until(lambda: bool(scene.told(Trade) and scene.told(BookSnapshot)))
        assert scene.told(Trade)[0].symbol == "BTC-USD"
        of_euro = [
            traits
            for (ticks, _), traits in zip(scene.out.emissions, scene.out.traits, strict=True)
            if any(tick.symbol == "EURUSD" for tick in ticks)
        ]
        assert all(traits and traits.asset_class is AssetClass.fx for traits in of_euro)
        scene.demand.drop(["EURUSD"])
        await scene.until(lambda: len(scene.venue.channels) == 2)


async def test_the_figures_no_channel_tells_are_polled() -> None:
    async with running("BTC-USD", "ETH-USD", "SOL-USD", "XRP-USD") as scene:
        await scene.until(lambda: len(scene.told(DayFigures)) == 4)
        assert scene.server.count("/api/v2/ticker/") == 1, "all in one answer"
        took = await scene.until(lambda: len(scene.told(DayFigures)) == 8)
        assert took <= 11
        assert {each.open for each in scene.told(DayFigures)} == {97.0}


async def test_what_traded_during_an_outage_is_fetched_and_folds() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.venue.channels) == 2)
        await scene.venue.trade("btcusd", 5, scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        heard = scene.now()
        past = [
            {"date": str(int(heard) + number - 5), "tid": number, "price": "101", "amount": "1",
             "type": 1}
            for number in (7, 6, 5, -60)
        ]  # fmt: skip
        scene.server.answer("/api/v2/transactions/btcusd/", json=past)
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.told(Trade)) == 4)
        assert [(each.id, each.folds) for each in scene.told(Trade)[1:]] == [
            ("5", True), ("6", True), ("7", True),
        ]  # fmt: skip
        asked = next(each for each in scene.server.asked if "transactions" in each.path)
        assert asked.query == {"time": "minute"}
        assert scene.out.standings[-1][0] is SourceState.live


async def test_a_request_to_reconnect_is_followed_at_once() -> None:
    async with running("BTC-USD") as scene:
        scene.server.answer("/api/v2/transactions/btcusd/", json=[])
        await scene.until(lambda: len(scene.venue.channels) == 2)
        await scene.server.say('{"event":"bts:request_reconnect","channel":"","data":""}')
        took = await scene.until(lambda: scene.server.connected == 2)
        assert took <= 3
        await scene.until(lambda: len(scene.venue.channels) == 4)


async def test_a_channel_the_venue_refuses_is_refused() -> None:
    async with running("BTC-USD", "ETH-USD") as scene:
        scene.venue.unknown |= {"live_trades_ethusd", "order_book_ethusd"}
        await scene.until(lambda: bool(scene.out.refusals))
        assert scene.out.refusals == {"ETH-USD": "Bitstamp says: Bad subscription string."}


async def test_a_half_open_socket_is_noticed_by_its_missing_heartbeats() -> None:
    async with running("BTC-USD") as scene:
        scene.server.answer("/api/v2/transactions/btcusd/", json=[])
        await scene.until(lambda: len(scene.venue.channels) == 2)
        await scene.until(lambda: '{"event":"bts:heartbeat"}' in scene.server.heard)
        scene.server.deaf = True
        failed = SourceState.failed
        took = await scene.until(lambda: failed in [each for each, _ in scene.out.standings])
        assert took <= 36
        assert scene.out.standings[-1][1].startswith("no ")
        scene.server.deaf = False
        await scene.until(lambda: len(scene.venue.channels) == 4)


async def test_whatever_frames_come_the_stream_goes_on() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.venue.channels) == 2)
        await scene.venue.trade("btcusd", 1, scene.now())
        await scene.venue.book("btcusd", [("99", "1")], scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        real = [text for _, text in scene.out.frames]
        heard = len(real)
        await scene.server.say(*spoilt(real, 2_000))
        await scene.until(lambda: len(scene.out.frames) >= heard + 2_000)
        await scene.venue.trade("btcusd", 2, scene.now())
        await scene.until(lambda: "2" in [each.id for each in scene.told(Trade)])


async def test_garbage_doubled_and_reordered_trades_pass_as_they_came() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.venue.channels) == 2)
        await scene.server.say("<html>", "7", '{"event":"wow"}', '{"event":"trade"}')
        for number in (3, 1, 1, 2):
            await scene.venue.trade("btcusd", number, scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 4)
        assert [each.id for each in scene.told(Trade)] == ["3", "1", "1", "2"]
        assert scene.server.connected == 1


async def test_history_is_paged_back_and_ends_where_the_pair_begins() -> None:
    async with learned() as scene:
        now = scene.clock.now()
        newest = int(now.timestamp()) // 60 * 60
        first = newest - 2_499 * 60

        def told(asked: Asked) -> Says:
            end = min(int(asked.query["end"]), newest) // 60 * 60
            begin = max(first, end - (int(asked.query["limit"]) - 1) * 60)
            rows = [
                {"timestamp": str(at), "open": "1", "high": "3", "low": "0.5", "close": "2",
                 "volume": "1"}
                for at in range(begin, end + 60, 60)
            ]  # fmt: skip
            return Says(200, json.dumps({"data": {"pair": "BTC/USD", "ohlc": rows}}).encode())

        scene.server.answer("/api/v2/ohlc/btcusd/", told)
        bars = await answered(
            scene, scene.source.history("BTC-USD", Timeframe.m1, None, now + timedelta(1), 2_400)
        )
        assert bars is not None
        assert len(bars) == 2_400
        assert (bars.time[-1] // 1_000_000, bars.forming) == (newest, True)
        assert scene.server.count("/api/v2/ohlc/btcusd/") == 3
        whole = await answered(
            scene, scene.source.history("BTC-USD", Timeframe.m1, None, now, 9_000)
        )
        assert whole is not None
        assert whole.time[0] // 1_000_000 == first
        assert not whole.forming
        since = now - timedelta(minutes=5)
        few = await answered(
            scene, scene.source.history("BTC-USD", Timeframe.m1, since, now, 9_000)
        )
        assert few is not None
        assert len(few) == 5
        assert few.time[0] == instant(since)
        assert await scene.source.history("EURUSD", Timeframe.d1, None, now, 5) is None
        assert await scene.source.history("BTC-USD", Timeframe.w1, None, now, 5) is None


async def test_refusals_are_told_as_what_they_are() -> None:
    async with learned() as scene:
        now = scene.clock.now()
        scene.server.then("/api/v2/ohlc/btcusd/", status(404, body=b'{"error":"Not here"}'))
        assert await scene.source.history("BTC-USD", Timeframe.m1, None, now, 5) is None
        scene.server.then("/api/v2/ticker/btcusd/", page())
        with pytest.raises(SourceUnavailable, match="a web page came"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        said = b'{"status":"error","reason":"Request rate limit exceeded.","code":"400.002"}'
        scene.server.then("/api/v2/ticker/btcusd/", *[status(400, body=said)] * 4)
        with pytest.raises(Busy, match="rate limit exceeded"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
