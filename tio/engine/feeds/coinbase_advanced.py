"""Coinbase Advanced Trade: frames in the envelope `{channel, timestamp, events}`."""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec

from tio.api.clean import clean
from tio.api.market import Side, Timeframe
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import Aware, dashed, decoded, decoder, from_seconds, micros, unknown


def parse_channel(channel: str, text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of that channel says; () for the channels without prices."""
    match channel:
        case "market_trades":
            return _trades(decoded(_TRADES, text, "Coinbase"))
        case "ticker" | "ticker_batch":
            return _tickers(decoded(_TICKERS, text, "Coinbase"))
        case "l2_data":
            return _books(decoded(_BOOKS, text, "Coinbase"))
        case "candles":
            return _candles(decoded(_CANDLES, text, "Coinbase"))
        case _ if channel in _QUIET:
            return ()
    raise unknown("Coinbase", channel or "neither type nor channel")


class Notice(msgspec.Struct, frozen=True):
    """What a frame without prices says: that something is wrong, or what is subscribed."""

    error: str = ""
    subscribed: Mapping[str, frozenset[str]] | None = None
    """The products of each channel; None where the frame does not tell."""


def read_notice(text: str) -> Notice:
    """A frame without prices; of what is neither an error nor subscriptions, nothing."""
    said = decoded(_SAID, text, "Coinbase")
    if said.type == "error" or said.channel == "error":
        return Notice(clean(said.message or "an error without words", limit=300))
    if said.channel != "subscriptions":
        return Notice()
    told: dict[str, frozenset[str]] = {}
    for event in decoded(_SUBSCRIBED, text, "Coinbase").events:
        told |= {name: frozenset(products) for name, products in event.subscriptions.items()}
    return Notice(subscribed=told)


def sequence_of(text: str) -> int | None:
    """The number of a frame on its connection; None where it has none."""
    found = _SEQUENCE.search(text, 0, 400)
    return int(found[1]) if found else None


_SEQUENCE = re.compile(r'"sequence_num":\s{0,4}(\d{1,18})\b')
_QUIET = frozenset("subscriptions heartbeats status user futures_balance_summary error".split())


class _Print(msgspec.Struct):
    trade_id: str
    product_id: str
    price: float
    size: float
    side: Literal["BUY", "SELL"]
    time: Aware


class _DayTicker(msgspec.Struct):
    product_id: str
    price: float
    volume_24_h: float | None = None
    low_24_h: float | None = None
    high_24_h: float | None = None
    price_percent_chg_24_h: float | None = None
    best_bid: float | None = None
    best_bid_quantity: float | None = None
    best_ask: float | None = None
    best_ask_quantity: float | None = None


class _Level(msgspec.Struct):
    side: Literal["bid", "offer"]
    price_level: float
    new_quantity: float


class _Candle(msgspec.Struct):
    product_id: str
    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class _TradesEvent(msgspec.Struct):
    type: Literal["snapshot", "update"]
    trades: tuple[_Print, ...]


class _TickersEvent(msgspec.Struct):
    tickers: tuple[_DayTicker, ...]


class _BookEvent(msgspec.Struct):
    type: Literal["snapshot", "update"]
    product_id: str
    updates: tuple[_Level, ...]


class _CandlesEvent(msgspec.Struct):
    candles: tuple[_Candle, ...]


class _Trades(msgspec.Struct):
    events: tuple[_TradesEvent, ...]


class _Tickers(msgspec.Struct):
    timestamp: Aware
    events: tuple[_TickersEvent, ...]


class _Books(msgspec.Struct):
    timestamp: Aware
    events: tuple[_BookEvent, ...]


class _Candles(msgspec.Struct):
    events: tuple[_CandlesEvent, ...]


class _Said(msgspec.Struct):
    type: str = ""
    channel: str = ""
    message: str = ""


class _SubscribedEvent(msgspec.Struct):
    subscriptions: dict[str, tuple[str, ...]]


class _Subscribed(msgspec.Struct):
    events: tuple[_SubscribedEvent, ...]


def _trades(frame: _Trades) -> tuple[Tick, ...]:
    told = [(event.type, trade) for event in frame.events for trade in event.trades]
    return tuple(
        Trade(
            dashed(trade.product_id),
            trade.price,
            trade.size,
            micros(trade.time),
            Side(trade.side.lower()),
            clean(trade.trade_id, limit=64),
            index,
            kind == "update",
        )
        for index, (kind, trade) in enumerate(told)
    )


def _tickers(frame: _Tickers) -> tuple[Tick, ...]:
    at = micros(frame.timestamp)
    ticks: list[Tick] = []
    for event in frame.events:
        for ticker in event.tickers:
            symbol = dashed(ticker.product_id)
            ticks.append(
                DayFigures(
                    symbol=symbol,
                    at=at,
                    last=ticker.price,
                    high=ticker.high_24_h,
                    low=ticker.low_24_h,
                    volume=ticker.volume_24_h,
                    change_percent=ticker.price_percent_chg_24_h,
                )
            )
            if ticker.best_bid is not None or ticker.best_ask is not None:
                ticks.append(
                    TopOfBook(
                        symbol,
                        ticker.best_bid,
                        ticker.best_ask,
                        ticker.best_bid_quantity,
                        ticker.best_ask_quantity,
                        at,
                    )
                )
    return tuple(ticks)


def _books(frame: _Books) -> tuple[Tick, ...]:
    at = micros(frame.timestamp)
    ticks: list[Tick] = []
    for event in frame.events:
        levels = [(level.side, (level.price_level, level.new_quantity)) for level in event.updates]
        bids = tuple(level for side, level in levels if side == "bid")
        asks = tuple(level for side, level in levels if side == "offer")
        kind = BookSnapshot if event.type == "snapshot" else BookChange
        ticks.append(kind(dashed(event.product_id), bids, asks, at))
    return tuple(ticks)


def _candles(frame: _Candles) -> tuple[Tick, ...]:
    # The channel's buckets are five minutes; which one is final is not said.
    return tuple(
        SourceBar(
            dashed(candle.product_id),
            Timeframe.m5,
            from_seconds(candle.start),
            candle.open,
            candle.high,
            candle.low,
            candle.close,
            candle.volume,
            closed=False,
        )
        for event in frame.events
        for candle in event.candles
    )


_TRADES = decoder(_Trades)
_TICKERS = decoder(_Tickers)
_BOOKS = decoder(_Books)
_CANDLES = decoder(_Candles)
_SAID = decoder(_Said)
_SUBSCRIBED = decoder(_Subscribed)
