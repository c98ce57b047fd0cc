"""`tio brief`, `compare`, `morning`, `why`, `review`, `ideas check`: asked, printed, written."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from idea_cards import idea
from shell_scene import Tio, shell

from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReportLine,
    ReportSection,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
    Workflow,
)
from tio.api.contract import Request
from tio.api.grounding import Confidence, Level
from tio.api.ideas import GetIdea, IdeaState, ListedIdea, SaveIdea
from tio.api.ledger import ListPortfolios
from tio.api.portfolio import Portfolio
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
    kinds: tuple[type[Request[Report]], ...] = (
        *(Brief, Compare, MorningBrief, ExplainMove),
        *(ReviewPortfolio, ReviewRisk, ReviewJournal, CheckIdea),
    )
    more: dict[type[Request[Any]], Any] = {
        ListWatchlists: (Watchlist("mine"),),
        ListPortfolios: (Portfolio(name="mine", currency="USD"),),
        GetIdea: ListedIdea(idea=idea("i1"), state=IdeaState.planned),
        SaveIdea: idea("i1"),
    }
    return FakeEngine(dict.fromkeys(kinds, REPORT) | more)


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
        ("review portfolio", ReviewPortfolio("mine")),
        ("review portfolio main --at 2026-11-20T15:00Z", ReviewPortfolio("main", NOW)),
        ("review risk", ReviewRisk("mine")),
        ("review journal main --since 2026-01-02", ReviewJournal("main", date(2026, 1, 2))),
        ("ideas check i1", CheckIdea("i1")),
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


def test_what_a_check_found_is_kept_on_the_card_when_asked(tio: Tio, engine: FakeEngine) -> None:
    said = tio("ideas", "check", "i1", "--keep")
    assert said.code == 0
    assert isinstance(engine.asked[-1], SaveIdea)
    assert "i1 holds 0 pieces of evidence now" in said.err


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
