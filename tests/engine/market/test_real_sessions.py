"""Recorded exchange sessions, played at full speed through parsers and market, against a fold
written here from the bare JSON, sharing no code with ours."""

import json
import math
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from tio.api.market import Timeframe
from tio.engine.bus import Bus
from tio.engine.feeds.sources import parser_of
from tio.engine.market.market import Market

import recorded
from fakes import FakeClock

FOLDER = "1_exchange_captures/cryptofeed"
SECONDS = {
    "1s": 1,
    "5s": 5,
    "15s": 15,
    "1m": 60,
    "3m": 180,
    "5m": 300,
    "15m": 900,
    "30m": 1800,
    "1h": 3600,
    "2h": 7200,
    "4h": 14400,
}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Seen(NamedTuple):
    """One trade as the file tells it; `at` in µs."""

    symbol: str
    at: int
    price: float
    size: float
    folds: bool


def frames(name: str) -> list[tuple[int, str]]:
    """Receipt (µs) and text of each frame received."""
    found = []
    for line in recorded.lines(f"{FOLDER}/{name}.txt.gz"):
        stamp, colon, text = line.partition(": ")
        if colon and stamp.replace(".", "", 1).isdigit():
            found.append((round(Decimal(stamp) * 1_000_000), text))
    return found


def micros(text: str) -> int:
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)


def opening(at: int, timeframe: str) -> int:
    """Where a crypto bar begins."""
    if timeframe in SECONDS:
        step = SECONDS[timeframe] * 1_000_000
        return at // step * step
    day = (EPOCH + timedelta(microseconds=at)).replace(hour=0, minute=0, second=0, microsecond=0)
    if timeframe == "1w":
        day -= timedelta(days=day.weekday())
    if timeframe == "1mo":
        day = day.replace(day=1)
    return (day - EPOCH) // timedelta(microseconds=1)


def folded(trades: list[Seen], timeframe: str) -> dict[int, tuple[float, ...]]:
    """Open, high, low, close, volume by opening; trades of one instant keep the file's order."""
    bars: dict[int, list[Seen]] = {}
    for trade in sorted(trades, key=lambda trade: trade.at):
        bars.setdefault(opening(trade.at, timeframe), []).append(trade)
    return {
        time: (
            group[0].price,
            max(trade.price for trade in group),
            min(trade.price for trade in group),
            group[-1].price,
            math.fsum(trade.size for trade in group),
        )
        for time, group in bars.items()
    }


def coinbase(messages: list[dict[str, Any]]) -> tuple[list[Seen], dict[str, tuple[float, float]]]:
    trades, books = [], Books()
    for message in messages:
        symbol = message.get("product_id", "")
        match message["type"]:
            case "match" | "last_match" as kind:
                trades.append(
                    Seen(
                        symbol,
                        micros(message["time"]),
                        float(message["price"]),
                        float(message["size"]),
                        kind == "match",
                    )
                )
            case "snapshot":
                books.begin(symbol, message["bids"], message["asks"])
            case "l2update":
                for side, price, size in message["changes"]:
                    books.change(symbol, side == "buy", float(price), float(size))
    return trades, books.tops()


def kraken(messages: list[Any]) -> tuple[list[Seen], dict[str, tuple[float, float]]]:
    trades = []
    for message in messages:
        if isinstance(message, list) and message[2] == "trade":
            base, quote = message[3].replace("XBT", "BTC").split("/")
            for price, size, at, *_ in message[1]:
                when = round(Decimal(at) * 1_000_000)
                trades.append(Seen(f"{base}-{quote}", when, float(price), float(size), True))
    return trades, {}


def kraken_futures(
    messages: list[dict[str, Any]],
) -> tuple[list[Seen], dict[str, tuple[float, float]]]:
    trades, books = [], Books()

    def trade(told: dict[str, Any], folds: bool) -> Seen:
        at = told["time"] * 1_000
        return Seen(named(told["product_id"]), at, told["price"], told["qty"], folds)

    for message in messages:
        match message.get("feed") if "event" not in message else None:
            case "trade":
                trades.append(trade(message, True))
            case "trade_snapshot":
                trades += [trade(told, False) for told in reversed(message["trades"])]
            case "book_snapshot":
                levels = [
                    [(level["price"], level["qty"]) for level in message[side]]
                    for side in ("bids", "asks")
                ]
                books.begin(named(message["product_id"]), *levels)
            case "book":
                books.change(
                    named(message["product_id"]),
                    message["side"] == "buy",
                    message["price"],
                    message["qty"],
                )
    return trades, books.tops()


def named(product: str) -> str:
    kind, pair, *expiry = product.replace("XBT", "BTC").split("_")
    return f"{pair[:-3]}-{pair[-3:]}-{'PERP' if kind == 'PI' else expiry[0]}"


def binance(messages: list[dict[str, Any]]) -> tuple[list[Seen], dict[str, tuple[float, float]]]:
    trades, tops = [], {}
    for message in messages:
        told = message["data"]
        if "s" not in told:
            continue
        quote = next(end for end in ("USDT", "BTC", "ETH", "EUR") if told["s"].endswith(end))
        symbol = f"{told['s'][: -len(quote)]}-{quote}"
        if told.get("e") == "aggTrade":
            trades.append(Seen(symbol, told["T"] * 1_000, float(told["p"]), float(told["q"]), True))
        elif message["stream"].endswith("bookTicker"):
            tops[symbol] = (float(told["b"]), float(told["a"]))
    return trades, tops


def binance_futures(
    messages: list[dict[str, Any]],
) -> tuple[list[Seen], dict[str, tuple[float, float]]]:
    trades, tops = binance(messages)
    perpetual = [trade._replace(symbol=f"{trade.symbol}-PERP") for trade in trades]
    return perpetual, {f"{symbol}-PERP": top for symbol, top in tops.items()}


class Books:
    """Books as dicts, best prices by max and min."""

    def __init__(self) -> None:
        self.sides: dict[str, tuple[dict[float, float], dict[float, float]]] = {}

    def begin(self, symbol: str, bids: list[Any], asks: list[Any]) -> None:
        self.sides[symbol] = (
            {float(price): float(size) for price, size in bids if float(size)},
            {float(price): float(size) for price, size in asks if float(size)},
        )

    def change(self, symbol: str, buy: bool, price: float, size: float) -> None:
        if symbol in self.sides:
            side = self.sides[symbol][0 if buy else 1]
            side[price] = size
            if not size:
                del side[price]

    def tops(self) -> dict[str, tuple[float, float]]:
        return {symbol: (max(bids), min(asks)) for symbol, (bids, asks) in self.sides.items()}


SESSIONS = (
    ("COINBASE.ws.28.0.shared", "coinbase", coinbase, 71),
    ("KRAKEN.ws.48.0", "kraken", kraken, 10),
    ("KRAKEN_FUTURES.ws.1.0", "kraken_futures", kraken_futures, 3),
    ("BINANCE.ws.1.0.shared", "binance", binance, 2),
    ("BINANCE_FUTURES.ws.1.0", "binance_futures", binance_futures, 91),
)


def played(source: str, received: list[tuple[int, str]]) -> Market:
    clock = FakeClock(datetime(2022, 1, 1, tzinfo=UTC))
    market = Market(clock, Bus(clock))
    parser = parser_of(source)
    for at, text in received:
        market.take(parser.parse(text), parser.TRAITS, at)
    return market


def assert_bars(market: Market, trades: list[Seen], symbol: str) -> None:
    mine = [trade for trade in trades if trade.symbol == symbol and trade.folds]
    for timeframe in Timeframe:
        rows = market.board.lines[symbol].bars.ladder(timeframe).columns(100_000).rows()
        assert {time: tuple(row) for time, *row in rows} == folded(mine, timeframe.value)


@pytest.mark.parametrize(("name", "source", "read", "count"), SESSIONS)
def test_a_session_ends_in_the_quotes_and_bars_of_a_plain_fold(
    name: str, source: str, read: Any, count: int
) -> None:
    received = frames(name)
    trades, tops = read([json.loads(text) for _, text in received])
    assert sum(trade.folds for trade in trades) == count
    market = played(source, received)
    for symbol in {trade.symbol for trade in trades}:
        line = market.board.lines[symbol]
        newest = max(
            (trade for trade in reversed(trades) if trade.symbol == symbol),
            key=lambda trade: trade.at,
        )
        assert line.last == newest.price
        assert_bars(market, trades, symbol)
    for symbol, top in tops.items():
        assert (market.board.lines[symbol].bid, market.board.lines[symbol].ask) == top
    assert not any(line.quality.refused for line in market.board.lines.values())


@pytest.mark.parametrize(("name", "source", "read", "count"), SESSIONS)
def test_a_session_shuffled_and_doubled_ends_in_the_same_bars(
    name: str, source: str, read: Any, count: int
) -> None:
    received = frames(name)
    trades, _ = read([json.loads(text) for _, text in received])
    mess = [each for each in received if '"l2update"' not in each[1] and '"book"' not in each[1]]
    mess += mess[::3]
    random.Random(7).shuffle(mess)
    latest = max(at for at, _ in received)
    market = played(source, [(latest, text) for _, text in mess])
    for symbol in {trade.symbol for trade in trades}:
        assert_bars(market, trades, symbol)
