from datetime import UTC, datetime

import pytest

from tio.api.hours import SessionSpan
from tio.api.market import Session
from tio.draw.day_line import column, countdown, day_line

START, END = datetime(2026, 11, 27, tzinfo=UTC), datetime(2026, 11, 28, tzinfo=UTC)


def span(session: Session, opens: int, closes: int) -> SessionSpan:
    return SessionSpan(session, START.replace(hour=opens), START.replace(hour=closes))


def test_each_half_cell_is_what_its_middle_is() -> None:
    spans = [span(Session.pre, 3, 8), span(Session.regular, 8, 15), span(Session.post, 15, 19)]
    assert day_line(spans, START, END, 12) == " ╶──━━━╾─╴  "


def test_a_session_from_yesterday_begins_at_the_edge_and_lunch_is_a_gap() -> None:
    yesterday = SessionSpan(Session.regular, START.replace(day=26), START.replace(hour=4))
    assert day_line([yesterday, span(Session.regular, 5, 8)], START, END, 12) == "━━╺━        "


def test_a_moment_has_a_column_only_inside() -> None:
    assert column(START.replace(hour=12), START, END, 24) == 12
    assert column(START, START, END, 24) == 0
    assert column(END, START, END, 24) is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (-3.0, "0s"),
        (59.9, "59s"),
        (60.0, "1m"),
        (3_599.0, "59m"),
        (8_880.0, "2h 28m"),
        (86_400.0, "1d 0h"),
        (273_600.0, "3d 4h"),
    ],
)
def test_a_countdown_is_short(seconds: float | None, text: str) -> None:
    assert countdown(seconds) == text
