"""Binance's adapter against a local server that speaks its language, and fails as it does."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from faulty_server import Asked, FaultyServer, Says, ScriptedWire, faulty_server, page, status

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import SourceState, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, TopOfBook, Trade
from tio.config import SourceSettings
from tio.engine.feeds.binance import parse
from tio.engine.feeds.frames import Direction, Frame, read_frames
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import binance, binance_us
from tio.engine.feeds.live.binance import Binance
from tio.engine.feeds.live.binance_asking import Door, Venue
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Lists, Polls, Spells

import recorded
from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC)
MINUTE = 60_000
API = "/api/v3/"


def info(*names: str, weight: int = 6_000) -> dict[str, Any]:
    """An `exchangeInfo` of pairs given as `BTC-USDT`."""
    return {
        "rateLimits": [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": weight,
            }
        ],
        "symbols": [
            {
                "symbol": name.replace("-", ""),
                "status": "TRADING",
                "baseAsset": name.partition("-")[0],
                "quoteAsset": name.partition("-")[2],
                "filters": [{"filterType": "PRICE_FILTER", "tickSize": "0.01"}],
            }
            for name in names
        ],
    }


def traded(number: int, price: float = 100.0, symbol: str = "BTCUSDT") -> str:
    """A frame of one aggregated trade."""
    at = instant(NOW) // 1_000 + number
    data = {
        "e": "aggTrade",
        "s": symbol,
        "a": number,
        "p": str(price),
        "q": "1",
        "T": at,
        "m": False,
    }
    return json.dumps({"stream": f"{symbol.lower()}@aggTrade", "data": data})


def aggregates(asked: Asked) -> Says:
    """The trades from `fromId` on, up to number 20."""
    first, limit = int(asked.query["fromId"]), int(asked.query["limit"])
    numbers = range(first, min(21, first + limit))
    trades = [json.loads(traded(number))["data"] for number in numbers]
    return Says(200, json.dumps(trades).encode())


def klines(asked: Asked) -> Says:
    """Bars of every minute since the epoch."""
    last = int(asked.query["endTime"]) // MINUTE
    rows = [
        [minute * MINUTE, "1", "2", "0.5", str(minute), "9", (minute + 1) * MINUTE - 1]
        for minute in range(last - int(asked.query["limit"]) + 1, last + 1)
    ]
    return Says(200, json.dumps(rows).encode())


class Scene:
    """The source against one server, or two as its two doors, with a clock moved by hand."""

    def __init__(self, *servers: FaultyServer) -> None:
        self.servers = servers
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        doors = tuple(
            Door(server.url, server.ws_url, "com" if number else "")
            for number, server in enumerate(servers)
        )
        venue = Venue(traits=binance.VENUE.traits, title="Binance", doors=doors, weight=4_800)
        self.binance = Binance(Reach(self.web, self.clock, jitter=lambda: 0.5), venue)
        self.out = FakeOutlet()
        self.demand = Demand()
        for server in servers:
            server.answer(f"{API}ping", json={})
            server.answer(f"{API}exchangeInfo", json=info("BTC-USDT", "ETH-BTC", "QRS-XYZ"))
            server.answer(f"{API}aggTrades", aggregates)
            server.answer(f"{API}klines", klines)

    @property
    def server(self) -> FaultyServer:
        return self.servers[0]

    async def told(self, asked: Coroutine[Any, Any, T]) -> T:
        """The answer, while time passes for the limiter."""
        task = asyncio.ensure_future(asked)
        await self.until(task.done)
        return await task

    async def until(self, true: Callable[[], bool], step: float = 0.1) -> None:
        """Let time pass until something is so."""
        async with asyncio.timeout(10):
            while not true():
                await self.clock.advance(step)
                self.server.happened.clear()
                try:
                    await asyncio.wait_for(self.server.happened.wait(), 0.005)
                except TimeoutError:
                    continue

    def trades(self) -> list[str | None]:
        return [tick.id for tick in self.out.ticks if isinstance(tick, Trade)]

    async def listed(self) -> None:
        self.binance.learn(await self.told(self.binance.listing()))

    @asynccontextmanager
    async def running(self, *symbols: str) -> AsyncIterator["asyncio.Task[None]"]:
        await self.listed()
        self.demand.add(symbols)
        task = asyncio.create_task(self.binance.run(self.demand.follow(), self.out))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def subscribed(self, server: FaultyServer | None = None) -> None:
        server = server or self.server
        await self.until(lambda: bool(server.heard))


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
        await scene.clock.advance(5)
        assert scene.server.count(f"{API}aggTrades") == 0


async def test_a_gap_too_long_is_left_to_the_bars(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        await scene.server.say(traded(1), traded(9_000))
        await scene.until(lambda: len(scene.trades()) == 2)
        await scene.clock.advance(5)
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
        await scene.clock.advance(70)
        await scene.server.say(traded(1))
        await scene.server.say('{"stream":"!serverShutdown","data":{"e":"serverShutdown","E":1}}')
        await scene.until(lambda: len(scene.server.heard) == 2)
        await scene.clock.advance(1)
        assert len(scene.server.sockets) == 2
        await scene.server.say(traded(2))
        await scene.until(lambda: len(scene.server.sockets) == 1)
        await scene.server.say(traded(3))
        await scene.until(lambda: "agg-3" in scene.trades())
        assert set(scene.trades()) == {"agg-1", "agg-2", "agg-3"}
        assert SourceState.failed not in {state for state, _ in scene.out.standings}


async def test_a_day_old_connection_is_replaced_before_the_venue_ends_it(scene: Scene) -> None:
    async with scene.running("BTC-USDT"):
        await scene.subscribed()
        for _ in range(24 * 60):
            if scene.server.connected == 2:
                break
            await scene.server.say(traded(1))
            await scene.clock.advance(60)
            await asyncio.sleep(0)
        await scene.until(lambda: scene.server.connected == 2)
        assert scene.clock.monotonic() < 24 * 3_600
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


async def test_where_no_door_serves_it_ends_and_asks_no_more(doors: Scene) -> None:
    await doors.listed()
    for server in doors.servers:
        server.answer(f"{API}ping", status(451))
    doors.demand.add(["BTC-USDT"])
    for _ in range(3):
        with pytest.raises(NotAllowed, match="not available from here"):
            await doors.told(doors.binance.run(doors.demand.follow(), doors.out))
    assert [server.count(f"{API}ping") for server in doors.servers] == [1, 1]


async def test_a_door_out_of_order_is_passed_and_all_of_them_are_tried_again(doors: Scene) -> None:
    await doors.listed()
    for server in doors.servers:
        server.answer(f"{API}ping", status(503))
    doors.demand.add(["BTC-USDT"])
    with pytest.raises(SourceUnavailable, match="out of order"):
        await doors.told(doors.binance.run(doors.demand.follow(), doors.out))


async def test_bars_come_in_pages_of_a_thousand_from_the_newest_back(scene: Scene) -> None:
    await scene.listed()
    bars = await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 2_500))
    assert bars is not None
    assert len(bars) == 2_500
    limits = [each.query["limit"] for each in scene.server.asked if each.path == f"{API}klines"]
    assert limits == ["1000", "1000", "500"]
    assert bars.time[-1] == instant(NOW.replace(second=0))
    assert all(
        b - a == MINUTE * 1_000 for a, b in zip(bars.time, list(bars.time)[1:], strict=False)
    )
    assert bars.forming
    assert (bars.source, bars.symbol) == ("binance", "BTC-USDT")


async def test_bars_stay_within_what_was_asked_and_end_where_the_pair_began(scene: Scene) -> None:
    await scene.listed()
    start, end = NOW - timedelta(minutes=30), NOW - timedelta(minutes=10)
    bars = await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, start, end, 500))
    assert bars is not None
    assert len(bars) == 20
    assert instant(start) <= bars.time[0] < bars.time[-1] < instant(end)
    assert not bars.forming
    scene.server.answer(f"{API}klines", json=[])
    none = await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, start, 500))
    assert none is not None
    assert len(none) == 0


async def test_what_it_does_not_have_is_none(scene: Scene) -> None:
    await scene.listed()
    for symbol, timeframe in (("BTC-USD", Timeframe.m1), ("BTC-USDT", Timeframe.s5)):
        assert await scene.binance.history(symbol, timeframe, None, NOW, 5) is None
    wrong = Says(400, b'{"code":-1121,"msg":"Invalid symbol."}')
    scene.server.answer(f"{API}klines", wrong)
    asked = scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5)
    assert await scene.told(asked) is None


@pytest.mark.parametrize("told", [page(), Says(200, b"[[1]]"), Says(200, b'{"a":'), status(403)])
async def test_an_answer_that_is_none_is_an_error_in_words(scene: Scene, told: Says) -> None:
    await scene.listed()
    scene.server.answer(f"{API}klines", told)
    with pytest.raises((SourceUnavailable, NotAllowed)) as caught:
        await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    assert caught.value.message.startswith("binance")


async def test_too_many_questions_wait_as_long_as_told(scene: Scene) -> None:
    await scene.listed()
    scene.server.then(f"{API}klines", status(429, retry_after=3))
    began = scene.clock.monotonic()
    bars = await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    assert bars is not None
    assert scene.clock.monotonic() - began >= 3
    assert scene.server.count(f"{API}klines") == 2


async def test_too_many_questions_without_a_time_wait_by_our_own_measure(scene: Scene) -> None:
    await scene.listed()
    scene.server.then(f"{API}klines", status(429))
    began = scene.clock.monotonic()
    await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    assert scene.clock.monotonic() - began >= 2
    assert scene.server.count(f"{API}klines") == 2


async def test_a_ban_is_kept_to_at_the_door_that_spoke_it_and_not_dodged(doors: Scene) -> None:
    await doors.listed()
    vision, com = doors.servers
    vision.answer(f"{API}klines", status(418, retry_after=120))
    for _ in range(5):
        with pytest.raises(Busy):
            await doors.told(doors.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    assert vision.count(f"{API}klines") == 1
    assert com.count(f"{API}klines") == 0


async def test_a_ban_is_not_dodged_by_streaming_from_the_other_door(doors: Scene) -> None:
    await doors.listed()
    vision, com = doors.servers
    vision.answer(f"{API}ping", status(418, retry_after=120))
    doors.demand.add(["BTC-USDT"])
    for _ in range(3):
        with pytest.raises(Busy):
            await doors.told(doors.binance.run(doors.demand.follow(), doors.out))
    assert (vision.count(f"{API}ping"), com.count(f"{API}ping")) == (1, 0)


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
        await scene.clock.advance(5)
        assert scene.server.count(f"{API}aggTrades") == 0


async def test_the_weight_told_in_a_header_is_what_was_used(scene: Scene) -> None:
    await scene.listed()
    used = Says(200, b"[]", {"X-MBX-USED-WEIGHT-1M": "2000"})
    scene.server.then(f"{API}klines", used)
    for _ in range(2):
        await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    (state,) = scene.web.states()
    (window,) = [limit for limit in state.limits if limit.name == "weight 1m"]
    assert window.left == 4_800 - 2_000 - 2


async def test_a_lower_allowance_in_the_list_makes_every_question_dearer(scene: Scene) -> None:
    scene.server.answer(f"{API}exchangeInfo", json=info("BTC-USDT", weight=600))
    await scene.listed()
    (before,) = scene.web.states()
    await scene.told(scene.binance.history("BTC-USDT", Timeframe.m1, None, NOW, 5))
    (after,) = scene.web.states()
    spent = before.limits[1].left - after.limits[1].left
    # Two of the 480 that are four fifths of 600 are twenty of our 4800.
    assert spent == 20


async def test_figures_of_many_are_asked_for_at_once(scene: Scene) -> None:
    day = {
        "lastPrice": "4",
        "openPrice": "5",
        "highPrice": "6",
        "lowPrice": "3",
        "volume": "9",
        "closeTime": 1732114830000,
    }

    def answer(asked: Asked) -> Says:
        names: Sequence[str] = json.loads(asked.query["symbols"])
        return Says(200, json.dumps([{"symbol": name, **day} for name in names]).encode())

    scene.server.answer(f"{API}ticker/24hr", answer)
    await scene.listed()
    ticks = await scene.told(scene.binance.quotes(["BTC-USDT", "BTC-USD", "QRS-XYZ"]))
    assert [tick.symbol for tick in ticks] == ["BTC-USDT", "QRS-XYZ"]
    assert scene.server.count(f"{API}ticker/24hr") == 1


async def test_a_storm_of_questions_stays_below_the_weight_of_every_minute() -> None:
    clock = FakeClock(NOW)
    wire = ScriptedWire(clock)
    weights: Counter[int] = Counter()

    def weighed(weight: int, body: bytes) -> Callable[[Asked], Says]:
        def answer(asked: Asked) -> Says:
            minute = int(clock.now().timestamp()) // 60
            weights[minute] += weight
            headers = {"X-MBX-USED-WEIGHT-1M": str(weights[minute])}
            return Says(200 if weights[minute] <= 1_200 else 429, body, headers)

        return answer

    wire.answer(
        f"{API}exchangeInfo", weighed(20, json.dumps(info("BTC-USDT", weight=1_200)).encode())
    )
    wire.answer(f"{API}klines", weighed(2, b"[]"))
    wire.answer(f"{API}aggTrades", weighed(4, b"[]"))
    web = Web(clock, transport=wire, jitter=lambda: 0.5)
    venue = Venue(
        traits=binance.VENUE.traits,
        title="Binance",
        doors=(Door("https://a.test", ""),),
        weight=960,
    )
    source = Binance(Reach(web, clock), venue)
    asking = asyncio.ensure_future(source.listing())
    await clock.advance(1)
    source.learn(await asking)

    async def ask_for_ever() -> None:
        while True:
            end = NOW - timedelta(minutes=next(ends))
            try:
                await source.history("BTC-USDT", Timeframe.m1, None, end, 5)
            except Busy:
                await clock.sleep(1.0)

    ends = itertools.count()
    tasks = [asyncio.create_task(ask_for_ever()) for _ in range(20)]
    await clock.advance(10 * 60)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await web.close()
    assert max(weights.values()) <= 960
    assert sum(weights.values()) > 10 * 400  # background takes half of what there is, and no less


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
        await scene.subscribed()
        await scene.server.say(*frames)
        await scene.until(lambda: len(scene.out.frames) == len(frames))
        assert len(frames) == 252
        assert scene.out.ticks == expected
