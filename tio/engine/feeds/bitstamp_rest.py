"""Bitstamp's REST answers about its pairs, all tickers and bars, and its errors."""

import msgspec

from tio.api.clean import clean
from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Instrument, Timeframe
from tio.api.ticks import Tick
from tio.engine.feeds.bitstamp import NAME, symbol_of, ticker_of
from tio.engine.feeds.decoding import decoded, decoder, from_seconds
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.listing import listed
from tio.engine.feeds.openings import said_in
from tio.engine.feeds.rows import Row

STEPS = {
    each: str(each.step // 1_000_000)
    for each in (
        Timeframe.m1,
        Timeframe.m3,
        Timeframe.m5,
        Timeframe.m15,
        Timeframe.m30,
        Timeframe.h1,
        Timeframe.h2,
        Timeframe.h4,
        Timeframe.d1,
    )
}
"""Seconds of a bar, as it asks for them; it has no weeks."""
TOO_MANY = "400.002"


def refusal(body: str | bytes) -> TioError | None:
    """The error an answer is, whatever its status; None when it is an answer."""
    if _start(body) != b"{":
        return None
    said = said_in(body, _REFUSED)
    if said is None:
        return None
    if not said.error and not said.code and said.status != "error":
        return None
    words = clean(str(said.error or said.reason or said.code), limit=200)
    lower = words.lower()
    if said.code == TOO_MANY or "rate limit" in lower or "too many" in lower:
        return Throttled(words)
    if "not found" in lower or "invalid currency pair" in lower:
        return NotFound(words)
    return SourceUnavailable(words)


def read_pairs(body: str | bytes) -> tuple[Instrument, ...]:
    """The pairs that trade."""
    pairs = decoded(_PAIRS, body, "Bitstamp")
    return listed([pair for pair in pairs if pair.trading == "Enabled"], _listed, NAME)


def read_tickers(body: str | bytes) -> tuple[Tick, ...]:
    """Figures of 24 hours and the best prices of every pair that can be read."""
    ticks: list[Tick] = []
    for raw in decoded(_TICKERS, body, "Bitstamp"):
        try:
            pair = decoded(_NAMED, raw, "Bitstamp").pair
            ticks += ticker_of(symbol_of(pair), raw)
        except Garbage:
            continue  # a pair that has never traded has no figures
    return tuple(ticks)


def read_bars(body: str | bytes) -> tuple[Row, ...]:
    """The bars of one pair, oldest first."""
    return tuple(
        Row(from_seconds(bar.timestamp), bar.open, bar.high, bar.low, bar.close, bar.volume)
        for bar in decoded(_OHLC, body, "Bitstamp").data.ohlc
    )


class _Refused(msgspec.Struct):
    error: object = ""
    reason: object = ""
    code: str = ""
    status: str = ""


class _Pair(msgspec.Struct):
    name: str
    url_symbol: str
    trading: str = "Enabled"
    description: str = ""
    base_decimals: int | None = None
    counter_decimals: int | None = None


class _Named(msgspec.Struct):
    pair: str


class _Bar(msgspec.Struct):
    timestamp: float
    open: float
    high: float
    low: float
    close: float
    volume: float


class _Bars(msgspec.Struct):
    ohlc: tuple[_Bar, ...]


class _Ohlc(msgspec.Struct):
    data: _Bars


def _listed(pair: _Pair) -> Instrument:
    symbol = symbol_of(clean(pair.name, limit=60))
    is_fx = "-" not in symbol
    spelling = clean(pair.url_symbol, limit=60)
    return Instrument(
        symbol=symbol,
        name=clean(pair.description, limit=120),
        asset_class=AssetClass.fx if is_fx else AssetClass.crypto,
        venue="Bitstamp",
        currency=symbol[3:] if is_fx else symbol.split("-")[1],
        price_decimals=pair.counter_decimals,
        size_decimals=pair.base_decimals,
        source=NAME,
        spellings={NAME: spelling},
    )


def _start(body: str | bytes) -> bytes:
    start = body[:64].lstrip()[:1]
    return start.encode() if isinstance(start, str) else start


_REFUSED = decoder(_Refused)
_PAIRS = decoder(tuple[_Pair, ...])
_TICKERS = decoder(tuple[msgspec.Raw, ...])
_NAMED = decoder(_Named)
_OHLC = decoder(_Ohlc)
