"""What bars say of a view: its sign, its range, splits since, and what they do not say."""

from datetime import timedelta
from typing import Any

import pytest
from given_views import CLOSED, LAST, THURSDAY, day, view, weekdays
from hypothesis import given
from hypothesis import strategies as some

from tio.api.errors import SourceUnavailable
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.measures import Day
from tio.engine.analyst.views.scoring import scored, unscored
from tio.engine.analyst.views.sessions import Horizon

END = Horizon(LAST, CLOSED)
NOW = CLOSED + timedelta(hours=1)


def told(*closes: float) -> list[Day]:
    """The day before the view, Friday and five sessions."""
    return weekdays(closes, LAST)


def by(days: list[Day], *, exact: bool = True, **fields: Any) -> GivenView:
    return scored(view(**fields), days, END, NOW, exact=exact)


def test_the_close_of_the_last_session_decides_not_what_was_between() -> None:
    found = by(told(100, 101, 90, 90, 90, 90, 103))
    assert (found.outcome, found.end_price, found.scored_at) == (ViewOutcome.held, 103, NOW)
    assert found.move == pytest.approx(100 * 2 / 101)
    assert found.move_atr == 1
    assert by(told(100, 101, 120, 120, 120, 120, 100)).outcome is ViewOutcome.failed


def test_what_came_after_the_horizon_does_not_count() -> None:
    later = [*told(100, 101, 101, 101, 101, 101, 103), day(LAST + timedelta(days=1), 50)]
    assert by(later).end_price == 103


@pytest.mark.parametrize(
    ("close", "outcome"),
    [(103.2, ViewOutcome.held), (98.8, ViewOutcome.held), (103.3, ViewOutcome.failed)],
)
def test_a_neutral_view_holds_within_half_a_range_by_the_root_of_its_days(
    close: float, outcome: ViewOutcome
) -> None:
    # 0.5 x 2 x sqrt 5 = 2.236
    assert by(told(100, 101, 101, 101, 101, 101, close), bias=0).outcome is outcome


def test_a_neutral_view_without_a_range_is_never_scored() -> None:
    found = by(told(100, 101, 101, 101, 101, 101, 101), bias=0, atr=None)
    assert found.outcome is ViewOutcome.unscored
    assert found.waits == "its daily range was not known when it was given"
    assert found.move is None


def test_a_split_since_changes_nothing() -> None:
    plain = by(told(100, 101, 101, 101, 101, 101, 104))
    split = by([day_of(each, 4) for each in told(100, 101, 101, 101, 101, 101, 104)])
    assert split.outcome is plain.outcome
    assert split.move == pytest.approx(plain.move)
    assert split.move_atr == pytest.approx(plain.move_atr)
    assert split.end_price == 26


def test_a_close_that_was_corrected_is_no_split() -> None:
    assert by(told(100.3, 101, 101, 101, 101, 101, 101.1)).move == pytest.approx(100 * 0.1 / 101)


@pytest.mark.parametrize(
    ("days", "missing"),
    [
        ([], "no daily bar of 2026-11-19 is known"),
        (told(100, 101, 101, 101, 101, 101, 104)[1:], "no daily bar of 2026-11-19 is known"),
        (told(100, 101, 101, 101, 101, 101, 104)[:-1], "no daily bar of 2026-11-30 is known"),
    ],
)
def test_bars_that_lack_are_waited_for_and_never_guessed(days: list[Day], missing: str) -> None:
    with pytest.raises(SourceUnavailable, match=missing):
        by(days)


def test_a_last_session_without_its_bar_is_a_hole_where_hours_are_known() -> None:
    holed = [*told(100, 101, 101, 101, 101, 101, 104)[:-1], day(LAST + timedelta(days=1), 50)]
    with pytest.raises(SourceUnavailable, match="2026-11-30"):
        by(holed)
    # Where nobody tells holidays it was one, and the day before is the last.
    assert by(holed, exact=False).end_price == 101


def test_where_hours_are_unknown_the_day_before_the_view_is_not_its_end() -> None:
    bare = [day(THURSDAY, 100), day(LAST + timedelta(days=1), 50)]
    with pytest.raises(SourceUnavailable, match="2026-11-30"):
        by(bare, exact=False)


def test_a_view_given_up_says_why() -> None:
    found = unscored(view(), NOW, "no bars")
    assert (found.outcome, found.waits, found.end_price) == (ViewOutcome.unscored, "no bars", None)


@given(some.floats(50, 200), some.floats(0.02, 50))
def test_opposite_views_never_both_hold_whatever_was_split(close: float, ratio: float) -> None:
    days = [day_of(each, ratio) for each in told(100, 101, 101, 101, 101, 101, close)]
    up, down = by(days, bias=1), by(days, bias=-1)
    assert {up.outcome, down.outcome} != {ViewOutcome.held}
    assert up.move == down.move


def day_of(day: Day, ratio: float) -> Day:
    """The same day as it is told after a split of that ratio."""
    return Day(day.time, day.high / ratio, day.low / ratio, day.close / ratio)
