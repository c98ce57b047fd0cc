from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from asking_scene import NOW, AskingScene, asking
from faulty_server import Says, page

from tio.api.errors import SourceUnavailable
from tio.api.market import Delay, Timeframe
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.ecb import ASSETS, ATTRIBUTION, NEEDS_KEY, UNOFFICIAL, open_source
from tio.plugin import Polls, Spells

DAILY = "/stats/eurofxref/eurofxref-daily.xml"
NINETY = "/stats/eurofxref/eurofxref-hist-90d.xml"
SERIES = "/service/data/EXR/D.USD.EUR.SP00.A"


def rates(*days: tuple[str, float]) -> Says:
    cubes = "".join(
        f"<Cube time='{on}'><Cube currency='USD' rate='{rate}'/></Cube>" for on, rate in days
    )
    return Says(200, f"<?xml version='1.0'?><E><Cube>{cubes}</Cube></E>".encode())


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source) as found:
        found.server.answer(DAILY, rates(("2026-11-20", 1.1512)))
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["ecb"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert scene.source.instruments() == ()
    assert isinstance(scene.source, Spells)
    assert isinstance(scene.source, Polls)


async def test_one_file_tells_every_pair_and_what_is_not_in_it_is_refused(
    scene: AskingScene,
) -> None:
    async with scene.running("EURUSD", "EURRUB", "USDJPY"):
        await scene.until(lambda: len(scene.out.refusals) == 2)
        assert scene.figures()["EURUSD"].last == 1.1512
        assert scene.out.refusals["EURRUB"] == "the ECB fixes no rate of EURRUB"
        assert scene.server.count() == 1


async def test_recent_days_come_from_the_file_of_ninety(scene: AskingScene) -> None:
    days = (("2026-11-20", 1.1512), ("2026-11-19", 1.1498), ("2026-11-18", 1.1501))
    scene.server.answer(NINETY, rates(*days))
    told = await scene.told(scene.source.history("EURUSD", Timeframe.d1, None, NOW, 2))
    assert told.close.listed() == [1.1498, 1.1512]
    assert told.delay is Delay.reference
    await scene.told(scene.source.history("EURUSD", Timeframe.d1, None, NOW, 3))
    assert scene.server.count() == 1


async def test_older_days_come_from_the_currencys_own_series(scene: AskingScene) -> None:
    body = b"FREQ,CURRENCY,TIME_PERIOD,OBS_VALUE\nD,USD,1999-01-04,1.1789\n"
    scene.server.answer(SERIES, Says(200, body))
    start = datetime(1990, 1, 1, tzinfo=UTC)
    told = await scene.told(scene.source.history("EURUSD", Timeframe.d1, start, NOW, 10))
    assert told.time.listed() == ["1999-01-04T00:00:00Z"]
    (asked,) = scene.server.asked
    assert asked.query == {
        "format": "csvdata",
        "startPeriod": "1999-01-04",
        "endPeriod": "2026-11-20",
    }


async def test_what_the_bank_has_not_is_none(scene: AskingScene) -> None:
    old = datetime(1990, 1, 1, tzinfo=UTC)
    for symbol, timeframe, end in (
        ("EURUSD", Timeframe.h1, NOW),
        ("USDJPY", Timeframe.d1, NOW),
        ("EURUSD", Timeframe.d1, old),
        ("EURUSD", Timeframe.d1, datetime(2001, 1, 1, tzinfo=UTC)),
    ):
        assert await scene.told(scene.source.history(symbol, timeframe, None, end, 5)) is None
    assert [asked.path for asked in scene.server.asked] == [SERIES]


async def test_an_answer_that_declares_entities_is_refused_in_words(scene: AskingScene) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    scene.server.answer(DAILY, Says(200, bomb))
    with pytest.raises(SourceUnavailable, match="declares a document type"):
        await scene.told(scene.source.quotes(["EURUSD"]))
    scene.server.answer(DAILY, page())
    with pytest.raises(SourceUnavailable, match="page"):
        await scene.told(scene.source.quotes(["EURUSD"]))
