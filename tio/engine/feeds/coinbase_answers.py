"""What Coinbase answers when asked for its products and for past candles, at either of its APIs."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, SourceUnavailable
from tio.api.market import AssetClass, Instrument, Timeframe
from tio.engine.feeds.decimals import decimals_of
from tio.engine.feeds.decoding import decoded, decoder, from_seconds, pair
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Answer, no_page
from tio.engine.feeds.rows import Row

NAME = "coinbase"
VENUE = "Coinbase"
GRANULARITIES = {
    Timeframe.m1: "ONE_MINUTE",
    Timeframe.m5: "FIVE_MINUTE",
    Timeframe.m15: "FIFTEEN_MINUTE",
    Timeframe.h1: "ONE_HOUR",
    Timeframe.d1: "ONE_DAY",
}
"""The timeframes both APIs have; the Exchange calls them by their seconds."""


def read_products(body: bytes) -> tuple[Instrument, ...]:
    """The spot pairs of Advanced Trade that trade now.

    A pair in USDC whose book is the dollar's is spelled as the dollar's, as its frames are.
    """
    told = decoded(_PRODUCTS, body, VENUE)
    found = [
        _instrument(
            each.product_id,
            each.alias or each.product_id,
            each.base_currency_id,
            each.quote_currency_id,
            each.base_name,
            each.price_increment or each.quote_increment,
            each.base_increment,
        )
        for each in told.products
        if each.product_type == "SPOT"
        and each.status == "online"
        and not (each.trading_disabled or each.is_disabled or each.view_only)
    ]
    return tuple(each for each in found if each is not None)


def read_exchange_products(body: bytes) -> tuple[Instrument, ...]:
    """The pairs of Coinbase Exchange that trade now."""
    found = [
        _instrument(
            each.id,
            each.id,
            each.base_currency,
            each.quote_currency,
            "",
            each.quote_increment,
            each.base_increment,
        )
        for each in decoded(_EXCHANGE_PRODUCTS, body, VENUE)
        if each.status == "online" and not each.trading_disabled
    ]
    return tuple(each for each in found if each is not None)


def read_exchange_candles(body: bytes) -> list[Row]:
    """Candles of Coinbase Exchange, newest first as they came; its low stands before its high."""
    return [
        Row(from_seconds(each.time), each.open, each.high, each.low, each.close, each.volume)
        for each in decoded(_EXCHANGE_CANDLES, body, VENUE)
    ]


def read_candles(body: bytes) -> list[Row]:
    """Candles of Advanced Trade, newest first as they came."""
    return [
        Row(from_seconds(each.start), each.open, each.high, each.low, each.close, each.volume)
        for each in decoded(_CANDLES, body, VENUE).candles
    ]


def refusal(answer: Answer) -> None:
    """Raise what a body means that is no answer: a page, or an object of nothing but words."""
    no_page(answer)
    if answer.body[:1] != b"{" or len(answer.body) > _LONGEST_REFUSAL:
        return
    try:
        said = _REFUSED.decode(answer.body)
    except msgspec.MsgspecError:
        return
    words = clean(said.message or said.error or "", limit=200)
    if not words:
        return
    match answer.status:
        case 404:
            raise NotFound(words)
        case 400:
            raise Invalid(words)
        case 200:
            raise SourceUnavailable(words)


_LONGEST_REFUSAL = 2_000


class _Refused(msgspec.Struct):
    message: str | None = None
    error: str | None = None


class _Product(msgspec.Struct):
    product_id: str
    base_currency_id: str
    quote_currency_id: str
    product_type: str
    status: str
    base_name: str = ""
    alias: str = ""
    price_increment: float | str = ""
    quote_increment: float | str = ""
    base_increment: float | str = ""
    trading_disabled: bool = False
    is_disabled: bool = False
    view_only: bool = False


class _Products(msgspec.Struct):
    products: tuple[_Product, ...]


class _ExchangeProduct(msgspec.Struct):
    id: str
    base_currency: str
    quote_currency: str
    status: str
    quote_increment: float | str = ""
    base_increment: float | str = ""
    trading_disabled: bool = False


class _ExchangeCandle(msgspec.Struct, array_like=True):
    time: int
    low: float
    high: float
    open: float
    close: float
    volume: float


class _Candle(msgspec.Struct):
    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float


class _Candles(msgspec.Struct):
    candles: tuple[_Candle, ...]


def _instrument(
    product: str,
    spelling: str,
    base: str,
    quote: str,
    name: str,
    price_step: float | str,
    size_step: float | str,
) -> Instrument | None:
    """The pair; None where its names cannot be a symbol."""
    try:
        symbol = pair(base, quote)
    except Garbage:
        return None
    told = clean(name, limit=120) or f"{clean(base, limit=30)} / {clean(quote, limit=30)}"
    if spelling != product:
        told = (
            f"{told} ({clean(quote, limit=30)}, traded in the book of {clean(spelling, limit=60)})"
        )
    return Instrument(
        symbol=symbol,
        name=told,
        asset_class=AssetClass.crypto,
        venue=VENUE,
        currency=clean(quote, limit=30).upper(),
        price_decimals=_decimals(price_step),
        size_decimals=_decimals(size_step),
        source=NAME,
        spellings={NAME: clean(spelling, limit=60)},
    )


def _decimals(step: float | str) -> int | None:
    try:
        value = float(step)
    except ValueError:
        return None
    return decimals_of(value) if value > 0 else None


_PRODUCTS = decoder(_Products)
_EXCHANGE_PRODUCTS = decoder(tuple[_ExchangeProduct, ...])
_EXCHANGE_CANDLES = decoder(tuple[_ExchangeCandle, ...])
_CANDLES = decoder(_Candles)
_REFUSED = decoder(_Refused)
