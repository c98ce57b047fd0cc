"""Kraken Futures: the feeds of `wss://futures.kraken.com/ws/v1`."""

import re
from functools import lru_cache
from typing import Literal

import msgspec

from tio.api.clean import clean
from tio.api.market import AssetClass, Side
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import decoded, decoder, from_millis, pair, unknown
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "kraken_futures"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = ("futures.kraken.com", "www.cryptofacilities.com", "demo-futures.kraken.com")


@lru_cache(4_096)
def symbol_of(venue_spelling: str) -> str:
    """`PI_ETHUSD` → `ETH-USD-PERP`, `FI_XBTUSD_210924` → `BTC-USD-210924`.

    The multi-collateral families are other contracts: `PF_XBTUSD` → `BTC-USD-PERP-FLEX`,
    `FF_XBTUSD_240927` → `BTC-USD-240927-FLEX`.
    """
    found = _PRODUCT.fullmatch(venue_spelling.upper())
    if not found:
        raise Garbage(f"not a Kraken Futures product: {clean(venue_spelling, limit=60)!r}")
    family, base, quote, expiry = found.groups()
    if (expiry is None) != (family in _UNDATED):
        raise Garbage(f"not a Kraken Futures product: {clean(venue_spelling, limit=60)!r}")
    return pair(_NAMES.get(base, base), _NAMES.get(quote, quote), _SUFFIX[family].format(expiry))


_PRODUCT = re.compile(
    r"(PI|PF|PV|FI|FF|FV|IN|RR)_(\w{1,20}?)(USDT|USDC|USD|EUR|GBP|XBT)(?:_(\d{6}))?"
)
_NAMES = {"XBT": "BTC", "XDG": "DOGE"}
_UNDATED = frozenset(("PI", "PF", "PV", "IN", "RR"))
_SUFFIX = {
    "PI": "PERP",
    "PF": "PERP-FLEX",
    "PV": "PERP-VANILLA",
    "FI": "{}",
    "FF": "{}-FLEX",
    "FV": "{}-VANILLA",
    "IN": "INDEX",
    "RR": "REFERENCE",
}


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of any feed says."""
    opening = decoded(_OPENING, text, "Kraken Futures")
    if opening.event:
        if opening.event in _EVENTS:
            return ()
        raise unknown("Kraken Futures", opening.event)
    match opening.feed:
        case "book":
            return (_changed(decoded(_BOOK, text, "Kraken Futures")),)
        case "trade":
            return (_traded(decoded(_TRADE, text, "Kraken Futures"), 0, folds=True),)
        case "ticker" | "ticker_lite":
            return _ticked(decoded(_TICKER, text, "Kraken Futures"))
        case "book_snapshot":
            return (_snapshot(decoded(_SNAPSHOT, text, "Kraken Futures")),)
        case "trade_snapshot":
            # The newest trade comes first; the last one said is the one that stands.
            trades = decoded(_TRADES, text, "Kraken Futures").trades[::-1]
            return tuple(_traded(trade, index, folds=False) for index, trade in enumerate(trades))
        case feed if feed in _QUIET:
            return ()
    raise unknown("Kraken Futures", opening.feed or "neither feed nor event")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """REST answers of Kraken Futures say nothing a replay needs."""
    return ()


_EVENTS = frozenset(
    "info subscribed unsubscribed subscribed_failed unsubscribed_failed alert error challenge "
    "pong ping".split()
)
_QUIET = frozenset(
    "heartbeat fills fills_snapshot open_orders open_orders_snapshot open_orders_verbose "
    "open_orders_verbose_snapshot open_positions account_log account_log_snapshot balances "
    "balances_snapshot notifications_auth deposits_withdrawals".split()
)


class _Opening(msgspec.Struct):
    feed: str = ""
    event: str = ""


class _Trade(msgspec.Struct):
    product_id: str
    side: Literal["buy", "sell"]
    time: int
    qty: float
    price: float
    uid: str | None = None


class _Trades(msgspec.Struct):
    trades: tuple[_Trade, ...]


class _Ticker(msgspec.Struct):
    product_id: str
    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    last: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    change: float | None = None
    time: int | None = None


class _Level(msgspec.Struct):
    price: float
    qty: float


class _Snapshot(msgspec.Struct):
    product_id: str
    timestamp: int
    seq: int
    bids: tuple[_Level, ...]
    asks: tuple[_Level, ...]


class _Book(msgspec.Struct):
    product_id: str
    side: Literal["buy", "sell"]
    seq: int
    price: float
    qty: float
    timestamp: int


def _traded(trade: _Trade, index: int, folds: bool) -> Trade:
    return Trade(
        symbol_of(trade.product_id),
        trade.price,
        trade.qty,
        from_millis(trade.time),
        Side(trade.side),
        None if trade.uid is None else clean(trade.uid, limit=64),
        index,
        folds,
    )


def _ticked(ticker: _Ticker) -> tuple[Tick, ...]:
    symbol = symbol_of(ticker.product_id)
    at = None if ticker.time is None else from_millis(ticker.time)
    figures = DayFigures(
        symbol=symbol,
        at=at,
        last=ticker.last,
        open=ticker.open,
        high=ticker.high,
        low=ticker.low,
        volume=ticker.volume,
        change_percent=ticker.change,
    )
    if ticker.bid is None and ticker.ask is None:
        return (figures,)
    top = TopOfBook(symbol, ticker.bid, ticker.ask, ticker.bid_size, ticker.ask_size, at)
    return (figures, top)


def _snapshot(book: _Snapshot) -> BookSnapshot:
    return BookSnapshot(
        symbol_of(book.product_id),
        tuple((level.price, level.qty) for level in book.bids if level.qty),
        tuple((level.price, level.qty) for level in book.asks if level.qty),
        from_millis(book.timestamp),
        book.seq,
    )


def _changed(book: _Book) -> BookChange:
    level = ((book.price, book.qty),)
    bids, asks = (level, ()) if book.side == "buy" else ((), level)
    # `seq` rises by one within a product, so each change is its own first.
    return BookChange(
        symbol_of(book.product_id), bids, asks, from_millis(book.timestamp), book.seq, book.seq
    )


_OPENING = decoder(_Opening)
_TRADE = decoder(_Trade)
_TRADES = decoder(_Trades)
_TICKER = decoder(_Ticker)
_SNAPSHOT = decoder(_Snapshot)
_BOOK = decoder(_Book)
