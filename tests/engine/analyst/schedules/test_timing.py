"""When schedules are due: rising, once a date, at the time told, whatever clocks and venues do."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_schedules import FRIDAY, utc

from tio.api.schedules import DueAt, ReportTime, Weekday
from tio.api.series import instant, moment
from tio.engine.analyst.schedules.timing import (
    LATE,
    Due,
    Settled,
    next_due,
    passed,
    steady,
)
from tio.engine.hours.markets import place_of
from tio.engine.market.sessions import SessionRules

ZONES = (
    *("UTC", "America/New_York", "Europe/Vienna", "Asia/Tokyo", "Australia/Lord_Howe"),
    *("Pacific/Apia", "America/Sao_Paulo", "Asia/Kathmandu"),
)
VENUES = ("NYSE", "TSE", "LSE", "HKEX", "CME", "FX")
moments = st.integers(instant(utc(2005, 1, 1)), instant(utc(2027, 6, 1))).map(moment)
times = st.times().map(lambda at: f"{at:%H:%M}")
weekdays = st.sets(st.sampled_from(Weekday), max_size=4).map(tuple)
clocks = st.builds(
    ReportTime, time=times, zone=st.sampled_from(ZONES), days=weekdays, by=st.just(DueAt.clock)
)
sessions = st.builds(
    ReportTime,
    by=st.sampled_from((DueAt.open, DueAt.close)),
    venue=st.sampled_from(VENUES),
    minutes=st.integers(0, 720),
    days=weekdays,
)


def rules(when: ReportTime) -> SessionRules | None:
    place = place_of(when.venue) if when.venue else None
    return None if place is None else place.rules


def dues(when: ReportTime, after: datetime, count: int) -> list[Due]:
    found, settled = [], Settled(after)
    for _ in range(count):
        due = next_due(when, settled, rules(when))
        if due is None:
            break
        found.append(due)
        settled = Settled(due.at, due.on)
    return found


def first(when: ReportTime, *after: int) -> datetime:
    (due,) = dues(when, utc(*after), 1)
    return due.at


def test_a_time_of_day_is_that_of_its_zone_summer_and_winter() -> None:
    when = ReportTime(time="08:30", zone="Europe/Vienna")
    assert first(when, 2026, 7, 1) == utc(2026, 7, 1, 6, 30)
    assert first(when, 2026, 12, 1) == utc(2026, 12, 1, 7, 30)


def test_a_time_the_clock_leaps_over_is_told_by_the_offset_before() -> None:
    # On 8 March 2026 New York goes from 02:00 to 03:00.
    when = ReportTime(time="02:30", zone="America/New_York")
    assert first(when, 2026, 3, 8) == utc(2026, 3, 8, 7, 30)
    assert first(when, 2026, 3, 8, 7, 30) == utc(2026, 3, 9, 6, 30)


def test_a_time_the_clock_passes_twice_is_due_once() -> None:
    # On 1 November 2026 New York goes from 02:00 back to 01:00.
    when = ReportTime(time="01:30", zone="America/New_York")
    assert first(when, 2026, 11, 1) == utc(2026, 11, 1, 5, 30)
    assert first(when, 2026, 11, 1, 5, 30) == utc(2026, 11, 2, 6, 30)


def test_a_date_a_zone_left_out_is_no_second_one() -> None:
    # Samoa went from 29 to 31 December 2011.
    when = ReportTime(time="08:00", zone="Pacific/Apia")
    found = dues(when, utc(2011, 12, 28, 12), 4)
    assert len({each.at for each in found}) == 4


def test_chosen_days_of_the_week_are_those_of_the_zone() -> None:
    when = ReportTime(time="08:00", zone="Asia/Tokyo", days=(Weekday.mon,))
    assert first(when, 2026, 11, 20) == utc(2026, 11, 22, 23, 0)


def test_before_the_open_leaves_out_week_ends_and_holidays() -> None:
    when = ReportTime(by=DueAt.open, venue="NYSE", minutes=30)
    assert first(when, 2026, 11, 20, 15) == utc(2026, 11, 23, 14, 0)
    # Thanksgiving.
    assert first(when, 2026, 11, 25, 15) == utc(2026, 11, 27, 14, 0)


def test_after_the_close_of_a_half_day_is_after_its_early_close() -> None:
    when = ReportTime(by=DueAt.close, venue="NYSE", minutes=15)
    assert first(when, 2026, 11, 27, 0) == utc(2026, 11, 27, 18, 15)
    assert first(when, 2026, 11, 25, 0) == utc(2026, 11, 25, 21, 15)


def test_a_lunch_is_neither_open_nor_close() -> None:
    opens = ReportTime(by=DueAt.open, venue="TSE", minutes=0)
    closes = ReportTime(by=DueAt.close, venue="TSE", minutes=0)
    assert first(opens, 2026, 11, 19, 20) == utc(2026, 11, 20, 0, 0)
    assert first(closes, 2026, 11, 19, 20) == utc(2026, 11, 20, 6, 30)


def test_a_time_of_day_with_a_venue_is_due_only_when_it_trades() -> None:
    when = ReportTime(time="22:00", zone="Europe/Vienna", venue="NYSE")
    found = [each.on for each in dues(when, utc(2026, 11, 25), 3)]
    assert found == [date(2026, 11, 25), date(2026, 11, 27), date(2026, 11, 30)]


def test_days_on_which_a_venue_never_trades_are_never_due() -> None:
    when = ReportTime(by=DueAt.open, venue="NYSE", days=(Weekday.sat,))
    assert next_due(when, Settled(FRIDAY), rules(when)) is None
    assert passed(when, Settled(FRIDAY), FRIDAY + timedelta(days=30), rules(when)) is None


def test_a_moved_hour_makes_no_second_run_of_the_date_it_ran_on() -> None:
    early = ReportTime(time="08:00", zone="Europe/Vienna")
    settled = Settled(utc(2026, 11, 20, 7, 0), date(2026, 11, 20))
    late = ReportTime(time="18:00", zone="Europe/Vienna")
    assert next_due(early, settled, None) == (utc(2026, 11, 21, 7, 0), date(2026, 11, 21))
    assert next_due(late, settled, None) == (utc(2026, 11, 21, 17, 0), date(2026, 11, 21))


@given(st.one_of(clocks, sessions), moments)
def test_due_moments_rise_and_none_is_left_out_by_where_one_begins(
    when: ReportTime, after: datetime
) -> None:
    found = dues(when, after, 6)
    assert all(a.at < b.at and a.on < b.on for a, b in pairwise(found))
    assert all(each.at > after for each in found)
    for before, due in pairwise(found):
        inside = before.at + (due.at - before.at) / 2
        assert next_due(when, Settled(inside, before.on), rules(when)) == due


@given(clocks, moments)
def test_the_clock_of_the_zone_shows_the_time_unless_it_leapt(
    when: ReportTime, after: datetime
) -> None:
    zone = ZoneInfo(when.zone)
    for due in dues(when, after, 4):
        local = due.at.astimezone(zone)
        wanted = datetime.combine(due.on, time.fromisoformat(when.time))
        if local.replace(tzinfo=None) == wanted:
            continue
        before = local - timedelta(days=2)
        assert local.utcoffset() != before.utcoffset()
        assert local.replace(tzinfo=None) > wanted


@given(sessions, moments)
def test_reports_of_a_session_lie_the_told_minutes_outside_of_it(
    when: ReportTime, after: datetime
) -> None:
    trades = rules(when)
    assert trades is not None
    for due in dues(when, after, 3):
        regular = trades.on_date(due.on).regular
        by = timedelta(minutes=when.minutes)
        edge = due.at + by if when.by is DueAt.open else due.at - by
        assert instant(edge) == (regular[0][0] if when.by is DueAt.open else regular[-1][1])
        assert not when.days or list(Weekday)[due.on.weekday()] in when.days
        if when.minutes and when.by is DueAt.close:
            assert moment(regular[-1][1]) < due.at


@given(st.one_of(clocks, sessions), moments, st.integers(0, 40 * 24 * 60))
def test_whatever_passed_is_run_once_or_missed_and_then_settled(
    when: ReportTime, after: datetime, minutes: int
) -> None:
    now = after + timedelta(minutes=minutes)
    between = [each for each in dues(when, after, 45) if each.at <= now]
    found = passed(when, Settled(after), now, rules(when))
    if found is None:
        assert not between
        return
    assert found.newest == between[-1]
    assert found.missed + (found.run is not None) == len(between)
    assert (found.run is not None) is (now - found.newest.at <= LATE)
    settled = Settled(found.newest.at, found.newest.on)
    assert passed(when, settled, now, rules(when)) is None


@given(clocks, moments, st.lists(st.integers(-1_200, 3_000), max_size=30))
def test_no_date_is_run_twice_by_a_clock_that_is_put_back_and_forth(
    when: ReportTime, now: datetime, jumps: list[int]
) -> None:
    settled, ran = Settled(now), list[Due]()
    for minutes in jumps:
        now += timedelta(minutes=minutes)
        if steady(settled, now) != settled:
            settled, ran = steady(settled, now), []
        found = passed(when, settled, now, None)
        if found is not None:
            assert not ran or (ran[-1].at < found.newest.at and ran[-1].on < found.newest.on)
            ran.append(found.newest)
            settled = Settled(found.newest.at, found.newest.on)


@pytest.mark.parametrize(("behind", "anew"), [(0, False), (23, False), (25, True), (900, True)])
def test_a_clock_far_behind_what_is_settled_was_wrong_then(behind: int, anew: bool) -> None:
    settled = Settled(FRIDAY + timedelta(hours=behind), date(2026, 11, 20))
    assert steady(settled, FRIDAY) == (Settled(FRIDAY) if anew else settled)
