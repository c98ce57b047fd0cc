"""What Binance answers when asked: its list and limits, klines, aggregated trades, 24 h figures."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotAllowed, NotFound, TioError
from tio.api.market import AssetClass, Instrument, Side, Timeframe
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.binance import Named
from tio.engine.feeds.decimals import decimals_of
from tio.engine.feeds.decoding import decoded, decoder, from_millis, pair
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Answer, Throttled, no_page
from tio.engine.feeds.rows import Row

INTERVALS: dict[Timeframe, str] = {
    **{each: each.value for each in Timeframe if each not in (Timeframe.s5, Timeframe.s15)},
    Timeframe.mo1: "1M",
}
"""How Binance spells the timeframes it has klines of."""


class Listing(NamedTuple):
    """The pairs that trade now, and the weight a minute allows (None: it did not say)."""

    instruments: tuple[Instrument, ...]
    weight: float | None


def read_listing(body: bytes, source: str, venue: str) -> Listing:
    """An `exchangeInfo`; a pair whose names cannot be a symbol is left out."""
    told = decoded(_INFO, body, "Binance")
    instruments = [
        _instrument(each, source, venue)
        for each in told.symbols
        if each.status == "TRADING" and each.is_spot_trading_allowed
    ]
    weights = [
        each.limit / (each.interval_num * _MINUTES[each.interval])
        for each in told.rate_limits
        if each.rate_limit_type == "REQUEST_WEIGHT" and each.interval in _MINUTES
    ]
    found = tuple(each for each in instruments if each is not None)
    return Listing(found, min(weights, default=None))


def read_klines(body: bytes) -> list[Row]:
    """Bars as they came, oldest first."""
    rows = decoded(_KLINES, body, "Binance")
    return [
        Row(from_millis(each.start), each.open, each.high, each.low, each.close, each.volume)
        for each in rows
    ]


class Aggregate(NamedTuple):
    """An aggregated trade and its number."""

    number: int
    trade: Trade


def read_aggregates(body: bytes, symbol: str) -> list[Aggregate]:
    """Aggregated trades of one symbol, oldest first, numbered as the streamed ones."""
    return [
        Aggregate(
            each.number,
            Trade(
                symbol,
                each.price,
                each.size,
                from_millis(each.time),
                Side.sell if each.maker_bought else Side.buy,
                f"agg-{each.number}",
            ),
        )
        for each in decoded(_AGGREGATES, body, "Binance")
    ]


def read_days(body: bytes, named: Named) -> list[Tick]:
    """Figures of the last 24 h and best prices, of one symbol or a list of them."""
    is_list = body.lstrip()[:1] == b"["
    days = decoded(_DAYS, body, "Binance") if is_list else (decoded(_DAY, body, "Binance"),)
    ticks: list[Tick] = []
    for day in days:
        symbol = named(day.symbol)
        ticks.append(
            DayFigures(
                symbol=symbol,
                at=from_millis(day.close_time),
                last=day.last_price,
                open=day.open_price,
                high=day.high_price,
                low=day.low_price,
                volume=day.volume,
                change=day.price_change,
                change_percent=day.price_change_percent,
            )
        )
        if day.bid_price and day.ask_price:
            ticks.append(TopOfBook(symbol, day.bid_price, day.ask_price, day.bid_qty, day.ask_qty))
    return ticks


def refusal(answer: Answer) -> None:
    """Raise what a body means that is no answer: a page, or an error's number and words."""
    no_page(answer)
    if answer.body[:1] != b"{" or len(answer.body) > _LONGEST_REFUSAL:
        return
    try:
        said = _REFUSED.decode(answer.body)
    except msgspec.MsgspecError:
        return
    if said.code is not None and (said.msg or answer.status >= 400):
        raise _error(said.code, clean(said.msg or "", limit=200))


def _error(code: int, words: str) -> TioError:
    told = f"{words or 'refused'} ({code})"
    if "restricted location" in words:
        return NotAllowed(f"not available from here: {told}")
    if code == -1003:
        return Throttled(told)
    return NotFound(told) if code == -1121 else Invalid(told)


_LONGEST_REFUSAL = 2_000
_MINUTES = {"SECOND": 1 / 60, "MINUTE": 1.0, "HOUR": 60.0, "DAY": 1_440.0}


class _Refused(msgspec.Struct):
    code: int | None = None
    msg: str | None = None


class _Limit(msgspec.Struct, rename="camel"):
    rate_limit_type: str
    interval: str
    interval_num: int
    limit: float


class _Filter(msgspec.Struct, rename="camel"):
    filter_type: str
    tick_size: float | None = None
    step_size: float | None = None


class _Listed(msgspec.Struct, rename="camel"):
    symbol: str
    status: str
    base_asset: str
    quote_asset: str
    is_spot_trading_allowed: bool = True
    filters: tuple[_Filter, ...] = ()


class _Info(msgspec.Struct, rename="camel"):
    symbols: tuple[_Listed, ...]
    rate_limits: tuple[_Limit, ...] = ()


class _Kline(msgspec.Struct, array_like=True):
    start: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    closes: int


class _Aggregated(
    msgspec.Struct,
    rename={"number": "a", "price": "p", "size": "q", "time": "T", "maker_bought": "m"},
):
    number: int
    price: float
    size: float
    time: int
    maker_bought: bool


class _Day(msgspec.Struct, rename="camel"):
    symbol: str
    last_price: float
    open_price: float
    high_price: float
    low_price: float
    volume: float
    close_time: int
    price_change: float | None = None
    price_change_percent: float | None = None
    bid_price: float | None = None
    bid_qty: float | None = None
    ask_price: float | None = None
    ask_qty: float | None = None


def _instrument(listed: _Listed, source: str, venue: str) -> Instrument | None:
    try:
        symbol = pair(listed.base_asset, listed.quote_asset)
    except Garbage:
        return None
    base, quote = clean(listed.base_asset, limit=30), clean(listed.quote_asset, limit=30)
    return Instrument(
        symbol=symbol,
        name=f"{base} / {quote}",
        asset_class=AssetClass.crypto,
        venue=venue,
        currency=quote.upper(),
        price_decimals=_decimals(each.tick_size for each in listed.filters),
        size_decimals=_decimals(
            each.step_size for each in listed.filters if each.filter_type == "LOT_SIZE"
        ),
        source=source,
        spellings={source: clean(listed.symbol, limit=60)},
    )


def _decimals(steps: Iterable[float | None]) -> int | None:
    """Decimals of the first step that is one."""
    return next((decimals_of(step) for step in steps if step), None)


_INFO = decoder(_Info)
_KLINES = decoder(tuple[_Kline, ...])
_AGGREGATES = decoder(tuple[_Aggregated, ...])
_DAY = decoder(_Day)
_DAYS = decoder(tuple[_Day, ...])
_REFUSED = decoder(_Refused)
