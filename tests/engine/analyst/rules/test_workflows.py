"""Of every workflow: a section comes with its words, a past one is bounded, its name is its own."""

from dataclasses import replace
from typing import Any

import pytest
from analyst_answers import owned
from analyst_words import NOW
from made_up_words import declared

from tio.api.access import OWNER
from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
    Workflow,
)
from tio.api.contract import Request
from tio.api.errors import SourceUnavailable
from tio.engine.analyst.rules import (
    compared,
    idea_sections,
    journal_sections,
    listed,
    moves,
    portfolio_sections,
    risk_sections,
    sections,
)
from tio.engine.analyst.rules.briefing import brief
from tio.engine.analyst.rules.checking import check
from tio.engine.analyst.rules.comparing import compare
from tio.engine.analyst.rules.explaining import explain
from tio.engine.analyst.rules.journaling import review_journal
from tio.engine.analyst.rules.morning import morning
from tio.engine.analyst.rules.reviewing import review
from tio.engine.analyst.rules.risking import review_risk
from tio.engine.analyst.rules.scope import Answers, Part, Section, line
from tio.engine.analyst.rules.writing import Asking
from tio.engine.session import Session

WORKFLOWS: dict[Workflow, tuple[Any, Request[Report], tuple[Section[Any], ...]]] = {
    Workflow.brief: (brief, Brief("AAA"), sections.SECTIONS),
    Workflow.compare: (compare, Compare(("AAA", "BBB")), compared.SECTIONS),
    Workflow.morning: (morning, MorningBrief("main"), listed.SECTIONS),
    Workflow.why: (explain, ExplainMove("AAA"), moves.SECTIONS),
    Workflow.portfolio: (review, ReviewPortfolio("main"), portfolio_sections.SECTIONS),
    Workflow.risk: (review_risk, ReviewRisk("main"), risk_sections.SECTIONS),
    Workflow.journal: (review_journal, ReviewJournal("main"), journal_sections.SECTIONS),
    Workflow.idea: (check, CheckIdea("i1"), idea_sections.SECTIONS),
}


class GetMadeUp(Request[str], frozen=True):
    """A word that no engine has."""


class GetOther(Request[str], frozen=True):
    """Another."""


def write(scope: Any, answers: Answers) -> Part:
    return Part(lines=(line(f"made up of {answers.of(GetMadeUp())}"),))


MADE = Section[Any]("made", "Made up", ("GetMadeUp",), lambda scope: (GetMadeUp(),), write)


async def made(workflow: Workflow, section: Section[Any] = MADE, **more: Any) -> Report:
    """The report of one made-up section alone, over an engine that has `more` by name."""
    kinds = {"GetMadeUp": GetMadeUp, "GetOther": GetOther}
    market = owned()
    market.more |= {kinds[name]: told for name, told in more.items()}
    words = market.words()
    there = frozenset(kind.__name__ for kind in words)
    work, request, _ = WORKFLOWS[workflow]
    with declared(GetMadeUp):
        asking = Asking(Session(OWNER, words, {}), NOW, there)
        report: Report = await work(request, asking, (section,))
    return report


@pytest.mark.parametrize("workflow", Workflow)
async def test_a_section_appears_by_itself_once_its_words_exist(workflow: Workflow) -> None:
    without = await made(workflow, GetOther="nothing")
    assert "made" not in {each.name for each in without.sections}
    assert without.unwritten == ()
    report = await made(workflow, GetMadeUp="words")
    assert report.workflow is workflow
    (found,) = (each for each in report.sections if each.name == "made")
    assert found.lines[0].text == "made up of words"


@pytest.mark.parametrize("workflow", Workflow)
async def test_a_section_whose_word_fails_is_unwritten_with_the_reason(workflow: Workflow) -> None:
    report = await made(workflow, GetMadeUp=SourceUnavailable("the source sleeps"))
    assert [(each.name, each.reason) for each in report.unwritten] == [
        ("made", "the source sleeps")
    ]


async def test_a_mistake_in_one_section_takes_no_other_with_it() -> None:
    def wrong(scope: Any, answers: Answers) -> Part:
        raise ZeroDivisionError

    report = await made(Workflow.compare, replace(MADE, write=wrong), GetMadeUp="words")
    assert [each.reason for each in report.unwritten] == ["it failed: ZeroDivisionError"]


@pytest.mark.parametrize("workflow", Workflow)
def test_sections_have_names_of_their_own(workflow: Workflow) -> None:
    names = [each.name for each in WORKFLOWS[workflow][2]]
    assert len(names) == len(set(names))
