"""A portfolio's review: what it says of worth, spread, stale prices and stops."""

from datetime import timedelta
from decimal import Decimal

import pytest
from analyst_answers import ORDERS, owned
from analyst_words import NOW
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from portfolio_scene import HELD

from tio.api.analyst import Report, ReviewPortfolio
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.ledger import GetPositions
from tio.api.portfolio import Holdings
from tio.engine.analyst.rules.portfolio_guards import unguarded

ASKED = ReviewPortfolio("main")


def told(report: Report, name: str) -> str:
    return "\n".join(
        each.text for part in report.sections if part.name == name for each in part.lines
    )


async def test_what_no_stop_guards_is_named_with_what_is_left_of_it() -> None:
    report = await owned().report(ASKED)
    assert "AAPL: no stop for 20 of 120" in told(report, "stops")
    assert "BTC-USD: no stop, worth" in told(report, "stops")
    assert "NVDA: no stop, worth" in told(report, "stops"), "one that waits guards nothing yet"
    stop = ORDERS[0]
    whole = replace(stop, order=replace(stop.order, quantity=Decimal(120)))
    report = await owned(ListOrders=(whole,)).report(ASKED)
    assert "AAPL" not in told(report, "stops")


async def test_stale_prices_are_named_and_lower_the_confidence() -> None:
    report = await owned(GetPositions=replace(HELD, stale_share=0.7)).report(ASKED)
    assert "VOD.LSE stands on a stale price" in told(report, "prices")
    assert "70.0 % of that stands on stale prices." in told(report, "worth")
    assert report.confidence.level == "low"


async def test_a_worth_that_cannot_be_told_is_not_made_up() -> None:
    lacking = replace(HELD, nav=None, day_change=None, lacks=("a price of X",))
    report = await owned(GetPositions=lacking).report(ASKED)
    assert report.headline == "What main is worth cannot be told."
    assert told(report, "worth") == "Its worth cannot be told: a price of X is missing."


async def test_other_currencies_are_told_by_their_share() -> None:
    report = await owned().report(ASKED)
    assert "In other currencies than USD: EUR" in told(report, "spread")


async def test_a_word_that_fails_takes_its_section_alone() -> None:
    report = await owned(GetIncome=SourceUnavailable("the source sleeps")).report(ASKED)
    assert [(each.name, each.reason) for each in report.unwritten] == [
        ("income", "the source sleeps")
    ]


async def test_positions_that_fail_leave_what_can_be_told() -> None:
    report = await owned(GetPositions=SourceUnavailable("the ledger is locked")).report(ASKED)
    assert [each.name for each in report.sections] == ["performance", "income", "lacking"]
    assert report.confidence.level == "low"


async def test_one_that_is_not_is_not_found() -> None:
    with pytest.raises(NotFound, match="no portfolio"):
        await owned(GetPositions=NotFound("there is no portfolio 'x'")).report(ASKED)


async def test_a_past_review_asks_for_no_day_that_was_not_over() -> None:
    at = NOW - timedelta(days=3)
    seen = []

    def positions(asked: GetPositions) -> Holdings:
        seen.append(asked)
        return replace(HELD, at=asked.at or NOW)

    report = await owned(GetPositions=positions).report(ReviewPortfolio("main", at))
    assert [each.at for each in seen] == [at - timedelta(days=1)]
    assert {"income", "stops"} <= {each.name for each in report.unwritten}
    assert ", on 2026-11-16 " in report.headline


@given(st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_no_stop_guards_more_than_is_held_nor_less_than_none(held: Decimal, by: Decimal) -> None:
    left = unguarded(held, by)
    assert 0 <= left <= abs(held)
    if held > 0 and by >= held:
        assert left == 0
