from datetime import UTC, datetime

import pytest

from tio.api.market import Session
from tio.engine.market.symbols import classify
from tio.engine.orders.hours import VenueHours

HOURS = VenueHours(classify)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("symbol", "placed", "extended", "ends"),
    [
        ("AAPL", utc(2026, 11, 20, 17), False, utc(2026, 11, 20, 21)),
        ("AAPL", utc(2026, 11, 20, 17), True, utc(2026, 11, 21, 1)),
        ("AAPL", utc(2026, 11, 20, 21), False, utc(2026, 11, 23, 21)),
        ("AAPL", utc(2026, 11, 20, 22), True, utc(2026, 11, 21, 1)),
        ("AAPL", utc(2026, 11, 25, 22), False, utc(2026, 11, 27, 18)),
        ("7203.TSE", utc(2026, 11, 20, 2, 45), False, utc(2026, 11, 20, 6, 30)),
        ("BTC-USD", utc(2026, 11, 20, 23, 59), False, utc(2026, 11, 21)),
        ("EURUSD", utc(2026, 11, 21, 12), False, utc(2026, 11, 23, 22)),
    ],
)
def test_a_day_ends_at_the_next_close_over_holidays_half_days_and_lunch(
    symbol: str, placed: datetime, extended: bool, ends: datetime
) -> None:
    assert HOURS.expiry(symbol, placed, extended) == ends


def test_sessions_and_openings_are_the_venues() -> None:
    assert HOURS.session("AAPL", utc(2026, 11, 20, 22)) is Session.post
    assert HOURS.session("7203.TSE", utc(2026, 11, 20, 3)) is Session.closed
    assert HOURS.opens("7203.TSE", utc(2026, 11, 20, 3)) == utc(2026, 11, 20, 3, 30)
    assert HOURS.opens("AAPL", utc(2026, 11, 20, 22)) == utc(2026, 11, 23, 14, 30)
