"""A server that speaks as OKX does, over its socket and under `/api/v5`."""

import json
from collections.abc import Sequence
from typing import Any

from faulty_server import FaultyServer


class OkxServer:
    """Confirms subscriptions, sends what OKX sends first, answers `ping`; `unknown` are errors.

    Books are numbered by `numbers`; `past` has the last trade of an instrument.
    """

    def __init__(self, server: FaultyServer) -> None:
        self.server = server
        self.subscribed: list[tuple[str, str]] = []
        self.unknown: set[str] = set()
        self.numbers: dict[str, int] = {}
        self.past: dict[str, tuple[int, float]] = {}
        server.on_message = self._answers
        listed = [
            {
                "instId": name, "baseCcy": name.split("-")[0], "quoteCcy": name.split("-")[1],
                "state": "live", "tickSz": "0.1", "lotSz": "0.00000001", "instType": "SPOT",
            }
            for name in ("BTC-USDT", "ETH-USDT", "SOL-USDT", "XRP-USDT")
        ]  # fmt: skip
        self.answer("public/instruments", listed)

    def answer(self, word: str, data: Any) -> None:
        self.server.answer(f"/api/v5/{word}", json={"code": "0", "msg": "", "data": data})

    async def trade(self, name: str, number: int, at: float) -> None:
        await self.server.say(_frame("trades", name, [trade(name, number, at)]))

    async def change(self, name: str, bid: tuple[str, str], skips: int = 0) -> None:
        """One bid changes; frames that number `skips` are lost before it."""
        before = self.numbers[name] + skips
        self.numbers[name] = before + 1
        book = self._book([[*bid, "0", "1"]], [], before, before + 1)
        await self.server.say(_frame("books", name, [book], "update"))

    def _answers(self, text: str) -> list[str]:
        if text == "ping":
            return ["pong"]
        said = json.loads(text)
        frames: list[str] = []
        for arg in said["args"]:
            channel, name = arg["channel"], arg["instId"]
            if name in self.unknown:
                words = f"Wrong URL or channel:{channel},instId:{name} doesn't exist."
                frames.append(json.dumps({"event": "error", "code": "60018", "msg": words}))
                continue
            frames.append(json.dumps({"event": said["op"], "arg": arg, "connId": "a4d3ae55"}))
            if said["op"] == "subscribe":
                self.subscribed.append((channel, name))
                frames += self._first(channel, name)
            else:
                self.subscribed.remove((channel, name))
        return frames

    def _first(self, channel: str, name: str) -> list[str]:
        match channel:
            case "tickers":
                return [_frame(channel, name, [ticker(name)])]
            case "trades" if name in self.past:
                return [_frame(channel, name, [trade(name, *self.past[name])])]
            case "books":
                number = self.numbers.setdefault(name, 100)
                levels: list[list[str]] = [["99.5", "1", "0", "1"]]
                asks: list[list[str]] = [["100.5", "1", "0", "1"]]
                return [_frame(channel, name, [self._book(levels, asks, -1, number)], "snapshot")]
        return []

    def _book(
        self, bids: Sequence[Sequence[str]], asks: Sequence[Sequence[str]], before: int, number: int
    ) -> dict[str, Any]:
        return {
            "bids": bids, "asks": asks, "ts": "1763650800000", "checksum": 0,
            "prevSeqId": before, "seqId": number,
        }  # fmt: skip


def trade(name: str, number: int, at: float) -> dict[str, str]:
    return {
        "instId": name, "tradeId": str(number), "px": "100", "sz": "1", "side": "sell",
        "ts": str(round(at * 1_000)),
    }  # fmt: skip


def ticker(name: str) -> dict[str, str]:
    return {
        "instType": "SPOT", "instId": name, "last": "100", "lastSz": "1", "askPx": "100.5",
        "askSz": "1", "bidPx": "99.5", "bidSz": "1", "open24h": "97", "high24h": "110",
        "low24h": "90", "vol24h": "5", "volCcy24h": "500", "ts": "1763650800000",
    }  # fmt: skip


def _frame(channel: str, name: str, data: Any, action: str = "") -> str:
    said: dict[str, Any] = {"arg": {"channel": channel, "instId": name}, "data": data}
    return json.dumps({**said, "action": action} if action else said)
