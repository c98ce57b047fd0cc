"""The named windows: in order, apart, and from a top to a bottom of what was recorded."""

import csv
from datetime import date, datetime
from itertools import pairwise

import pytest

from tio.api.errors import Invalid, NotFound
from tio.api.stress import HistoricalWindow
from tio.engine.risk.windows import WINDOWS, window

import recorded

RECORDED = [each for each in WINDOWS if date(2000, 1, 1) < each.start < date(2018, 12, 1)]


def test_windows_stand_in_time_and_each_ends_after_it_began() -> None:
    assert len({each.name for each in WINDOWS}) == len(WINDOWS) == 10
    assert all(each.start < each.end for each in WINDOWS)
    assert all(one.end < other.start for one, other in pairwise(WINDOWS))
    assert all(max(each.start.weekday(), each.end.weekday()) < 5 for each in WINDOWS)


@pytest.mark.parametrize("each", RECORDED, ids=lambda each: each.name)
def test_the_index_stood_highest_at_the_start_and_lowest_at_the_end(each: HistoricalWindow) -> None:
    rows = csv.DictReader(recorded.lines("2_ohlcv/arch/sp500.csv.gz"))
    closes = {_day(row["Date"]): float(row["Adj Close"]) for row in rows}
    within = [close for day, close in closes.items() if each.start <= day <= each.end]
    assert closes[each.start] == max(within)
    assert closes[each.end] == min(within)


def _day(text: str) -> date:
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007


def test_one_that_is_not_known_is_told_with_those_that_are() -> None:
    assert window("2008").title == "The financial crisis"
    with pytest.raises(NotFound) as caught:
        window("1929")
    assert "black-monday, dotcom, gfc" in caught.value.next


def test_one_has_a_second_name_and_any_two_dates_are_one() -> None:
    assert window("GFC") == window("2008")
    assert len({each.alias for each in WINDOWS}) == len(WINDOWS)
    own = window("2022-01-03..2022-10-12")
    assert (own.start, own.end) == (date(2022, 1, 3), date(2022, 10, 12))


@pytest.mark.parametrize("name", ["2022-01-03..", "x..y", "2022-01-04..2022-01-03"])
def test_two_dates_that_are_no_window_are_refused(name: str) -> None:
    with pytest.raises(Invalid):
        window(name)
