"""What the engine answers of trading hours, by the workspace's clock."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tio.api.access import OWNER
from tio.api.contract import Request
from tio.api.errors import Invalid, NotFound
from tio.api.hours import DayKind, GetHours, GetSessions, ListVenues, VenueHours
from tio.api.market import AssetClass, Instrument, Session
from tio.engine.hours.service import HoursService
from tio.engine.jobs import JobDesk

from fakes import FakeClock

FRIDAY = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)  # New York's half day, 12:30 there
KNOWN = {
    "AAPL": Instrument(symbol="AAPL"),
    "SIM:AAPL": Instrument(symbol="SIM:AAPL", asset_class=AssetClass.simulated),
    "LSE": Instrument(symbol="LSE"),
}


def known(text: str) -> Instrument:
    if text not in KNOWN:
        raise NotFound(f"nothing is known of {text}")
    return KNOWN[text]


class NoJobs(JobDesk):
    """Nothing here begins a job."""

    def __init__(self) -> None:
        pass

    async def begin(self, *_: Any, **__: Any) -> NoReturn:
        raise AssertionError("no job was asked for")


async def ask(request: Request[Any], now: datetime = FRIDAY, folder: Path = Path()) -> Any:
    service = HoursService(FakeClock(now), NoJobs(), folder / "none", known)
    return await service.answers()[type(request)](request, OWNER)


async def hours(of: str, day: date | None = None, now: datetime = FRIDAY) -> VenueHours:
    told = await ask(GetHours(of, day), now)
    assert isinstance(told, VenueHours)
    return told


async def test_a_venue_is_told_with_its_half_day_countdown_and_next_holiday() -> None:
    told = await hours("nyse")
    assert (told.session, told.then, told.countdown) == (Session.regular, Session.post, 1_800.0)
    assert (told.kind, told.holiday, told.verified) == (DayKind.half, "Black Friday", True)
    assert [str(span.session) for span in told.spans] == ["pre", "regular", "post"]
    assert told.spans[-1].closes == datetime(2026, 11, 27, 22, tzinfo=UTC)
    assert told.next_close == datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert told.next_open == datetime(2026, 11, 30, 14, 30, tzinfo=UTC)
    first = told.upcoming[0]
    assert (first.name, first.kind) == ("Christmas Eve", DayKind.half)
    assert first.closes == datetime(2026, 12, 24, 18, tzinfo=UTC)


async def test_a_holiday_has_its_name_and_no_sessions() -> None:
    told = await hours("XNYS", date(2026, 11, 26))
    assert (told.kind, told.holiday, told.spans) == (DayKind.holiday, "Thanksgiving", ())


async def test_a_venue_beats_a_symbol_unless_a_dollar_says_otherwise() -> None:
    assert (await hours("LSE")).symbol == ""
    told = await hours("$LSE")
    assert (told.code, told.symbol, told.note) == ("NYSE", "LSE", "")


async def test_a_symbol_nobody_knows_has_the_hours_of_its_spelling_and_it_is_said() -> None:
    told = await hours("VOD.L")
    assert (told.code, told.symbol) == ("LSE", "VOD.LSE")
    assert "no source knows VOD.LSE" in told.note


async def test_an_index_has_no_extended_hours_and_a_simulated_symbol_no_end() -> None:
    assert [span.session for span in (await hours("^GSPC")).spans] == [Session.regular]
    told = await hours("SIM:AAPL")
    assert (told.code, told.until, told.countdown) == ("SIM", None, None)


async def test_an_exchange_no_screen_lists_is_known_by_its_mic() -> None:
    told = await hours("xkrx", date(2026, 11, 27))
    assert (told.code, told.name, told.zone) == ("XKRX", "Seoul", "Asia/Seoul")
    assert [span.opens.hour for span in told.spans] == [0]
    assert (await hours("XNSE")).code == "XBOM"


async def test_a_future_has_the_hours_of_its_group_with_where_they_are_from() -> None:
    told = await hours("ZC=F", date(2026, 11, 26))
    assert (told.code, told.name, told.kind) == ("CME", "CME Globex, grains", DayKind.holiday)
    assert "CME's rules" in told.note
    assert (await hours("ES=F")).name == "CME Globex, equity futures"
    assert (await hours("6E=F", date(2026, 11, 26))).kind is DayKind.whole


async def test_hours_that_are_not_known_are_told_as_such() -> None:
    told = await hours("KC=F")
    assert (told.verified, told.code) == (False, "FUTURES")
    assert "not known" in told.note


async def test_currencies_name_their_two_holidays() -> None:
    told = await hours("EURUSD", date(2026, 12, 25))
    assert (told.kind, told.holiday, told.spans) == (DayKind.holiday, "Christmas", ())
    assert [day.name for day in (await hours("FX")).upcoming] == ["Christmas", "New Year's Day"]


async def test_beyond_the_table_only_weekends_are_told() -> None:
    told = await hours("TSE", date(2035, 1, 1))
    assert (told.verified, told.kind) == (False, DayKind.whole)
    assert told.note.startswith("calendar unverified: the table ends 20")
    assert (await hours("TSE", date(1990, 1, 4))).note.startswith(
        "calendar unverified: the table begins 1997"
    )


async def test_a_clock_beyond_the_table_makes_every_exchange_unverified_but_no_rule() -> None:
    told = await ask(ListVenues(), datetime(2040, 7, 2, 15, tzinfo=UTC))
    assert {venue.code for venue in told if venue.verified} == {"FX", "CRYPTO"}
    assert {venue.code for venue in told if venue.upcoming} == {"FX"}


async def test_all_venues_are_listed_with_the_spans_of_a_window() -> None:
    start = datetime(2026, 11, 27, 12, tzinfo=UTC)
    told = await ask(ListVenues(start, start + timedelta(days=1)))
    assert len(told) == 17
    for venue in told:
        assert all(s.opens < start + timedelta(days=1) and start < s.closes for s in venue.spans)
        assert len(venue.upcoming) <= 1
    by_code = {venue.code: venue for venue in told}
    assert by_code["NYSE"].session is by_code["NASDAQ"].session is Session.regular
    assert by_code["CME"].session is Session.regular
    assert (by_code["LSE"].session, by_code["LSE"].then) == (Session.closed, Session.pre)
    assert by_code["CRYPTO"].until is None


async def test_a_window_that_reaches_beyond_the_table_is_told_as_unverified() -> None:
    start = datetime(2031, 1, 1, tzinfo=UTC)
    told = await ask(ListVenues(start, start + timedelta(days=1)))
    assert {venue.code for venue in told if venue.verified} == {"FX", "CRYPTO"}


@pytest.mark.parametrize(
    "request_",
    [
        GetHours("NYSE", date(1899, 12, 31)),
        GetHours("NYSE", date(2200, 1, 1)),
        ListVenues(FRIDAY, FRIDAY),
        ListVenues(FRIDAY, FRIDAY + timedelta(days=9)),
    ],
)
async def test_a_time_nobody_can_mean_is_refused(request_: Request[Any]) -> None:
    with pytest.raises(Invalid):
        await ask(request_)


async def test_sessions_between_two_dates_name_holidays_and_half_days() -> None:
    days = await ask(GetSessions("AAPL", date(2026, 11, 25), date(2026, 11, 28)))
    assert [(each.date.day, each.kind) for each in days] == [
        (25, DayKind.whole),
        (26, DayKind.holiday),
        (27, DayKind.half),
        (28, DayKind.weekend),
    ]
    assert [span.session for span in days[0].spans] == [
        Session.pre,
        Session.regular,
        Session.post,
    ]
    assert days[1].spans == ()
    regular = next(span for span in days[2].spans if span.session is Session.regular)
    assert regular.closes == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 2), date(2026, 1, 1)),
        (date(2026, 1, 1), date(2027, 6, 1)),
        (date(1492, 1, 1), date(1492, 1, 2)),
    ],
)
async def test_sessions_of_no_time_or_of_too_much_are_refused(start: date, end: date) -> None:
    with pytest.raises(Invalid):
        await ask(GetSessions("AAPL", start, end))
