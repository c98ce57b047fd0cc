"""OKX's adapter against a server that speaks as OKX does, over a real loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from faulty_server import Asked, FaultyServer, Says, faulty_server, page, status
from okx_server import OkxServer, ticker, trade
from pump import pump, spoilt

from tio.api.errors import Busy, SourceUnavailable
from tio.api.market import Timeframe
from tio.api.sources import SourceState
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, Tick, TopOfBook, Trade
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.okx import Okx, open_source
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
        self.venue = OkxServer(server)
        self.out = FakeOutlet()
        self.demand = Demand()
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        source = open_source(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        assert isinstance(source, Okx)
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


def test_it_is_off_until_somebody_switches_it_on() -> None:
    assert not CATALOGUE["okx"].on


async def test_what_is_wanted_streams_in_one_request_and_ends_when_it_is_not() -> None:
    async with running("BTC-USDT", "ETH-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert len(scene.venue.subscribed) == 6
        assert len(scene.server.heard) == 1
        assert len(scene.told(TopOfBook)) == 2
        scene.demand.drop(["ETH-USDT"])
        await scene.until(lambda: len(scene.venue.subscribed) == 3)


async def test_the_last_trade_before_we_came_folds_into_nothing() -> None:
    async with running("BTC-USDT") as scene:
        scene.venue.past["BTC-USDT"] = (10, scene.now() - 3_600)
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        await scene.venue.trade("BTC-USDT", 11, scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 2)
        assert [trade.folds for trade in scene.told(Trade)] == [False, True]


async def test_a_book_with_a_gap_is_held_back_and_comes_anew() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.venue.change("BTC-USDT", ("99.0", "2"))
        await scene.until(lambda: len(scene.told(BookChange)) == 1)
        await scene.venue.change("BTC-USDT", ("98.0", "2"), skips=3)
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert len(scene.told(BookChange)) == 1
        await scene.venue.change("BTC-USDT", ("97.0", "2"))
        await scene.until(lambda: len(scene.told(BookChange)) == 2)
        assert scene.server.connected == 1


async def test_numbers_that_begin_anew_bring_the_book_anew() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.venue.change("BTC-USDT", ("99.0", "2"), skips=-3)
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert scene.told(BookChange) == []


async def test_what_traded_during_an_outage_is_fetched_by_number_page_after_page() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.venue.subscribed) == 3)
        await scene.venue.trade("BTC-USDT", 10, scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        at = scene.now()
        scene.venue.answer("market/trades", [trade("BTC-USDT", each, at) for each in (15, 14, 13)])
        scene.venue.answer(
            "market/history-trades", [trade("BTC-USDT", each, at) for each in (12, 11, 10, 9)]
        )
        scene.venue.past["BTC-USDT"] = (15, at)
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.told(Trade)) == 7)
        told = scene.told(Trade)[1:]
        assert [each.id for each in told] == ["11", "12", "13", "14", "15", "15"]
        assert all(each.folds for each in told)
        older = next(each for each in scene.server.asked if "history" in each.path)
        assert older.query == {"instId": "BTC-USDT", "after": "13", "limit": "100"}
        await scene.until(lambda: scene.out.standings[-1][0] is SourceState.live)


async def test_a_notice_of_an_upgrade_is_followed_by_another_connection() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        notice = '{"event":"notice","code":"64008","msg":"The connection will soon be closed"}'
        await scene.server.say(notice)
        took = await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert took <= 60
        assert scene.server.connected == 2


async def test_an_upgrade_of_a_connection_that_lasted_is_taken_over_without_a_gap() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        began = scene.clock.monotonic()
        await scene.until(lambda: scene.clock.monotonic() - began > 61)
        assert "ping" in scene.server.heard
        states = len(scene.out.standings)
        await scene.server.say('{"event":"notice","code":"64008","msg":"soon closed"}')
        await scene.until(lambda: scene.server.connected == 2 and len(scene.server.sockets) == 1)
        assert SourceState.failed not in [state for state, _ in scene.out.standings[states:]]


async def test_an_instrument_it_does_not_know_is_refused() -> None:
    async with running("BTC-USDT", "ETH-USDT") as scene:
        scene.venue.unknown.add("ETH-USDT")
        await scene.until(lambda: bool(scene.out.refusals))
        assert list(scene.out.refusals) == ["ETH-USDT"]
        assert scene.out.refusals["ETH-USDT"].startswith("OKX says: Wrong URL or channel")


async def test_a_half_open_socket_is_noticed_by_its_missing_pongs() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        scene.server.deaf = True
        failed = SourceState.failed
        took = await scene.until(lambda: failed in [state for state, _ in scene.out.standings])
        assert took <= 36
        scene.server.deaf = False
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)


async def test_whatever_frames_come_the_stream_goes_on() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.venue.trade("BTC-USDT", 1, scene.now())
        await scene.venue.change("BTC-USDT", ("99.0", "2"))
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        real = [text for _, text in scene.out.frames]
        heard = len(real)
        await scene.server.say(*spoilt(real, 2_000))
        await scene.until(lambda: len(scene.out.frames) >= heard + 2_000)
        await scene.venue.trade("BTC-USDT", 2, scene.now())
        await scene.until(lambda: "2" in [each.id for each in scene.told(Trade)])


async def test_garbage_doubled_and_reordered_trades_pass_as_they_came() -> None:
    async with running("BTC-USDT") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.server.say("<html>", "7", '{"arg":{"channel":"wow"}}', '{"event":"wow"}')
        for number in (3, 1, 1, 2):
            await scene.venue.trade("BTC-USDT", number, scene.now())
        await scene.until(lambda: len(scene.told(Trade)) == 4)
        assert [each.id for each in scene.told(Trade)] == ["3", "1", "1", "2"]
        assert all(each.folds for each in scene.told(Trade))
        assert scene.server.connected == 1


async def test_quotes_of_many_come_in_one_answer() -> None:
    async with learned() as scene:
        names = ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT", "OTHER-USDT")
        scene.venue.answer("market/tickers", [ticker(name) for name in names])
        ticks = await scene.source.quotes(names)
        figures = [tick for tick in ticks if isinstance(tick, DayFigures)]
        assert [tick.symbol for tick in figures] == list(names[:4])
        scene.venue.answer("market/ticker", [ticker("BTC-USDT")])
        assert len(await scene.source.quotes(["BTC-USDT"])) == 2
        assert scene.server.asked[-1].query == {"instId": "BTC-USDT"}


async def test_history_is_paged_back_from_the_newest_to_what_is_kept_elsewhere() -> None:
    async with learned() as scene:
        now = scene.clock.now()
        newest = int(now.timestamp()) // 60 * 60

        def told(asked: Asked) -> Says:
            last = min((int(asked.query["after"]) - 1) // 60_000 * 60, newest)
            times = range(last, last - int(asked.query["limit"]) * 60, -60)
            rows = [[str(at * 1_000), "1", "3", "0.5", "2", "1", "2", "2", "1"] for at in times]
            return Says(200, json.dumps({"code": "0", "msg": "", "data": rows}).encode())

        scene.server.answer("/api/v5/market/candles", told)
        scene.server.answer("/api/v5/market/history-candles", told)
        bars = await answered(
            scene, scene.source.history("BTC-USDT", Timeframe.m1, None, now + timedelta(1), 2_000)
        )
        assert bars is not None
        assert len(bars) == 2_000
        steps = {
            later - earlier for earlier, later in zip(bars.time, list(bars.time)[1:], strict=False)
        }
        assert steps == {60_000_000}
        assert (bars.time[-1] // 1_000_000, bars.forming) == (newest, True)
        assert scene.server.count("/api/v5/market/candles") == 4
        assert scene.server.count("/api/v5/market/history-candles") == 8
        assert scene.server.asked[-1].query["bar"] == "1m"
        assert await scene.source.history("BTC-USDT", Timeframe.w1, None, now, 5) is None
        assert await scene.source.history("AAPL", Timeframe.m1, None, now, 5) is None


async def test_refusals_are_told_as_what_they_are() -> None:
    def said(code: str) -> bytes:
        return json.dumps({"code": code, "msg": "no", "data": []}).encode()

    async with learned() as scene:
        now = scene.clock.now()
        scene.server.then("/api/v5/market/candles", Says(200, said("51001")))
        assert await scene.source.history("BTC-USDT", Timeframe.m1, None, now, 5) is None
        for handler in (page(), Says(200, said("50001"))):
            scene.server.then("/api/v5/market/ticker", handler)
            with pytest.raises(SourceUnavailable):
                await answered(scene, scene.source.quotes(["BTC-USDT"]))


async def test_too_many_questions_are_waited_out() -> None:
    body = b'{"code":"50011","msg":"Too Many Requests","data":[]}'
    async with learned() as scene:
        scene.server.then("/api/v5/market/ticker", *[status(429, body=body)] * 4)
        with pytest.raises(Busy, match="asked too often"):
            await answered(scene, scene.source.quotes(["BTC-USDT"]))
