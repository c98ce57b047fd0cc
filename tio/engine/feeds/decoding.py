"""What the parsers share: typed decoding that fails as Garbage, instants, symbols."""

from datetime import datetime
from functools import lru_cache
from typing import Annotated, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec
from msgspec import Meta

from tio.api.clean import clean
from tio.api.series import instant
from tio.api.ticks import DayFigures
from tio.engine.feeds.frames import Garbage
from tio.engine.market.symbols import is_fx

T = TypeVar("T")

Aware = Annotated[datetime, Meta(tz=True)]
Pairs = tuple[tuple[float, float], ...]

_LATEST = 4_102_444_800_000_000  # the year 2100, in µs


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """A JSON decoder of `kind` that takes numbers written as strings, as the venues do."""
    return msgspec.json.Decoder(kind, strict=False)


def decoded(by: msgspec.json.Decoder[T], text: str | bytes | msgspec.Raw, venue: str) -> T:
    """`text` as the decoder's type, or Garbage saying why it is not a frame of `venue`."""
    try:
        return by.decode(text)
    except RecursionError:
        raise Garbage(f"not a {venue} frame: nested too deep") from None
    except (msgspec.MsgspecError, ValueError, OverflowError) as wrong:
        raise Garbage(f"not a {venue} frame: {clean(str(wrong), limit=160)}") from None


def plausible(at: int) -> int:
    """The instant (µs) itself; Garbage when no exchange can have meant it."""
    if 0 <= at < _LATEST:
        return at
    raise Garbage("its time is not within 1970–2100")


def micros(moment: datetime) -> int:
    """µs since 1970 UTC of an aware moment."""
    return plausible(instant(moment))


def from_millis(millis: int) -> int:
    return plausible(millis * 1_000)


def from_seconds(seconds: float) -> int:
    """µs of Unix seconds; a float64 holds them to the microsecond until 2100."""
    if not -1e12 < seconds < 1e12:
        raise Garbage(f"a time of {seconds!r} seconds is not within 1970–2100")
    return plausible(round(seconds * 1_000_000))


def pair(base: str, quote: str, suffix: str = "") -> str:
    """`BTC-USD`, or with a suffix `BTC-USD-PERP`; Garbage when it cannot be a symbol."""
    symbol = clean(f"{base}-{quote}-{suffix}" if suffix else f"{base}-{quote}", limit=200).upper()
    if not base or not quote or len(symbol) > 64 or any(sign.isspace() for sign in symbol):
        raise Garbage(f"expected the name of a pair, was {clean(symbol, limit=80)!r}")
    return symbol


def asked(url: str) -> tuple[str, dict[str, str]]:
    """Path and first query values of the address a REST answer came from."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query)
    except ValueError:
        raise Garbage(f"not an address: {clean(url, limit=80)!r}") from None
    return parts.path, {name: values[0] for name, values in query.items()}


@lru_cache(4_096)
def dashed(spelling: str) -> str:
    """The symbol of a spelling `base-quote`, in any case."""
    base, _, quote = spelling.partition("-")
    return pair(base, quote)


def spot(base: str, quote: str) -> str:
    """`BTC-USD`; two currencies are FX: `EURUSD`."""
    symbol = pair(base, quote)
    joined = symbol.replace("-", "", 1)
    return joined if is_fx(joined) else symbol


@lru_cache(4_096)
def slashed(spelling: str) -> str:
    """The symbol of Kraken's spelling `base/quote`: XBT is BTC, XDG is DOGE, EUR/USD is EURUSD."""
    base, _, quote = spelling.upper().partition("/")
    return spot(_KRAKEN_NAMES.get(base, base), _KRAKEN_NAMES.get(quote, quote))


_KRAKEN_NAMES = {"XBT": "BTC", "XDG": "DOGE"}


def of_its_day(figures: DayFigures) -> DayFigures:
    """The figures themselves; of FX, whose day begins at 17:00 New York, the last price only."""
    if "-" in figures.symbol:
        return figures
    return DayFigures(symbol=figures.symbol, at=figures.at, last=figures.last)


def unknown(venue: str, kind: str) -> Garbage:
    return Garbage(f"not a {venue} frame we know: {clean(kind, limit=60)!r}")
