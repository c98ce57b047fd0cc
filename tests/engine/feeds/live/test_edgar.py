from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from asking_scene import AskingScene, asking
from faulty_server import Says, page

from tio.api.errors import Busy, Misconfigured, NotAllowed, SourceUnavailable
from tio.api.market import Timeframe
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.feeds.live.edgar import (
    ASSETS,
    ATTRIBUTION,
    BUDGETS,
    NEEDS_KEY,
    UNOFFICIAL,
    open_source,
)
from tio.engine.feeds.live.reach import Reach
from tio.plugin import Profiles, Spells

from fakes import FakeClock

CONTACT = "someone@example.org"
LIST = "/files/company_tickers.json"
APPLE = "/submissions/CIK0000320193.json"
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
async def scene() -> AsyncIterator[AskingScene]:
    async with asking(open_source, contact=CONTACT) as found:
        found.server.answer(
            LIST, json={"0": {"cik_str": 320193, "ticker": "AAPL", "title": "Apple Inc."}}
        )
        told = {
            "cik": "0000320193",
            "name": "Apple Inc.",
            "tickers": ["AAPL"],
            "exchanges": ["Nasdaq"],
        }
        found.server.answer(APPLE, json=told)
        yield found


async def test_it_is_what_the_catalogue_says(scene: AskingScene) -> None:
    known = CATALOGUE["edgar"]
    assert (known.assets, known.attribution) == (ASSETS, ATTRIBUTION)
    assert (known.needs_key, known.unofficial) == (NEEDS_KEY, UNOFFICIAL)
    assert scene.source.instruments() == ()
    assert isinstance(scene.source, Spells)
    assert isinstance(scene.source, Profiles)


def test_without_an_address_it_does_not_open() -> None:
    clock = FakeClock()
    for contact in ("", "nobody"):
        secrets = {"contact": contact}
        with pytest.raises(Misconfigured, match="e-mail"):
            open_source(Reach(Web(clock), clock, secret=secrets.__getitem__))


async def test_a_profile_takes_the_list_once_and_says_who_asks(scene: AskingScene) -> None:
    for _ in range(2):
        told = await scene.told(scene.source.profile("AAPL"))
        assert (told.name, told.mic, told.cik) == ("Apple Inc.", "XNAS", "0000320193")
    assert [asked.path for asked in scene.server.asked] == [LIST, APPLE]
    assert all(asked.headers["User-Agent"].endswith(f"({CONTACT})") for asked in scene.server.asked)
    assert CONTACT not in repr(scene.web.states())


async def test_who_does_not_file_has_no_profile(scene: AskingScene) -> None:
    for symbol in ("VOD.LSE", "ZZZZ"):
        assert await scene.told(scene.source.profile(symbol)) is None
    assert await scene.told(scene.source.filings("ZZZZ")) == ()
    scene.server.answer(APPLE, Says(404, b"<?xml version='1.0'?><Error/>"))
    assert await scene.told(scene.source.profile("AAPL")) is None


async def test_both_hosts_share_one_limit_of_five_a_second(scene: AskingScene) -> None:
    many = {
        str(n): {
            "cik_str": n + 1,
            "ticker": f"A{chr(65 + n // 26)}{chr(65 + n % 26)}",
            "title": "x",
        }
        for n in range(60)
    }
    scene.server.answer(LIST, json=many)
    for n in range(60):
        told = {"cik": str(n + 1), "name": "x"}
        scene.server.answer(f"/submissions/CIK{n + 1:010}.json", json=told)
    for each in many.values():
        assert await scene.told(scene.source.profile(each["ticker"]), seen=True) is not None
    budget = BUDGETS["edgar"]
    assert BUDGETS["edgar/files"] == budget
    assert scene.server.count() == 61
    assert scene.server.most_in(1) <= budget.burst + budget.rate
    assert scene.server.most_in(5) <= budget.burst + budget.rate * 5


async def test_asked_too_often_everything_waits_ten_minutes(scene: AskingScene) -> None:
    told = b"<html>Request Rate Threshold Exceeded</html>"
    scene.server.then(LIST, Says(403, told))
    with pytest.raises(Busy, match="rate threshold"):
        await scene.told(scene.source.profile("AAPL"))
    with pytest.raises((Busy, SourceUnavailable)):
        await scene.told(scene.source.profile("AAPL"), step=1)
    assert scene.server.count() == 1
    await scene.clock.advance(601)
    assert await scene.told(scene.source.profile("AAPL")) is not None


async def test_an_address_that_is_refused_stops_it(scene: AskingScene) -> None:
    scene.server.answer(LIST, Says(403, b"<html>Undeclared Automated Tool</html>"))
    for _ in range(2):
        with pytest.raises(NotAllowed, match="e-mail"):
            await scene.told(scene.source.profile("AAPL"))
    assert scene.server.count() == 1


async def test_a_page_is_a_failure_in_words(scene: AskingScene) -> None:
    scene.server.answer(APPLE, page())
    with pytest.raises(SourceUnavailable, match="page"):
        await scene.told(scene.source.profile("AAPL"))
    scene.server.answer(APPLE, json={"cik": "x", "name": "y"})
    with pytest.raises(SourceUnavailable, match="cannot be read"):
        await scene.told(scene.source.profile("AAPL"))


async def test_it_tells_no_prices(scene: AskingScene) -> None:
    assert await scene.source.history("AAPL", Timeframe.d1, None, NOW, 5) is None
    async with scene.running("AAPL"):
        await scene.until(lambda: bool(scene.out.refusals))
        assert scene.out.refusals == {"AAPL": "the SEC tells no prices"}
