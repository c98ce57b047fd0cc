from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from asking_scene import NOW, AskingScene, asking
from faulty_server import Says, page

from tio.api.errors import SourceUnavailable
from tio.api.market import AssetClass, Delay, Timeframe
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.fred import ASSETS, ATTRIBUTION, NEEDS_KEY, UNOFFICIAL, open_source
from tio.plugin import Polls, Searches, Spells

CSV = "/graph/fredgraph.csv"
JSON = "/fred/series/observations"
KEY = "abcdef0123456789abcdef0123456789"
BAD_KEY = Says(400, b'{"error_code":400,"error_message":"The api_key is not registered."}')


def csv(*rows: tuple[str, str]) -> Says:
    lines = "".join(f"{on},{value}\n" for on, value in rows)
    return Says(200, f"observation_date,X\n{lines}".encode())


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source) as found:
        found.server.answer(CSV, csv(("2026-11-19", "4.10"), ("2026-11-20", "4.06")))
        yield found


@pytest.fixture
async def keyed() -> AsyncIterator[AskingScene]:
    async with asking(open_source, key=KEY) as found:
        found.server.answer(CSV, csv(("2026-11-20", "4.06")))
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["fred"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    for capability in (Spells, Polls, Searches):
        assert isinstance(scene.source, capability)
    assert not scene.server.asked


async def test_rates_and_indices_are_told_without_a_key(scene: AskingScene) -> None:
    async with scene.running("FRED:DGS10", "^GSPC"):
        await scene.until(lambda: len(scene.figures()) == 2)
        assert scene.figures()["FRED:DGS10"].previous_close == 4.10
        assert {asked.query["id"] for asked in scene.server.asked} == {"DGS10", "SP500"}
        kinds = {each.asset_class for each in scene.out.traits if each is not None}
        assert kinds == {AssetClass.rate, AssetClass.equity_index}
        assert all(each.delay is Delay.end_of_day for each in scene.out.traits if each)


async def test_a_value_below_zero_is_a_quote_like_any(scene: AskingScene) -> None:
    scene.server.answer(CSV, csv(("2026-11-19", "-0.25"), ("2026-11-20", "-0.21")))
    async with scene.running("FRED:T10Y2Y"):
        await scene.until(lambda: bool(scene.figures()))
        told = scene.figures()["FRED:T10Y2Y"]
        assert (told.last, told.previous_close, scene.out.refusals) == (-0.21, -0.25, {})


async def test_history_keeps_values_below_zero(scene: AskingScene) -> None:
    days = (("2026-11-18", "0.5"), ("2026-11-19", "."), ("2026-11-20", "-0.21"))
    scene.server.answer(CSV, csv(*days))
    told = await scene.told(scene.source.history("FRED:T10Y2Y", Timeframe.d1, None, NOW, 5))
    assert told.close.listed() == [0.5, -0.21]
    assert told.time.listed() == ["2026-11-18T00:00:00Z", "2026-11-20T00:00:00Z"]
    assert (told.delay, told.forming) == (Delay.end_of_day, False)
    (asked,) = scene.server.asked
    assert asked.query == {"id": "T10Y2Y", "cosd": "1900-01-01", "coed": "2026-11-20"}


async def test_what_fred_has_not_is_none_and_refused(scene: AskingScene) -> None:
    scene.server.answer(CSV, Says(404, b"<!DOCTYPE html><html>no</html>"))
    for symbol, timeframe, end in (
        ("FRED:NOPE", Timeframe.d1, NOW),
        ("FRED:NOPE", Timeframe.m1, NOW),
        ("AAPL", Timeframe.d1, NOW),
        ("FRED:NOPE", Timeframe.d1, datetime(1800, 1, 1, tzinfo=UTC)),
    ):
        assert await scene.told(scene.source.history(symbol, timeframe, None, end, 5)) is None
    assert scene.server.count() == 1
    async with scene.running("FRED:NOPE"):
        await scene.until(lambda: bool(scene.out.refusals))
        assert scene.out.refusals["FRED:NOPE"] == "FRED has no values of FRED:NOPE"


async def test_with_a_key_the_api_is_asked_and_the_key_never_shown(keyed: AskingScene) -> None:
    body = {"observations": [{"date": "2026-11-20", "value": "4.07"}]}
    keyed.server.answer(JSON, json=body)
    async with keyed.running("FRED:DGS10"):
        await keyed.until(lambda: "FRED:DGS10" in keyed.figures())
        assert keyed.figures()["FRED:DGS10"].last == 4.07
        assert keyed.server.asked[0].query["api_key"] == KEY
        assert KEY not in repr(keyed.web.states())


async def test_a_refused_key_is_told_and_the_keyless_way_taken(keyed: AskingScene) -> None:
    keyed.server.answer(JSON, BAD_KEY)
    for _ in range(2):
        (told,) = await keyed.told(keyed.source.quotes(["FRED:DGS10"]))
        assert told.last == 4.06
    assert keyed.server.count(JSON) == 1
    abilities = [each for host in keyed.web.states() for each in host.capabilities]
    assert any("not registered" in each.reason for each in abilities)


async def test_search_is_freds_with_a_key_and_by_known_names_without(
    scene: AskingScene, keyed: AskingScene
) -> None:
    (found,) = await scene.source.search("10-year treasury, constant", 5)
    assert found.symbol == "FRED:DGS10"
    assert not scene.server.asked
    keyed.server.answer("/fred/series/search", json={"seriess": [{"id": "GDPC1", "title": "x"}]})
    (found,) = await keyed.told(keyed.source.search("real gdp", 5))
    assert found.symbol == "FRED:GDPC1"


async def test_a_page_is_a_failure_and_is_not_kept(scene: AskingScene) -> None:
    scene.server.then(CSV, page())
    with pytest.raises(SourceUnavailable, match="page"):
        await scene.told(scene.source.quotes(["FRED:DGS10"]))
    assert len(await scene.told(scene.source.quotes(["FRED:DGS10"]))) == 1
