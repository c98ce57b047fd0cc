"""Which bars a plan is scored by: holes found, nights forgiven, coarser bars taken."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from idea_cards import plan

from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.ideas import IdeaPlan
from tio.api.market import Adjustment, Bars, GetBars, Instrument, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.ideas.history import Past, PlanHistory
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify
from tio.engine.orders.hours import VenueHours

FRIDAY = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
"""An hour before the close of a day in New York."""
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def minutes(begin: datetime, count: int, step: timedelta = MINUTE) -> list[datetime]:
    return [begin + step * number for number in range(count)]


SESSIONS = minutes(FRIDAY, 60) + minutes(datetime(2026, 11, 23, 14, 30, tzinfo=UTC), 60)


def bars(asked: GetBars, opens: list[datetime], **rest: Any) -> Bars:
    column = Series([100.0] * len(opens))
    told: dict[str, Any] = {
        "symbol": asked.symbol,
        "timeframe": asked.timeframe,
        "time": Times(map(instant, opens)),
        "open": column,
        "high": column,
        "low": column,
        "close": column,
        "source": "test",
        "adjusted": Adjustment.splits,
    }
    return Bars(**told | rest)


def history(
    answer: Callable[[GetBars], Bars], events: tuple[CorporateEvent, ...] = ()
) -> PlanHistory:
    async def get(asked: GetBars, by: object) -> Bars:
        return answer(asked)

    async def events_of(symbol: str) -> tuple[CorporateEvent, ...]:
        return events

    def instrument(symbol: str) -> Instrument:
        return classify(symbol)

    market: Any = SimpleNamespace(
        answers=lambda: {GetBars: get},
        instrument=instrument,
        events=events_of,
        history=SimpleNamespace(rules=lambda symbol: rules_of(classify(symbol))),
    )
    return PlanHistory(market, VenueHours(instrument))


def of(**known: list[datetime]) -> Callable[[GetBars], Bars]:
    """Bars by timeframe, `m1=…`; of any other none are known."""
    found = {Timeframe[name]: opens for name, opens in known.items()}

    def answer(asked: GetBars) -> Bars:
        if asked.timeframe not in found:
            raise NotFound(f"nobody tells {asked.timeframe} bars")
        return bars(asked, found[asked.timeframe])

    return answer


def over_the_weekend() -> IdeaPlan:
    return plan(at=FRIDAY, due=MONDAY)


async def whole(answer: Callable[[GetBars], Bars], after: timedelta = 2 * MINUTE) -> Past:
    return await history(answer).whole("AAPL", over_the_weekend(), MONDAY + after)


async def test_a_weekend_is_no_hole_and_bars_beyond_the_horizon_do_not_count() -> None:
    past = await whole(of(m1=SESSIONS))
    assert (past.timeframe, past.source) == (Timeframe.m1, "test")
    assert len(past.bars) == 60 + 30
    assert past.bars[-1].time == instant(MONDAY - MINUTE)


async def test_a_hole_while_the_market_trades_is_covered_by_coarser_bars() -> None:
    holed = SESSIONS[:20] + SESSIONS[40:]
    fives = minutes(FRIDAY, 12, 5 * MINUTE) + minutes(SESSIONS[60], 12, 5 * MINUTE)
    assert (await whole(of(m1=holed, m5=fives))).timeframe is Timeframe.m5
    with pytest.raises(SourceUnavailable, match="no 1m bars from 2026-11-20 20:20Z on"):
        await whole(of(m1=holed))


async def test_a_few_minutes_nobody_traded_are_no_hole() -> None:
    assert len((await whole(of(m1=SESSIONS[:20] + SESSIONS[25:]))).bars) == 85


async def test_bars_that_are_not_told_yet_are_waited_for_before_coarser_ones_are_taken() -> None:
    late = SESSIONS[:75]
    days = [FRIDAY, MONDAY, MONDAY + timedelta(days=1)]
    with pytest.raises(SourceUnavailable, match="told until 2026-11-23 14:45Z"):
        await whole(of(m1=late, d1=days))


async def test_bars_that_begin_late_are_missing() -> None:
    with pytest.raises(SourceUnavailable, match="no 1m bars from 2026-11-20 20:00Z on"):
        await whole(of(m1=SESSIONS[30:]))
    with pytest.raises(SourceUnavailable, match="nobody tells 1m bars"):
        await whole(of())


async def test_a_horizon_in_the_night_needs_no_bar_of_its_end() -> None:
    night = plan(at=FRIDAY, due=FRIDAY + timedelta(hours=8))
    past = await history(of(m1=SESSIONS[:60])).whole("AAPL", night, night.due + MINUTE)
    assert len(past.bars) == 60


async def test_a_split_since_is_told_in_the_plans_prices() -> None:
    split = CorporateEvent(
        symbol="AAPL", kind=EventKind.share_split, ex_date=date(2026, 11, 23), ratio=4.0
    )
    found = history(of(m1=SESSIONS), (split,))
    past = await found.whole("AAPL", over_the_weekend(), MONDAY + 2 * MINUTE)
    prices = past.plan.entry, past.plan.stop, *past.plan.targets
    assert list(map(float, prices)) == [25, 23.75, 27.5]

    def raw(asked: GetBars) -> Bars:
        return bars(asked, SESSIONS, adjusted=Adjustment.raw)

    with pytest.raises(SourceUnavailable, match="AAPL split since"):
        await history(raw, (split,)).whole("AAPL", over_the_weekend(), MONDAY + 2 * MINUTE)


async def test_what_is_known_so_far_needs_not_be_whole() -> None:
    found = history(of(m5=SESSIONS[:10]))
    past = await found.so_far("AAPL", over_the_weekend(), FRIDAY + timedelta(hours=1))
    assert past is not None
    assert past.timeframe is Timeframe.m5
    assert await history(of()).so_far("AAPL", over_the_weekend(), MONDAY) is None
