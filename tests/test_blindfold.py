"""A drill shows figures, and neither what they are of nor when they were."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import screen_market as market
from hypothesis import given
from hypothesis import strategies as st

from tio.api.as_of import AskAsOf
from tio.api.charts import Drawings, ListDrawings
from tio.api.chats import Ask, StartChat
from tio.api.codec import encode
from tio.api.companies import GetProfile
from tio.api.contract import Request, Topic
from tio.api.errors import Conflict
from tio.api.hours import GetHours
from tio.api.indicators import ComputeIndicators, IndicatorSpec
from tio.api.ledger import GetPositions, ListPortfolios, Positions
from tio.api.market import (
    Bars,
    Book,
    GetBars,
    GetQuotes,
    Quotes,
    SearchInstruments,
    Timeframe,
    Trades,
)
from tio.api.series import Series, Times, instant
from tio.api.sources import ListSources, SourceStates
from tio.api.system import Log
from tio.api.watchlists import ListWatchlists, Watchlists
from tio.blindfold import BLIND, Blindfold, Mask

from fakes import FakeEngine

AT = datetime(2021, 8, 8, 15, 30, tzinfo=UTC)
MASK = Mask.of("AAPL", AT)
BARS = Bars(
    symbol="AAPL", timeframe=Timeframe.d1, time=Times([instant(AT)]), close=Series([1.5]),
    source="yahoo",
)  # fmt: skip


@given(st.integers(-2_000_000_000, 3_700_000_000))
def test_days_of_the_week_and_times_of_the_day_keep(seconds: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    shown = Mask.of("AAPL", at).shown(at)
    assert shown.year in (1999, 2000, 2001)
    assert (shown.weekday(), shown.time()) == (at.weekday(), at.time())


def test_what_is_asked_is_meant_and_what_is_told_is_masked() -> None:
    asked = GetBars(BLIND, end=AT - MASK.moved)
    assert MASK.meant(asked) == GetBars("AAPL", end=AT)
    shown = MASK.shown(BARS)
    assert (shown.symbol, shown.time[0]) == (BLIND, instant(AT - MASK.moved))
    assert MASK.meant(shown) == BARS
    assert MASK.meant(ComputeIndicators((IndicatorSpec("ema"),), BLIND)).symbol == "AAPL"


async def test_nothing_told_names_symbol_source_or_year() -> None:
    told = market.quote("AAPL", as_of=AT, source="yahoo", note="made from bars of 1m")
    fake = FakeEngine({GetBars: BARS, GetQuotes: (told,)}, {Quotes: (told,)})
    blind = Blindfold(fake, MASK)
    answers = [
        await blind.ask(GetBars(BLIND)),
        await blind.ask(GetQuotes((BLIND,))),
        await blind.ask(SearchInstruments("apple")),
        await blind.ask(ListWatchlists()),
        await blind.ask(ListPortfolios()),
        await blind.ask(ListDrawings()),
    ]
    topics: list[Topic[Any]] = [Quotes((BLIND,)), Watchlists(), Drawings(BLIND)]
    for topic in topics:
        async with blind.watch(topic) as items:
            answers.append((await anext(items)).value)
    text = "".join(encode(each).decode() for each in answers)
    for name in ("AAPL", "of the tests", "yahoo", "2021", "made from"):
        assert name not in text
    assert BLIND in text
    assert fake.asked == [GetBars("AAPL"), GetQuotes(("AAPL",))]


async def test_nothing_else_can_be_asked_watched_or_done() -> None:
    fake = FakeEngine()
    blind = Blindfold(fake, MASK)
    with pytest.raises(Conflict, match="shows BLIND alone"):
        await blind.ask(GetBars("AAPL"))
    others: list[Request[Any]] = [
        GetProfile(BLIND), GetHours("NYSE"), Ask("What is it?"), StartChat(), GetPositions("main"),
        AskAsOf(AT, "GetQuotes"), ListSources(),
    ]  # fmt: skip
    for word in others:
        with pytest.raises(Conflict, match="nothing else"):
            await blind.ask(word)
    topics: list[Topic[Any]] = [
        Book(BLIND),
        Trades(BLIND),
        Log(),
        SourceStates(),
        Positions("main"),
    ]
    for topic in topics:
        with pytest.raises(Conflict, match="nothing else"):
            blind.watch(topic)
    assert fake.asked == []
