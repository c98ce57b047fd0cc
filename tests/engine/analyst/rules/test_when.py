from datetime import UTC, datetime

import pytest

from tio.api.market import Timeframe
from tio.engine.analyst.rules.when import frame_of, frames_of, span_of

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("over the last 3 months", datetime(2026, 8, 19, 15, tzinfo=UTC)),
        ("in 10 days", datetime(2026, 11, 10, 15, tzinfo=UTC)),
        ("since March", datetime(2026, 3, 1, tzinfo=UTC)),
        ("since 3 December", datetime(2025, 12, 3, tzinfo=UTC)),
        ("since Dec 24, 2024", datetime(2024, 12, 24, tzinfo=UTC)),
        ("since 2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
        ("this year", datetime(2026, 1, 1, tzinfo=UTC)),
        ("this week", datetime(2026, 11, 16, tzinfo=UTC)),
        ("so far this quarter", datetime(2026, 10, 1, tzinfo=UTC)),
        ("over the past month", datetime(2026, 10, 20, 15, tzinfo=UTC)),
        ("in the last three months", datetime(2026, 8, 19, 15, tzinfo=UTC)),
        ("the 52-week high over 52 weeks", datetime(2025, 11, 20, 15, tzinfo=UTC)),
    ],
)
def test_a_span_is_counted_back_from_now(question: str, start: datetime) -> None:
    span = span_of(question, NOW)
    assert span is not None
    assert span.start == start


@pytest.mark.parametrize("question", ["now", "since 2026-13-45", "since 2030-01-01", "in 0 hours"])
def test_no_span_is_made_up(question: str) -> None:
    assert span_of(question, NOW) is None


@pytest.mark.parametrize(
    ("question", "frame"),
    [
        ("on the 15m chart", Timeframe.m15),
        ("on the 5 minute", Timeframe.m5),
        ("hourly", Timeframe.h1),
        ("4h", Timeframe.h4),
        ("weekly", Timeframe.w1),
        ("of it", Timeframe.d1),
    ],
)
def test_a_timeframe_is_the_day_unless_told(question: str, frame: Timeframe) -> None:
    assert frame_of(question) is frame


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("how did it do last week", (2026, 11, 9), (2026, 11, 16)),
        ("last month", (2026, 10, 1), (2026, 11, 1)),
        ("last year?", (2025, 1, 1), (2026, 1, 1)),
        ("yesterday", (2026, 11, 19), (2026, 11, 20)),
    ],
)
def test_the_last_week_month_or_year_is_the_calendars(
    question: str, start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    span = span_of(question, NOW)
    assert span is not None
    assert (span.start, span.end) == (datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))


def test_several_timeframes_are_told_in_their_order() -> None:
    assert frames_of("on the weekly, the daily and the 15m") == (
        Timeframe.w1, Timeframe.d1, Timeframe.m15
    )  # fmt: skip
    assert frames_of("how is it") == ()
