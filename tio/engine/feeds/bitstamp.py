"""Bitstamp: the channels of `wss://ws.bitstamp.net`."""

import re
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.market import AssetClass, Side
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import (
    Pairs,
    asked,
    decoded,
    decoder,
    from_seconds,
    of_its_day,
    pair,
    plausible,
    spot,
    unknown,
)
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "bitstamp"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
FX_TRAITS = replace(TRAITS, asset_class=AssetClass.fx)
"""Of its pairs of two currencies."""
HOSTS = ("ws.bitstamp.net", "www.bitstamp.net")


class Answer(msgspec.Struct, frozen=True):
    """What a frame is of: `kind` of channel and `spelling` of its pair; `error` in words."""

    event: str
    kind: str
    spelling: str
    error: str = ""


_QUOTES = ("usdt", "usdc", "pyusd", "rlusd", "usd", "eur", "gbp", "btc", "eth", "pax")
_BY_LENGTH = sorted(_QUOTES, key=lambda quote: (-len(quote), quote))


@lru_cache(4_096)
def symbol_of(venue_spelling: str) -> str:
    """`btcusd` → `BTC-USD`, `eurusd` → `EURUSD`; `btc/usd` and `btcusd-perp` are understood too."""
    spelled, _, suffix = venue_spelling.lower().partition("-")
    base, slash, quote = spelled.partition("/")
    if slash:
        return pair(base, quote, suffix) if suffix else spot(base, quote)
    for known in _BY_LENGTH:
        if spelled.endswith(known) and len(spelled) > len(known):
            base = spelled[: -len(known)]
            return pair(base, known, suffix) if suffix else spot(base, known)
    raise Garbage(f"not a Bitstamp pair: {clean(venue_spelling, limit=60)!r}")


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of any channel says."""
    opening = decoded(_OPENING, text, "Bitstamp")
    kind, _, name = opening.channel.rpartition("_")
    if opening.event.startswith("bts:") or kind in _QUIET:
        return ()
    match opening.event, kind:
        case "trade", "live_trades":
            return (_traded(symbol_of(name), decoded(_TRADE, text, "Bitstamp").data),)
        case "data", "order_book":
            book = decoded(_BOOK, text, "Bitstamp").data
            return (BookSnapshot(symbol_of(name), book.bids, book.asks, book.instant),)
        case "data", "diff_order_book":
            book = decoded(_BOOK, text, "Bitstamp").data
            return (BookChange(symbol_of(name), book.bids, book.asks, book.instant),)
    raise unknown("Bitstamp", f"{opening.event} {opening.channel}".strip() or "no event")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """The book, ticker and transactions of one pair; () for every other answer."""
    found = _REST.fullmatch(asked(url)[0])
    if not found:
        return ()
    symbol = symbol_of(found[2])
    if found[1] == "order_book":
        book = decoded(_SIDES, body, "Bitstamp")
        return (BookSnapshot(symbol, book.bids, book.asks, book.instant),)
    if found[1] == "ticker":
        return ticker_of(symbol, body)
    # The newest comes first; the last one said is the one that stands.
    past = decoded(_TRANSACTIONS, body, "Bitstamp")[::-1]
    return tuple(_past(symbol, trade, index) for index, trade in enumerate(past))


def ticker_of(symbol: str, body: str | bytes | msgspec.Raw) -> tuple[Tick, ...]:
    """What the ticker of one pair says."""
    return _ticked(symbol, decoded(_TICKER, body, "Bitstamp"))


def pair_of(text: str | bytes) -> str:
    """The pair of a frame's channel, as Bitstamp spells it."""
    return decoded(_OPENING, text, "Bitstamp").channel.rpartition("_")[2]


def read_answer(text: str | bytes) -> Answer:
    """What a frame answers: its event, its channel's kind and pair, and an error's words."""
    said = decoded(_ANSWER, text, "Bitstamp")
    kind, _, name = said.channel.rpartition("_")
    words = said.data.message if isinstance(said.data, _Told) else ""
    return Answer(said.event, clean(kind, limit=40), clean(name, limit=60), clean(words, limit=200))


def is_farewell(frame: str | bytes) -> bool:
    """Whether it asks for another connection."""
    opening = frame[:60]
    if isinstance(opening, bytes):
        return b"bts:request_reconnect" in opening
    return "bts:request_reconnect" in opening


_REST = re.compile(r"/api/v2/(order_book|ticker|transactions)/([^/]+)/?")

# Single orders, and books without aggregation, are not read.
_QUIET = frozenset(
    ("live_orders", "detail_order_book", "private-my_orders", "private-my_trades", "funding_rate")
)


class _Opening(msgspec.Struct):
    event: str = ""
    channel: str = ""


class _Told(msgspec.Struct):
    message: str = ""


class _Answer(_Opening):
    data: _Told | str | None = None


class _Print(msgspec.Struct):
    id: int
    price: float
    amount: float
    type: int
    timestamp: float
    microtimestamp: int | None = None
    price_str: float | None = None
    amount_str: float | None = None


class _Sides(msgspec.Struct):
    bids: Pairs
    asks: Pairs
    timestamp: float | None = None
    microtimestamp: int | None = None

    @property
    def instant(self) -> int | None:
        if self.microtimestamp is not None:
            return plausible(self.microtimestamp)
        return None if self.timestamp is None else from_seconds(self.timestamp)


class _Ticker(msgspec.Struct):
    last: float
    high: float
    low: float
    volume: float
    timestamp: float
    open: float | None = None
    open_24: float | None = None
    percent_change_24: float | None = None
    bid: float | None = None
    ask: float | None = None


class _Transaction(msgspec.Struct):
    date: float
    tid: int
    price: float
    amount: float
    type: int | None = None


class _Trade(msgspec.Struct):
    data: _Print


class _Book(msgspec.Struct):
    data: _Sides


def _traded(symbol: str, trade: _Print) -> Trade:
    at = (
        from_seconds(trade.timestamp)
        if trade.microtimestamp is None
        else plausible(trade.microtimestamp)
    )
    if trade.type not in _SIDE:
        raise Garbage(f"not a Bitstamp frame: a trade of type {trade.type}")
    # `price` once went through a float of theirs; the text beside it is what was traded.
    price = trade.price if trade.price_str is None else trade.price_str
    size = trade.amount if trade.amount_str is None else trade.amount_str
    return Trade(symbol, price, size, at, _SIDE[trade.type], str(trade.id))


def _ticked(symbol: str, ticker: _Ticker) -> tuple[Tick, ...]:
    at = from_seconds(ticker.timestamp)
    figures = DayFigures(
        symbol=symbol,
        at=at,
        last=ticker.last,
        # `open` is of the UTC day, the rest of 24 hours.
        open=ticker.open_24,
        high=ticker.high,
        low=ticker.low,
        volume=ticker.volume,
        change_percent=ticker.percent_change_24,
    )
    return (of_its_day(figures), TopOfBook(symbol, ticker.bid, ticker.ask, at=at))


def _past(symbol: str, trade: _Transaction, index: int) -> Trade:
    side = None if trade.type is None else _SIDE.get(trade.type)
    at, told = from_seconds(trade.date), str(trade.tid)
    return Trade(symbol, trade.price, trade.amount, at, side, told, index, folds=False)


_SIDE = {0: Side.buy, 1: Side.sell}
_OPENING = decoder(_Opening)
_ANSWER = decoder(_Answer)
_TRADE = decoder(_Trade)
_BOOK = decoder(_Book)
_SIDES = decoder(_Sides)
_TICKER = decoder(_Ticker)
_TRANSACTIONS = decoder(tuple[_Transaction, ...])
