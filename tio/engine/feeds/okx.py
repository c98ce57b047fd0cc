"""OKX: the public channels of its API v5, which OKCoin speaks as well."""

from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

from tio.api.market import AssetClass, Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import Pairs, asked, dashed, decoded, decoder, from_millis, unknown
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "okx"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto)
HOSTS = (
    "ws.okx.com",
    "wsus.okx.com",
    "wseea.okx.com",
    "www.okx.com",
    "us.okx.com",
    "eea.okx.com",
)
BARS = {
    "1m": Timeframe.m1,
    "3m": Timeframe.m3,
    "5m": Timeframe.m5,
    "15m": Timeframe.m15,
    "30m": Timeframe.m30,
    "1H": Timeframe.h1,
    "2H": Timeframe.h2,
    "4H": Timeframe.h4,
    "1Dutc": Timeframe.d1,
}
"""Its plain days begin at 16:00 UTC, so they are none of ours."""


def symbol_of(venue_spelling: str) -> str:
    """`BTC-USDT` is ours too; `BTC-USDT-SWAP` keeps its suffix."""
    return dashed(venue_spelling)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of any channel says."""
    if text in _PONG:
        return ()
    opening = decoded(_OPENING, text, "OKX")
    if opening.event:
        if opening.event in _EVENTS:
            return ()
        raise unknown("OKX", opening.event)
    channel = opening.arg.channel
    if channel in _CHANNELS:
        return _CHANNELS[channel](text, symbol_of(opening.arg.inst_id))
    if channel.startswith("candle"):
        return _barred(text, symbol_of(opening.arg.inst_id), channel[len("candle") :])
    if channel in _QUIET:
        return ()
    raise unknown("OKX", channel or "neither event nor channel")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """Tickers, trades and books of `/api/v5/market`; () for every other answer."""
    path, query = asked(url)
    match path.rstrip("/").rpartition("/")[2]:
        case "ticker" | "tickers":
            return tickers_of(body)
        case "trades" | "history-trades":
            return trades_of(body)
        case "books" if "instId" in query:
            return tuple(
                _whole(book, symbol_of(query["instId"]))
                for book in decoded(_BOOKS, body, "OKX").data
            )
    return ()


def tickers_of(body: str | bytes) -> tuple[Tick, ...]:
    """Figures of 24 hours and the best prices of each instrument of an answer."""
    return tuple(
        tick
        for told in decoded(_TICKERS, body, "OKX").data
        for tick in _ticked(told, symbol_of(told.inst_id))
    )


def trades_of(body: str | bytes) -> tuple[Trade, ...]:
    """The trades of an answer, oldest first; they are past, and fold into nothing."""
    past = decoded(_TRADES, body, "OKX").data[::-1]
    return tuple(_traded(told, index, folds=False) for index, told in enumerate(past))


_PONG = ("pong", b"pong")
_EVENTS = frozenset("subscribe unsubscribe error notice login channel-conn-count".split())
_QUIET = frozenset(
    "instruments status open-interest funding-rate price-limit mark-price index-tickers "
    "estimated-price option-summary liquidation-orders adl-warning economic-calendar".split()
)


class _Arg(msgspec.Struct):
    channel: str = ""
    inst_id: str = msgspec.field(default="", name="instId")


class _Opening(msgspec.Struct):
    event: str = ""
    arg: _Arg = msgspec.field(default_factory=_Arg)


class _Print(msgspec.Struct, rename="camel"):
    inst_id: str
    trade_id: str
    px: float
    sz: float
    side: Literal["buy", "sell"]
    ts: int


class _Ticker(msgspec.Struct, rename="camel"):
    """Prices nobody offers are empty."""

    inst_id: str
    last: str
    ask_px: str
    ask_sz: str
    bid_px: str
    bid_sz: str
    ts: int
    open_24h: str = msgspec.field(name="open24h")
    high_24h: str = msgspec.field(name="high24h")
    low_24h: str = msgspec.field(name="low24h")
    vol_24h: str = msgspec.field(name="vol24h")
    inst_type: str = "SPOT"


class _Level(msgspec.Struct, array_like=True):
    """Beyond price and size: a field without meaning, and the number of orders."""

    price: float
    size: float


class _Book(msgspec.Struct, rename="camel"):
    """`prev_seq_id` is the number of the frame before, -1 of a snapshot; old frames have none."""

    bids: tuple[_Level, ...]
    asks: tuple[_Level, ...]
    ts: int
    seq_id: int | None = None
    prev_seq_id: int | None = None


class _Bar(msgspec.Struct, array_like=True):
    ts: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    in_coin: float
    in_quote: float = 0.0
    confirm: Literal["0", "1"] = "1"


class _Prints(msgspec.Struct):
    data: tuple[_Print, ...]


class _Tickers(msgspec.Struct):
    data: tuple[_Ticker, ...]


class _Books(msgspec.Struct):
    data: tuple[_Book, ...]
    action: Literal["snapshot", "update"] = "snapshot"


class _Bars(msgspec.Struct):
    data: tuple[_Bar, ...]


def _trades(text: str | bytes, symbol: str) -> tuple[Tick, ...]:
    prints = decoded(_TRADES, text, "OKX").data
    return tuple(_traded(told, index) for index, told in enumerate(prints))


def _traded(told: _Print, index: int, folds: bool = True) -> Trade:
    symbol, at = symbol_of(told.inst_id), from_millis(told.ts)
    return Trade(symbol, told.px, told.sz, at, Side(told.side), told.trade_id, index, folds)


def _tickers(text: str | bytes, symbol: str) -> tuple[Tick, ...]:
    return tickers_of(text)


def _ticked(told: _Ticker, symbol: str) -> Sequence[Tick]:
    at = from_millis(told.ts)
    return (
        DayFigures(
            symbol=symbol,
            at=at,
            last=_number(told.last),
            open=_number(told.open_24h),
            high=_number(told.high_24h),
            low=_number(told.low_24h),
            # Of derivatives it is a number of contracts.
            volume=_number(told.vol_24h) if told.inst_type == "SPOT" else None,
        ),
        TopOfBook(
            symbol,
            _number(told.bid_px),
            _number(told.ask_px),
            _number(told.bid_sz),
            _number(told.ask_sz),
            at,
        ),
    )


def _number(text: str) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        raise Garbage(f"not an OKX frame: expected a number, was {text[:40]!r}") from None


def _books(text: str | bytes, symbol: str) -> tuple[Tick, ...]:
    frame = decoded(_BOOKS, text, "OKX")
    if frame.action == "snapshot":
        return tuple(_whole(book, symbol) for book in frame.data)
    # One without levels says each minute that nothing changed.
    return tuple(_changed(book, symbol) for book in frame.data if book.bids or book.asks)


def _whole(book: _Book, symbol: str) -> BookSnapshot:
    at = from_millis(book.ts)
    return BookSnapshot(symbol, _pairs(book.bids), _pairs(book.asks), at, book.seq_id)


def _changed(book: _Book, symbol: str) -> BookChange:
    first = None if book.prev_seq_id is None else book.prev_seq_id + 1
    bids, asks = _pairs(book.bids), _pairs(book.asks)
    return BookChange(symbol, bids, asks, from_millis(book.ts), first, book.seq_id)


def _best(text: str | bytes, symbol: str) -> tuple[Tick, ...]:
    tops: list[Tick] = []
    for book in decoded(_BOOKS, text, "OKX").data:
        bid, bid_size = (book.bids[0].price, book.bids[0].size) if book.bids else (None, None)
        ask, ask_size = (book.asks[0].price, book.asks[0].size) if book.asks else (None, None)
        tops.append(TopOfBook(symbol, bid, ask, bid_size, ask_size, from_millis(book.ts)))
    return tuple(tops)


def _pairs(levels: tuple[_Level, ...]) -> Pairs:
    return tuple((level.price, level.size) for level in levels)


def _barred(text: str | bytes, symbol: str, spelled: str) -> tuple[Tick, ...]:
    rows = decoded(_BARS, text, "OKX").data
    timeframe = BARS.get(spelled)
    if timeframe is None:
        return ()
    return tuple(
        SourceBar(
            symbol,
            timeframe,
            from_millis(row.ts),
            row.open,
            row.high,
            row.low,
            row.close,
            row.volume,
            closed=row.confirm == "1",
        )
        for row in rows
    )


_OPENING = decoder(_Opening)
_TRADES = decoder(_Prints)
_TICKERS = decoder(_Tickers)
_BOOKS = decoder(_Books)
_BARS = decoder(_Bars)

_CHANNELS: dict[str, Callable[[str | bytes, str], tuple[Tick, ...]]] = {
    "trades": _trades,
    "trades-all": _trades,
    "tickers": _tickers,
    "books": _books,
    "books5": _books,
    "books-l2-tbt": _books,
    "books50-l2-tbt": _books,
    "bbo-tbt": _best,
}
