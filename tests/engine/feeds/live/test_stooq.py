from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from asking_scene import NOW, AskingScene, asking
from faulty_server import Says

from tio.api.errors import Busy, NotAllowed, SourceUnavailable
from tio.api.market import Adjustment, Delay, Timeframe
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.stooq import ASSETS, ATTRIBUTION, NEEDS_KEY, UNOFFICIAL, open_source
from tio.plugin import Spells

PATH = "/q/d/l/"
KEY = "stooqs-own-key-0123456789"
TABLE = b"Date,Open,High,Low,Close,Volume\n2026-11-19,1,2,0.5,1.5,10\n2026-11-20,2,3,1,2.5,20\n"
WORK = b"<!DOCTYPE html><html><script>fetch('/__verify')</script></html>"


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source, key=KEY) as found:
        found.server.answer(PATH, Says(200, TABLE))
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["stooq"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert scene.source.instruments() == ()
    assert isinstance(scene.source, Spells)


async def test_history_is_asked_with_the_key_which_is_never_shown(scene: AskingScene) -> None:
    start = datetime(2026, 11, 19, tzinfo=UTC)
    told = await scene.told(scene.source.history("AAPL", Timeframe.d1, start, NOW, 5))
    assert told.close.listed() == [1.5, 2.5]
    assert (told.adjusted, told.delay, told.forming) == (
        Adjustment.total,
        Delay.end_of_day,
        False,
    )
    (asked,) = scene.server.asked
    assert asked.query == {
        "s": "aapl.us",
        "i": "d",
        "d1": "20261119",
        "d2": "20261120",
        "apikey": KEY,
    }
    assert KEY not in repr(scene.web.states())


async def test_the_page_for_browsers_is_told_and_nothing_of_it_kept(scene: AskingScene) -> None:
    scene.server.then(PATH, Says(200, WORK, {"Content-Type": "text/html"}))
    asked = ("AAPL", Timeframe.d1, None, NOW, 5)
    with pytest.raises(NotAllowed, match="proof of work"):
        await scene.told(scene.source.history(*asked))
    assert len((await scene.told(scene.source.history(*asked))).time) == 2


async def test_a_refused_key_stops_it_until_it_is_another(scene: AskingScene) -> None:
    scene.server.answer(PATH, Says(200, b"Get your apikey:\n1. ..."))
    for _ in range(3):
        with pytest.raises(NotAllowed, match="another key"):
            await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5))
    assert scene.server.count() == 1


async def test_a_spent_day_is_waited_for(scene: AskingScene) -> None:
    scene.server.answer(PATH, Says(200, b"Exceeded the daily hits limit"))
    for _ in range(3):
        with pytest.raises((Busy, SourceUnavailable), match="daily limit"):
            await scene.told(scene.source.history("AAPL", Timeframe.d1, None, NOW, 5), step=1)
    assert scene.server.count() == 1


async def test_what_stooq_has_not_is_none(scene: AskingScene) -> None:
    scene.server.answer(PATH, Says(200, b"No data"))
    for symbol, timeframe in (
        ("GONE", Timeframe.d1),
        ("AAPL", Timeframe.m1),
        ("BTC-USD", Timeframe.d1),
    ):
        assert await scene.told(scene.source.history(symbol, timeframe, None, NOW, 5)) is None
    assert scene.server.count() == 1


async def test_it_refuses_to_tell_live_prices(scene: AskingScene) -> None:
    async with scene.running("AAPL"):
        await scene.until(lambda: "AAPL" in scene.out.refusals)
        assert not scene.server.asked
