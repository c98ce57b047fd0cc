"""A journal's review: honest about how few trades there are, and of what was not kept."""

from datetime import date, timedelta

import journal_scene
import pytest
from analyst_answers import TRADES, owned
from msgspec.structs import replace

from tio.api.analyst import Report, ReviewJournal
from tio.api.errors import Invalid, NotFound
from tio.engine.analyst.rules.journal_sections import says, span

ASKED = ReviewJournal("main")


def told(report: Report, name: str) -> str:
    return "\n".join(
        each.text for part in report.sections if part.name == name for each in part.lines
    )


async def test_few_trades_are_too_few_to_tell() -> None:
    few = replace(journal_scene.GROUP, trades=6, enough=True)
    report = await owned(GetExpectancy=replace(journal_scene.REPORT, all=few)).report(ASKED)
    assert report.headline == "main: n 6, too few to tell anything of the next trade."
    assert "6 closed trades (too few to tell: fewer than 20)" in told(report, "expectancy")
    assert (report.confidence.level, report.confidence.reason) == (
        "low",
        "the weakest part: 6 closed trades",
    )


async def test_a_mean_whose_interval_holds_zero_is_unproven() -> None:
    report = await owned().report(ASKED)
    assert "(95 %: −4.20 to +71.90): unproven" in report.headline


def test_a_group_says_only_what_it_proves() -> None:
    group = journal_scene.GROUP
    assert says(replace(group, trades=19, enough=True)) == "too few"
    assert says(group) == "unproven"
    assert says(replace(group, enough=True)) == "it gains"
    assert says(replace(group, enough=True, mean=-1.0)) == "it loses"


async def test_what_costs_most_is_told_with_what_it_proves() -> None:
    report = await owned().report(ASKED)
    assert "cost most: −310.50 EUR in 24 trades (it loses)." in told(report, "costs")
    assert "by chance alone" in told(report, "costs")


async def test_losses_beyond_the_plan_and_trades_without_one_are_named() -> None:
    report = await owned().report(ASKED)
    assert "1 of 3 had no planned stop; together they brought −20 EUR." in told(report, "plans")
    assert "MSFT of 2026-11-02 lost 1.50 R, more than planned" in told(report, "plans")


async def test_losers_kept_longer_than_winners_are_said_to_be_kept() -> None:
    won, lost = TRADES[0], TRADES[1]
    assert won.closed_at is not None
    late = replace(lost, closed_at=won.opened_at + timedelta(days=9))
    trades = tuple(replace(each, id=str(n)) for n in range(5) for each in (won, late))
    report = await owned(ListTrades=trades).report(ASKED)
    assert "losers 9.0 days (n 5), by the median: losers are kept, winners cut." in told(
        report, "plans"
    )
    fewer = await owned(ListTrades=trades[:8]).report(ASKED)
    assert "by the median" not in told(fewer, "plans")


async def test_nothing_closed_is_nothing_told() -> None:
    empty = replace(journal_scene.REPORT, all=None, groups=(), open=2)
    report = await owned(GetExpectancy=empty, ListTrades=()).report(ASKED)
    assert report.headline == "main has closed no trade."
    assert told(report, "expectancy") == "No trade is closed yet. 2 are open."
    assert report.confidence.score == 0.0


async def test_mistakes_are_told() -> None:
    with pytest.raises(Invalid, match="after"):
        await owned().report(ReviewJournal("main", date(2026, 2, 1), date(2026, 1, 1)))
    with pytest.raises(NotFound):
        await owned(GetExpectancy=NotFound("there is no portfolio 'x'")).report(ASKED)


def test_a_holding_time_is_told_in_hours_then_days() -> None:
    assert (span(26.0), span(96.0)) == ("26.0 hours", "4.0 days")
