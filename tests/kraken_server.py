"""A server that speaks as Kraken does, over its socket and under `/0/public`."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from faulty_server import Asked, FaultyServer, Says

from tio.engine.feeds.kraken_book import checksum

PAIRS = {
    "XXBTZUSD": {
        "altname": "XBTUSD", "wsname": "XBT/USD", "aclass_base": "currency", "base": "XXBT",
        "quote": "ZUSD", "pair_decimals": 1, "lot_decimals": 8, "status": "online",
    },
    "XETHZUSD": {"altname": "ETHUSD", "wsname": "ETH/USD", "pair_decimals": 2, "lot_decimals": 8},
    "ZEURZUSD": {"altname": "EURUSD", "wsname": "EUR/USD", "pair_decimals": 5, "lot_decimals": 8},
}  # fmt: skip
STAMP = "2026-11-20T15:00:00.000000Z"
HEARTBEAT = '{"channel":"heartbeat"}'


class KrakenServer:
    """Answers what is subscribed with acknowledgements and snapshots; `unknown` pairs not.

    Books and trades are what tests put there: `bids`, `asks` by pair, `past` trades by pair.
    """

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.subscribed: list[tuple[str, str]] = []
        self.unknown: set[str] = set()
        self.bids: dict[str, dict[float, float]] = {}
        self.asks: dict[str, dict[float, float]] = {}
        self.past: dict[str, list[tuple[int, float]]] = {}
        self.spoils_checksums = False
        self.snapshots = 0
        self._stamped_from: float | None = None
        server.on_message = self._answers
        server.answer("/0/public/AssetPairs", json={"error": [], "result": PAIRS})

    def answer(self, word: str, result: Any) -> None:
        self.server.answer(f"/0/public/{word}", json={"error": [], "result": result})

    def fail(self, word: str, *errors: str) -> None:
        """Errors come under HTTP 200, one a request."""
        for error in errors:
            self.server.then(
                f"/0/public/{word}", Says(200, json.dumps({"error": [error]}).encode())
            )

    def serve_trades(self, name: str, trades: Sequence[tuple[int, float, float]]) -> None:
        """REST has these trades of a pair: number, seconds, price; `since` is heeded."""

        def told(asked: Asked) -> Says:
            rows = [
                [str(price), "1.0", at, "b", "l", "", number]
                for number, at, price in trades
                if at * 1e9 > int(asked.query["since"])
            ]
            last = str(int(max((at for _, at, _ in trades), default=0) * 1e9))
            body = {"error": [], "result": {name: rows, "last": last}}
            return Says(200, json.dumps(body).encode())

        self.server.answer("/0/public/Trades", told)

    def stamp_from(self, at: float) -> None:
        """From now on a trade's time is its number of seconds after `at`."""
        self._stamped_from = at

    async def beat(self) -> None:
        await self.server.say(HEARTBEAT)

    async def trade(self, pair: str, *trades: tuple[int, float], kind: str = "update") -> None:
        await self.server.say(self._trades(pair, trades, kind))

    async def change(self, pair: str, bid: tuple[float, float]) -> None:
        """One bid changes; the checksum is the right one unless `spoils_checksums`."""
        price, size = bid
        side = self.bids.setdefault(pair, {})
        if size:
            side[price] = size
        else:
            side.pop(price, None)
        await self.server.say(self._book(pair, "update", [(price, size)], []))

    def _answers(self, text: str) -> list[str]:
        said = json.loads(text)
        channel, method = said["params"]["channel"], said["method"]
        frames = []
        for pair in said["params"]["symbol"]:
            if pair in self.unknown:
                frames.append(
                    json.dumps(
                        {
                            "error": f"Currency pair not supported {pair}",
                            "method": method, "success": False, "symbol": pair,
                        }
                    )
                )  # fmt: skip
                continue
            result = {"channel": channel, "symbol": pair}
            frames.append(json.dumps({"method": method, "result": result, "success": True}))
            if method == "subscribe":
                self.subscribed.append((channel, pair))
                frames += self._snapshot(channel, pair)
            else:
                self.subscribed.remove((channel, pair))
        return frames

    def _snapshot(self, channel: str, pair: str) -> list[str]:
        self.snapshots += channel == "book"
        match channel:
            case "trade":
                return [self._trades(pair, self.past.get(pair, ()), "snapshot")]
            case "book":
                bids = self.bids.setdefault(pair, {99.5: 1.0})
                asks = self.asks.setdefault(pair, {100.5: 2.0})
                return [self._book(pair, "snapshot", [*bids.items()], [*asks.items()])]
        ticker = {
            "symbol": pair, "bid": 99.5, "bid_qty": 1.0, "ask": 100.5, "ask_qty": 2.0,
            "last": 100.0, "volume": 5.0, "vwap": 100.0, "low": 90.0, "high": 110.0,
            "change": 2.0, "change_pct": 2.0, "timestamp": STAMP,
        }  # fmt: skip
        return [json.dumps({"channel": "ticker", "type": "snapshot", "data": [ticker]})]

    def _trades(self, pair: str, trades: Sequence[tuple[int, float]], kind: str) -> str:
        data = [
            {
                "symbol": pair, "side": "buy", "price": price, "qty": 1.0, "ord_type": "limit",
                "trade_id": number, "timestamp": self._stamp(number),
            }
            for number, price in trades
        ]  # fmt: skip
        return json.dumps({"channel": "trade", "type": kind, "data": data})

    def _stamp(self, number: int) -> str:
        if self._stamped_from is None:
            return STAMP
        return datetime.fromtimestamp(self._stamped_from + number, UTC).isoformat()

    def _book(
        self, pair: str, kind: str, bids: list[tuple[float, float]], asks: list[tuple[float, float]]
    ) -> str:
        decimals = {"BTC/USD": 1, "ETH/USD": 2, "EUR/USD": 5}[pair]
        lowest = tuple(sorted(self.asks.get(pair, {}).items()))
        highest = tuple(sorted(self.bids.get(pair, {}).items(), reverse=True))
        data = {
            "symbol": pair,
            "bids": [{"price": price, "qty": size} for price, size in bids],
            "asks": [{"price": price, "qty": size} for price, size in asks],
            "checksum": checksum(lowest[:10], highest[:10], decimals, 8) + self.spoils_checksums,
            "timestamp": STAMP,
        }
        return json.dumps({"channel": "book", "type": kind, "data": [data]})
