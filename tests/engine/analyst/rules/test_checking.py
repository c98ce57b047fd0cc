"""The check of an idea: each finding weighs as it should, and few cards prove nothing."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from analyst_answers import IDEA, PREVIEW, RECORDS, owned
from analyst_words import NOW
from msgspec.structs import replace

from tio.api.analyst import CheckIdea, Report
from tio.api.companies import Profile
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.idea_evidence import evidence_of, with_evidence
from tio.api.ideas import Evidence, Idea, ListedIdea

ASKED = CheckIdea("i1")
D = Decimal


def changed(**fields: Any) -> ListedIdea:
    """The card with another plan."""
    idea: Idea = replace(IDEA, plans=(replace(IDEA.plan, **fields),))
    return ListedIdea(idea=idea, state=idea.state)


def reasons(report: Report) -> dict[str, float]:
    assert report.view is not None
    return {each.text: each.weight for each in (*report.view.bull, *report.view.bear)}


async def weight(said: str, **answers: Any) -> float:
    """What the reason that has these words weighs; 0 where there is none."""
    found = reasons(await owned(**answers).report(ASKED))
    return sum(each for text, each in found.items() if said in text)


@pytest.mark.parametrize(
    ("target", "expected"), [("97", 1.0), ("92", 0.0), ("90", -1.0), (None, -0.5)]
)
async def test_reward_by_risk(target: str | None, expected: float) -> None:
    targets = () if target is None else (D(target),)
    said = "no target" if target is None else "times its risk"
    assert await weight(said, GetIdea=changed(targets=targets)) == expected


async def test_a_stop_within_the_noise_is_against_it() -> None:
    near = changed(entry=D("87"), stop=D("86.6"), targets=(D(88),))
    assert await weight("within a day's noise", GetIdea=near) == -0.5


async def test_a_target_out_of_reach_does_not_pay() -> None:
    far = changed(targets=(D(300),), due=NOW + timedelta(days=1))
    assert await weight("far for its time", GetIdea=far) == -0.5
    assert await weight("times its risk", GetIdea=far) == 0.0


async def test_a_sale_is_against_a_trend_that_a_purchase_goes_with() -> None:
    bought = reasons(await owned().report(ASKED))
    sale = changed(side="sell", entry=D("87"), stop=D("91"), targets=(D("77"),))
    sold = reasons(await owned(GetIdea=sale).report(ASKED))
    trend = {text: each for text, each in bought.items() if "trend is" in text}
    assert trend
    flipped = {"with": "against", "against": "with"}
    for text, each in trend.items():
        word = text.split(" trend is ")[1].split(" ")[0]
        assert sold[text.replace(f"is {word}", f"is {flipped[word]}")] == -each


async def test_earnings_before_its_horizon_are_against_it() -> None:
    assert await weight("before its horizon") == -0.5
    later = Profile(symbol="AAA", earnings_from=NOW + timedelta(days=90))
    assert await weight("before its horizon", GetProfile=later) == 0.0


async def test_a_size_too_large_or_refused_is_against_it() -> None:
    assert await weight("of equity") == 0.25
    assert await weight("of equity", PreviewIdea=replace(PREVIEW, risk=D(5_000))) == -1.0
    refused = replace(PREVIEW, refused="it would pass the limit of heat")
    assert await weight("would be refused", PreviewIdea=refused) == -1.0


async def test_a_record_counts_once_it_proves_something() -> None:
    assert await weight("cards of owner gained") == 1.0
    few = tuple(replace(each, n=9) for each in RECORDS)
    assert await weight("cards of owner", GetIdeaRecord=few) == 0.0
    lost = (replace(RECORDS[1], low_r=-0.9, high_r=-0.2, mean_r=-0.5),)
    assert await weight("cards of owner lost", GetIdeaRecord=lost) == -1.0
    open_ = (replace(RECORDS[1], low_r=-0.1, high_r=0.9),)
    assert await weight("cards of owner", GetIdeaRecord=open_) == 0.0


async def test_the_view_is_what_its_reasons_add_up_to() -> None:
    report = await owned().report(ASKED)
    view = report.view
    assert view is not None
    total = sum(reasons(report).values())
    assert (view.score > 0) == (total > 0)
    assert abs(view.bias) <= 2
    assert report.symbol == "AAA"


async def test_a_word_that_fails_takes_its_section_alone() -> None:
    report = await owned(GetIdeaRecord=SourceUnavailable("asleep")).report(ASKED)
    assert [each.name for each in report.unwritten] == ["record"]


async def test_a_card_that_is_not_is_not_found() -> None:
    with pytest.raises(NotFound):
        await owned(GetIdea=NotFound("there is no idea 'i1'")).report(ASKED)


async def test_what_a_check_found_is_kept_beside_what_its_author_named() -> None:
    report = await owned().report(ASKED)
    old = Evidence(text="an earlier finding", source="rules")
    card = replace(IDEA, plans=(replace(IDEA.plan, evidence=(*IDEA.plan.evidence, old)),))
    kept = with_evidence(card, report)
    assert kept.evidence[0].text == "sales grew"
    assert old not in kept.evidence
    assert kept.evidence[1:] == evidence_of(report)
    assert (kept.id, kept.entry, kept.horizon) == ("i1", IDEA.plan.entry, IDEA.plan.horizon)
    assert await weight("names no evidence", GetIdea=changed(evidence=(old,))) == -0.25
