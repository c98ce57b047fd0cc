import json
import logging
from collections.abc import AsyncIterator

import pytest
from faulty_server import Asked, Says, page, status
from keyed_sources import KEY, NOW
from keyed_streams import StreamScene, streaming

from tio.api.errors import NotAllowed, SourceUnavailable, TioError
from tio.api.market import Timeframe
from tio.api.sources import SourceState
from tio.api.ticks import DayFigures, Trade
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.finnhub import ASSETS, NEEDS_KEY, Finnhub, open_source
from tio.plugin import Polls, Profiles, Searches, Spells

Stage = StreamScene[Finnhub]


class Venue:
    """Finnhub's socket: one message a symbol, no answer to any."""

    def __init__(self, scene: Stage) -> None:
        self.scene = scene
        self.subscribed: set[str] = set()
        self.said = 0
        scene.server.on_message = self.hear

    def hear(self, text: str) -> list[str]:
        said = json.loads(text)
        self.said += 1
        if said["type"] == "subscribe":
            self.subscribed.add(said["symbol"])
        else:
            self.subscribed.discard(said["symbol"])
        return []

    async def trade(self, symbol: str, price: float) -> None:
        at = int(self.scene.clock.now().timestamp() * 1_000)
        deal = {"s": symbol, "p": price, "t": at, "v": 1}
        await self.scene.server.say(json.dumps({"type": "trade", "data": [deal]}))


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with streaming(Finnhub) as found:
        yield found


def quote(asked: Asked) -> Says:
    """A quote; NOPE is noughts."""
    price = 0 if asked.query["symbol"] == "NOPE" else 150.5
    at = 0 if price == 0 else int(NOW.timestamp())
    return Says(200, json.dumps({"c": price, "pc": price, "o": price, "t": at}).encode())


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["finnhub"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("finnhub")
    for capability in (Spells, Polls, Searches, Profiles):
        assert isinstance(scene.source, capability)
    assert await scene.source.history("AAPL", Timeframe.d1, None, NOW, 10) is None
    assert scene.server.count() == 0


async def test_the_key_travels_in_a_header(scene: Stage) -> None:
    scene.server.answer("/quote", quote)
    (tick,) = await scene.told(scene.source.quotes(["AAPL", "NOPE", "BTC-USD"]))
    assert isinstance(tick, DayFigures)
    assert tick.last == 150.5
    assert scene.server.count() == 2
    for asked in scene.server.asked:
        assert asked.headers["X-Finnhub-Token"] == KEY
        assert KEY not in str(asked.query)


async def test_figures_seed_what_the_stream_does_not_tell_while_nobody_trades(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quote)
    venue = Venue(scene)
    scene.demand.add(["AAPL", "MSFT", "NOPE"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL", "MSFT", "NOPE"})
        await scene.until(lambda: len(scene.out.ticks) == 2)
        assert list(scene.out.refusals) == ["NOPE"]
        await venue.trade("AAPL", 151.0)
        await scene.until(lambda: any(isinstance(tick, Trade) for tick in scene.out.ticks))
        scene.demand.drop(["NOPE"])
        await scene.until(lambda: venue.subscribed == {"AAPL", "MSFT"})
        assert scene.server.count() == 3
    assert (SourceState.live, "") in scene.out.standings


async def test_fifty_symbols_stream_over_one_connection_the_others_are_polled(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quote)
    venue = Venue(scene)
    names = [f"A{a}{b}" for a in "BCDEF" for b in "GHIJKLMNOPQ"]
    scene.demand.add(names)
    async with scene.running():
        await scene.until(lambda: len(venue.subscribed) == 50)
        await scene.until(lambda: len({tick.symbol for tick in scene.out.ticks}) == 55)
        assert scene.server.connected == 1
        before = scene.server.count()
        await scene.passes(120, step=0.5)
        again = [asked.query["symbol"] for asked in scene.server.asked[before:]]
        assert set(again) >= set(names[50:])
        assert all(again.count(name) >= 5 for name in names[50:])
    assert scene.server.most_in(60.0) <= 70


async def test_after_an_outage_the_figures_are_asked_for_anew_not_before_five_seconds(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quote)
    venue = Venue(scene)
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL"})
        await venue.trade("AAPL", 151.0)
        await scene.until(lambda: any(isinstance(tick, Trade) for tick in scene.out.ticks))
        opened = scene.clock.monotonic()
        await scene.server.close_sockets()
        await scene.until(lambda: scene.server.connected == 2)
        await scene.server.close_sockets()
        again = scene.clock.monotonic()
        await scene.until(lambda: scene.server.connected == 3)
        assert scene.clock.monotonic() - again >= 4.5
        assert opened <= again
        await scene.until(lambda: scene.server.count() >= 2)


async def test_a_refused_key_ends_the_source_in_words_without_the_key(
    scene: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.server.answer("/quote", silent_quote)
    scene.server.refuse_sockets = 401
    scene.demand.add(["AAPL"])
    async with scene.running() as task:
        ended = await scene.ends(task)
    assert isinstance(ended, NotAllowed)
    assert ended.message == "Finnhub refuses the key"
    assert scene.server.connected == 1
    assert KEY not in str(scene.out.standings) + str(scene.web.states())
    ours = [each for each in caplog.records if each.name != "aiohttp.access"]  # the server's own
    assert KEY not in " ".join(each.getMessage() for each in ours)


def silent_quote(asked: Asked) -> Says:
    return Says(200, json.dumps({"c": 1, "pc": 1, "t": 0}).encode())


async def test_a_key_the_web_refuses_is_not_asked_with_again(scene: Stage) -> None:
    body = json.dumps({"error": f"Invalid API key {KEY}"}).encode()
    scene.server.answer("/quote", Says(401, body))
    told = ""
    for _ in range(3):
        with pytest.raises(TioError) as error:
            await scene.told(scene.source.quotes(["AAPL"]))
        told += error.value.message
    assert scene.server.count() == 1
    assert "Invalid API key ***" in told
    assert KEY not in told + str(scene.web.states())


async def test_an_echoed_key_is_not_recorded(scene: Stage) -> None:
    scene.server.answer("/quote", quote)
    venue = Venue(scene)
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL"})
        await scene.server.say(json.dumps({"type": "error", "msg": f"no more for {KEY}"}))
        await scene.until(lambda: bool(scene.out.frames))
    assert KEY not in str(scene.out.frames)
    assert "***" in str(scene.out.frames)


async def test_a_company_is_told_without_ratios_where_the_key_sees_none(scene: Stage) -> None:
    company = {"ticker": "AAPL", "name": "Apple Inc", "currency": "USD"}
    scene.server.answer("/stock/profile2", json=company)
    refused = json.dumps({"error": "You don't have access to this resource."}).encode()
    scene.server.answer("/stock/metric", Says(403, refused))
    for _ in range(3):
        profile = await scene.told(scene.source.profile("AAPL"))
        assert profile is not None
        assert profile.name == "Apple Inc"
    assert scene.server.count("/stock/metric") == 1
    scene.server.answer("/stock/profile2", json={})
    assert await scene.told(scene.source.profile("NOPE")) is None


async def test_ratios_come_with_the_company(scene: Stage) -> None:
    scene.server.answer("/stock/profile2", json={"ticker": "AAPL", "currency": "USD"})
    scene.server.answer("/stock/metric", json={"metric": {"beta": 1.2, "peTTM": None}})
    profile = await scene.told(scene.source.profile("AAPL"))
    assert profile is not None
    assert (profile.beta, profile.pe) == (1.2, None)


async def test_a_search_is_asked_once_for_five_minutes(scene: Stage) -> None:
    row = {"symbol": "AAPL", "description": "APPLE INC", "type": "Common Stock"}
    scene.server.answer("/search", json={"count": 1, "result": [row]})
    for _ in range(2):
        (found,) = await scene.told(scene.source.search("apple", 5))
        assert (found.symbol, found.name) == ("AAPL", "APPLE INC")
    assert scene.server.count() == 1


@pytest.mark.parametrize("said", [page(), Says(200, b'{"c": "x"}'), Says(200, b""), status(500)])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer("/quote", said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.quotes(["AAPL"]))


async def test_one_429_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then("/quote", status(429, retry_after=2))
    scene.server.answer("/quote", quote)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


async def test_nothing_is_asked_again_while_the_market_is_closed(scene: Stage) -> None:
    scene.server.answer("/quote", quote)
    venue = Venue(scene)
    await scene.clock.advance(12 * 3_600)  # three in the morning in Greenwich, ten in New York
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL"})
        await scene.passes(1_200, step=5.0)
    assert scene.server.count() == 1
