from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import AssetClass, Instrument, Session, Timeframe
from tio.api.series import instant
from tio.engine.market.bars import InstrumentBars
from tio.engine.market.ladder import Room
from tio.engine.market.sessions import bar_end, rules_of, session_at, session_date
from tio.engine.market.symbols import classify

SYMBOLS = (
    "BTC-USD",
    "AAPL",
    "EURUSD",
    "GC=F",
    "ZC=F",
    "LE=F",
    "KC=F",
    "^GSPC",
    "VOD.LSE",
    "7203.TSE",
    "CBA.ASX",
)


def at(zone: str, *wall: int) -> int:
    year, month, day, *rest = wall
    hour, minute = (*rest, 0, 0)[:2]
    local = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))
    return instant(local.astimezone(UTC))


@pytest.mark.parametrize(
    ("wall", "session"),
    [
        ((2026, 3, 6, 3, 59), Session.closed),
        ((2026, 3, 6, 4, 0), Session.pre),
        ((2026, 3, 6, 9, 30), Session.regular),
        ((2026, 3, 6, 15, 59), Session.regular),
        ((2026, 3, 6, 16, 0), Session.post),
        ((2026, 3, 6, 20, 0), Session.closed),
        ((2026, 3, 7, 12, 0), Session.closed),
        ((2026, 3, 9, 9, 30), Session.regular),
        ((2026, 11, 2, 9, 29), Session.pre),
    ],
)
def test_new_york_stocks_keep_wall_time_across_daylight_saving(
    wall: tuple[int, ...], session: Session
) -> None:
    assert session_at(classify("AAPL"), at("America/New_York", *wall)) is session


def test_tokyo_closes_for_lunch_and_london_follows_its_own_clock() -> None:
    assert session_at(classify("7203.TSE"), at("Asia/Tokyo", 2026, 3, 6, 12, 0)) is Session.closed
    assert session_at(classify("7203.TSE"), at("Asia/Tokyo", 2026, 3, 6, 13, 0)) is Session.regular
    assert session_at(classify("VOD.LSE"), at("UTC", 2026, 7, 1, 7, 0)) is Session.regular
    assert session_at(classify("VOD.LSE"), at("UTC", 2026, 1, 7, 7, 59)) is Session.pre


def test_the_currency_week_runs_from_sunday_to_friday_five_in_new_york() -> None:
    euro = classify("EURUSD")
    york = "America/New_York"
    assert session_at(euro, at(york, 2026, 3, 8, 16, 59)) is Session.closed
    assert session_at(euro, at(york, 2026, 3, 8, 17, 0)) is Session.regular
    assert session_at(euro, at(york, 2026, 3, 13, 16, 59)) is Session.regular
    assert session_at(euro, at(york, 2026, 3, 13, 17, 0)) is Session.closed
    assert session_date(euro, at(york, 2026, 3, 8, 17, 0)) == date(2026, 3, 9)
    assert session_date(euro, at(york, 2026, 3, 9, 16, 59)) == date(2026, 3, 9)


def test_stock_bars_anchor_at_the_open_backwards_too() -> None:
    rules = rules_of(classify("AAPL"))
    early = at("America/New_York", 2026, 3, 9, 7, 45)
    day = rules.day(early)
    assert day.opening(early, Timeframe.h1) == at("America/New_York", 2026, 3, 9, 7, 30)
    assert day.opening(early, Timeframe.h4) == at("America/New_York", 2026, 3, 9, 5, 30)
    late = at("America/New_York", 2026, 3, 9, 16, 10)
    assert day.opening(late, Timeframe.h1) == at("America/New_York", 2026, 3, 9, 15, 30)


@given(
    st.sampled_from(SYMBOLS),
    st.integers(0, 2_000_000_000).map(lambda second: second * 1_000_000),
)
def test_every_moment_is_inside_its_day_and_inside_its_bars(symbol: str, moment: int) -> None:
    rules = rules_of(classify(symbol))
    day = rules.day(moment)
    assert day.start <= moment < day.end
    for timeframe in Timeframe:
        opening = day.opening(moment, timeframe)
        if timeframe.intraday:
            assert opening <= moment < bar_end(rules, opening, timeframe)
        elif day.in_regular(moment):
            assert moment < bar_end(rules, opening, timeframe)


@given(st.sampled_from(SYMBOLS), st.integers(1, 20_000))
def test_days_follow_each_other_without_gap_or_overlap(symbol: str, number: int) -> None:
    rules = rules_of(classify(symbol))
    day = rules.day(number * 86_400_000_000)
    after = rules.day(day.end)
    assert (after.start, after.date) == (day.end, day.date + 86_400_000_000)
    assert rules.day(day.end - 1).date == day.date


def test_a_bar_of_a_week_or_month_ends_with_its_last_session() -> None:
    rules = rules_of(classify("AAPL"))
    monday = instant(datetime(2026, 3, 2, tzinfo=UTC))
    assert bar_end(rules, monday, Timeframe.w1) == at("America/New_York", 2026, 3, 6, 16, 0)
    first = instant(datetime(2026, 2, 1, tzinfo=UTC))
    assert bar_end(rules, first, Timeframe.mo1) == at("America/New_York", 2026, 2, 27, 16, 0)
    always = rules_of(classify("BTC-USD"))
    assert bar_end(always, first, Timeframe.mo1) == instant(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("symbol", "zone", "wall", "session"),
    [
        ("AAPL", "America/New_York", (2026, 11, 26, 10, 0), Session.closed),  # Thanksgiving
        ("AAPL", "America/New_York", (2026, 11, 26, 5, 0), Session.closed),
        ("AAPL", "America/New_York", (2026, 11, 27, 4, 0), Session.pre),  # the half day after it
        ("AAPL", "America/New_York", (2026, 11, 27, 12, 59), Session.regular),
        ("AAPL", "America/New_York", (2026, 11, 27, 13, 0), Session.post),
        ("AAPL", "America/New_York", (2026, 11, 27, 16, 59), Session.post),
        ("AAPL", "America/New_York", (2026, 11, 27, 17, 0), Session.closed),
        ("^GSPC", "America/New_York", (2026, 11, 27, 13, 0), Session.closed),
        ("VOD.LSE", "Europe/London", (2026, 12, 24, 12, 29), Session.regular),
        ("VOD.LSE", "Europe/London", (2026, 12, 24, 12, 30), Session.post),
        ("VOD.LSE", "Europe/London", (2026, 12, 24, 13, 15), Session.closed),
        ("7203.TSE", "Asia/Tokyo", (2024, 11, 1, 15, 10), Session.closed),  # until then 15:00
        ("7203.TSE", "Asia/Tokyo", (2024, 11, 5, 15, 10), Session.regular),
        ("0700.HKEX", "Asia/Hong_Kong", (2026, 2, 16, 13, 30), Session.closed),  # New Year's Eve
        ("0700.HKEX", "Asia/Hong_Kong", (2026, 2, 16, 11, 59), Session.regular),
        ("ES=F", "America/Chicago", (2026, 11, 26, 11, 59), Session.regular),
        ("ES=F", "America/Chicago", (2026, 11, 26, 12, 0), Session.closed),
        ("ES=F", "America/Chicago", (2026, 11, 26, 17, 0), Session.regular),
        ("ES=F", "America/Chicago", (2026, 11, 24, 16, 30), Session.closed),
        ("ES=F", "America/Chicago", (2026, 4, 3, 10, 0), Session.closed),  # Good Friday
    ],
)
def test_holidays_and_half_days_are_the_exchanges(
    symbol: str, zone: str, wall: tuple[int, ...], session: Session
) -> None:
    assert session_at(classify(symbol), at(zone, *wall)) is session


def test_a_week_that_ends_in_a_holiday_ends_the_day_before() -> None:
    rules = rules_of(classify("AAPL"))
    monday = instant(datetime(2026, 3, 30, tzinfo=UTC))
    assert bar_end(rules, monday, Timeframe.w1) == at("America/New_York", 2026, 4, 2, 16, 0)


def test_the_bars_of_a_half_day_anchor_at_its_open_and_end_with_it() -> None:
    rules = rules_of(classify("AAPL"))
    noon = at("America/New_York", 2026, 11, 27, 12, 45)
    day = rules.day(noon)
    assert day.opening(noon, Timeframe.h1) == at("America/New_York", 2026, 11, 27, 12, 30)
    date_ = instant(datetime(2026, 11, 27, tzinfo=UTC))
    assert day.opening(noon, Timeframe.d1) == date_
    assert bar_end(rules, date_, Timeframe.d1) == at("America/New_York", 2026, 11, 27, 13, 0)


def test_trades_of_a_half_days_evening_are_not_in_its_daily_bar() -> None:
    bars = InstrumentBars(rules_of(classify("AAPL")), Room())
    bars.fold(at("America/New_York", 2026, 11, 27, 12, 59), 100.0, 1.0, 1)
    bars.fold(at("America/New_York", 2026, 11, 27, 13, 1), 200.0, 1.0, 2)
    row = bars.today()
    assert row is not None
    assert (row.high, row.volume) == (100.0, 1.0)
    bars.flush()
    assert bars.ladder(Timeframe.d1).newest() == row


def test_an_exchange_without_a_suffix_of_ours_is_known_by_its_mic() -> None:
    samsung = Instrument(symbol="005930.KS", mic="XKRX")
    assert session_at(samsung, at("Asia/Seoul", 2026, 11, 27, 9, 0)) is Session.regular
    assert session_at(samsung, at("Asia/Seoul", 2026, 11, 27, 15, 30)) is Session.closed
    kospi = Instrument(symbol="^KS11", asset_class=AssetClass.equity_index, mic="XKRX")
    assert session_at(kospi, at("Asia/Seoul", 2026, 11, 27, 9, 0)) is Session.regular


def test_an_index_is_told_in_regular_hours_alone_wherever_it_is() -> None:
    for mic in ("XNYS", "XNAS"):
        index = Instrument(symbol="^X", asset_class=AssetClass.equity_index, mic=mic)
        assert session_at(index, at("America/New_York", 2026, 11, 25, 8)) is Session.closed


@pytest.mark.parametrize(
    ("symbol", "wall", "session"),
    [
        ("GC=F", (2026, 11, 22, 17, 0), Session.regular),
        ("GC=F", (2026, 11, 23, 16, 0), Session.closed),
        ("GC=F", (2026, 11, 26, 13, 29), Session.regular),  # Thanksgiving
        ("ES=F", (2026, 11, 26, 13, 29), Session.closed),
        ("CL=F", (2026, 11, 27, 12, 44), Session.regular),
        ("CL=F", (2026, 11, 27, 12, 45), Session.closed),
        ("CL=F", (2021, 11, 25, 12, 0), Session.closed),
        ("ZN=F", (2026, 11, 26, 12, 0), Session.closed),
        ("ZN=F", (2026, 11, 27, 12, 14), Session.regular),
        ("6E=F", (2026, 11, 26, 15, 59), Session.regular),
        ("6E=F", (2026, 12, 25, 10, 0), Session.closed),
        ("ZC=F", (2026, 11, 23, 7, 44), Session.regular),
        ("ZC=F", (2026, 11, 23, 7, 45), Session.closed),
        ("ZC=F", (2026, 11, 23, 8, 30), Session.regular),
        ("ZC=F", (2026, 11, 23, 13, 20), Session.closed),
        ("ZC=F", (2026, 11, 23, 19, 0), Session.regular),
        ("ZC=F", (2026, 11, 26, 9, 0), Session.closed),
        ("ZC=F", (2026, 11, 27, 2, 0), Session.closed),
        ("ZC=F", (2026, 11, 27, 12, 4), Session.regular),
        ("LE=F", (2026, 11, 23, 8, 29), Session.closed),
        ("LE=F", (2026, 11, 23, 13, 4), Session.regular),
    ],
)
def test_each_group_of_globex_keeps_its_own_hours(
    symbol: str, wall: tuple[int, ...], session: Session
) -> None:
    assert session_at(classify(symbol), at("America/Chicago", *wall)) is session


def test_currencies_rest_at_christmas_and_new_year() -> None:
    euro, york = classify("EURUSD"), "America/New_York"
    assert session_at(euro, at(york, 2026, 12, 24, 16, 59)) is Session.regular
    assert session_at(euro, at(york, 2026, 12, 24, 17, 0)) is Session.closed
    assert session_at(euro, at(york, 2026, 1, 1, 16, 59)) is Session.closed
    assert session_at(euro, at(york, 2026, 1, 1, 17, 0)) is Session.regular


def test_an_exchange_nobody_knows_is_not_taken_for_new_york() -> None:
    for kind in (AssetClass.equity, AssetClass.equity_index):
        share = Instrument(symbol="TEF.LM", asset_class=kind, mic="XLIM")
        assert session_at(share, at("America/New_York", 2026, 11, 26, 3)) is Session.regular
