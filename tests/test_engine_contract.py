"""What every engine promises, in this process and across the socket: each test runs on both."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import pytest
from both_engines import Afternoon

from tio.api import words
from tio.api.contract import WORDS, Engine, is_request
from tio.api.errors import Invalid, NotFound
from tio.api.market import (
    Bars,
    BarUpdates,
    GetBars,
    GetBook,
    GetQuotes,
    Quotes,
    SearchInstruments,
    Sparks,
    Timeframe,
    Trades,
)
from tio.api.quality import GetQuality
from tio.api.sources import ListSources, SourceStates
from tio.api.system import (
    CancelJob,
    FollowLink,
    GetConfig,
    GetHealth,
    GetSettings,
    GetStorage,
    Links,
    ListJobs,
    ListPlugins,
    Log,
    ReloadConfig,
    SaveSetting,
    Setting,
)
from tio.api.watchlists import (
    DeleteWatchlist,
    ListWatchlists,
    SaveWatchlist,
    Watchlist,
    Watchlists,
)
from tio.config import Config, Demo
from tio.engine.local import LocalEngine
from tio.paths import Paths
from tio.wire.client import RemoteEngine
from tio.wire.server import Server
from tio.wire.socket_door import Door

ACME = "SIM:ACME"
PATIENCE = 20.0
"""Seconds before a promise that is not kept fails its test."""


@pytest.fixture(params=["local", "remote"])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    place = Paths.find().workspace("demo")
    local = LocalEngine(place, Config(demo=Demo(symbols=12, rate=400.0)))
    await local.start()
    try:
        if request.param == "local":
            yield local.session()
        else:
            server = Server(local, Door.open(place.socket))
            await server.start()
            remote = await RemoteEngine.open(place.socket)
            yield remote
            await remote.close()
            await server.close()
    finally:
        await local.close()


async def test_a_topic_begins_with_a_snapshot_and_counts_on(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes((ACME,))) as items:
        first = await anext(items)
        second = await anext(items)
        third = await anext(items)
    assert first.snapshot
    assert not second.snapshot
    assert (first.seq, second.seq, third.seq) == (1, 2, 3)
    assert first.epoch == second.epoch
    assert [quote.symbol for quote in second.value] == [ACME]


async def test_a_quote_tells_where_it_is_from_and_how_old_it_is(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes((ACME,))) as items:
        await anext(items)
        quote = (await anext(items)).value[0]
    assert quote.source == "simulator"
    assert quote.delay == "simulated"
    assert quote.as_of is not None
    assert quote.as_of.tzinfo is not None
    assert quote.age is not None
    assert quote.bid is not None
    assert quote.ask is not None
    assert quote.bid < quote.ask


async def test_bars_are_oldest_first_and_never_more_than_asked(engine: Engine) -> None:
    bars = await engine.ask(GetBars(ACME, Timeframe.m1, limit=50))
    assert isinstance(bars, Bars)
    times = list(bars.time)
    assert len(times) == 50
    assert times == sorted(set(times))
    assert all(
        low <= close <= high
        for low, close, high in zip(bars.low, bars.close, bars.high, strict=True)
    )


async def test_bar_updates_begin_with_what_get_bars_says(engine: Engine) -> None:
    asked = await engine.ask(GetBars(ACME, Timeframe.d1, limit=30))
    async with asyncio.timeout(PATIENCE), engine.watch(BarUpdates(ACME, Timeframe.d1, 30)) as items:
        first = await anext(items)
        change = await anext(items)
    assert first.snapshot
    assert list(first.value.time) == list(asked.time)
    assert set(change.value.time) <= {*first.value.time, max(change.value.time)}


async def test_trades_come_in_order_without_gaps(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Trades(ACME)) as items:
        first = await anext(items)
        seq = first.seq
        for _ in range(3):
            item = await anext(items)
            assert item.seq == seq + len(item.value)
            seq = item.seq


async def test_sparklines_have_points(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Sparks((ACME,), points=20)) as items:
        async for item in items:
            if item.value and len(item.value[0].closes) >= 2:
                break
    assert item.value[0].symbol == ACME


async def test_unknown_symbol_is_not_found_and_the_nearest_is_named(engine: Engine) -> None:
    with pytest.raises(NotFound) as caught:
        await engine.ask(GetQuotes(("SIM:ACM",)))
    assert ACME in caught.value.message + caught.value.next
    with pytest.raises(NotFound):
        await engine.ask(GetBars("NOSUCH-USD"))


async def test_quotes_of_a_list_come_in_its_order(engine: Engine) -> None:
    found = await engine.ask(SearchInstruments("SIM", 3))
    symbols = tuple(instrument.symbol for instrument in reversed(found))
    quotes = await engine.ask(GetQuotes(symbols))
    assert tuple(quote.symbol for quote in quotes) == symbols


@pytest.mark.parametrize("limit", [0, -1, 50_001])
async def test_limit_out_of_range_is_invalid(engine: Engine, limit: int) -> None:
    with pytest.raises(Invalid, match="limit"):
        await engine.ask(GetBars(ACME, limit=limit))


async def test_watchlist_is_kept_in_order_without_doubles(engine: Engine) -> None:
    saved = await engine.ask(SaveWatchlist("mine", ("B", "A", "B")))
    assert saved == Watchlist("mine", ("B", "A"))
    assert await engine.ask(ListWatchlists()) == (saved,)
    assert await engine.ask(DeleteWatchlist("mine")) == saved
    with pytest.raises(NotFound):
        await engine.ask(DeleteWatchlist("mine"))


async def test_watchlists_are_told_again_after_a_change(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Watchlists()) as items:
        assert (await anext(items)).value == ()
        await engine.ask(SaveWatchlist("mine", ("A",)))
        assert (await anext(items)).value == (Watchlist("mine", ("A",)),)


async def test_write_repeated_with_its_key_happens_once(engine: Engine) -> None:
    await engine.ask(SaveWatchlist("mine", ("A",)), key="k")
    await engine.ask(SaveWatchlist("mine", ("B",)))
    again = await engine.ask(SaveWatchlist("mine", ("A",)), key="k")
    assert again == Watchlist("mine", ("A",))
    assert (await engine.ask(ListWatchlists()))[0].symbols == ("B",)


async def test_hostile_text_is_cleaned_where_it_enters(engine: Engine) -> None:
    saved = await engine.ask(SaveWatchlist("a\x1b[2Jb", ("X\x07", "[/nope]")))
    assert saved.name == "a[2Jb"
    assert saved.symbols == ("X", "[/nope]")


async def test_settings_are_kept(engine: Engine) -> None:
    await engine.ask(SaveSetting("theme", '"dark"'))
    await engine.ask(SaveSetting("theme", '"light"'))
    assert await engine.ask(GetSettings()) == (Setting("theme", '"light"'),)


async def test_link_group_is_followed(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(Links()) as items:
        assert (await anext(items)).value == ()
        await engine.ask(FollowLink("A", ACME, "1h"))
        assert (await anext(items)).value[0].symbol == ACME


async def test_log_is_a_topic(engine: Engine) -> None:
    await engine.ask(SaveWatchlist("mine"))
    async with asyncio.timeout(PATIENCE), engine.watch(Log()) as items:
        async for item in items:
            if any("SaveWatchlist" in line.message for line in item.value):
                break


async def test_sources_tell_their_state(engine: Engine) -> None:
    async with asyncio.timeout(PATIENCE), engine.watch(SourceStates()) as items:
        async for item in items:
            if any(report.state == "live" for report in item.value):
                break
    (report,) = await engine.ask(ListSources())
    assert report.name == "simulator"


async def test_a_config_that_breaks_is_told_and_a_mended_one_read(engine: Engine) -> None:
    file = Paths.find().config_file
    state = await engine.ask(GetConfig())
    assert (state.path, state.read_at, state.problem) == (str(file), None, "")
    file.write_text("[demo]\nsede = 1\n")
    state = await engine.ask(ReloadConfig())
    assert "did you mean 'seed'?" in state.problem
    assert "config.toml" in (await engine.ask(GetHealth())).banner
    file.write_text("[demo]\nsymbols = 12\nrate = 400.0\nseed = 1\n")
    state = await engine.ask(ReloadConfig())
    assert (state.problem, state.waiting) == ("", ("demo.seed",))
    assert (await engine.ask(GetHealth())).banner == ""


async def test_the_rest_answers_too(engine: Engine) -> None:
    health = await engine.ask(GetHealth())
    assert health.workspace == "demo"
    storage = await engine.ask(GetStorage(check=True))
    assert {report.integrity for report in storage} == {"ok"}
    book = await engine.ask(GetBook(ACME))
    assert book.symbol == ACME
    assert all(report.accepted >= 0 for report in await engine.ask(GetQuality()))
    assert await engine.ask(ListJobs()) == ()
    assert all(plugin.name for plugin in await engine.ask(ListPlugins()))
    with pytest.raises(NotFound):
        await engine.ask(CancelJob("job-1"))


async def test_every_declared_request_has_an_answerer(engine: Engine) -> None:
    if not isinstance(engine, RemoteEngine):
        answered = set(engine._answers) | set(engine._streams)  # type: ignore[attr-defined]
        assert {kind.__name__ for kind in WORDS.values()} == {kind.__name__ for kind in answered}
    assert any(is_request(kind) for kind in WORDS.values())
    assert len(words.describe()) == len(WORDS)


async def test_a_demo_of_another_seed_keeps_nothing_of_the_one_before() -> None:
    async def closes(seed: int) -> dict[int, float]:
        """The closes of the last half hour by time, the newest two minutes left out."""
        place = Paths.find().workspace("demo")
        demo = Demo(symbols=2, rate=400.0, seed=seed)
        local = LocalEngine(place, Config(demo=demo), wall=clock)
        await local.start()
        try:
            bars = await local.session().ask(GetBars(ACME, Timeframe.m1, limit=30))
        finally:
            await local.close()
        times = list(bars.time)
        assert all(b - a == Timeframe.m1.step for a, b in itertools.pairwise(times))
        return dict(zip(times[:-2], list(bars.close)[:-2], strict=True))

    clock = Afternoon()
    first, other, again = await closes(1), await closes(2), await closes(1)
    shared = first.keys() & other.keys() & again.keys()
    assert len(shared) > 20
    assert all(first[time] == again[time] for time in shared)
    assert any(first[time] != other[time] for time in shared)
