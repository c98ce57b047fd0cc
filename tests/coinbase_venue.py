"""Coinbase as the tests of its adapter meet it: what it says, and the source in front of it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from faulty_server import Asked, FaultyServer, Says, delivered

from tio.api.ticks import Trade
from tio.config import SourceSettings
from tio.engine.feeds.http import Web
from tio.engine.feeds.live.coinbase import Coinbase
from tio.engine.feeds.live.reach import Reach
from tio.engine.market.demand import Demand

from fakes import FakeClock, FakeOutlet

T = TypeVar("T")
NOW = datetime(2026, 11, 20, 15, 0, 30, tzinfo=UTC)
LIST = "/api/v3/brokerage/market/products"
CANDLES = "/products/BTC-USD/candles"
TRADES = "/products/BTC-USD/trades"
STAMP = "2026-11-20T15:00:30.5Z"


def product(name: str, alias: str = "") -> dict[str, Any]:
    base, _, quote = name.partition("-")
    return {
        "product_id": name,
        "base_currency_id": base,
        "quote_currency_id": quote,
        "base_name": base,
        "product_type": "SPOT",
        "status": "online",
        "alias": alias,
        "price_increment": "0.01",
        "base_increment": "0.001",
    }


def frame(number: int, channel: str, *events: dict[str, Any]) -> str:
    said = {"channel": channel, "client_id": "", "timestamp": STAMP, "sequence_num": number}
    return json.dumps({**said, "events": events})


def beat(number: int) -> str:
    return frame(number, "heartbeats", {"current_time": "x", "heartbeat_counter": number})


def trades(number: int, *ids: int, product: str = "BTC-USD", kind: str = "update") -> str:
    told = [
        {
            "trade_id": str(each),
            "product_id": product,
            "price": "100",
            "size": "1",
            "side": "BUY",
            "time": STAMP,
        }
        for each in ids
    ]
    return frame(number, "market_trades", {"type": kind, "trades": told})


def book(number: int, kind: str = "snapshot", product: str = "BTC-USD") -> str:
    level = {"side": "bid", "event_time": STAMP, "price_level": "99", "new_quantity": "2"}
    event = {"type": kind, "product_id": product, "updates": [level]}
    return frame(number, "l2_data", event)


def past_trades(asked: Asked) -> Says:
    """Trades before the cursor, the newest first, as the Exchange tells them."""
    after, limit = int(asked.query["after"]), int(asked.query["limit"])
    told = [
        {"time": STAMP, "trade_id": number, "price": "100", "size": "1", "side": "sell"}
        for number in range(after - 1, max(0, after - 1 - limit), -1)
    ]
    return Says(200, json.dumps(told).encode())


def candles(asked: Asked) -> Says:
    """A candle of every span, the newest first, and one that opens before what was asked."""
    step = int(asked.query["granularity"])
    begin, end = (datetime.fromisoformat(asked.query[name]) for name in ("start", "end"))
    first, last = int(begin.timestamp()), int(end.timestamp())
    assert (last - first) // step < 300
    rows = [[at, 0.5, 2, 1, 1.5, 9] for at in range(last, first - 2 * step, -step)]
    return Says(200, json.dumps(rows).encode())


class Scene:
    """The source against the server, with a clock moved by hand; `venue` answers its messages."""

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.clock = FakeClock(NOW)
        self.web = Web(self.clock, jitter=lambda: 0.5)
        settings = SourceSettings(base_url=server.url, ws_url=server.ws_url)
        self.coinbase = Coinbase(Reach(self.web, self.clock, settings, jitter=lambda: 0.5))
        self.out = FakeOutlet()
        self.demand = Demand()
        server.answer(
            LIST,
            json={
                "products": [
                    product("BTC-USD"),
                    product("BTC-USDC", "BTC-USD"),
                    product("ETH-USD"),
                    product("BTC-USDT"),
                ]
            },
        )
        server.answer(TRADES, past_trades)
        server.answer(CANDLES, candles)

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

    def ids(self, symbol: str = "BTC-USD") -> list[str | None]:
        ticks = self.out.ticks
        return [each.id for each in ticks if isinstance(each, Trade) and each.symbol == symbol]

    def said(self, kind: str = "subscribe") -> list[tuple[str, list[str]]]:
        """Channel and products of every message of that kind we sent."""
        told = [json.loads(text) for text in self.server.heard]
        return [
            (each["channel"], each.get("product_ids", [])) for each in told if each["type"] == kind
        ]

    async def listed(self) -> None:
        self.coinbase.learn(await self.told(self.coinbase.listing()))

    @asynccontextmanager
    async def running(self, *symbols: str) -> AsyncIterator[None]:
        await self.listed()
        self.demand.add(symbols)
        task = asyncio.create_task(self.coinbase.run(self.demand.follow(), self.out))
        try:
            await self.until(lambda: len(self.server.heard) >= 4)
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
