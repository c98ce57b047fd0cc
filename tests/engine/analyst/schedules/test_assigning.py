"""What can be scheduled, and what is said of what cannot."""

import pytest

from tio.api.analyst import Brief, CheckIdea, Compare, Depth, MorningBrief, ReviewRisk, Workflow
from tio.api.errors import Invalid
from tio.api.schedules import Assignment, DueAt, ReportTime
from tio.engine.analyst.schedules.assigning import (
    check_assignment,
    check_time,
    rules_of_venue,
    word_of,
)


def test_each_workflow_has_its_word() -> None:
    brief = Assignment(workflow=Workflow.brief, symbols=("AAPL",), depth=Depth.full)
    assert word_of(brief) == Brief("AAPL", Depth.full)
    two = Assignment(workflow=Workflow.compare, symbols=("AAPL", "MSFT"))
    assert word_of(two) == Compare(("AAPL", "MSFT"))
    assert word_of(Assignment(workflow=Workflow.morning, name="main")) == MorningBrief("main")
    assert word_of(Assignment(workflow=Workflow.risk, name="main")) == ReviewRisk("main")
    assert word_of(Assignment(workflow=Workflow.idea, name="i3")) == CheckIdea("i3")


@pytest.mark.parametrize("workflow", Workflow)
def test_every_workflow_can_be_scheduled(workflow: Workflow) -> None:
    symbols = {Workflow.brief: 1, Workflow.why: 1, Workflow.compare: 2}.get(workflow, 0)
    name = "" if symbols else "main"
    what = Assignment(workflow=workflow, symbols=("AAPL", "MSFT")[:symbols], name=name)
    check_assignment(what)
    assert word_of(what)


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (Assignment(workflow=Workflow.brief), "a brief report takes one symbol, was 0"),
        (
            Assignment(workflow=Workflow.compare, symbols=("AAPL",)),
            "a compare report takes two to eight symbols, was 1",
        ),
        (
            Assignment(workflow=Workflow.brief, symbols=("AAPL",), name="main"),
            "a brief report takes symbols and no name, was 'main'",
        ),
        (Assignment(workflow=Workflow.morning), "a morning report takes a watchlist, was ''"),
        (Assignment(workflow=Workflow.risk), "a risk report takes a portfolio, was ''"),
        (Assignment(workflow=Workflow.idea), "a idea report takes an idea's id, was ''"),
        (
            Assignment(workflow=Workflow.risk, name="main", symbols=("AAPL",)),
            "a risk report takes no symbol, was 1",
        ),
    ],
)
def test_what_a_workflow_does_not_take_is_said(what: Assignment, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_assignment(what)
    assert error.value.message == said.replace("a idea", "an idea")


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (ReportTime(), "a schedule by the clock needs a time"),
        (ReportTime(time="08:30", zone="Europe/Atlantis"), "there is no time zone"),
        (ReportTime(time="08:30", zone=""), "there is no time zone ''"),
        (ReportTime(time="08:30", zone="../secret"), "there is no time zone"),
        (ReportTime(by=DueAt.open), "a schedule by a venue's open needs the venue"),
        (ReportTime(by=DueAt.close, venue="MOON"), "no hours are known of 'MOON'"),
        (ReportTime(by=DueAt.open, venue="CRYPTO"), "CRYPTO has no open, it never closes"),
    ],
)
def test_a_time_that_cannot_be_meant_is_said(when: ReportTime, said: str) -> None:
    with pytest.raises(Invalid) as error:
        check_time(when)
    assert error.value.message.startswith(said)


def test_what_never_closes_may_still_bound_a_time_of_day() -> None:
    when = ReportTime(time="08:30", venue="CRYPTO")
    check_time(when)
    assert rules_of_venue(when) is not None
    assert rules_of_venue(ReportTime(time="08:30")) is None
