"""Twelve Data's answers: bars, quotes alone and in batches, searches, and its refusals.

Errors come with HTTP 200 as well, whole or as one member of a batch.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Timeframe
from tio.api.series import instant
from tio.api.ticks import DayFigures, SourceBar, Tick
from tio.engine.feeds import sound
from tio.engine.feeds.decoding import asked, decoded, decoder, from_seconds
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.twelvedata_listings import read_search, symbol_of
from tio.engine.feeds.twelvedata_refusals import NAME, VENUE, refusal
from tio.engine.market.symbols import is_fx
from tio.engine.store.columns import Row
from tio.plugin import Traits

HOSTS = ("api.twelvedata.com",)
TRAITS = Traits(
    name=NAME,
    # It does not say whose trades a price is made of, so the whole market is not claimed.
    coverage=Coverage.single_venue,
    adjusted=Adjustment.splits,
    asset_class=AssetClass.equity,
    stale_after=1_800.0,
    # A file, or a credit, a symbol: hundreds take minutes.
    first_words_within=600.0,
)
FX_TRAITS = msgspec.structs.replace(TRAITS, asset_class=AssetClass.fx, adjusted=Adjustment.raw)

INTERVALS = {
    "1min": Timeframe.m1,
    "5min": Timeframe.m5,
    "15min": Timeframe.m15,
    "30min": Timeframe.m30,
    "1h": Timeframe.h1,
    "1day": Timeframe.d1,
}
"""The intervals we ask for; whatever else we serve is folded from one of them."""

_ELSEWHERE = "the listing it tells is not the one in the United States"


class Meta(msgspec.Struct, frozen=True):
    """What bars are of."""

    symbol: str
    interval: str
    currency: str | None = None
    exchange: str | None = None
    mic_code: str | None = None
    exchange_timezone: str | None = None


class Value(msgspec.Struct, frozen=True):
    """One bar; `datetime` is its opening, a date for a day."""

    datetime: str
    open: float
    high: float
    low: float
    close: float
    volume: float | None = None


class TimeSeries(msgspec.Struct, frozen=True):
    """Bars as told, in either order, of times in UTC."""

    meta: Meta
    values: list[Value] = []

    def rows(self) -> Iterator[Row]:
        """The bars as rows."""
        for value in self.values:
            volume = float("nan") if value.volume is None else value.volume
            at = _opening(value.datetime)
            yield at, value.open, value.high, value.low, value.close, volume


class Told(NamedTuple):
    """What a batch says: figures of those it knows, and why it refuses the others."""

    ticks: tuple[DayFigures, ...]
    refused: dict[str, str]


def read_series(body: str | bytes, symbol: str) -> TimeSeries:
    """Bars of `symbol`; NotFound when they are of another listing, Garbage when they are none."""
    refused = refusal(body)
    if refused is not None:
        raise refused
    series = decoded(_SERIES, body, VENUE)
    if series.meta.interval not in INTERVALS:
        raise Garbage(f"not bars we asked for: {clean(series.meta.interval, limit=40)!r}")
    if _is_elsewhere(symbol, series.meta.currency, series.meta.exchange_timezone):
        raise NotFound(f"{VENUE} does not tell {symbol}: {_ELSEWHERE}")
    return series


def read_quotes(body: str | bytes, names: Mapping[str, str]) -> Told:
    """Quotes of `names` (its spelling → our symbol), alone or in a batch.

    When every member is refused alike, for its key or the limit, that error is raised.
    """
    refused = refusal(body)
    if refused is not None:
        raise refused
    members = decoded(_BATCH, body, VENUE)
    if "symbol" in members and "close" in members:
        quote = decoded(_QUOTE, body, VENUE)
        members = {quote.symbol: msgspec.Raw(body if isinstance(body, bytes) else body.encode())}
    ticks: list[DayFigures] = []
    why: dict[str, str] = {}
    trouble: TioError | None = None
    for spelling, said in members.items():
        symbol = names.get(spelling) or names.get(spelling.upper())
        if symbol is None:
            continue
        error = refusal(bytes(said))
        if error is None:
            quote = decoded(_QUOTE, said, VENUE)
            if _is_elsewhere(symbol, quote.currency, None):
                why[symbol] = f"{VENUE}: {_ELSEWHERE}"
            else:
                ticks.append(_figures(symbol, quote))
        elif isinstance(error, NotFound | Invalid):
            why[symbol] = error.message
        else:
            trouble = error
    if trouble is not None and not ticks:
        raise trouble
    if not ticks and not why:
        raise Garbage(f"not quotes of {VENUE}: they tell nothing of what was asked")
    return Told(tuple(ticks), why)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """Its stream is not listened to."""
    raise Garbage(f"not a frame of {VENUE} we know: its stream is not read")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: bars or quotes; () for a search."""
    path, query = asked(url)
    try:
        if path.endswith("/time_series"):
            told = query.get("symbol", "")
            return _bars(read_series(body, symbol_of(told)))
        if path.endswith("/quote"):
            spellings = query.get("symbol", "").split(",")
            return read_quotes(body, {name: symbol_of(name) for name in spellings}).ticks
        if path.endswith("/symbol_search"):
            read_search(body)
            return ()
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None
    raise Garbage(f"not an answer of {VENUE} we know: {clean(path, limit=80)!r}")


class _Quote(msgspec.Struct):
    symbol: str
    close: float
    currency: str | None = None
    last_quote_at: int | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    volume: float | None = None
    previous_close: float | None = None


_QUOTE = decoder(_Quote)
_SERIES = decoder(TimeSeries)
_BATCH = decoder(dict[str, msgspec.Raw])


def _opening(text: str) -> int:
    try:
        return instant(datetime.fromisoformat(text).replace(tzinfo=UTC))
    except ValueError:
        raise Garbage(f"not a time of {VENUE}: {clean(text, limit=60)!r}") from None


def _is_elsewhere(symbol: str, currency: str | None, zone: str | None) -> bool:
    if is_fx(symbol):
        return False
    return bool((currency and currency != "USD") or (zone and zone != "America/New_York"))


def _figures(symbol: str, quote: _Quote) -> DayFigures:
    if sound.price(quote.close) is None:
        raise Garbage(f"not a quote of {VENUE}: {symbol} at {quote.close!r}")
    return DayFigures(
        symbol=symbol,
        at=None if quote.last_quote_at is None else from_seconds(quote.last_quote_at),
        last=quote.close,
        open=sound.price(quote.open),
        high=sound.price(quote.high),
        low=sound.price(quote.low),
        previous_close=sound.price(quote.previous_close),
        volume=None if is_fx(symbol) else sound.size(quote.volume),
    )


def _bars(series: TimeSeries) -> tuple[Tick, ...]:
    symbol, timeframe = symbol_of(series.meta.symbol), INTERVALS[series.meta.interval]
    return tuple(SourceBar(symbol, timeframe, *row, closed=False) for row in series.rows())
