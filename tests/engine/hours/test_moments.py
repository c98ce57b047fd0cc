from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Session
from tio.api.series import instant, moment
from tio.engine.hours.markets import PLACES, Place, place_of
from tio.engine.hours.moments import Standing, standing, stretches
from tio.engine.market.sessions import DAY, SessionRules

MINUTES = st.integers(11_600_000, 31_000_000).map(lambda minute: minute * 60_000_000)
"""Instants from 1992 to 2028."""


def rules(code: str) -> SessionRules:
    place = place_of(code)
    assert place is not None
    return place.rules


def at(*when: int) -> int:
    return instant(datetime(*when, tzinfo=UTC))  # type: ignore[misc, arg-type]


def test_a_morning_in_new_york_waits_for_the_open() -> None:
    assert standing(rules("NYSE"), at(2026, 11, 27, 10)) == Standing(
        session=Session.pre,
        until=at(2026, 11, 27, 14, 30),
        then=Session.regular,
        next_open=at(2026, 11, 27, 14, 30),
        next_close=at(2026, 11, 27, 18),
    )


def test_before_a_holiday_the_next_open_is_beyond_it() -> None:
    evening = standing(rules("TSX"), at(2026, 12, 24, 19))
    assert (evening.session, evening.until) == (Session.closed, at(2026, 12, 29, 14, 30))


def test_at_lunch_tokyo_is_closed_until_the_afternoon() -> None:
    lunch = standing(rules("TSE"), at(2026, 11, 24, 3))
    assert (lunch.session, lunch.until, lunch.then) == (
        Session.closed,
        at(2026, 11, 24, 3, 30),
        Session.regular,
    )


def test_the_currency_week_is_one_stretch() -> None:
    week = standing(rules("FX"), at(2026, 11, 25, 12))
    assert (week.until, week.then) == (at(2026, 11, 27, 22), Session.closed)


def test_crypto_never_changes() -> None:
    assert standing(rules("CRYPTO"), at(2026, 11, 25, 12)) == Standing(
        Session.regular, None, None, None, None
    )


def test_the_longest_closing_is_looked_across() -> None:
    golden_week = standing(rules("TSE"), at(2019, 4, 26, 6))
    assert golden_week.until == at(2019, 5, 7, 0)


@given(st.sampled_from(PLACES), MINUTES)
def test_until_the_told_change_nothing_changes(place: Place, now: int) -> None:
    stands = standing(place.rules, now)
    assert stands.session is place.rules.session(now)
    if stands.until is not None:
        assert stands.until > now
        assert place.rules.session(stands.until) is stands.then is not stands.session
        assert place.rules.session(stands.until - 1) is stands.session


@given(st.sampled_from(PLACES), MINUTES)
def test_stretches_rise_and_agree_with_the_session_of_each_moment(place: Place, start: int) -> None:
    end = start + 2 * DAY
    found = list(stretches(place.rules, start, end))
    assert all(a.closes <= b.opens for a, b in pairwise(found))
    assert all(each.opens < end and start < each.closes for each in found)
    for hour in range(48):
        now = start + hour * 3_600_000_000
        inside = [each.session for each in found if each.opens <= now < each.closes]
        assert (inside or [Session.closed]) == [place.rules.session(now)], moment(now)
