"""A drawing outlives a split only after its owner has agreed to new prices."""

from datetime import UTC, date, datetime

import pytest

from tio.api.charts import Drawing, DrawingKind, Point
from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import AssetClass, Instrument
from tio.api.series import instant
from tio.engine.charts.rescaling import as_it_stands
from tio.engine.market.sessions import rules_of

RULES = rules_of(Instrument(symbol="AAPL", asset_class=AssetClass.equity, mic="XNAS"))
LINE = Drawing(
    id="a",
    symbol="AAPL",
    kind=DrawingKind.horizontal,
    points=(Point(datetime(2020, 8, 3, 14, tzinfo=UTC), 440.0),),
    made_at=datetime(2020, 8, 20, 15, tzinfo=UTC),
)


def event(on: str, ratio: float) -> CorporateEvent:
    day = date.fromisoformat(on)
    return CorporateEvent(symbol="AAPL", kind=EventKind.share_split, ex_date=day, ratio=ratio)


FOUR = event("2020-08-31", ratio=4.0)


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


def test_a_split_since_suspends_it_and_proposes_prices_that_fit() -> None:
    told = as_it_stands(LINE, (FOUR,), RULES, at("2020-09-01T15:00Z"))
    assert told.suspended == "AAPL split 4:1 on 2020-08-31, after these prices were set"
    assert [point.price for point in told.proposed] == [110.0]
    assert told.points == LINE.points


def test_a_split_that_is_only_announced_changes_nothing() -> None:
    assert as_it_stands(LINE, (FOUR,), RULES, at("2020-08-28T15:00Z")) == LINE


def test_a_drawing_made_after_a_split_stands() -> None:
    early = event("2014-06-09", ratio=7.0)
    assert as_it_stands(LINE, (early,), RULES, at("2020-08-28T15:00Z")) == LINE


def test_a_dividend_suspends_nothing() -> None:
    paid = CorporateEvent(
        symbol="AAPL", kind=EventKind.dividend, ex_date=date(2020, 8, 31), amount=0.82
    )
    assert as_it_stands(LINE, (paid,), RULES, at("2020-09-30T15:00Z")) == LINE


def test_two_splits_are_both_told_and_both_counted() -> None:
    events = (FOUR, event("2024-05-01", ratio=0.1))
    told = as_it_stands(LINE, events, RULES, at("2024-06-03T15:00Z"))
    assert "4:1 on 2020-08-31, 1:10 on 2024-05-01" in told.suspended
    assert told.proposed[0].price == pytest.approx(1_100.0)


def test_a_ratio_of_no_whole_numbers_is_told_as_it_is() -> None:
    told = as_it_stands(LINE, (event("2020-08-31", ratio=1.0370103),), RULES, at("2020-09-30T15Z"))
    assert "1.03701:1 on" in told.suspended


def test_splits_that_undo_each_other_leave_it_standing() -> None:
    events = (FOUR, event("2024-05-01", ratio=0.25))
    assert as_it_stands(LINE, events, RULES, at("2024-06-03T15:00Z")) == LINE
