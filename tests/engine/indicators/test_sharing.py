"""Indicators as bars come: shared, freed, never other than what history tells."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isnan

import pytest

from tio.api.access import OWNER
from tio.api.contract import Item
from tio.api.errors import Invalid, NotFound
from tio.api.indicators import Computed, ComputeIndicators, IndicatorSpec, IndicatorUpdates
from tio.api.market import AssetClass, Timeframe
from tio.api.series import instant
from tio.api.ticks import Trade
from tio.engine.bus import Bus
from tio.engine.indicators.service import IndicatorService
from tio.engine.indicators.sharing import Lanes
from tio.engine.market.service import MarketService
from tio.engine.session import Session
from tio.plugin import Traits

from fakes import FakeClock, settle

NOON = instant(datetime(2026, 11, 20, 15, 0, tzinfo=UTC))
MINUTE = 60_000_000
VENUE = Traits(name="venue", asset_class=AssetClass.crypto)
BITCOIN, ETHER = "BTC-USD", "ETH-USD"
SMA = IndicatorSpec("sma", {"length": 3})
EMA = IndicatorSpec("ema", {"length": 3})
HOURLY = IndicatorSpec("sma", {"length": 2}, Timeframe.h1)
Told = tuple[Computed, ...]


@dataclass
class Scene:
    clock: FakeClock
    bus: Bus
    market: MarketService
    indicators: IndicatorService
    engine: Session
    lanes: Lanes
    number: int = 0

    def trade(self, minutes: float, price: float, symbol: str = BITCOIN) -> None:
        """A trade so many minutes after noon."""
        self.number += 1
        at = NOON + int(minutes * MINUTE)
        trade = Trade(symbol, price, 1.0, at, id=f"t{self.number}")
        self.market.market.take([trade], VENUE, max(at, instant(self.clock.now())))

    async def told(self, items: AsyncIterator[Item[Told]]) -> Item[Told]:
        """The next item, after what happened has been told."""
        self.bus.flush()
        async with asyncio.timeout(5):
            return await anext(items)

    async def compute(self, *specs: IndicatorSpec, limit: int = 500) -> Told:
        return await self.engine.ask(ComputeIndicators(specs, BITCOIN, Timeframe.m1, limit=limit))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    clock = FakeClock()
    bus = Bus(clock)
    market = MarketService(clock, bus)
    await market.start()
    indicators = IndicatorService(market, bus, clock)
    session = Session(
        OWNER,
        {**market.answers(), **indicators.answers()},
        {**market.streams(), **indicators.streams()},
    )
    lanes = (await indicators.desk()).lanes
    made = Scene(clock, bus, market, indicators, session, lanes)
    for minute in range(-130, 0):
        made.trade(minute, 100 + minute % 7)
    yield made
    await market.close()


def updates(*specs: IndicatorSpec, limit: int = 500) -> IndicatorUpdates:
    return IndicatorUpdates(BITCOIN, specs, Timeframe.m1, limit)


def last(computed: Computed, name: str = "") -> float:
    return list(computed.outputs[name or computed.name])[-1]


def same(one: float, other: float) -> bool:
    return one == pytest.approx(other, rel=1e-12) or (isnan(one) and isnan(other))


async def test_a_watch_begins_with_what_an_ask_tells(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA, EMA, limit=20)) as items:
        first = await scene.told(items)
    assert first.snapshot
    assert first.value == await scene.compute(SMA, EMA, limit=20)
    assert len(first.value[0].time) == 20


async def test_the_forming_bar_is_told_as_it_changes(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        await scene.told(items)
        scene.trade(0.1, 200.0)
        (opened,) = (await scene.told(items)).value
        scene.trade(0.2, 203.0)
        (changed,) = (await scene.told(items)).value
    assert list(opened.time)[-1] == NOON
    assert last(changed) == pytest.approx(last(opened) + 1.0)
    assert list(changed.time) == [NOON]


async def test_what_is_told_bar_by_bar_is_what_history_tells(scene: Scene) -> None:
    specs = (SMA, EMA, IndicatorSpec("macd"), IndicatorSpec("obv"), HOURLY)
    seen: list[dict[int, float]] = [{} for _ in specs]
    async with scene.engine.watch(updates(*specs)) as items:
        for tick in range(150):
            item = await scene.told(items)
            for values, computed in zip(seen, item.value, strict=True):
                name = next(iter(computed.outputs))
                values.update(zip(computed.time, computed.outputs[name], strict=True))
            scene.trade(tick / 2.1, 100 + (tick * 37) % 11)
    for values, computed in zip(seen, await scene.compute(*specs), strict=True):
        name = next(iter(computed.outputs))
        told = dict(zip(computed.time, computed.outputs[name], strict=True))
        at = max(values)
        assert len(told.keys() & values.keys()) > 70
        for opening in told.keys() & values.keys() - {at, max(told)}:
            assert same(values[opening], told[opening]), (computed.label, opening)


async def test_many_trades_of_a_beat_are_told_once(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        first = await scene.told(items)
        for step in range(50):
            scene.trade(0.1 + step / 1000, 200.0 + step)
        item = await scene.told(items)
        assert item.seq == first.seq + 1
        (expected,) = await scene.compute(SMA)
        assert last(item.value[0]) == last(expected)


async def test_a_slow_watcher_misses_no_bar(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        await scene.told(items)
        for minute in range(5):
            scene.trade(minute, 200.0 + minute)
            scene.bus.flush()
        (told,) = (await scene.told(items)).value
        (expected,) = await scene.compute(SMA)
    assert list(told.time)[-5:] == [NOON + minute * MINUTE for minute in range(5)]
    assert list(told.outputs["sma"])[-5:] == pytest.approx(list(expected.outputs["sma"])[-5:])


async def test_all_who_want_the_same_share_one_and_the_last_frees_it(scene: Scene) -> None:
    default = IndicatorSpec("sma", {"length": 3, "price": "close"})
    async with scene.engine.watch(updates(SMA)) as one:
        await scene.told(one)
        (shared,) = scene.lanes._shared.values()
        follower = next(iter(shared.lane.followers.values()))
        async with scene.engine.watch(updates(default, EMA)) as two:
            await scene.told(two)
            assert len(scene.lanes) == 1
            assert len(shared.lane.followers) == 2
            assert next(iter(shared.lane.followers.values())) is follower
            scene.trade(0.1, 200.0)
            (a,), (b, _) = (await scene.told(one)).value, (await scene.told(two)).value
            assert a == b
        assert len(shared.lane.followers) == 1
    assert len(scene.lanes) == 0
    assert not scene.market.market.bar_updates(BITCOIN, Timeframe.m1).watched
    assert BITCOIN not in scene.market.demand.symbols


async def test_one_that_joins_later_follows_from_where_the_others_are(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as one:
        await scene.told(one)
        for minute in range(4):
            scene.trade(minute, 200.0 + minute)
            await scene.told(one)
        async with scene.engine.watch(updates(EMA)) as two:
            await scene.told(two)
            scene.trade(4, 210.0)
            (told,) = (await scene.told(two)).value
            (expected,) = await scene.compute(EMA)
            assert last(told) == pytest.approx(last(expected))


async def test_a_trade_that_comes_late_begins_all_anew(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        await scene.told(items)
        for minute in range(3):
            scene.trade(minute, 200.0)
            await scene.told(items)
        await scene.clock.advance(5)
        scene.trade(1.9, 260.0)
        item = await scene.told(items)
        assert item.snapshot
        assert item.value == await scene.compute(SMA)
        scene.trade(3, 200.0)
        (told,) = (await scene.told(items)).value
        assert last(told) == pytest.approx((260 + 200 + 200) / 3)


async def test_late_trades_in_a_row_read_history_once_a_while(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        await scene.told(items)
        for minute in range(3):
            scene.trade(minute, 200.0)
            await scene.told(items)
        scene.trade(1.5, 260.0)
        assert (await scene.told(items)).snapshot
        following = asyncio.ensure_future(anext(items))
        scene.trade(1.6, 290.0)
        scene.bus.flush()
        await settle()
        assert not following.done()
        await scene.clock.advance(1.0)
        async with asyncio.timeout(5):
            item = await following
        assert item.snapshot
        assert item.value == await scene.compute(SMA)


async def test_history_that_came_begins_all_anew(scene: Scene) -> None:
    async with scene.engine.watch(updates(SMA)) as items:
        await scene.told(items)
        scene.market.market.bar_updates(BITCOIN, Timeframe.m1).begin_anew()
        assert (await scene.told(items)).snapshot


async def test_a_longer_timeframes_value_steps_live_when_its_bar_closes(scene: Scene) -> None:
    async with scene.engine.watch(updates(HOURLY)) as items:
        await scene.told(items)
        scene.trade(1, 500.0)
        (within,) = (await scene.told(items)).value
        scene.trade(59, 600.0)
        (still,) = (await scene.told(items)).value
        assert last(still) == last(within)
        scene.trade(60, 700.0)
        (stepped,) = (await scene.told(items)).value
        assert last(stepped) == pytest.approx((106 + 600) / 2)
        (expected,) = await scene.compute(HOURLY)
        assert last(stepped) == last(expected)
        assert last(stepped) != last(within)
    assert len(scene.lanes) == 0


async def test_another_instrument_is_followed_beside(scene: Scene) -> None:
    for minute in range(-130, 0):
        scene.trade(minute, 50 + (minute * 3) % 5, ETHER)
    spec = IndicatorSpec("correlation", {"length": 10}, against=ETHER)
    async with scene.engine.watch(updates(spec)) as items:
        await scene.told(items)
        assert ETHER in scene.market.demand.symbols
        for minute in range(15):
            scene.trade(minute, 100 + minute % 3, ETHER)
            scene.trade(minute + 0.1, 100 + minute % 4)
            (told,) = (await scene.told(items)).value
        (expected,) = await scene.compute(spec)
        assert last(told) == pytest.approx(last(expected), rel=1e-9)
    assert ETHER not in scene.market.demand.symbols


async def test_a_symbol_of_which_nothing_is_known_yet_begins_with_its_first_bar(
    scene: Scene,
) -> None:
    scene.trade(-200, 10.0, ETHER)
    scene.market.market.clear()
    async with scene.engine.watch(updates(IndicatorSpec("sma", {"length": 2}))) as items:
        first = await scene.told(items)
        assert len(first.value[0].time) == 0
        for minute in range(3):
            scene.trade(minute, 100.0 + minute)
            (told,) = (await scene.told(items)).value
        assert last(told) == pytest.approx(101.5)


async def test_what_cannot_be_followed_is_refused(scene: Scene) -> None:
    with pytest.raises(NotFound, match="no indicator 'smaa'"):
        async with scene.engine.watch(updates(IndicatorSpec("smaa"))):
            pass
    with pytest.raises(Invalid, match="length must be"):
        async with scene.engine.watch(updates(IndicatorSpec("sma", {"length": 0}))):
            pass
    assert len(scene.lanes) == 0
