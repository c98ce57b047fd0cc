"""Every session of the reference tables against the days tio makes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tio.api.series import instant
from tio.engine.hours.table import in_force
from tio.engine.market.sessions import DAY, Day, SessionRules, rules_of
from tio.engine.market.symbols import classify

import recorded

HOUR = 3_600_000_000


def sessions(name: str) -> Iterator[tuple[date, tuple[tuple[int, int], ...]]]:
    """The dates of a reference table and their regular hours, as instants."""
    rows = recorded.lines(f"3_providers/calendars/{name}.csv.gz")
    next(rows)
    for row in rows:
        on, *moments = row.split(",")
        opens, closes, pause, back = (_instant(text) for text in moments)
        spans = ((opens, pause), (back, closes)) if pause else ((opens, closes),)
        yield date.fromisoformat(on[:10]), spans


def _instant(text: str) -> int:
    return instant(datetime.fromisoformat(text).astimezone(UTC)) if text else 0


def compared(name: str, rules: SessionRules, begin: date) -> tuple[int, list[tuple[date, Day]]]:
    """How many dates were compared, holidays and weekends too, and those that differ."""
    expected = dict(sessions(name))
    last = max(expected)
    first = max(min(expected).replace(month=1, day=1), begin)
    differing = []
    count = (last - first).days + 1
    for number in range(count):
        on = first + timedelta(days=number)
        day = rules.on_date(on)
        assert day.date == (on - date(1970, 1, 1)).days * DAY
        if day.regular != expected.get(on, ()):
            differing.append((on, day))
    return count, differing


@pytest.mark.parametrize(
    ("name", "symbol", "calendar", "at_least"),
    [
        ("xnys", "AAPL", "XNYS", 12_066),
        ("xasx", "CBA.ASX", "XASX", 12_829),
        ("xtks", "7203.TSE", "XTKS", 9_861),
    ],
)
def test_every_date_of_an_exchange_is_as_the_reference_says(
    name: str, symbol: str, calendar: str, at_least: int
) -> None:
    rules = rules_of(classify(symbol))
    count, differing = compared(name, rules, date(1900, 1, 1))
    known = in_force().calendar(calendar)
    assert count >= at_least
    assert all(known.verified(on) for on in (date(2000, 1, 4), date(2026, 12, 30)))
    assert [on for on, _ in differing] == []


def test_globex_differs_only_by_the_hour_of_rest_after_a_whole_session() -> None:
    """The reference lets a session end at 17:00 Chicago, when the next begins."""
    count, differing = compared("cmes", rules_of(classify("ES=F")), date(1900, 1, 1))
    expected = dict(sessions("cmes"))
    rested = []
    for on, day in differing:
        ((opens, closes),) = expected[on]
        if day.regular == ((opens, closes - HOUR),):
            rested.append(on)
    assert [on for on, _ in differing if on not in rested] == []
    assert (count, len(rested)) == (13_711, 9_402)


def test_crypto_trades_every_minute_of_the_reference() -> None:
    rules = rules_of(classify("BTC-USD"))
    assert compared("24-7", rules, date(2016, 1, 1)) == (366, [])
