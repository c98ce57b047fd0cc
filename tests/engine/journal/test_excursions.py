"""How far the price went for and against a trade."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tio.api.market import Bars, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.journal.excursions import Held, covered, excursion, timeframes
from tio.engine.portfolio.moments import day_end

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")


def bars(low: list[float], high: list[float], frame: Timeframe = Timeframe.m1) -> Bars:
    """One after the other, from nine, or from the day of it."""
    begin = NINE if frame.intraday else NINE.replace(hour=0)
    time = [instant(begin) + n * frame.step for n in range(len(low))]
    middle = Series([(a + b) / 2 for a, b in zip(low, high, strict=True)])
    return Bars(
        symbol="AAA",
        timeframe=frame,
        time=Times(time),
        open=middle,
        high=Series(high),
        low=Series(low),
        close=middle,
        source="test",
    )


def held(**told: Any) -> Held:
    terms: dict[str, Any] = {
        "long": True,
        "entry": 100.0,
        "prices": (100.0, 104.0),
        "since": NINE,
        "until": NINE + timedelta(minutes=3),
        "risk": 2.0,
        "zone": UTC_ZONE,
    }
    return Held(**(terms | told))


def test_of_a_long_trade_lows_are_adverse() -> None:
    told = excursion(held(), bars([99, 98.5, 101], [101, 103, 106]))
    assert (told.adverse, told.favourable) == (1.5, 6.0)
    assert (told.adverse_r, told.favourable_r) == (0.75, 3.0)
    assert (told.bars, told.timeframe, told.source) == (3, Timeframe.m1, "test")


def test_of_a_short_trade_highs_are() -> None:
    told = excursion(held(long=False, prices=(100.0, 97.0)), bars([99, 96], [101, 103]))
    assert (told.adverse, told.favourable) == (3.0, 4.0)


def test_a_bar_that_reaches_beyond_the_trade_does_not_count() -> None:
    since, until = NINE + timedelta(seconds=30), NINE + timedelta(minutes=2, seconds=30)
    told = excursion(held(since=since, until=until), bars([50, 99, 50], [150, 101, 150]))
    assert (told.adverse, told.favourable, told.bars) == (1.0, 4.0, 1)


def test_its_own_prices_always_count() -> None:
    told = excursion(
        held(prices=(100.0, 90.0), until=NINE + timedelta(seconds=20)), bars([50], [150])
    )
    assert (told.adverse, told.favourable, told.bars, told.timeframe) == (10.0, 0.0, 0, None)


def test_without_a_plan_there_is_no_r() -> None:
    told = excursion(held(risk=None), bars([99], [101]))
    assert (told.adverse_r, told.favourable_r) == (None, None)


def test_days_count_from_the_one_after_opening_to_the_last_that_is_whole() -> None:
    days = bars([1, 90, 95, 80], [999, 110, 120, 130], Timeframe.d1)
    whole = held(
        since=day_end(NINE.date(), UTC_ZONE), until=day_end(NINE.date() + timedelta(2), UTC_ZONE)
    )
    told = excursion(whole, days)
    assert (told.adverse, told.favourable, told.bars) == (10.0, 20.0, 2)
    until_noon = held(since=NINE, until=NINE + timedelta(days=2, hours=3))
    assert excursion(until_noon, days).bars == 1


@pytest.mark.parametrize(
    ("span", "first"),
    [
        (timedelta(minutes=5), Timeframe.m1),
        (timedelta(days=2), Timeframe.m5),
        (timedelta(days=20), Timeframe.h1),
        (timedelta(days=200), Timeframe.d1),
    ],
)
def test_the_finest_bars_that_a_span_bears_are_asked_first(
    span: timedelta, first: Timeframe
) -> None:
    asked = list(timeframes(NINE, NINE + span, whole_days=False))
    assert (asked[0], asked[-1]) == (first, Timeframe.d1)
    assert list(timeframes(NINE, NINE + span, whole_days=True)) == [Timeframe.d1]


def test_how_much_of_a_trade_bars_tell() -> None:
    hour = held(until=NINE + timedelta(hours=1))
    assert covered(hour, bars([99] * 60, [101] * 60)) == 1.0
    assert covered(hour, bars([99] * 28, [101] * 28)) == pytest.approx(0.5)
    assert covered(hour, bars([], [])) == 0.0
