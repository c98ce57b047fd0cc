"""A venue and a quotes page on the loopback, each a process of its own, for `bench_live.py`.

python -m benchmarks.live_servers kraken|yahoo    prints its port, and serves until it is ended
"""

import asyncio
import json
import random
import sys
import time
from datetime import UTC, datetime
from typing import Any

from aiohttp import WSMsgType, web

PAIRS = 50
RATE = 2_000
DAY = 86_400
ROWS = 2_515
"""Trading days of ten years."""
OPENED = 1_447_684_200
"""An open of New York eleven years ago; a row a day from there, weekends left out."""


class Venue:
    """Says `RATE` trades a second of what is subscribed; each bears the time it was sent at."""

    def __init__(self) -> None:
        self.sockets: dict[web.WebSocketResponse, list[str]] = {}
        self.numbers = 0

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/0/public/AssetPairs", self.pairs), web.get("/ws", self.talk)]

    async def pairs(self, request: web.Request) -> web.Response:
        listed = {
            f"C{n}USD": {
                "altname": f"C{n}USD",
                "wsname": f"C{n}/USD",
                "pair_decimals": 2,
                "lot_decimals": 8,
                "status": "online",
            }
            for n in range(PAIRS)
        }
        return web.json_response({"error": [], "result": listed})

    async def talk(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        names = self.sockets[socket] = []
        telling = asyncio.create_task(self.tell(socket, names))
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                said = json.loads(message.data)["params"]
                if said.get("channel") == "trade":
                    names += said["symbol"]
        telling.cancel()
        return socket

    async def tell(self, socket: web.WebSocketResponse, names: list[str]) -> None:
        begun, said = time.monotonic(), 0
        while True:
            await asyncio.sleep(0.001)
            if not names:
                begun, said = time.monotonic(), 0
                continue
            due = int((time.monotonic() - begun) * RATE)
            for number in range(said, due):
                name, at = names[number % len(names)], datetime.now(UTC)
                price, trade = 100 + random.random(), number // len(names) + 1
                await socket.send_str(
                    f'{{"channel":"trade","type":"update","data":[{{"symbol":"{name}",'
                    f'"side":"buy","price":{price:.2f},"qty":0.5,"ord_type":"limit",'
                    f'"trade_id":{trade},"timestamp":"{at:%Y-%m-%dT%H:%M:%S.%f}Z"}}]}}'
                )
            said = due


class Page:
    """Quotes and ten years of days for any name; notes when it was asked what."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, float]] = []
        self.charts: dict[tuple[int, int], str] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/", self.cookie),
            web.get("/asked", self.told),
            web.get("/v1/test/getcrumb", self.crumb),
            web.get("/v7/finance/quote", self.quote),
            web.get("/v8/finance/chart/{symbol}", self.chart),
            web.get("/stream", self.stream),
        ]

    def note(self, kind: str) -> None:
        self.asked.append((kind, time.monotonic()))

    async def told(self, request: web.Request) -> web.Response:
        return web.json_response(self.asked)

    async def cookie(self, request: web.Request) -> web.Response:
        self.note("guarded")
        answer = web.Response(status=404, text="not here")
        answer.set_cookie("A3", "d=bench")
        return answer

    async def crumb(self, request: web.Request) -> web.Response:
        self.note("guarded")
        return web.Response(text="haT3oykhHqZ")

    async def quote(self, request: web.Request) -> web.Response:
        self.note("guarded")
        now = int(time.time())
        found = [
            {
                "symbol": name,
                "quoteType": "EQUITY",
                "exchange": "NMS",
                "currency": "USD",
                "exchangeDataDelayedBy": 0,
                "marketState": "REGULAR",
                "regularMarketPrice": 100.0,
                "regularMarketTime": now,
            }
            for name in request.query["symbols"].split(",")
        ]
        return web.json_response({"quoteResponse": {"result": found, "error": None}})

    async def chart(self, request: web.Request) -> web.Response:
        self.note("open")
        first = int(request.query.get("period1", 0))
        last = int(request.query.get("period2", 1 << 40))
        key = first // DAY, last // DAY
        if key not in self.charts:
            self.charts[key] = chart(first, last)
        return web.Response(text=self.charts[key], content_type="application/json")

    async def stream(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for _ in socket:
            pass
        return socket


def chart(first: int = 0, last: int = 1 << 40) -> str:
    """Ten years of days between two instants, as Yahoo tells them."""
    chance = random.Random(7)
    times: list[int] = []
    rows: list[tuple[float, float, float, float, int]] = []
    at, price = OPENED, 50.0
    while len(times) < ROWS:
        if datetime.fromtimestamp(at, UTC).weekday() < 5:
            move = chance.uniform(-0.02, 0.021)
            close = price * (1 + move)
            low, high = min(price, close) * 0.995, max(price, close) * 1.005
            rows.append((price, high, low, close, chance.randint(10_000, 9_000_000)))
            times.append(at)
            price = close
        at += DAY
    kept = [n for n, at in enumerate(times) if first <= at < last]
    names = ("open", "high", "low", "close", "volume")
    columns = {name: [rows[n][i] for n in kept] for i, name in enumerate(names)}
    result: dict[str, Any] = {
        "meta": {
            "currency": "USD",
            "symbol": "X",
            "exchangeName": "NMS",
            "instrumentType": "EQUITY",
            "exchangeTimezoneName": "America/New_York",
            "regularMarketTime": times[-1],
            "regularMarketPrice": price,
            "dataGranularity": "1d",
        },
        "timestamp": [times[n] for n in kept],
        "indicators": {"quote": [columns]},
    }
    return json.dumps({"chart": {"result": [result], "error": None}})


async def main() -> None:
    served = Venue() if sys.argv[1] == "kraken" else Page()
    app = web.Application()
    app.add_routes(served.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    # Whoever started this is gone when its end of the pipe is.
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
