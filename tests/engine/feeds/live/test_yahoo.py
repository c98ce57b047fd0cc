import asyncio
import base64
import json
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from yahoo_answers import chart, quote
from yahoo_server import INVALID, PAGE, TOO_MANY, YahooServer

from tio.api.companies import EventKind
from tio.api.errors import Busy, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Delay, Timeframe
from tio.api.sources import SourceState
from tio.api.ticks import DayFigures
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.yahoo import ASSETS, NEEDS_KEY, UNOFFICIAL, Yahoo, open_source, span_of
from tio.engine.feeds.yahoo import parse
from tio.engine.market.demand import Demand
from tio.plugin import Happenings, Polls, Profiles, Searches, Spells

from fakes import FakeClock, FakeOutlet, settle

T = TypeVar("T")
NOW = datetime(2025, 2, 20, 15, 0, tzinfo=UTC)
DAYS = (
    (1_739_889_000, 244.15, 245.18, 241.84, 244.47, 48_822_500),
    (1_739_975_400, 244.66, 246.01, 243.16, 244.87, 32_204_200),
)


class Scene:
    """The source against the server, with a clock moved by hand."""

    def __init__(self, server: YahooServer) -> None:
        self.server = server
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        settings = SourceSettings(base_url=server.url, ws_url=server.socket_url)
        self.yahoo = Yahoo(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        self.out = FakeOutlet()
        self.demand = Demand()

    def lasts(self) -> dict[str, float | None]:
        return {tick.symbol: tick.last for tick in self.out.ticks if isinstance(tick, DayFigures)}

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        task = asyncio.create_task(self.yahoo.run(self.demand.follow(), self.out))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def told(self, asked: Coroutine[Any, Any, T]) -> T:
        """The answer, while time passes for the limiter."""
        task = asyncio.ensure_future(asked)
        async with asyncio.timeout(20):
            while not task.done():
                await self.clock.advance(0.05)
        return task.result()

    async def heard(self) -> None:
        """Wait until something new is put out, while time passes."""
        await self.told(self.out.came.wait())
        self.out.came.clear()


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    async with YahooServer().serving() as server:
        found = Scene(server)
        yield found
        await found.web.close()


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Scene) -> None:
    known = CATALOGUE["yahoo"]
    assert known.assets == ASSETS
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    source = open_source(Reach(scene.web, scene.clock, SourceSettings()))
    assert source.traits.name == "yahoo"
    assert source.instruments() == ()
    for capability in (Spells, Polls, Searches, Profiles, Happenings):
        assert isinstance(source, capability)
    assert not scene.server.asked


async def test_quotes_are_told_with_one_crumb_and_fifty_at_once(scene: Scene) -> None:
    letters = [f"{a}{b}" for a in "ABCDEFGH" for b in "ABCDEFGHIJ"]
    scene.server.quotes = {name: quote(name, 10.0) for name in letters}
    ticks = await scene.told(scene.yahoo.quotes([*letters, "BTC-USDT"]))
    assert len(ticks) == 80
    assert scene.server.asked == {"cookie": 1, "crumb": 1, "quote": 2}
    batches = [
        query["symbols"].split(",") for kind, query in scene.server.queries if kind == "quote"
    ]
    assert [len(batch) for batch in batches] == [50, 30]


async def test_an_expired_crumb_is_replaced_once_and_the_question_asked_again(
    scene: Scene,
) -> None:
    scene.server.quotes = {"AAPL": quote("AAPL", 10.0)}
    await scene.told(scene.yahoo.quotes(["AAPL"]))
    scene.server.crumbs = ["another/One"]
    assert len(await scene.told(scene.yahoo.quotes(["AAPL"]))) == 1
    assert scene.server.asked == {"cookie": 2, "crumb": 2, "quote": 3}


async def test_a_crumb_that_is_always_refused_is_replaced_once_and_charts_tell(
    scene: Scene,
) -> None:
    scene.server.refuses["quote"] = INVALID
    scene.server.charts = {"AAPL": chart("AAPL", *DAYS)}
    (figures,) = await scene.told(scene.yahoo.quotes(["AAPL"]))
    assert isinstance(figures, DayFigures)
    assert figures.last == 244.87
    assert scene.server.asked == {"cookie": 2, "crumb": 2, "quote": 2, "chart": 1}


@pytest.mark.parametrize("said", [TOO_MANY, PAGE, (200, "")])
async def test_without_a_crumb_charts_tell_the_quotes(scene: Scene, said: tuple[int, str]) -> None:
    scene.server.refuses["crumb"] = said
    scene.server.charts = {"AAPL": chart("AAPL"), "VOD.L": chart("VOD.L", currency="GBp")}
    ticks = await scene.told(scene.yahoo.quotes(["AAPL", "VOD.LSE", "GONE"]))
    assert {tick.symbol for tick in ticks} == {"AAPL", "VOD.LSE"}
    assert "quote" not in scene.server.asked
    assert scene.server.asked["chart"] == 3


async def test_europe_consents_and_goes_on(scene: Scene) -> None:
    scene.server.european = True
    scene.server.quotes = {"AAPL": quote("AAPL", 10.0)}
    assert len(await scene.told(scene.yahoo.quotes(["AAPL"]))) == 1
    assert len(scene.server.forms) == 1


async def test_running_it_tells_introduces_and_refuses(scene: Scene) -> None:
    scene.server.quotes = {"AAPL": quote("AAPL", 244.6, longName="Apple Inc.")}
    scene.demand.add(["AAPL", "ZZZZ", "BTC-USDT"])
    await scene.told(scene.yahoo.quotes(["AAPL"]))
    async with scene.running():
        await scene.heard()
        await settle()
        assert scene.lasts() == {"AAPL": 244.6}
        assert [each.name for each in scene.out.introduced] == ["Apple Inc."]
        assert scene.out.refusals == {
            "BTC-USDT": "Yahoo has no such symbol",
            "ZZZZ": "Yahoo tells no price of ZZZZ",
        }
        traits = scene.out.traits[0]
        assert traits is not None
        assert (traits.delay, traits.asset_class) == (Delay.realtime, AssetClass.equity)


async def test_new_wants_are_asked_at_once_and_pushed_prices_follow(scene: Scene) -> None:
    scene.server.quotes = {
        "AAPL": quote("AAPL", 244.6),
        "VOD.L": quote("VOD.L", 72.5, currency="GBp", exchange="LSE", exchangeDataDelayedBy=15,
                       quoteSourceName="Delayed Quote"),
    }  # fmt: skip
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.heard()
        scene.demand.add(["VOD.LSE"])
        await scene.heard()
        assert scene.lasts() == {"AAPL": 244.6, "VOD.LSE": 0.725}
        await scene.server.subscribed("VOD.L", scene.clock)
        await scene.server.push(price="VOD.L", at=1_740_063_600_000, value=73.0)
        await scene.heard()
        assert scene.lasts()["VOD.LSE"] == 0.73
        traits = scene.out.traits[-1]
        assert traits is not None
        assert traits.delay_minutes == 15
        url, frame = scene.out.frames[-1]
        assert url == scene.server.socket_url
        assert "message" in frame


async def test_what_was_polled_is_recorded_without_the_crumb_and_says_the_same(
    scene: Scene,
) -> None:
    london = quote("VOD.L", 72.5, currency="GBp", exchange="LSE")
    scene.server.quotes = {"AAPL": quote("AAPL", 244.6), "VOD.L": london}
    scene.demand.add(["AAPL", "VOD.LSE"])
    async with scene.running():
        await scene.heard()
        await settle()
        ((url, text),) = scene.out.frames
        assert "symbols=AAPL,VOD.L" in url
        assert scene.server.crumb not in url
        assert list(parse(text)) == scene.out.ticks
        assert parse(chart("VOD.L", currency="GBp"))[0].symbol == "VOD.LSE"


async def test_garbage_pushed_is_passed_over(scene: Scene) -> None:
    scene.server.quotes = {"AAPL": quote("AAPL", 244.6)}
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.heard()
        await scene.server.subscribed("AAPL", scene.clock)
        await scene.server.say("garbage", '{"message":"####"}', "{}", "<html>")
        await scene.server.push(price="AAPL", at=1_740_063_600_000, value=250.0)
        await scene.heard()
        assert scene.lasts() == {"AAPL": 250.0}


async def test_the_list_is_said_again_every_fifteen_seconds_with_a_canary(scene: Scene) -> None:
    scene.server.quotes = {"AAPL": quote("AAPL", 244.6)}
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.heard()
        await scene.server.subscribed("AAPL", scene.clock)
        assert scene.server.said[0] == {"subscribe": ["AAPL", "BTC-USD"]}
        before = len(scene.server.said)
        await scene.clock.advance(15)
        await scene.server.heard_more(before)
        assert scene.server.said[-1] == {"subscribe": ["AAPL", "BTC-USD"]}


async def test_a_lost_stream_is_said_and_polling_goes_on(scene: Scene) -> None:
    scene.server.quotes = {"AAPL": quote("AAPL", 244.6)}
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.heard()
        await scene.server.subscribed("AAPL", scene.clock)
        await scene.server.hang_up()
        async with asyncio.timeout(20):
            while not any("no stream" in reason for _, reason in scene.out.standings):
                await scene.clock.advance(0.05)
        assert all(state is SourceState.live for state, _ in scene.out.standings)


async def test_without_wants_it_is_idle_and_asks_nothing(scene: Scene) -> None:
    async with scene.running():
        await scene.clock.advance(120)
        assert scene.out.standings == [(SourceState.idle, "nobody watches what it serves")]
        assert not scene.server.asked


async def test_when_nothing_answers_it_gives_up_with_words(scene: Scene) -> None:
    scene.server.refuses = {"quote": PAGE, "chart": PAGE}
    scene.demand.add(["AAPL"])
    async with scene.running() as task:
        async with asyncio.timeout(30):
            while not task.done():
                await scene.clock.advance(1)
        with pytest.raises(SourceUnavailable, match="page instead of data"):
            await task


async def test_history_is_the_newest_bars_adjusted_for_splits(scene: Scene) -> None:
    scene.server.charts = {"AAPL": chart("AAPL", *DAYS)}
    told = await scene.told(scene.yahoo.history("AAPL", Timeframe.d1, None, NOW, 1))
    assert told is not None
    assert told.time.listed() == ["2025-02-19T00:00:00Z"]
    assert (told.adjusted, told.source, told.forming) == (Adjustment.splits, "yahoo", False)
    ((kind, query),) = scene.server.queries
    assert (kind, query["interval"], query["includePrePost"]) == ("chart", "1d", "false")
    assert query["events"] == "div,splits,capitalGains"
    assert int(query["period2"]) >= NOW.timestamp()


@pytest.mark.parametrize(
    ("timeframe", "interval", "days", "extended"),
    [
        (Timeframe.m1, "1m", 7, "true"),
        (Timeframe.m5, "5m", 59, "true"),
        (Timeframe.m30, "15m", 59, "true"),
        (Timeframe.h4, "1h", 729, "false"),
    ],
)
async def test_no_more_is_asked_than_yahoo_goes_deep(
    scene: Scene, timeframe: Timeframe, interval: str, days: int, extended: str
) -> None:
    scene.server.charts = {"AAPL": chart("AAPL")}
    start = datetime(2010, 1, 1, tzinfo=UTC)
    told = await scene.told(scene.yahoo.history("AAPL", timeframe, start, NOW, 50_000))
    assert told is not None
    assert len(told) == 0
    ((_, query),) = scene.server.queries
    since = datetime.fromtimestamp(int(query["period1"]), UTC)
    assert since == NOW - timedelta(days=days)
    assert (query["interval"], query["includePrePost"]) == (interval, extended)


async def test_what_yahoo_has_no_history_of_is_none(scene: Scene) -> None:
    long_ago = datetime(2010, 1, 1, tzinfo=UTC)
    for symbol, timeframe, end in (
        ("AAPL", Timeframe.s1, NOW),
        ("BTC-USDT", Timeframe.d1, NOW),
        ("AAPL", Timeframe.m1, long_ago),
        ("GONE", Timeframe.d1, NOW),
    ):
        assert await scene.told(scene.yahoo.history(symbol, timeframe, None, end, 10)) is None
    assert scene.server.asked == {"chart": 1}


async def test_symbols_are_quoted_in_the_address(scene: Scene) -> None:
    scene.server.charts = {"^GSPC": chart("^GSPC", instrumentType="INDEX"), "GC=F": chart("GC=F")}
    for symbol in ("^GSPC", "GC=F"):
        assert await scene.told(scene.yahoo.history(symbol, Timeframe.d1, None, NOW, 5)) is not None


async def test_an_errors_words_reach_whoever_asked_for_bars(scene: Scene) -> None:
    scene.server.refuses["chart"] = TOO_MANY
    with pytest.raises(Busy, match=r"yahoo\.chart"):
        await scene.told(scene.yahoo.history("AAPL", Timeframe.d1, None, NOW, 5))


async def test_events_are_those_within_the_range(scene: Scene) -> None:
    body = json.loads(chart("AAPL", *DAYS))
    body["chart"]["result"][0]["events"] = {
        "dividends": {"1": {"amount": 0.205, "date": 1_604_673_000}},
        "splits": {"1": {"date": 1_598_880_600, "numerator": 4, "denominator": 1}},
    }
    scene.server.charts = {"AAPL": json.dumps(body)}
    start, end = datetime(2020, 9, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    found = await scene.told(scene.yahoo.events("AAPL", start, end))
    assert found is not None
    assert [(each.kind, each.ex_date) for each in found] == [
        (EventKind.dividend, date(2020, 11, 6))
    ]
    assert await scene.told(scene.yahoo.events("GONE", start, end)) is None
    assert await scene.told(scene.yahoo.events("BTC-USDT", start, end)) is None


async def test_profile_comes_from_modules_and_without_a_crumb_from_the_chart(
    scene: Scene,
) -> None:
    modules = {"price": {"symbol": "AAPL", "longName": "Apple Inc.", "marketCap": 3.6e12}}
    scene.server.summaries = {
        "AAPL": json.dumps({"quoteSummary": {"result": [modules], "error": None}})
    }
    told = await scene.told(scene.yahoo.profile("AAPL"))
    assert told is not None
    assert (told.name, told.market_cap) == ("Apple Inc.", 3.6e12)
    assert await scene.told(scene.yahoo.profile("GONE")) is None
    scene.server.refuses["summary"] = INVALID
    scene.server.charts = {"AAPL": chart("AAPL", fiftyTwoWeekHigh=260.1)}
    little = await scene.told(scene.yahoo.profile("AAPL"))
    assert little is not None
    assert (little.name, little.year_high, little.market_cap) == ("Apple Inc.", 260.1, None)


async def test_search_asks_without_a_crumb(scene: Scene) -> None:
    scene.server.found = [
        *[{"symbol": "VOD.L", "quoteType": "EQUITY", "exchange": "LSE"}] * 3,
        {"symbol": "HBTC-USD", "quoteType": "CRYPTOCURRENCY", "exchange": "CCC"},
    ]
    (found,) = await scene.told(scene.yahoo.search("vodafone", 5))
    assert (found.symbol, found.mic) == ("VOD.LSE", "XLON")
    assert scene.server.asked == {"search": 1}


@pytest.mark.parametrize("body", ['{"chart":{"result":[{}]}}', '{"chart":', "[1,2]", "12"])
async def test_what_cannot_be_read_is_said_and_never_escapes(scene: Scene, body: str) -> None:
    scene.server.refuses = dict.fromkeys(("chart", "quote", "summary", "search"), (200, body))
    month = timedelta(days=30)
    for asked in (
        scene.yahoo.quotes(["AAPL"]),
        scene.yahoo.history("AAPL", Timeframe.d1, None, NOW, 5),
        scene.yahoo.events("AAPL", NOW - month, NOW),
        scene.yahoo.profile("AAPL"),
        scene.yahoo.search("apple", 5),
    ):
        with pytest.raises(SourceUnavailable, match="Yahoo"):
            await scene.told(asked)


def test_a_span_holds_the_bars_it_is_asked_for() -> None:
    assert span_of(Timeframe.d1, 252) >= timedelta(days=366)
    assert span_of(Timeframe.m1, 390) >= timedelta(days=4)
    assert span_of(Timeframe.mo1, 12) >= timedelta(days=372)
    assert NOW - span_of(Timeframe.mo1, 50_000) > datetime(1900, 1, 1, tzinfo=UTC)


async def test_no_secret_is_in_what_an_error_says(scene: Scene) -> None:
    scene.server.refuses["quote"] = (403, "{}")
    scene.server.refuses["chart"] = (403, "{}")
    with pytest.raises(TioError) as caught:
        await scene.told(scene.yahoo.quotes(["AAPL"]))
    assert scene.server.crumb not in caught.value.message
    assert scene.server.crumb not in str(scene.web.states())
    assert base64.b64encode(scene.server.crumb.encode()).decode() not in str(scene.web.states())
