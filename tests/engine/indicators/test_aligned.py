"""Columns beside bars: no value is there before it could be known."""

from datetime import UTC, datetime

import numpy as np
from numpy.testing import assert_array_equal

from tio.api.market import AssetClass, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.indicators.aligned import beside, ends_of, sessions, stepped
from tio.engine.market.sessions import rules_of

NAN = float("nan")
SHARE = rules_of(Instrument(symbol="AAPL", asset_class=AssetClass.equity, mic="XNAS"))


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def test_bars_of_a_night_are_of_their_venues_date() -> None:
    times = np.array([at("2026-03-04T14:30"), at("2026-03-05T00:30"), at("2026-03-05T14:30")])
    numbers = sessions(times, SHARE)
    assert numbers[0] == numbers[1]
    assert numbers[2] == numbers[1] + 1
    assert len(sessions(times[:0], SHARE)) == 0


def test_a_longer_bars_value_begins_where_it_ends() -> None:
    time = np.arange(0, 10)
    assert_array_equal(
        stepped(time, np.array([3, 7]), np.array([1.0, 2.0])),
        [NAN, NAN, NAN, 1, 1, 1, 1, 2, 2, 2],
    )
    assert_array_equal(stepped(time[:2], np.zeros(0, np.int64), np.zeros(0)), [NAN, NAN])


def test_a_day_ends_where_its_session_does() -> None:
    days = np.array([at("2026-03-04"), at("2026-03-05")])
    ends = ends_of(days, Timeframe.d1, SHARE)
    next_opening = at("2026-03-05T14:30")
    assert ends[0] <= next_opening < ends[1]


def test_another_close_is_taken_at_the_same_bar_only() -> None:
    time, other = np.array([1, 2, 3, 4]), np.array([2, 4])
    close = np.array([20.0, 40.0])
    assert_array_equal(beside(time, other, close), [NAN, 20, NAN, 40])
    assert_array_equal(beside(time, other[:0], close[:0]), [NAN] * 4)


def test_a_forming_bar_takes_the_newest_close_until_there_is_one_of_its_own() -> None:
    time, other = np.array([1, 2, 3]), np.array([1, 2])
    close = np.array([10.0, 20.0])
    assert_array_equal(beside(time, other, close, forming=True), [10, 20, 20])
    assert_array_equal(beside(time, other, close), [10, 20, NAN])
    later = beside(time, np.array([1, 5]), close, forming=True)
    assert_array_equal(later, [10, NAN, NAN])
