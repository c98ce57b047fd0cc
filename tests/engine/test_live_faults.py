"""A whole engine whose sources fail: what it says, whose price it shows, and that it recovers."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from faulty_server import faulty_server, no_such_name, page, silence, status
from live_scene import Scene, Venues, scene_of, venues_at
from yahoo_server import PAGE, TOO_MANY

from tio.api.errors import SourceUnavailable
from tio.api.market import BarUpdates, GetQuotes, Timeframe
from tio.api.sources import ListSources, SourceState, TrySource
from tio.api.system import GetHealth
from tio.config import SourceSettings
from tio.engine.feeds.http import Web

from fakes import FakeClock

LIST = "/0/public/AssetPairs"
BTC, AAPL = "BTC-USD", "AAPL"
KRAKENS, YAHOOS, APPLES = (100.0, "kraken"), (101.0, "yahoo"), (244.6, "yahoo")


@pytest.fixture(autouse=True)
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIO_OFFLINE")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def usually() -> dict[str, Any]:
    """What the web is made with, where nobody says otherwise."""
    return Web.__init__.__kwdefaults__ or {}


async def all_is_well(scene: Scene, within: float = 300.0) -> None:
    """Each symbol is told by the first of its chain, and nothing is stale."""
    await scene.until(lambda: scene.last(BTC) == KRAKENS and scene.last(AAPL) == APPLES, within)
    await scene.until(lambda: not scene.quotes[AAPL].stale, within)
    for name in ("kraken", "yahoo"):
        assert (await scene.report(name)).state is SourceState.live


async def test_in_health_each_symbol_is_told_by_the_first_of_its_chain(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC, AAPL) as scene:
        await all_is_well(scene, 10.0)
        route = await scene.route(BTC)
        assert (route.source, route.reason) == ("kraken", "")
        assert venues.web.count() == 1
        health = await scene.engine.ask(GetHealth())
        assert health.banner == ""


async def test_one_429_at_the_start_delays_what_it_refuses_and_nothing_else(
    clock: FakeClock,
) -> None:
    async with venues_at(clock) as venues:
        venues.web.then(LIST, status(429, retry_after=20))
        venues.yahoo.refuses["quote"] = [TOO_MANY]
        async with scene_of(venues, BTC, AAPL) as scene:
            await scene.until(lambda: scene.last(AAPL) == APPLES, 15.0)
            report = await scene.report("kraken")
            assert report.last_error == "kraken.listing: asked too often (429)"
            assert report.next_try_at is not None
            assert (report.next_try_at - clock.now()).total_seconds() <= 20.5
            assert venues.web.count(LIST) == 1
            await all_is_well(scene, 120.0)
            assert venues.web.asked[1].at - venues.web.asked[0].at >= 20.0


Fails = Callable[[Venues], None]


def bare_429(venues: Venues) -> None:
    venues.web.answer(LIST, status(429))
    venues.yahoo.refuses.update(quote=TOO_MANY, chart=TOO_MANY)


def with_status(code: int) -> Fails:
    def fail(venues: Venues) -> None:
        venues.web.answer(LIST, status(code))
        venues.yahoo.refuses.update(quote=(code, "<html>no</html>"), chart=(code, "<html>no"))

    return fail


def pages(venues: Venues) -> None:
    venues.web.answer(LIST, page())
    venues.yahoo.refuses.update(quote=PAGE, chart=PAGE)


A_PAGE = "yahoo.chart: Yahoo answered with a page instead of data"


@pytest.mark.parametrize(
    ("fail", "krakens", "yahoos"),
    [
        pytest.param(bare_429, "asked too often (429)", "asked too often (429)", id="429"),
        pytest.param(with_status(403), "refused (403)", A_PAGE, id="403"),
        pytest.param(with_status(500), "out of order (500)", A_PAGE, id="500"),
        pytest.param(with_status(503), "out of order (503)", A_PAGE, id="503"),
        pytest.param(pages, "a web page came in place of data", A_PAGE, id="a page with 200"),
    ],
)
async def test_who_fails_from_the_start_is_named_with_why_and_asked_seldom_until_it_is_well(
    clock: FakeClock, fail: Fails, krakens: str, yahoos: str
) -> None:
    async with venues_at(clock) as venues:
        pairs = venues.web.usual(LIST)
        fail(venues)
        async with scene_of(venues, BTC, AAPL) as scene:
            await scene.spend(180.0)
            kraken, yahoo = await scene.report("kraken"), await scene.report("yahoo")
            assert kraken.state is SourceState.failed
            words = "its list of instruments could not be had: kraken.listing: "
            assert kraken.reason.startswith(words + krakens)
            assert kraken.next_try_at is not None
            assert yahoo.state in (SourceState.failed, SourceState.connecting)
            assert yahoos in yahoo.last_error
            assert scene.last(AAPL) == (None, "")
            route = await scene.route(BTC)
            assert krakens in {each.source: each.reason for each in route.passed_over}["kraken"]
            with pytest.raises(SourceUnavailable, match="nobody tells AAPL now: yahoo"):
                await scene.engine.ask(GetQuotes((AAPL,)))
            assert venues.web.count() <= 8
            assert venues.web.most_in(1.0) <= 3
            assert sum(venues.yahoo.asked.values()) <= 40
            venues.web.answer(LIST, pairs)
            venues.yahoo.refuses.clear()
            await all_is_well(scene, 900.0)


async def test_what_is_barred_here_is_left_at_once_until_somebody_has_it_tried(
    clock: FakeClock,
) -> None:
    async with venues_at(clock) as venues:
        pairs = venues.web.usual(LIST)
        with_status(451)(venues)
        venues.yahoo.refuses.update(quote=(451, ""), chart=(451, ""))
        async with scene_of(venues, BTC, AAPL) as scene:
            await scene.spend(120.0)
            yahoo = await scene.report("yahoo")
            assert (yahoo.state, yahoo.reason) == (
                SourceState.off,
                "yahoo.chart: not available from here (451)",
            )
            (apple,) = [(await scene.route(AAPL)).reason]
            assert apple == "yahoo.chart: not available from here (451), and no other serves it"
            asked = sum(venues.yahoo.asked.values()), venues.web.count()
            await scene.spend(600.0)
            assert (sum(venues.yahoo.asked.values()), venues.web.count()) == asked
            venues.web.answer(LIST, pairs)
            venues.yahoo.refuses.clear()
            for name in ("kraken", "yahoo"):
                await scene.engine.ask(TrySource(name))
            await all_is_well(scene)


async def test_when_a_venue_goes_away_the_next_tells_its_price_and_it_is_returned_to(
    clock: FakeClock,
) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC, AAPL) as scene:
        await all_is_well(scene, 10.0)
        venues.web.refuse_sockets = 503
        await venues.web.close_sockets()
        await scene.until(lambda: scene.last(BTC) == YAHOOS, 30.0)
        route = await scene.route(BTC)
        assert route.source == "yahoo"
        assert route.reason.startswith("yahoo instead of kraken: ")
        kraken = await scene.report("kraken")
        assert kraken.state in (SourceState.failed, SourceState.connecting)
        opened = venues.web.connected
        await scene.spend(120.0)
        assert venues.web.connected - opened <= 12
        venues.web.refuse_sockets = 0
        await all_is_well(scene)
        assert (await scene.route(BTC)).reason == "kraken is back"


async def test_a_half_open_socket_is_noticed_within_45_seconds(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC, AAPL) as scene:
        await all_is_well(scene, 10.0)
        venues.beats, venues.web.deaf = False, True
        venues.web.refuse_sockets = 503
        await scene.until(lambda: scene.last(BTC) == YAHOOS, 45.0)
        venues.beats, venues.web.deaf, venues.web.refuse_sockets = True, False, 0
        await all_is_well(scene)


async def test_a_quote_nobody_can_renew_stays_with_its_source_and_its_age(
    clock: FakeClock,
) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC, AAPL) as scene:
        await all_is_well(scene, 10.0)
        venues.yahoo.refuses.update(quote=(503, ""), chart=(503, ""))
        await scene.until(lambda: scene.quotes[AAPL].stale, 400.0)
        told = scene.quotes[AAPL]
        assert (told.last, told.source) == APPLES
        assert (told.age or 0.0) > 30.0
        route = await scene.route(AAPL)
        assert route.source == "yahoo"
        assert "no other serves it" in route.reason
        venues.yahoo.refuses.clear()
        await all_is_well(scene, 900.0)


async def test_garbage_is_counted_or_ignored_and_what_follows_is_taken(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC) as scene:
        await scene.until(lambda: scene.last(BTC) == KRAKENS, 10.0)
        trash = ["{", "[]", "null", "\x00\x01", '{"channel":"trade","data":[{}]}', "é" * 9, "7"]
        await venues.web.say(*(trash * 50), b"\xff\xfe")
        await venues.kraken.trade("BTC/USD", (7, 103.0))
        await scene.until(lambda: scene.last(BTC) == (103.0, "kraken"), 10.0)
        assert venues.web.connected == 1


async def test_doubled_and_reordered_trades_are_each_taken_once(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC) as scene:
        await scene.until(lambda: scene.last(BTC) == KRAKENS, 10.0)
        for number in (1, 2, 2, 4, 3, 4, 1, 3):
            await venues.kraken.trade("BTC/USD", (number, 100.0 + number))
        await scene.until(lambda: scene.last(BTC) == (104.0, "kraken"), 10.0)
        await scene.spend(5.0)
        assert scene.last(BTC) == (104.0, "kraken")


async def test_trades_that_were_skipped_are_fetched(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, BTC) as scene:
        now = clock.now().timestamp()
        venues.kraken.serve_trades("XXBTZUSD", [(n, now + n / 10, 100.0 + n) for n in range(1, 9)])
        await scene.until(lambda: scene.last(BTC) == KRAKENS, 10.0)
        await venues.kraken.trade("BTC/USD", (1, 101.0))
        await venues.kraken.trade("BTC/USD", (6, 106.0))
        await scene.until(lambda: venues.web.count("/0/public/Trades") >= 1, 30.0)
        await scene.spend(60.0)
        assert venues.web.count("/0/public/Trades") <= 3


async def test_without_names_every_source_says_so_and_both_are_back_with_them(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(usually(), "lookup", no_such_name)
    async with (
        venues_at(clock) as venues,
        scene_of(
            venues, BTC, AAPL, kraken="http://kraken.invalid", yahoo="http://yahoo.invalid"
        ) as scene,
    ):
        await scene.spend(120.0)
        reports = {each.name: each for each in await scene.engine.ask(ListSources())}
        for name in ("kraken", "yahoo"):
            assert reports[name].state in (SourceState.failed, SourceState.connecting), name
            assert "its name cannot be resolved" in reports[name].last_error, reports[
                name
            ].last_error
            assert reports[name].calls <= 40
        with pytest.raises(SourceUnavailable, match="nobody tells BTC-USD now"):
            await scene.engine.ask(GetQuotes((BTC,)))


async def test_offline_nothing_is_asked_and_it_is_said(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIO_OFFLINE", "1")
    async with venues_at(clock) as venues, scene_of(venues, BTC, AAPL) as scene:
        await scene.spend(60.0)
        for name in ("kraken", "yahoo"):
            report = await scene.report(name)
            assert (report.state, report.reason) == (
                SourceState.off,
                "offline (TIO_OFFLINE is set)",
            )
        assert venues.web.count() == venues.web.connected == sum(venues.yahoo.asked.values()) == 0


async def test_an_answer_that_never_comes_is_given_up_and_said(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(usually(), "timeout", 0.05)
    async with venues_at(clock) as venues:
        pairs = venues.web.usual(LIST)
        venues.web.answer(LIST, silence())
        async with scene_of(venues, BTC) as scene:
            await scene.until(lambda: scene.last(BTC) == YAHOOS, 30.0)
            await scene.until(lambda: venues.web.count(LIST) >= 3, 300.0)
            await scene.spend(10.0)
            route = await scene.route(BTC)
            words = {each.source: each.reason for each in route.passed_over}["kraken"]
            assert words.startswith("its list of instruments is not here yet")
            venues.web.answer(LIST, pairs)
            await scene.until(lambda: scene.last(BTC) == KRAKENS, 900.0)


async def test_a_refused_key_is_said_once_and_the_keyless_tell_the_price(
    clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIO_TWELVEDATA_KEY", "a-key-of-the-test")
    async with venues_at(clock) as venues, faulty_server(clock) as keyed:
        keyed.answer("/quote", status(401))
        more = {"twelvedata": SourceSettings(base_url=keyed.url)}
        async with scene_of(venues, AAPL, more=more) as scene:
            await scene.until(lambda: scene.last(AAPL) == APPLES, 30.0)
            await scene.spend(600.0)
            report = await scene.report("twelvedata")
            assert report.state is SourceState.off
            assert "the key is refused (401)" in report.reason
            route = await scene.route(AAPL)
            reasons = {each.source: each.reason for each in route.passed_over}
            assert "the key is refused (401)" in reasons["twelvedata"]
            assert keyed.count("/quote") == 1
            assert "a-key-of-the-test" not in repr(report) + repr(route)


async def test_a_chart_of_bars_nobody_has_is_asked_for_seldom(clock: FakeClock) -> None:
    async with venues_at(clock) as venues, scene_of(venues, AAPL) as scene:
        await scene.until(lambda: scene.last(AAPL) == APPLES, 15.0)
        async with scene.engine.watch(BarUpdates(AAPL, Timeframe.m1)) as items:

            async def look() -> None:
                async for _ in items:
                    pass

            looking = asyncio.create_task(look())
            await scene.spend(300.0)
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)
        assert 1 <= venues.yahoo.asked["chart"] <= 8
