"""The market's words: instruments, quotes, bars, books, trades."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Delivery, Request, Topic, word
from tio.api.series import Series, Times

Symbol = Annotated[str, Meta(min_length=1, max_length=64)]
Symbols = Annotated[tuple[Symbol, ...], Meta(max_length=5_000)]


class Timeframe(StrEnum):
    """A bar's span; `step` is its length in microseconds (1mo: 31 days, an upper bound)."""

    s1 = "1s"
    s5 = "5s"
    s15 = "15s"
    m1 = "1m"
    m3 = "3m"
    m5 = "5m"
    m15 = "15m"
    m30 = "30m"
    h1 = "1h"
    h2 = "2h"
    h4 = "4h"
    d1 = "1d"
    w1 = "1w"
    mo1 = "1mo"

    @property
    def step(self) -> int:
        return _STEPS[self]

    @property
    def intraday(self) -> bool:
        return self.step < 86_400_000_000


_SECONDS = (1, 5, 15, 60, 180, 300, 900, 1_800, 3_600, 7_200, 14_400, 86_400, 604_800, 2_678_400)
_STEPS = {tf: seconds * 1_000_000 for tf, seconds in zip(Timeframe, _SECONDS, strict=True)}


class AssetClass(StrEnum):
    """What kind of thing is traded."""

    crypto = "crypto"
    equity = "equity"
    etf = "etf"
    equity_index = "index"
    fx = "fx"
    future = "future"
    fund = "fund"
    rate = "rate"
    simulated = "simulated"


class Session(StrEnum):
    """Which part of its trading day an instrument is in."""

    pre = "pre"
    regular = "regular"
    post = "post"
    closed = "closed"


class Delay(StrEnum):
    """How far behind the market a source is."""

    realtime = "realtime"
    delayed = "delayed"
    end_of_day = "end_of_day"
    reference = "reference"
    simulated = "simulated"


class Coverage(StrEnum):
    """One venue is not the market."""

    consolidated = "consolidated"
    single_venue = "single_venue"


class Adjustment(StrEnum):
    """For what past prices were adjusted: nothing, splits, splits and dividends."""

    raw = "raw"
    splits = "split"
    total = "total"


class Hours(StrEnum):
    """Which bars within a day: all there are, or those of the regular session alone."""

    extended = "extended"
    regular = "regular"


class Side(StrEnum):
    """Which side took the liquidity."""

    buy = "buy"
    sell = "sell"


class Flag(StrEnum):
    """What is odd about a quote; told, never repaired."""

    crossed = "crossed"
    spike = "spike"
    stale = "stale"
    out_of_order = "out_of_order"
    no_time = "no_time"
    disagrees = "disagrees"
    split_suspect = "split_suspect"
    volume = "volume"


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """What is traded: one internal symbol, its venue, currency and precision.

    `mic` is the ISO 10383 code of its exchange. Prices are in `currency` (major units); `quoted_in`
    is the minor unit its venue quotes, as `GBp`. `spellings`: source → that source's own symbol.
    """

    symbol: str
    name: str = ""
    asset_class: AssetClass = AssetClass.equity
    venue: str = ""
    mic: str = ""
    currency: str = ""
    quoted_in: str = ""
    price_decimals: int | None = None
    size_decimals: int | None = None
    source: str = ""
    aliases: tuple[str, ...] = ()
    spellings: dict[str, str] = {}


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The newest known of one instrument, with where it came from and how old it is (seconds)."""

    symbol: str
    name: str = ""
    last: float | None = None
    bid: float | None = None
    ask: float | None = None
    bid_size: float | None = None
    ask_size: float | None = None
    open: float | None = None
    high: float | None = None
    low: float | None = None
    previous_close: float | None = None
    change: float | None = None
    change_percent: float | None = None
    volume: float | None = None
    currency: str = ""
    session: Session = Session.regular
    as_of: datetime | None = None
    received_at: datetime | None = None
    source: str = ""
    delay: Delay = Delay.realtime
    delay_minutes: int = 0
    age: float | None = None
    stale: bool = False
    coverage: Coverage = Coverage.single_venue
    flags: tuple[Flag, ...] = ()
    price_decimals: int | None = None
    asset_class: AssetClass = AssetClass.equity
    note: str = ""
    """What a person should know of this quote, as `yahoo and cboe 1.8 % apart`."""


class Seam(msgspec.Struct, frozen=True):
    """Where, at this bar's opening instant, one source's bars meet another's."""

    time: datetime
    before: str
    after: str
    coverage_differs: bool


class Bars(msgspec.Struct, frozen=True, kw_only=True):
    """Price bars, oldest first, one column each; `time` is the opening instant."""

    symbol: str
    timeframe: Timeframe
    time: Times = msgspec.field(default_factory=Times)
    open: Series = msgspec.field(default_factory=Series)
    high: Series = msgspec.field(default_factory=Series)
    low: Series = msgspec.field(default_factory=Series)
    close: Series = msgspec.field(default_factory=Series)
    volume: Series = msgspec.field(default_factory=Series)
    forming: bool = False
    source: str = ""
    delay: Delay = Delay.realtime
    coverage: Coverage = Coverage.single_venue
    adjusted: Adjustment = Adjustment.raw
    seams: tuple[Seam, ...] = ()
    repaired: Times = msgspec.field(default_factory=Times)
    """The openings of those bars among them that `RepairBars` has changed."""
    cut: bool = False
    """Whether the source broke off before all of the range was told: there may be older bars."""

    def __len__(self) -> int:
        return len(self.time)


class Level(msgspec.Struct, frozen=True):
    """The size that stands at one price of a book."""

    price: float
    size: float


class BookDepth(msgspec.Struct, frozen=True, kw_only=True):
    """The order book of one instrument: best first on both sides."""

    symbol: str
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()
    as_of: datetime | None = None
    source: str = ""
    complete: bool = True


class Print(msgspec.Struct, frozen=True, kw_only=True):
    """One trade that happened."""

    symbol: str
    price: float
    size: float
    as_of: datetime
    side: Side | None = None
    id: str | None = None
    source: str = ""


@word(tool=True)
class SearchInstruments(Request[tuple[Instrument, ...]], frozen=True):
    """Instruments whose symbol, name or alias matches, the likeliest first.

    `sources`: ask those that can be searched too, which takes up to three seconds.
    """

    query: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=1_000)] = 20
    sources: bool = True


@word(tool=True)
class GetQuotes(Request[tuple[Quote, ...]], frozen=True):
    """The newest quote of each symbol; one nobody knows is NotFound. None named: all."""

    symbols: Symbols = ()


@word(tool=True)
class GetBars(Request[Bars], frozen=True):
    """Price bars of one instrument, oldest first; the last one may still be forming."""

    symbol: Symbol
    timeframe: Timeframe = Timeframe.d1
    start: datetime | None = None
    end: datetime | None = None
    limit: Annotated[int, Meta(ge=1, le=50_000)] = 500
    source: str | None = None
    adjusted: Adjustment = Adjustment.splits
    hours: Hours = Hours.extended


@word(tool=True)
class GetBook(Request[BookDepth], frozen=True):
    """The order book of one instrument, best levels first."""

    symbol: Symbol
    depth: Annotated[int, Meta(ge=1, le=1_000)] = 10


@word()
class Quotes(Topic[tuple[Quote, ...]], frozen=True):
    """The quotes that changed; a slow watcher gets the newest of each symbol. None named: all."""

    symbols: Symbols = ()


@word()
class BarUpdates(Topic[Bars], frozen=True):
    """The newest `limit` bars, then the bars that changed or began since."""

    symbol: Symbol
    timeframe: Timeframe = Timeframe.m1
    limit: Annotated[int, Meta(ge=1, le=50_000)] = 500
    hours: Hours = Hours.extended


class Spark(msgspec.Struct, frozen=True):
    """Closes of one instrument's recent bars for a sparkline, oldest first."""

    symbol: str
    closes: Series


@word()
class Sparks(Topic[tuple[Spark, ...]], frozen=True):
    """Sparkline histories that changed, at most once in a few seconds."""

    symbols: Symbols
    points: Annotated[int, Meta(ge=2, le=200)] = 48


@word()
class Book(Topic[BookDepth], frozen=True):
    """The order book of one instrument as it changes."""

    symbol: Symbol
    depth: Annotated[int, Meta(ge=1, le=1_000)] = 10


@word(delivery=Delivery.ordered)
class Trades(Topic[tuple[Print, ...]], frozen=True):
    """Every accepted trade of one instrument, in order; the snapshot holds the newest hundred."""

    symbol: Symbol
