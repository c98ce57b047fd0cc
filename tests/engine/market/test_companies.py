"""Profiles and events: asked of the sources in order, merged, kept, and told when unknown."""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tio.api.access import OWNER
from tio.api.companies import CorporateEvent, EventKind, GetEvents, GetProfile, Profile
from tio.api.errors import SourceUnavailable
from tio.api.market import Bars, Instrument, Quote, Timeframe
from tio.engine.market.companies import Companies, merged
from tio.engine.market.symbols import classify
from tio.engine.store import market_schema
from tio.engine.store.companies import CompanyStore
from tio.engine.store.database import Database, Durability
from tio.plugin import Outlet, Source, Traits, Wanted

from fakes import FakeClock

SPLIT = CorporateEvent(
    symbol="AAPL",
    kind=EventKind.share_split,
    ex_date=date(2020, 8, 31),
    ratio=4.0,
    source="first",
)


class Teller:
    """A source that tells a profile and events."""

    def __init__(self, name: str, profile: Profile | None = None) -> None:
        self.traits = Traits(name=name)
        self.says = profile
        self.events_told: Sequence[CorporateEvent] | None = ()
        self.broken = ""
        self.asked = 0

    def instruments(self) -> Sequence[Instrument]:
        return ()

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        raise AssertionError("it tells nothing live")

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        return None

    async def profile(self, symbol: str) -> Profile | None:
        self.asked += 1
        if self.broken:
            raise SourceUnavailable(self.broken)
        return self.says

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        self.asked += 1
        if self.broken:
            raise SourceUnavailable(self.broken)
        return self.events_told


class Stage:
    """A desk of companies over these tellers."""

    def __init__(self, database: Database, clock: FakeClock, *tellers: Teller) -> None:
        self.tellers = tellers
        self.store = CompanyStore(database)
        self.companies = Companies(
            clock,
            self.store,
            lambda text: text,
            classify,
            lambda symbol: Quote(symbol=symbol, high=210.0, low=190.0, source="board"),
            self.every,
            self.every,
        )

    def every(self, symbol: str) -> Iterator[tuple[str, Source]]:
        return ((teller.traits.name, teller) for teller in self.tellers)

    async def profile(self, symbol: str = "AAPL") -> Profile:
        answer: Profile = await self.companies.answers()[GetProfile](GetProfile(symbol), OWNER)
        return answer


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(tmp_path / "market.db", Durability.normal, market_schema.STEPS)
    await opened.open()
    yield opened
    await opened.close()


async def test_what_the_first_lacks_comes_from_the_next_and_both_are_named(
    database: Database, clock: FakeClock
) -> None:
    first = Teller("first", Profile(symbol="AAPL", name="Apple Inc.", eps=0.0))
    second = Teller("second", Profile(symbol="AAPL", name="APPLE", sector="Technology", eps=6.1))
    told = await Stage(database, clock, first, second).profile()
    assert (told.name, told.sector, told.eps) == ("Apple Inc.", "Technology", 0.0)
    assert told.told_by["sector"] == "second"
    assert told.told_by["eps"] == "first"
    assert (told.day_low, told.day_high) == (190.0, 210.0)


async def test_a_profile_is_kept_a_day(database: Database, clock: FakeClock) -> None:
    teller = Teller("first", Profile(symbol="AAPL", name="Apple Inc."))
    stage = Stage(database, clock, teller)
    await stage.profile()
    await stage.profile()
    assert teller.asked == 1
    await clock.advance(24 * 3_600.0 + 1)
    await stage.profile()
    assert teller.asked == 2


async def test_when_all_fail_the_old_one_is_shown(database: Database, clock: FakeClock) -> None:
    teller = Teller("first", Profile(symbol="AAPL", name="Apple Inc."))
    stage = Stage(database, clock, teller)
    await stage.profile()
    await clock.advance(3 * 24 * 3_600.0)
    teller.broken = "asked too often"
    assert (await stage.profile()).name == "Apple Inc."


async def test_when_all_fail_and_nothing_is_kept_it_says_why(
    database: Database, clock: FakeClock
) -> None:
    teller = Teller("first")
    teller.broken = "asked too often"
    with pytest.raises(SourceUnavailable, match="first: asked too often"):
        await Stage(database, clock, teller).profile()


async def test_events_are_told_twice_a_day_at_most(database: Database, clock: FakeClock) -> None:
    teller = Teller("first")
    teller.events_told = [SPLIT]
    stage = Stage(database, clock, teller)
    assert await stage.companies.events("AAPL") == (SPLIT,)
    assert await stage.companies.events("AAPL") == (SPLIT,)
    assert teller.asked == 1
    await clock.advance(12 * 3_600.0 + 1)
    await stage.companies.events("AAPL")
    assert teller.asked == 2


async def test_no_events_told_is_not_the_same_as_nobody_having_told(
    database: Database, clock: FakeClock
) -> None:
    teller = Teller("first")
    teller.broken = "no network"
    stage = Stage(database, clock, teller)
    assert await stage.companies.events("AAPL") is None
    teller.broken = ""
    await clock.advance(61.0)
    assert await stage.companies.events("AAPL") == ()


async def test_of_two_tellers_of_one_event_the_first_counts(
    database: Database, clock: FakeClock
) -> None:
    store = CompanyStore(database)
    await store.add_events("AAPL", "first", [SPLIT], 1)
    wrong = CorporateEvent(
        symbol="AAPL",
        kind=EventKind.share_split,
        ex_date=date(2020, 8, 31),
        ratio=5.0,
        source="second",
    )
    await store.add_events("AAPL", "second", [wrong], 2)
    assert await store.events("AAPL") == (SPLIT,)


async def test_events_between_two_dates_are_told(database: Database, clock: FakeClock) -> None:
    teller = Teller("first")
    teller.events_told = [SPLIT]
    companies = Stage(database, clock, teller).companies
    ask = companies.answers()[GetEvents]
    assert await ask(GetEvents("AAPL", date(2020, 8, 31), date(2020, 8, 31)), OWNER) == (SPLIT,)
    assert await ask(GetEvents("AAPL", date(2020, 9, 1)), OWNER) == ()


async def test_a_coin_has_no_splits_and_nobody_is_asked(
    database: Database, clock: FakeClock
) -> None:
    teller = Teller("first")
    assert await Stage(database, clock, teller).companies.events("BTC-USD") is None
    assert teller.asked == 0


def test_a_merged_profile_keeps_what_was_said_first() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    known = Profile(symbol="AAPL", pe=30.0)
    whole = merged(known, Profile(symbol="AAPL", pe=31.0, beta=1.2), "second", at)
    assert (whole.pe, whole.beta) == (30.0, 1.2)
    assert whole.told_by == {"beta": "second"}
