import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from faulty_server import Asked, Says, page, status
from keyed_sources import KEY, NOW, Scene, staged

from tio.api.companies import EventKind
from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Adjustment, Coverage, Delay, Timeframe
from tio.api.series import moment
from tio.api.ticks import DayFigures
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.massive import ASSETS, NEEDS_KEY, Massive, open_source
from tio.plugin import Happenings, Polls, Profiles, Searches, Spells

Stage = Scene[Massive]
DAYS = "/v2/aggs/ticker/AAPL/range/1/day/2026-11-02/2026-11-20"
GROUPED = "/v2/aggs/grouped/locale/us/market/stocks/2026-11-19"
PREV = "/v2/aggs/ticker/AAPL/prev"


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with staged(Massive) as found:
        yield found


def bar(on: date, close: float = 10.0, **told: Any) -> dict[str, Any]:
    at = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)  # midnight of a winter's New York
    prices = {"o": close, "h": close + 1, "l": close - 1, "c": close, "v": 100}
    return {"t": int(at.timestamp() * 1_000)} | prices | told


def bars(*told: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"status": "OK", "adjusted": False, "results": list(told)} | more


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["massive"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("massive")
    for capability in (Spells, Polls, Happenings, Profiles, Searches):
        assert isinstance(scene.source, capability)
    assert scene.source.instruments() == ()
    assert scene.server.count() == 0


async def test_days_are_raw_and_of_all_venues_and_end_with_the_day(scene: Stage) -> None:
    scene.server.answer(DAYS, json=bars(bar(date(2026, 11, 19), 12.0), bar(date(2026, 11, 18))))
    told = await scene.told(
        scene.source.history("AAPL", Timeframe.d1, datetime(2026, 11, 2, tzinfo=UTC), NOW, 100)
    )
    assert told is not None
    assert list(told.close) == [10.0, 12.0]
    assert moment(int(told.time[-1])) == datetime(2026, 11, 19, tzinfo=UTC)
    assert (told.adjusted, told.coverage) == (Adjustment.raw, Coverage.consolidated)
    assert (told.delay, told.source, told.forming) == (Delay.end_of_day, "massive", False)
    (asked,) = scene.server.asked
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.query["adjusted"] == "false"


async def test_pages_are_followed_on_the_same_host_until_there_is_enough(scene: Stage) -> None:
    onward = f"{scene.server.url}/v2/more?cursor=abc"
    scene.server.answer(DAYS, json=bars(bar(date(2026, 11, 19)), next_url=onward))
    scene.server.answer("/v2/more", json=bars(bar(date(2026, 11, 18))))
    start = datetime(2026, 11, 2, tzinfo=UTC)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, start, NOW, 100))
    assert told is not None
    assert len(told) == 2
    first, second = scene.server.asked
    assert second.query == {"cursor": "abc"}
    assert second.headers["Authorization"] == first.headers["Authorization"]


@pytest.mark.parametrize("elsewhere", ["http://127.0.0.1:9/v2/x", "https://evil.example/v2/x"])
async def test_a_page_on_another_host_is_never_asked(scene: Stage, elsewhere: str) -> None:
    scene.server.answer(DAYS, json=bars(bar(date(2026, 11, 19)), next_url=elsewhere))
    start = datetime(2026, 11, 2, tzinfo=UTC)
    with pytest.raises(SourceUnavailable, match="another host"):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, start, NOW, 100))
    assert scene.server.count() == 1


async def test_pages_without_end_are_left_after_four(scene: Stage) -> None:
    onward = f"{scene.server.url}/v2/more?cursor=abc"
    scene.server.answer(DAYS, json=bars(bar(date(2026, 11, 19)), next_url=onward))
    scene.server.answer("/v2/more", json=bars(bar(date(2026, 11, 18)), next_url=onward))
    start = datetime(2026, 11, 2, tzinfo=UTC)
    history = scene.source.history("AAPL", Timeframe.d1, start, NOW, 100)
    told = await scene.told(history, step=1.0)
    assert told is not None
    assert scene.server.count() == 4


async def test_weeks_are_adjusted_for_splits(scene: Stage) -> None:
    def days(asked: Asked) -> Says:
        assert asked.query["adjusted"] == "true"
        told = [bar(date(2026, 11, 2) + timedelta(days=n)) for n in range(18) if n % 7 < 5]
        return Says(200, json.dumps(bars(*told, adjusted=True)).encode())

    start = datetime(2026, 11, 2, tzinfo=UTC)
    scene.server.answer(DAYS, days)
    told = await scene.told(scene.source.history("AAPL", Timeframe.w1, start, NOW, 10))
    assert told is not None
    assert told.adjusted is Adjustment.splits
    assert [moment(int(at)).day for at in told.time] == [2, 9, 16]
    assert list(told.volume) == [500.0, 500.0, 400.0]


async def test_a_delayed_answer_is_told_as_that(scene: Stage) -> None:
    scene.server.answer(DAYS, json=bars(bar(date(2026, 11, 19)), status="DELAYED"))
    start = datetime(2026, 11, 2, tzinfo=UTC)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, start, NOW, 10))
    assert told is not None
    assert told.delay is Delay.delayed


async def test_never_more_than_five_in_any_minute(scene: Stage) -> None:
    scene.server.answer(PREV, json=bars(bar(date(2026, 11, 19), T="AAPL")))
    served = 0
    for _ in range(40):
        try:
            await scene.told(scene.source.quotes(["AAPL"]), step=1.0, seen=True)
            served += 1
        except Busy:
            await scene.passes(5)
    assert served > 20
    assert scene.server.most_in(60) <= 5


async def test_quotes_of_many_come_in_one_answer_of_the_last_whole_day(scene: Stage) -> None:
    market = [bar(date(2026, 11, 19), T=name) for name in ("AAPL", "MSFT", "OTHER")]
    scene.server.answer(GROUPED, json=bars(*market))
    ticks = await scene.told(scene.source.quotes(["AAPL", "MSFT", "BTC-USD"]))
    assert {tick.symbol for tick in ticks} == {"AAPL", "MSFT"}
    assert scene.server.count() == 1


async def test_the_day_before_is_asked_while_the_last_one_is_not_there(scene: Stage) -> None:
    scene.server.answer(GROUPED, json={"status": "OK", "resultsCount": 0})
    before = GROUPED.replace("19", "18")
    scene.server.answer(before, json=bars(bar(date(2026, 11, 18), T="AAPL")))
    (tick,) = await scene.told(scene.source.quotes(["AAPL", "MSFT"]))
    assert isinstance(tick, DayFigures)
    assert tick.last == 10.0


async def test_running_asks_once_an_hour_and_refuses_what_is_not_there(scene: Stage) -> None:
    scene.server.answer(GROUPED, json=bars(bar(date(2026, 11, 19), T="AAPL")))
    scene.demand.add(["AAPL", "NOPE"])
    async with scene.running():
        await scene.passes(7_190, step=10.0)
    assert scene.server.count() == 2
    assert scene.out.refusals == {"NOPE": "Massive tells no price of it"}
    assert {tick.symbol for tick in scene.out.ticks} == {"AAPL"}


async def test_events_are_splits_and_dividends_in_order(scene: Stage) -> None:
    split = {"ticker": "AAPL", "execution_date": "2020-08-31", "split_from": 1, "split_to": 4}
    paid = {"ticker": "AAPL", "ex_dividend_date": "2020-08-07", "cash_amount": 0.82}
    scene.server.answer("/v3/reference/splits", json={"status": "OK", "results": [split]})
    scene.server.answer("/v3/reference/dividends", json={"status": "OK", "results": [paid]})
    ages = datetime(1900, 1, 1, tzinfo=UTC), NOW + timedelta(days=60)
    told = await scene.told(scene.source.events("AAPL", *ages))
    assert told is not None
    assert [each.kind for each in told] == [EventKind.dividend, EventKind.share_split]
    assert scene.server.asked[0].query["execution_date.gte"] == "1970-01-02"
    assert await scene.source.events("BTC-USD", *ages) is None


async def test_a_profile_is_told_and_of_the_unknown_none(scene: Stage) -> None:
    known = {"ticker": "AAPL", "name": "Apple Inc.", "market_cap": 2.5e12}
    scene.server.answer("/v3/reference/tickers/AAPL", json={"status": "OK", "results": known})
    told = await scene.told(scene.source.profile("AAPL"))
    assert told is not None
    assert (told.name, told.market_cap) == ("Apple Inc.", 2.5e12)
    assert await scene.told(scene.source.profile("NOPE"), step=1.0) is None


async def test_a_search_finds_shares(scene: Stage) -> None:
    row = {"ticker": "AAPL", "locale": "us", "market": "stocks", "type": "CS"}
    scene.server.answer("/v3/reference/tickers", json={"status": "OK", "results": [row]})
    (found,) = await scene.told(scene.source.search("apple", 5))
    assert found.symbol == "AAPL"


async def test_what_the_plan_has_not_is_refused_in_words(scene: Stage) -> None:
    said = {"status": "NOT_AUTHORIZED", "message": "You are not entitled to this data."}
    scene.server.answer(PREV, json=said)
    with pytest.raises(NotAllowed, match="not entitled"):
        await scene.told(scene.source.quotes(["AAPL"]))


async def test_a_bad_key_is_asked_with_once(scene: Stage) -> None:
    said = {"status": "ERROR", "error": "Unknown API Key"}
    scene.server.answer(PREV, Says(401, json.dumps(said).encode()))
    for _ in range(3):
        with pytest.raises((NotAllowed, SourceUnavailable)):
            await scene.told(scene.source.quotes(["AAPL"]), step=1.0)
    assert scene.server.count() == 1


@pytest.mark.parametrize("said", [page(), Says(200, b'{"results": 3}'), Says(200, b"")])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer(PREV, said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.quotes(["AAPL"]))


async def test_one_429_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then(PREV, status(429, retry_after=2))
    scene.server.answer(PREV, json=bars(bar(date(2026, 11, 19), T="AAPL")))
    assert len(await scene.told(scene.source.quotes(["AAPL"]), step=1.0)) == 1


async def test_what_it_does_not_serve_is_not_asked(scene: Stage) -> None:
    for symbol in ("BTC-USD", "^GSPC", "VOD.LSE"):
        assert await scene.source.history(symbol, Timeframe.d1, None, NOW, 10) is None
        assert await scene.source.profile(symbol) is None
    assert await scene.source.history("AAPL", Timeframe.s5, None, NOW, 10) is None
    assert await scene.source.quotes(["BTC-USD"]) == ()
    assert scene.server.count() == 0


async def test_an_answer_that_cannot_be_read_is_not_kept(scene: Stage) -> None:
    scene.server.then("/v3/reference/tickers/AAPL", Says(200, b'{"results": 3}'))
    scene.server.answer(
        "/v3/reference/tickers/AAPL", json={"status": "OK", "results": {"ticker": "AAPL"}}
    )
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.profile("AAPL"))
    assert await scene.told(scene.source.profile("AAPL"), step=1.0) is not None
    assert scene.server.count() == 2
