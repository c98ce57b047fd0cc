import asyncio
import contextlib
import itertools
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from faulty_server import Asked, Says, page, status
from keyed_sources import KEY, NOW, Scene, staged

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Adjustment, AssetClass, Coverage, Timeframe
from tio.api.series import moment
from tio.api.ticks import DayFigures
from tio.engine.feeds.http import MemoryCounters
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.twelvedata import ASSETS, NEEDS_KEY, TwelveData, open_source
from tio.plugin import Polls, Searches, Spells

Stage = Scene[TwelveData]


@pytest.fixture
async def scene() -> AsyncIterator[Stage]:
    async with staged(TwelveData) as found:
        yield found


def quotes(asked: Asked) -> Says:
    """One quote alone, several by their symbols, `NOPE` unknown: all with status 200."""
    names = asked.query["symbol"].split(",")
    told = {
        name: {"symbol": name, "close": "10.5", "currency": None if "/" in name else "USD"}
        if name != "NOPE"
        else {"code": 404, "message": "**symbol** not found: NOPE", "status": "error"}
        for name in names
    }
    return Says(200, json.dumps(told if len(names) > 1 else told[names[0]]).encode())


def bars(asked: Asked) -> Says:
    """Bars before `end_date`, newest first, as many as asked."""
    end = datetime.fromisoformat(asked.query["end_date"]).replace(tzinfo=UTC)
    daily = asked.query["interval"] == "1day"
    step = {"1day": 1440, "30min": 30, "1h": 60, "1min": 1}[asked.query["interval"]]
    last = end.replace(hour=0, minute=0) if daily else end.replace(second=0)
    values = []
    for number in range(1, int(asked.query["outputsize"]) + 1):
        at = last - timedelta(minutes=step * number)
        price = dict.fromkeys(("open", "high", "low", "close"), "10.0")
        values.append({"datetime": f"{at:%Y-%m-%d}" if daily else str(at)[:19], **price})
    meta = {"symbol": "AAPL", "interval": asked.query["interval"], "currency": "USD"}
    return Says(200, json.dumps({"meta": meta, "values": values, "status": "ok"}).encode())


async def test_it_is_what_the_catalogue_says_and_opens_without_asking(scene: Stage) -> None:
    known = CATALOGUE["twelvedata"]
    assert (known.assets, known.needs_key) == (ASSETS, NEEDS_KEY)
    assert open_source.__module__.endswith("twelvedata")
    for capability in (Spells, Polls, Searches):
        assert isinstance(scene.source, capability)
    assert scene.source.instruments() == ()
    assert scene.server.count() == 0


async def test_the_key_travels_in_a_header_and_never_in_an_address(scene: Stage) -> None:
    scene.server.answer("/quote", quotes)
    await scene.told(scene.source.quotes(["AAPL"]))
    (asked,) = scene.server.asked
    assert asked.headers["Authorization"] == f"apikey {KEY}"
    assert KEY not in str(asked.query)


async def test_a_batch_costs_a_credit_a_symbol_and_waits_for_the_next_minute(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quotes)
    await scene.told(scene.source.quotes(["AAPL", "MSFT", "EURUSD"]))
    names = [f"A{letter}" for letter in "BCDEFGHI"]
    with pytest.raises(Busy, match=r"8 \(minute\) used up"):
        await scene.told(scene.source.quotes(names))
    assert scene.server.count() == 1, "five credits were left, and eight were needed"
    await scene.passes(60)
    assert len(await scene.told(scene.source.quotes(names))) == 8


async def test_never_one_credit_over_the_minute_and_a_restart_forgets_no_day(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quotes)
    counters = MemoryCounters()
    for _ in range(2):
        life = Scene(TwelveData, scene.server, scene.clock, counters)
        for _ in range(60):
            with contextlib.suppress(Busy):
                await life.told(life.source.quotes(["AAPL", "MSFT", "EURUSD", "QQQ"]))
            await life.passes(10, step=10.0)
        await life.web.close()
        await scene.passes(60, step=60.0)
    times = [asked.at for asked in scene.server.asked]
    minutes = [sum(4 for at in times if at // 60 == minute) for minute in range(30)]
    assert max(minutes) == 8
    (count,) = [each for key, each in counters.counts.items() if key.endswith("/day")]
    assert count.used == 4 * len(times)


async def test_the_day_is_over_when_it_says_so_whatever_we_counted(scene: Stage) -> None:
    said = {"code": 429, "message": "You have run out of API credits for the day.", "status": "e"}
    scene.server.answer("/quote", Says(429, json.dumps(said).encode()))
    with pytest.raises(Busy):
        await scene.told(scene.source.quotes(["AAPL"]))
    asked = scene.server.count()
    await scene.passes(300, step=5.0)
    with pytest.raises(Busy, match=r"800 \(day\) used up"):
        await scene.told(scene.source.quotes(["AAPL"]))
    assert scene.server.count() == asked
    await scene.passes(9 * 3_600, step=600.0)  # past midnight in Greenwich
    scene.server.answer("/quote", quotes)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 1


async def test_a_bad_key_is_told_and_nothing_more_is_asked(scene: Stage) -> None:
    said = {"code": 401, "message": f"**apikey** {KEY} is incorrect", "status": "error"}
    scene.server.answer("/quote", json=said)
    for _ in range(3):
        with pytest.raises((NotAllowed, SourceUnavailable)) as told:
            await scene.told(scene.source.quotes(["AAPL"]))
        assert KEY not in told.value.message
    assert scene.server.count() == 1


async def test_polling_tells_shares_and_currencies_apart_and_refuses_the_unknown(
    scene: Stage,
) -> None:
    scene.server.answer("/quote", quotes)
    scene.demand.add(["AAPL", "EURUSD", "NOPE"])
    async with scene.running():
        await scene.passes(5)
    kinds = {}
    for (ticks, _), traits in zip(scene.out.emissions, scene.out.traits, strict=True):
        for tick in ticks:
            kinds[tick.symbol] = (traits or scene.source.traits).asset_class
    assert kinds == {"AAPL": AssetClass.equity, "EURUSD": AssetClass.fx}
    assert list(scene.out.refusals) == ["NOPE"]
    assert scene.out.refusals["NOPE"].startswith("Twelve Data says")


async def test_what_is_polled_in_a_session_leaves_credits_of_the_day(scene: Stage) -> None:
    scene.server.answer("/quote", quotes)
    scene.demand.add(["AAPL", "MSFT", "QQQ"])
    async with scene.running():
        # Until just before the close of New York, 21:00 UTC: then it is asked once more.
        await scene.passes(6 * 3_600 - 20, step=20.0)
        told = scene.server.count() * 3
        assert 500 < told <= 600
        await scene.passes(2 * 3_600, step=20.0)
        assert scene.server.count() * 3 - told == 3, "once after the close, then nothing"


async def test_daily_bars_are_split_adjusted_and_no_claim_of_the_whole_market(
    scene: Stage,
) -> None:
    scene.server.answer("/time_series", bars)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 250))
    assert told is not None
    assert len(told) == 250
    assert moment(int(told.time[-1])) == datetime(2026, 11, 20, tzinfo=UTC)
    assert told.forming
    assert (told.source, told.adjusted) == ("twelvedata", Adjustment.splits)
    assert told.coverage is Coverage.single_venue
    query = scene.server.asked[0].query
    assert (query["interval"], query["timezone"], query["adjust"]) == ("1day", "UTC", "splits")


async def test_many_minutes_are_asked_in_pages_and_join_without_a_gap(scene: Stage) -> None:
    scene.server.answer("/time_series", bars)
    told = await scene.told(scene.source.history("AAPL", Timeframe.m1, None, NOW, 7_000))
    assert told is not None
    assert len(told) == 7_000
    times = list(told.time)
    assert {after - before for before, after in itertools.pairwise(times)} == {60_000_000}
    assert [int(asked.query["outputsize"]) for asked in scene.server.asked] == [5_000, 2_002]


async def test_days_of_currencies_end_at_five_in_new_york(scene: Stage) -> None:
    scene.server.answer("/time_series", bars)
    told = await scene.told(scene.source.history("EURUSD", Timeframe.d1, None, NOW, 3))
    assert told is not None
    assert scene.server.asked[0].query["interval"] == "1h"
    assert scene.server.asked[0].query["symbol"] == "EUR/USD"
    assert moment(int(told.time[-1])).date() == NOW.date()
    assert told.adjusted is Adjustment.raw


async def test_what_it_does_not_serve_is_not_asked(scene: Stage) -> None:
    for symbol in ("BTC-USD", "^GSPC", "VOD.LSE"):
        assert await scene.source.history(symbol, Timeframe.d1, None, NOW, 10) is None
    assert await scene.source.history("AAPL", Timeframe.s1, None, NOW, 10) is None
    assert await scene.source.history("AAPL", Timeframe.d1, NOW, NOW, 10) is None
    assert await scene.source.quotes(["BTC-USD"]) == ()
    assert scene.server.count() == 0


async def test_no_bars_of_an_unknown_symbol(scene: Stage) -> None:
    said = {"code": 404, "message": "**symbol** not found", "status": "error"}
    scene.server.answer("/time_series", json=said)
    assert await scene.told(scene.source.history("NOPE", Timeframe.d1, None, NOW, 10)) is None


@pytest.mark.parametrize("said", [page(), Says(200, b'{"meta": 3}'), Says(200, b"")])
async def test_what_is_no_answer_is_told_in_words(scene: Stage, said: Says) -> None:
    scene.server.answer("/time_series", said)
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 10))


async def test_one_429_at_the_start_is_borne(scene: Stage) -> None:
    scene.server.then("/quote", status(429, retry_after=2))
    scene.server.answer("/quote", quotes)
    (tick,) = await scene.told(scene.source.quotes(["AAPL"]))
    assert isinstance(tick, DayFigures)
    assert tick.last == 10.5


async def test_a_search_is_asked_once_for_five_minutes(scene: Stage) -> None:
    row = {"symbol": "AAPL", "instrument_type": "Common Stock", "country": "United States"}
    scene.server.answer("/symbol_search", json={"data": [row] * 3, "status": "ok"})
    first, second = await asyncio.gather(
        scene.told(scene.source.search("apple", 5)), scene.source.search("apple", 5)
    )
    assert [each.symbol for each in first] == ["AAPL"]
    assert first == second
    assert scene.server.count() == 1


async def test_an_answer_that_cannot_be_read_is_not_kept(scene: Stage) -> None:
    scene.server.then("/symbol_search", Says(200, b'{"data": 3}'))
    scene.server.answer("/symbol_search", json={"data": [], "status": "ok"})
    with pytest.raises(SourceUnavailable):
        await scene.told(scene.source.search("apple", 5))
    assert await scene.told(scene.source.search("apple", 5), step=1.0) is not None
    assert scene.server.count() == 2
