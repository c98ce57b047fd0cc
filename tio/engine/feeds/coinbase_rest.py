"""Coinbase Exchange's REST answers about one product: book, ticker, figures, trades, candles."""

import re
from typing import Literal

import msgspec

from tio.api.market import Side, Timeframe
from tio.api.ticks import BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import Aware, asked, dashed, decoded, decoder, from_seconds, micros

_PRODUCT = re.compile(r"/products/([^/]+)/(book|ticker|stats|trades|candles)/?")
_TIMEFRAMES = {
    str(each.step // 1_000_000): each
    for each in (Timeframe.m1, Timeframe.m5, Timeframe.m15, Timeframe.h1, Timeframe.d1)
}


def parse_answer(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What the answer says; () for any other address."""
    path, query = asked(url)
    found = _PRODUCT.fullmatch(path)
    if not found:
        return ()
    symbol = dashed(found[1])
    match found[2]:
        case "book" if query.get("level") == "2":
            book = decoded(_BOOK, body, "Coinbase")
            bids = tuple((level.price, level.size) for level in book.bids)
            asks = tuple((level.price, level.size) for level in book.asks)
            at = None if book.time is None else micros(book.time)
            return (BookSnapshot(symbol, bids, asks, at),)
        case "ticker":
            return _ticked(symbol, decoded(_TICKER, body, "Coinbase"))
        case "stats":
            day = decoded(_STATS, body, "Coinbase")
            return (
                DayFigures(
                    symbol=symbol,
                    last=day.last,
                    open=day.open,
                    high=day.high,
                    low=day.low,
                    volume=day.volume,
                ),
            )
        case "trades":
            # The newest comes first; the last one said is the one that stands.
            trades = decoded(_TRADES, body, "Coinbase")[::-1]
            return tuple(_traded(symbol, trade, index) for index, trade in enumerate(trades))
        case "candles" if timeframe := _TIMEFRAMES.get(query.get("granularity", "")):
            rows = decoded(_CANDLES, body, "Coinbase")[::-1]
            return tuple(_barred(symbol, timeframe, row) for row in rows)
    return ()


class _Level(msgspec.Struct, array_like=True):
    price: float
    size: float


class _Book(msgspec.Struct):
    bids: tuple[_Level, ...]
    asks: tuple[_Level, ...]
    time: Aware | None = None


class _Ticker(msgspec.Struct):
    price: float
    time: Aware
    bid: float | None = None
    ask: float | None = None
    volume: float | None = None


class _Stats(msgspec.Struct):
    open: float
    high: float
    low: float
    volume: float
    last: float | None = None


class _Print(msgspec.Struct):
    time: Aware
    trade_id: int
    price: float
    size: float
    side: Literal["buy", "sell"]


class _Candle(msgspec.Struct, array_like=True):
    time: int
    low: float
    high: float
    open: float
    close: float
    volume: float


def _ticked(symbol: str, ticker: _Ticker) -> tuple[Tick, ...]:
    at = micros(ticker.time)
    figures = DayFigures(symbol=symbol, at=at, last=ticker.price, volume=ticker.volume)
    if ticker.bid is None and ticker.ask is None:
        return (figures,)
    return (figures, TopOfBook(symbol, ticker.bid, ticker.ask, at=at))


def _traded(symbol: str, trade: _Print, index: int) -> Trade:
    # As in the feed, the side is the resting order's.
    taker = Side.buy if trade.side == "sell" else Side.sell
    at, told = micros(trade.time), str(trade.trade_id)
    return Trade(symbol, trade.price, trade.size, at, taker, told, index, folds=False)


def _barred(symbol: str, timeframe: Timeframe, row: _Candle) -> SourceBar:
    at = from_seconds(row.time)
    return SourceBar(
        symbol, timeframe, at, row.open, row.high, row.low, row.close, row.volume, closed=False
    )


_BOOK = decoder(_Book)
_TICKER = decoder(_Ticker)
_STATS = decoder(_Stats)
_TRADES = decoder(tuple[_Print, ...])
_CANDLES = decoder(tuple[_Candle, ...])
