"""The first figures of a running engine, before and while the full client takes over."""

import asyncio
from pathlib import Path

import pytest

from tio.api.errors import NotFound, TioError
from tio.api.market import BarUpdates, GetQuotes, Quotes, SearchInstruments, Timeframe
from tio.api.watchlists import ListWatchlists, SaveWatchlist, Watchlist, Watchlists
from tio.config import Config, Demo
from tio.connect import Place, open_engine
from tio.first_look import FirstLook
from tio.paths import Paths
from tio.wire.gone import EngineGone

PATIENCE = 30.0
CONFIG = Config(demo=Demo(symbols=3, rate=100.0))


async def test_it_asks_and_watches_like_the_client() -> None:
    place = Paths.find().workspace("demo")
    engine = await open_engine(place, CONFIG)
    look = FirstLook(place.socket)
    try:
        async with asyncio.timeout(PATIENCE):
            await look.greet()
            symbols = tuple(i.symbol for i in await look.ask(SearchInstruments(limit=2)))
            assert len(symbols) == 2
            await look.ask(SaveWatchlist("tech", symbols), key="once")
            assert await look.ask(ListWatchlists()) == (Watchlist("tech", symbols),)
            async with look.watch(Watchlists()) as lists:
                assert (await anext(lists)).value == (Watchlist("tech", symbols),)
            assert not look.shown.is_set()
            async with look.watch(Quotes(symbols=symbols)) as quotes:
                item = await anext(quotes)
                assert item.snapshot
                assert {quote.symbol for quote in item.value} == set(symbols)
            assert look.shown.is_set()
            with pytest.raises(NotFound):
                await look.ask(GetQuotes(symbols=("NOSUCH",)))
    finally:
        await engine.close()


async def test_the_full_client_takes_over_its_watches() -> None:
    place = Paths.find().workspace("demo")
    engine = await open_engine(place, CONFIG)
    try:
        async with asyncio.timeout(PATIENCE):
            symbol = (await engine.ask(SearchInstruments(limit=1)))[0].symbol
            attached = await open_engine(place, CONFIG, look_first=True)
            try:
                assert attached.state.place is Place.attached
                assert isinstance(await attached.present(), FirstLook)
                bars = BarUpdates(symbol=symbol, timeframe=Timeframe.m1, limit=5)
                async with (
                    attached.watch(Quotes(symbols=(symbol,))) as quotes,
                    attached.watch(bars) as waiting,
                ):
                    assert (await anext(quotes)).snapshot
                    assert (await anext(waiting)).snapshot
                    assert not isinstance(await attached.present(), FirstLook)
                    while not (item := await anext(quotes)).snapshot:
                        pass
                    assert item.value[0].symbol == symbol
            finally:
                await attached.close()
    finally:
        await engine.close()


async def test_one_that_is_left_before_the_client_came_closes(home: Path) -> None:
    place = Paths.find().workspace("demo")
    engine = await open_engine(place, CONFIG)
    try:
        attached = await open_engine(place, CONFIG, look_first=True)
        await attached.close()
        with pytest.raises(EngineGone):
            await attached.present()
    finally:
        await engine.close()


async def test_an_engine_that_is_not_there_is_gone(tmp_path: Path) -> None:
    look = FirstLook(tmp_path / "no.sock")
    for act in (look.greet, lambda: look.ask(ListWatchlists())):
        with pytest.raises(EngineGone):
            await act()
    with pytest.raises(TioError):
        async with look.watch(Watchlists()):
            pass


async def test_answers_that_are_no_http_are_a_gone_engine(tmp_path: Path) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"nonsense\r\n\r\n")
        writer.close()

    path = tmp_path / "b.sock"
    async with await asyncio.start_unix_server(babble, path):
        with pytest.raises(EngineGone):
            await FirstLook(path).greet()
