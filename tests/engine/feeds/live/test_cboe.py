import json
from collections.abc import AsyncIterator

import pytest
from asking_scene import AskingScene, asking
from faulty_server import Says, page, status

from tio.api.errors import Busy, SourceUnavailable
from tio.api.market import AssetClass, Timeframe
from tio.api.sources import SourceState
from tio.api.ticks import TopOfBook
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.cboe import (
    ASSETS,
    ATTRIBUTION,
    BUDGETS,
    NEEDS_KEY,
    UNOFFICIAL,
    open_source,
)
from tio.plugin import Polls, Spells

MISSING = Says(403, b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>")


def path(name: str) -> str:
    return f"/api/global/delayed_quotes/quotes/{name}.json"


def quote(name: str, price: float, kind: str = "stock") -> Says:
    data = {
        "security_type": kind,
        "current_price": price,
        "bid": price - 0.01,
        "ask": price + 0.01,
        "prev_day_close": price - 1,
        "last_trade_time": "2026-11-20T16:00:00",
    }
    return Says(200, json.dumps({"data": data, "symbol": name}).encode())


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source) as found:
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["cboe"]
    assert known.assets == ASSETS
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert known.attribution == ATTRIBUTION
    assert scene.source.instruments() == ()
    assert isinstance(scene.source, Spells)
    assert isinstance(scene.source, Polls)
    assert not scene.server.asked


async def test_what_is_wanted_is_told_with_its_own_kind_and_delay(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), quote("AAPL", 271.49))
    scene.server.answer(path("_SPX"), quote("_SPX", 6602.99, "index"))
    async with scene.running("AAPL", "^GSPC"):
        await scene.until(lambda: len(scene.figures()) == 2)
        assert scene.figures()["^GSPC"].last == 6602.99
        assert scene.figures()["AAPL"].previous_close == 270.49
        assert {each.symbol: each.asset_class for each in scene.out.introduced} == {
            "AAPL": AssetClass.equity,
            "^GSPC": AssetClass.equity_index,
        }
        assert [each.delay_minutes for each in scene.out.traits if each is not None] == [15, 15]
        tops = [tick for tick in scene.out.ticks if isinstance(tick, TopOfBook)]
        assert [top.symbol for top in tops] == ["AAPL"]


async def test_what_cboe_has_not_is_refused_once_and_the_rest_told(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), quote("AAPL", 271.49))
    scene.server.answer(path("ZZZZ"), MISSING)
    async with scene.running("AAPL", "VOD.LSE", "ZZZZ"):
        await scene.until(lambda: len(scene.out.emissions) == 2, step=1)
        assert scene.out.refusals == {
            "VOD.LSE": "Cboe tells no price of VOD.LSE",
            "ZZZZ": "Cboe tells no price of ZZZZ",
        }
        assert scene.server.count(path("ZZZZ")) == 2
        assert scene.failures() == []


async def test_one_question_that_fails_refuses_nothing(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), quote("AAPL", 271.49))
    scene.server.answer(path("MSFT"), page())
    async with scene.running("AAPL", "MSFT"):
        await scene.until(lambda: "AAPL" in scene.figures())
        assert scene.out.refusals == {}


async def test_pages_in_place_of_quotes_are_told_and_end_it(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), page())
    async with scene.running("AAPL") as task:
        await scene.until(task.done, step=5)
        with pytest.raises(SourceUnavailable, match="page instead of data"):
            await task
        assert scene.out.standings[0][0] is SourceState.failed


async def test_a_429_is_waited_for(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), quote("AAPL", 271.49))
    scene.server.then(path("AAPL"), status(429, retry_after=90))
    with pytest.raises(Busy, match="429"):
        await scene.told(scene.source.quotes(["AAPL"]))
    before = scene.clock.monotonic()
    await scene.until(lambda: scene.clock.monotonic() - before > 91, step=1)
    assert len(await scene.told(scene.source.quotes(["AAPL"]))) == 2


async def test_a_hundred_symbols_stay_within_the_budget(scene: AskingScene) -> None:
    names = [f"{a}{b}" for a in "ABCDEFGHIJ" for b in "ABCDEFGHIJ"]
    for name in names:
        scene.server.answer(path(name), quote(name, 10.0))
    async with scene.running(*names):
        await scene.until(lambda: len(scene.figures()) == 100, step=0.2, seen=True)
    budget = BUDGETS["cboe"]
    assert scene.server.most_in(10) <= budget.burst + budget.rate * 10
    assert scene.server.count() == 100


async def test_it_has_no_past(scene: AskingScene) -> None:
    now = scene.clock.now()
    assert await scene.source.history("AAPL", Timeframe.d1, None, now, 5) is None


async def test_one_symbol_more_does_not_ask_for_the_others_again(scene: AskingScene) -> None:
    scene.server.answer(path("AAPL"), quote("AAPL", 271.49))
    scene.server.answer(path("MSFT"), quote("MSFT", 480.0))
    async with scene.running("AAPL"):
        await scene.until(lambda: "AAPL" in scene.figures())
        scene.demand.add(["MSFT"])
        await scene.until(lambda: "MSFT" in scene.figures())
        assert scene.server.count(path("AAPL")) == 1
        received = [at for ticks, at in scene.out.emissions if ticks[0].symbol == "AAPL"]
        assert len(set(received)) == 1
