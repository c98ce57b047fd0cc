"""A whole engine in a workspace of real prices, its sources on the loopback."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from yahoo_answers import chart, quote
from yahoo_server import TOO_MANY, YahooServer

from tio.api.companies import EventKind, GetEvents, GetProfile
from tio.api.contract import Engine
from tio.api.errors import NotFound, SourceUnavailable
from tio.api.market import Adjustment, Delay, GetBars, GetQuotes, SearchInstruments, Timeframe
from tio.api.past import FindGaps, ListStoredBars
from tio.api.sources import ListRoutes, ListSources, ProbeSources, SourceState
from tio.config import Config, SourceSettings
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.local import LocalEngine
from tio.paths import Paths

OPENED = 1_704_205_800
"""2 January 2024, 14:30 UTC: the open of New York."""
DAY = 86_400


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIO_OFFLINE")


@pytest.fixture
async def yahoo(home: Path) -> AsyncIterator[YahooServer]:
    async with YahooServer().serving() as server:
        server.quotes = {"AAPL": quote("AAPL", 244.6), "MSFT": quote("MSFT", 400.0)}
        days = [0, 1, 2, 3, 6, 7, 8]  # 2 January 2024 was a Tuesday
        rows = [
            (OPENED + day * DAY, 100.0 + day, 102.0 + day, 99.0 + day, 101.0 + day, 1_000.0)
            for day in days
        ]
        split = {
            "splits": {
                str(OPENED + 6 * DAY): {
                    "date": OPENED + 6 * DAY,
                    "numerator": 4.0,
                    "denominator": 1.0,
                    "splitRatio": "4:1",
                }
            }
        }
        server.summaries["AAPL"] = json.dumps(
            {
                "quoteSummary": {
                    "result": [{"price": {"symbol": "AAPL", "longName": "Apple Inc."}}],
                    "error": None,
                }
            }
        )
        server.charts["AAPL"] = chart("AAPL", *rows, happened=split)
        yield server


@asynccontextmanager
async def engine_of(yahoo: YahooServer, *, alone: bool = True) -> AsyncIterator[Engine]:
    """An engine whose only source is Yahoo on the loopback."""
    sources = {name: SourceSettings(enabled=False) for name in CATALOGUE}
    sources["yahoo"] = SourceSettings(base_url=yahoo.url, ws_url=yahoo.socket_url)
    local = LocalEngine(Paths.find().workspace("main"), Config(sources=sources))
    await local.start()
    try:
        yield local.session()
    finally:
        await local.close()


async def test_a_share_nobody_watched_is_quoted_with_who_told_it(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        (told,) = await engine.ask(GetQuotes(("AAPL",)))
        assert (told.last, told.source, told.delay) == (244.6, "yahoo", Delay.realtime)
        assert told.as_of is not None
        reports = {report.name: report for report in await engine.ask(ListSources())}
        assert reports["yahoo"].state is SourceState.live
        assert reports["yahoo"].calls > 0
        assert reports["yahoo"].limits
        assert reports["kraken"].reason == "switched off"


async def test_a_symbol_that_is_none_is_not_found_and_says_what_may_be_meant(
    yahoo: YahooServer,
) -> None:
    yahoo.found = [
        {
            "symbol": "AAPL",
            "shortname": "Apple Inc.",
            "longname": "Apple Inc.",
            "quoteType": "EQUITY",
            "exchange": "NMS",
            "exchDisp": "NASDAQ",
            "score": 1.0,
            "isYahooFinance": True,
        }
    ]
    async with engine_of(yahoo) as engine:
        with pytest.raises(NotFound) as refused:
            await engine.ask(GetQuotes(("APPLE",)))
        assert "did you mean AAPL (Apple Inc." in refused.value.next
        found = await engine.ask(SearchInstruments("apple"))
        assert found[0].symbol == "AAPL"


async def test_bars_are_fetched_stored_and_there_again_without_a_network(
    yahoo: YahooServer,
) -> None:
    async with engine_of(yahoo) as engine:
        bars = await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7))
        assert list(bars.close) == [101.0, 102.0, 103.0, 104.0, 107.0, 108.0, 109.0]
        assert (bars.source, bars.adjusted) == ("yahoo", Adjustment.splits)
        asked = yahoo.asked["chart"]
        await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7))
        assert yahoo.asked["chart"] <= asked + 1
        (series,) = [s for s in await engine.ask(ListStoredBars()) if s.timeframe is Timeframe.d1]
        assert series.bars == 7
    yahoo.refuses["chart"] = TOO_MANY
    yahoo.refuses["quote"] = TOO_MANY
    async with engine_of(yahoo) as engine:
        kept = await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7))
        assert list(kept.close) == list(bars.close)
        (quote,) = await engine.ask(GetQuotes(("AAPL",)))
        assert (quote.last, quote.previous_close, quote.stale) == (109.0, 108.0, True)
        assert (quote.source, quote.delay) == ("yahoo", Delay.end_of_day)
        assert quote.age is not None
        assert quote.age > 365 * DAY


async def test_weeks_are_folded_from_days(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        weeks = await engine.ask(GetBars("AAPL", Timeframe.w1, limit=2))
        assert list(weeks.close) == [104.0, 109.0]
        assert list(weeks.volume) == [4_000.0, 3_000.0]


async def test_raw_prices_are_derived_from_the_split(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        raw = await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7, adjusted=Adjustment.raw))
        assert raw.adjusted is Adjustment.raw
        assert list(raw.close) == [404.0, 408.0, 412.0, 416.0, 107.0, 108.0, 109.0]
        assert list(raw.volume)[:2] == [250.0, 250.0]
        (split,) = await engine.ask(GetEvents("AAPL"))
        assert (split.kind, split.ratio) == (EventKind.share_split, 4.0)


async def test_with_nothing_stored_and_nobody_to_ask_it_says_who_failed_and_why(
    yahoo: YahooServer,
) -> None:
    yahoo.refuses["chart"] = (403, "go away")
    yahoo.refuses["quote"] = (403, "go away")
    async with engine_of(yahoo) as engine, asyncio.timeout(60):
        with pytest.raises(SourceUnavailable, match="no source could tell the past of AAPL: yahoo"):
            await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7))


async def test_gaps_the_source_has_nothing_for_are_marked(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        await engine.ask(GetBars("AAPL", Timeframe.d1, limit=7))
        reports = await engine.ask(FindGaps("AAPL", Timeframe.d1))
        assert all(report.missing == 0 for report in reports)


async def test_a_profile_names_who_told_each_figure(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        profile = await engine.ask(GetProfile("AAPL"))
        assert profile.name == "Apple Inc."
        assert profile.told_by["name"] == "yahoo"


async def test_each_source_can_be_asked_one_cheap_thing(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        probes = {each.source: each for each in await engine.ask(ProbeSources(("yahoo", "okx")))}
        assert (probes["yahoo"].well, probes["yahoo"].as_of is not None) == (True, True)
        assert (probes["okx"].well, probes["okx"].said) == (False, "switched off")


async def test_nothing_is_asked_before_anybody_wants_anything(yahoo: YahooServer) -> None:
    async with engine_of(yahoo) as engine:
        await engine.ask(ListSources())
        assert await engine.ask(ListRoutes()) == ()
    assert sum(yahoo.asked.values()) == 0
