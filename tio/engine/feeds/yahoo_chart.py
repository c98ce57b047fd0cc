"""Yahoo's chart answers (v8): bars, splits and dividends, and the quote told beside them.

Prices and volume are adjusted for splits, so `Adjustment.splits` is their truth; what is adjusted
for dividends too (`adjclose`) has no open, high or low and is left.
"""

from datetime import date, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tio.api.clean import clean
from tio.api.companies import CorporateEvent, EventKind
from tio.api.market import AssetClass, Instrument
from tio.api.series import EPOCH
from tio.api.ticks import DayFigures
from tio.engine.feeds.decoding import decoded, decoder, from_seconds
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_listings import COUNTED, KINDS, Money, instrument_of, money_of
from tio.engine.feeds.yahoo_refusals import refusal
from tio.engine.feeds.yahoo_symbols import NAME
from tio.engine.market.symbols import SIGNED


class Meta(msgspec.Struct, frozen=True, rename="camel"):
    """What a chart says of its instrument, with the newest price."""

    symbol: str
    currency: str | None = None
    exchange_name: str = ""
    full_exchange_name: str = ""
    exchange_timezone_name: str = ""
    instrument_type: str = ""
    long_name: str | None = None
    short_name: str | None = None
    price_hint: int | None = None
    data_granularity: str = ""
    range: str = ""
    regular_market_time: int | None = None
    regular_market_price: float | None = None
    regular_market_day_high: float | None = None
    regular_market_day_low: float | None = None
    regular_market_volume: float | None = None
    fifty_two_week_low: float | None = None
    fifty_two_week_high: float | None = None
    previous_close: float | None = None
    chart_previous_close: float | None = None


class Prices(msgspec.Struct, frozen=True):
    """Columns of one length, null where there was no bar."""

    open: list[float | None] = []
    high: list[float | None] = []
    low: list[float | None] = []
    close: list[float | None] = []
    volume: list[float | None] = []


class Payment(msgspec.Struct, frozen=True):
    date: int
    amount: float


class Split(msgspec.Struct, frozen=True):
    date: int
    numerator: float
    denominator: float


class Events(msgspec.Struct, frozen=True, rename="camel"):
    """By the epoch at which the session of their ex-date opened."""

    dividends: dict[str, Payment] = {}
    capital_gains: dict[str, Payment] = {}
    splits: dict[str, Split] = {}


class Indicators(msgspec.Struct, frozen=True):
    quote: list[Prices] = []


class Chart(msgspec.Struct, frozen=True):
    """One instrument's answer; without `timestamp` it has no bars."""

    meta: Meta
    indicators: Indicators = Indicators()
    timestamp: list[int] | None = None
    events: Events = Events()

    @property
    def money(self) -> Money:
        return money_of(self.meta.currency)

    @property
    def kind(self) -> AssetClass:
        return KINDS.get(self.meta.instrument_type, AssetClass.equity)

    @property
    def zone(self) -> ZoneInfo:
        """Where its exchange's days begin; UTC when Yahoo names no zone we know."""
        try:
            return ZoneInfo(self.meta.exchange_timezone_name or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return ZoneInfo("UTC")

    @property
    def prices(self) -> Prices:
        return self.indicators.quote[0] if self.indicators.quote else Prices()


def read_chart(body: str | bytes, status: int = 200) -> Chart:
    """The one result of a chart answer; a TioError when Yahoo refused, Garbage when it is none."""
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    results = decoded(_ANSWER, body, "Yahoo chart").chart.result
    if not results:
        raise Garbage("not a Yahoo chart: it has no result")
    return results[0]


def instrument(chart: Chart, symbol: str = "") -> Instrument:
    """What the chart is of."""
    meta = chart.meta
    return instrument_of(
        meta.symbol,
        chart.kind,
        symbol=symbol,
        name=meta.long_name or meta.short_name,
        exchange=meta.exchange_name,
        zone=meta.exchange_timezone_name,
        currency=meta.currency,
        hint=meta.price_hint,
    )


def quoted(chart: Chart, symbol: str = "") -> DayFigures | None:
    """The regular session's figures beside a chart; None when it tells no price.

    The close before the chart's range is the previous close only when the range is one day.
    """
    meta = chart.meta
    last = priced(meta.regular_market_price, chart.money, chart.kind)
    if last is None:
        return None
    before = meta.previous_close
    if before is None and meta.range == "1d":
        before = meta.chart_previous_close
    told = symbol or instrument(chart).symbol
    at = None if meta.regular_market_time is None else from_seconds(meta.regular_market_time)
    if chart.kind is AssetClass.crypto:
        return DayFigures(symbol=told, at=at, last=last)
    return DayFigures(
        symbol=told,
        at=at,
        last=last,
        open=_open_today(chart),
        high=priced(meta.regular_market_day_high, chart.money, chart.kind),
        low=priced(meta.regular_market_day_low, chart.money, chart.kind),
        previous_close=priced(before, chart.money, chart.kind),
        volume=meta.regular_market_volume if chart.kind in COUNTED else None,
    )


def events(chart: Chart, symbol: str = "") -> tuple[CorporateEvent, ...]:
    """Splits and payments, oldest first; amounts are already divided by later splits."""
    told = symbol or instrument(chart).symbol
    found = [_split(told, chart, each) for each in chart.events.splits.values()]
    for kind, payments in (
        (EventKind.dividend, chart.events.dividends),
        (EventKind.capital_gain, chart.events.capital_gains),
    ):
        found += [_payment(told, chart, kind, each) for each in payments.values()]
    return tuple(sorted(found, key=lambda event: (event.ex_date, event.kind)))


def positive(value: float | None, money: Money) -> float | None:
    """A price in major units; None for the 0 by which Yahoo says it has none."""
    if value is None or not 0 < value / money.divisor < 1e300:
        return None
    return float(f"{value / money.divisor:.12g}") if money.divisor != 1 else value


def priced(value: float | None, money: Money, kind: AssetClass) -> float | None:
    """The same, or a price below zero of a kind that may have one."""
    if value is None or value >= 0 or kind not in SIGNED:
        return positive(value, money)
    size = positive(-value, money)
    return None if size is None else -size


def day_of(chart: Chart, seconds: int) -> date:
    """The date at the instrument's exchange."""
    try:
        return (EPOCH + timedelta(seconds=seconds)).astimezone(chart.zone).date()
    except (OverflowError, ValueError):
        raise Garbage(f"not a Yahoo chart: {seconds} is no time") from None


def _open_today(chart: Chart) -> float | None:
    meta, rows = chart.meta, chart.prices
    if meta.data_granularity != "1d" or not chart.timestamp or not rows.open:
        return None
    if meta.regular_market_time is None or len(rows.open) != len(chart.timestamp):
        return None
    if day_of(chart, chart.timestamp[-1]) != day_of(chart, meta.regular_market_time):
        return None
    first = priced(rows.open[-1], chart.money, chart.kind)
    return None if first is None else round(first, 6)


def _split(symbol: str, chart: Chart, split: Split) -> CorporateEvent:
    if not (split.denominator > 0 and split.numerator > 0):
        said = clean(f"{split.numerator}:{split.denominator}", limit=40)
        raise Garbage(f"not a Yahoo chart: a split of {said}")
    return CorporateEvent(
        symbol=symbol,
        kind=EventKind.share_split,
        ex_date=day_of(chart, split.date),
        ratio=split.numerator / split.denominator,
        source=NAME,
    )


def _payment(symbol: str, chart: Chart, kind: EventKind, paid: Payment) -> CorporateEvent:
    money = chart.money
    return CorporateEvent(
        symbol=symbol,
        kind=kind,
        ex_date=day_of(chart, paid.date),
        amount=float(f"{paid.amount / money.divisor:.12g}"),
        currency=money.currency,
        split_adjusted=True,
        source=NAME,
    )


class _Body(msgspec.Struct):
    result: list[Chart] | None = None


class _Answer(msgspec.Struct):
    chart: _Body


_ANSWER = decoder(_Answer)
