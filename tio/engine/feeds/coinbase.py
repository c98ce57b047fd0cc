"""Coinbase: the Exchange feed and the Advanced Trade feed, told apart by their envelope."""

from typing import Literal

import msgspec

from tio.api.market import AssetClass, Side
from tio.api.ticks import (
    BookChange,
    BookSnapshot,
    DayFigures,
    Tick,
    TopOfBook,
    Trade,
)
from tio.engine.feeds.coinbase_advanced import parse_channel
from tio.engine.feeds.coinbase_rest import parse_answer
from tio.engine.feeds.decoding import (
    Aware,
    Pairs,
    dashed,
    decoded,
    decoder,
    micros,
    unknown,
)
from tio.plugin import Traits

NAME = "coinbase"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = (
    "ws-feed.exchange.coinbase.com",
    "ws-feed.pro.coinbase.com",
    "ws-feed.gdax.com",
    "advanced-trade-ws.coinbase.com",
    "api.exchange.coinbase.com",
    "api.pro.coinbase.com",
    "api.coinbase.com",
)


def symbol_of(venue_spelling: str) -> str:
    """`btc-usd` → `BTC-USD`."""
    return dashed(venue_spelling)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of either feed says."""
    opening = decoded(_OPENING, text, "Coinbase")
    match opening.type:
        case "l2update":
            return _changed(decoded(_L2UPDATE, text, "Coinbase"))
        case "match":
            return (_traded(decoded(_MATCH, text, "Coinbase"), folds=True),)
        case "ticker":
            return _ticked(decoded(_TICKER, text, "Coinbase"))
        case "last_match":
            return (_traded(decoded(_MATCH, text, "Coinbase"), folds=False),)
        case "snapshot":
            book = decoded(_SNAPSHOT, text, "Coinbase")
            at = None if book.time is None else micros(book.time)
            return (BookSnapshot(symbol_of(book.product_id), book.bids, book.asks, at),)
        case "":
            return parse_channel(opening.channel, text)
        case _ if opening.type in _QUIET:
            return ()
    raise unknown("Coinbase", opening.type)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What a REST answer of the Exchange says; () for any other."""
    return parse_answer(url, body)


_QUIET = frozenset(
    "subscriptions heartbeat error status received open done change activate auction "
    "rfq_match rfq_matches".split()
)


class _Opening(msgspec.Struct):
    type: str = ""
    channel: str = ""


class _Match(msgspec.Struct):
    product_id: str
    price: float
    size: float
    side: Literal["buy", "sell"]
    time: Aware
    trade_id: int


class _Ticker(msgspec.Struct):
    product_id: str
    price: float
    open_24h: float | None = None
    high_24h: float | None = None
    low_24h: float | None = None
    volume_24h: float | None = None
    best_bid: float | None = None
    best_ask: float | None = None
    best_bid_size: float | None = None
    best_ask_size: float | None = None
    time: Aware | None = None


class _Snapshot(msgspec.Struct):
    product_id: str
    bids: Pairs
    asks: Pairs
    time: Aware | None = None


class _L2Update(msgspec.Struct):
    product_id: str
    changes: tuple[tuple[Literal["buy", "sell"], float, float], ...]
    time: Aware | None = None


def _traded(match: _Match, folds: bool) -> Trade:
    # The feed's side is the resting order's; who took the liquidity is the other one.
    taker = Side.buy if match.side == "sell" else Side.sell
    return Trade(
        symbol_of(match.product_id),
        match.price,
        match.size,
        micros(match.time),
        taker,
        str(match.trade_id),
        folds=folds,
    )


def _ticked(ticker: _Ticker) -> tuple[Tick, ...]:
    symbol = symbol_of(ticker.product_id)
    # Without a time the ticker is a product's opening state, with nothing traded yet.
    at = None if ticker.time is None else micros(ticker.time)
    figures = DayFigures(
        symbol=symbol,
        at=at,
        last=ticker.price,
        open=ticker.open_24h,
        high=ticker.high_24h,
        low=ticker.low_24h,
        volume=ticker.volume_24h,
    )
    top = TopOfBook(
        symbol, ticker.best_bid, ticker.best_ask, ticker.best_bid_size, ticker.best_ask_size, at
    )
    return (figures, top)


def _changed(update: _L2Update) -> tuple[Tick, ...]:
    return (
        BookChange(
            symbol_of(update.product_id),
            tuple((price, size) for side, price, size in update.changes if side == "buy"),
            tuple((price, size) for side, price, size in update.changes if side == "sell"),
            None if update.time is None else micros(update.time),
        ),
    )


_OPENING = decoder(_Opening)
_MATCH = decoder(_Match)
_TICKER = decoder(_Ticker)
_SNAPSHOT = decoder(_Snapshot)
_L2UPDATE = decoder(_L2Update)
