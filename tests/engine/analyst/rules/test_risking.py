"""A risk review: the limit that is passed first, and how far its figures can be trusted."""

from decimal import Decimal

import risk_answers
from analyst_answers import owned
from msgspec.structs import replace

from tio.api.analyst import Report, ReviewRisk
from tio.api.errors import SourceUnavailable
from tio.api.limits import LimitKind, LimitLevel, LimitState
from tio.api.portfolio_risk import TailMethod
from tio.engine.analyst.rules.risk_sections import by_urgency

ASKED = ReviewRisk("main")


def told(report: Report, name: str) -> str:
    return "\n".join(
        each.text for part in report.sections if part.name == name for each in part.lines
    )


def state(kind: LimitKind, value: str, level: LimitLevel) -> LimitState:
    return LimitState(kind=kind, limit=Decimal(10), value=Decimal(value), level=level)


async def test_what_is_passed_stands_first() -> None:
    report = await owned().report(ASKED)
    assert report.headline.startswith(
        "main: the largest position (AAPL) is over its limit: 40.3 % of 25.0 %; one day in 20 "
    )
    assert told(report, "limits").startswith("The largest position (AAPL) is over its limit")
    assert "Without a limit: heat" in told(report, "limits")


def test_limits_are_ranked_by_level_then_by_what_is_used() -> None:
    states = (
        state(LimitKind.position, "2", LimitLevel.within),
        state(LimitKind.gross, "9", LimitLevel.near),
        state(LimitKind.heat, "12", LimitLevel.over),
        state(LimitKind.day_loss, "15", LimitLevel.over),
    )
    ranked = [each.kind for each in by_urgency(states)]
    assert ranked == [LimitKind.day_loss, LimitKind.heat, LimitKind.gross, LimitKind.position]


async def test_without_limits_it_says_how_to_set_them() -> None:
    report = await owned(GetRisk=replace(risk_answers.REPORT, limits=())).report(ASKED)
    assert told(report, "limits") == "No limit is set; `tio risk limits` sets them."
    assert "has no limits set" in report.headline


async def test_a_back_test_that_failed_is_said_to_be_no_good() -> None:
    failed = risk_answers.tested(TailMethod.historical, 0.95, 60, 0.001)
    report = await owned(GetRisk=replace(risk_answers.REPORT, backtests=(failed,))).report(ASKED)
    assert "so it is not to be trusted" in told(report, "tails")


async def test_pairs_that_count_as_one_are_named() -> None:
    report = await owned().report(ASKED)
    assert "AAPL and NVDA count as one: +0.81 over 250 days." in told(report, "together")


async def test_a_working_entry_tells_what_it_would_add() -> None:
    report = await owned().report(ASKED)
    assert "NVDA: a limit to buy 20 would add 0.10 % of net value at risk." in told(report, "heat")


async def test_stress_that_cannot_be_told_is_a_section_less() -> None:
    asleep = SourceUnavailable("the source sleeps")
    report = await owned(StressWindows=asleep).report(ASKED)
    assert [each.name for each in report.unwritten] == ["stress"]


async def test_risk_that_cannot_be_told_is_said() -> None:
    report = await owned(GetRisk=SourceUnavailable("the source sleeps")).report(ASKED)
    assert report.headline == "What main risks cannot be told."
    assert report.confidence.level == "low"
    assert [each.name for each in report.sections] == ["together"]
