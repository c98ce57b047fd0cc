"""Binance asked over HTTP by its adapter: bars, figures, doors, bans and weights."""

import asyncio
import itertools
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import timedelta

import pytest
from binance_venue import API, MINUTE, NOW, Scene, info
from faulty_server import Asked, Says, ScriptedWire, faulty_server, page, status

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import binance
from tio.engine.feeds.live.binance import Binance
from tio.engine.feeds.live.binance_asking import Door, Venue
from tio.engine.feeds.live.reach import Reach

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
    assert "binance" in caught.value.message


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
