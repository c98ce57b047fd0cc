import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from yahoo_answers import quote

from tio.api.errors import Busy, NotFound, SourceUnavailable, TioError
from tio.api.market import Delay
from tio.api.sources import SourceState
from tio.api.ticks import DayFigures
from tio.engine.feeds.http.shapes import Priority
from tio.engine.feeds.live.yahoo_polling import BESIDE_STREAM, Polling
from tio.engine.feeds.live.yahoo_telling import Learned, Telling, names_of
from tio.engine.feeds.yahoo_chart import Chart, read_chart
from tio.engine.feeds.yahoo_quotes import Told, read_quotes
from tio.engine.feeds.yahoo_stream import Pricing

from fakes import FakeClock, FakeOutlet

BUSY = Busy("Yahoo says too many requests", "it is asked again later")


def told(*quotes: dict[str, Any]) -> tuple[Told, ...]:
    return read_quotes(json.dumps({"quoteResponse": {"result": quotes}}))


def chart(symbol: str, price: float) -> Chart:
    meta = {
        "symbol": symbol,
        "instrumentType": "EQUITY",
        "exchangeName": "LSE" if symbol.endswith(".L") else "NMS",
        "currency": "GBp" if symbol.endswith(".L") else "USD",
        "regularMarketPrice": price,
        "regularMarketTime": 1_739_566_800,
        "range": "1d",
    }
    return read_chart(json.dumps({"chart": {"result": [{"meta": meta}]}}))


class FakeQuestions:
    """Answers quotes from a table by spelling; an error in its place refuses them all."""

    def __init__(self) -> None:
        self.table: dict[str, dict[str, Any]] = {}
        self.refuses: TioError | None = None
        self.charts: dict[str, Chart | TioError] = {}
        self.asked: list[tuple[str, ...]] = []

    async def quotes(
        self, spellings: Sequence[str], names: Mapping[str, str], priority: Priority
    ) -> tuple[Told, ...]:
        self.asked.append(tuple(spellings))
        if self.refuses is not None:
            raise self.refuses
        found = [self.table[each] for each in spellings if each in self.table]
        return read_quotes(json.dumps({"quoteResponse": {"result": found}}), names=names)

    async def chart(self, spelling: str, params: Mapping[str, str], priority: Priority) -> Chart:
        self.asked.append((spelling,))
        found = self.charts[spelling]
        if isinstance(found, TioError):
            raise found
        return found


class FakeStreamer:
    """Pushes when told to."""

    def __init__(self) -> None:
        self.trouble = ""
        self.pushes = False

    def lives(self) -> bool:
        return self.pushes


class Scene:
    """A polling with all around it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.out = FakeOutlet()
        self.yahoo = FakeQuestions()
        self.learned = Learned()
        self.telling = Telling(self.out, self.learned)
        self.streamer = FakeStreamer()
        self.polling = Polling(self.yahoo, self.telling, self.out, self.clock, self.streamer)

    def lasts(self) -> dict[str, float | None]:
        return {tick.symbol: tick.last for tick in self.out.ticks if isinstance(tick, DayFigures)}


@pytest.fixture
def scene() -> Scene:
    return Scene()


async def test_each_quote_goes_out_with_its_own_delay_and_its_instrument(scene: Scene) -> None:
    scene.yahoo.table = {
        "AAPL": quote("AAPL", 244.6),
        "VOD.L": quote(
            "VOD.L", 72.5, currency="GBp", exchange="LSE", exchangeDataDelayedBy=15,
            quoteSourceName="Delayed Quote",
        ),
    }  # fmt: skip
    assert await scene.polling.quotes(["AAPL", "VOD.LSE"]) == ()
    assert scene.lasts() == {"AAPL": 244.6, "VOD.LSE": 0.725}
    delays = [traits.delay for traits in scene.out.traits if traits is not None]
    assert delays == [Delay.realtime, Delay.delayed]
    assert {traits.name for traits in scene.out.traits if traits is not None} == {"yahoo"}
    assert [each.symbol for each in scene.out.introduced] == ["AAPL", "VOD.LSE"]
    await scene.polling.quotes(["AAPL", "VOD.LSE"])
    assert len(scene.out.introduced) == 2, "an instrument is introduced once"


async def test_symbols_without_an_answer_are_refused_once_with_words(scene: Scene) -> None:
    scene.yahoo.table = {"AAPL": quote("AAPL", 1.0), "ADH": {**quote("ADH", 0.0)}}
    for _ in range(3):
        await scene.polling.quotes(["AAPL", "ADH", "BTC-USDT", "ZZZZ"])
    assert scene.out.refusals == {
        "ADH": "Yahoo tells no price of ADH",
        "BTC-USDT": "Yahoo has no such symbol",
        "ZZZZ": "Yahoo tells no price of ZZZZ",
    }
    assert scene.yahoo.asked[0] == ("AAPL", "ADH", "ZZZZ")


async def test_where_quotes_are_refused_charts_tell_them_and_that_is_said(scene: Scene) -> None:
    scene.yahoo.refuses = BUSY
    scene.yahoo.charts = {
        "AAPL": chart("AAPL", 244.6),
        "VOD.L": chart("VOD.L", 72.5),
        "GONE": NotFound("No data found"),
        "MSFT": SourceUnavailable("no answer in time"),
    }
    await scene.polling.quotes(["AAPL", "GONE", "MSFT", "VOD.LSE"])
    assert scene.lasts() == {"AAPL": 244.6, "VOD.LSE": 0.725}
    assert scene.out.refusals == {"GONE": "Yahoo tells no price of GONE"}
    assert scene.out.standings == [
        (SourceState.live, "quotes come one by one: Yahoo says too many requests")
    ]
    scene.yahoo.refuses = None
    scene.yahoo.table = {"AAPL": quote("AAPL", 245.0)}
    await scene.polling.quotes(["AAPL"])
    assert scene.out.standings[-1] == (SourceState.live, "")


async def test_when_charts_fail_too_their_trouble_is_raised_after_four(scene: Scene) -> None:
    scene.yahoo.refuses = BUSY
    symbols = [f"S{letter}" for letter in "ABCDEFGH"]
    scene.yahoo.charts = {each: SourceUnavailable("down") for each in symbols}
    with pytest.raises(SourceUnavailable, match="down"):
        await scene.polling.quotes(symbols)
    assert len(scene.yahoo.asked) == 5
    assert scene.out.refusals == {}


async def test_beside_a_stream_the_same_quotes_are_asked_once_a_minute(scene: Scene) -> None:
    scene.yahoo.table = {"AAPL": quote("AAPL", 1.0), "MSFT": quote("MSFT", 1.0)}
    scene.streamer.pushes = True
    for _ in range(9):
        await scene.polling.quotes(["AAPL"])
        await scene.clock.advance(15)
    assert len(scene.yahoo.asked) == 3
    await scene.polling.quotes(["AAPL", "MSFT"])
    assert len(scene.yahoo.asked) == 4, "other symbols are asked at once"
    scene.streamer.pushes = False
    await scene.polling.quotes(["AAPL", "MSFT"])
    assert len(scene.yahoo.asked) == 5
    assert BESIDE_STREAM == 60


async def test_a_lost_stream_is_said_once_and_that_it_is_back_as_well(scene: Scene) -> None:
    scene.yahoo.table = {"AAPL": quote("AAPL", 1.0)}
    for trouble in ("", "no stream", "no stream", ""):
        scene.streamer.trouble = trouble
        await scene.polling.quotes(["AAPL"])
    assert scene.out.standings == [(SourceState.live, "no stream"), (SourceState.live, "")]


async def test_figures_of_an_earlier_instant_are_no_news(scene: Scene) -> None:
    after = quote("AAPL", 244.6, marketState="POST", postMarketPrice=245.0,
                  postMarketTime=1_739_581_000)  # fmt: skip
    scene.yahoo.table = {"AAPL": after}
    await scene.polling.quotes(["AAPL"])
    scene.yahoo.table = {"AAPL": quote("AAPL", 244.6)}
    await scene.polling.quotes(["AAPL"])
    assert scene.lasts() == {"AAPL": 245.0}
    assert len(scene.out.ticks) == 1
    assert scene.out.refusals == {}


def test_streamed_price_is_told_in_major_units_with_the_delay_last_told() -> None:
    scene = Scene()
    late = told(
        quote("VOD.L", 72.5, currency="GBp", exchange="LSE",
              exchangeDataDelayedBy=20, quoteSourceName="Delayed Quote")
    )  # fmt: skip
    scene.telling.tell(late)
    price = Pricing(
        id="VOD.L", price=73.0, time=1_739_566_900_000, quote_type=8, market_hours=1, price_hint=2
    )
    scene.telling.streamed(price, {"VOD.L": "VOD.LSE"})
    assert scene.lasts() == {"VOD.LSE": 0.73}
    traits = scene.out.traits[-1]
    assert traits is not None
    assert traits.delay_minutes == 20
    scene.telling.streamed(price, {"AAPL": "AAPL"})
    assert len(scene.out.emissions) == 2, "of what nobody wants nothing is told"


def test_a_currency_streamed_by_its_short_name_is_the_one_wanted() -> None:
    scene = Scene()
    price = Pricing(id="JPY=X", price=150.25, time=1_739_566_900_000, quote_type=14, price_hint=2)
    scene.telling.streamed(price, names_of(["USDJPY"]))
    assert scene.lasts() == {"USDJPY": 150.25}


def test_names_are_those_yahoo_can_have() -> None:
    assert names_of(["BRK.B", "BTC-USDT", "700.HKEX"]) == {"BRK-B": "BRK.B", "0700.HK": "700.HKEX"}
