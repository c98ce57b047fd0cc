"""Kraken spot's objects: the channels of v2, and the events of v1, which carry no prices."""

from collections.abc import Callable
from typing import Literal

import msgspec

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import (
    Aware,
    Pairs,
    decoded,
    decoder,
    micros,
    of_its_day,
    slashed,
    unknown,
)

TIMEFRAMES = {
    "1": Timeframe.m1,
    "5": Timeframe.m5,
    "15": Timeframe.m15,
    "30": Timeframe.m30,
    "60": Timeframe.h1,
    "240": Timeframe.h4,
    "1440": Timeframe.d1,
}


def parse_object(text: str | bytes) -> tuple[Tick, ...]:
    """What one object frame says; () for acknowledgements, events and channels without prices."""
    opening = decoded(_OPENING, text, "Kraken")
    if opening.channel in _CHANNELS:
        return _CHANNELS[opening.channel](text)
    if opening.channel in _QUIET or opening.event in _EVENTS or opening.method in _METHODS:
        return ()
    if opening.error:
        return ()
    said = opening.channel or opening.event or opening.method
    raise unknown("Kraken", said or "neither channel, event nor method")


def checked_books(text: str | bytes) -> tuple[tuple[BookSnapshot | BookChange, int | None], ...]:
    """Each book of a frame with the CRC32 the venue has of its ten best levels after it."""
    frame = decoded(_BOOKS, text, "Kraken")
    kind = BookSnapshot if frame.type == "snapshot" else BookChange
    return tuple(
        (
            kind(
                slashed(book.symbol),
                _pairs(book.bids),
                _pairs(book.asks),
                None if book.timestamp is None else micros(book.timestamp),
            ),
            book.checksum,
        )
        for book in frame.data
    )


def channel_of(text: str | bytes) -> str:
    """The channel of a frame; "" for an answer to what we said."""
    return decoded(_OPENING, text, "Kraken").channel


_QUIET = frozenset("heartbeat status instrument level3 executions balances".split())
_EVENTS = frozenset(
    "heartbeat systemStatus subscriptionStatus pong ping error addOrderStatus "
    "cancelOrderStatus editOrderStatus cancelAllStatus cancelAllOrdersAfterStatus".split()
)
_METHODS = frozenset(
    "subscribe unsubscribe ping pong add_order amend_order edit_order cancel_order cancel_all "
    "cancel_all_orders_after batch_add batch_cancel".split()
)


class _Opening(msgspec.Struct):
    channel: str = ""
    method: str = ""
    event: str = ""
    error: str = msgspec.field(default="", name="Error")


class _Print(msgspec.Struct):
    symbol: str
    side: Literal["buy", "sell"]
    price: float
    qty: float
    trade_id: int
    timestamp: Aware


class _Ticker(msgspec.Struct):
    symbol: str
    bid: float
    bid_qty: float
    ask: float
    ask_qty: float
    last: float
    volume: float
    low: float
    high: float
    change: float
    change_pct: float
    timestamp: Aware | None = None


class _Level(msgspec.Struct):
    price: float
    qty: float


class _Book(msgspec.Struct):
    symbol: str
    bids: tuple[_Level, ...] = ()
    asks: tuple[_Level, ...] = ()
    checksum: int | None = None
    timestamp: Aware | None = None


class _Ohlc(msgspec.Struct):
    symbol: str
    interval: int
    interval_begin: Aware
    open: float
    high: float
    low: float
    close: float
    volume: float


class _Trades(msgspec.Struct):
    type: Literal["snapshot", "update"]
    data: tuple[_Print, ...]


class _Tickers(msgspec.Struct):
    data: tuple[_Ticker, ...]


class _Books(msgspec.Struct):
    type: Literal["snapshot", "update"]
    data: tuple[_Book, ...]


class _Ohlcs(msgspec.Struct):
    data: tuple[_Ohlc, ...]


def _trades(text: str | bytes) -> tuple[Tick, ...]:
    frame = decoded(_TRADES, text, "Kraken")
    folds = frame.type == "update"
    return tuple(
        Trade(
            slashed(trade.symbol),
            trade.price,
            trade.qty,
            micros(trade.timestamp),
            Side(trade.side),
            str(trade.trade_id),
            index,
            folds,
        )
        for index, trade in enumerate(frame.data)
    )


def _tickers(text: str | bytes) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    for ticker in decoded(_TICKERS, text, "Kraken").data:
        symbol = slashed(ticker.symbol)
        at = None if ticker.timestamp is None else micros(ticker.timestamp)
        figures = DayFigures(
            symbol=symbol,
            at=at,
            last=ticker.last,
            high=ticker.high,
            low=ticker.low,
            volume=ticker.volume,
            change=ticker.change,
            change_percent=ticker.change_pct,
        )
        ticks.append(of_its_day(figures))
        ticks.append(TopOfBook(symbol, ticker.bid, ticker.ask, ticker.bid_qty, ticker.ask_qty, at))
    return tuple(ticks)


def _books(text: str | bytes) -> tuple[Tick, ...]:
    return tuple(book for book, _ in checked_books(text))


def _pairs(levels: tuple[_Level, ...]) -> Pairs:
    return tuple((level.price, level.qty) for level in levels)


def _ohlcs(text: str | bytes) -> tuple[Tick, ...]:
    # No frame says that its bar is final: a later `interval_begin` does.
    return tuple(
        SourceBar(
            slashed(bar.symbol),
            TIMEFRAMES[str(bar.interval)],
            micros(bar.interval_begin),
            bar.open,
            bar.high,
            bar.low,
            bar.close,
            bar.volume,
            closed=False,
        )
        for bar in decoded(_OHLCS, text, "Kraken").data
        if str(bar.interval) in TIMEFRAMES
    )


_OPENING = decoder(_Opening)
_TRADES = decoder(_Trades)
_TICKERS = decoder(_Tickers)
_BOOKS = decoder(_Books)
_OHLCS = decoder(_Ohlcs)

_CHANNELS: dict[str, Callable[[str | bytes], tuple[Tick, ...]]] = {
    "trade": _trades,
    "ticker": _tickers,
    "book": _books,
    "ohlc": _ohlcs,
}
