import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from faulty_server import Asked, Says, page, status
from keyed_sources import KEY, NOW
from keyed_streams import StreamScene, streaming

from tio.api.errors import NotAllowed, SourceUnavailable, TioError
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.api.sources import SourceState
from tio.api.ticks import DayFigures, Trade
from tio.engine.feeds.live import alpaca
from tio.engine.feeds.live.alpaca import ASSETS, NEEDS_KEY, Alpaca, open_source
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.plugin import Happenings, Polls, Spells

Stage = StreamScene[Alpaca]
AT = "2026-11-20T14:59:59.5Z"


class Venue:
    """Alpaca's socket: greets, takes the key, keeps the subscriptions."""

    def __init__(self, scene: Stage) -> None:
        self.scene = scene
        self.subscribed: set[str] = set()
        self.refuses: dict[str, Any] = {}
        self.log: list[str] = []
        self._greeted: set[int] = set()
        scene.server.on_message = self.hear
        scene.beat = self.greet

    async def greet(self) -> None:
        for socket in list(self.scene.server.sockets):
            if id(socket) not in self._greeted:
                self._greeted.add(id(socket))
                await socket.send_str('[{"T":"success","msg":"connected"}]')

    def hear(self, text: str) -> list[str]:
        said = json.loads(text)
        self.log.append(said["action"])
        if said["action"] == "auth":
            if self.refuses:
                return [json.dumps([{"T": "error", **self.refuses}])]
            self.subscribed.clear()
            return ['[{"T":"success","msg":"authenticated"}]']
        assert said["trades"] == said["quotes"]
        if said["action"] == "subscribe":
            self.subscribed |= set(said["trades"])
        else:
            self.subscribed -= set(said["trades"])
        return [json.dumps([{"T": "subscription", "trades": sorted(self.subscribed)}])]

    async def trade(self, number: int, price: float = 150.0, at: str = AT) -> None:
        deal = {"T": "t", "S": "AAPL", "i": number, "p": price, "s": 1, "t": at}
        await self.scene.server.say(json.dumps([deal]))


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with streaming(Alpaca) as found:
        yield found


def snapshots(asked: Asked) -> Says:
    """One for each symbol; NOPE makes the whole question invalid."""
    names = asked.query["symbols"].split(",")
    if "NOPE" in names:
        return Says(400, b'{"message":"invalid symbol: NOPE"}')
    told = {"latestTrade": {"t": AT, "p": 150.5, "s": 1, "i": 1}}
    return Says(200, json.dumps(dict.fromkeys(names, told)).encode())


def bars(asked: Asked) -> Says:
    """Newest first before `end`, `limit` a page, the SIP refused where it is too recent."""
    query = asked.query
    end = datetime.fromisoformat(query["page_token"] if "page_token" in query else query["end"])
    daily = query["timeframe"] == "1Day"
    step = timedelta(days=1) if daily else timedelta(minutes=int(query["timeframe"][:-3]))
    at = end.replace(hour=5, minute=0, second=0, microsecond=0) if daily else end
    at = at.replace(minute=at.minute // 30 * 30, second=0, microsecond=0)
    rows = []
    first = datetime.fromisoformat(query["start"])
    for _ in range(int(query["limit"])):
        if at < first:
            break
        if at < end:
            price = dict.fromkeys("ohlc", 10.0)
            rows.append({"t": f"{at:%Y-%m-%dT%H:%M:%SZ}", "v": 1} | price)
        at -= step
    token = f"{at + step:%Y-%m-%dT%H:%M:%SZ}" if at >= first else None
    body = {"bars": {query["symbols"]: rows}, "next_page_token": token}
    return Says(200, json.dumps(body).encode())


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["alpaca"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("alpaca")
    for capability in (Spells, Polls, Happenings):
        assert isinstance(scene.source, capability)
    assert scene.source.traits.coverage is Coverage.single_venue
    assert scene.server.count() == 0


async def test_an_unknown_symbol_does_not_take_the_others_with_it(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    ticks = await scene.told(scene.source.quotes(["AAPL", "NOPE", "MSFT"]))
    assert [tick.symbol for tick in ticks] == ["AAPL", "MSFT"]
    (first, second) = scene.server.asked
    assert first.headers["APCA-API-KEY-ID"] == KEY
    assert second.query == {"symbols": "AAPL,MSFT", "feed": "iex"}


async def test_it_logs_in_then_subscribes_and_streams(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    venue = Venue(scene)
    scene.demand.add(["AAPL", "MSFT"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL", "MSFT"})
        assert venue.log[:2] == ["auth", "subscribe"]
        await venue.trade(7)
        await scene.until(lambda: any(isinstance(tick, Trade) for tick in scene.out.ticks))
        scene.demand.drop(["MSFT"])
        await scene.until(lambda: venue.subscribed == {"AAPL"})
    assert KEY not in str(scene.out.frames), "what is recorded has no key"
    assert (SourceState.live, "") in scene.out.standings


async def test_thirty_symbols_stream_over_one_connection_the_others_are_polled(
    scene: Stage,
) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    venue = Venue(scene)
    scene.demand.add([f"A{a}{b}" for a in "BCDEF" for b in "GHIJKLMNOP"])
    async with scene.running():
        await scene.until(lambda: len(venue.subscribed) == 30)
        await scene.until(lambda: len({tick.symbol for tick in scene.out.ticks}) == 50)
        assert scene.server.connected == 1
    assert scene.server.count() == 1, "all of them in one question"


async def test_what_traded_during_an_outage_is_fetched(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    missed = {"trades": {"AAPL": [{"t": AT, "p": 151, "s": 1, "i": 8}]}, "next_page_token": None}
    scene.server.answer("/v2/stocks/trades", json=missed)
    venue = Venue(scene)
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL"})
        await venue.trade(7)
        await scene.until(lambda: any(isinstance(tick, Trade) for tick in scene.out.ticks))
        await scene.server.close_sockets()
        await scene.until(lambda: scene.server.count("/v2/stocks/trades") == 1)
        ids = [tick.id for tick in scene.out.ticks if isinstance(tick, Trade)]
        await scene.until(lambda: venue.log.count("subscribe") == 2)
    query = next(a.query for a in scene.server.asked if a.path.endswith("trades"))
    assert (query["symbols"], query["feed"]) == ("AAPL", "iex")
    told = [tick.id for tick in scene.out.ticks if isinstance(tick, Trade)]
    assert ids[0] == "7"
    assert told == ["7", "8"]


async def test_a_half_open_socket_is_noticed_by_its_pings_while_nothing_trades(
    scene: Stage,
) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    venue = Venue(scene)
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.subscribed == {"AAPL"})
        scene.server.deaf = True
        took = await scene.until(lambda: scene.server.connected == 2)
        scene.server.deaf = False
        await scene.until(lambda: venue.log.count("subscribe") == 2)
    assert 20 <= took <= 60


async def test_a_refused_key_ends_the_source_in_words(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    venue = Venue(scene)
    venue.refuses = {"code": 402, "msg": "auth failed"}
    scene.demand.add(["AAPL"])
    async with scene.running() as task:
        ended = await scene.ends(task)
    assert isinstance(ended, NotAllowed)
    assert ended.message == "Alpaca says: auth failed (402)"
    assert venue.log == ["auth"]


async def test_another_connection_with_this_key_is_told_and_tried_again_later(
    scene: Stage,
) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    venue = Venue(scene)
    venue.refuses = {"code": 406, "msg": "connection limit exceeded"}
    scene.demand.add(["AAPL"])
    async with scene.running():
        await scene.until(lambda: venue.log.count("auth") == 3)
        said = [words for state, words in scene.out.standings if state is SourceState.failed]
        assert "connection limit exceeded (406), next try at " in said[0]
        venue.refuses = {}
        await scene.until(lambda: venue.subscribed == {"AAPL"})


async def test_a_key_the_web_refuses_is_not_asked_with_again(
    scene: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scene.server.answer(
        "/v2/stocks/snapshots", Says(403, json.dumps({"message": f"forbidden. {KEY}"}).encode())
    )
    told = ""
    for _ in range(3):
        with pytest.raises(TioError) as error:
            await scene.told(scene.source.quotes(["AAPL"]))
        told += error.value.message
    assert scene.server.count() == 1
    assert KEY not in told + str(scene.web.states()) + caplog.text


async def test_past_days_are_of_all_venues_a_quarter_of_an_hour_late(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/bars", bars)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 100))
    assert told is not None
    assert (len(told), told.forming) == (100, True)
    assert moment(int(told.time[-1])) == datetime(2026, 11, 20, tzinfo=UTC)
    assert (told.coverage, told.delay) == (Coverage.consolidated, Delay.delayed)
    assert told.adjusted is Adjustment.splits
    query = scene.server.asked[0].query
    assert (query["feed"], query["adjustment"]) == ("sip", "split")
    assert datetime.fromisoformat(query["end"]) == NOW - timedelta(minutes=16)


@pytest.mark.parametrize(
    ("adjusted", "spelling"),
    [(Adjustment.raw, "raw"), (Adjustment.splits, "split"), (Adjustment.total, "all")],
)
async def test_bars_are_adjusted_as_asked(adjusted: Adjustment, spelling: str) -> None:
    async with streaming(lambda reach: Alpaca(reach, adjusted)) as scene:
        scene.server.answer("/v2/stocks/bars", bars)
        told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))
        assert told is not None
        assert told.adjusted is adjusted
        assert scene.server.asked[0].query["adjustment"] == spelling


async def test_where_the_whole_market_is_not_seen_bars_are_of_iex_alone(scene: Stage) -> None:
    words = b'{"message":"subscription does not permit querying recent SIP data"}'

    def only_iex(asked: Asked) -> Says:
        return bars(asked) if asked.query["feed"] == "iex" else Says(403, words)

    scene.server.answer("/v2/stocks/bars", only_iex)
    for _ in range(8):
        told = await scene.told(scene.source.history("AAPL", Timeframe.m30, None, NOW, 5))
        assert told is not None
        assert (told.coverage, told.delay) == (Coverage.single_venue, Delay.realtime)


async def test_many_bars_come_in_pages(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/bars", bars)
    told = await scene.told(scene.source.history("AAPL", Timeframe.m30, None, NOW, 15_000), 0.5)
    assert told is not None
    assert (len(told), told.cut) == (15_000, False)
    assert scene.server.count() == 2
    assert scene.server.asked[0].query["limit"] == "10000"


async def test_where_pages_end_before_the_range_does_it_says_so(
    scene: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alpaca, "PAGES", 1)
    scene.server.answer("/v2/stocks/bars", bars)
    told = await scene.told(scene.source.history("AAPL", Timeframe.m30, None, NOW, 15_000), 0.5)
    assert told is not None
    assert (len(told), told.cut) == (10_000, True)


async def test_events_are_those_of_the_symbol_in_the_span(scene: Stage) -> None:
    def split(symbol: str, on: str) -> dict[str, Any]:
        return {"symbol": symbol, "ex_date": on, "new_rate": 4, "old_rate": 1}

    first = {"forward_splits": [split("AAPL", "2020-08-31"), split("AAPL", "2014-06-09")]}
    second = {"cash_dividends": [{"symbol": "AAPL", "ex_date": "2020-08-07", "rate": 0.82}]}
    path = "/v1/corporate-actions"
    scene.server.then(
        path,
        Says(200, json.dumps({"corporate_actions": first, "next_page_token": "2"}).encode()),
        Says(200, json.dumps({"corporate_actions": second, "next_page_token": None}).encode()),
    )
    start, end = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
    told = await scene.told(scene.source.events("AAPL", start, end))
    assert told is not None
    assert [(each.ex_date.month, each.ratio, each.amount) for each in told] == [
        (8, None, 0.82), (8, 4.0, None)
    ]  # fmt: skip
    assert scene.server.asked[1].query["page_token"] == "2"


async def test_what_it_does_not_serve_is_not_asked(scene: Stage) -> None:
    for symbol in ("BTC-USD", "^GSPC", "VOD.LSE", "EURUSD"):
        assert await scene.source.history(symbol, Timeframe.d1, None, NOW, 10) is None
        assert await scene.source.events(symbol, NOW, NOW) is None
    assert await scene.source.history("AAPL", Timeframe.s1, None, NOW, 10) is None
    assert await scene.source.quotes(["BTC-USD"]) == ()
    assert scene.server.count() == 0


@pytest.mark.parametrize("said", [page(), Says(200, b'{"bars": 3}'), Says(200, b"")])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer("/v2/stocks/bars", said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 10))


async def test_one_429_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then("/v2/stocks/snapshots", status(429, retry_after=2))
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    (tick,) = await scene.told(scene.source.quotes(["AAPL"]))
    assert isinstance(tick, DayFigures)
    assert tick.at == instant(datetime(2026, 11, 20, 14, 59, 59, 500_000, tzinfo=UTC))


async def test_never_more_than_200_a_minute(scene: Stage) -> None:
    scene.server.answer("/v2/stocks/snapshots", snapshots)
    for number in range(260):
        name = f"A{chr(65 + number // 26)}{chr(65 + number % 26)}"
        await scene.told(scene.source.quotes([name]), step=0.25, seen=True)
    assert scene.server.count() == 260
    assert scene.server.most_in(60.0) <= 200
