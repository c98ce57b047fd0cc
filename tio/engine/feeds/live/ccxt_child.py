"""Runs ccxt for tio in a process of its own: a question a line in, an answer a line out, as JSON.

Importing ccxt takes seconds and a hundred megabytes, and its calls block: none of that here is
tio's. This file is run by its path, so it imports nothing of tio.
"""

import importlib
import json
import os
import sys
from decimal import Decimal
from typing import Any, TextIO

PAGE, PAGES = 1_000, 40
"""Bars asked for at once (an exchange may give fewer), and the most questions for one history."""
TIMEOUT = 15_000
FIGURES = (
    *("symbol", "timestamp", "last", "bid", "ask", "bidVolume", "askVolume"),
    *("open", "high", "low", "baseVolume"),
)

KINDS = {
    "ModuleNotFoundError": "missing",
    "BadSymbol": "unknown",
    "NotSupported": "unserved",
    "RateLimitExceeded": "busy",
    "DDoSProtection": "busy",
    "PermissionDenied": "refused",
    "AuthenticationError": "refused",
    "NetworkError": "unreachable",
}
"""ccxt's errors by name, their bases included → what tio makes of them; any other is `failed`."""


class NotSupported(Exception):
    """Named as ccxt's own: the exchange has no such thing."""


def main(name: str, proxy: str, questions: TextIO, answers: TextIO) -> None:
    """Answer until there are no more questions."""
    exchange: Any = None
    for line in questions:
        asked = json.loads(line)
        told: dict[str, Any] = {"id": asked["id"]}
        try:
            if exchange is None:
                exchange = opened(name, proxy)
            told["rows"] = ANSWERS[asked["ask"]](exchange, asked)
        except Exception as error:  # noqa: BLE001 — whatever ccxt raises is told, not ours to sort
            told |= {"error": kind_of(error), "words": str(error)[:400]}
        answers.write(json.dumps(told) + "\n")
        answers.flush()


def opened(name: str, proxy: str) -> Any:
    """The exchange, which keeps its own rate limit."""
    ccxt = importlib.import_module("ccxt")
    if name not in ccxt.exchanges:
        raise LookupError(f"ccxt knows no exchange {name!r}")
    exchange = getattr(ccxt, name)({"enableRateLimit": True, "timeout": TIMEOUT})
    if proxy:
        exchange.httpsProxy = proxy
    return exchange


def kind_of(error: Exception) -> str:
    """What an error means, by the nearest of its names that says something."""
    names = (each.__name__ for each in type(error).__mro__)
    return next((KINDS[name] for name in names if name in KINDS), "failed")


def markets(exchange: Any, asked: dict[str, Any]) -> list[list[Any]]:
    """Spot pairs that trade: symbol, base, quote, decimals of price and size."""
    found = exchange.load_markets(True)
    return [
        [
            each["symbol"],
            each["base"],
            each["quote"],
            decimals(exchange, each["precision"].get("price")),
            decimals(exchange, each["precision"].get("amount")),
        ]
        for each in found.values()
        if each.get("spot") and each.get("active") is not False
    ]


def decimals(exchange: Any, precision: Any) -> int | None:
    """Digits after the point: ccxt tells a step (mode 4) or their number (mode 2)."""
    if precision is None or exchange.precisionMode not in (2, 4):
        return None
    if exchange.precisionMode == 2:
        return max(0, int(precision))
    exponent = Decimal(str(precision)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def tickers(exchange: Any, asked: dict[str, Any]) -> list[list[Any]]:
    """Of each symbol: its time (ms), last, bid, ask, their sizes, open, high, low, volume."""
    symbols = asked["symbols"]
    if exchange.has.get("fetchTickers"):
        found = list(exchange.fetch_tickers(symbols).values())
    else:
        found = [exchange.fetch_ticker(symbol) for symbol in symbols]
    return [[each.get(name) for name in FIGURES] for each in found]


def candles(exchange: Any, asked: dict[str, Any]) -> list[list[Any]]:
    """Bars from `since` up to `until` (ms), oldest first: time, open, high, low, close, volume."""
    symbol, timeframe, until = asked["symbol"], asked["timeframe"], asked["until"]
    if not exchange.has.get("fetchOHLCV") or timeframe not in (exchange.timeframes or {}):
        raise NotSupported(f"it has no bars of {timeframe}")
    step = exchange.parse_timeframe(timeframe) * 1_000
    rows: list[list[Any]] = []
    since = asked["since"]
    for _ in range(PAGES):
        page = exchange.fetch_ohlcv(symbol, timeframe, since, PAGE)
        fresh = [row for row in page if row[0] >= since]
        rows += [row for row in fresh if row[0] < until]
        if not fresh or fresh[-1][0] + step >= until:
            return rows
        since = fresh[-1][0] + 1
    raise TimeoutError(f"{PAGES} answers did not reach as far as was asked")


ANSWERS = {"markets": markets, "tickers": tickers, "candles": candles}

if __name__ == "__main__":
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what anybody prints is no answer
    main(sys.argv[1], sys.argv[2], sys.stdin, told)
