from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Adjustment, Bars, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.rows import Asked
from tio.engine.feeds.session_bars import broken_off, days_back, session_bars, since_of
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.store.columns import Row
from tio.plugin import Traits

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
TRAITS = Traits(
    name="x",
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    adjusted=Adjustment.total,
)
NAN = float("nan")


def row(at: datetime, price: float = 10.0, volume: float = 5.0) -> Row:
    return instant(at), price, price + 1, price - 1, price, volume


def told(
    rows: list[Row],
    timeframe: Timeframe = Timeframe.d1,
    *,
    grain: Timeframe | None = None,
    limit: int = 100,
    start: datetime | None = None,
    now: datetime = NOW,
    symbol: str = "AAPL",
) -> Bars:
    asked = Asked(symbol, timeframe, start, NOW + timedelta(days=1), limit)
    return session_bars(rows, grain or timeframe, asked, classify(symbol), instant(now), TRAITS)


def days(*numbers: int) -> list[Row]:
    return [row(datetime(2026, 11, number, tzinfo=UTC)) for number in numbers]


def test_bars_are_oldest_first_each_once_as_they_were_said_last() -> None:
    again = row(datetime(2026, 11, 18, tzinfo=UTC), 99.0)
    bars = told([*days(19, 18, 17), again])
    assert [moment(int(at)).day for at in bars.time] == [17, 18, 19]
    assert list(bars.close) == [10.0, 99.0, 10.0]
    assert (bars.source, bars.delay, bars.coverage) == ("x", Delay.end_of_day, TRAITS.coverage)
    assert bars.adjusted is Adjustment.total


def test_the_newest_within_what_was_asked_are_kept() -> None:
    start = datetime(2026, 11, 17, tzinfo=UTC)
    assert len(told(days(16, 17, 18, 19, 20, 23), start=start)) == 4
    bars = told(days(16, 17, 18, 19), limit=2)
    assert [moment(int(at)).day for at in bars.time] == [18, 19]
    assert len(told([])) == 0
    assert not told([]).forming


def test_a_day_forms_until_the_exchange_closes() -> None:
    assert told(days(20)).forming
    assert not told(days(20), now=datetime(2026, 11, 20, 21, 0, tzinfo=UTC)).forming
    assert not told(days(19)).forming


def test_finer_rows_are_folded_by_the_hours_of_the_exchange() -> None:
    opened = datetime(2026, 11, 19, 14, 30, tzinfo=UTC)
    rows = [row(opened + timedelta(minutes=30 * number)) for number in range(13)]
    hours = told(rows, Timeframe.h1, grain=Timeframe.m30)
    assert int(hours.time[0]) == instant(opened)
    assert list(hours.volume) == [10.0] * 6 + [5.0]
    weeks = told(days(9, 10, 11, 12, 13, 16), Timeframe.w1, grain=Timeframe.d1)
    assert list(weeks.volume) == [25.0, 5.0]


def test_a_volume_nobody_told_stays_unknown() -> None:
    bars = told([row(datetime(2026, 11, 19, tzinfo=UTC), volume=NAN)])
    assert bars.volume[0] != bars.volume[0]


@pytest.mark.parametrize("price", [0.0, -1.0, NAN, float("inf")])
def test_what_is_no_bar_is_garbage(price: float) -> None:
    with pytest.raises(Garbage, match="not a bar of x"):
        told([row(datetime(2026, 11, 19, tzinfo=UTC), price)])
    with pytest.raises(Garbage, match="volume"):
        told([row(datetime(2026, 11, 19, tzinfo=UTC), volume=-1.0)])


@given(st.sampled_from([Timeframe.m5, Timeframe.h1, Timeframe.d1]), st.integers(1, 500))
def test_the_days_looked_back_hold_as_many_bars(timeframe: Timeframe, limit: int) -> None:
    apple = classify("AAPL")
    back = days_back(Asked("AAPL", timeframe, None, NOW, limit), apple)
    rules = rules_of(apple)
    dates = (NOW.date() - timedelta(days=number) for number in range(1, back))
    open_for = sum(sum(e - b for b, e in rules.on_date(on).regular[:1]) for on in dates)
    held = open_for // (23_400_000_000 if timeframe is Timeframe.d1 else timeframe.step)
    assert held >= limit


def test_what_lies_before_the_start_is_not_looked_at() -> None:
    asked = Asked("AAPL", Timeframe.d1, NOW - timedelta(days=3), NOW, 10_000)
    assert days_back(asked, classify("AAPL")) == 4
    for_ever = Asked("AAPL", Timeframe.d1, None, NOW, 10**9)
    assert days_back(for_ever, classify("AAPL")) == 110 * 366


def test_months_are_asked_for_from_the_first_of_one_unless_a_start_is_given() -> None:
    asked = Asked("AAPL", Timeframe.mo1, None, NOW, 3)
    needed = NOW - timedelta(days=days_back(asked, classify("AAPL")))
    assert since_of(asked) == needed
    assert since_of(asked, months=True) < needed - timedelta(days=27)
    assert since_of(asked, months=True).day == 1
    begun = asked._replace(start=NOW - timedelta(days=40))
    assert since_of(begun, months=True) == since_of(begun)


def test_where_rows_break_off_the_oldest_bar_is_not_told() -> None:
    asked = Asked("AAPL", Timeframe.h1, None, NOW, 3)
    rows = [row(NOW - timedelta(minutes=minutes)) for minutes in (30, 90, 60)]
    oldest = NOW - timedelta(minutes=90)
    assert broken_off(asked, rows, Timeframe.m30).start == oldest + timedelta(microseconds=1)
    assert broken_off(asked, rows, Timeframe.h1) == broken_off(asked, [], Timeframe.m30) == asked
