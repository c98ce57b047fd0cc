"""Which sessions a view is about."""

from datetime import UTC, datetime, timedelta

import pytest
from given_views import AT, CLOSED, LAST

from tio.api.errors import SourceUnavailable
from tio.engine.analyst.views.sessions import horizon
from tio.engine.market.sessions import Day, SessionRules, rules_of
from tio.engine.market.symbols import classify

NEW_YORK = rules_of(classify("AAPL"))


def test_weekends_and_holidays_are_no_sessions() -> None:
    assert horizon(NEW_YORK, AT, 5) == (LAST, CLOSED)


def test_half_days_end_when_they_end() -> None:
    # The day after Thanksgiving closes at 13:00 in New York.
    assert horizon(NEW_YORK, AT, 4).due == datetime(2026, 11, 27, 18, 0, tzinfo=UTC)


def test_a_session_that_runs_is_none_of_them_and_one_that_is_to_begin_is() -> None:
    before = AT.replace(hour=14)
    assert horizon(NEW_YORK, before, 1).day == datetime(2026, 11, 20, tzinfo=UTC)
    assert horizon(NEW_YORK, AT, 1).day == datetime(2026, 11, 23, tzinfo=UTC)


def test_what_trades_always_has_a_session_each_day() -> None:
    always = rules_of(classify("BTC-USD"))
    assert horizon(always, AT, 5) == (
        datetime(2026, 11, 25, tzinfo=UTC),
        datetime(2026, 11, 26, tzinfo=UTC),
    )


def test_a_venue_that_never_opens_is_said_so() -> None:
    def closed(at: int) -> Day:
        start = at // 86_400_000_000 * 86_400_000_000
        on = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=start)).date()
        span = (start, start + 86_400_000_000)
        return Day(on, span, start, (), span)

    with pytest.raises(SourceUnavailable, match="no session is known after 2026-11-20"):
        horizon(SessionRules(closed, strict=False), AT, 5)
