"""Massive's answers (Polygon.io until 2025): bars, the day before, dividends and splits, profiles.

What it has is the end of the day; with `DELAYED` it says that it is some minutes late.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import msgspec

from tio.api.clean import clean
from tio.api.companies import CorporateEvent, EventKind
from tio.api.errors import TioError
from tio.api.market import Adjustment, AssetClass, Coverage, Delay, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import DayFigures, SourceBar, Tick
from tio.engine.feeds import sound
from tio.engine.feeds.decoding import asked, decoded, decoder, from_millis
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.massive_refusals import NAME, VENUE, refusal
from tio.engine.feeds.us_shares import is_us_share, us_symbol
from tio.engine.store.columns import Row
from tio.plugin import Traits

HOSTS = ("api.massive.com", "api.polygon.io")
TRAITS = Traits(
    name=NAME,
    delay=Delay.end_of_day,
    coverage=Coverage.consolidated,
    adjusted=Adjustment.raw,
    asset_class=AssetClass.equity,
    stale_after=100_000.0,
)
DELAYED = msgspec.structs.replace(TRAITS, delay=Delay.delayed, delay_minutes=15)

_NEW_YORK = ZoneInfo("America/New_York")
_RANGE = re.compile(r"/v2/aggs/ticker/([^/]+)/range/(\d+)/(minute|hour|day)/[^/]+/[^/]+")
_BEFORE = re.compile(r"/v2/aggs/ticker/([^/]+)/prev")
_GROUPED = re.compile(r"/v2/aggs/grouped/locale/us/market/stocks/[^/]+")
_SPANS = {
    (1, "minute"): Timeframe.m1,
    (5, "minute"): Timeframe.m5,
    (15, "minute"): Timeframe.m15,
    (30, "minute"): Timeframe.m30,
    (1, "day"): Timeframe.d1,
}


def spelled(symbol: str) -> str | None:
    """`BRK.B` itself; None for what is no US share or fund."""
    return symbol if is_us_share(symbol) else None


def symbol_of(venue_spelling: str) -> str:
    """The symbol of its ticker; Garbage when it is nothing of ours."""
    symbol = us_symbol(venue_spelling)
    if symbol is None:
        raise Garbage(f"expected a ticker of {VENUE}, was {clean(venue_spelling, limit=60)!r}")
    return symbol


class Bar(msgspec.Struct, frozen=True):
    """One bar: `t` ms of its opening, or of its day; `T` its ticker where there are several."""

    t: int
    o: float
    h: float
    l: float  # noqa: E741 — its name
    c: float
    v: float = float("nan")
    ticker: str = msgspec.field(default="", name="T")

    def row(self, timeframe: Timeframe) -> Row:
        """At our opening instant: a day is its date in New York."""
        at = from_millis(self.t) if timeframe.intraday else _date(self.t)
        return at, self.o, self.h, self.l, self.c, self.v


class Page(msgspec.Struct, frozen=True):
    """One answer of bars; `next_url` is the whole address of what follows."""

    status: str = ""
    adjusted: bool = True
    results: list[Bar] = []
    next_url: str = ""

    @property
    def traits(self) -> Traits:
        """What is true of these bars."""
        traits = DELAYED if self.status == "DELAYED" else TRAITS
        told = Adjustment.splits if self.adjusted else Adjustment.raw
        return msgspec.structs.replace(traits, adjusted=told)


class Happened(msgspec.Struct, frozen=True):
    """One answer of dividends or splits."""

    results: list["_Happening"] = []

    def events(self, symbol: str) -> Iterator[CorporateEvent]:
        """What of it is of that symbol; amounts are of the shares of their day."""
        for each in self.results:
            if us_symbol(each.ticker) == symbol:
                yield each.event(symbol)


def read_bars(body: str | bytes, status: int = 200) -> Page:
    """Bars of one ticker or of the whole market's day."""
    _check(body, status)
    return decoded(_PAGE, body, VENUE)


def read_events(body: str | bytes, status: int = 200) -> Happened:
    """Dividends or splits."""
    _check(body, status)
    return decoded(_HAPPENED, body, VENUE)


def next_page(body: str | bytes) -> str:
    """The whole address of what follows an answer, "" when nothing does."""
    return decoded(_ONWARD, body, VENUE).next_url


def figures(page: Page, names: Mapping[str, str]) -> tuple[DayFigures, ...]:
    """The last whole day of `names` (ticker → our symbol); its close is the last price known."""
    return tuple(
        DayFigures(
            symbol=names[bar.ticker],
            at=from_millis(bar.t),
            last=bar.c,
            open=sound.price(bar.o),
            high=sound.price(bar.h),
            low=sound.price(bar.l),
            volume=sound.size(bar.v),
        )
        for bar in page.results
        if bar.ticker in names and sound.price(bar.c) is not None
    )


def parse(text: str | bytes) -> tuple[Tick, ...]:
    """Its streams are not listened to."""
    raise Garbage(f"not a frame of {VENUE} we know: its streams are not read")


def parse_rest(url: str, body: str | bytes) -> tuple[Tick, ...]:
    """What an answer says of prices: bars or a day's figures; Garbage for any other."""
    path, _ = asked(url)
    try:
        if ranged := _RANGE.fullmatch(path):
            timeframe = _SPANS.get((int(ranged[2]), ranged[3]))
            if timeframe is not None:
                symbol, page = symbol_of(ranged[1]), read_bars(body)
                rows = [bar.row(timeframe) for bar in page.results]
                return tuple(SourceBar(symbol, timeframe, *row, closed=False) for row in rows)
        elif _BEFORE.fullmatch(path) or _GROUPED.fullmatch(path):
            page = read_bars(body)
            named = ((bar.ticker, us_symbol(bar.ticker)) for bar in page.results)
            return figures(page, {ticker: symbol for ticker, symbol in named if symbol})
        else:
            _check(body, 200)
    except TioError as refused:
        raise Garbage(f"not an answer of prices: {refused.message}") from None
    raise Garbage(f"not an answer of {VENUE} that tells bars: {clean(path, limit=80)!r}")


class _Happening(msgspec.Struct, frozen=True):
    ticker: str
    ex_dividend_date: date | None = None
    cash_amount: float | None = None
    currency: str = ""
    pay_date: date | None = None
    execution_date: date | None = None
    split_from: float | None = None
    split_to: float | None = None

    def event(self, symbol: str) -> CorporateEvent:
        if self.execution_date is not None:
            before, after = self.split_from or 0.0, self.split_to or 0.0
            if not (0 < before < 1e9 and 0 < after < 1e9):
                raise Garbage(f"not a split of {VENUE}: {after!r} for {before!r}")
            return CorporateEvent(
                symbol=symbol,
                kind=EventKind.share_split,
                ex_date=self.execution_date,
                ratio=after / before,
                source=NAME,
            )
        amount = self.cash_amount
        if self.ex_dividend_date is None or amount is None or not 0 < amount < 1e9:
            raise Garbage(f"not a dividend of {VENUE}: {amount!r} on {self.ex_dividend_date}")
        return CorporateEvent(
            symbol=symbol,
            kind=EventKind.dividend,
            ex_date=self.ex_dividend_date,
            amount=amount,
            currency=clean(self.currency, limit=8).upper(),
            pay_date=self.pay_date,
            source=NAME,
        )


class _Onward(msgspec.Struct):
    next_url: str = ""


_ONWARD = decoder(_Onward)
_PAGE = decoder(Page)
_HAPPENED = decoder(Happened)


def _check(body: str | bytes, status: int) -> None:
    refused = refusal(body, status)
    if refused is not None:
        raise refused


def _date(millis: int) -> int:
    on = moment(from_millis(millis)).astimezone(_NEW_YORK).date()
    return instant(datetime(on.year, on.month, on.day, tzinfo=UTC))
