"""Minutes heard in part are asked of their source again, and shown as it told them."""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.ticks import Trade
from tio.engine.bus import Bus
from tio.engine.market.backfill import Backfill
from tio.engine.market.service import MarketService
from tio.engine.store import market_schema
from tio.engine.store.asked import AskedRanges
from tio.engine.store.bars import BarStore
from tio.engine.store.database import Database, Durability
from tio.engine.store.partly import PartlyHeard
from tio.plugin import Outlet, Traits, Wanted

from fakes import FakeClock

HEARD, TOLD = 50.0, 100.0
MINUTE = 60.0


class Archive:
    """Tells every minute there was, at one price."""

    traits = Traits(name="venue", asset_class=AssetClass.crypto)

    def __init__(self) -> None:
        self.asked: list[Timeframe] = []

    def instruments(self) -> tuple[Instrument, ...]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        raise AssertionError("an archive has nothing live")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: object, end: object, limit: int
    ) -> Bars | None:
        self.asked.append(timeframe)
        step = timeframe.step
        upto = instant(end)  # type: ignore[arg-type]
        first = instant(start) if start is not None else 0  # type: ignore[arg-type]
        first = max(first, upto - limit * step)
        time = np.arange(first + -first % step, upto, step, dtype=np.int64)[-limit:]
        same = Series([TOLD] * len(time))
        return Bars(
            symbol=symbol,
            timeframe=timeframe,
            time=Times(time.tolist()),
            open=same,
            high=same,
            low=same,
            close=same,
            volume=same,
            source="venue",
        )


class Run:
    """One run of a market over a store that outlives it."""

    numbers = itertools.count()

    def __init__(self, clock: FakeClock, database: Database, archive: Archive) -> None:
        store = BarStore(database)
        self.clock = clock
        self.database = database
        self.archive = archive
        self.service = MarketService(clock, Bus(clock), store)
        self.backfill = Backfill(
            clock, store, AskedRanges(database), lambda _: iter((("venue", archive),))
        )
        self.service.complete_from(self.backfill, PartlyHeard(database))

    async def trade(self, after: float = 0.0) -> None:
        """A trade is heard so many seconds from now."""
        await self.clock.advance(after)
        now = instant(self.clock.now())
        tick = Trade("BTC-USD", HEARD, 1.0, now, id=str(next(self.numbers)))
        self.service.market.take([tick], self.archive.traits, now)
        await self.service.keeper.settle()
        await self.database.settle()

    async def closes(self, timeframe: Timeframe = Timeframe.m1, limit: int = 6) -> list[float]:
        return list((await self.service.history.bars("BTC-USD", timeframe, limit=limit)).close)


@asynccontextmanager
async def run(clock: FakeClock, folder: Path, archive: Archive) -> AsyncIterator[Run]:
    database = Database(folder / "market.db", Durability.normal, market_schema.STEPS)
    await database.open()
    it = Run(clock, database, archive)
    try:
        yield it
    finally:
        assert it.service.history.completer is not None
        await it.service.history.completer.close()
        await it.service.keeper.close()
        await database.close()


@pytest.fixture
def archive() -> Archive:
    return Archive()


async def test_the_minute_a_line_began_in_is_told_whole(
    tmp_path: Path, clock: FakeClock, archive: Archive
) -> None:
    await clock.advance(20)
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        await venue.trade(MINUTE)
        await venue.trade(MINUTE)
        assert await venue.closes() == [TOLD, TOLD, TOLD, TOLD, HEARD, HEARD]


async def test_minutes_around_a_lost_connection_are_told_whole(
    tmp_path: Path, clock: FakeClock, archive: Archive
) -> None:
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        await venue.trade(MINUTE)
        await venue.trade(MINUTE)
        venue.service.market.drop_books("venue")
        await venue.trade(1.5 * MINUTE)
        await venue.trade(MINUTE)
        await venue.trade(MINUTE)
        assert await venue.closes() == [TOLD, HEARD, TOLD, TOLD, HEARD, HEARD]
        assert await venue.closes(Timeframe.m3, 2) == [TOLD, HEARD]


async def test_minutes_around_a_stop_are_told_whole(
    tmp_path: Path, clock: FakeClock, archive: Archive
) -> None:
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        await venue.trade(MINUTE)
        await venue.trade(MINUTE)
    await clock.advance(1.5 * MINUTE)
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        await venue.trade(MINUTE)
        assert (await venue.closes())[-3:] == [TOLD, TOLD, HEARD]


async def test_who_watches_the_bars_gets_them_whole_without_asking(
    tmp_path: Path, clock: FakeClock, archive: Archive
) -> None:
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        await venue.trade(MINUTE)
        anew = venue.service.market.bar_updates("BTC-USD", Timeframe.m1)
        async with anew.watch(None, lambda: None, lambda _: None) as watch:
            assert (await anext(watch)).snapshot
            await venue.service.history.heal("BTC-USD", Timeframe.m1)
            assert (await anext(watch)).snapshot
        assert (await venue.closes())[-2:] == [TOLD, HEARD]


@pytest.mark.parametrize(("timeframe", "days"), [(Timeframe.w1, 2), (Timeframe.mo1, 24)])
async def test_a_week_and_a_month_that_form_hold_the_days_as_their_source_told_them(
    tmp_path: Path, clock: FakeClock, archive: Archive, timeframe: Timeframe, days: int
) -> None:
    """From Friday the 20th to Wednesday the 25th; each trade heard is of size 1."""
    async with run(clock, tmp_path, archive) as venue:
        await venue.trade()
        for _ in range(5):
            await venue.trade(1_440 * MINUTE)
        for _ in range(2):
            bars = await venue.service.history.bars("BTC-USD", timeframe, limit=3)
            assert float(bars.volume[-1]) == days * TOLD + 1.0
            assert (float(bars.close[-1]), bars.forming) == (HEARD, True)
            await clock.advance(1)


async def test_what_was_told_whole_is_not_asked_for_again(
    tmp_path: Path, clock: FakeClock, archive: Archive
) -> None:
    async with run(clock, tmp_path, archive) as venue:
        for _ in range(3):
            await venue.trade(MINUTE)
        await venue.closes()
        await clock.advance(40)
        asked = len(archive.asked)
        await venue.closes()
        assert len(archive.asked) == asked
