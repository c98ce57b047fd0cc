"""What a source says, once parsed: the one vocabulary between sources and the market.

Instants are int64 microseconds since 1970 UTC of the venue's own clock, None where it gives none.
"""

import msgspec

from tio.api.market import Side, Timeframe


class Trade(msgspec.Struct, frozen=True, gc=False):
    """A print. `folds` is False for a snapshot or last-match: it sets `last` and no bar.

    `index` is its place within its frame: without an `id`, a doubled trade is the same time, price,
    size, side and index in another frame.
    """

    symbol: str
    price: float
    size: float
    at: int
    side: Side | None = None
    id: str | None = None
    index: int = 0
    folds: bool = True


class TopOfBook(msgspec.Struct, frozen=True, gc=False):
    """Best bid and ask as the venue states them; a missing side is None."""

    symbol: str
    bid: float | None
    ask: float | None
    bid_size: float | None = None
    ask_size: float | None = None
    at: int | None = None


class DayFigures(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The venue's own figures (24 h for crypto): what is None stays as it was; never folds."""

    symbol: str
    at: int | None = None
    last: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    previous_close: float | None = None
    volume: float | None = None
    change: float | None = None
    change_percent: float | None = None


class BookSnapshot(msgspec.Struct, frozen=True):
    """A whole book: (price, size) pairs, any order."""

    symbol: str
    bids: tuple[tuple[float, float], ...]
    asks: tuple[tuple[float, float], ...]
    at: int | None = None
    sequence: int | None = None


class BookChange(msgspec.Struct, frozen=True):
    """New sizes at prices; size 0 removes the level. `first`..`sequence` are venue update ids."""

    symbol: str
    bids: tuple[tuple[float, float], ...]
    asks: tuple[tuple[float, float], ...]
    at: int | None = None
    first: int | None = None
    sequence: int | None = None


class SourceBar(msgspec.Struct, frozen=True, gc=False):
    """A bar the venue folded itself (klines): history, never folded again."""

    symbol: str
    timeframe: Timeframe
    at: int
    open: float
    high: float
    low: float
    close: float
    volume: float
    closed: bool = True


Tick = Trade | TopOfBook | DayFigures | BookSnapshot | BookChange | SourceBar
