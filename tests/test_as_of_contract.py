"""What every engine promises of the past: what was told at a moment is told of it ever after."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from as_of_scene import LATER, SOON, SYMBOLS, THEN, SetClock, live_on, live_until_then, past_engine
from both_engines import DOORS, through
from made_up_words import AskWeather, declared
from msgspec import inspect

from tio.api import words
from tio.api.analyst import Brief, Compare, ExplainMove, MorningBrief, ReviewPortfolio, ReviewRisk
from tio.api.as_of import STILL_LIVE, STILL_WRITTEN, AskAsOf
from tio.api.charts import Drawings, GetSessionLevels, ListDrawings
from tio.api.chat_events import ChatEvents
from tio.api.chats import Ask, ListChats, SearchChats, StartChat
from tio.api.codec import encode
from tio.api.companies import GetEvents
from tio.api.contract import WORDS, Effect, Engine, Word, is_request
from tio.api.errors import Conflict, Invalid, NotFound, UnknownWord
from tio.api.explained import ExplainFigure
from tio.api.hours import GetHours
from tio.api.indicators import (
    ComputeIndicators,
    GetVolumeProfile,
    IndicatorSpec,
    IndicatorUpdates,
)
from tio.api.ledger import (
    GetGains,
    GetLots,
    GetPositions,
    ListPortfolios,
    ListTransactions,
    Positions,
)
from tio.api.market import (
    BarUpdates,
    GetBars,
    GetQuotes,
    Hours,
    Quotes,
    Sparks,
    Timeframe,
)
from tio.api.performance import GetPerformance
from tio.api.portfolio_risk import GetRisk
from tio.api.risk import GetCorrelation
from tio.api.series import moment
from tio.api.stress import Shock, StressPortfolio, StressWindows
from tio.api.system import SaveSetting
from tio.api.trading import ListFills, ListOrders
from tio.api.watchlists import ListWatchlists, SaveWatchlist
from tio.as_of import AsOfEngine
from tio.engine.as_of.words import MADE_OF, NEVER, REPORTS, SAME
from tio.engine.local import LocalEngine

assert words
SMA = (IndicatorSpec("sma"), IndicatorSpec("sma", timeframe=Timeframe.d1), IndicatorSpec("rsi"))
ASKED: tuple[Word, ...] = (
    *(GetBars("AAPL", span, limit=40) for span in Timeframe if span.step >= 60_000_000),
    GetBars("AAPL", Timeframe.m1, end=LATER, limit=10),
    GetBars("AAPL", Timeframe.m5, hours=Hours.regular, limit=10),
    GetQuotes(SYMBOLS),
    Quotes(SYMBOLS),
    Sparks(SYMBOLS),
    BarUpdates("MSFT", limit=60),
    BarUpdates("MSFT", Timeframe.d1, limit=60),
    IndicatorUpdates("AAPL", SMA, limit=30),
    ComputeIndicators(SMA, "AAPL", Timeframe.m5, limit=30),
    GetVolumeProfile("AAPL", Timeframe.m1),
    GetSessionLevels("AAPL"),
    GetEvents("AAPL"),
    GetCorrelation(SYMBOLS),
    GetPositions("main"),
    GetPositions("main", at=THEN - timedelta(days=3)),
    Positions("main"),
    GetLots("main"),
    GetGains("main"),
    ListTransactions("main"),
    ListFills("main"),
    ExplainFigure("main", "nav"),
    ExplainFigure("main", "unrealised:AAPL"),
    GetPerformance("main"),
    GetRisk("main"),
    StressPortfolio("main", shocks=(Shock(change=Decimal("-0.2")),)),
    StressWindows("main"),
    GetHours("NYSE"),
    ListDrawings(),
    Drawings("AAPL"),
    ListChats(),
    SearchChats("of"),
    Brief("AAPL"),
    Compare(SYMBOLS),
    ExplainMove("AAPL"),
    MorningBrief("main"),
    ReviewPortfolio("main"),
    ReviewRisk("main"),
)
"""One of each word that can be told of the past, as it is asked about now."""


SPELLED = ("x" * 12, "layout", "c1", "m1", "r1", "s1", "p1", "A", "USD", "2026-11-01")
"""What may stand in a field of text that takes certain spellings alone."""


@pytest.fixture
async def clock() -> SetClock:
    return SetClock(SOON)


@pytest.fixture
async def local(clock: SetClock) -> AsyncIterator[LocalEngine]:
    made = past_engine(clock)
    await made.start()
    yield made
    await made.close()


@pytest.fixture(params=DOORS)
async def engine(request: pytest.FixtureRequest, local: LocalEngine) -> AsyncIterator[Engine]:
    async with through(local, request.param) as opened:
        yield opened


async def told(engine: Engine, word: Word, at: datetime = THEN) -> str:
    asked = AskAsOf(at, type(word).__name__, encode(word).decode())
    return (await engine.ask(asked)).answer


async def test_what_was_told_then_is_told_of_it_ever_after(
    engine: Engine, clock: SetClock, tmp_path: Path
) -> None:
    await live_until_then(engine, clock, tmp_path)
    before = [await told(engine, word) for word in ASKED]
    now = [await engine.ask(word) for word in (GetQuotes(SYMBOLS), GetPositions("main"))]
    clock.put(LATER)
    await live_on(engine, tmp_path)
    for word, was in zip(ASKED, before, strict=True):
        assert await told(engine, word) == was, word
        assert len(was) > 2 or isinstance(word, (GetEvents, ListFills, SearchChats)), word
    assert [await engine.ask(w) for w in (GetQuotes(SYMBOLS), GetPositions("main"))] != now


def test_every_word_that_can_be_told_of_the_past_is_asked_above() -> None:
    asked = {type(word).__name__ for word in ASKED}
    assert asked >= MADE_OF | REPORTS
    for name in STILL_LIVE | STILL_WRITTEN | MADE_OF | REPORTS | NEVER | SAME:
        assert name in WORDS, name
    assert not SAME & (MADE_OF | REPORTS | NEVER)


async def test_no_other_word_tells_anything(engine: Engine) -> None:
    """A word nobody thought of here is bounded by its own fields, or refused."""
    asked = {type(word).__name__ for word in ASKED} | {"GetChat", "GetSource", "WriteOutChat"}
    refused = []
    for name, kind in WORDS.items():
        if name in asked | SAME | {"AskAsOf"}:
            continue
        with pytest.raises((Conflict, Invalid, NotFound)) as error:
            pytest.fail(f"{name} told {await told(engine, made_up(kind))}")
        refused.append(name)
        if isinstance(error.value, Conflict):
            assert name in error.value.message
    assert {"GetRiskLimits", "GetBars"}.isdisjoint(refused)
    assert {"PlaceOrder", "ListOrders", "GetProfile", "Book", "Trades", "Log"} <= set(refused)


def made_up(kind: type[Word]) -> Word:
    """A word with something in each field it needs."""
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    needed = {f.name: _some(f.type) for f in shape.fields if f.required}
    return msgspec.convert(needed, kind, strict=False)


def _some(kind: inspect.Type) -> Any:
    match kind:
        case inspect.Metadata(type=bare):
            return _some(bare)
        case inspect.EnumType(cls):
            return next(iter(cls)).value
        case inspect.IntType() | inspect.FloatType() | inspect.DecimalType():
            return 1
        case inspect.BoolType():
            return True
        case inspect.DateTimeType():
            return THEN.isoformat()
        case inspect.DateType():
            return "2026-11-01"
        case inspect.VarTupleType(item) | inspect.ListType(item):
            return [_some(item)]
        case inspect.DictType():
            return {}
        case inspect.StructType(cls) if issubclass(cls, Word):
            return made_up(cls)
        case inspect.StructType():
            return {f.name: _some(f.type) for f in kind.fields if f.required}
        case inspect.UnionType(types):
            return _some(types[0])
        case inspect.StrType(pattern=str(pattern)):
            return next(text for text in SPELLED if re.search(pattern, text))
    return SPELLED[0]


async def test_a_word_of_tomorrow_with_a_moment_is_bounded_by_itself(
    local: LocalEngine,
) -> None:
    heard = []

    async def weather(asked: AskWeather, _: object) -> str:
        heard.append(asked)
        return f"{LATER:%Y-%m-%dT%H:%M:%SZ}" if asked.loud else "calm"

    with declared(AskWeather):
        local._answers[AskWeather] = weather
        session = local.session()
        asked = AskAsOf(THEN, "AskWeather", '{"harbour": "Kiel"}')
        assert (await session.ask(asked)).answer == '"calm"'
        assert heard == [AskWeather("Kiel", at=THEN - timedelta(days=1))]
        with pytest.raises(Conflict, match="had not come"):
            await session.ask(AskAsOf(THEN, "AskWeather", '{"harbour": "Kiel", "loud": true}'))


async def test_a_moment_to_come_or_without_a_zone_is_refused(engine: Engine) -> None:
    for at in (LATER, THEN.replace(tzinfo=None)):
        with pytest.raises(Invalid):
            await told(engine, GetHours("NYSE"), at)
    with pytest.raises(UnknownWord):
        await engine.ask(AskAsOf(THEN, "GetNothing"))
    with pytest.raises(Invalid, match="GetBars"):
        await engine.ask(AskAsOf(THEN, "GetBars", '{"timeframe": "8d"}'))


async def test_the_quote_of_a_moment_is_the_day_until_there(
    engine: Engine, clock: SetClock, tmp_path: Path
) -> None:
    await live_until_then(engine, clock, tmp_path)
    clock.put(LATER)
    await live_on(engine, tmp_path)
    then = AsOfEngine(engine, THEN)
    (quote,) = await then.ask(GetQuotes(("AAPL",)))
    minutes = await then.ask(GetBars("AAPL", Timeframe.m1, limit=47))
    days = await then.ask(GetBars("AAPL", Timeframe.d1, limit=1))
    assert len(minutes) == 47
    assert quote.as_of == THEN.replace(second=0)
    assert (quote.last, quote.open) == (minutes.close[-1], minutes.open[0])
    assert (quote.high, quote.low) == (max(minutes.high), min(minutes.low))
    assert quote.previous_close == days.close[-1]
    assert quote.age == 30
    held = await then.ask(GetPositions("main"))
    (apple,) = (each for each in held.positions if each.symbol == "AAPL")
    assert (apple.quantity, apple.price) == (Decimal(100), Decimal(repr(quote.last)))
    assert [each.symbol for each in held.positions] == ["AAPL", "MSFT"]


async def test_a_day_is_over_with_its_session(
    engine: Engine, clock: SetClock, tmp_path: Path
) -> None:
    await live_until_then(engine, clock, tmp_path)
    clock.put(LATER)
    await live_on(engine, tmp_path)
    for hour, last in ((20, 17), (21, 18), (23, 18)):
        at = datetime(2026, 11, 18, hour, 0, tzinfo=UTC)
        days = await AsOfEngine(engine, at).ask(GetBars("AAPL", Timeframe.d1, limit=2))
        assert moment(days.time[-1]).day == last
        assert not days.forming


async def test_what_changes_things_now_is_refused_and_settings_are_kept(engine: Engine) -> None:
    then = AsOfEngine(engine, THEN)
    with pytest.raises(Conflict, match="SaveWatchlist changes how things are now"):
        await then.ask(SaveWatchlist("x", ()))
    await then.ask(SaveSetting(key="chart.type", value='"line"'))
    assert await engine.ask(ListWatchlists()) == await then.ask(ListWatchlists())
    for name in STILL_WRITTEN:
        assert WORDS[name].meaning.effect is Effect.write, name


async def test_a_topic_is_its_snapshot_and_then_nothing(
    engine: Engine, clock: SetClock, tmp_path: Path
) -> None:
    await live_until_then(engine, clock, tmp_path)
    then = AsOfEngine(engine, THEN)
    async with then.watch(Quotes(("AAPL",))) as items:
        first = await anext(items)
        assert first.snapshot
        assert first.value == await then.ask(GetQuotes(("AAPL",)))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(items), 0.01)
    with pytest.raises(Conflict):
        async with then.watch(WORDS["Trades"]("AAPL")) as _:  # type: ignore[arg-type]
            pass


async def test_chats_of_the_past_are_about_it_and_those_of_later_stay_closed(
    engine: Engine, clock: SetClock
) -> None:
    then = AsOfEngine(engine, THEN)
    later = await engine.ask(StartChat("of later"))
    begun = await then.ask(StartChat("here"))
    assert begun.as_of == THEN
    asked = await then.ask(Ask("How does AAPL stand?"))
    async with then.watch(ChatEvents(asked.chat)) as items:
        assert (await anext(items)).snapshot
    assert {chat.id for chat in await then.ask(ListChats())} == {begun.id, asked.chat}
    for word in (Ask("And this?", later.id),):
        with pytest.raises(Conflict, match="about a later moment"):
            await then.ask(word)
    with pytest.raises(Conflict, match="about a later moment"):
        async with then.watch(ChatEvents(later.id)) as _:
            pass


async def test_the_past_of_the_past_is_never_later(engine: Engine) -> None:
    then = AsOfEngine(engine, THEN - timedelta(days=1))
    got = await then.ask(AskAsOf(THEN, "GetHours", '{"of": "NYSE"}'))
    assert got.at == THEN - timedelta(days=1)
    assert await then.ask(ListPortfolios()) == ()
    assert is_request(ListOrders)
    with pytest.raises(Conflict, match="ListOrders tells of now alone"):
        await then.ask(ListOrders("main"))
