"""A server that speaks as Bitstamp does, over its socket and under `/api/v2`."""

import json
from collections.abc import Sequence
from typing import Any

from faulty_server import FaultyServer

HEARTBEAT = '{"event":"bts:heartbeat","channel":"","data":{"status":"success"}}'
PAIRS = [
    {
        "name": name, "url_symbol": name.replace("/", "").lower(), "base_decimals": 8,
        "counter_decimals": 2, "trading": "Enabled", "description": name,
    }
    for name in ("BTC/USD", "ETH/USD", "SOL/USD", "XRP/USD", "EUR/USD")
]  # fmt: skip


class BitstampServer:
    """Confirms subscriptions and heartbeats; channels in `unknown` are errors."""

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.channels: list[str] = []
        self.unknown: set[str] = set()
        server.on_message = self._answers
        server.answer("/api/v2/trading-pairs-info/", json=PAIRS)
        server.answer("/api/v2/ticker/", json=[ticker(pair["name"]) for pair in PAIRS])
        for pair in PAIRS:
            server.answer(f"/api/v2/ticker/{pair['url_symbol']}/", json=ticker(pair["name"]))

    async def trade(self, pair: str, number: int, at: float, price: float = 100.0) -> None:
        data = {
            "id": number, "amount": 1.0, "amount_str": "1.0", "price": price,
            "price_str": str(price), "type": 0, "timestamp": str(int(at)),
            "microtimestamp": str(int(at * 1e6)), "buy_order_id": 1, "sell_order_id": 2,
        }  # fmt: skip
        await self._say("trade", f"live_trades_{pair}", data)

    async def book(self, pair: str, bids: Sequence[tuple[str, str]], at: float) -> None:
        stamps = {"timestamp": str(int(at)), "microtimestamp": str(int(at * 1e6))}
        await self._say("data", f"order_book_{pair}", {**stamps, "bids": bids, "asks": []})

    async def _say(self, event: str, channel: str, data: Any) -> None:
        await self.server.say(json.dumps({"event": event, "channel": channel, "data": data}))

    def _answers(self, text: str) -> list[str]:
        said = json.loads(text)
        event = said["event"]
        if event == "bts:heartbeat":
            return [HEARTBEAT]
        channel = said["data"]["channel"]
        if channel in self.unknown:
            data: dict[str, Any] = {"code": None, "message": "Bad subscription string."}
            return [json.dumps({"event": "bts:error", "channel": channel, "data": data})]
        if event == "bts:subscribe":
            self.channels.append(channel)
        else:
            self.channels.remove(channel)
        done = {"bts:subscribe": "bts:subscription_succeeded"}.get(
            event, "bts:unsubscription_succeeded"
        )
        return [json.dumps({"event": done, "channel": channel, "data": {}})]


def ticker(pair: Any) -> dict[str, str]:
    return {
        "pair": pair, "timestamp": "1763650800", "open": "98", "high": "110", "low": "90",
        "last": "100", "volume": "5", "vwap": "100", "bid": "99", "ask": "101",
        "open_24": "97", "percent_change_24": "3.09",
    }  # fmt: skip
