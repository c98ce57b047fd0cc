from datetime import UTC, date, datetime

import pytest

from tio.api.market import Coverage, Delay, Timeframe
from tio.api.series import instant
from tio.engine.feeds.dated import (
    Dated,
    Span,
    bars_of_days,
    bars_of_fixes,
    day_of,
    fixed,
    sane,
    within,
)
from tio.engine.feeds.frames import Garbage
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.plugin import Traits

END = datetime(2026, 11, 21, tzinfo=UTC)
WEEK = [fixed(date(2026, 11, day), 1.0 + day / 100) for day in (18, 16, 17, 20, 19)]


def test_days_open_at_midnight_of_greenwich_and_come_oldest_first() -> None:
    told = bars_of_days(WEEK, "EURUSD", "ecb", Span(None, END, 3), delay=Delay.reference)
    assert told.time.listed() == [f"2026-11-{day}T00:00:00Z" for day in (18, 19, 20)]
    assert told.close.listed() == told.open.listed() == [1.18, 1.19, 1.20]
    assert told.volume.listed() == [None, None, None]
    assert (told.timeframe, told.source, told.forming) == (Timeframe.d1, "ecb", False)


def test_start_is_within_and_end_without() -> None:
    span = Span(datetime(2026, 11, 17, tzinfo=UTC), datetime(2026, 11, 19, tzinfo=UTC), 10)
    told = bars_of_days(WEEK, "EURUSD", "ecb", span, delay=Delay.reference)
    assert told.close.listed() == [1.17, 1.18]


def test_a_date_told_twice_is_as_it_was_told_last() -> None:
    rows = [*WEEK, fixed(date(2026, 11, 20), 2.0)]
    told = bars_of_days(rows, "EURUSD", "ecb", Span(None, END, 1), delay=Delay.reference)
    assert told.close.listed() == [2.0]


def test_a_day_before_its_close_is_forming() -> None:
    rules = rules_of(classify("AAPL"))
    for hour, forming in ((20, True), (21, False)):
        known = instant(datetime(2026, 11, 20, hour, tzinfo=UTC))
        told = bars_of_days(
            WEEK, "AAPL", "x", Span(None, END, 5), delay=Delay.end_of_day, forms=(rules, known)
        )
        assert told.forming is forming


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_garbage(value: float) -> None:
    with pytest.raises(Garbage):
        bars_of_days(
            [fixed(date(2026, 1, 1), value)], "A", "x", Span(None, END, 5), delay=Delay.reference
        )
    with pytest.raises(Garbage):
        bars_of_days(
            [Dated(date(2026, 1, 1), 1, 1, 1, 1, -5)],
            "A",
            "x",
            Span(None, END, 5),
            delay=Delay.reference,
        )


def test_dates_are_plain_and_of_our_age() -> None:
    assert day_of(" 2026-02-28 ", "x") == date(2026, 2, 28)
    for wrong in ("2026-02-30", "", "soon", "9999-01-01"):
        with pytest.raises(Garbage):
            day_of(wrong, "x")
    with pytest.raises(Garbage):
        sane(date(3, 1, 1), "x")


def test_a_date_is_within_a_span_when_it_begins_there() -> None:
    on = date(2026, 11, 20)
    begins = datetime(2026, 11, 20, tzinfo=UTC)
    assert within(on, begins, END)
    assert not within(on, begins.replace(hour=1), END)
    assert not within(on, begins.replace(day=1), begins)


def test_fixes_are_bars_of_what_told_them_and_never_form() -> None:
    traits = Traits(name="ecb", delay=Delay.reference, coverage=Coverage.consolidated)
    told = bars_of_fixes(WEEK, "EURUSD", Span(None, END, 3), traits)
    assert told.close.listed() == [1.18, 1.19, 1.20]
    assert (told.source, told.delay, told.coverage) == ("ecb", traits.delay, traits.coverage)
    assert not told.forming
