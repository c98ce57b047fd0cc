"""Coinbase asked over HTTP by its adapter: list, candles, quotes and limits."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest
from coinbase_venue import (
    CANDLES,
    LIST,
    NOW,
    STAMP,
    Scene,
    product,
)
from faulty_server import Asked, Says, ScriptedWire, faulty_server, page, status

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, TopOfBook
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.coinbase import Coinbase
from tio.engine.feeds.live.reach import Reach

from fakes import FakeClock


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with faulty_server() as server:
        found = Scene(server)
        yield found
        await found.web.close()


async def test_without_the_one_list_the_other_is_taken(scene: Scene) -> None:
    scene.server.answer(LIST, status(403))
    listed = {"id": "LTC-EUR", "base_currency": "LTC", "quote_currency": "EUR", "status": "online"}
    scene.server.answer("/products", json=[listed])
    (found,) = await scene.told(scene.coinbase.listing())
    assert found.symbol == "LTC-EUR"


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
    assert "coinbase" in caught.value.message


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
