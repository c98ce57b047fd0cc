"""Bars are missed where the market was open, and nowhere else."""

from datetime import UTC, date, datetime, timedelta

import numpy as np

from tio.api.market import Timeframe
from tio.api.series import instant
from tio.engine.market.gaps import could_open, holes
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify

SHARES = rules_of(classify("AAPL"))
CRYPTO = rules_of(classify("BTC-USD"))
FX = rules_of(classify("EURUSD"))


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))


def every(timeframe: Timeframe, start: str, count: int) -> np.ndarray:
    return at(start) + np.arange(count, dtype=np.int64) * timeframe.step


def test_crypto_misses_every_hour_that_is_not_there() -> None:
    time = np.delete(every(Timeframe.h1, "2026-11-20T00:00", 48), [5, 6, 7])
    (hole,) = holes(time, Timeframe.h1, CRYPTO, at("2026-11-20"), at("2026-11-22"))
    assert (hole.start, hole.end) == (at("2026-11-20T05:00"), at("2026-11-20T08:00"))
    assert hole.bars == 3


def test_a_night_a_weekend_and_a_holiday_are_no_holes() -> None:
    days = [d for d in range(16, 31) if date(2026, 11, d).weekday() < 5 and d != 26]
    daily = np.array([at(f"2026-11-{d:02}") for d in days], np.int64)
    assert holes(daily, Timeframe.d1, SHARES, at("2026-11-16"), at("2026-12-01")) == []
    friday = every(Timeframe.m30, "2026-11-20T14:30", 13)
    monday = every(Timeframe.m30, "2026-11-23T14:30", 13)
    time = np.concatenate([friday, monday])
    whole = at("2026-11-20T14:30"), at("2026-11-23T21:00")
    assert holes(time, Timeframe.m30, SHARES, *whole) == []


def test_a_missing_session_is_one_hole() -> None:
    days = ["2026-11-16", "2026-11-17", "2026-11-19", "2026-11-20"]
    daily = np.array([at(day) for day in days], np.int64)
    (hole,) = holes(daily, Timeframe.d1, SHARES, at("2026-11-16"), at("2026-11-21"))
    assert hole.bars == 1
    assert hole.start <= at("2026-11-18") < hole.end


def test_a_half_day_expects_half_of_its_bars() -> None:
    black_friday = at("2026-11-27"), at("2026-11-28")
    assert could_open(*black_friday, Timeframe.m30, SHARES, 100) == 7


def test_what_is_missing_at_both_ends_is_told() -> None:
    time = every(Timeframe.m5, "2026-11-20T15:00", 12)
    found = holes(
        time, Timeframe.m5, SHARES, at("2026-11-20T14:30"), at("2026-11-20T16:30"), least=2
    )
    assert [each.bars for each in found] == [6, 6]


def test_nothing_stored_is_one_hole_of_all_that_could_be() -> None:
    none = np.empty(0, np.int64)
    (hole,) = holes(none, Timeframe.h1, FX, at("2026-11-20"), at("2026-11-23"))
    assert hole.bars == 22 + 2  # Friday until 22:00Z, Sunday from 22:00Z


def test_small_holes_are_left_out_when_only_larger_ones_are_asked_for() -> None:
    time = np.delete(every(Timeframe.m1, "2026-11-20T00:00", 600), [10, 200, 201, 202, 203])
    found = holes(time, Timeframe.m1, CRYPTO, at("2026-11-20"), at("2026-11-20T10:00"), least=3)
    assert [each.bars for each in found] == [4]


def test_years_of_nothing_are_counted_quickly() -> None:
    start = datetime(1990, 1, 1, tzinfo=UTC)
    none = np.empty(0, np.int64)
    end = instant(start + timedelta(days=9_000))
    (hole,) = holes(none, Timeframe.m1, CRYPTO, instant(start), end)
    assert hole.bars >= 366 * 1_440
