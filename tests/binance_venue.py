"""Binance as the tests of its adapter meet it: what it says, and the source in front of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from faulty_server import Asked, FaultyServer, Says, delivered

from tio.api.series import instant
from tio.api.ticks import Trade
from tio.engine.feeds.http import Web
from tio.engine.feeds.live import binance
from tio.engine.feeds.live.binance import Binance
from tio.engine.feeds.live.binance_asking import Door, Venue
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand

from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC)
MINUTE = 60_000
API = "/api/v3/"


def info(*names: str, weight: int = 6_000) -> dict[str, Any]:
    """An `exchangeInfo` of pairs given as `BTC-USDT`."""
    return {
        "rateLimits": [
            {
                "rateLimitType": "REQUEST_WEIGHT",
                "interval": "MINUTE",
                "intervalNum": 1,
                "limit": weight,
            }
        ],
        "symbols": [
            {
                "symbol": name.replace("-", ""),
                "status": "TRADING",
                "baseAsset": name.partition("-")[0],
                "quoteAsset": name.partition("-")[2],
                "filters": [{"filterType": "PRICE_FILTER", "tickSize": "0.01"}],
            }
            for name in names
        ],
    }


def traded(number: int, price: float = 100.0, symbol: str = "BTCUSDT") -> str:
    """A frame of one aggregated trade."""
    at = instant(NOW) // 1_000 + number
    data = {
        "e": "aggTrade",
        "s": symbol,
        "a": number,
        "p": str(price),
        "q": "1",
        "T": at,
        "m": False,
    }
    return json.dumps({"stream": f"{symbol.lower()}@aggTrade", "data": data})


def aggregates(asked: Asked) -> Says:
    """The trades from `fromId` on, up to number 20."""
    first, limit = int(asked.query["fromId"]), int(asked.query["limit"])
    numbers = range(first, min(21, first + limit))
    trades = [json.loads(traded(number))["data"] for number in numbers]
    return Says(200, json.dumps(trades).encode())


def changed(first: int, last: int, bid: float, symbol: str = "BTCUSDT") -> str:
    """A frame of changes of a book: one size at one bid."""
    data = {
        "e": "depthUpdate",
        "E": instant(NOW) // 1_000 + last,
        "s": symbol,
        "U": first,
        "u": last,
        "b": [[str(bid), "1"]],
        "a": [],
    }
    return json.dumps({"stream": f"{symbol.lower()}@depth@100ms", "data": data})


def book(number: int) -> dict[str, Any]:
    """A snapshot of a book that has reached a number."""
    return {"lastUpdateId": number, "bids": [["90", "1"]], "asks": [["110", "1"]]}


def klines(asked: Asked) -> Says:
    """Bars of every minute since the epoch."""
    last = int(asked.query["endTime"]) // MINUTE
    rows = [
        [minute * MINUTE, "1", "2", "0.5", str(minute), "9", (minute + 1) * MINUTE - 1]
        for minute in range(last - int(asked.query["limit"]) + 1, last + 1)
    ]
    return Says(200, json.dumps(rows).encode())


class Scene:
    """The source against one server, or two as its two doors, with a clock moved by hand."""

    def __init__(self, *servers: FaultyServer) -> None:
        self.servers = servers
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        doors = tuple(
            Door(server.url, server.ws_url, "com" if number else "")
            for number, server in enumerate(servers)
        )
        venue = Venue(traits=binance.VENUE.traits, title="Binance", doors=doors, weight=4_800)
        self.binance = Binance(Reach(self.web, self.clock, jitter=lambda: 0.5), venue)
        self.out = FakeOutlet()
        self.demand = Demand()
        for server in servers:
            server.answer(f"{API}ping", json={})
            server.answer(f"{API}exchangeInfo", json=info("BTC-USDT", "ETH-BTC", "QRS-XYZ"))
            server.answer(f"{API}aggTrades", aggregates)
            server.answer(f"{API}klines", klines)

    @property
    def server(self) -> FaultyServer:
        return self.servers[0]

    async def told(self, asked: Coroutine[Any, Any, T]) -> T:
        """The answer, while time passes for the limiter."""
        task = asyncio.ensure_future(asked)
        await self.until(task.done)
        return await task

    async def until(self, true: Callable[[], bool], step: float = 0.1) -> None:
        """Let time pass until something is so."""
        async with asyncio.timeout(30):
            while not true():
                await self.clock.advance(step)
                await delivered()

    async def passes(self, seconds: float) -> None:
        """Let so much time pass, and the network keep up with it."""
        end = self.clock.monotonic() + seconds
        await self.until(lambda: self.clock.monotonic() >= end, step=0.5)

    def trades(self) -> list[str | None]:
        return [tick.id for tick in self.out.ticks if isinstance(tick, Trade)]

    async def listed(self) -> None:
        self.binance.learn(await self.told(self.binance.listing()))

    @asynccontextmanager
    async def running(self, *symbols: str) -> AsyncIterator["asyncio.Task[None]"]:
        await self.listed()
        self.demand.add(symbols)
        task = asyncio.create_task(self.binance.run(self.demand.follow(), self.out))
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def subscribed(self, server: FaultyServer | None = None) -> None:
        server = server or self.server
        await self.until(lambda: bool(server.heard))
