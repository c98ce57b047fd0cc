"""Symbols side by side, and what sets them apart."""

from datetime import timedelta
from typing import Any

import pytest
from analyst_words import NOW, SYMBOLS, Market, bars_of

from tio.api.analyst import Compare, Report
from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.market import GetBars
from tio.engine.analyst.rules.compared import alike
from tio.engine.analyst.rules.days import Days, correlation
from tio.engine.analyst.rules.scope import Scope

PAIR = Compare(("AAA", "BBB"))


def lines(report: Report, name: str) -> list[str]:
    return [told.text for part in report.sections if part.name == name for told in part.lines]


async def test_a_year_of_falling_is_told_as_what_differs() -> None:
    def falling(closes: Any) -> Any:
        found = closes.copy()
        found[-100:] *= 0.5
        return found

    report = await Market(change=falling, changed=frozenset({"AAA"})).report(PAIR)
    assert report.headline.startswith("Over 1y BBB leads AAA by ")
    assert any(text.startswith("AAA is ") for text in lines(report, "differences"))


async def test_one_named_twice_is_not_two() -> None:
    with pytest.raises(Invalid, match="two different"):
        await Market().report(Compare(("AAA", "AAA")))


@pytest.mark.parametrize("at", [None, NOW - timedelta(days=3)])
async def test_one_nobody_knows_is_not_found(at: Any) -> None:
    with pytest.raises(NotFound, match="ZZZ"):
        await Market().report(Compare(("AAA", "ZZZ"), at=at))


async def test_one_whose_source_sleeps_is_named_in_the_table() -> None:
    market = Market()

    def bars(asked: GetBars) -> Any:
        if asked.symbol == "BBB":
            raise SourceUnavailable("the source sleeps")
        return market.bars(asked)

    market.more[GetBars] = bars
    report = await market.report(PAIR)
    assert "BBB: the source sleeps" in lines(report, "returns")
    assert report.confidence.level == "low"


def test_what_a_correlation_is_called() -> None:
    assert alike(0.9) == "move together"
    assert alike(0.5) == "move together loosely"
    assert alike(-0.5) == "move against each other loosely"
    assert alike(0.1) == "move on their own"


def test_alike_closes_move_as_one() -> None:
    bars = bars_of("AAA")
    days = Days(Scope("AAA", NOW), bars, len(bars) - 1)
    value, count = correlation(days, days)
    assert value == pytest.approx(1.0)
    assert count == 250


@pytest.mark.parametrize("percent", [-50.0, 50.0])
async def test_what_came_after_the_moment_changes_nothing(percent: float) -> None:
    def later(closes: Any) -> Any:
        found = closes.copy()
        found[-5:] *= 1 + percent / 100
        return found

    asked = Compare(("AAA", "BBB"), at=NOW - timedelta(days=5))
    changed = await Market(change=later, changed=frozenset(SYMBOLS)).report(asked)
    assert changed == await Market().report(asked)
