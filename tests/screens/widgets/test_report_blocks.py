"""Blocks of a report: the price among its levels, tables made narrow, nothing that steers."""

from datetime import UTC

import pytest
from analyst_words import NOW
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from report_scene import REPORTS, engine

from tio.api.analyst import KeyLevel, Report, ReportLine, ReportSection, Workflow
from tio.api.grounding import Confidence, Level
from tio.draw.prose import Row
from tio.screens.widgets.report_blocks import price_among, squeezed
from tio.screens.widgets.report_page import page_of

BARE = Report(
    workflow=Workflow.brief,
    title="Brief on X",
    about="X",
    as_of=NOW,
    made_by="rules",
    headline="X stands.",
    confidence=Confidence(level=Level.low, score=0.1, reason="none"),
)


def text(row: Row) -> str:
    return "".join(run.text for run in row)


def lines(report: Report, width: int) -> list[str]:
    """The page as lines of text, its columns one after the other."""
    return [text(cell.row) for row in page_of(report, width, UTC).rows for cell in row]


@given(st.floats(1, 1e5), st.floats(0.01, 100), st.lists(st.floats(-20, 20), min_size=2))
def test_the_price_is_found_again_from_the_distances(
    price: float, atr: float, away: list[float]
) -> None:
    levels = [KeyLevel(name="x", price=price + each * atr, distance=each) for each in away]
    found = price_among(levels)
    if max(away) - min(away) > 0.1:
        assert found == pytest.approx(price, rel=1e-4, abs=1e-3)


def test_without_distances_no_price_is_told() -> None:
    report = replace(BARE, levels=(KeyLevel(name="swing low", price=3.0),))
    assert not any(line.startswith("price") for line in lines(report, 100))
    assert any("swing low" in line and "3.00" in line for line in lines(report, 100))


def test_a_table_loses_only_the_blanks_its_rows_share() -> None:
    told = ["SYMBOL      LAST   DAY %", "AAA        10.00    +1.0", "Of 3 days."]
    assert squeezed(told) == ["SYMBOL  LAST DAY %", "AAA    10.00  +1.0", "Of 3 days."]
    assert squeezed(told[:2]) == squeezed(told)[:2]


async def test_each_line_of_a_report_stands_on_its_page_at_every_width() -> None:
    fake = await engine()
    for word in REPORTS.values():
        report = fake.answers[word]
        for width in (57, 78, 118, 198):
            page = page_of(report, width, UTC)
            stood = {each.stand.text for each in page.places}
            levels = {each.name for each in report.levels}
            for part in report.sections:
                for told in part.lines[part.aligned :]:
                    of_level = told.figures and told.figures[0].path in levels
                    assert of_level or told.text in stood or part.aligned
            for row in page.rows:
                assert all(cell.left + 1 + cell.width <= width + 1 for cell in row)
                assert all(len(text(cell.row)) <= cell.width for cell in row)


def test_what_would_steer_a_terminal_is_not_shown() -> None:
    told = ReportLine(text="a \x1b[2J note\u202e")
    report = replace(BARE, sections=(ReportSection(name="n", title="Notes", lines=(told,)),))
    shown = "".join(lines(report, 100))
    assert "\x1b" not in shown
    assert "\u202e" not in shown
