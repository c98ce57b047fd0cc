"""A morning brief: what is worth a look first, with the reason, of a list as it is."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from analyst_words import NOW, SYMBOLS, Market
from portfolio_scene import position

from tio.api.analyst import MorningBrief, Report
from tio.api.companies import CorporateEvent, EventKind, GetEvents
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.ledger import GetPositions, ListPortfolios
from tio.api.market import GetBars
from tio.api.orders import Order, OrderType, Side
from tio.api.portfolio import Holdings, Portfolio
from tio.api.trading import ListedOrder, ListOrders
from tio.api.watchlists import ListWatchlists, Watchlist

LIST = MorningBrief("main")


def last(percent: float) -> Callable[[Any], Any]:
    def change(closes: Any) -> Any:
        found = closes.copy()
        found[-1] = found[-2] * (1 + percent / 100)
        return found

    return change


def lines(report: Report, name: str = "worth") -> list[str]:
    return [told.text for part in report.sections if part.name == name for told in part.lines]


async def test_the_largest_move_stands_first_with_what_it_passed() -> None:
    report = await Market(change=last(30.0), changed=frozenset({"CCC"})).report(LIST)
    first = lines(report)[0]
    assert first.startswith("CCC +30.00 %: moved ")
    assert "rose above its" in first
    assert report.headline.endswith(first)


async def test_what_one_holds_and_would_trade_is_said_of_its_symbol() -> None:
    held = Holdings(
        portfolio="mine",
        currency="USD",
        at=NOW,
        positions=(position("BBB", "10", "90", "89", "-4"), position("ELSE", "1", "1", "1", "0")),
    )
    order = Order(
        id="p1",
        portfolio="mine",
        symbol="DDD",
        side=Side.buy,
        quantity=Decimal(5),
        type=OrderType.limit,
        limit=Decimal(80),
    )
    market = Market(
        more={
            ListPortfolios: (Portfolio(name="mine", currency="USD"),),
            GetPositions: held,
            ListOrders: (ListedOrder(order=order, distance=-0.4),),
        }
    )
    report = await market.report(LIST)
    worth = {text.split()[0]: text for text in lines(report)}
    assert "mine holds 10" in worth["BBB"]
    assert "an order to buy 5 limit at 80, 0.4 % away" in worth["DDD"]
    assert lines(report, "positions") == ["BBB: mine holds 10, today −4 USD."]


async def test_an_event_of_the_next_days_is_worth_a_look() -> None:
    def events(asked: GetEvents) -> tuple[CorporateEvent, ...]:
        on = date(2026, 11, 21)
        told = CorporateEvent(symbol="AAA", kind=EventKind.dividend, ex_date=on, source="test")
        return (told,) if asked.symbol == "AAA" else ()

    report = await Market(more={GetEvents: events}).report(LIST)
    assert any(
        text.startswith("AAA") and "dividend ex-date tomorrow" in text for text in lines(report)
    )


async def test_one_symbol_without_bars_does_not_hide_the_others() -> None:
    market = Market()

    def bars(asked: GetBars) -> Any:
        if asked.symbol == "AAA":
            raise SourceUnavailable("the source sleeps")
        return market.bars(asked)

    market.more[GetBars] = bars
    report = await market.report(LIST)
    assert "AAA: the source sleeps" in lines(report, "movers")
    assert any(text.startswith("BBB") for text in lines(report, "movers"))


async def test_an_unknown_list_names_those_there_are() -> None:
    with pytest.raises(NotFound) as found:
        await Market().report(MorningBrief("other"))
    assert found.value.next == "main"


async def test_an_empty_list_is_said_to_be_empty() -> None:
    report = await Market(more={ListWatchlists: (Watchlist("main"),)}).report(LIST)
    assert report.headline == "The list main is empty."
    assert report.confidence.level == "low"


@pytest.mark.parametrize("percent", [-50.0, 50.0])
async def test_what_came_after_the_moment_changes_nothing(percent: float) -> None:
    def later(closes: Any) -> Any:
        found = closes.copy()
        found[-5:] *= 1 + percent / 100
        return found

    asked = MorningBrief("main", NOW - timedelta(days=5))
    changed = await Market(change=later, changed=frozenset(SYMBOLS)).report(asked)
    assert changed == await Market().report(asked)
