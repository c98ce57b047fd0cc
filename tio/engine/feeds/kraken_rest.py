"""Kraken's REST answers: its pairs, tickers, bars and trades, and its errors under HTTP 200."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from tio.api.clean import clean
from tio.api.errors import Invalid, NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Instrument, Side, Timeframe
from tio.api.ticks import DayFigures, Tick, TopOfBook, Trade
from tio.engine.feeds.decoding import decoded, decoder, from_seconds, of_its_day, slashed
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.http import Throttled
from tio.engine.feeds.kraken import NAME
from tio.engine.feeds.listing import listed
from tio.engine.feeds.rows import Row

REST = "kraken/rest"
"""The source under which a pair's name in REST stands among an instrument's spellings."""
INTERVALS = {
    Timeframe.m1: "1",
    Timeframe.m5: "5",
    Timeframe.m15: "15",
    Timeframe.m30: "30",
    Timeframe.h1: "60",
    Timeframe.h4: "240",
    Timeframe.d1: "1440",
}
"""Minutes of a bar, as it asks for them; its weeks begin on Thursdays, so they are not asked."""
LOCKED_OUT = 900.0

T = TypeVar("T")


def refusal(body: str | bytes) -> TioError | None:
    """The error an answer of HTTP 200 is; None when it is an answer."""
    errors = [each for each in decoded(_ERRORS, body, "Kraken").error if each.startswith("E")]
    if not errors:
        return None
    said = clean(errors[0][1:], limit=200)
    kind, _, words = said.partition(":")
    lower = said.lower()
    if "rate limit" in lower or "too many requests" in lower:
        return Throttled(said)
    if "lockout" in lower:
        return Throttled(said, seconds=LOCKED_OUT)
    if "unknown asset pair" in lower:
        return NotFound(said)
    if kind in ("Query", "General") and words.lower().startswith("invalid arguments"):
        return Invalid(said)
    if "permission denied" in lower:
        return NotAllowed(said)
    return SourceUnavailable(said)


def read_pairs(body: str | bytes) -> tuple[Instrument, ...]:
    """The pairs that can be followed; dark pools and tokenised shares are none."""
    pairs = decoded(_PAIRS, body, "Kraken").result.items()
    served = [each for each in pairs if each[1].is_served]
    return listed(served, lambda each: _listed(*each), NAME)


def read_tickers(body: str | bytes, symbols: Mapping[str, str]) -> tuple[Tick, ...]:
    """Figures of 24 hours and the best prices; `symbols` by Kraken's own name of the pair."""
    ticks: list[Tick] = []
    for name, ticker in decoded(_TICKERS, body, "Kraken").result.items():
        symbol = symbols.get(name)
        if symbol is None:
            continue
        figures = DayFigures(
            symbol=symbol,
            last=ticker.c[0],
            high=ticker.h[1],
            low=ticker.l[1],
            volume=ticker.v[1],
        )
        top = TopOfBook(symbol, ticker.b[0], ticker.a[0], ticker.b[2], ticker.a[2])
        ticks += (of_its_day(figures), top)
    return tuple(ticks)


def read_bars(body: str | bytes) -> tuple[Row, ...]:
    """The bars of the one pair asked for, oldest first; the last one is not committed."""
    rows = _only(body, _ROWS)
    return tuple(
        Row(from_seconds(row.time), row.open, row.high, row.low, row.close, row.volume)
        for row in rows
    )


def read_trades(body: str | bytes, symbol: str) -> tuple[tuple[Trade, ...], int]:
    """The trades of the one pair asked for, oldest first, and the cursor (ns) after them."""
    trades = tuple(
        Trade(
            symbol,
            told.price,
            told.size,
            from_seconds(told.time),
            Side.buy if told.side == "b" else Side.sell,
            str(told.id),
        )
        for told in _only(body, _PRINTS)
    )
    return trades, int(decoded(_LAST, body, "Kraken").result.last)


_GONE = frozenset(("cancel_only", "delisted", "work_in_progress"))


class _Errors(msgspec.Struct):
    error: tuple[str, ...] = ()


class _Pair(msgspec.Struct):
    altname: str = ""
    wsname: str = ""
    aclass_base: str = "currency"
    pair_decimals: int | None = None
    lot_decimals: int | None = None
    status: str = "online"

    @property
    def is_served(self) -> bool:
        return bool(self.wsname) and self.aclass_base == "currency" and self.status not in _GONE


class _Pairs(msgspec.Struct):
    result: dict[str, _Pair]


class _Ticker(msgspec.Struct):
    a: tuple[float, float, float]
    b: tuple[float, float, float]
    c: tuple[float, float]
    v: tuple[float, float]
    l: tuple[float, float]  # noqa: E741 - the venue's name
    h: tuple[float, float]


class _Tickers(msgspec.Struct):
    result: dict[str, _Ticker]


class _Ranges(msgspec.Struct):
    """The pair's own name → its rows, and beside them `last`."""

    result: dict[str, msgspec.Raw]


class _Row(msgspec.Struct, array_like=True):
    time: float
    open: float
    high: float
    low: float
    close: float
    vwap: float
    volume: float


class _Print(msgspec.Struct, array_like=True):
    price: float
    size: float
    time: float
    side: str
    kind: str
    more: str
    id: int


class _Cursor(msgspec.Struct):
    last: int


class _Last(msgspec.Struct):
    result: _Cursor


def _listed(name: str, pair: _Pair) -> Instrument:
    base, _, quote = clean(pair.wsname, limit=60).upper().partition("/")
    symbol = slashed(f"{base}/{quote}")
    fx = "-" not in symbol
    base, quote = (symbol[:3], symbol[3:]) if fx else (symbol.split("-")[0], symbol.split("-")[1])
    name, altname = clean(name, limit=60), clean(pair.altname, limit=60)
    others = dict.fromkeys((name, altname))
    return Instrument(
        symbol=symbol,
        asset_class=AssetClass.fx if fx else AssetClass.crypto,
        venue="Kraken",
        currency=quote,
        price_decimals=pair.pair_decimals,
        size_decimals=pair.lot_decimals,
        source=NAME,
        aliases=tuple(other for other in others if other and other != symbol),
        spellings={NAME: f"{base}/{quote}", REST: name},
    )


def _only(body: str | bytes, rows: msgspec.json.Decoder[T]) -> T:
    """The rows of the single pair of an answer, whatever Kraken calls it."""
    result = decoded(_RANGES, body, "Kraken").result
    told = [part for name, part in result.items() if name != "last"]
    if len(told) != 1:
        raise Garbage(f"not a Kraken answer: expected one pair, was {len(told)}")
    return decoded(rows, told[0], "Kraken")


_ERRORS = decoder(_Errors)
_PAIRS = decoder(_Pairs)
_TICKERS = decoder(_Tickers)
_RANGES = decoder(_Ranges)
_ROWS = decoder(tuple[_Row, ...])
_PRINTS = decoder(tuple[_Print, ...])
_LAST = decoder(_Last)
