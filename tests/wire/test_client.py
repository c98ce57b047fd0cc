import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from wire.busy_engine import BusyEngine, CuttingProxy

from tio.api.errors import Invalid, NotFound, TioError, WrongVersion
from tio.api.market import Bars, BarUpdates, GetBars, GetQuotes, Quote, Quotes, Timeframe, Trades
from tio.api.series import Series, Times
from tio.api.system import Health, Shutdown
from tio.api.watchlists import SaveWatchlist, Watchlist, Watchlists
from tio.wire import asks
from tio.wire.client import EngineGone, RemoteEngine

from fakes import FakeEngine, settle

ACME = Quote(symbol="SIM:ACME", last=101.5)
PATIENCE = 20.0


@pytest.fixture
def proxied(home: Path) -> Path:
    return home / "run" / "proxy.sock"


async def test_an_answer_comes_back_as_what_it_was(serve: Any, remote: Any) -> None:
    bars = Bars(
        symbol="A",
        timeframe=Timeframe.m1,
        time=Times.parsed(["2026-01-02T14:30:00Z"]),
        close=Series([None]),
    )
    await serve(FakeEngine({GetBars: bars, GetQuotes: (ACME,)}))
    engine = await remote()

    assert await engine.ask(GetQuotes(("SIM:ACME",))) == (ACME,)
    assert await engine.ask(GetBars("A", Timeframe.m1)) == bars


async def test_errors_come_back_as_what_they_were(serve: Any, remote: Any) -> None:
    await serve(FakeEngine({GetQuotes: NotFound("nobody knows it", "look for it")}))
    engine = await remote()

    with pytest.raises(NotFound, match="nobody knows it") as caught:
        await engine.ask(GetQuotes(("X",)))
    assert caught.value.next == "look for it"
    with pytest.raises(Invalid, match=r"\$\.limit"):
        await engine.ask(GetBars("A", limit=0))


async def test_a_write_has_a_key_and_a_read_has_none(serve: Any, remote: Any) -> None:
    fake = FakeEngine({GetQuotes: (), SaveWatchlist: Watchlist("a")})
    await serve(fake)
    engine = await remote()

    await engine.ask(GetQuotes())
    await engine.ask(SaveWatchlist("a"))
    await engine.ask(SaveWatchlist("a"), key="mine")

    read, made, given = fake.keys
    assert (read, given) == ("", "mine")
    assert len(made) == 32


async def test_a_write_over_a_lost_connection_is_repeated_with_its_key(
    serve: Any, remote: Any, socket_path: Path, proxied: Path
) -> None:
    proxy = CuttingProxy(proxied, socket_path)

    def save(_request: object) -> Watchlist:
        if len(fake.keys) == 1:
            proxy.cut()
        return Watchlist("a")

    fake = FakeEngine({SaveWatchlist: save})
    await serve(fake)
    async with proxy:
        engine = await remote(path=proxied)
        assert await engine.ask(SaveWatchlist("a")) == Watchlist("a")

    first, second = fake.keys
    assert first == second != ""


async def test_what_is_dangerous_is_not_said_twice(
    serve: Any, remote: Any, socket_path: Path, proxied: Path
) -> None:
    proxy = CuttingProxy(proxied, socket_path)

    def shut_down(_request: object) -> Health:
        proxy.cut()
        raise NotFound("never heard")

    fake = FakeEngine({Shutdown: shut_down})
    await serve(fake)
    async with proxy:
        engine = await remote(path=proxied)
        with pytest.raises(EngineGone):
            await engine.ask(Shutdown())

    assert len(fake.asked) == 1


async def test_an_engine_that_is_not_there_is_told_after_patience(
    serve: Any, remote: Any, socket_path: Path
) -> None:
    with pytest.raises(EngineGone) as caught:
        await remote()
    assert str(socket_path) in caught.value.message
    assert caught.value.exit_code == 4

    lost: list[bool] = []
    server = await serve(FakeEngine({GetQuotes: ()}, {Quotes: ()}))
    engine = await remote(on_lost=lambda: lost.append(True), patience=0.2)
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes()) as items:
        assert (await anext(items)).snapshot
        await server.close()
        with pytest.raises(EngineGone):
            await anext(items)
    with pytest.raises(EngineGone):
        await engine.ask(GetQuotes())
    assert lost


async def test_another_protocol_is_refused_naming_both(
    serve: Any, remote: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await serve(FakeEngine())
    monkeypatch.setattr(asks, "PROTOCOL", 99)

    with pytest.raises(WrongVersion) as caught:
        await remote()

    assert "protocol 99" in caught.value.message
    assert "protocol 1" in caught.value.message


async def test_a_refused_watch_is_refused_on_entering(serve: Any, remote: Any) -> None:
    await serve(FakeEngine(topics={Quotes: NotFound("nobody knows it")}))
    engine = await remote()

    with pytest.raises(NotFound):
        async with engine.watch(Quotes(("X",))):
            pass


async def test_a_watch_is_subscribed_on_entering(serve: Any, remote: Any) -> None:
    fake = FakeEngine(topics={Watchlists: ()})
    await serve(fake)
    engine = await remote()

    async with engine.watch(Watchlists()) as items:
        assert fake.push(Watchlists, (Watchlist("a"),)) == 1
        assert (await anext(items)).value == ()
        assert (await anext(items)).value == (Watchlist("a"),)


async def test_a_missing_number_is_counted_and_healed_by_a_fresh_snapshot(
    serve: Any, remote: Any
) -> None:
    busy = BusyEngine(symbols=2)
    await serve(busy)
    engine = await remote()
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes()) as items:
        assert (await anext(items)).snapshot
        inbox = next(iter(engine._link._inboxes.values()))
        inbox.last = type(inbox.last)(inbox.last.epoch, 7)
        inbox._fresh = False

        busy.tick()

        assert (await anext(items)).snapshot
    assert engine.gaps == 1


async def test_a_slow_watcher_of_quotes_gets_the_newest_of_each(serve: Any, remote: Any) -> None:
    busy = BusyEngine(symbols=3)
    await serve(busy, window=0.001)
    engine = await remote()
    async with asyncio.timeout(PATIENCE), engine.watch(Quotes()) as items:
        async with engine.watch(Quotes(("S0",))) as others:
            for _ in range(100):
                busy.tick()
                await anext(others)
        first = await anext(items)
        assert first.snapshot
        assert {quote.symbol for quote in first.value} == {"S0", "S1", "S2"}
        seen = first.value[0].last
        while seen < 100.0:
            seen = (await anext(items)).value[0].last
    assert engine.gaps == 0


async def test_watches_go_on_over_a_lost_connection(
    serve: Any, remote: Any, socket_path: Path, proxied: Path
) -> None:
    busy = BusyEngine(symbols=2)
    await serve(busy)
    async with CuttingProxy(proxied, socket_path) as proxy:
        engine = await remote(path=proxied)
        async with asyncio.timeout(PATIENCE), engine.watch(Quotes()) as items:
            assert (await anext(items)).value[0].last == 0.0
            proxy.cut()
            busy.price = 5.0
            again = await anext(items)
            assert again.snapshot
            assert again.value[0].last == 5.0
            busy.tick()
            assert (await anext(items)).value[0].last == 6.0


async def test_two_hundred_cuts_lose_and_double_nothing(
    serve: Any, remote: Any, socket_path: Path, proxied: Path
) -> None:
    busy, chance = BusyEngine(), random.Random(7)
    await serve(busy)
    heard: list[int] = []
    async with CuttingProxy(proxied, socket_path) as proxy:
        engine = await remote(path=proxied)
        done = asyncio.Event()

        async def publish() -> None:
            while not done.is_set():
                if busy.published - len(heard) < 500:
                    busy.trade()
                await settle(1)

        async def cut() -> None:
            for cuts in range(200):
                while engine.reconnects < cuts:
                    await settle(1)
                await settle(chance.randrange(60))
                proxy.cut()
            done.set()

        async with (
            asyncio.timeout(60),
            engine.watch(Trades("S0")) as items,
            asyncio.TaskGroup() as group,
        ):
            group.create_task(publish())
            group.create_task(cut())
            async for item in items:
                heard += [int(trade.id or 0) for trade in item.value]
                if done.is_set() and len(heard) >= busy.published:
                    break
    assert engine.reconnects >= 199
    assert len(heard) > 1_000
    assert heard == list(range(1, len(heard) + 1))
    assert engine.gaps == 0


async def test_closing_ends_what_waits(serve: Any, socket_path: Path) -> None:
    await serve(FakeEngine(topics={BarUpdates: Bars(symbol="A", timeframe=Timeframe.m1)}))
    engine = await RemoteEngine.open(socket_path)
    async with asyncio.timeout(PATIENCE), engine.watch(BarUpdates("A")) as items:
        await anext(items)
        waiting = asyncio.ensure_future(anext(items))
        await engine.close()
        with pytest.raises(TioError):
            await waiting
