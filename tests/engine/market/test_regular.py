"""Bars of the regular session alone, as many as were asked for."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import Series, Times, instant, moment
from tio.engine.market.regular import newest_regular, regular
from tio.engine.market.sessions import rules_of

SHARE = rules_of(Instrument(symbol="AAPL", asset_class=AssetClass.equity, mic="XNAS"))
COIN = rules_of(Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto))
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC))


def bars(times: list[int], timeframe: Timeframe = Timeframe.m1, *, forming: bool = False) -> Bars:
    column = Series(np.arange(len(times)) + 100.0)
    return Bars(
        symbol="AAPL", timeframe=timeframe, time=Times(times), open=column, high=column,
        low=column, close=column, volume=column, forming=forming, repaired=Times(times[:1]),
    )  # fmt: skip


def clock_of(told: Bars) -> list[str]:
    return [moment(time).astimezone(NEW_YORK).strftime("%H:%M") for time in told.time]


def test_a_session_is_from_its_opening_bell_to_its_closing_one() -> None:
    times = [at(f"2026-03-04 {clock}") for clock in ("09:29", "09:30", "15:59", "16:00")]
    told = regular(bars(times, forming=True), SHARE)
    assert clock_of(told) == ["09:30", "15:59"]
    assert list(told.close) == [101.0, 102.0]
    assert not told.forming
    assert len(told.repaired) == 0


def test_a_half_day_ends_at_one() -> None:
    # The day after Thanksgiving.
    times = [at(f"2026-11-27 {clock}") for clock in ("12:59", "13:00", "14:00")]
    assert clock_of(regular(bars(times), SHARE)) == ["12:59"]


def test_a_session_is_the_same_by_its_own_clock_in_winter_and_summer() -> None:
    times = [at(f"{day} 09:30") for day in ("2026-03-06", "2026-03-09")]
    assert clock_of(regular(bars(times), SHARE)) == ["09:30", "09:30"]


def test_days_and_what_never_closes_are_left_as_they_are() -> None:
    night = [at("2026-03-04 02:00")]
    assert regular(bars(night), COIN) == bars(night)
    assert regular(bars(night, Timeframe.d1), SHARE) == bars(night, Timeframe.d1)


async def test_more_is_asked_for_until_there_are_enough() -> None:
    first = at("2026-03-02 04:00")
    minutes = [first + minute * Timeframe.m1.step for minute in range(4 * 1_440)]
    asked: list[int] = []

    async def fetch(limit: int) -> Bars:
        asked.append(limit)
        return bars(minutes[-limit:])

    told = await newest_regular(fetch, 500, SHARE)
    assert len(told) == 500
    assert clock_of(told)[-1] == "15:59"
    assert len(asked) > 1

    asked.clear()
    everything = await newest_regular(fetch, 5_000, SHARE)
    assert len(everything) == 4 * 390
    assert len(asked) == 1
