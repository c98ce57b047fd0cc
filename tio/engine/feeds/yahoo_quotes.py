"""Yahoo's quotes (v7, and where options and screens carry them): figures, best prices, delay.

`last` is the regular session's, and before and after it the newest price of that session while it
lasts; the session itself is told by the clock. Change is left to the board: since the close before.
"""

from collections.abc import Mapping

import msgspec

from tio.api.market import AssetClass, Instrument
from tio.api.ticks import DayFigures, Tick, TopOfBook
from tio.engine.feeds.decoding import decoded, decoder, from_seconds
from tio.engine.feeds.frames import Garbage
from tio.engine.feeds.yahoo_chart import Chart, instrument, priced, quoted
from tio.engine.feeds.yahoo_listings import (
    COUNTED,
    KINDS,
    Money,
    instrument_of,
    may_be_minor,
    money_of,
    traits_of,
)
from tio.engine.feeds.yahoo_refusals import refusal
from tio.plugin import Traits


class Told(msgspec.Struct, frozen=True):
    """One instrument of an answer; without a price it has no ticks."""

    instrument: Instrument
    ticks: tuple[Tick, ...]
    traits: Traits
    name: str
    """As Yahoo spells it."""
    divisor: float = 1.0


class Formatted(msgspec.Struct, frozen=True):
    """A figure that came with its text."""

    raw: float | None = None


Figure = float | Formatted | None


def figure(told: Figure) -> float | None:
    """The number itself; None for what is no finite number."""
    value = told.raw if isinstance(told, Formatted) else told
    return value if value is not None and -1e300 < value < 1e300 else None


class YahooQuote(msgspec.Struct, frozen=True, rename="camel"):
    """What we read of one quote; everything may be missing."""

    symbol: str
    quote_type: str = ""
    currency: str | None = None
    exchange: str = ""
    exchange_timezone_name: str = ""
    short_name: str | None = None
    long_name: str | None = None
    market_state: str = ""
    price_hint: int | None = None
    exchange_data_delayed_by: int | None = None
    quote_source_name: str = ""
    regular_market_price: Figure = None
    regular_market_time: Figure = None
    regular_market_open: Figure = None
    regular_market_day_high: Figure = None
    regular_market_day_low: Figure = None
    regular_market_previous_close: Figure = None
    regular_market_volume: Figure = None
    regular_market_change: Figure = None
    regular_market_change_percent: Figure = None
    pre_market_price: Figure = None
    pre_market_time: Figure = None
    post_market_price: Figure = None
    post_market_time: Figure = None
    bid: Figure = None
    ask: Figure = None
    bid_size: Figure = None
    ask_size: Figure = None


def read_quotes(
    body: str | bytes, status: int = 200, names: Mapping[str, str] | None = None
) -> tuple[Told, ...]:
    """Every quote of an answer; a TioError when Yahoo refused. Unknown symbols are missing.

    `names` gives the symbol wanted for Yahoo's spelling, where several mean the same.
    """
    refused = refusal(body, status)
    if refused is not None:
        raise refused
    answer = decoded(_ANSWER, body, "Yahoo quote")
    quotes = answer.all()
    if quotes is None:
        raise Garbage("not a Yahoo quote: it has no result")
    told = (_told(quote, names or {}) for quote in quotes if quote.quote_type in KINDS)
    return tuple(each for each in told if each is not None)


def told_beside(chart: Chart, symbol: str = "") -> Told:
    """The quote told beside a chart, which says no delay: it is the one usual at its exchange."""
    figures = quoted(chart, symbol)
    return Told(
        instrument(chart, symbol),
        () if figures is None else (figures,),
        traits_of(chart.kind, chart.meta.exchange_name, None),
        chart.meta.symbol,
        chart.money.divisor,
    )


def _told(quote: YahooQuote, names: Mapping[str, str]) -> Told | None:
    kind = KINDS[quote.quote_type]
    money = money_of(quote.currency)
    try:
        listed = instrument_of(
            quote.symbol,
            kind,
            symbol=names.get(quote.symbol, ""),
            name=quote.long_name or quote.short_name,
            exchange=quote.exchange,
            zone=quote.exchange_timezone_name,
            currency=quote.currency,
            hint=quote.price_hint,
        )
    except Garbage:
        return None  # one odd name among fifty spoils no other
    ticks: list[Tick] = []
    unsure = quote.currency is None and may_be_minor(quote.symbol)
    figures = None if unsure else _figures(quote, kind, money, listed.symbol)
    if figures is not None:
        top = _top(quote, kind, money, listed.symbol)
        # The figures, which have a time, come last: the quote is as of them.
        ticks = [figures] if top is None else [top, figures]
    traits = traits_of(
        kind, quote.exchange, quote.exchange_data_delayed_by, quote.quote_source_name
    )
    return Told(listed, tuple(ticks), traits, quote.symbol, money.divisor)


def _figures(quote: YahooQuote, kind: AssetClass, money: Money, symbol: str) -> DayFigures | None:
    last = _price(quote.regular_market_price, money, kind)
    at = _instant(quote.regular_market_time)
    extended = _extended(quote, kind, money)
    if extended is not None and (at is None or extended[1] > at):
        if quote.market_state == "PRE":
            # The day's own figures are still those of the day before, and its close the last.
            return DayFigures(symbol=symbol, at=extended[1], last=extended[0], previous_close=last)
        last, at = extended
    if last is None:
        return None
    if kind is AssetClass.crypto:
        # Its day begins at midnight UTC, only the change is of 24 hours; its volume is dollars.
        return DayFigures(
            symbol=symbol,
            at=at,
            last=last,
            change=figure(quote.regular_market_change),
            change_percent=figure(quote.regular_market_change_percent),
        )
    volume = figure(quote.regular_market_volume)
    return DayFigures(
        symbol=symbol,
        at=at,
        last=last,
        open=_price(quote.regular_market_open, money, kind),
        high=_price(quote.regular_market_day_high, money, kind),
        low=_price(quote.regular_market_day_low, money, kind),
        previous_close=_price(quote.regular_market_previous_close, money, kind),
        volume=volume if kind in COUNTED and volume is not None and volume >= 0 else None,
    )


def _extended(quote: YahooQuote, kind: AssetClass, money: Money) -> tuple[float, int] | None:
    """Price and instant of the session before or after the regular one, while it lasts."""
    match quote.market_state:
        case "PRE":
            price, at = quote.pre_market_price, quote.pre_market_time
        case "POST":
            price, at = quote.post_market_price, quote.post_market_time
        case _:
            return None
    found, when = _price(price, money, kind), _instant(at)
    return None if found is None or when is None else (found, when)


def _top(quote: YahooQuote, kind: AssetClass, money: Money, symbol: str) -> TopOfBook | None:
    """Bid and ask, which Yahoo gives no time; neither outside the session, where they are old.

    Sizes of stocks are now shares, now lots of a hundred, so only those of futures are taken.
    """
    if figure(quote.bid) is None and figure(quote.ask) is None:
        return None
    if quote.market_state != "REGULAR":
        return TopOfBook(symbol, None, None)
    bid, ask = _price(quote.bid, money, kind), _price(quote.ask, money, kind)
    if kind is not AssetClass.future:
        return TopOfBook(symbol, bid, ask)
    return TopOfBook(symbol, bid, ask, _size(quote.bid_size), _size(quote.ask_size))


def _price(told: Figure, money: Money, kind: AssetClass) -> float | None:
    return priced(figure(told), money, kind)


def _size(told: Figure) -> float | None:
    size = figure(told)
    return size if size is not None and size > 0 else None


def _instant(told: Figure) -> int | None:
    seconds = figure(told)
    return from_seconds(seconds) if seconds is not None and seconds > 0 else None


class _Quotes(msgspec.Struct):
    result: list[YahooQuote] | None = None


class _Option(msgspec.Struct):
    quote: YahooQuote | None = None


class _Options(msgspec.Struct):
    result: list[_Option] | None = None


class _Screen(msgspec.Struct):
    quotes: list[YahooQuote] = []


class _Screens(msgspec.Struct):
    result: list[_Screen] | None = None


class _Answer(msgspec.Struct):
    quotes: _Quotes | None = msgspec.field(default=None, name="quoteResponse")
    options: _Options | None = msgspec.field(default=None, name="optionChain")
    screens: _Screens | None = msgspec.field(default=None, name="finance")

    def all(self) -> list[YahooQuote] | None:
        """The quotes of whichever envelope it is; None when it is none of them."""
        if self.quotes is not None and self.quotes.result is not None:
            return self.quotes.result
        if self.options is not None and self.options.result is not None:
            return [each.quote for each in self.options.result if each.quote is not None]
        if self.screens is not None and self.screens.result is not None:
            return [quote for screen in self.screens.result for quote in screen.quotes]
        return None


_ANSWER = decoder(_Answer)
