import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest
from asking_scene import NOW, AskingScene, asking
from faulty_server import Asked, Says, page, silence

from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment, Bars, Delay, Timeframe
from tio.api.sources import SourceReport, SourceState
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.nasdaq import (
    ASSETS,
    ATTRIBUTION,
    BUDGETS,
    NEEDS_KEY,
    UNOFFICIAL,
    open_source,
)
from tio.engine.feeds.live.web_report import with_web
from tio.plugin import Happenings, Spells

UNKNOWN = {
    "data": None,
    "status": {
        "rCode": 400,
        "bCodeMessage": [{"code": 1001, "errorMessage": "Symbol not exists."}],
    },
}
DAYS = "/api/quote/AAPL/historical"


def history(*closes: tuple[str, str]) -> dict[str, object]:
    rows = [
        {"date": on, "close": close, "open": close, "high": close, "low": close, "volume": "1,000"}
        for on, close in closes
    ]
    return {"data": {"tradesTable": {"rows": rows}}, "status": {"rCode": 200}}


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source) as found:
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["nasdaq"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert scene.source.instruments() == ()
    assert isinstance(scene.source, Spells)
    assert isinstance(scene.source, Happenings)
    assert not scene.server.asked


async def test_history_is_the_newest_days_asked_for_as_a_browser(scene: AskingScene) -> None:
    scene.server.answer(
        DAYS,
        json=history(
            ("11/20/2026", "$271.49"), ("11/19/2026", "$266.25"), ("11/18/2026", "$268.56")
        ),
    )
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 2))
    assert told.time.listed() == ["2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z"]
    assert told.close.listed() == [266.25, 271.49]
    assert (told.delay, told.adjusted, told.source) == (
        Delay.end_of_day, Adjustment.splits, "nasdaq",
    )  # fmt: skip
    assert not told.forming
    (asked,) = scene.server.asked
    assert asked.query["assetclass"] == "stocks"
    assert asked.query["todate"] == "2026-11-21"
    assert asked.headers["User-Agent"].startswith("Mozilla/5.0")
    assert asked.headers["Origin"] == "https://www.nasdaq.com"


async def test_a_day_told_before_its_close_is_said_to_be_forming() -> None:
    async with asking(open_source, datetime(2026, 11, 20, 15, 0, tzinfo=UTC)) as scene:
        scene.server.answer(DAYS, json=history(("11/20/2026", "$271.49")))
        end = scene.clock.now()
        told = await scene.told(scene.source.history("AAPL", Timeframe.d1, None, end, 2))
        assert told.forming


async def test_the_kind_is_found_by_asking_and_remembered(scene: AskingScene) -> None:
    def answered(asked: Asked) -> Says:
        known = asked.query["assetclass"] == "etf"
        return Says(200, json.dumps(history(("11/20/2026", "$1")) if known else UNKNOWN).encode())

    scene.server.answer("/api/quote/SPY/historical", answered)
    for end in (NOW, NOW - timedelta(days=1)):
        await scene.told(scene.source.history("SPY", Timeframe.d1, None, end, 2))
    kinds = [asked.query["assetclass"] for asked in scene.server.asked]
    assert kinds == ["stocks", "etf", "etf"]


async def test_what_nasdaq_knows_as_nothing_is_none(scene: AskingScene) -> None:
    scene.server.answer("/api/quote/GONE/historical", json=UNKNOWN)
    for symbol, timeframe in (
        ("GONE", Timeframe.d1),
        ("AAPL", Timeframe.m1),
        ("VOD.LSE", Timeframe.d1),
    ):
        assert await scene.told(scene.source.history(symbol, timeframe, None, NOW, 5)) is None
    assert scene.server.count() == 3


async def test_classes_are_spelled_with_their_slash(scene: AskingScene) -> None:
    scene.server.answer("/api/quote/BRK%sl%B/historical", json=history(("11/20/2026", "$500")))
    assert await scene.told(scene.source.history("BRK.B", Timeframe.d1, None, NOW, 5)) is not None


async def test_events_are_the_dividends_within_the_range(scene: AskingScene) -> None:
    rows = [
        {"exOrEffDate": on, "type": "Cash", "amount": "$0.26"}
        for on in ("11/10/2026", "08/10/2026", "05/10/2026")
    ]
    body = {"data": {"dividends": {"rows": rows}}, "status": {"rCode": 200}}
    scene.server.answer("/api/quote/AAPL/dividends", json=body)
    start = datetime(2026, 8, 10, tzinfo=UTC)
    told = await scene.told(scene.source.events("AAPL", start, datetime(2026, 11, 10, tzinfo=UTC)))
    assert [each.ex_date for each in told] == [date(2026, 8, 10)]


async def test_a_site_that_hangs_is_left_after_eight_seconds_and_then_rests(
    scene: AskingScene,
) -> None:
    scene.server.answer(DAYS, silence())
    began = scene.clock.monotonic()
    for hangs in range(1, 6):
        with pytest.raises(SourceUnavailable, match="no answer within 8 s"):
            await scene.told(_days(scene))
        assert scene.server.count() == hangs
    assert 39 < scene.clock.monotonic() - began < 42
    with pytest.raises(SourceUnavailable, match="no answer within 8 s"):
        await scene.told(_days(scene))
    assert scene.server.count() == 5
    report = with_web(SourceReport(name="nasdaq", state=SourceState.live), scene.web.states())
    (resting,) = (ability for ability in report.abilities if ability.resting)
    assert (resting.name, resting.reason) == ("nasdaq.answer", "no answer within 8 s")
    assert resting.next_try_at is not None
    await scene.clock.advance(31)
    scene.server.answer(DAYS, json=history(("11/20/2026", "$271.49")))
    assert len((await scene.told(_days(scene))).time) == 1


async def test_a_page_in_place_of_data_is_told(scene: AskingScene) -> None:
    scene.server.answer(DAYS, page())
    with pytest.raises(SourceUnavailable, match="page instead of data"):
        await scene.told(_days(scene))


async def test_fifty_symbols_at_once_wait_their_turn(scene: AskingScene) -> None:
    names = [f"{a}{b}" for a in "ABCDE" for b in "ABCDEFGHIJ"]
    for name in names:
        scene.server.answer(f"/api/quote/{name}/historical", json=history(("11/20/2026", "$1")))
    asked = (scene.source.history(name, Timeframe.d1, None, NOW, 5) for name in names)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in asked]
        await scene.until(lambda: all(task.done() for task in tasks), step=0.2, seen=True)
    told = [task.result() for task in tasks]
    assert all(len(bars.time) == 1 for bars in told)
    budget = BUDGETS["nasdaq"]
    assert scene.server.most_in(10) <= budget.burst + budget.rate * 10


async def test_it_refuses_to_tell_live_prices(scene: AskingScene) -> None:
    async with scene.running("AAPL"):
        await scene.until(lambda: "AAPL" in scene.out.refusals)
        assert not scene.server.asked


async def _days(scene: AskingScene) -> Bars:
    told = await scene.source.history("AAPL", Timeframe.d1, None, NOW, 5)
    assert isinstance(told, Bars)
    return told
