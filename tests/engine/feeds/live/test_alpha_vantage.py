import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from faulty_server import Asked, Says, ScriptedWire, page
from keyed_sources import KEY, NOW, Scene, staged

from tio.api.errors import Busy, NotAllowed, SourceUnavailable, TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import DayFigures
from tio.engine.feeds.http import MemoryCounters, Web
from tio.engine.feeds.live.alpha_vantage import ASSETS, NEEDS_KEY, AlphaVantage, open_source
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.reach import Reach
from tio.plugin import Polls, Profiles, Searches, Spells

from fakes import FakeClock

Stage = Scene[AlphaVantage]
SPENT = f"We have detected your API key as {KEY} and our rate limit is 25 requests per day."
BURST = f"{KEY}: please spread your requests (1 request per second), 25 requests per day."


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with staged(AlphaVantage) as found:
        yield found


def says(**told: Any) -> Says:
    return Says(200, json.dumps(told).encode())


def answers(asked: Asked) -> Says:
    """As Alpha Vantage answers; NOPE is unknown."""
    query = asked.query
    if query.get("symbol") == "NOPE":
        return says(**({"Global Quote": {}} if query["function"] == "GLOBAL_QUOTE" else {}))
    match query["function"]:
        case "GLOBAL_QUOTE":
            day = {"07. latest trading day": "2026-11-19", "05. price": "150.5"}
            return says(**{"Global Quote": day})
        case "CURRENCY_EXCHANGE_RATE":
            rate = {
                "5. Exchange Rate": "1.08",
                "6. Last Refreshed": "2026-11-20 14:59:00",
                "7. Time Zone": "UTC",
            }
            return says(**{"Realtime Currency Exchange Rate": rate})
        case "TIME_SERIES_DAILY":
            row = {f"{n}. {name}": "10" for n, name in enumerate(("open", "high", "low", "close"))}
            days = {
                f"{NOW - timedelta(days=n):%Y-%m-%d}": row | {"5. volume": "7"} for n in range(100)
            }
            return says(**{"Time Series (Daily)": days})
        case "SYMBOL_SEARCH":
            match_ = {"1. symbol": "AAPL", "3. type": "Equity", "4. region": "United States"}
            return says(bestMatches=[match_])
        case _:
            return says(Symbol="AAPL", Name="Apple", Beta="1.2")


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["alpha_vantage"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("alpha_vantage")
    for capability in (Spells, Polls, Searches, Profiles):
        assert isinstance(scene.source, capability)
    assert scene.source.instruments() == ()
    assert scene.server.count() == 0


async def test_a_quote_is_of_the_session_that_ended(scene: Stage) -> None:
    scene.server.answer("/query", answers)
    (tick,) = await scene.told(scene.source.quotes(["AAPL"]))
    assert isinstance(tick, DayFigures)
    assert tick.last == 150.5
    assert tick.at == instant(datetime(2026, 11, 19, 21, 0, tzinfo=UTC))
    assert (scene.source.traits.delay, scene.source.traits.has_trades) == (Delay.end_of_day, False)


async def test_nobody_knows_the_instant_of_a_session_that_is_not_over(scene: Stage) -> None:
    day = {"07. latest trading day": "2026-11-20", "05. price": "150.5"}
    scene.server.answer("/query", says(**{"Global Quote": day}))
    (tick,) = await scene.told(scene.source.quotes(["AAPL"]))
    assert tick.at is None


async def test_the_key_echoed_to_us_is_nowhere_to_be_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    for said in (BURST, f"apikey {KEY} is invalid", f"odd words {KEY}", SPENT):
        async with staged(AlphaVantage) as stage:
            for key in ("Information", "Note", "Error Message"):
                stage.server.answer("/query", says(**{key: said}))
                try:
                    await stage.told(stage.source.quotes(["AAPL"]), step=1.0)
                except TioError as error:
                    told += [error.message, error.next, repr(error)]
            stage.demand.add(["MSFT"])
            with contextlib.suppress(TioError):
                async with stage.running() as task:
                    await stage.passes(200, step=5.0)
                    told.append(repr(task.exception()) if task.done() else "")
            told += [str(stage.web.states()), str(stage.out.standings), str(stage.out.frames)]
    assert sum("***" in each for each in told) > 4, "it was echoed, and hidden"
    assert KEY not in " ".join(told)
    ours = [each for each in caplog.records if each.name != "aiohttp.access"]  # the server's own
    assert KEY not in " ".join(each.getMessage() for each in ours)


async def test_the_day_is_over_when_it_says_so_until_midnight_in_new_york(scene: Stage) -> None:
    scene.server.answer("/query", says(Information=SPENT))
    with pytest.raises(Busy, match="next try at 05:00:00"):
        await scene.told(scene.source.quotes(["AAPL"]))
    await scene.passes(3_600, step=60.0)
    with pytest.raises((Busy, SourceUnavailable), match="next try at 05:00:00"):
        await scene.told(scene.source.quotes(["AAPL"]))
    assert scene.server.count() == 1
    await scene.passes(13.5 * 3_600, step=900.0)
    scene.server.answer("/query", answers)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


async def test_never_more_than_25_a_day_and_one_a_second_and_a_restart_forgets_none() -> None:
    clock = FakeClock(NOW)
    wire = ScriptedWire(clock)
    day = {"07. latest trading day": "2026-11-19", "05. price": "150.5"}
    wire.answer("/query", says(**{"Global Quote": day}))
    counters = MemoryCounters()
    names = [f"A{first}{second}" for first in "ABCDE" for second in "FGHIJKLM"]
    for _ in range(2):
        web = Web(clock, counters=counters, transport=wire, jitter=lambda: 0.5)
        source = AlphaVantage(Reach(web, clock, secret=lambda _: KEY))
        for begin in range(0, len(names), 10):
            asking = asyncio.ensure_future(source.quotes(names[begin : begin + 10]))
            while not asking.done():
                await clock.advance(0.1)
            with contextlib.suppress(Busy):
                asking.result()
        await web.close()
        await clock.advance(2)
    assert wire.count() == 25
    assert wire.most_in(1.0) == 1


async def test_polling_leaves_half_of_the_day_to_the_person(scene: Stage) -> None:
    scene.server.answer("/query", answers)
    scene.demand.add([f"A{letter}" for letter in "BCDEFGHIJKLMNOPQRSTU"])
    async with scene.running():
        await scene.passes(600, step=1.0)
    assert scene.server.count() == 12
    assert len(await scene.told(scene.source.quotes(["AAPL", "MSFT"]))) == 2


async def test_a_symbol_is_asked_a_few_times_a_day_and_the_unknown_is_refused(
    scene: Stage,
) -> None:
    scene.server.answer("/query", answers)
    scene.demand.add(["AAPL", "EURUSD", "NOPE"])
    async with scene.running():
        await scene.passes(5 * 3_600, step=30.0)
    assert scene.server.count() == 3
    assert list(scene.out.refusals) == ["NOPE"]
    classes = {
        tick.symbol: traits.asset_class
        for (ticks, _), traits in zip(scene.out.emissions, scene.out.traits, strict=True)
        for tick in ticks
        if traits is not None
    }
    assert classes == {"AAPL": AssetClass.equity, "EURUSD": AssetClass.fx}


async def test_past_days_are_raw_and_the_day_that_trades_is_forming(scene: Stage) -> None:
    scene.server.answer("/query", answers)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 50))
    assert told is not None
    assert (len(told), told.forming) == (50, True)
    assert moment(int(told.time[-1])) == datetime(2026, 11, 20, tzinfo=UTC)
    assert (told.source, told.adjusted) == ("alpha_vantage", Adjustment.raw)
    assert told.coverage is Coverage.consolidated
    assert scene.server.asked[0].query["outputsize"] == "compact"
    again = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 10))
    assert again is not None
    assert len(again) == 10
    assert scene.server.count() == 1, "kept for an hour"


async def test_what_it_does_not_serve_costs_nothing(scene: Stage) -> None:
    for symbol in ("BTC-USD", "^GSPC", "VOD.LSE", "EURUSD"):
        assert await scene.source.history(symbol, Timeframe.d1, None, NOW, 10) is None
    assert await scene.source.history("AAPL", Timeframe.m1, None, NOW, 10) is None
    assert await scene.source.quotes(["BTC-USD"]) == []
    assert await scene.source.profile("EURUSD") is None
    assert scene.server.count() == 0


async def test_search_and_profile_are_kept_a_day(scene: Stage) -> None:
    scene.server.answer("/query", answers)
    for _ in range(3):
        (found,) = await scene.told(scene.source.search("apple", 5))
        profile = await scene.told(scene.source.profile("AAPL"))
        assert found.symbol == "AAPL"
        assert profile is not None
        assert (profile.name, profile.beta) == ("Apple", 1.2)
    assert scene.server.count() == 2
    assert await scene.told(scene.source.profile("NOPE")) is None


async def test_what_costs_more_than_the_plan_rests_alone(scene: Stage) -> None:
    scene.server.then("/query", says(Information="This is a premium endpoint."))
    with pytest.raises(NotAllowed, match="premium"):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 10))
    scene.server.answer("/query", answers)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


@pytest.mark.parametrize("said", [page(), Says(200, b'{"Global Quote": 3}'), Says(200, b"")])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer("/query", said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.quotes(["AAPL"]))


async def test_one_burst_refusal_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then("/query", says(Information=BURST))
    scene.server.answer("/query", answers)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1
