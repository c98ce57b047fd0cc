"""What is missing is asked of the sources in order, stored, and not asked for again."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment, AssetClass, Bars, Coverage, Instrument, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.ticks import Trade
from tio.engine.bus import Bus
from tio.engine.market.backfill import Backfill
from tio.engine.market.service import MarketService
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.store import market_schema, repairs
from tio.engine.store.asked import AskedRanges
from tio.engine.store.bars import BarStore, SeriesKey
from tio.engine.store.database import Database, Durability
from tio.plugin import Outlet, Source, Traits, Wanted

from fakes import FakeClock

DAY = 86_400_000_000
RULES = rules_of(classify("BTC-USD"))


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


class Archive:
    """A source that has daily bars from some day on, at one price."""

    def __init__(
        self,
        name: str,
        first: str,
        price: float = 100.0,
        timeframes: Sequence[Timeframe] = (Timeframe.d1,),
        basis: Adjustment = Adjustment.raw,
    ) -> None:
        self.traits = Traits(name=name, asset_class=AssetClass.crypto, adjusted=basis)
        self.first = at(first)
        self.price = price
        self.timeframes = timeframes
        self.broken = ""
        self.until = 1 << 62
        self.page = 1 << 62
        """Bars after which it breaks off."""
        self.coverage = self.traits.coverage
        self.tells_as = name
        self.asked: list[tuple[int, int]] = []

    def instruments(self) -> Sequence[Instrument]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        raise AssertionError("an archive has nothing live")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        if timeframe not in self.timeframes:
            return None
        begin = self.first if start is None else max(self.first, instant(start))
        self.asked.append((begin, instant(end)))
        if self.broken:
            raise SourceUnavailable(self.broken)
        step = timeframe.step
        begin += -begin % step
        ends = min(self.until, instant(end))
        time = np.arange(begin, ends, step, dtype=np.int64)[-limit:]
        cut = len(time) > self.page
        time = time[-self.page :]
        same = Series([self.price] * len(time))
        return Bars(
            symbol=symbol,
            timeframe=timeframe,
            time=Times(time.tolist()),
            open=same,
            high=same,
            low=same,
            close=same,
            volume=same,
            source=self.tells_as,
            adjusted=self.traits.adjusted,
            coverage=self.coverage,
            cut=cut,
        )


class Stage:
    """A store that two archives may fill."""

    def __init__(self, tmp_path: Path, clock: FakeClock, *archives: Archive) -> None:
        self.database = Database(tmp_path / "market.db", Durability.normal, market_schema.STEPS)
        self.store = BarStore(self.database)
        self.archives = archives
        self.backfill = Backfill(clock, self.store, AskedRanges(self.database), self.past)

    def past(self, symbol: str) -> Iterator[tuple[str, Source]]:
        return ((archive.traits.name, archive) for archive in self.archives)

    async def __aenter__(self) -> "Stage":
        await self.database.open()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.backfill.close()
        await self.database.close()

    async def fill(self, start: str, end: str, timeframe: Timeframe = Timeframe.d1) -> int:
        filled = await self.backfill.fill("BTC-USD", timeframe, RULES, at(start), at(end))
        return filled.bars

    async def stored(self, source: str, timeframe: Timeframe = Timeframe.d1) -> list[int]:
        bars = await self.store.read("BTC-USD", timeframe, None, None, 10_000, source)
        return [int(time) // DAY for time in bars.time]


async def test_the_first_refusal_is_told_while_the_next_source_is_still_asked(
    clock: FakeClock, tmp_path: Path
) -> None:
    first, second = Archive("first", "2026-11-01"), Archive("second", "2026-11-01")
    first.broken = "connection refused"
    async with Stage(tmp_path, clock, first, second) as stage:
        refusal = stage.backfill.refusal("BTC-USD")
        other = stage.backfill.refusal("ETH-USD")
        assert await stage.fill("2026-11-10", "2026-11-15") == 5
        assert (refusal.is_set(), other.is_set()) == (True, False)
        assert not stage.backfill.refusal("BTC-USD").is_set()


async def test_what_was_told_once_is_not_asked_for_again(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        assert await stage.fill("2026-01-01", "2026-02-01") == 31
        assert await stage.fill("2026-01-01", "2026-02-01") == 0
        assert await stage.fill("2026-01-10", "2026-01-20") == 0
        assert len(archive.asked) == 1


async def test_only_what_lies_outside_is_asked_for(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-01-01", "2026-02-01")
        assert await stage.fill("2025-12-01", "2026-02-11") == 31 + 10
        assert len(await stage.stored("first")) == 31 + 31 + 10 + 6  # six before, as an overlap


async def test_the_next_source_tells_what_the_first_has_not(
    tmp_path: Path, clock: FakeClock
) -> None:
    young = Archive("young", "2026-01-01")
    old = Archive("old", "2020-01-01")
    async with Stage(tmp_path, clock, young, old) as stage:
        assert await stage.fill("2026-01-01", "2026-01-11") == 10
        assert old.asked == []
        assert await stage.fill("2025-01-01", "2025-01-11") == 10
        assert len(await stage.stored("old")) == 10 + 6


async def test_a_failing_source_is_passed_over_with_its_reason(
    tmp_path: Path, clock: FakeClock
) -> None:
    first, second = Archive("first", "2020-01-01"), Archive("second", "2020-01-01")
    first.broken = "asked too often (429)"
    async with Stage(tmp_path, clock, first, second) as stage:
        filled = await stage.backfill.fill(
            "BTC-USD", Timeframe.d1, RULES, at("2026-01-01"), at("2026-01-11")
        )
        assert (filled.bars, filled.source) == (10, "second")
        assert [(each.source, each.reason) for each in filled.attempts] == [
            ("first", "asked too often (429)")
        ]
        first.broken = ""
        await stage.fill("2026-01-01", "2026-01-11")
        assert len(await stage.stored("first")) == 16  # a failure is no answer


async def test_when_all_fail_it_says_who_and_why(tmp_path: Path, clock: FakeClock) -> None:
    first = Archive("first", "2020-01-01")
    first.broken = "no route to host"
    async with Stage(tmp_path, clock, first) as stage:
        filled = await stage.backfill.fill(
            "BTC-USD", Timeframe.d1, RULES, at("2026-01-01"), at("2026-01-11")
        )
        trouble = filled.trouble("BTC-USD")
        assert trouble is not None
        assert trouble.message == (
            "no source could tell the past of BTC-USD: first: no route to host"
        )


async def test_a_span_nobody_tells_is_fetched_finer(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01", timeframes=(Timeframe.m1,))
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-01-01", "2026-01-01T03:00", Timeframe.m3)
        bars = await stage.store.read("BTC-USD", Timeframe.m1, None, None, 10_000, "first")
        assert len(bars) == 180 + 6


async def test_the_bar_that_is_still_forming_is_not_stored(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-11-01", "2026-12-01")
        today = instant(clock.now()) // DAY
        assert (await stage.stored("first"))[-1] == today - 1


async def test_what_is_new_since_is_asked_for_later(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-11-01", "2026-12-01")
        await clock.advance(3 * 86_400.0)
        await stage.fill("2026-11-01", "2026-12-01")
        today = instant(clock.now()) // DAY
        assert (await stage.stored("first"))[-1] == today - 1


async def test_after_a_split_what_was_stored_is_put_on_the_new_basis(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01", 400.0, basis=Adjustment.splits)
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-10-01", "2026-11-15")
        archive.price = 100.0  # the source divided its whole past by four
        await stage.fill("2026-11-15", "2026-11-19")
        await stage.fill("2026-10-01", "2026-11-19")
        bars = await stage.store.read("BTC-USD", Timeframe.d1, None, None, 10_000, "first")
        assert set(bars.close.tolist()) == {100.0}
        assert len(bars) == 6 + 31 + 18


async def test_an_older_page_fetched_first_after_a_split_mixes_no_bases_for_long(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01", 400.0, basis=Adjustment.splits)
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-10-01", "2026-11-01")
        archive.price = 100.0
        await stage.fill("2026-08-01", "2026-09-01")  # nothing told overlaps what is stored
        await stage.fill("2026-11-01", "2026-11-19")  # now the overlap shows it
        await stage.fill("2026-08-01", "2026-11-19")
        bars = await stage.store.read("BTC-USD", Timeframe.d1, None, None, 10_000, "first")
        assert set(bars.close.tolist()) == {100.0}
        assert len(bars) == 6 + 31 + 30 + 31 + 18


async def test_a_corrected_price_is_no_split(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01", 400.0, basis=Adjustment.splits)
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-10-01", "2026-11-15")
        archive.price = 401.0
        await stage.fill("2026-11-15", "2026-11-19")
        bars = await stage.store.read("BTC-USD", Timeframe.d1, None, None, 10_000, "first")
        assert bars.close[0] == pytest.approx(400.0)


async def test_a_past_of_another_reach_is_a_series_of_its_own(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    archive.coverage, archive.tells_as = Coverage.consolidated, "first.sip"
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-01-01", "2026-02-01")
        (series,) = await stage.store.series("BTC-USD")
        assert series.key.source == "first.sip"
        assert series.terms.coverage is Coverage.consolidated
        assert await stage.fill("2026-01-01", "2026-02-01") == 0
        assert len(archive.asked) == 1


async def test_a_page_that_was_cut_hides_nothing_older(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        start, end = at("2025-01-01"), at("2026-01-01")
        for limit in (30, 1_000):
            await stage.backfill.fill("BTC-USD", Timeframe.d1, RULES, start, end, limit)
        days = await stage.stored("first")
        assert days[-1] - days[0] + 1 == len(days) == 365 + 6


async def test_a_repaired_bar_stays_as_it_was_repaired(tmp_path: Path, clock: FakeClock) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        await stage.fill("2026-01-01", "2026-02-01")
        day = at("2026-01-31")
        odd, mended = (repairs.figures(*[price] * 5) for price in (100.0, 90.0))
        kept = repairs.Kept(faults=("spike",), bars=(repairs.ChangedBar(day, odd, mended),))
        key = SeriesKey("BTC-USD", Timeframe.d1, "first")
        await stage.database.write(lambda c: repairs.apply(c, key, kept, 1))
        await stage.fill("2026-01-01", "2026-02-11")
        bars = await stage.store.read("BTC-USD", Timeframe.d1, None, None, 10_000, "first")
        assert bars.close[bars.time == day].tolist() == [90.0]
        assert len(bars) == 6 + 31 + 10


async def test_the_same_range_asked_for_twice_at_once_is_asked_for_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        both = await asyncio.gather(
            stage.fill("2026-01-01", "2026-02-01"), stage.fill("2026-01-01", "2026-02-01")
        )
        assert tuple(both) == (31, 31)
        assert len(archive.asked) == 1


async def test_an_asking_of_one_source_is_not_answered_with_another_s(
    tmp_path: Path, clock: FakeClock
) -> None:
    archives = Archive("first", "2020-01-01"), Archive("second", "2020-01-01")
    async with Stage(tmp_path, clock, *archives) as stage:
        start, end = at("2026-01-01"), at("2026-02-01")
        told = await asyncio.gather(
            *(
                stage.backfill.fill("BTC-USD", Timeframe.d1, RULES, start, end, source=name)
                for name in ("first", "second")
            )
        )
        assert [filled.source for filled in told] == ["first", "second"]


async def test_a_figure_published_months_after_its_date_is_still_asked_for(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    archive.traits = Traits(name="first", asset_class=AssetClass.rate)
    archive.until = at("2026-09-02")
    async with Stage(tmp_path, clock, archive) as stage:
        now = instant(clock.now())
        rules = RULES
        await stage.backfill.fill("BTC-USD", Timeframe.d1, rules, at("2026-01-01"), now)
        archive.until = at("2026-10-02")
        await stage.backfill.fill("BTC-USD", Timeframe.d1, rules, at("2026-01-01"), now)
        assert (await stage.stored("first"))[-1] == at("2026-10-01") // DAY


async def test_a_day_that_was_heard_in_part_is_told_whole_by_its_source(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    async with Stage(tmp_path, clock, archive) as stage:
        closes = []
        for _ in range(4):
            service = MarketService(clock, Bus(clock), stage.store)
            service.complete_from(stage.backfill)
            now = instant(clock.now())
            service.market.take(
                [Trade("BTC-USD", 50.0, 1.0, now, id=str(now))], archive.traits, now
            )
            await service.keeper.start()
            bars = await service.history.bars("BTC-USD", Timeframe.d1, limit=10)
            closes.append(list(bars.close)[-4:])
            await service.keeper.close()
            await clock.advance(DAY / 1_000_000)
        assert closes == [[100.0, 100.0, 100.0, 50.0]] * 4


async def test_where_a_source_broke_off_it_is_asked_for_the_rest(
    tmp_path: Path, clock: FakeClock
) -> None:
    archive = Archive("first", "2020-01-01")
    archive.page = 15
    async with Stage(tmp_path, clock, archive) as stage:
        assert await stage.fill("2026-01-01", "2026-02-01") == 15
        assert await stage.fill("2026-01-01", "2026-02-01") > 0
        assert await stage.fill("2026-01-01", "2026-02-01") > 0
        days = await stage.stored("first")
        assert {*range(at("2026-01-01") // DAY, at("2026-02-01") // DAY)} <= {*days}
        asked = len(archive.asked)
        assert await stage.fill("2026-01-01", "2026-02-01") == 0
        assert len(archive.asked) == asked
