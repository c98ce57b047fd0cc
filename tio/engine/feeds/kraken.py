"""Kraken spot: array frames of v1 here, objects of v2 in `kraken_v2`; told apart by their shape."""

from typing import Literal, TypeVar

import msgspec
from msgspec.structs import replace

from tio.api.market import AssetClass, Side
from tio.api.ticks import BookChange, BookSnapshot, DayFigures, SourceBar, Tick, TopOfBook, Trade
from tio.engine.feeds import kraken_v2
from tio.engine.feeds.decoding import (
    Pairs,
    decoded,
    decoder,
    from_seconds,
    of_its_day,
    slashed,
    unknown,
)
from tio.engine.feeds.frames import Garbage
from tio.plugin import Traits

NAME = "kraken"
TRAITS = Traits(name=NAME, asset_class=AssetClass.crypto, truncated_book=True)
FX_TRAITS = replace(TRAITS, asset_class=AssetClass.fx)
"""Of its pairs of two currencies."""
HOSTS = ("ws.kraken.com", "beta-ws.kraken.com", "ws-auth.kraken.com", "api.kraken.com")

T = TypeVar("T")


def symbol_of(venue_spelling: str) -> str:
    """`XBT/USD` → `BTC-USD`, `XDG/EUR` → `DOGE-EUR`, `EUR/USD` → `EURUSD`."""
    return slashed(venue_spelling)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one frame of either version says."""
    opening = text[:64].lstrip()[:1]
    if opening not in ("[", b"["):
        return kraken_v2.parse_object(text)
    parts = decoded(_PARTS, text, "Kraken")
    channel, name = _ending(parts)
    if channel in _PRIVATE:
        return ()
    symbol = symbol_of(name)
    payloads = parts[1:-2]
    kind, _, detail = channel.partition("-")
    match kind:
        case "trade":
            trades = _only(_PRINTS, payloads)
            return tuple(_traded(symbol, trade, index) for index, trade in enumerate(trades))
        case "ticker":
            return _ticked(symbol, _only(_TICKER, payloads))
        case "book":
            return _booked(symbol, [decoded(_BOOK, part, "Kraken") for part in payloads])
        case "spread":
            return (_spread(symbol, _only(_SPREAD, payloads)),)
        case "ohlc":
            return _barred(symbol, detail, _only(_OHLC, payloads))
    raise unknown("Kraken", channel)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """REST answers of Kraken say nothing a replay needs."""
    return ()


_PRIVATE = frozenset(("ownTrades", "openOrders"))


class _Print(msgspec.Struct, array_like=True):
    price: float
    volume: float
    time: float
    side: Literal["b", "s"]


class _Ticker(msgspec.Struct):
    """Each is a list: best price, whole lots, lots; the day's figures are [today, 24 hours]."""

    a: tuple[float, float, float]
    b: tuple[float, float, float]
    c: tuple[float, float]
    v: tuple[float, float]
    l: tuple[float, float]  # noqa: E741 - the venue's name
    h: tuple[float, float]
    o: tuple[float, float]


class _Level(msgspec.Struct, array_like=True):
    """A fourth item "r" marks a level sent again because it came back into the depth."""

    price: float
    volume: float
    time: float


class _Book(msgspec.Struct):
    """`as` and `bs` are a snapshot, `a` and `b` a change."""

    asks: tuple[_Level, ...] | None = msgspec.field(default=None, name="as")
    bids: tuple[_Level, ...] | None = msgspec.field(default=None, name="bs")
    a: tuple[_Level, ...] = ()
    b: tuple[_Level, ...] = ()


class _Spread(msgspec.Struct, array_like=True):
    bid: float
    ask: float
    time: float
    bid_volume: float | None = None
    ask_volume: float | None = None


class _Ohlc(msgspec.Struct, array_like=True):
    """`time` is of the newest trade in it, not of its opening."""

    time: float
    end: float
    open: float
    high: float
    low: float
    close: float
    vwap: float
    volume: float


def _ending(parts: list[msgspec.Raw]) -> tuple[str, str]:
    """The channel and the pair that end an array frame."""
    if len(parts) >= 2:
        names = [_text(part) for part in parts[-2:]]
        for name in names:
            if name in _PRIVATE:
                return name, ""
        channel, pair = names
        if channel is not None and pair is not None and len(parts) >= 4:
            return channel, pair
    raise Garbage("not a Kraken frame: an array that does not end in a channel and a pair")


def _text(part: msgspec.Raw) -> str | None:
    try:
        return msgspec.json.decode(part, type=str)
    except (msgspec.MsgspecError, ValueError):
        return None


def _only(by: msgspec.json.Decoder[T], payloads: list[msgspec.Raw]) -> T:
    if len(payloads) != 1:
        raise Garbage(f"not a Kraken frame: expected one payload, was {len(payloads)}")
    return decoded(by, payloads[0], "Kraken")


def _traded(symbol: str, trade: _Print, index: int) -> Trade:
    side = Side.buy if trade.side == "b" else Side.sell
    return Trade(symbol, trade.price, trade.volume, from_seconds(trade.time), side, None, index)


def _ticked(symbol: str, ticker: _Ticker) -> tuple[Tick, ...]:
    figures = DayFigures(
        symbol=symbol,
        last=ticker.c[0],
        open=ticker.o[1],
        high=ticker.h[1],
        low=ticker.l[1],
        volume=ticker.v[1],
    )
    return (
        of_its_day(figures),
        TopOfBook(symbol, ticker.b[0], ticker.a[0], ticker.b[2], ticker.a[2]),
    )


def _booked(symbol: str, books: list[_Book]) -> tuple[Tick, ...]:
    whole = next((book for book in books if book.asks is not None or book.bids is not None), None)
    if whole is not None:
        bids, asks = whole.bids or (), whole.asks or ()
        return (BookSnapshot(symbol, _pairs(bids), _pairs(asks), _newest(bids + asks)),)
    # A change of both sides comes as two objects in one frame.
    asks = tuple(level for book in books for level in book.a)
    bids = tuple(level for book in books for level in book.b)
    if not asks and not bids:
        raise Garbage("not a Kraken frame: a book that changes nothing")
    return (BookChange(symbol, _pairs(bids), _pairs(asks), _newest(bids + asks)),)


def _pairs(levels: tuple[_Level, ...]) -> Pairs:
    return tuple((level.price, level.volume) for level in levels)


def _newest(levels: tuple[_Level, ...]) -> int | None:
    return max((from_seconds(level.time) for level in levels), default=None)


def _spread(symbol: str, spread: _Spread) -> TopOfBook:
    return TopOfBook(
        symbol,
        spread.bid,
        spread.ask,
        spread.bid_volume,
        spread.ask_volume,
        from_seconds(spread.time),
    )


def _barred(symbol: str, minutes: str, bar: _Ohlc) -> tuple[Tick, ...]:
    timeframe = kraken_v2.TIMEFRAMES.get(minutes)
    if timeframe is None:
        return ()
    at = from_seconds(bar.time)
    at -= at % timeframe.step
    return (
        SourceBar(
            symbol, timeframe, at, bar.open, bar.high, bar.low, bar.close, bar.volume, closed=False
        ),
    )


_PARTS = decoder(list[msgspec.Raw])
_PRINTS = decoder(tuple[_Print, ...])
_TICKER = decoder(_Ticker)
_BOOK = decoder(_Book)
_SPREAD = decoder(_Spread)
_OHLC = decoder(_Ohlc)
