"""What is ahead of an instrument, by who knows companies."""

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from tio.api.access import Principal
from tio.api.companies import CorporateEvent, EventKind, GetEvents, GetProfile, Profile
from tio.api.contract import Request
from tio.api.errors import SourceUnavailable
from tio.engine.orders.ahead import LASTS, PATIENCE, Ahead
from tio.engine.service import Answer

from fakes import FakeClock

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
PROFILE = Profile(
    symbol="AAPL",
    ex_dividend=date(2026, 11, 27),
    earnings_from=datetime(2026, 12, 1, 21, tzinfo=UTC),
    earnings_estimated=True,
    told_by={"ex_dividend": "yahoo", "earnings_from": "yahoo"},
)


def event(kind: EventKind, on: date) -> CorporateEvent:
    return CorporateEvent(symbol="AAPL", kind=kind, ex_date=on, source="edgar")


class Told:
    """Answers as it was told to, and counts."""

    def __init__(self, profile: Any = None, events: Any = ()) -> None:
        self.answers = {GetProfile: profile, GetEvents: events}
        self.asked = 0

    def of(self, kind: type[Request[Any]]) -> Answer | None:
        async def answer(asked: Request[Any], by: Principal) -> Any:
            self.asked += 1
            found = self.answers[kind]
            if isinstance(found, Exception):
                raise found
            return found

        return answer if self.answers[kind] is not None else None


async def test_what_lies_within_the_horizon_is_told_soonest_first() -> None:
    split = event(EventKind.share_split, date(2026, 11, 24))
    past = event(EventKind.dividend, date(2026, 8, 27))
    same = event(EventKind.dividend, date(2026, 11, 27))
    ahead = Ahead(Told(PROFILE, (past, same, split)).of, FakeClock(NOW))

    found = await ahead.events("AAPL", 14)

    assert found is not None
    assert [(each.kind.value, each.on.day, each.source) for each in found] == [
        ("split", 24, "edgar"),
        ("ex_dividend", 27, "edgar"),
        ("earnings", 1, "yahoo"),
    ]
    assert [each.estimated for each in found] == [False, False, True]
    assert await ahead.events("AAPL", 3) == ()


async def test_where_nobody_tells_dates_it_is_not_said_that_there_are_none() -> None:
    silent = Told(None, SourceUnavailable("they sleep"))
    assert await Ahead(silent.of, FakeClock(NOW)).events("AAPL", 14) is None
    bare = Told(Profile(symbol="AAPL"), ())
    assert await Ahead(bare.of, FakeClock(NOW)).events("AAPL", 14) is None


async def test_sources_are_asked_anew_only_after_a_while() -> None:
    told, clock = Told(PROFILE), FakeClock(NOW)
    ahead = Ahead(told.of, clock)
    for _ in range(3):
        await ahead.events("AAPL", 14)
    assert told.asked == 2
    await clock.advance(LASTS)
    await ahead.events("AAPL", 14)
    assert told.asked == 4


async def test_a_ticket_does_not_wait_for_a_slow_source(monkeypatch: Any) -> None:
    monkeypatch.setattr("tio.engine.orders.ahead.PATIENCE", PATIENCE / 1_000)
    answered = asyncio.Event()

    async def slow(asked: Request[Any], by: Principal) -> Any:
        await answered.wait()
        return PROFILE if isinstance(asked, GetProfile) else ()

    ahead = Ahead(lambda kind: slow, FakeClock(NOW))
    assert await ahead.events("AAPL", 14) is None
    answered.set()
    monkeypatch.setattr("tio.engine.orders.ahead.PATIENCE", 60.0)
    assert await ahead.events("AAPL", 14) is not None
    await ahead.close()
