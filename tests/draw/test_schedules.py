"""Schedules in words."""

import pytest

from tio.api.schedules import DueAt, ReportTime, Weekday
from tio.draw.schedules import days_told, when_told

MON, TUE, WED, _, FRI, SAT, SUN = Weekday


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), ""),
        (tuple(Weekday), ""),
        ((FRI, MON), "mon, fri"),
        ((MON, TUE), "mon, tue"),
        ((WED, MON, TUE), "mon–wed"),
        ((MON, SAT, SUN), "mon, sat, sun"),
    ],
)
def test_days_are_told_in_their_order(days: tuple[Weekday, ...], said: str) -> None:
    assert days_told(days) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (ReportTime(time="08:30", zone="Europe/Vienna"), "daily 08:30 Europe/Vienna"),
        (
            ReportTime(time="22:00", days=(MON, TUE, WED), venue="NYSE"),
            "mon–wed 22:00 UTC when NYSE trades",
        ),
        (ReportTime(by=DueAt.open, venue="NYSE"), "30 min before NYSE opens"),
        (
            ReportTime(by=DueAt.close, venue="TSE", minutes=0, days=(FRI,)),
            "as TSE closes, fri",
        ),
    ],
)
def test_times_are_told_in_a_line(when: ReportTime, said: str) -> None:
    assert when_told(when) == said
