"""HOURS: sessions on one line of time, by the engine's clock, in the zone of who looks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import screen_market as market
from textual.pilot import Pilot
from waiting import at_rest, seen, until

from tio.api.contract import Engine
from tio.api.errors import SourceUnavailable
from tio.api.hours import (
    DayKind,
    GetHours,
    ListVenues,
    SessionSpan,
    UnusualDay,
    VenueHours,
)
from tio.api.market import Session
from tio.app import TioApp
from tio.config import Config, Ui
from tio.screens.hours import HoursPane, VenuePane

from fakes import FakeClock, FakeEngine

NOW = datetime(2026, 11, 25, 15, 7, tzinfo=UTC)


def nyse(code: str = "NYSE", **changes: Any) -> VenueHours:
    day = NOW.replace(minute=0)
    plain: dict[str, Any] = {
        "code": code,
        "name": "New York Stock Exchange",
        "zone": "America/New_York",
        "day": day.date(),
        "kind": DayKind.whole,
        "spans": (
            SessionSpan(Session.pre, day.replace(hour=9), day.replace(hour=14)),
            SessionSpan(Session.regular, day.replace(hour=14), day.replace(hour=21)),
        ),
        "as_of": NOW,
        "session": Session.regular,
        "until": day.replace(hour=21),
        "then": Session.closed,
        "countdown": 21_180.0,
        "upcoming": (
            UnusualDay(date=day.date(), kind=DayKind.holiday, name="Thanksgiving"),
            UnusualDay(date=day.date(), kind=DayKind.half, name="", closes=day),
        ),
    }
    return VenueHours(**{**plain, **changes})


def engine(*venues: VenueHours) -> FakeEngine:
    fake = market.engine()
    fake.answers[ListVenues] = venues
    by_code = {venue.code: venue for venue in venues}
    fake.answers[GetHours] = lambda asked: by_code[asked.of]
    return fake


def app_on(fake: FakeEngine, zone: str = "UTC") -> TioApp:
    async def open_engine() -> Engine:
        return fake

    config = Config(ui=Ui(time_zone=zone))
    return TioApp(open_engine, config=config, clock=FakeClock(NOW), command="HOURS")


async def shown(pilot: Pilot[None]) -> str:
    """The screen's text once HOURS is there and told."""
    app = pilot.app
    await until(pilot, lambda: any(pane.lines for pane in app.screen.query(VenuePane)))
    await until(pilot, lambda: "NEXT IN" in seen(pilot))
    return await at_rest(pilot)


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
async def test_every_size_shows_line_state_and_wait_without_overflow(size: tuple[int, int]) -> None:
    async with app_on(engine(nyse(), nyse("NASDAQ"))).run_test(size=size) as pilot:
        text = await shown(pilot)
        row = next(line for line in text.splitlines() if " NASDAQ " in line)
        assert "regular" in row
        assert "5h 53m" in row
        assert "━" in row
        assert "┿" in row
        assert all(len(line) <= size[0] for line in text.splitlines())
        assert ("Thanksgiving" in row) is (size[0] >= 120)


async def test_the_day_runs_from_midnight_to_midnight_where_one_looks() -> None:
    fake = engine(nyse())
    async with app_on(fake, "Asia/Tokyo").run_test(size=(120, 40)) as pilot:
        text = await shown(pilot)
        asked = next(word for word in fake.asked if isinstance(word, ListVenues))
        assert asked.start is not None
        assert asked.end is not None
        assert asked.start.astimezone(UTC) == datetime(2026, 11, 25, 15, tzinfo=UTC)
        assert asked.end - asked.start == timedelta(days=1)
        assert "Thursday 26 November 2026" in text


async def test_a_day_of_summer_times_change_has_its_own_length() -> None:
    fake = engine(nyse(as_of=datetime(2026, 10, 25, 12, tzinfo=UTC)))
    fake_clock_day = datetime(2026, 10, 25, 12, tzinfo=UTC)
    app = app_on(fake, "Europe/Berlin")
    app.clock = FakeClock(fake_clock_day)
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        asked = next(word for word in fake.asked if isinstance(word, ListVenues))
        assert asked.start is not None
        assert asked.end is not None
        length = asked.end.astimezone(UTC) - asked.start.astimezone(UTC)
        assert length == timedelta(hours=25)


async def test_arrows_turn_to_another_day_and_home_turns_back() -> None:
    fake = engine(nyse())
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        for key, day in (("right", 26), ("right", 27), ("left", 26), ("home", 25)):
            await pilot.press(key)
            await shown(pilot)
            asked = [word for word in fake.asked if isinstance(word, ListVenues)]
            assert asked[-1].start == datetime(2026, 11, day, tzinfo=UTC)


async def test_the_venue_under_the_cursor_is_told_below_with_its_holidays() -> None:
    fake = engine(nyse(), nyse("LSE", name="London", note="unsure", verified=False))
    async with app_on(fake).run_test(size=(120, 40)) as pilot:
        await shown(pilot)
        await pilot.press("down")
        await until(pilot, lambda: fake.asked[-1] == GetHours("LSE"))
        text = await shown(pilot)
        assert "LSE · London" in text
        assert "unsure" in text
        assert "1 unverified" in text
        assert "regular?" in text
        assert "no name is known" in text


async def test_hours_stay_on_top_of_venues_that_scroll() -> None:
    fake = engine(*(nyse(f"V{number}") for number in range(17)))
    async with app_on(fake).run_test(size=(60, 20)) as pilot:
        await shown(pilot)
        for _ in range(16):
            await pilot.press("down")
        text = await shown(pilot)
        assert "NEXT IN" in text.splitlines()[2]
        assert any(line.startswith("│ V16 ") for line in text.splitlines())
        for _ in range(16):
            await pilot.press("up")
        text = await shown(pilot)
        assert text.splitlines()[3].startswith("│ V0 ")


async def test_a_refusal_is_words_in_the_pane() -> None:
    fake = engine(nyse())
    fake.answers[ListVenues] = SourceUnavailable("the engine left")
    async with app_on(fake).run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: any(pane.lines for pane in pilot.app.screen.query(HoursPane)))
        await at_rest(pilot)
        lines = pilot.app.screen.query_one(HoursPane).lines
        assert lines[0][0] == ("The engine left", "fall")


async def test_the_receipt_and_the_table_hold_what_is_shown() -> None:
    async with app_on(engine(nyse())).run_test(size=(80, 24)) as pilot:
        await shown(pilot)
        pane = pilot.app.screen.query_one(HoursPane)
        assert pane.receipt() == "NYSE regular until 2026-11-25T21:00Z as of 2026-11-25T15:07:00Z"
        name, rows = pane.table()
        assert (name, len(rows)) == ("hours", 3)
