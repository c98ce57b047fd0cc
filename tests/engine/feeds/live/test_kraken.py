"""Kraken's adapter against a server that speaks as Kraken does, over a real loopback."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from faulty_server import FaultyServer, faulty_server, page, status
from kraken_server import KrakenServer
from pump import pump, spoilt

from tio.api.errors import Busy, SourceUnavailable
from tio.api.market import AssetClass, Side, Timeframe
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, Tick, TopOfBook, Trade
from tio.config import SourceSettings
from tio.engine.bus import Bus
from tio.engine.feeds.http import Web
from tio.engine.feeds.kraken import TRAITS
from tio.engine.feeds.live.kraken import Kraken, open_source
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.engine.market.market import Market
from tio.plugin import Lists, Polls, Source, Spells

from fakes import FakeClock, FakeOutlet

K = TypeVar("K", bound=Tick)
T = TypeVar("T")


class Scene:
    """A source at work on a server of the loopback, with time moved by hand."""

    def __init__(self, server: FaultyServer) -> None:
        self.clock = FakeClock()
        self.server = server
        self.venue = KrakenServer(server)
        self.out = FakeOutlet()
        self.demand = Demand()
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        source = open_source(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        assert isinstance(source, Kraken)
        self.source = source

    def told(self, kind: type[K]) -> list[K]:
        return [tick for tick in self.out.ticks if isinstance(tick, kind)]

    async def until(self, *true: object) -> float:
        """Move time until all of these callables hold, Kraken saying its heartbeat."""
        return await pump(
            self.clock,
            self.server,
            lambda: all(callable(each) and each() for each in true),
            beat=self.venue.beat,
        )


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
    await pump(scene.clock, scene.server, task.done)
    return await task


def numbers(trades: Sequence[Trade]) -> list[str | None]:
    return [trade.id for trade in trades]


async def test_it_is_what_the_catalogue_says() -> None:
    async with learned() as scene:
        source: Source = scene.source
        assert isinstance(source, Lists)
        assert isinstance(source, Spells)
        assert isinstance(source, Polls)
        assert source.spelled("BTC-USD") == "BTC/USD"
        assert source.spelled("EURUSD") == "EUR/USD"
        assert source.spelled("AAPL") is None


async def test_what_is_wanted_streams_and_currencies_are_said_to_be_such() -> None:
    async with running("BTC-USD", "EURUSD") as scene:
        await scene.until(lambda: len(scene.venue.subscribed) == 6)
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert sorted(scene.venue.subscribed) == [
            (channel, pair)
            for channel in ("book", "ticker", "trade")
            for pair in ("BTC/USD", "EUR/USD")
        ]
        classes = {
            tick.symbol: traits.asset_class if traits else AssetClass.crypto
            for (ticks, _), traits in zip(scene.out.emissions, scene.out.traits, strict=True)
            for tick in ticks
        }
        assert classes == {"BTC-USD": AssetClass.crypto, "EURUSD": AssetClass.fx}
        euro = next(each for each in scene.told(DayFigures) if each.symbol == "EURUSD")
        assert (euro.last, euro.change, euro.high) == (100.0, None, None)
        assert {top.bid for top in scene.told(TopOfBook)} == {99.5}
        assert scene.out.frames[0][0] == scene.server.ws_url


async def test_what_nobody_wants_any_more_is_unsubscribed() -> None:
    async with running("BTC-USD", "ETH-USD") as scene:
        await scene.until(lambda: len(scene.venue.subscribed) == 6)
        scene.demand.drop(["ETH-USD"])
        await scene.until(lambda: len(scene.venue.subscribed) == 3)
        assert {pair for _, pair in scene.venue.subscribed} == {"BTC/USD"}


async def test_a_pair_the_venue_refuses_is_refused_and_not_asked_for_again() -> None:
    async with running("BTC-USD", "ETH-USD") as scene:
        scene.venue.unknown.add("ETH/USD")
        await scene.until(lambda: "ETH-USD" in scene.out.refusals)
        assert scene.out.refusals == {"ETH-USD": "Kraken says: Currency pair not supported ETH/USD"}
        await scene.server.close_sockets()
        scene.venue.subscribed.clear()
        scene.server.heard.clear()
        await scene.until(lambda: len(scene.venue.subscribed) == 3)
        assert scene.server.connected == 2
        assert not [text for text in scene.server.heard if "ETH/USD" in text]


async def test_a_wrong_checksum_is_held_back_and_brings_a_fresh_snapshot() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.venue.change("BTC/USD", (99.0, 3.0))
        await scene.until(lambda: len(scene.told(BookChange)) == 1)
        scene.venue.spoils_checksums = True
        await scene.venue.change("BTC/USD", (98.0, 4.0))
        scene.venue.spoils_checksums = False
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert len(scene.told(BookChange)) == 1
        assert scene.told(BookSnapshot)[1].bids == ((99.5, 1.0), (99.0, 3.0), (98.0, 4.0))
        await scene.venue.change("BTC/USD", (97.0, 1.0))
        await scene.until(lambda: len(scene.told(BookChange)) == 2)
        assert scene.server.connected == 1


async def test_a_book_whose_checksum_never_is_right_is_left_alone() -> None:
    async with running("BTC-USD") as scene:
        scene.venue.spoils_checksums = True
        await scene.until(lambda: scene.venue.snapshots == 3)
        await scene.until(lambda: ("book", "BTC/USD") not in scene.venue.subscribed)
        for _ in range(20):
            await scene.clock.advance(0.5)
        assert scene.venue.snapshots == 3
        assert scene.told(BookSnapshot) == []
        assert scene.told(TopOfBook), "the best prices still come from the ticker"


async def test_trades_that_were_missed_are_fetched_by_their_numbers() -> None:
    async with running("BTC-USD") as scene:
        scene.venue.past["BTC/USD"] = [(9, 99.0), (10, 100.0)]
        now = scene.clock.now().timestamp()
        rest = [(number, now + number / 1_000, 100.0 + number) for number in range(8, 15)]
        scene.venue.serve_trades("XXBTZUSD", rest)
        await scene.until(lambda: numbers(scene.told(Trade)) == ["9", "10"])
        assert not any(trade.folds for trade in scene.told(Trade))
        await scene.venue.trade("BTC/USD", (14, 114.0))
        await scene.until(lambda: len(scene.told(Trade)) == 6)
        assert numbers(scene.told(Trade)) == ["9", "10", "14", "11", "12", "13"]
        assert all(trade.folds for trade in scene.told(Trade)[2:])
        asked = next(each for each in scene.server.asked if each.path.endswith("Trades"))
        assert asked.query["pair"] == "XXBTZUSD"
        assert int(asked.query["since"]) == int(now * 1_000_000 - 1) * 1_000


async def test_more_than_some_pages_of_trades_is_left_to_history() -> None:
    async with running("BTC-USD") as scene:
        scene.venue.past["BTC/USD"] = [(10, 100.0)]
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        await scene.venue.trade("BTC/USD", (5_012, 114.0))
        await scene.venue.trade("BTC/USD", (5_013, 115.0))
        await scene.until(lambda: len(scene.told(Trade)) == 3)
        assert scene.server.count("/0/public/Trades") == 0


async def test_doubled_and_reordered_trades_ask_once_and_invent_nothing() -> None:
    async with running("BTC-USD") as scene:
        scene.venue.past["BTC/USD"] = [(10, 100.0)]
        scene.venue.serve_trades("XXBTZUSD", [])
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        for number in (11, 11, 13, 12, 13, 14):
            await scene.venue.trade("BTC/USD", (number, 100.0 + number))
        await scene.until(lambda: len(scene.told(Trade)) == 7)
        assert set(numbers(scene.told(Trade))) == {"10", "11", "12", "13", "14"}
        await scene.until(lambda: scene.server.count("/0/public/Trades") == 1)


async def test_after_a_reconnect_the_snapshot_folds_only_what_is_new() -> None:
    async with running("BTC-USD") as scene:
        scene.venue.past["BTC/USD"] = [(9, 99.0), (10, 100.0)]
        await scene.until(lambda: len(scene.told(Trade)) == 2)
        scene.venue.past["BTC/USD"] += [(11, 101.0), (12, 102.0)]
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.told(Trade)) == 6)
        again = scene.told(Trade)[2:]
        assert [(trade.id, trade.folds) for trade in again] == [
            ("9", False), ("10", False), ("11", True), ("12", True),
        ]  # fmt: skip
        assert scene.server.count("/0/public/Trades") == 0
        states = [state for state, _ in scene.out.standings]
        assert SourceState.failed in states
        assert states[-1] is SourceState.live
        assert scene.server.connected == 2
        assert len(scene.told(BookSnapshot)) == 2


async def test_a_half_open_socket_is_noticed_and_replaced() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        scene.server.deaf = True
        silent = "no message for 10 s"
        took = await pump(
            scene.clock,
            scene.server,
            lambda: any(reason.startswith(silent) for _, reason in scene.out.standings),
        )
        assert 9 <= took <= 11
        scene.server.deaf = False
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert scene.server.connected == 2


async def test_garbage_is_passed_over() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.server.say("<html>", "[]", '{"channel":"wow"}', '{"channel":"trade"}', "\x00")
        await scene.venue.trade("BTC/USD", (1, 100.0))
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        assert scene.server.connected == 1


async def test_whatever_frames_come_the_stream_goes_on() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.venue.trade("BTC/USD", (1, 100.0))
        await scene.until(lambda: len(scene.told(Trade)) == 1)
        real = [text for _, text in scene.out.frames]
        heard = len(real)
        await scene.server.say(*spoilt(real, 2_000))
        await scene.until(lambda: len(scene.out.frames) >= heard + 2_000)
        await scene.server.say('{"channel":"trade","type":"update","data":[]}')
        await scene.venue.trade("BTC/USD", (2, 100.0))
        await scene.until(lambda: "2" in numbers(scene.told(Trade)))


async def test_bars_are_those_of_every_trade_once_whatever_the_connection_did() -> None:
    async with running("BTC-USD") as scene:
        at = scene.clock.now().timestamp()
        every = {number: 100.0 + number % 7 for number in range(1, 121)}
        past = [(number, at + number, price) for number, price in every.items()]
        scene.venue.serve_trades("XXBTZUSD", past)
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)

        async def say(*chosen: int) -> None:
            for number in chosen:
                await scene.venue.trade("BTC/USD", (number, every[number]))
            await scene.until(lambda: set(map(str, chosen)) <= set(numbers(scene.told(Trade))))

        scene.venue.stamp_from(at)
        await say(1, 2, 3, 3, 6, 5, 4)
        await say(30)
        await scene.server.close_sockets()
        scene.venue.past["BTC/USD"] = [(number, every[number]) for number in range(71, 101)]
        await scene.until(lambda: "100" in numbers(scene.told(Trade)))
        await say(*range(101, 121))
        await scene.until(lambda: len(set(numbers(scene.told(Trade)))) == 120)
        later = instant(scene.clock.now()) + 200_000_000
        lived, plain = (Market(scene.clock, Bus(scene.clock)) for _ in range(2))
        lived.take(scene.told(Trade), TRAITS, later)
        once = [
            Trade("BTC-USD", price, 1.0, round((at + number) * 1_000_000), Side.buy, str(number))
            for number, price in every.items()
        ]
        plain.take(once, TRAITS, later)
        for timeframe in (Timeframe.s1, Timeframe.m1, Timeframe.h1):
            ladders = [
                each.board.lines["BTC-USD"].bars.ladder(timeframe) for each in (lived, plain)
            ]
            assert ladders[0].columns(500) == ladders[1].columns(500)
            assert float(ladders[0].columns(500).volume.sum()) == 120


async def test_what_the_engine_says_of_itself_stands() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.server.say('{"channel":"status","data":[{"system":"maintenance"}]}')
        wanted = (SourceState.failed, "Kraken says maintenance")
        await scene.until(lambda: wanted in scene.out.standings)


async def test_when_we_said_too_much_another_connection_says_it_all_again() -> None:
    async with running("BTC-USD") as scene:
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 1)
        await scene.server.say('{"Error":"Exceeded msg rate"}')
        await scene.until(lambda: len(scene.told(BookSnapshot)) == 2)
        assert scene.server.connected == 2


async def test_quotes_are_asked_by_krakens_own_names() -> None:
    told = {
        "a": ["100.5", "1", "2.0"], "b": ["99.5", "1", "1.0"], "c": ["100.0", "0.1"],
        "v": ["1", "5"], "p": ["1", "2"], "t": [1, 2], "l": ["95", "90"], "h": ["105", "110"],
        "o": "98",
    }  # fmt: skip
    async with learned() as scene:
        scene.venue.answer("Ticker", {"XXBTZUSD": told, "ZEURZUSD": told})
        ticks = await answered(scene, scene.source.quotes(["BTC-USD", "EURUSD", "AAPL"]))
        assert scene.server.asked[-1].query == {"pair": "XXBTZUSD,ZEURZUSD"}
        assert [(type(tick), tick.symbol) for tick in ticks] == [
            (DayFigures, "BTC-USD"),
            (TopOfBook, "BTC-USD"),
            (DayFigures, "EURUSD"),
            (TopOfBook, "EURUSD"),
        ]


async def test_history_is_of_the_newest_rows_and_says_which_one_forms() -> None:
    async with learned() as scene:
        now = scene.clock.now()
        opened = [int((now - timedelta(minutes=ago)).timestamp()) for ago in (3, 2, 1, 0)]
        rows = [[at, "1", "3", "0.5", "2", "1.5", "7.5", 3] for at in opened]
        scene.venue.answer("OHLC", {"XXBTZUSD": rows, "last": opened[-2]})
        end = now + timedelta(minutes=1)
        bars = await answered(scene, scene.source.history("BTC-USD", Timeframe.m1, None, end, 3))
        assert bars is not None
        assert [time // 1_000_000 for time in bars.time] == opened[1:]
        assert (bars.forming, bars.source, bars.adjusted) == (True, "kraken", "raw")
        assert scene.server.asked[-1].query == {
            "pair": "XXBTZUSD", "interval": "1", "since": str(opened[0])
        }  # fmt: skip
        closed = await answered(
            scene, scene.source.history("BTC-USD", Timeframe.m1, now - timedelta(minutes=2), now, 9)
        )
        assert closed is not None
        assert not closed.forming
        assert len(closed) == 2
        assert (
            await answered(scene, scene.source.history("EURUSD", Timeframe.d1, None, end, 3))
            is None
        )
        assert (
            await answered(scene, scene.source.history("BTC-USD", Timeframe.w1, None, end, 3))
            is None
        )
        assert (
            await answered(scene, scene.source.history("AAPL", Timeframe.m1, None, end, 3)) is None
        )


async def test_errors_under_http_200_are_told_as_what_they_are() -> None:
    async with learned() as scene:
        end = datetime(2026, 11, 20, tzinfo=UTC)
        scene.venue.fail("OHLC", "EQuery:Unknown asset pair")
        assert (
            await answered(scene, scene.source.history("BTC-USD", Timeframe.m1, None, end, 3))
            is None
        )
        scene.venue.fail("Ticker", "EService:Unavailable")
        with pytest.raises(SourceUnavailable, match="Service:Unavailable"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        scene.server.then("/0/public/Ticker", page())
        with pytest.raises(SourceUnavailable, match="a web page came in place of data"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        scene.server.then("/0/public/Ticker", status(403))
        with pytest.raises(Exception, match="refused \\(403\\)"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        before = scene.server.count("/0/public/Ticker")
        scene.venue.fail("Ticker", "EGeneral:Temporary lockout")
        with pytest.raises(Busy, match="Temporary lockout"):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        with pytest.raises(Busy):
            await answered(scene, scene.source.quotes(["BTC-USD"]))
        assert scene.server.count("/0/public/Ticker") == before + 1, "a lockout is waited out"
