"""What ccxt says through its process: lists, tickers and bars of one exchange."""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from tio.api.clean import clean
from tio.api.errors import Busy, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Coverage, Instrument
from tio.api.ticks import DayFigures, Tick, TopOfBook
from tio.engine.feeds import sound
from tio.engine.feeds.decoding import decoded, decoder, from_millis, pair
from tio.engine.feeds.frames import Garbage
from tio.engine.market.symbols import is_fx
from tio.engine.store.columns import Row
from tio.plugin import Traits

NAME = "ccxt"
MISSING = "ccxt is not installed: pip install 'tio[ccxt]'"
TRAITS = Traits(
    name=NAME, coverage=Coverage.single_venue, asset_class=AssetClass.crypto, stale_after=90.0
)


class Answer(msgspec.Struct, frozen=True):
    """One answer: rows, or what went wrong."""

    id: int
    rows: msgspec.Raw = msgspec.Raw(b"[]")
    error: str = ""
    words: str = ""


def read_answer(line: bytes) -> Answer:
    """One line of the process."""
    return decoded(_ANSWER, line, NAME)


def error_of(answer: Answer, exchange: str) -> TioError | None:
    """The error an answer is; None when it is none."""
    if not answer.error:
        return None
    told = f"{exchange} through ccxt: {clean(answer.words, limit=300) or 'it failed'}"
    match answer.error:
        case "missing":
            return SourceUnavailable(MISSING)
        case "unknown" | "unserved":
            return NotFound(told, "check the symbol")
        case "busy":
            return Busy(told, "it is asked again later")
        case "refused":
            return NotAllowed(told, "another source answers meanwhile")
        case _:
            return SourceUnavailable(told, "another source answers meanwhile")


def instruments(rows: bytes, exchange: str) -> tuple[Instrument, ...]:
    """The exchange's pairs; those of two currencies are FX and none of its."""
    found: dict[str, Instrument] = {}
    for spelling, base, quote, price, size in decoded(_MARKETS, rows, NAME):
        try:
            symbol = pair(base, quote)
        except Garbage:
            continue  # a coin without a name that could be a symbol; it has hundreds beside it
        if is_fx(symbol.replace("-", "")) or clean(spelling, limit=64) != spelling:
            continue
        found[symbol] = Instrument(
            symbol=symbol,
            asset_class=AssetClass.crypto,
            venue=exchange,
            currency=symbol.split("-")[1],
            price_decimals=price if price is not None and price <= 12 else None,
            size_decimals=size if size is not None and size <= 12 else None,
            source=NAME,
            spellings={NAME: spelling},
        )
    return tuple(found.values())


def ticks(rows: bytes, names: Mapping[str, str]) -> Sequence[Tick]:
    """Figures of 24 hours and best prices of `names` (its spelling → our symbol)."""
    told: list[Tick] = []
    for each in decoded(_TICKERS, rows, NAME):
        symbol = names.get(each.symbol)
        if symbol is not None:
            told += _told(symbol, each)
    return told


def bars(rows: bytes) -> list[Row]:
    """Bars as rows; one without a price is none."""
    return [
        (
            from_millis(at),
            first,
            high,
            low,
            close,
            float("nan") if volume is None else volume,
        )
        for at, first, high, low, close, volume in decoded(_CANDLES, rows, NAME)
        if first is not None and high is not None and low is not None and close is not None
    ]


class _Ticker(msgspec.Struct, array_like=True):
    symbol: str
    timestamp: int | None
    last: float | None
    bid: float | None
    ask: float | None
    bid_size: float | None
    ask_size: float | None
    open: float | None
    high: float | None
    low: float | None
    volume: float | None


_Price = float | None
_ANSWER = decoder(Answer)
_MARKETS = decoder(list[tuple[str, str, str, int | None, int | None]])
_TICKERS = decoder(list[_Ticker])
_CANDLES = decoder(list[tuple[int, _Price, _Price, _Price, _Price, _Price]])


def _told(symbol: str, ticker: _Ticker) -> Iterator[Tick]:
    at = None if ticker.timestamp is None else from_millis(ticker.timestamp)
    last = sound.price(ticker.last)
    if last is not None:
        yield DayFigures(
            symbol=symbol,
            at=at,
            last=last,
            open=sound.price(ticker.open),
            high=sound.price(ticker.high),
            low=sound.price(ticker.low),
            volume=sound.size(ticker.volume),
        )
    bid, ask = sound.price(ticker.bid), sound.price(ticker.ask)
    if bid is not None or ask is not None:
        bid_size, ask_size = sound.size(ticker.bid_size), sound.size(ticker.ask_size)
        yield TopOfBook(symbol, bid, ask, bid_size, ask_size, at)
