"""The prices traders watch in a session, from its minutes: of shares, currencies and coins."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tio.api.charts import SessionLevel
from tio.api.market import AssetClass, Instrument, Timeframe
from tio.api.series import instant
from tio.engine.charts.levels import begins, levels_of, sessions_at, weekly_span
from tio.engine.market.sessions import SessionRules, rules_of
from tio.engine.store.columns import Columns

NEW_YORK = ZoneInfo("America/New_York")
SHARE = rules_of(Instrument(symbol="AAPL", asset_class=AssetClass.equity, mic="XNAS"))
PAIR = rules_of(Instrument(symbol="EURUSD", asset_class=AssetClass.fx))
COIN = rules_of(Instrument(symbol="BTC-USD", asset_class=AssetClass.crypto))
MINUTE = Timeframe.m1.step


def at(text: str, zone: ZoneInfo = NEW_YORK) -> int:
    return instant(datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC))


def minutes(*spans: tuple[int, int, float]) -> Columns:
    """Minute bars over each [start, end); each opens at `price` and rises a cent a minute."""
    time = np.concatenate([np.arange(start, end, MINUTE) for start, end, _ in spans])
    begun = [price + 0.01 * np.arange((end - start) // MINUTE) for start, end, price in spans]
    opens = np.concatenate(begun)
    volume = np.full(len(time), 100.0)
    return Columns.of(time, opens, opens + 0.05, opens - 0.05, opens + 0.01, volume)


def told(
    rules: SessionRules, bars: Columns, now: int, opening: int = 30
) -> dict[str, SessionLevel]:
    found = sessions_at(rules, now)
    assert found is not None
    start, end = weekly_span(found.first)
    first, last = np.searchsorted(bars.time, (start, end))
    week = bars[int(first) : int(last)]
    start = min(found.today.start, begins(found.before or found.today))
    first, last = np.searchsorted(bars.time, (start, now))
    heard = bars[int(first) : int(last)]
    return {level.label: level for level in levels_of(found, heard, week, now, opening)}


def share_days(*days: str) -> Columns:
    """A whole day from 4:00 to 20:00 for each; the first opens its session at 100, then 110 …"""
    spans = []
    for number, day in enumerate(days):
        price = 100.0 + 10 * number
        spans += [
            (at(f"{day} 04:00"), at(f"{day} 09:30"), price - 4),
            (at(f"{day} 09:30"), at(f"{day} 16:00"), price),
            (at(f"{day} 16:00"), at(f"{day} 20:00"), price + 50),
        ]
    return minutes(*spans)


def test_the_prior_day_is_its_regular_session_alone() -> None:
    levels = told(SHARE, share_days("2026-03-03", "2026-03-04"), at("2026-03-04 10:30"))
    assert levels["PDH"].price == pytest.approx(100 + 3.89 + 0.05)
    assert levels["PDL"].price == pytest.approx(99.95)
    assert levels["PDC"].price == pytest.approx(100 + 3.89 + 0.01)
    assert not levels["PDH"].forming


def test_the_early_hours_have_levels_of_their_own() -> None:
    bars = share_days("2026-03-03", "2026-03-04")
    before = told(SHARE, bars, at("2026-03-04 09:00"))
    assert before["PMH"].price == pytest.approx(106 + 2.99 + 0.05)
    assert before["PMH"].forming
    assert "ORH" not in before
    after = told(SHARE, bars, at("2026-03-04 09:31"))
    assert after["PML"].price == pytest.approx(105.95)
    assert not after["PML"].forming


def test_the_opening_range_grows_until_its_time_is_over() -> None:
    bars = share_days("2026-03-03", "2026-03-04")
    growing = told(SHARE, bars, at("2026-03-04 09:40"))
    assert growing["ORH"].forming
    assert growing["ORH"].price == pytest.approx(110 + 0.09 + 0.05)
    over = told(SHARE, bars, at("2026-03-04 15:00"))
    assert not over["ORH"].forming
    assert over["ORH"].price == pytest.approx(110 + 0.29 + 0.05)
    assert over["ORL"].price == pytest.approx(109.95)
    quarter = told(SHARE, bars, at("2026-03-04 15:00"), opening=15)
    assert quarter["ORH"].price == pytest.approx(110 + 0.14 + 0.05)


def test_an_opening_that_was_not_heard_has_no_range() -> None:
    late = minutes((at("2026-03-04 09:50"), at("2026-03-04 12:00"), 110.0))
    assert "ORH" not in told(SHARE, late, at("2026-03-04 11:00"))


def test_a_day_before_heard_in_part_has_no_levels() -> None:
    bars = minutes(
        (at("2026-03-03 13:00"), at("2026-03-03 16:00"), 100.0),
        (at("2026-03-04 09:30"), at("2026-03-04 12:00"), 110.0),
    )
    assert not {"PDH", "PDL", "PDC"} & told(SHARE, bars, at("2026-03-04 11:00")).keys()


def test_the_average_price_is_weighed_by_volume_over_the_date() -> None:
    bars = minutes((at("2026-03-04 09:30"), at("2026-03-04 09:32"), 110.0))
    level = told(SHARE, bars, at("2026-03-04 09:32"))["VWAP"]
    typical = [(o + 0.05 + o - 0.05 + o + 0.01) / 3 for o in (110.0, 110.01)]
    assert level.price == pytest.approx(sum(typical) / 2)
    assert level.forming


def test_without_volume_there_is_no_average() -> None:
    bars = minutes((at("2026-03-04 09:30"), at("2026-03-04 12:00"), 110.0))
    bars.block[5] = np.full(len(bars), np.nan).view(np.int64)
    assert "VWAP" not in told(SHARE, bars, at("2026-03-04 11:00"))


def test_a_week_opens_on_its_first_session_after_a_holiday() -> None:
    # Monday 2026-02-16 is Presidents' Day.
    bars = share_days("2026-02-13", "2026-02-17", "2026-02-18")
    levels = told(SHARE, bars, at("2026-02-18 10:30"))
    assert levels["WO"].price == pytest.approx(110.0)
    assert levels["WO"].since == datetime(2026, 2, 17, 14, 30, tzinfo=UTC)


def test_the_day_before_a_monday_is_the_friday() -> None:
    levels = told(SHARE, share_days("2026-03-06", "2026-03-09"), at("2026-03-09 10:30"))
    assert levels["PDL"].price == pytest.approx(99.95)


def test_clocks_that_change_over_the_weekend_move_no_level() -> None:
    # New York's clocks go forward on 2026-03-08.
    levels = told(SHARE, share_days("2026-03-06", "2026-03-09"), at("2026-03-09 10:30"))
    assert levels["ORH"].since == datetime(2026, 3, 9, 13, 30, tzinfo=UTC)


def test_on_a_weekend_the_session_is_fridays() -> None:
    levels = told(SHARE, share_days("2026-03-05", "2026-03-06"), at("2026-03-07 12:00"))
    assert levels["PDL"].price == pytest.approx(99.95)
    assert not levels["VWAP"].forming


def test_a_currency_day_begins_at_five_in_new_york() -> None:
    bars = minutes(
        (at("2026-03-02 17:00"), at("2026-03-03 17:00"), 100.0),
        (at("2026-03-03 17:00"), at("2026-03-03 20:00"), 200.0),
    )
    levels = told(PAIR, bars, at("2026-03-03 19:00"))
    assert levels["PDL"].price == pytest.approx(99.95)
    assert levels["PDH"].price == pytest.approx(100 + 14.39 + 0.05)
    assert levels["ORL"].since == datetime(2026, 3, 3, 22, 0, tzinfo=UTC)
    assert "PMH" not in levels


def test_a_coins_day_is_greenwichs_and_its_week_opens_on_monday() -> None:
    utc = ZoneInfo("UTC")
    bars = minutes((at("2026-03-02 00:00", utc), at("2026-03-04 06:00", utc), 100.0))
    levels = told(COIN, bars, at("2026-03-04 06:00", utc))
    assert levels["WO"].price == pytest.approx(100.0)
    assert levels["PDH"].since == datetime(2026, 3, 4, tzinfo=UTC)
    assert levels["ORH"].price == pytest.approx(100 + 28.8 + 0.29 + 0.05)


def test_nothing_heard_has_no_level() -> None:
    nothing = Columns.of(*(np.zeros(0) for _ in range(6)))
    now = at("2026-03-04 11:00")
    assert told(SHARE, nothing, now) == {}


def test_before_the_early_hours_the_session_is_still_yesterdays() -> None:
    levels = told(SHARE, share_days("2026-03-03", "2026-03-04"), at("2026-03-04 03:30"))
    assert levels["ORH"].since == datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    assert levels["ORH"].price == pytest.approx(100 + 0.29 + 0.05)
