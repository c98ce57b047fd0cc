"""Cboe's delayed quotes, unofficial: one file a symbol, 15 minutes late, indices as `_SPX`."""

from datetime import datetime
from math import isfinite
from zoneinfo import ZoneInfo

import msgspec

from tio.api.clean import clean
from tio.api.errors import NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Coverage, Delay, Instrument
from tio.api.ticks import DayFigures, Tick, TopOfBook
from tio.engine.feeds.decoding import decoded, decoder, micros
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.tables import as_text, is_page
from tio.engine.feeds.us_symbols import is_us
from tio.plugin import Traits

NAME = "cboe"
HOSTS = ("cdn.cboe.com",)
TRAITS = Traits(
    name=NAME,
    delay=Delay.delayed,
    delay_minutes=15,
    coverage=Coverage.single_venue,
    asset_class=AssetClass.equity,
    stale_after=300.0,
    # A file, or a credit, a symbol: hundreds take minutes.
    first_words_within=600.0,
)
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund, AssetClass.equity_index})

_NEW_YORK = ZoneInfo("America/New_York")
_INDICES = {f"^{name}": f"_{name}" for name in "SPX VIX NDX RUT OEX VIX9D VIX3M VVIX SKEW".split()}
_INDICES["^GSPC"] = "_SPX"
_SYMBOLS = {name: symbol for symbol, name in _INDICES.items()}
_KINDS = {
    "stock": AssetClass.equity,
    "etf": AssetClass.etf,
    "fund": AssetClass.fund,
    "index": AssetClass.equity_index,
}


class CboeQuote(msgspec.Struct, frozen=True):
    """What is read of one quote; everything may be missing, and 0 says so too."""

    security_type: str | None = None
    current_price: float | None = None
    prev_day_close: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    volume: float | None = None
    last_trade_time: str | None = None


class CboeAnswer(msgspec.Struct, frozen=True):
    """A quote and the spelling it is of."""

    data: CboeQuote
    symbol: str = ""


def spelled(symbol: str) -> str | None:
    """`_SPX` of `^GSPC`, `AAPL` of itself; None of what Cboe does not tell."""
    if symbol.startswith("^"):
        return _INDICES.get(symbol)
    return symbol if is_us(symbol) and ".PR." not in symbol else None


def symbol_of(venue_spelling: str) -> str:
    """`^GSPC` of `_SPX`; Garbage when it cannot be a symbol we know."""
    name = clean(venue_spelling, limit=60).strip().upper()
    symbol = _SYMBOLS.get("_" + name.lstrip("_^") if name[:1] in ("_", "^") else name, name)
    if symbol.startswith("^") or is_us(symbol):
        return symbol
    raise Garbage(f"expected a symbol of Cboe's, was {name!r}")


def refusal(body: str | bytes, status: int = 200) -> TioError | None:
    """The error an answer is; its store says `AccessDenied` of a file it has not."""
    if status in (403, 404) and b"<Code>" in _bytes(body):
        return NotFound("Cboe has no quote of it", "check the symbol")
    if is_page(body):
        return SourceUnavailable("Cboe answered with a page instead of data")
    if status == 200 and not as_text(body[:50]).lstrip().startswith("{"):
        return SourceUnavailable("Cboe answered with something else than a quote")
    return None


def read_quote(body: str | bytes) -> CboeAnswer:
    """One answer; Garbage when it is none."""
    return decoded(_ANSWER, body, "Cboe")


def instrument(told: CboeAnswer, symbol: str = "") -> Instrument:
    """What the quote is of."""
    name = told.symbol or spelled(symbol) or ""
    symbol = symbol or symbol_of(name)
    return Instrument(
        symbol=symbol,
        asset_class=_kind(told, symbol),
        currency="" if symbol.startswith("^") else "USD",
        source=NAME,
        spellings={NAME: spelled(symbol) or name},
    )


def traits_of(told: CboeAnswer, symbol: str) -> Traits:
    """What is true of this quote."""
    return msgspec.structs.replace(TRAITS, asset_class=_kind(told, symbol))


def ticks_of(told: CboeAnswer, symbol: str = "") -> tuple[Tick, ...]:
    """Best prices, which have no time, then the figures, as of the last trade; () without one."""
    symbol = symbol or symbol_of(told.symbol)
    quote = told.data
    last = _price(quote.current_price)
    if last is None:
        return ()
    is_index = _kind(told, symbol) is AssetClass.equity_index
    figures = DayFigures(
        symbol=symbol,
        at=_instant(quote.last_trade_time),
        last=last,
        open=_price(quote.open),
        high=_price(quote.high),
        low=_price(quote.low),
        previous_close=_price(quote.prev_day_close),
        volume=None if is_index else _price(quote.volume),
    )
    bid, ask = _price(quote.bid), _price(quote.ask)
    if is_index or (bid is None and ask is None):
        return (figures,)
    top = TopOfBook(symbol, bid, ask, _price(quote.bid_size), _price(quote.ask_size))
    return (top, figures)


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """What one answer says of prices."""
    return ticks_of(read_quote(text))


def _kind(told: CboeAnswer, symbol: str) -> AssetClass:
    by_name = AssetClass.equity_index if symbol.startswith("^") else AssetClass.equity
    return _KINDS.get((told.data.security_type or "").lower(), by_name)


def _price(value: float | None) -> float | None:
    """A figure above 0; the 0 by which Cboe says it has none is None."""
    return value if value is not None and isfinite(value) and 0 < value < 1e300 else None


def _instant(text: str | None) -> int | None:
    """µs UTC of a New York wall time; Garbage when it is no time."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise Garbage(f"not a Cboe quote: {clean(text, limit=40)!r} is no time") from None
    return micros(at if at.tzinfo else at.replace(tzinfo=_NEW_YORK))


def _bytes(body: str | bytes) -> bytes:
    return body[:2_000].encode() if isinstance(body, str) else body[:2_000]


_ANSWER = decoder(CboeAnswer)
