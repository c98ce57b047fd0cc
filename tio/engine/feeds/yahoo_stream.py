"""Yahoo's streamer: JSON text around base64 around a protobuf `PricingData`, read by hand.

A message is a price that was seen, not a trade: many trades make one, none has an id, and its
last size may be told again. So it sets figures and best prices and folds into no bar.
"""

import binascii
import struct
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import msgspec

from tio.api.market import AssetClass
from tio.api.ticks import DayFigures, Tick, TopOfBook
from tio.engine.feeds.decoding import decoded, decoder, from_millis
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_chart import priced
from tio.engine.feeds.yahoo_listings import COUNTED, Money, may_be_minor, money_of, traits_of
from tio.engine.feeds.yahoo_symbols import symbol_of
from tio.plugin import Traits

PRE, REGULAR, POST, EXTENDED = range(4)
"""`market_hours`: 0 pre, 1 regular, 2 post, 3 extended."""

STREAM_KINDS = {
    8: AssetClass.equity,
    9: AssetClass.equity_index,
    11: AssetClass.fund,
    12: AssetClass.fund,
    14: AssetClass.fx,
    18: AssetClass.future,
    20: AssetClass.etf,
    41: AssetClass.crypto,
}
"""`quote_type`; the others are no kinds of ours."""
_EXTENDED = (AssetClass.equity, AssetClass.etf)
"""Kinds that trade before and after their session; of the others 0 means nothing."""
_HEARTBEAT = 7
_LONGEST = 65_536


class Pricing(msgspec.Struct, frozen=True):
    """One message; 0 and empty are what it does not say."""

    id: str = ""
    price: float = 0.0
    time: int = 0
    currency: str = ""
    exchange: str = ""
    quote_type: int = 0
    market_hours: int = 0
    change_percent: float = 0.0
    day_volume: int = 0
    day_high: float = 0.0
    day_low: float = 0.0
    change: float = 0.0
    open_price: float = 0.0
    previous_close: float = 0.0
    last_size: int = 0
    bid: float = 0.0
    ask: float = 0.0
    price_hint: int = 0


_FIELDS = {
    1: "id", 2: "price", 3: "time", 4: "currency", 5: "exchange", 6: "quote_type",
    7: "market_hours", 8: "change_percent", 9: "day_volume", 10: "day_high", 11: "day_low",
    12: "change", 15: "open_price", 16: "previous_close", 22: "last_size", 23: "bid", 25: "ask",
    27: "price_hint",
}  # fmt: skip
_ZIGZAG = frozenset({3, 9, 22, 27})


def read_pricing(text: str | bytes) -> Pricing | None:
    """The message of one frame, None when it is none of prices; Garbage when it cannot be read."""
    said = text if isinstance(text, str) else text.decode(errors="replace")
    if said.lstrip()[:1] in ("{", "["):
        frame = decoded(_FRAME, text, "Yahoo")
        if frame.message is None:
            if frame.type == "pricing" or not frame.type:
                raise Garbage("not a Yahoo frame: it has no message")
            return None
        said = frame.message
    if len(said) > _LONGEST:
        raise Garbage("not a Yahoo frame: its message is too long")
    try:
        raw = b64decode(said.strip().encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise Garbage("not a Yahoo frame: its message is not base64") from None
    pricing = decode_pricing(raw)
    return None if pricing.quote_type == _HEARTBEAT else pricing


def decode_pricing(raw: bytes) -> Pricing:
    """A protobuf `PricingData`; fields we do not know are passed over."""
    said: dict[str, Any] = {}
    at = 0
    try:
        while at < len(raw):
            key, at = _varint(raw, at)
            number, wire = key >> 3, key & 7
            value: Any
            if wire == 0:
                value, at = _varint(raw, at)
                if number in _ZIGZAG:
                    value = (value >> 1) ^ -(value & 1)
            elif wire == 1:
                (value,), at = struct.unpack_from("<d", raw, at), at + 8
            elif wire == 5:
                (value,), at = struct.unpack_from("<f", raw, at), at + 4
            elif wire == 2:
                length, at = _varint(raw, at)
                if at + length > len(raw):
                    raise Garbage("not a Yahoo frame: its message is cut")
                value, at = raw[at : at + length].decode(), at + length
            else:
                raise Garbage(f"not a Yahoo frame: a field of kind {wire}")
            if number in _FIELDS:
                said[_FIELDS[number]] = value
        return msgspec.convert(said, Pricing)
    except (struct.error, IndexError, UnicodeDecodeError, msgspec.ValidationError):
        raise Garbage("not a Yahoo frame: its message is no pricing") from None


def _varint(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
        if shift > 63:
            raise Garbage("not a Yahoo frame: a number without an end")


def ticks_of(pricing: Pricing, symbol: str = "", divisor: float | None = None) -> tuple[Tick, ...]:
    """What a message says; `divisor` of an instrument known to be quoted in pence.

    Where the message names no currency, nobody knows it and it might be pence, only its change in
    percent is taken.
    """
    told = symbol or symbol_of(pricing.id)
    at = from_millis(pricing.time) if pricing.time > 0 else None
    if not pricing.currency and divisor is None and may_be_minor(pricing.id):
        return (DayFigures(symbol=told, at=at, change_percent=_percent(pricing)),)
    money = money_of(pricing.currency) if pricing.currency else Money("", divisor or 1.0)
    kind = STREAM_KINDS.get(pricing.quote_type, AssetClass.equity)
    last = _price(pricing.price, pricing, money)
    if last is None:
        raise Garbage("not a Yahoo frame: it has no price")
    figures = _figures(pricing, kind, money, told, last, at)
    bid, ask = _price(pricing.bid, pricing, money), _price(pricing.ask, pricing, money)
    if bid is None or ask is None or (pricing.market_hours != REGULAR and kind in _EXTENDED):
        return (figures,)
    return (TopOfBook(told, bid, ask, at=at), figures)


def stream_traits(pricing: Pricing, known: Mapping[str, Traits]) -> Traits:
    """What is true of a message: as the last quote of its instrument said, else as usual there."""
    found = known.get(pricing.id)
    if found is not None:
        return found
    kind = STREAM_KINDS.get(pricing.quote_type, AssetClass.equity)
    return traits_of(kind, pricing.exchange, None)


def _figures(
    pricing: Pricing,
    kind: AssetClass,
    money: Money,
    symbol: str,
    last: float,
    at: int | None,
) -> DayFigures:
    if kind is AssetClass.crypto:
        change = _price(abs(pricing.change), pricing, money)
        signed = None if change is None else change if pricing.change > 0 else -change
        return DayFigures(
            symbol=symbol, at=at, last=last, change=signed, change_percent=_percent(pricing)
        )
    if pricing.market_hours in (PRE, POST) and kind in _EXTENDED:
        # Its change is from the last regular close, the board's from the close before the day's.
        return DayFigures(symbol=symbol, at=at, last=last)
    return DayFigures(
        symbol=symbol,
        at=at,
        last=last,
        open=_price(pricing.open_price, pricing, money),
        high=_price(pricing.day_high, pricing, money),
        low=_price(pricing.day_low, pricing, money),
        previous_close=_price(pricing.previous_close, pricing, money),
        volume=float(pricing.day_volume) if kind in COUNTED and pricing.day_volume > 0 else None,
    )


def _price(told: float, pricing: Pricing, money: Money) -> float | None:
    """A float32 at the decimals Yahoo shows, or at the seven digits it holds."""
    if not -1e300 < told < 1e300:
        return None
    kind = STREAM_KINDS.get(pricing.quote_type, AssetClass.equity)
    hint = pricing.price_hint
    exact = round(told, hint) if 0 < hint <= 12 else float(f"{told:.7g}")
    return priced(exact, money, kind)


def _percent(pricing: Pricing) -> float | None:
    change = pricing.change_percent
    return float(f"{change:.7g}") if change and -1e300 < change < 1e300 else None


class _Frame(msgspec.Struct):
    message: str | None = None
    type: str = ""


_FRAME = decoder(_Frame)
