import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from asking_scene import NOW, AskingScene, asking
from faulty_server import Asked, Says, page, status

from tio.api.errors import SourceUnavailable
from tio.api.market import Delay, Timeframe
from tio.api.series import moment
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.frankfurter import (
    ASSETS,
    ATTRIBUTION,
    EVERY,
    NEEDS_KEY,
    UNOFFICIAL,
    open_source,
)
from tio.plugin import Lists, Polls, Spells

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
RATES = {"EUR": {"USD": 1.1512, "JPY": 181.2, "GBP": 0.88}, "GBP": {"JPY": 205.9, "USD": 1.308}}


def latest(asked: Asked) -> Says:
    base = asked.query["base"]
    some = {quote: RATES[base][quote] for quote in asked.query["symbols"].split(",")}
    told = {"amount": 1.0, "base": base, "date": "2026-11-20", "rates": some}
    return Says(200, json.dumps(told).encode())


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source, SUNDAY) as found:
        names = {"EUR": "Euro", "GBP": "Pound", "JPY": "Yen", "USD": "Dollar"}
        found.server.answer("/v1/currencies", json=names)
        found.server.answer("/v1/latest", latest)
        found.source.learn(await found.told(found.source.listing()))
        found.server.asked.clear()
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["frankfurter"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert scene.source.instruments() == ()
    for capability in (Spells, Polls, Lists):
        assert isinstance(scene.source, capability)


async def test_on_a_sunday_the_rates_are_fridays_and_one_question_a_base_is_asked(
    scene: AskingScene,
) -> None:
    async with scene.running("EURUSD", "EURJPY", "GBPJPY"):
        await scene.until(lambda: len(scene.figures()) == 3)
        assert scene.server.count() == 2
        assert scene.figures()["GBPJPY"].last == 205.9
        at = scene.figures()["EURUSD"].at
        assert at is not None
        assert moment(at) == datetime(2026, 11, 20, 13, 10, tzinfo=UTC)
        traits = scene.out.traits[0]
        assert traits is not None
        assert traits.delay is Delay.reference


async def test_it_looks_again_every_half_hour(scene: AskingScene) -> None:
    async with scene.running("EURUSD"):
        await scene.until(lambda: len(scene.out.emissions) == 1)
        await scene.clock.advance(EVERY - 5)
        assert scene.server.count() == 1
        await scene.until(lambda: len(scene.out.emissions) == 2)
        assert scene.server.count() == 2


async def test_what_is_not_listed_is_refused(scene: AskingScene) -> None:
    assert scene.source.spelled("EURXAU") is None
    async with scene.running("EURXAU"):
        await scene.until(lambda: "EURXAU" in scene.out.refusals)
        assert not scene.server.asked


async def test_one_base_that_fails_leaves_the_other_told(scene: AskingScene) -> None:
    def half(asked: Asked) -> Says:
        return latest(asked) if asked.query["base"] == "EUR" else page()

    scene.server.answer("/v1/latest", half)
    async with scene.running("EURUSD", "GBPUSD"):
        await scene.until(lambda: "EURUSD" in scene.figures())
        assert scene.out.refusals == {}


async def test_an_answer_that_cannot_be_read_is_a_failure_in_words(scene: AskingScene) -> None:
    scene.server.answer("/v1/latest", json={"base": "EUR", "date": "soon", "rates": {}})
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        await scene.told(scene.source.quotes(["EURUSD"]))


async def test_history_is_a_bar_a_fix(scene: AskingScene) -> None:
    days = {"2026-11-20": {"JPY": 205.9}, "2026-11-19": {"JPY": 204.1}, "2026-11-18": {"JPY": 203}}
    body = {"amount": 1.0, "base": "GBP", "rates": days}
    scene.server.answer("/v1/2026-11-18..2026-11-20", json=body)
    start = datetime(2026, 11, 18, tzinfo=UTC)
    told = await scene.told(scene.source.history("GBPJPY", Timeframe.d1, start, NOW, 2))
    assert told.close.listed() == [204.1, 205.9]
    assert told.high.listed() == told.low.listed() == [204.1, 205.9]
    assert (told.delay, told.forming) == (Delay.reference, False)
    (asked,) = scene.server.asked
    assert asked.query == {"base": "GBP", "symbols": "JPY"}


async def test_no_more_is_asked_than_there_is(scene: AskingScene) -> None:
    start = datetime(1990, 1, 1, tzinfo=UTC)
    assert await scene.told(scene.source.history("EURUSD", Timeframe.d1, start, NOW, 5)) is None
    assert scene.server.asked[0].path == "/v1/1999-01-04..2026-11-20"
    before = datetime(1998, 1, 1, tzinfo=UTC)
    for timeframe, end in ((Timeframe.h1, NOW), (Timeframe.d1, before)):
        assert await scene.told(scene.source.history("EURUSD", timeframe, start, end, 5)) is None
    assert scene.server.count() == 1


async def test_a_429_is_waited_for(scene: AskingScene) -> None:
    scene.server.then("/v1/latest", status(429, retry_after=10))
    assert len(await scene.told(scene.source.quotes(["EURUSD"]))) == 1
    assert scene.server.asked[1].at - scene.server.asked[0].at >= 10
