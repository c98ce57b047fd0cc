from datetime import UTC, datetime, timedelta

import pytest

from tio.api.market import Timeframe
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.rows import Asked, Row, bars_of, opens_as_ours, past_asked

MINUTE = 60_000_000
NOW = datetime(1970, 1, 1, 0, 10, 30, tzinfo=UTC)


def row(minute: int, close: float = 2.0) -> Row:
    return Row(minute * MINUTE, 2.0, 3.0, 1.0, close, 5.0)


def asked(start: int | None, end: int, limit: int = 100) -> Asked:
    def at(minute: int) -> datetime:
        return datetime(1970, 1, 1, 0, minute, tzinfo=UTC)

    return Asked("BTC-USD", Timeframe.m1, None if start is None else at(start), at(end), limit)


def test_the_newest_of_those_asked_for_come_oldest_first() -> None:
    rows = [row(minute) for minute in (9, 3, 5, 4, 8)]
    bars = bars_of(rows, asked(3, 9, limit=2), "venue", NOW)
    assert list(bars.time) == [5 * MINUTE, 8 * MINUTE]
    assert (bars.source, bars.forming) == ("venue", False)


def test_a_bar_said_twice_is_as_it_was_said_last() -> None:
    bars = bars_of([row(3, 1.5), row(3, 2.5)], asked(None, 9), "venue", NOW)
    assert list(bars.close) == [2.5]


def test_the_bar_whose_span_has_not_passed_is_forming() -> None:
    assert bars_of([row(9), row(10)], asked(None, 11), "venue", NOW).forming
    assert not bars_of([row(8), row(9)], asked(None, 11), "venue", NOW).forming
    assert not bars_of([], asked(None, 11), "venue", NOW).forming


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 0.0, -1.0])
def test_a_row_that_is_no_bar_is_garbage(bad: float) -> None:
    with pytest.raises(Garbage, match="not a bar of venue"):
        bars_of([row(3, bad)], asked(None, 9), "venue", NOW)


def test_the_earliest_bar_asked_for_follows_from_start_or_limit() -> None:
    assert asked(3, 9).first == 3 * MINUTE
    assert asked(3, 9, limit=2).first == 7 * MINUTE
    assert asked(None, 9, limit=4).first == 5 * MINUTE


def test_days_of_currencies_open_elsewhere_than_a_crypto_venues() -> None:
    assert opens_as_ours("BTC-USD", Timeframe.d1)
    assert opens_as_ours("EURUSD", Timeframe.h1)
    assert not opens_as_ours("EURUSD", Timeframe.h4)


def test_the_past_that_is_asked_for_ends_with_the_bar_that_opens_now() -> None:
    later = NOW + timedelta(days=1)
    asked_for = past_asked("AAPL", Timeframe.d1, None, later, 5, NOW)
    assert asked_for is not None
    assert NOW < asked_for.end < NOW + timedelta(seconds=1)
    ended = past_asked("AAPL", Timeframe.d1, None, NOW - timedelta(days=1), 5, NOW)
    assert ended is not None
    assert ended.end == NOW - timedelta(days=1)


def test_nothing_is_asked_for_where_nothing_of_it_has_passed() -> None:
    later = NOW + timedelta(days=1)
    assert past_asked("AAPL", Timeframe.d1, NOW, later, 5, NOW) is None
    assert past_asked("AAPL", Timeframe.d1, None, later, 0, NOW) is None
