"""The shapes of Binance's events, their one-letter names spelled out."""

import msgspec

from tio.engine.feeds.decoding import Pairs


class Envelope(msgspec.Struct):
    stream: str = ""
    data: msgspec.Raw = msgspec.Raw()


class Kind(
    msgspec.Struct,
    rename={"kind": "e", "update": "u", "symbol": "s", "subscription": "subscriptionId"},
):
    """What tells the kind of an event; without `e` it is a best bid and ask, a depth, an answer."""

    kind: str = ""
    update: msgspec.Raw = msgspec.Raw()
    symbol: str = ""
    lastUpdateId: int | None = None  # noqa: N815 - the venue's name
    result: msgspec.Raw = msgspec.Raw()
    id: msgspec.Raw = msgspec.Raw()
    code: msgspec.Raw = msgspec.Raw()
    error: msgspec.Raw = msgspec.Raw()
    subscription: msgspec.Raw = msgspec.Raw()


class Print(
    msgspec.Struct,
    rename={
        "kind": "e",
        "symbol": "s",
        "price": "p",
        "size": "q",
        "time": "T",
        "maker_bought": "m",
        "trade": "t",
        "aggregate": "a",
    },
):
    kind: str
    symbol: str
    price: float
    size: float
    time: int
    maker_bought: bool
    trade: int | None = None
    aggregate: int | None = None


class DepthUpdate(
    msgspec.Struct,
    rename={
        "time": "E",
        "symbol": "s",
        "first": "U",
        "last": "u",
        "previous": "pu",
        "bids": "b",
        "asks": "a",
    },
):
    """`previous` (futures only): the `last` of the update before, however far ids jumped."""

    time: int
    symbol: str
    first: int
    last: int
    bids: Pairs
    asks: Pairs
    previous: int | None = None


class Depth(msgspec.Struct, rename="camel"):
    last_update_id: int
    bids: Pairs
    asks: Pairs


class Best(
    msgspec.Struct,
    rename={
        "symbol": "s",
        "bid": "b",
        "bid_size": "B",
        "ask": "a",
        "ask_size": "A",
        "time": "T",
    },
):
    symbol: str
    bid: float
    bid_size: float
    ask: float
    ask_size: float
    time: int | None = None


class Ticker(
    msgspec.Struct,
    rename={
        "time": "E",
        "symbol": "s",
        "last": "c",
        "open": "o",
        "high": "h",
        "low": "l",
        "volume": "v",
        "change": "p",
        "percent": "P",
        "bid": "b",
        "bid_size": "B",
        "ask": "a",
        "ask_size": "A",
    },
):
    time: int
    symbol: str
    last: float
    open: float
    high: float
    low: float
    volume: float
    change: float | None = None
    percent: float | None = None
    bid: float | None = None
    bid_size: float | None = None
    ask: float | None = None
    ask_size: float | None = None


class Bar(
    msgspec.Struct,
    rename={
        "start": "t",
        "interval": "i",
        "open": "o",
        "high": "h",
        "low": "l",
        "close": "c",
        "volume": "v",
        "final": "x",
    },
):
    start: int
    interval: str
    open: float
    high: float
    low: float
    close: float
    volume: float
    final: bool


class Kline(msgspec.Struct, rename={"symbol": "s", "bar": "k"}):
    symbol: str
    bar: Bar


class Row(msgspec.Struct, array_like=True):
    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float
