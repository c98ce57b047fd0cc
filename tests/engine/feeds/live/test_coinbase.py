"""Coinbase's adapter against a local server that speaks its language, and fails as it does."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from faulty_server import Asked, FaultyServer, Says, ScriptedWire, faulty_server, page, status

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Side, SourceState, Timeframe
from tio.api.series import instant
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, TopOfBook, Trade
from tio.config import SourceSettings
from tio.engine.feeds.coinbase import parse
from tio.engine.feeds.frames import Direction, Frame, read_frames
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import coinbase
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.coinbase import Coinbase
from tio.engine.feeds.live.coinbase_stream import BOOKS
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand
from tio.plugin import Lists, Polls, Spells

import recorded
from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC)
LIST = "/api/v3/brokerage/market/products"
CANDLES = "/products/BTC-USD/candles"
TRADES = "/products/BTC-USD/trades"
STAMP = "2026-11-20T15:00:30.5Z"


def product(name: str, alias: str = "") -> dict[str, Any]:
    base, _, quote = name.partition("-")
    return {
        "product_id": name,
        "base_currency_id": base,
        "quote_currency_id": quote,
        "base_name": base,
        "product_type": "SPOT",
        "status": "online",
        "alias": alias,
        "price_increment": "0.01",
        "base_increment": "0.001",
    }


def frame(number: int, channel: str, *events: dict[str, Any]) -> str:
    said = {"channel": channel, "client_id": "", "timestamp": STAMP, "sequence_num": number}
    return json.dumps({**said, "events": events})


def beat(number: int) -> str:
    return frame(number, "heartbeats", {"current_time": "x", "heartbeat_counter": number})


def trades(number: int, *ids: int, product: str = "BTC-USD", kind: str = "update") -> str:
    told = [
        {
            "trade_id": str(each),
            "product_id": product,
            "price": "100",
            "size": "1",
            "side": "BUY",
            "time": STAMP,
        }
        for each in ids
    ]
    return frame(number, "market_trades", {"type": kind, "trades": told})


def book(number: int, kind: str = "snapshot", product: str = "BTC-USD") -> str:
    level = {"side": "bid", "event_time": STAMP, "price_level": "99", "new_quantity": "2"}
    event = {"type": kind, "product_id": product, "updates": [level]}
    return frame(number, "l2_data", event)


def past_trades(asked: Asked) -> Says:
    """Trades before the cursor, the newest first, as the Exchange tells them."""
    after, limit = int(asked.query["after"]), int(asked.query["limit"])
    told = [
        {"time": STAMP, "trade_id": number, "price": "100", "size": "1", "side": "sell"}
        for number in range(after - 1, max(0, after - 1 - limit), -1)
    ]
    return Says(200, json.dumps(told).encode())


def candles(asked: Asked) -> Says:
    """A candle of every span, the newest first, and one that opens before what was asked."""
    step = int(asked.query["granularity"])
    begin, end = (datetime.fromisoformat(asked.query[name]) for name in ("start", "end"))
    first, last = int(begin.timestamp()), int(end.timestamp())
    assert (last - first) // step < 300
    rows = [[at, 0.5, 2, 1, 1.5, 9] for at in range(last, first - 2 * step, -step)]
    return Says(200, json.dumps(rows).encode())


class Scene:
    """The source against the server, with a clock moved by hand; `venue` answers its messages."""

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.coinbase = Coinbase(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        self.out = FakeOutlet()
        self.demand = Demand()
        server.answer(
            LIST,
            json={
                "products": [
                    product("BTC-USD"),
                    product("BTC-USDC", "BTC-USD"),
                    product("ETH-USD"),
                    product("BTC-USDT"),
                ]
            },
        )
        server.answer(TRADES, past_trades)
        server.answer(CANDLES, candles)

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

    def ids(self, symbol: str = "BTC-USD") -> list[str | None]:
        ticks = self.out.ticks
        return [each.id for each in ticks if isinstance(each, Trade) and each.symbol == symbol]

    def said(self, kind: str = "subscribe") -> list[tuple[str, list[str]]]:
        """Channel and products of every message of that kind we sent."""
        told = [json.loads(text) for text in self.server.heard]
        return [
            (each["channel"], each.get("product_ids", [])) for each in told if each["type"] == kind
        ]

    async def listed(self) -> None:
        self.coinbase.learn(await self.told(self.coinbase.listing()))

    @asynccontextmanager
    async def running(self, *symbols: str) -> AsyncIterator[None]:
        await self.listed()
        self.demand.add(symbols)
        task = asyncio.create_task(self.coinbase.run(self.demand.follow(), self.out))
        try:
            await self.until(lambda: len(self.server.heard) >= 4)
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        found = Scene(server)
        yield found
        await found.web.close()


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Scene) -> None:
    known = CATALOGUE["coinbase"]
    assert (known.assets, known.needs_key) == (coinbase.ASSETS, coinbase.NEEDS_KEY)
    assert (known.unofficial, known.attribution) == (coinbase.UNOFFICIAL, coinbase.ATTRIBUTION)
    source = coinbase.open_source(Reach(scene.web, scene.clock))
    assert source.traits.name == "coinbase"
    for capability in (Spells, Lists, Polls):
        assert isinstance(source, capability)
    assert not scene.server.asked


async def test_the_list_decides_spellings_and_tethers_are_not_dollars(scene: Scene) -> None:
    assert scene.coinbase.spelled("BTC-USD") is None
    await scene.listed()
    spelled = [scene.coinbase.spelled(each) for each in ("BTC-USD", "BTC-USDC", "BTC-USDT", "X-Y")]
    assert spelled == ["BTC-USD", "BTC-USD", "BTC-USDT", None]


async def test_without_the_one_list_the_other_is_taken(scene: Scene) -> None:
    scene.server.answer(LIST, status(403))
    listed = {"id": "LTC-EUR", "base_currency": "LTC", "quote_currency": "EUR", "status": "online"}
    scene.server.answer("/products", json=[listed])
    (found,) = await scene.told(scene.coinbase.listing())
    assert found.symbol == "LTC-EUR"


async def test_it_asks_for_heartbeats_first_and_for_what_is_wanted_and_no_more(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        assert scene.said()[0] == ("heartbeats", [])
        assert sorted(scene.said()[1:]) == [
            ("level2", ["BTC-USD"]),
            ("market_trades", ["BTC-USD"]),
            ("ticker", ["BTC-USD"]),
        ]
        assert scene.clock.monotonic() >= 3 * 0.25
        scene.demand.add(["ETH-USD"])
        scene.demand.drop(["BTC-USD"])
        await scene.until(lambda: len(scene.server.heard) == 10)
        assert {products[0] for _, products in scene.said("unsubscribe")} == {"BTC-USD"}
        assert {products[0] for _, products in scene.said()[4:]} == {"ETH-USD"}
        await scene.server.say(trades(0, 1), trades(1, 2, product="ETH-USD"))
        await scene.until(lambda: bool(scene.out.ticks))
        assert (scene.ids("BTC-USD"), scene.ids("ETH-USD")) == ([], ["2"])


async def test_prices_books_and_trades_are_told_and_past_trades_fold_into_nothing(
    scene: Scene,
) -> None:
    ticker = {"product_id": "BTC-USD", "price": "100", "best_bid": "99", "best_ask": "101"}
    async with scene.running("BTC-USD"):
        await scene.server.say(
            frame(0, "ticker", {"type": "snapshot", "tickers": [ticker]}),
            book(1),
            book(2, "update"),
            trades(3, 7, kind="snapshot"),
            trades(4, 8),
        )
        await scene.until(lambda: len(scene.out.ticks) == 6)
    figures, top, whole, change, past, new = scene.out.ticks
    assert isinstance(figures, DayFigures)
    assert isinstance(top, TopOfBook)
    assert isinstance(whole, BookSnapshot)
    assert isinstance(change, BookChange)
    assert isinstance(past, Trade)
    assert isinstance(new, Trade)
    assert (past.folds, new.folds, new.side) == (False, True, Side.buy)
    assert len(scene.out.frames) == 5


async def test_what_is_traded_in_dollars_is_told_of_the_usdc_pair_in_the_same_book(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD", "BTC-USDC"):
        assert all(products in ([], ["BTC-USD"]) for _, products in scene.said())
        await scene.server.say(trades(0, 1))
        await scene.until(lambda: len(scene.out.ticks) == 2)
        assert (scene.ids("BTC-USD"), scene.ids("BTC-USDC")) == (["1"], ["1"])


async def test_books_are_told_of_so_many_and_of_the_same_ones(scene: Scene) -> None:
    names = [f"C{number:03}-USD" for number in range(BOOKS + 5)]
    scene.server.answer(LIST, json={"products": [product(name) for name in ["A-USD", *names]]})
    async with scene.running(*names):
        await scene.until(lambda: any(channel == "level2" for channel, _ in scene.said()))
        assert [names for channel, names in scene.said() if channel == "level2"] == [names[:BOOKS]]
        scene.demand.add(["A-USD"])
        await scene.until(lambda: ("ticker", ["A-USD"]) in scene.said())
        scene.demand.drop([names[3]])
        await scene.until(lambda: ("level2", ["A-USD"]) in scene.said())
        assert ("level2", [names[3]]) in scene.said("unsubscribe")


async def test_where_frames_are_missing_the_book_is_asked_for_anew(scene: Scene) -> None:
    def answer(text: str) -> list[str]:
        said = json.loads(text)
        if said["type"] != "unsubscribe":
            return []
        return [frame(9, "subscriptions", {"subscriptions": {"ticker": ["BTC-USD"]}})]

    scene.server.on_message = answer
    async with scene.running("BTC-USD"):
        await scene.server.say(beat(0), book(1), beat(2), beat(2), beat(8))
        await scene.until(lambda: len(scene.server.heard) == 6)
        assert scene.said("unsubscribe") == [("level2", ["BTC-USD"])]
        assert scene.said()[-1] == ("level2", ["BTC-USD"])
        await scene.server.say(beat(10), beat(11))
        await scene.clock.advance(5)
        assert len(scene.server.heard) == 6
        assert scene.server.connected == 1


async def test_a_trade_number_that_is_skipped_is_asked_for_and_told_in_order(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1, 2), trades(1, 6), trades(2, 6), trades(3, 7))
        await scene.until(lambda: "5" in scene.ids())
        (asked,) = [each for each in scene.server.asked if each.path == TRADES]
        assert asked.query == {"limit": "3", "after": "6"}
        repaired = [each for each in scene.out.ticks if isinstance(each, Trade)]
        assert {each.id for each in repaired} == {"1", "2", "3", "4", "5", "6", "7"}
        # The Exchange says the side of the order that stood; here it was a buyer who took.
        assert {each.side for each in repaired} == {Side.buy}
        assert all(each.folds for each in repaired)


async def test_a_long_gap_is_asked_for_in_pages_and_a_longer_one_is_left_to_the_bars(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1), trades(1, 2_502))
        await scene.until(lambda: len(scene.ids()) == 2_502)
        assert scene.server.count(TRADES) == 3
        await scene.server.say(trades(2, 99_999))
        await scene.until(lambda: len(scene.ids()) == 2_503)
        await scene.clock.advance(5)
        assert scene.server.count(TRADES) == 3


async def test_after_a_lost_connection_all_is_subscribed_and_what_was_missed_is_told(
    scene: Scene,
) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(trades(0, 1))
        await scene.until(lambda: scene.ids() == ["1"])
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.server.heard) == 8)
        assert sorted(scene.said()[:4]) == sorted(scene.said()[4:])
        await scene.server.say(trades(0, 5, 4, kind="snapshot"))
        await scene.until(lambda: len(scene.ids()) == 5)
        assert set(scene.ids()) == {"1", "2", "3", "4", "5"}
        assert all(tick.folds for tick in scene.out.ticks if isinstance(tick, Trade))
        assert SourceState.failed in {state for state, _ in scene.out.standings}


async def test_ten_seconds_without_a_heartbeat_are_a_lost_connection(scene: Scene) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say(beat(0))
        await scene.until(lambda: len(scene.out.frames) == 1)
        scene.server.deaf = True
        began = scene.clock.monotonic()
        await scene.until(lambda: scene.server.connected == 2)
        assert 10 <= scene.clock.monotonic() - began < 15
        assert any("no message for 10 s" in reason for _, reason in scene.out.standings)


async def test_a_product_the_venue_refuses_is_told_and_not_asked_for_again(scene: Scene) -> None:
    async with scene.running("BTC-USD", "ETH-USD"):
        await scene.server.say('{"type":"error","message":"ETH-USD is not a valid product"}')
        await scene.until(lambda: bool(scene.out.refusals))
        assert scene.out.refusals == {"ETH-USD": "Coinbase says: ETH-USD is not a valid product"}
        await scene.until(lambda: len(scene.said("unsubscribe")) == 3)
        await scene.server.close_sockets()
        await scene.until(lambda: len(scene.said()) == 8)
        assert all(products in ([], ["BTC-USD"]) for _, products in scene.said()[4:])


async def test_garbage_and_words_of_no_product_change_nothing(scene: Scene) -> None:
    async with scene.running("BTC-USD"):
        await scene.server.say("garbage", "[]", '{"channel":"wow"}', b"\xff")
        await scene.server.say('{"type":"error","message":"slow down"}', trades(0, 1))
        await scene.until(lambda: scene.ids() == ["1"])
        assert (SourceState.live, "Coinbase says: slow down") in scene.out.standings
        assert scene.server.connected == 1


async def test_bars_come_in_pages_of_three_hundred_from_the_newest_back(scene: Scene) -> None:
    await scene.listed()
    bars = await scene.told(scene.coinbase.history("BTC-USDC", Timeframe.m1, None, NOW, 700))
    assert bars is not None
    assert len(bars) == 700
    assert scene.server.count(CANDLES) == 3
    assert bars.time[-1] == instant(NOW.replace(second=0))
    assert bars.time[-1] - bars.time[0] == 699 * 60_000_000
    assert (bars.low[0], bars.high[0], bars.open[0], bars.close[0]) == (0.5, 2.0, 1.0, 1.5)
    assert bars.forming
    assert (bars.symbol, bars.source) == ("BTC-USDC", "coinbase")


async def test_bars_stay_within_what_was_asked_and_gaps_stay_gaps(scene: Scene) -> None:
    await scene.listed()
    start, end = NOW - timedelta(hours=9, seconds=30), NOW - timedelta(hours=1, seconds=30)
    at = int(start.timestamp()) + 7_200

    def thin(asked: Asked) -> Says:
        return Says(200, json.dumps([[at, 1, 1, 1, 1, 1], [at - 86_400, 1, 1, 1, 1, 1]]).encode())

    scene.server.answer(CANDLES, thin)
    bars = await scene.told(scene.coinbase.history("BTC-USD", Timeframe.m1, start, end, 1_000))
    assert bars is not None
    assert list(bars.time) == [at * 1_000_000]
    assert not bars.forming
    # 480 minutes are two questions.
    assert scene.server.count(CANDLES) == 2


async def test_it_stops_asking_before_the_pair_began_to_trade(scene: Scene) -> None:
    await scene.listed()
    scene.server.answer(CANDLES, json=[])
    start = datetime(1970, 1, 1, tzinfo=UTC)
    bars = await scene.told(scene.coinbase.history("BTC-USD", Timeframe.d1, start, NOW, 20_000))
    assert bars is not None
    assert len(bars) == 0
    assert scene.server.count(CANDLES) == 3


async def test_without_the_exchange_the_past_is_told_by_the_other_api(scene: Scene) -> None:
    await scene.listed()
    scene.server.answer(CANDLES, page())
    row = {"start": str(int(NOW.timestamp()) - 3_630), "open": "2", "close": "3", "volume": "9"}
    scene.server.answer(
        f"{LIST}/BTC-USD/candles", json={"candles": [{**row, "low": "1", "high": "4"}]}
    )
    asked = scene.coinbase.history("BTC-USD", Timeframe.h1, NOW - timedelta(hours=3), NOW, 5)
    bars = await scene.told(asked)
    assert bars is not None
    assert (len(bars), bars.high[0]) == (1, 4.0)
    (query,) = [each.query for each in scene.server.asked if each.path.startswith(f"{LIST}/")]
    assert query["granularity"] == "ONE_HOUR"


async def test_what_it_does_not_have_is_none(scene: Scene) -> None:
    await scene.listed()
    for symbol, timeframe in (("BTC-EUR", Timeframe.m1), ("BTC-USD", Timeframe.s1)):
        assert await scene.coinbase.history(symbol, timeframe, None, NOW, 5) is None
    scene.server.answer(CANDLES, Says(404, b'{"message":"NotFound"}'))
    asked = scene.coinbase.history("BTC-USD", Timeframe.m1, None, NOW, 5)
    assert await scene.told(asked) is None


@pytest.mark.parametrize("told", [page(), Says(200, b"[[1]]"), status(403), status(451)])
async def test_an_answer_that_is_none_is_an_error_in_words(scene: Scene, told: Says) -> None:
    await scene.listed()
    scene.server.answer(CANDLES, told)
    scene.server.answer(f"{LIST}/BTC-USD/candles", told)
    with pytest.raises((SourceUnavailable, NotAllowed)) as caught:
        await scene.told(scene.coinbase.history("BTC-USD", Timeframe.m1, None, NOW, 5))
    assert caught.value.message.startswith("coinbase")


@pytest.mark.parametrize("retry_after", [None, 3])
async def test_too_many_questions_wait_and_are_asked_again(
    scene: Scene, retry_after: int | None
) -> None:
    await scene.listed()
    scene.server.then(CANDLES, status(429, retry_after=retry_after))
    began = scene.clock.monotonic()
    bars = await scene.told(scene.coinbase.history("BTC-USD", Timeframe.m1, None, NOW, 5))
    assert bars is not None
    assert scene.clock.monotonic() - began >= (retry_after or 2)
    assert scene.server.count(CANDLES) == 2


async def test_quotes_of_what_it_lists_are_told_now(scene: Scene) -> None:
    ticker = {"price": "100", "time": STAMP, "bid": "99", "ask": "101", "volume": "5"}
    scene.server.answer("/products/BTC-USD/ticker", json=ticker)
    await scene.listed()
    ticks = await scene.told(scene.coinbase.quotes(["BTC-USDC", "BTC-EUR", "ETH-USD"]))
    figures, top = ticks
    assert isinstance(figures, DayFigures)
    assert (figures.symbol, figures.last) == ("BTC-USDC", 100.0)
    assert isinstance(top, TopOfBook)
    assert (top.bid, top.ask) == (99.0, 101.0)


async def test_a_storm_of_questions_stays_within_the_limits_of_both_apis() -> None:
    clock = FakeClock(NOW)
    wire = ScriptedWire(clock)
    times: dict[str, list[float]] = {"": [], "exchange": []}

    def noted(name: str, body: bytes, code: int = 200) -> Callable[[Asked], Says]:
        def answer(asked: Asked) -> Says:
            times[name].append(clock.monotonic())
            return Says(code, body)

        return answer

    products = json.dumps({"products": [product("BTC-USD")]}).encode()
    wire.answer(LIST, noted("", products))
    wire.answer(CANDLES, noted("exchange", b"[]"))
    web = Web(clock, transport=wire, jitter=lambda: 0.5)
    source = Coinbase(Reach(web, clock))
    asking = asyncio.ensure_future(source.listing())
    await clock.advance(1)
    source.learn(await asking)

    async def ask_for_ever() -> None:
        while True:
            try:
                await source.history("BTC-USD", Timeframe.m1, None, NOW - next(ends), 5)
                await source.listing()
            except Busy:
                await clock.sleep(1.0)

    ends = (timedelta(days=number) for number in itertools.count())
    tasks = [asyncio.create_task(ask_for_ever()) for _ in range(40)]
    await clock.advance(300)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await web.close()
    assert len(times["exchange"]) > 300
    assert max(_in_a_second(times[""])) <= 10
    # Ten a second with bursts of fifteen: a bucket that never runs dry.
    tokens, before = 15.0, 0.0
    for at in times["exchange"]:
        tokens, before = min(15.0, tokens + (at - before) * 10) - 1, at
        assert tokens >= 0


def _in_a_second(times: list[float]) -> list[int]:
    return [sum(at - 1 < other <= at for other in times) for at in times]


async def test_a_recorded_session_of_the_exchange_goes_through_whole(scene: Scene) -> None:
    name = "1_exchange_captures/cryptofeed/COINBASE."
    listed = next(recorded.lines(f"{name}0.txt.gz")).partition(": ")[2]
    scene.server.answer(LIST, status(403))
    scene.server.answer("/products", Says(200, listed.encode()))
    frames = [
        each.text
        for each in read_frames(recorded.path(f"{name}ws.28.0.shared.txt.gz"))
        if isinstance(each, Frame) and each.direction is Direction.received
    ]
    expected = [tick for text in frames for tick in parse(text)]
    async with scene.running(*{tick.symbol for tick in expected}):
        await scene.server.say(*frames)
        await scene.until(lambda: len(scene.out.frames) == len(frames))
        assert len(frames) > 6_000
        assert Counter(map(type, scene.out.ticks)) == Counter(map(type, expected))
        assert scene.server.count(TRADES) == 0
