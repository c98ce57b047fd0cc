"""Alpaca's language: frames of its stream, each an array of messages, and answers of prices."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.errors import TioError
from tio.api.market import Timeframe
from tio.api.ticks import SourceBar, Tick
from tio.engine.feeds.alpaca_answers import (
    TIMEFRAMES,
    TRAITS,
    Bar,
    Best,
    Deal,
    read_bars,
    read_snapshots,
    read_trades,
    symbol_of,
)
from tio.engine.feeds.alpaca_refusals import NAME, VENUE
from tio.engine.feeds.decoding import asked, decoded, decoder, unknown
from tio.engine.feeds.frames import Garbage

__all__ = ["HOSTS", "NAME", "TRAITS", "Word", "parse", "parse_rest", "read_words", "symbol_of"]

HOSTS = ("data.alpaca.markets", "stream.data.alpaca.markets")


class Word(NamedTuple):
    """What a frame says of the connection: `success`, `subscription` or `error`."""

    kind: str
    message: str = ""
    code: int = 0


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """Trades, best prices and bars; () for what tells of no price."""
    ticks: list[Tick] = []
    index: dict[str, int] = {}
    for raw in decoded(_FRAME, text, VENUE):
        head = decoded(_HEAD, raw, VENUE)
        read = _READ.get(head.T)
        if read is not None:
            symbol = symbol_of(head.S)
            ticks += read(raw, symbol, index.get(symbol, 0))
            index[symbol] = index.get(symbol, 0) + 1
        elif head.T not in _SILENT:
            raise unknown(VENUE, head.T)
    return tuple(ticks)


def read_words(text: str | bytes) -> tuple[Word, ...]:
    """What a frame says of the connection; () when it tells prices only."""
    found = []
    for raw in decoded(_FRAME, text, VENUE):
        head = decoded(_HEAD, raw, VENUE)
        if head.T in _WORDS:
            found.append(Word(head.T, clean(head.msg, limit=200), head.code))
    return tuple(found)


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: bars, trades or snapshots; Garbage for any other."""
    path, query = asked(url)
    try:
        if path.endswith("/stocks/bars"):
            timeframe = TIMEFRAMES.get(query.get("timeframe", ""))
            if timeframe is not None:
                return _bars(read_bars(body).bars, timeframe)
        if path.endswith("/stocks/trades"):
            return tuple(
                deal.tick(symbol_of(name), index)
                for name, deals in read_trades(body).trades.items()
                for index, deal in enumerate(deals)
            )
        if path.endswith("/stocks/snapshots"):
            names = query.get("symbols", "").split(",")
            return read_snapshots(body, {name: symbol_of(name) for name in names})
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None
    raise Garbage(f"not an answer of {VENUE} we read: {clean(path, limit=80)!r}")


class _Head(msgspec.Struct):
    T: str
    S: str = ""
    msg: str = ""
    code: int = 0


_FRAME = decoder(list[msgspec.Raw])
_HEAD = decoder(_Head)
_DEAL, _BEST, _BAR = decoder(Deal), decoder(Best), decoder(Bar)
_WORDS = frozenset({"success", "subscription", "error"})
_SILENT = _WORDS | {"s", "l", "c", "x", "i", "n"}
"""Statuses, price limits, corrections, cancels, imbalances, news."""


def _deal(raw: msgspec.Raw, symbol: str, index: int) -> tuple[Tick, ...]:
    return (decoded(_DEAL, raw, VENUE).tick(symbol, index),)


def _best(raw: msgspec.Raw, symbol: str, index: int) -> tuple[Tick, ...]:
    return decoded(_BEST, raw, VENUE).ticks(symbol)


def _minute(raw: msgspec.Raw, symbol: str, index: int) -> tuple[Tick, ...]:
    return (_bar(decoded(_BAR, raw, VENUE), symbol, Timeframe.m1, closed=True),)


def _day(raw: msgspec.Raw, symbol: str, index: int) -> tuple[Tick, ...]:
    return (_bar(decoded(_BAR, raw, VENUE), symbol, Timeframe.d1, closed=False),)


_READ: Mapping[str, Callable[[msgspec.Raw, str, int], tuple[Tick, ...]]] = {
    "t": _deal,
    "q": _best,
    "b": _minute,
    "u": _minute,
    "d": _day,
}


def _bars(told: Mapping[str, list[Bar]], timeframe: Timeframe) -> tuple[Tick, ...]:
    return tuple(
        _bar(bar, symbol_of(name), timeframe, closed=False)
        for name, bars in told.items()
        for bar in bars
    )


def _bar(bar: Bar, symbol: str, timeframe: Timeframe, *, closed: bool) -> SourceBar:
    row = bar.row(daily=timeframe is Timeframe.d1)
    if min(row[1:5]) <= 0:
        raise Garbage(f"not a bar of {VENUE}: {row[1:5]!r}")
    return SourceBar(symbol, timeframe, *row, closed=closed)
