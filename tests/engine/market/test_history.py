import math
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tio.api.market import Adjustment, AssetClass, Bars, Coverage, Delay, Timeframe
from tio.api.series import Series, Times, instant, moment
from tio.api.ticks import Trade
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.store import market_schema
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.database import Database, Durability
from tio.plugin import Outlet, Source, Traits, Wanted

from fakes import FakeClock

SECOND = 1_000_000
MINUTE = 60 * SECOND


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[BarStore]:
    database = Database(tmp_path / "market.db", Durability.normal, market_schema.STEPS)
    await database.open()
    yield BarStore(database)
    await database.close()


class Remembering:
    """A source with a past and no present."""

    traits = Traits(name="venue", asset_class=AssetClass.crypto)

    def __init__(self, closes: dict[Timeframe, dict[int, float]]) -> None:
        self._closes = closes

    def instruments(self) -> tuple[()]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        return

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        closes = self._closes.get(timeframe, {})
        times = [time for time in sorted(closes) if time < instant(end)]
        if start is not None:
            times = [time for time in times if time >= instant(start)]
        times = times[-limit:]
        prices = Series([closes[time] for time in times])
        return Bars(
            symbol=symbol,
            timeframe=timeframe,
            time=Times(times),
            open=prices,
            high=prices,
            low=prices,
            close=prices,
            volume=Series([1.0] * len(times)),
            source="venue",
        )


def service_of(
    clock: FakeClock, store: BarStore | None, sources: tuple[Source, ...] = ()
) -> MarketService:
    return MarketService(clock, Bus(clock), store, sources)


def trades(start: int, count: int, step: int) -> list[Trade]:
    return [Trade("BTC-USD", 100.0 + n % 7, 1.0, start + n * step, id=str(n)) for n in range(count)]


async def test_bars_let_go_of_are_read_back_from_the_store(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    service = service_of(clock, store)
    start = noon - 9_000 * SECOND
    for tick in trades(start, 9_000, SECOND):
        service.market.take([tick], venue, noon)
    bars = await service.history.bars("BTC-USD", Timeframe.s1, limit=50_000)
    assert list(bars.time) == [start + n * SECOND for n in range(9_000)]
    assert list(bars.close) == [100.0 + n % 7 for n in range(9_000)]
    assert bars.seams == ()
    five = await service.history.bars("BTC-USD", Timeframe.s5, limit=50_000)
    assert (len(five), set(five.volume)) == (1_800, {5.0})
    some = await service.history.bars(
        "BTC-USD", Timeframe.m1, moment(start), moment(start + 30 * MINUTE), 10
    )
    assert list(some.time) == [start + n * MINUTE for n in range(20, 30)]
    await service.close()


async def test_a_restart_goes_on_with_the_bars_that_were_forming(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    first = service_of(clock, store)
    begin = noon - 200 * SECOND
    first.market.take(trades(begin, 100, SECOND), venue, noon)
    await first.close()
    second = service_of(clock, store)
    await second.start()
    later = [
        Trade("BTC-USD", 200.0, 1.0, begin + (100 + n) * SECOND, id=f"9{n}") for n in range(50)
    ]
    second.market.take(later, venue, noon)
    for timeframe in (Timeframe.m1, Timeframe.h1, Timeframe.d1, Timeframe.w1, Timeframe.mo1):
        bars = await second.history.bars("BTC-USD", timeframe)
        assert math.fsum(bars.volume) == 150.0
        assert (bars.open[0], bars.close[-1], min(bars.low)) == (100.0, 200.0, 100.0)
        kept = second.market.board.lines["BTC-USD"].bars.ladder(timeframe).newest()
        assert kept is not None
        assert kept.volume == bars.volume[-1]
    await second.close()


async def test_what_the_source_remembers_comes_before_what_was_seen(
    clock: FakeClock, venue: Traits, noon: int
) -> None:
    minutes = {noon - n * MINUTE: float(n) for n in range(1, 700)}
    day = instant(datetime(2026, 11, 20, tzinfo=UTC))
    source = Remembering({Timeframe.m1: minutes, Timeframe.d1: {day - 86_400 * SECOND: 7.0}})
    service = service_of(clock, None, (source,))
    service.market.take([Trade("BTC-USD", 500.0, 2.0, noon, id="1")], source.traits, noon)
    bars = await service.history.bars("BTC-USD", Timeframe.m1, limit=5)
    assert list(bars.close) == [4.0, 3.0, 2.0, 1.0, 500.0]
    days = await service.history.bars("BTC-USD", Timeframe.d1, limit=5)
    # The 699 minutes the source remembers of the day, and the live trade of size 2.
    assert list(days.volume) == [1.0, 701.0]
    assert (days.source, days.forming) == ("venue", True)


async def test_weeks_and_months_restored_in_part_are_left_to_history(
    clock: FakeClock, venue: Traits, noon: int
) -> None:
    # 1 November 2026 is a Sunday: its week began in October.
    days = {
        instant(datetime(2026, 10, 20, tzinfo=UTC)) + n * 86_400 * SECOND: 1.0 for n in range(31)
    }
    source = Remembering({Timeframe.d1: days})
    service = service_of(clock, None, (source,))
    service.market.take([Trade("BTC-USD", 5.0, 2.0, noon, id="1")], source.traits, noon)
    weeks = await service.history.bars("BTC-USD", Timeframe.w1)
    months = await service.history.bars("BTC-USD", Timeframe.mo1)
    assert (list(weeks.time), list(weeks.volume)) == ([at(2026, 11, 16)], [6.0])
    assert (list(months.time), list(months.volume)) == ([at(2026, 11, 1)], [21.0])


def at(year: int, month: int, day: int) -> int:
    return instant(datetime(year, month, day, tzinfo=UTC))


async def test_where_sources_meet_a_seam_is_told(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    old = [(noon - n * MINUTE, 1.0, 1.0, 1.0, 1.0, 1.0) for n in range(10, 20)]
    wide = Terms(Coverage.consolidated, Delay.end_of_day)
    await store.append("BTC-USD", "csv", Timeframe.m1, old, wide)
    service = service_of(clock, store)
    service.market.take(trades(noon - 5 * MINUTE, 3, MINUTE), venue, noon)
    bars = await service.history.bars("BTC-USD", Timeframe.m1)
    assert len(bars) == 13
    (seam,) = bars.seams
    assert (seam.time, seam.before, seam.after, seam.coverage_differs) == (
        moment(noon - 5 * MINUTE),
        "csv",
        "venue",
        True,
    )
    only = await service.history.bars("BTC-USD", Timeframe.m1, source="csv")
    assert (len(only), only.coverage, only.delay) == (10, "consolidated", "end_of_day")
    await service.close()


async def test_bars_of_two_adjustments_are_never_told_as_one(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    old = [(noon - n * MINUTE, 1.0, 1.0, 1.0, 1.0, 1.0) for n in range(10, 20)]
    total = Terms(Coverage.consolidated, Delay.end_of_day, Adjustment.total)
    await store.append("AAPL", "stooq", Timeframe.m1, old, total)
    service = service_of(clock, store)
    await service.learn_stored()
    bars = await service.history.bars("AAPL", Timeframe.m5)
    assert (len(bars), bars.adjusted, bars.source) == (3, "total", "stooq")
    await store.append("AAPL", "csv", Timeframe.m1, [(noon, 4.0, 4.0, 4.0, 4.0, 1.0)], Terms())
    for source, adjusted, count in (("stooq", "total", 10), ("csv", "raw", 1)):
        bars = await service.history.bars("AAPL", Timeframe.m1, source=source)
        assert (bars.adjusted, len(bars)) == (adjusted, count)
    both = await service.history.bars("AAPL", Timeframe.m1)
    assert (both.source, both.adjusted, len(both), both.seams) == ("csv", "raw", 1, ())
    await service.close()


async def test_a_coarser_timeframe_is_folded_from_the_stored_one(
    clock: FakeClock, store: BarStore
) -> None:
    midnight = instant(datetime(2026, 11, 16, tzinfo=UTC))
    days = [(midnight + n * 86_400 * SECOND, 1.0 + n, 9.0, 0.5, 2.0 + n, 1.0) for n in range(10)]
    await store.append("AAPL", "csv", Timeframe.d1, days)
    service = service_of(clock, store)
    await service.learn_stored()
    weeks = await service.history.bars("AAPL", Timeframe.w1)
    assert list(weeks.time) == [midnight, midnight + 7 * 86_400 * SECOND]
    assert list(weeks.open) == [1.0, 8.0]
    assert list(weeks.volume) == [7.0, 3.0]
    assert (service.symbol("aapl"), weeks.forming) == ("AAPL", True)
    hours = await service.history.bars("AAPL", Timeframe.h1)
    assert len(hours) == 0


async def test_closed_bars_are_stored_each_second_and_forming_ones_are_not(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    service = service_of(clock, store)
    await service.start()
    service.market.take(trades(noon - 3 * SECOND, 4, SECOND), venue, noon)
    await service.keeper.settle()
    seconds = await store.read("BTC-USD", Timeframe.s1)
    assert list(seconds.time) == [noon - n * SECOND for n in (3, 2, 1)]
    await clock.advance(2.0)
    await service.keeper.settle()
    assert len(await store.read("BTC-USD", Timeframe.s1)) == 4
    assert list((await store.read("BTC-USD", Timeframe.m1)).volume) == [3.0]
    await service.close()
    assert list((await store.read("BTC-USD", Timeframe.m1)).volume) == [3.0, 1.0]
    assert clock.now() == moment(noon) + timedelta(seconds=2)


async def test_what_a_line_held_before_another_source_took_over_stays_that_source_s(
    clock: FakeClock, store: BarStore, venue: Traits, noon: int
) -> None:
    service = service_of(clock, store)
    second = Traits(name="second", asset_class=AssetClass.crypto)
    begin = noon - 10 * MINUTE
    service.market.take(trades(begin, 10, 30 * SECOND), venue, begin + 5 * MINUTE)
    service.market.writer = lambda _: "second"
    service.market.take(trades(begin + 5 * MINUTE, 10, 30 * SECOND), second, noon)
    both = await service.history.bars("BTC-USD", Timeframe.m1)
    assert list(both.volume) == [2.0] * 10
    assert [(seam.before, seam.after) for seam in both.seams] == [("venue", "second")]
    first = await service.history.bars("BTC-USD", Timeframe.d1, source="venue")
    assert list(first.volume) == [10.0]
    service.market.writer = lambda _: "venue"
    service.market.take(trades(noon, 1, 1), venue, noon)
    back = await service.history.bars("BTC-USD", Timeframe.d1, source="venue")
    assert list(back.volume) == [11.0]
