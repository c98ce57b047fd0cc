"""`tio brief`, `compare`, `morning`, `why`: what they ask, print and write."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from shell_scene import Tio, shell

from tio.api.analyst import (
    Brief,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReportLine,
    ReportSection,
    Workflow,
)
from tio.api.contract import Request
from tio.api.grounding import Confidence, Level
from tio.api.watchlists import ListWatchlists, Watchlist

from fakes import FakeEngine

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
REPORT = Report(
    workflow=Workflow.why,
    title="Why AAPL moved",
    about="AAPL",
    as_of=NOW,
    made_by="rules",
    headline="AAPL rose.",
    confidence=Confidence(level=Level.low, score=0.2, reason="few days"),
    sections=(ReportSection(name="size", title="How far", lines=(ReportLine(text="Far."),)),),
    advice="No advice.",
)


@pytest.fixture
def engine() -> FakeEngine:
    kinds: tuple[type[Request[Report]], ...] = (Brief, Compare, MorningBrief, ExplainMove)
    return FakeEngine(dict.fromkeys(kinds, REPORT) | {ListWatchlists: (Watchlist("mine"),)})


@pytest.fixture
def tio(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, engine: FakeEngine
) -> Tio:
    return shell(engine, capfd, monkeypatch)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("brief AAPL", Brief("AAPL")),
        ("compare AAPL MSFT --depth full", Compare(("AAPL", "MSFT"), Depth.full)),
        ("compare A B --at 2026-11-20T15:00Z", Compare(("A", "B"), at=NOW)),
        ("morning", MorningBrief("mine")),
        ("morning other --at 2026-11-20T15:00Z", MorningBrief("other", NOW)),
        ("why AAPL", ExplainMove("AAPL")),
        (
            "why AAPL --start 2026-11-17 --end 2026-11-18",
            ExplainMove("AAPL", date(2026, 11, 17), date(2026, 11, 18)),
        ),
    ],
)
def test_a_line_asks_for_a_report(
    tio: Tio, engine: FakeEngine, typed: str, asked: Request[Report]
) -> None:
    said = tio(*typed.split())
    assert said.code == 0
    assert engine.asked[-1] == asked
    assert said.out.startswith("AAPL rose.\n")


def test_json_is_one_document(tio: Tio) -> None:
    assert json.loads(tio("why", "AAPL", "--json").out)["headline"] == "AAPL rose."


def test_markdown_is_written_once(tio: Tio, tmp_path: Path) -> None:
    file = tmp_path / "why.md"
    assert tio("why", "AAPL", "--markdown", str(file)).code == 0
    assert file.read_text().startswith("# Why AAPL moved\n")
    again = tio("why", "AAPL", "--markdown", str(file))
    assert again.code == 1
    assert "is there already" in again.err
    assert tio("why", "AAPL", "--markdown", "-").out == file.read_text()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("compare AAPL", "two to eight"),
        ("compare A B --depth deep", "there is no depth"),
        ("why AAPL --start soon", "soon"),
        ("brief AAPL --json --markdown -", "both"),
    ],
)
def test_a_mistake_is_wrong_usage(tio: Tio, typed: str, told: str) -> None:
    said = tio(*typed.split())
    assert said.code == 2
    assert told in said.err
