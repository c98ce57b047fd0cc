"""A report reads the same in a terminal and in a document, and steers neither."""

from datetime import UTC, datetime

from msgspec.structs import replace

from tio.api.analyst import (
    Report,
    ReportLine,
    ReportSection,
    UnwrittenSection,
    View,
    ViewReason,
    Workflow,
)
from tio.api.grounding import Confidence, Level
from tio.api.report_text import report_lines, report_markdown

REPORT = Report(
    workflow=Workflow.compare,
    title="A beside B",
    about="A, B",
    as_of=datetime(2026, 11, 20, 15, 0, tzinfo=UTC),
    made_by="rules",
    headline="A leads.",
    confidence=Confidence(level=Level.low, score=0.2, reason="few days"),
    sections=(
        ReportSection(
            name="returns",
            title="Returns",
            lines=(ReportLine(text="SYMBOL   1W"), ReportLine(text="A      +1.0")),
            aligned=True,
        ),
        ReportSection(name="trend", title="Trend", lines=(ReportLine(text="A is up."),)),
        ReportSection(name="nothing", title="Nothing", lines=()),
    ),
    unwritten=(UnwrittenSection(name="news", title="News", reason="the source sleeps"),),
    marks=("SIM",),
    advice="No advice.",
)


def test_lines_hold_all_that_is_said() -> None:
    assert report_lines(REPORT) == [
        "A leads.",
        "rules · SIM · as of 2026-11-20 15:00 UTC · confidence low 0.20: few days",
        "",
        "Returns",
        "  SYMBOL   1W",
        "  A      +1.0",
        "",
        "Trend",
        "  A is up.",
        "",
        "Not written",
        "  News: the source sleeps",
        "",
        "No advice.",
    ]


def test_a_document_keeps_a_table_in_its_columns() -> None:
    document = report_markdown(REPORT)
    assert document.startswith("# A beside B\n\nA leads.\n")
    assert "## Returns\n\n```\nSYMBOL   1W\nA      +1.0\n```\n" in document
    assert "## Trend\n\n- A is up.\n" in document
    assert document.endswith("\n*No advice.*\n")


def test_a_view_tells_both_sides_and_what_would_turn_it() -> None:
    up, down = ViewReason(text="trend up", weight=0.5), ViewReason(text="RSI down", weight=-0.25)
    view = View(bias=1, score=0.25, bull=(up,), bear=(down,), changes=("a close below 9",))
    told = report_lines(replace(REPORT, view=view))
    assert told[2:10] == [
        "Bias +1 (score +0.25).",
        "",
        "For",
        "  trend up (+0.50)",
        "",
        "Against",
        "  RSI down (-0.25)",
        "",
    ]
    assert "  a close below 9" in told


def test_text_of_a_source_cannot_steer_a_terminal() -> None:
    told = report_lines(replace(REPORT, headline="A\x1b[2J\u202e leads."))
    assert told[0] == "A[2J leads."
