"""Every workflow's report over made-up words, line by line as its golden file has it."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from analyst_answers import owned
from analyst_words import NOW

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
)
from tio.api.contract import Request
from tio.api.report_text import report_markdown

NUMBER = re.compile(r"(?<![\w.-])([+−]?\d[\d\u2009]*(?:\.\d+)?)(?![\w]|-\w)")
DATES = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?")
SETTINGS = re.compile(
    r"\b(EMA|SMA|ATR|under|last|over|One day in|fewer than|next|of the|within) "
    r"\d+(?= (of its|days|months|would|prove|before)|[ :;,])|\(95 %|\d+-day"
)
QUOTED = ("YOUNG", "sales grew", "Missing", "If every position")
"""Lines that repeat what an answer said in words."""
GOLDEN = Path(__file__).parent / "golden"
REPORTS: dict[str, Request[Report]] = {
    "brief": Brief("AAA", Depth.full),
    "compare": Compare(("AAA", "BBB", "CCC"), Depth.full),
    "compare-past": Compare(("AAA", "BBB"), Depth.full, NOW - timedelta(days=30)),
    "morning": MorningBrief("main"),
    "why": ExplainMove("AAA"),
    "portfolio": ReviewPortfolio("main"),
    "risk": ReviewRisk("main"),
    "journal": ReviewJournal("main"),
    "idea": CheckIdea("i1"),
    "why-days": ExplainMove("BBB", date(2026, 11, 9), date(2026, 11, 13)),
}


@pytest.mark.parametrize("name", REPORTS)
async def test_a_report_reads_as_its_golden_file(name: str, request: Any) -> None:
    told = report_markdown(await owned().report(REPORTS[name]))
    file = GOLDEN / f"{name}.md"
    if request.config.getoption("update_snapshots", default=False):
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(told, encoding="utf-8")
    assert told == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", REPORTS)
async def test_every_figure_says_where_it_is_from_and_of_when(name: str) -> None:
    report = await owned().report(REPORTS[name])
    figures = [each for part in report.sections for told in part.lines for each in told.figures]
    assert figures
    assert report.confidence.reason
    assert all(each.call and each.path and each.value and each.as_of for each in figures)
    assert all(each.as_of is not None and each.as_of <= report.as_of for each in figures)


@pytest.mark.parametrize("name", REPORTS)
async def test_tables_fit_eighty_columns_and_a_report_is_no_advice(name: str) -> None:
    report = await owned().report(REPORTS[name])
    rows = [told.text for part in report.sections if part.aligned for told in part.lines]
    assert all(len(row) <= 78 for row in rows)
    assert "not investment advice" in report.advice


@pytest.mark.parametrize("name", REPORTS)
async def test_every_number_of_a_line_is_a_figure_of_it_or_a_setting(name: str) -> None:
    report = await owned().report(REPORTS[name])
    for told in (each for part in report.sections for each in part.lines):
        if told.text.startswith(QUOTED):
            continue
        text = SETTINGS.sub("", DATES.sub("", told.text))
        figures = [value for each in told.figures if (value := number(each.value)) is not None]
        for shown in NUMBER.findall(text):
            assert any(shows(shown, value) for value in figures), (shown, told.text)


def number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def shows(shown: str, value: float) -> bool:
    """Whether a number of a text is this value, as percent or in days too, as far as it is told."""
    plain = shown.replace("\u2009", "").lstrip("+−")
    near = 0.500001 * 10.0 ** -len(plain.partition(".")[2])
    return any(abs(abs(value * by) - float(plain)) <= near for by in (1, 100, 1 / 24))
