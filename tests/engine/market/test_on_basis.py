"""Weeks in which a share split, and dividends paid after the bars that are asked for."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tio.api.access import OWNER
from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import Adjustment, Bars, Coverage, Delay, GetBars, Timeframe
from tio.api.series import instant
from tio.engine.bus import Bus
from tio.engine.market.service import MarketService
from tio.engine.session import Session
from tio.engine.store import market_schema
from tio.engine.store.bars import BarStore, Terms
from tio.engine.store.columns import Row
from tio.engine.store.database import Database, Durability

from fakes import FakeClock


def day(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def flat(on: str, close: float, size: float = 10.0) -> Row:
    return day(on), close, close + 4.0, close - 4.0, close, size


# A week in which one share became four on Wednesday.
SPLIT_WEEK = [
    flat("2026-11-09", 400.0),
    flat("2026-11-10", 404.0),
    flat("2026-11-11", 102.0, 40.0),
    flat("2026-11-12", 103.0, 40.0),
    flat("2026-11-13", 104.0, 40.0),
    flat("2026-11-16", 105.0, 40.0),
    flat("2026-11-19", 106.0, 40.0),
]
SPLIT = CorporateEvent(
    symbol="AAPL", kind=EventKind.share_split, ex_date=date(2026, 11, 11), ratio=4.0
)


def dividend(on: str, amount: float) -> CorporateEvent:
    ex_date = date.fromisoformat(on)
    return CorporateEvent(
        symbol="AAPL", kind=EventKind.dividend, ex_date=ex_date, amount=amount, split_adjusted=True
    )


class Asking:
    """A market with stored bars of one share and what happened to it."""

    def __init__(self, service: MarketService, store: BarStore) -> None:
        self.service = service
        self.store = store
        self.happened: Sequence[CorporateEvent] = ()
        service.events = self._events

    async def _events(self, symbol: str) -> Sequence[CorporateEvent]:
        return self.happened

    async def keep(
        self, rows: Sequence[Row], timeframe: Timeframe = Timeframe.d1, terms: Terms | None = None
    ) -> None:
        await self.store.append("AAPL", "csv", timeframe, rows, terms or Terms())
        await self.service.learn_stored()

    async def bars(self, asked: GetBars) -> Bars:
        return await Session(OWNER, self.service.answers(), self.service.streams()).ask(asked)


@pytest.fixture
async def asking(clock: FakeClock, tmp_path: Path) -> AsyncIterator[Asking]:
    database = Database(tmp_path / "market.db", Durability.normal, market_schema.STEPS)
    await database.open()
    store = BarStore(database)
    service = MarketService(clock, Bus(clock), store)
    yield Asking(service, store)
    await service.close()
    await database.close()


async def test_a_week_in_which_a_share_split_has_the_range_of_its_adjusted_days(
    asking: Asking,
) -> None:
    await asking.keep(SPLIT_WEEK)
    asking.happened = [SPLIT]
    weeks = await asking.bars(GetBars("AAPL", Timeframe.w1))
    assert (weeks.adjusted, weeks.source) == (Adjustment.splits, "csv")
    assert list(weeks.time) == [day("2026-11-09"), day("2026-11-16")]
    assert list(weeks.open) == [100.0, 105.0]
    assert list(weeks.high) == [108.0, 110.0]
    assert list(weeks.low) == [98.0, 101.0]
    assert list(weeks.close) == [104.0, 106.0]
    assert list(weeks.volume) == [200.0, 80.0]
    assert weeks.forming


async def test_a_month_in_which_a_share_split_has_the_range_of_its_adjusted_days(
    asking: Asking,
) -> None:
    await asking.keep(SPLIT_WEEK)
    asking.happened = [SPLIT]
    months = await asking.bars(GetBars("AAPL", Timeframe.mo1))
    assert list(months.time) == [day("2026-11-01")]
    assert [*months.open, *months.high, *months.low, *months.close] == [100.0, 110.0, 98.0, 106.0]


async def test_weeks_asked_for_by_number_and_by_bounds_are_whole(asking: Asking) -> None:
    await asking.keep([flat("2026-10-30", 400.0), flat("2026-11-06", 400.0), *SPLIT_WEEK])
    asking.happened = [SPLIT]
    one = await asking.bars(GetBars("AAPL", Timeframe.w1, limit=1))
    assert (list(one.time), list(one.volume)) == ([day("2026-11-16")], [80.0])
    until = datetime(2026, 11, 10, tzinfo=UTC)
    before = await asking.bars(GetBars("AAPL", Timeframe.w1, end=until, limit=2))
    assert list(before.time) == [day("2026-11-02"), day("2026-11-09")]
    assert list(before.volume) == [40.0, 200.0]
    since = await asking.bars(GetBars("AAPL", Timeframe.w1, start=until))
    assert list(since.time) == [day("2026-11-16")]


async def test_weeks_without_days_are_adjusted_as_they_are(asking: Asking) -> None:
    await asking.keep([flat("2026-11-02", 400.0), flat("2026-11-16", 100.0)], Timeframe.w1)
    asking.happened = [SPLIT]
    weeks = await asking.bars(GetBars("AAPL", Timeframe.w1))
    assert (weeks.adjusted, list(weeks.close)) == (Adjustment.splits, [100.0, 100.0])


async def test_weeks_before_the_first_day_stand_before_those_folded_from_days(
    asking: Asking,
) -> None:
    await asking.keep([flat("2026-10-26", 400.0), flat("2026-11-02", 400.0)], Timeframe.w1)
    await asking.keep(SPLIT_WEEK)
    asking.happened = [SPLIT]
    weeks = await asking.bars(GetBars("AAPL", Timeframe.w1))
    assert list(weeks.close) == [100.0, 100.0, 104.0, 106.0]
    assert list(weeks.high)[2:] == [108.0, 110.0]


async def test_total_counts_the_dividends_paid_after_the_last_bar_asked_for(
    asking: Asking,
) -> None:
    await asking.keep([flat("2026-11-05", 100.0), flat("2026-11-09", 100.0)])
    await asking.keep([flat("2026-11-16", 200.0), flat("2026-11-17", 198.0)])
    asking.happened = [dividend("2026-11-17", 2.0)]
    asked = GetBars(
        "AAPL", end=datetime(2026, 11, 10, tzinfo=UTC), adjusted=Adjustment.total, limit=2
    )
    early = await asking.bars(asked)
    assert (early.adjusted, list(early.close)) == (Adjustment.total, [99.0, 99.0])
    whole = await asking.bars(GetBars("AAPL", adjusted=Adjustment.total))
    assert list(whole.close) == [99.0, 99.0, 198.0, 198.0]


async def test_a_dividend_whose_close_nobody_knows_leaves_bars_adjusted_for_splits(
    asking: Asking,
) -> None:
    await asking.keep([flat("2026-09-01", 100.0), flat("2026-09-02", 100.0)])
    asking.happened = [dividend("2026-11-17", 2.0)]
    bars = await asking.bars(GetBars("AAPL", adjusted=Adjustment.total))
    assert (bars.adjusted, list(bars.close)) == (Adjustment.splits, [100.0, 100.0])


async def test_minutes_are_adjusted_for_dividends_paid_since_by_the_day_before_each(
    asking: Asking,
) -> None:
    minute = day("2026-11-10T15:00"), 50.0, 51.0, 49.0, 50.0, 1.0
    await asking.keep([minute], Timeframe.m1)
    await asking.keep([flat("2026-11-16", 200.0), flat("2026-11-17", 198.0)])
    asking.happened = [dividend("2026-11-17", 2.0)]
    bars = await asking.bars(GetBars("AAPL", Timeframe.m1, adjusted=Adjustment.total))
    assert (bars.adjusted, list(bars.close)) == (Adjustment.total, [49.5])


async def test_what_was_adjusted_for_dividends_by_its_source_gives_no_close(
    asking: Asking,
) -> None:
    total = Terms(Coverage.consolidated, Delay.end_of_day, Adjustment.total)
    minute = day("2026-11-10T15:00"), 50.0, 51.0, 49.0, 50.0, 1.0
    await asking.keep([minute], Timeframe.m1)
    await asking.store.append("AAPL", "stooq", Timeframe.d1, [flat("2026-11-16", 200.0)], total)
    asking.happened = [dividend("2026-11-17", 2.0)]
    bars = await asking.bars(GetBars("AAPL", Timeframe.m1, adjusted=Adjustment.total, source="csv"))
    assert (bars.adjusted, list(bars.close)) == (Adjustment.splits, [50.0])
