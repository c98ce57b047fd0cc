"""A whole engine of real prices on a clock moved by hand, with Yahoo and Kraken on the loopback."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from faulty_server import FaultyServer, faulty_server
from kraken_server import KrakenServer
from yahoo_answers import chart, quote
from yahoo_server import YahooServer

from tio.api.contract import Engine
from tio.api.market import Quote, Quotes
from tio.api.past import ListStoredBars
from tio.api.sources import ListRoutes, ListSources, Route, SourceReport
from tio.config import Config, SourceSettings
from tio.engine.feeds.live.catalogue import CATALOGUE
from tio.engine.local import LocalEngine
from tio.paths import Paths

from fakes import FakeClock

STEP = 0.5
"""Seconds the clock is moved at once, so that the loopback keeps up."""
REAL = 60.0
"""Seconds of the machine's own time after which a wait has failed."""


@dataclass
class Venues:
    """The two servers; Kraken beats while `beats`, Yahoo's prices are of now while `prices`."""

    clock: FakeClock
    yahoo: YahooServer
    web: FaultyServer
    kraken: KrakenServer
    beats: bool = True
    prices: bool = True

    def priced(self, symbol: str, price: float, **more: object) -> None:
        """Yahoo tells this price of a name, in its quotes and in its charts."""
        self.yahoo.charts[symbol] = ""
        self.yahoo.quotes[symbol] = quote(symbol, price, marketState="REGULAR", **more)
        self.age()

    def age(self) -> None:
        """What Yahoo tells is of now."""
        at = int(self.clock.now().timestamp())
        for told in self.yahoo.quotes.values():
            told["regularMarketTime"] = at
            name, price = told["symbol"], told["regularMarketPrice"]
            self.yahoo.charts[name] = chart(
                name,
                regularMarketPrice=price,
                regularMarketTime=at,
                instrumentType=told["quoteType"],
                exchangeName=told["exchange"],
            )


@dataclass
class Scene:
    """The engine, what it was seen to tell, and time."""

    venues: Venues
    engine: Engine
    clock: FakeClock
    quotes: dict[str, Quote] = field(default_factory=dict)

    async def until(self, true: Callable[[], bool], within: float = 120.0) -> None:
        """Let time pass until something is so; fails after so many seconds of the clock."""
        begun, ends = time.monotonic(), self.clock.monotonic() + within
        while not true():
            late = self.clock.monotonic() >= ends or time.monotonic() - begun > REAL
            assert not late, f"not within {within:.0f} s: {self.quotes}"
            await self.step()

    async def step(self) -> None:
        if self.venues.beats and self.venues.web.sockets:
            await self.venues.kraken.beat()
        if self.venues.prices:
            self.venues.age()
        await self.clock.advance(STEP)
        # The store has a thread of its own: what it was asked before is done when this is.
        await self.engine.ask(ListStoredBars())

    async def spend(self, seconds: float) -> None:
        """Let so much time pass."""
        ends = self.clock.monotonic() + seconds
        while self.clock.monotonic() < ends:
            await self.step()

    async def report(self, source: str) -> SourceReport:
        reports = await self.engine.ask(ListSources())
        return next(each for each in reports if each.name == source)

    async def route(self, symbol: str) -> Route:
        (route,) = await self.engine.ask(ListRoutes((symbol,)))
        return route

    def last(self, symbol: str) -> tuple[float | None, str]:
        """The last price and who told it."""
        told = self.quotes.get(symbol)
        return (told.last, told.source) if told is not None else (None, "")


@asynccontextmanager
async def venues_at(clock: FakeClock) -> AsyncIterator[Venues]:
    """Yahoo and Kraken, both well: BTC-USD is 100 at Kraken and 101 at Yahoo."""
    async with YahooServer().serving() as yahoo, faulty_server(clock) as web:
        venues = Venues(clock, yahoo, web, KrakenServer(web))
        venues.priced("AAPL", 244.6)
        venues.priced(
            "BTC-USD", 101.0, quoteType="CRYPTOCURRENCY", exchange="CCC", quoteSourceName="Coin"
        )
        yield venues


@asynccontextmanager
async def scene_of(
    venues: Venues,
    *symbols: str,
    kraken: str = "",
    yahoo: str = "",
    more: Mapping[str, SourceSettings] = {},
) -> AsyncIterator[Scene]:
    """An engine that watches these; `kraken` and `yahoo` are addresses instead of the servers'.

    `more` are sources beside those two.
    """
    sources = {name: SourceSettings(enabled=False) for name in CATALOGUE}
    sources["kraken"] = SourceSettings(
        base_url=kraken or venues.web.url,
        ws_url=kraken.replace("http", "ws", 1) or venues.web.ws_url,
    )
    sources["yahoo"] = SourceSettings(
        base_url=yahoo or venues.yahoo.url,
        ws_url=yahoo.replace("http", "ws", 1) or venues.yahoo.socket_url,
    )
    sources.update(more)
    clock = venues.clock
    place = Paths.find().workspace("main")
    local = LocalEngine(place, Config(sources=sources), wall=clock)
    await local.start()
    try:
        scene = Scene(venues, local.session(), clock)
        async with scene.engine.watch(Quotes(symbols)) as items:

            async def see() -> None:
                async for item in items:
                    scene.quotes.update((each.symbol, each) for each in item.value)

            seeing = asyncio.create_task(see())
            try:
                yield scene
            finally:
                seeing.cancel()
                await asyncio.gather(seeing, return_exceptions=True)
    finally:
        await local.close()
