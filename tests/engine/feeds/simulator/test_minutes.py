from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tio.engine.feeds.simulator.history import History
from tio.engine.feeds.simulator.minutes import LEAST_LOTS
from tio.engine.feeds.simulator.process import ORIGIN
from tio.engine.feeds.simulator.sessions import day_number, session_minutes
from tio.engine.feeds.simulator.universe import listings

FRIDAY = day_number(date(2026, 11, 20))
LISTINGS = listings(40)


@pytest.fixture(scope="module")
def history() -> History:
    return History(7)


@pytest.mark.parametrize("day", [FRIDAY, FRIDAY + 1, FRIDAY - 900, FRIDAY - 2_800])
def test_minutes_of_a_session_fold_into_its_daily_bar(history: History, day: int) -> None:
    for listing in LISTINGS:
        days, at = history.day(listing, day)
        session = session_minutes(listing.session, day)
        first, past = session if session != (0, 0) else (0, 1_440)
        part = history.minutes(listing, day).part(first, past)
        assert part.open[0] == days.open[at]
        assert part.high.max() == days.high[at]
        assert part.low.min() == days.low[at]
        assert part.close[-1] == days.close[at]
        assert part.volume.sum() == days.volume[at]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(-(2**70), 2**70),
    index=st.integers(0, 39),
    day=st.integers(ORIGIN, FRIDAY + 1_000),
    price=st.sampled_from([None, 0.3, 5.0, 900_000.0]),
)
def test_any_day_of_any_seed_folds(seed: int, index: int, day: int, price: float | None) -> None:
    listing = LISTINGS[index]
    if price is not None:
        listing = msgspec.structs.replace(listing, price=price)
    history = History(seed)
    days, at = history.day(listing, day)
    session = session_minutes(listing.session, day)
    first, past = session if session != (0, 0) else (0, 1_440)
    part = history.minutes(listing, day).part(first, past)
    folded = part.open[0], part.high.max(), part.low.min(), part.close[-1], part.volume.sum()
    daily = (days.open, days.high, days.low, days.close, days.volume)
    assert folded == tuple(column[at] for column in daily)
    assert (part.low >= 1).all()


def test_prices_of_a_seed_are_the_same_on_every_machine() -> None:
    told = []
    for listing in LISTINGS[:3]:
        history = History(7)
        days, at = history.day(listing, FRIDAY)
        minute = [int(column[900]) for column in history.minutes(listing, FRIDAY)]
        told.append(([int(column[at]) for column in days[:5]], minute))
    assert told == [
        ([13656, 13662, 13901, 13567, 13631], [13648, 13654, 13640, 13650, 18262]),
        (
            [8730386, 8730386, 8986826, 8297573, 8489624],
            [8519539, 8526751, 8512154, 8524096, 43994],
        ),
        ([123313, 123313, 123352, 122524, 122933], [123063, 123074, 123055, 123062, 24262]),
    ]


def test_every_minute_is_a_bar_that_can_be(history: History) -> None:
    for listing in LISTINGS:
        minutes = history.minutes(listing, FRIDAY)
        assert len(minutes.open) == 1_440
        assert (minutes.high >= np.maximum(minutes.open, minutes.close)).all()
        assert (minutes.low <= np.minimum(minutes.open, minutes.close)).all()
        assert (minutes.low >= 1).all()
        assert (minutes.volume >= LEAST_LOTS).all()


def test_minutes_and_days_continue_where_the_one_before_closed(history: History) -> None:
    for listing in LISTINGS[:6]:
        today = history.minutes(listing, FRIDAY)
        tomorrow = history.minutes(listing, FRIDAY + 1)
        assert np.array_equal(today.open[1:], today.close[:-1])
        assert tomorrow.open[0] == today.close[-1]


def test_a_day_is_the_same_whichever_days_were_asked_before(history: History) -> None:
    other = History(7)
    other.minutes(LISTINGS[3], FRIDAY - 5)
    for a, b in zip(
        history.minutes(LISTINGS[3], FRIDAY), other.minutes(LISTINGS[3], FRIDAY), strict=True
    ):
        assert np.array_equal(a, b)


def test_stock_volume_and_range_are_u_shaped(history: History) -> None:
    acme = LISTINGS[0]
    volume, width = np.zeros(390), np.zeros(390)
    for day in range(FRIDAY - 140, FRIDAY + 1):
        first, past = session_minutes("stock", day)
        if first == past:
            continue
        part = history.make_minutes(acme, day).part(first, past)
        volume += part.volume / part.volume.sum()
        width += (part.high - part.low) / part.open
    for column in (volume, width):
        middle = column[165:225].mean()
        assert column[:30].mean() > 1.3 * middle
        assert column[-30:].mean() > 1.3 * middle


def test_nights_are_quiet(history: History) -> None:
    first, past = session_minutes("stock", FRIDAY)
    minutes = history.minutes(LISTINGS[0], FRIDAY)
    assert minutes.volume[:first].mean() < 0.1 * minutes.volume[first:past].mean()


def test_session_follows_new_yorks_summer_time() -> None:
    assert session_minutes("stock", day_number(date(2026, 7, 1))) == (810, 1_200)
    assert session_minutes("stock", day_number(date(2026, 12, 1))) == (870, 1_260)
