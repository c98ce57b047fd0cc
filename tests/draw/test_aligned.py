"""What stands beside a bar was known by then, and is of its session."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tio.api.market import Timeframe
from tio.api.series import instant
from tio.draw.aligned import aligned, ratio
from tio.draw.columns import Columns

START = datetime(2024, 3, 4, 14, 30, tzinfo=UTC)
MINUTE = 60_000_000


def columns(times: list[int], closes: list[float]) -> Columns:
    close = np.array(closes, np.float64)
    return Columns(np.array(times, np.int64), close, close, close, close, close)


def minutes(*offsets: int) -> list[int]:
    return [instant(START) + MINUTE * offset for offset in offsets]


def at(*moments: datetime) -> list[int]:
    return [instant(moment) for moment in moments]


def test_a_bar_without_its_like_has_the_close_before_it() -> None:
    other = columns(minutes(0, 1, 3), [10.0, 11.0, 13.0])
    values = aligned(np.array(minutes(0, 1, 2, 3)), Timeframe.m1, other)
    assert values.tolist() == [10.0, 11.0, 11.0, 13.0]


def test_before_the_first_bar_of_the_other_there_is_nothing() -> None:
    values = aligned(np.array(minutes(0, 1)), Timeframe.m1, columns(minutes(1), [11.0]))
    assert np.isnan(values[0])
    assert values[1] == 11.0


def test_a_close_of_yesterday_is_not_carried_into_today() -> None:
    other = columns(minutes(0, 1, 1500), [10.0, 11.0, 20.0])
    values = aligned(np.array(minutes(1, 1440, 1441, 1500)), Timeframe.m1, other)
    assert values[0] == 11.0
    assert np.isnan(values[1:3]).all()
    assert values[3] == 20.0


def test_a_close_is_not_carried_past_the_end_of_its_own_session() -> None:
    around_the_clock = np.array(minutes(*range(0, 1600, 50)))
    values = aligned(around_the_clock, Timeframe.m1, columns(minutes(0, 1, 1500), [1.0, 2.0, 3.0]))
    assert values[0] == 1.0
    assert np.isnan(values[1:30]).all()
    assert values[30] == 3.0


def test_hours_that_begin_elsewhere_meet_those_that_ended_by_then() -> None:
    half_past = np.array(minutes(0, 60, 120))
    on_the_hour = columns(minutes(-30, 30, 90, 150), [1.0, 2.0, 3.0, 4.0])
    assert aligned(half_past, Timeframe.h1, on_the_hour).tolist() == [1.0, 2.0, 3.0]


def test_days_meet_the_same_day_alone() -> None:
    friday = datetime(2024, 3, 1, tzinfo=UTC)
    days = [friday + timedelta(days=n) for n in range(4)]
    values = aligned(np.array(at(*days)), Timeframe.d1, columns(at(days[0], days[3]), [1.0, 4.0]))
    assert values[[0, 3]].tolist() == [1.0, 4.0]
    assert np.isnan(values[1:3]).all()


def test_months_meet_whatever_day_they_begin_at() -> None:
    ours = at(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC))
    theirs = at(datetime(2024, 1, 2, tzinfo=UTC), datetime(2024, 2, 1, tzinfo=UTC))
    values = aligned(np.array(ours), Timeframe.mo1, columns(theirs, [1.0, 2.0]))
    assert values.tolist() == [1.0, 2.0]


@given(
    ours=st.lists(st.integers(0, 5_000), min_size=1, max_size=60, unique=True),
    theirs=st.lists(st.integers(0, 5_000), max_size=60, unique=True),
    timeframe=st.sampled_from([Timeframe.m1, Timeframe.m5, Timeframe.h1, Timeframe.d1]),
)
def test_what_comes_later_changes_nothing_before(
    ours: list[int], theirs: list[int], timeframe: Timeframe
) -> None:
    times = np.array(sorted(minutes(*(each * timeframe.step // MINUTE for each in ours))))
    its = sorted(minutes(*(each * timeframe.step // MINUTE for each in theirs)))
    whole = columns(its, [float(n + 1) for n in range(len(its))])
    values = aligned(times, timeframe, whole)
    for n, time in enumerate(times.tolist()):
        if not np.isnan(values[n]):
            assert its[int(values[n]) - 1] <= time
    cut = times[len(times) // 2]
    # What a session has known by then stays known, whether it goes on after that or not.
    early = aligned(times, timeframe, whole[whole.time <= cut])
    seen = (times <= cut) & ~np.isnan(values)
    assert np.array_equal(early[seen], values[seen])


def test_a_ratio_is_of_closes_and_has_only_bars_of_both() -> None:
    own = columns(minutes(0, 1, 2), [10.0, 20.0, 30.0])
    made = ratio(own, np.array([5.0, np.nan, 0.0]))
    assert made.time.tolist() == minutes(0)
    assert [made.open[0], made.high[0], made.low[0], made.close[0]] == [2.0] * 4
    assert np.isnan(made.volume[0])
