"""A report is told again only while all it stands on is as it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from analyst_answers import owned
from analyst_words import NOW, Market
from msgspec.structs import replace

from tio.api.access import OWNER, Principal
from tio.api.analyst import (
    Brief,
    CheckIdea,
    Compare,
    Depth,
    ExplainMove,
    MorningBrief,
    Report,
    ReviewJournal,
    ReviewPortfolio,
    ReviewRisk,
)
from tio.api.contract import Request
from tio.api.errors import SourceUnavailable
from tio.api.indicators import ComputeIndicators
from tio.api.journal import ListTrades
from tio.api.ledger import GetPositions
from tio.api.market import GetBars, GetQuotes
from tio.api.portfolio_risk import GetRisk
from tio.api.series import Series
from tio.api.trading import ListOrders
from tio.engine.analyst.rules.evidence import print_of
from tio.engine.analyst.rules.service import RulesAnalyst

REPORTS: dict[str, Request[Report]] = {
    "brief": Brief("AAA", Depth.full),
    "compare": Compare(("AAA", "BBB"), Depth.full),
    "morning": MorningBrief("main"),
    "why": ExplainMove("AAA"),
    "portfolio": ReviewPortfolio("main"),
    "risk": ReviewRisk("main"),
    "journal": ReviewJournal("main"),
    "idea": CheckIdea("i1"),
}


@dataclass
class Desk:
    """A rules analyst over made-up words; `changes` alters the answers of a kind of word."""

    market: Market = field(default_factory=owned)
    changes: dict[type[Request[Any]], Callable[[Any], Any]] = field(default_factory=dict)
    asked: list[Request[Any]] = field(default_factory=list)
    at: datetime = NOW
    stored: int = 1

    def __post_init__(self) -> None:
        told = {kind: self._heard(answer) for kind, answer in self.market.words().items()}
        self.analyst = RulesAnalyst(self, told, revision=lambda: self.stored)  # type: ignore[arg-type]

    def now(self) -> datetime:
        return self.at

    def _heard(self, answer: Any) -> Any:
        async def told(request: Any, by: Principal) -> Any:
            self.asked.append(request)
            given = await answer(request, by)
            change = self.changes.get(type(request))
            return given if change is None else change(given)

        return told

    async def report(self, request: Request[Report], by: Principal = OWNER) -> Report:
        self.asked.clear()
        told: Report = await self.analyst.answers()[type(request)](request, by)
        return told

    async def anew(self, request: Request[Report]) -> bool:
        """Whether asking again writes it anew."""
        before = self.analyst.kept.again
        await self.report(request)
        return self.analyst.kept.again == before

    def count(self, kind: type[Request[Any]]) -> int:
        return sum(isinstance(each, kind) for each in self.asked)


@pytest.mark.parametrize("name", REPORTS)
async def test_what_is_unchanged_is_not_reckoned_again(name: str) -> None:
    desk = Desk()
    first = await desk.report(REPORTS[name])
    assert not await desk.anew(REPORTS[name])
    assert desk.count(ComputeIndicators) == desk.count(GetRisk) == 0
    assert await desk.report(REPORTS[name]) == first


async def test_a_report_told_again_is_as_of_now() -> None:
    desk = Desk()
    first = await desk.report(REPORTS["brief"])
    desk.at += timedelta(minutes=3)
    again = await desk.report(REPORTS["brief"])
    assert again == replace(first, as_of=desk.at)
    past = Compare(("AAA", "BBB"), at=NOW - timedelta(days=30))
    before = await desk.report(past)
    desk.at += timedelta(minutes=3)
    assert await desk.report(past) == before


@pytest.mark.parametrize("name", ["brief", "compare", "morning", "why", "idea"])
async def test_another_price_writes_it_anew(name: str) -> None:
    desk = Desk()
    first = await desk.report(REPORTS[name])
    desk.changes[GetQuotes] = lambda told: tuple(replace(q, last=q.last * 1.01) for q in told)
    assert await desk.anew(REPORTS[name])
    assert await desk.report(REPORTS[name]) != first


async def test_the_age_of_a_quote_alone_does_not() -> None:
    desk = Desk()
    await desk.report(REPORTS["brief"])
    desk.changes[GetQuotes] = lambda told: tuple(replace(q, age=9.5) for q in told)
    assert not await desk.anew(REPORTS["brief"])
    desk.changes[GetQuotes] = lambda told: tuple(replace(q, stale=True) for q in told)
    assert await desk.anew(REPORTS["brief"])


@pytest.mark.parametrize("name", ["brief", "morning", "portfolio", "risk"])
async def test_another_position_writes_it_anew(name: str) -> None:
    desk = Desk()
    await desk.report(REPORTS[name])
    desk.changes[GetPositions] = lambda held: replace(held, positions=held.positions[1:])
    assert await desk.anew(REPORTS[name])


@pytest.mark.parametrize("name", ["brief", "journal"])
async def test_another_trade_writes_it_anew(name: str) -> None:
    desk = Desk()
    await desk.report(REPORTS[name])
    desk.changes[ListTrades] = lambda trades: trades[:-1]
    assert await desk.anew(REPORTS[name])


@pytest.mark.parametrize("name", ["brief", "risk", "portfolio"])
async def test_an_order_that_went_writes_it_anew(name: str) -> None:
    desk = Desk()
    await desk.report(REPORTS[name])
    desk.changes[ListOrders] = lambda orders: ()
    assert await desk.anew(REPORTS[name])


async def test_bars_that_were_stored_since_are_looked_at() -> None:
    desk = Desk()
    await desk.report(REPORTS["brief"])
    desk.stored += 1
    assert not await desk.anew(REPORTS["brief"])
    assert desk.count(GetBars) > 0
    assert not await desk.anew(REPORTS["brief"])
    assert desk.count(GetBars) == 0
    desk.changes[GetBars] = lambda bars: replace(bars, close=Series([2.0, *list(bars.close)[1:]]))
    desk.stored += 1
    assert await desk.anew(REPORTS["brief"])


async def test_the_bar_that_forms_counts_only_once_it_is_over() -> None:
    desk = Desk()
    await desk.report(REPORTS["brief"])
    desk.changes[GetBars] = lambda bars: replace(bars, close=Series([*list(bars.close)[:-1], 2.0]))
    desk.stored += 1
    assert not await desk.anew(REPORTS["brief"])
    desk.changes[GetBars] = lambda bars: replace(bars, forming=False)
    desk.stored += 1
    assert await desk.anew(REPORTS["brief"])


async def test_a_day_that_ends_is_seen_though_nothing_traded() -> None:
    desk = Desk()
    await desk.report(REPORTS["brief"])
    desk.changes[GetBars] = lambda bars: replace(bars, forming=False)
    desk.at += timedelta(minutes=15)
    assert await desk.anew(REPORTS["brief"])


@pytest.mark.parametrize("name", ["risk", "portfolio"])
async def test_what_is_reckoned_from_the_whole_past_holds_until_something_is_stored(
    name: str,
) -> None:
    desk = Desk()
    await desk.report(REPORTS[name])
    assert not await desk.anew(REPORTS[name])
    desk.stored += 1
    assert await desk.anew(REPORTS[name])


@pytest.mark.parametrize("name", REPORTS)
async def test_another_hour_writes_it_anew(name: str) -> None:
    desk = Desk()
    await desk.report(REPORTS[name])
    desk.at += timedelta(hours=1)
    assert await desk.anew(REPORTS[name])


async def test_each_caller_has_reports_of_their_own() -> None:
    desk = Desk()
    await desk.report(REPORTS["portfolio"])
    other = Principal(name="guest", role=OWNER.role)
    before = desk.analyst.kept.again
    await desk.report(REPORTS["portfolio"], other)
    assert desk.analyst.kept.again == before


async def test_a_source_that_comes_back_is_noticed() -> None:
    desk = Desk()

    def away(answer: Any) -> Any:
        raise SourceUnavailable("kraken is away")

    desk.changes[GetBars] = away
    first = await desk.report(REPORTS["brief"])
    assert any("kraken is away" in each.reason for each in first.unwritten)
    assert not await desk.anew(REPORTS["brief"])
    del desk.changes[GetBars]
    again = await desk.report(REPORTS["brief"])
    assert not any("kraken is away" in each.reason for each in again.unwritten)


async def test_an_error_is_not_kept() -> None:
    desk = Desk()
    for _ in range(2):
        with pytest.raises(Exception, match="NOSUCH"):
            await desk.report(Brief("NOSUCH"))
    assert desk.analyst.kept.again == 0


async def test_no_more_are_kept_than_there_is_room_for() -> None:
    desk = Desk()
    await desk.report(REPORTS["brief"])
    for days in range(64):
        await desk.report(Brief("BBB", at=NOW - timedelta(days=days + 1)))
    assert await desk.anew(REPORTS["brief"])


async def test_each_word_is_asked_once_for_a_report() -> None:
    desk = Desk()
    for request in REPORTS.values():
        await desk.report(request)
        assert len(desk.asked) == len(set(desk.asked))


async def test_answers_and_errors_differ_in_their_prints() -> None:
    bars = owned().bars(GetBars("AAA", limit=40))
    over = replace(bars, forming=False)
    other = replace(over, close=Series([*list(over.close)[:-1], 1.0]))
    away, back = SourceUnavailable("away"), SourceUnavailable("back")
    found = [print_of(each) for each in (bars, over, other, away, back, (), None)]
    assert len(set(found)) == len(found)
    assert print_of(bars) == print_of(replace(bars))
