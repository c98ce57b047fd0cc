"""Why a price moved: the market or itself, what was on its days, and honestly nothing."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import pytest
from analyst_words import NOW, SYMBOLS, Market
from made_up_words import declared

from tio.api.analyst import ExplainMove, Report
from tio.api.companies import CorporateEvent, EventKind, GetEvents
from tio.api.contract import Request
from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.hours import DayKind, GetSessions, SessionSpan, TradingDay
from tio.api.market import Session
from tio.api.watchlists import ListWatchlists

TODAY = NOW.date()


def by(percent: float) -> Callable[[Any], Any]:
    """The newest close moved by so much more."""

    def change(closes: Any) -> Any:
        found = closes.copy()
        found[-1] = found[-2] * (1 + percent / 100)
        return found

    return change


def told(report: Report, name: str) -> str:
    found = next(each for each in report.sections if each.name == name)
    return " ".join(each.text for each in found.lines)


async def test_a_lone_leap_is_its_own_and_nothing_known_explains_it() -> None:
    market = Market(change=by(9.0), changed=frozenset({"AAA"}))
    report = await market.report(ExplainMove("AAA"))
    assert "So it is mostly its own." in told(report, "market")
    assert report.headline.startswith("AAA rose 9.00 % on 2026-11-20 so far, ")
    assert report.headline.endswith("nothing known explains it; no source of news is asked.")


async def test_what_all_do_together_is_the_markets() -> None:
    market = Market(change=by(-4.0), changed=frozenset(SYMBOLS))
    report = await market.report(ExplainMove("AAA"))
    assert "3 of 3 the same way" in told(report, "market")
    assert "So it went with the market" in told(report, "market")
    assert "its peers foretell −" in report.headline


async def test_without_anything_to_hold_it_against_it_says_so() -> None:
    report = await Market(more={ListWatchlists: ()}).report(ExplainMove("AAA"))
    assert told(report, "market").startswith("No watchlist has others")
    assert report.confidence.level == "high"


async def test_a_dividend_on_its_days_is_said_with_what_it_takes() -> None:
    events = (
        CorporateEvent(symbol="AAA", kind=EventKind.dividend, ex_date=TODAY, amount=2.0),
        CorporateEvent(symbol="AAA", kind=EventKind.dividend, ex_date=date(2026, 8, 20), amount=1),
    )
    market = Market(change=by(-6.0), changed=frozenset({"AAA"}), more={GetEvents: events})
    report = await market.report(ExplainMove("AAA"))
    assert report.headline.endswith("ex-date of a dividend.")
    assert told(report, "events").count("Ex-date") == 1
    assert "% by itself" in told(report, "events")


async def test_a_pause_before_it_is_counted() -> None:
    def sessions(asked: GetSessions) -> tuple[TradingDay, ...]:
        span = SessionSpan(Session.regular, NOW, NOW)
        days = [asked.start + timedelta(days=n) for n in range((asked.end - asked.start).days + 1)]
        return tuple(
            TradingDay(date=day, kind=DayKind.holiday, holiday="Feast")
            if day == TODAY - timedelta(days=1)
            else TradingDay(date=day, kind=DayKind.whole, spans=(span,))
            for day in days
        )

    report = await Market(more={GetSessions: sessions}).report(ExplainMove("AAA"))
    assert told(report, "calendar") == "1 days without trading came before it (Feast)."


class Story(msgspec.Struct, frozen=True, kw_only=True):
    headline: str
    source: str
    published_at: datetime


class GetNews(Request[tuple[Story, ...]], frozen=True):
    """Stories of a symbol."""

    symbol: str


async def test_news_appear_by_themselves_with_their_word() -> None:
    stories = (
        Story(headline="AAA \x1b[2Jleaps", source="wire", published_at=NOW),
        Story(headline="old", source="wire", published_at=datetime(2026, 1, 1, tzinfo=UTC)),
    )
    lone = Market(change=by(9.0), changed=frozenset({"AAA"}))
    assert "news" not in {each.name for each in (await lone.report(ExplainMove("AAA"))).sections}
    with declared(GetNews):
        lone.more[GetNews] = stories
        report = await lone.report(ExplainMove("AAA"))
    assert told(report, "news") == "2026-11-20 15:00 wire: AAA [2Jleaps"
    assert report.headline.endswith(": 1 story on its days.")


async def test_one_source_that_sleeps_takes_its_section_alone() -> None:
    market = Market(more={GetEvents: SourceUnavailable("the source sleeps")})
    report = await market.report(ExplainMove("AAA"))
    assert [(each.name, each.reason) for each in report.unwritten] == [
        ("events", "the source sleeps")
    ]
    assert "size" in {each.name for each in report.sections}


async def test_days_that_are_not_are_a_mistake() -> None:
    with pytest.raises(Invalid, match="no days from 2026-12-01"):
        await Market().report(ExplainMove("AAA", date(2026, 12, 1)))
    with pytest.raises(NotFound, match="no days to 2001-01-01"):
        await Market().report(ExplainMove("AAA", None, date(2001, 1, 1)))
    with pytest.raises(NotFound, match="ZZZ"):
        await Market().report(ExplainMove("ZZZ"))


@pytest.mark.parametrize("percent", [-50.0, 50.0])
async def test_what_came_after_the_moment_changes_nothing(percent: float) -> None:
    at = NOW - timedelta(days=5)

    def later(closes: Any) -> Any:
        found = closes.copy()
        found[-5:] *= 1 + percent / 100
        return found

    asked = ExplainMove("AAA", at=at)
    changed = await Market(change=later, changed=frozenset(SYMBOLS)).report(asked)
    assert changed == await Market().report(asked)
    assert np.isfinite(changed.confidence.score)
