"""Binance's adapter streaming from a local server that speaks its language."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from binance_venue import API, Scene, book, changed, info, traded
from faulty_server import Says, faulty_server
from msgspec.structs import replace

from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import BookSnapshot, DayFigures, TopOfBook, Trade
from tio.config import SourceSettings
from tio.engine.bus import Bus
from tio.engine.feeds.binance import TRAITS, parse
from tio.engine.feeds.frames import Direction, Frame, read_frames
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import binance, binance_listening, binance_us
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.market import Market
from tio.plugin import Lists, Polls, Spells

import recorded
from fakes import FakeClock


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        found = Scene(server)
        yield found
        await found.web.close()


@pytest.fixture
async def doors() -> AsyncIterator[Scene]:
    async with faulty_server() as vision, faulty_server() as com:
        found = Scene(vision, com)
        yield found
        await found.web.close()


@pytest.mark.parametrize("module", [binance, binance_us])
async def test_it_is_what_the_catalogue_says_and_opens_without_asking(module: Any) -> None:
    known = CATALOGUE[module.NAME]
    assert (known.assets, known.needs_key) == (module.ASSETS, module.NEEDS_KEY)
    assert (known.unofficial, known.attribution) == (module.UNOFFICIAL, module.ATTRIBUTION)
    async with faulty_server() as server:
        web = Web(FakeClock())
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        source = module.open_source(Reach(web, FakeClock(), settings))
        assert source.traits.name == module.NAME
        for capability in (Spells, Lists, Polls):
            assert isinstance(source, capability)
        assert not server.asked
        await web.close()


async def test_the_list_decides_spellings_and_dollars_are_not_tethers(scene: Scene) -> None:
    assert scene.binance.spelled("BTC-USDT") is None
    await scene.listed()
    assert scene.binance.spelled("BTC-USDT") == "BTCUSDT"
    assert scene.binance.spelled("QRS-XYZ") == "QRSXYZ"
    assert scene.binance.spelled("BTC-USD") is None


async def test_it_subscribes_to_what_is_wanted_and_no_more(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        first = json.loads(scene.server.heard[0])
        assert first["method"] == "SUBSCRIBE"
        assert sorted(first["params"]) == [
            "btcusdt@aggTrade",
            "btcusdt@bookTicker",
            "btcusdt@ticker",
        ]
        scene.demand.add(["ETH-BTC"])
        scene.demand.drop(["BTC-USDT"])
        await scene.until(lambda: len(scene.server.heard) == 3)
        gone, new = map(json.loads, scene.server.heard[1:])
        assert gone["method"] == "UNSUBSCRIBE"
        assert {stream.partition("@")[0] for stream in gone["params"]} == {"btcusdt"}
        assert {stream.partition("@")[0] for stream in new["params"]} == {"ethbtc"}
        await scene.server.say(traded(1))
        await scene.server.say(traded(2, symbol="ETHBTC"))
        await scene.until(lambda: bool(scene.out.ticks))
        assert [tick.symbol for tick in scene.out.ticks] == ["ETH-BTC"]


async def test_trades_figures_and_best_prices_are_told_and_pairs_are_named_by_the_list(
    scene: Scene,
) -> None:
    best = '{"stream":"s","data":{"u":4,"s":"QRSXYZ","b":"1","B":"2","a":"3","A":"4"}}'
    day = {"e": "24hrTicker", "E": 1732114830000, "s": "QRSXYZ", "c": "2", "o": "1", "h": "3"}
    figures = {**day, "l": "1", "v": "9", "p": "1", "P": "100", "b": "1", "B": "1", "a": "2"}
    async with scene.running("QRS-XYZ"):
        await scene.subscribed()
        frame = json.dumps({"stream": "s", "data": {**figures, "A": "1"}})
        await scene.server.say(traded(1, 2.0, "QRSXYZ"), best, frame)
        await scene.until(lambda: len(scene.out.ticks) == 3)
        trade, top, told = scene.out.ticks
        assert isinstance(trade, Trade)
        assert (trade.symbol, trade.id, trade.folds) == ("QRS-XYZ", "agg-1", True)
        assert top == TopOfBook("QRS-XYZ", 1.0, 3.0, 2.0, 4.0, None)
        assert isinstance(told, DayFigures)
        assert told.change_percent == 100.0
        assert len(scene.out.frames) == 3
        assert all(at is not None for _, at in scene.out.emissions)


async def test_a_book_somebody_watches_begins_with_a_snapshot_between_its_changes(
    scene: Scene,
) -> None:
    scene.server.answer(f"{API}depth", json=book(7))
    async with scene.running("BTC-USDT", "ETH-BTC"):
        await scene.subscribed()
        assert not any("depth" in heard for heard in scene.server.heard)
        scene.demand.look("BTC-USDT")
        await scene.until(lambda: "btcusdt@depth@100ms" in scene.server.heard[-1])
        await scene.server.say(changed(5, 6, 91.0), changed(7, 8, 92.0))
        await scene.until(lambda: BookSnapshot in map(type, scene.out.ticks))
        market = Market(scene.clock, Bus(scene.clock))
        market.take(scene.out.ticks, TRAITS, instant(scene.clock.now()))
        depth = market.books.depth("BTC-USDT", 5)
        assert (depth.complete, [bid.price for bid in depth.bids]) == (True, [92.0, 90.0])
        scene.demand.look_away("BTC-USDT")
        await scene.until(lambda: "UNSUBSCRIBE" in scene.server.heard[-1])


async def test_a_book_that_missed_a_change_is_asked_for_anew(
    scene: Scene,
) -> None:
    scene.server.answer(f"{API}depth", json=book(7))
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        scene.demand.look("BTC-USDT")
        await scene.until(lambda: len(scene.server.heard) == 2)
        await scene.server.say(changed(8, 8, 92.0))
        await scene.until(lambda: scene.server.count(f"{API}depth") == 1)
        await scene.server.say(changed(9, 9, 93.0), changed(20, 21, 94.0))
        await scene.until(lambda: scene.server.count(f"{API}depth") == 2)
        # That snapshot is older than the change it is to continue: another is asked for.
        await scene.until(lambda: scene.server.count(f"{API}depth") == 3)
        scene.server.answer(f"{API}depth", json=book(30))
        await scene.until(lambda: scene.server.count(f"{API}depth") == 4)
        await scene.until(lambda: isinstance(scene.out.ticks[-1], BookSnapshot))
        await scene.passes(60)
        assert scene.server.count(f"{API}depth") == 4


async def test_sends_are_paced_below_five_a_second_and_chunked(scene: Scene) -> None:
    names = [f"C{number}-USDT" for number in range(200)]
    scene.server.answer(f"{API}exchangeInfo", json=info(*names))
    async with scene.running(*names):
        await scene.until(lambda: len(scene.server.heard) == 6)
        began = scene.clock.monotonic()
        assert all(len(json.loads(heard)["params"]) <= 100 for heard in scene.server.heard)
        assert scene.server.connected == 1
        assert began >= 5 * 0.3


async def test_a_number_that_is_skipped_is_asked_for_and_told_once(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say(traded(1), traded(2), traded(5), traded(5), traded(6))
        await scene.until(lambda: scene.server.count(f"{API}aggTrades") == 1)
        await scene.until(lambda: "agg-4" in scene.trades())
        (asked,) = [each for each in scene.server.asked if each.path == f"{API}aggTrades"]
        assert (asked.query["fromId"], asked.query["limit"]) == ("3", "2")
        # The doubled one goes on: who keeps the bars knows it by its number.
        assert scene.trades() == [f"agg-{n}" for n in (1, 2, 5, 5, 6, 3, 4)]


async def test_trades_that_come_out_of_order_are_not_asked_for(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say(traded(1), traded(4), traded(3), traded(2))
        await scene.until(lambda: len(scene.trades()) == 4)
        await scene.passes(5)
        assert scene.server.count(f"{API}aggTrades") == 0


async def test_a_gap_too_long_is_left_to_the_bars(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say(traded(1), traded(9_000))
        await scene.until(lambda: len(scene.trades()) == 2)
        await scene.passes(5)
        assert scene.server.count(f"{API}aggTrades") == 0


async def test_after_a_lost_connection_what_was_missed_is_told_before_what_is_new(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say(traded(17))
        await scene.until(lambda: scene.trades() == ["agg-17"])
        await scene.server.close_sockets()
        await scene.until(lambda: scene.server.connected == 2 and bool(scene.server.sockets))
        await scene.server.say(traded(21))
        await scene.until(lambda: "agg-21" in scene.trades())
        assert scene.trades() == [f"agg-{n}" for n in (17, 18, 19, 20, 21)]
        assert (SourceState.failed in {state for state, _ in scene.out.standings}) is True


async def test_an_announced_shutdown_brings_another_connection_before_the_end(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.passes(70)
        await scene.server.say(traded(1))
        await scene.server.say('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}')
        await scene.until(lambda: len(scene.server.heard) == 2)
        await scene.passes(1)
        assert len(scene.server.sockets) == 2
        await scene.server.say(traded(2))
        await scene.until(lambda: len(scene.server.sockets) == 1)
        await scene.server.say(traded(3))
        await scene.until(lambda: "agg-3" in scene.trades())
        assert set(scene.trades()) == {"agg-1", "agg-2", "agg-3"}
        assert SourceState.failed not in {state for state, _ in scene.out.standings}


async def test_a_connection_is_replaced_before_the_venue_ends_it(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    manners = binance_listening.MANNERS
    assert manners.lasts < 24 * 3_600
    short = replace(manners, lasts=100.0, heartbeat=0.0)
    monkeypatch.setattr(binance_listening, "MANNERS", short)
    async with scene.running("BTC-USDT"):
        await scene.until(lambda: len(scene.server.heard) == 2, step=1.0)
        assert 90 <= scene.clock.monotonic() < 105
        assert len(scene.server.sockets) == 2
        await scene.passes(1)
        await scene.server.say(traded(1))
        await scene.until(lambda: len(scene.server.sockets) == 1)
        assert SourceState.failed not in {state for state, _ in scene.out.standings}


async def test_half_open_sockets_are_noticed_and_opened_anew(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        scene.server.deaf = True
        await scene.until(lambda: scene.server.connected == 2, step=1.0)
        assert scene.clock.monotonic() < 60
        assert any("no answer to a ping" in reason for _, reason in scene.out.standings)


async def test_garbage_and_refusals_change_nothing_and_the_latter_are_said(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say("garbage", "[1]", '{"result":null,"id":1}')
        await scene.server.say('{"error":{"code":2,"msg":"Invalid request"},"id":1}')
        await scene.server.say(traded(1))
        await scene.until(lambda: scene.trades() == ["agg-1"])
        assert (SourceState.live, "Binance refuses: Invalid request (2)") in scene.out.standings
        assert scene.server.connected == 1


async def test_where_the_first_door_does_not_serve_the_second_does_and_is_remembered(
    doors: Scene,
) -> None:
    vision, com = doors.servers
    restricted = b'{"code":0,"msg":"Service unavailable from a restricted location"}'
    for path in ("ping", "exchangeInfo"):
        vision.answer(API + path, Says(451, restricted))
    async with doors.running("BTC-USDT"):
        await doors.subscribed(com)
        await com.say(traded(1))
        await doors.until(lambda: doors.trades() == ["agg-1"])
    assert vision.count() == 2
    assert vision.connected == 0


async def test_a_socket_that_is_barred_leads_to_the_next_door(doors: Scene) -> None:
    vision, com = doors.servers
    vision.refuse_sockets = 451
    async with doors.running("BTC-USDT"):
        await doors.subscribed(com)
    assert vision.connected == 1


async def test_what_traded_while_nobody_wanted_it_is_not_missed(scene: Scene) -> None:
    async with scene.running("BTC-USDT", "ETH-BTC"):
        await scene.subscribed()
        await scene.server.say(traded(1))
        await scene.until(lambda: scene.trades() == ["agg-1"])
        scene.demand.drop(["BTC-USDT"])
        await scene.until(lambda: len(scene.server.heard) == 2)
        scene.demand.add(["BTC-USDT"])
        await scene.until(lambda: len(scene.server.heard) == 3)
        await scene.server.say(traded(100))
        await scene.until(lambda: scene.trades() == ["agg-1", "agg-100"])
        await scene.passes(5)
        assert scene.server.count(f"{API}aggTrades") == 0


async def test_a_recorded_session_goes_through_whole(scene: Scene) -> None:
    name = "1_exchange_captures/cryptofeed/BINANCE."
    whole = next(recorded.lines(f"{name}0.txt.gz")).partition(": ")[2]
    scene.server.answer(f"{API}exchangeInfo", Says(200, whole.encode()))
    frames = [
        each.text
        for each in read_frames(recorded.path(f"{name}ws.1.0.shared.txt.gz"))
        if isinstance(each, Frame) and each.direction is Direction.received
    ]
    expected = [tick for text in frames for tick in parse(text)]
    async with scene.running("NKN-USDT", "BLZ-ETH", "LRC-BTC", "RUNE-EUR"):
        for symbol in scene.demand.symbols:
            scene.demand.look(symbol)
        await scene.until(lambda: any("depth" in heard for heard in scene.server.heard))
        await scene.server.say(*frames)
        await scene.until(lambda: len(scene.out.frames) == len(frames))
        assert len(frames) == 252
        assert scene.out.ticks == expected
