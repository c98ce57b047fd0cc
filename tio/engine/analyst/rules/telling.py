"""What tools told, in plain sentences: each figure as it came, rounded as such figures are."""

from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import TypeVar

from tio.api.companies import CorporateEvent
from tio.api.hours import VenueHours
from tio.api.indicators import Computed
from tio.api.market import Bars, Delay, Quote, Timeframe
from tio.api.risk import CorrelationMatrix
from tio.api.series import moment
from tio.engine.analyst.rules.compared import alike
from tio.engine.analyst.rules.scope import number, priced
from tio.engine.analyst.rules.when import Span

T = TypeVar("T")
Told = Callable[[object], list[str]]
NO_SYMBOL = "No symbol I know stands in the question. Name one, as in `how does BTC-USD stand?`"
NO_NEWS = (
    "No source of news is connected here, so I cannot tell whether there is any; I do not guess. "
    "What prices, peers and dates say of a move: ask why it moved."
)
NO_PORTFOLIO = "There is no portfolio yet: a on PORT, or `tio portfolio create`, makes one."
NO_LIST = "There is no watchlist yet: n on the Desk makes one."
SIZE = (
    "A position's size comes from its stop: BUY with a stop, or `tio risk size --equity 10000 "
    "--entry 50 --stop 48 --risk-percent 1`, says how many."
)
LISTED = 6
"""Things of a kind that are told; the screens have the rest."""


def quote(told: object) -> list[str]:
    """A price, its change and what kind of price it is."""
    if not isinstance(told, tuple) or not told or not isinstance(told[0], Quote):
        return ["There is no quote of it yet."]
    one = told[0]
    if one.last is None:
        return [f"{one.symbol} has no price yet."]
    said = [f"{one.symbol} is at {priced(one.last)} {one.currency}".rstrip()]
    if one.change_percent is not None and one.previous_close is not None:
        said[0] += f", {_signed(one.change_percent)} % from {priced(one.previous_close)}"
    said[0] += "."
    if one.low is not None and one.high is not None:
        said.append(f"Its day runs from {priced(one.low)} to {priced(one.high)}.")
    if one.bid is not None and one.ask is not None:
        said.append(f"Bid {priced(one.bid)}, ask {priced(one.ask)}.")
    said.append(_kind(one))
    return said


def quotes(told: object) -> list[str]:
    """Prices of several, a sentence each."""
    return [quote((each,))[0] for each in each_of(told, Quote)]


def last_price(told: object) -> list[str]:
    """A price alone."""
    return quote(told)[:1]


def close_of(symbol: str) -> Told:
    """The newest close of a past moment."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Bars) or not len(told):
            return [f"No bar of {symbol} is known of then."]
        at, close = moment(told.time[-1]), told.close[-1]
        return [f"{symbol} closed at {priced(_sure(close))} on {_day(at)}."]

    return tell


def change_of(symbol: str, span: Span) -> Told:
    """How far a price went over a span, from the close before it."""

    def tell(told: object) -> list[str]:
        went = change(told, span)
        if went is None or not isinstance(told, Bars):
            return [f"There are not enough daily bars of {symbol} {span.words}."]
        begin = _begin(told, span)
        first, last = _sure(told.close[begin]), _sure(told.close[-1])
        begun, ended = moment(told.time[begin]), moment(told.time[-1])
        way = "rose" if last > first else "fell" if last < first else "did not move"
        now = " so far" if told.forming else ""
        return [
            (
                f"{symbol} {way} {span.words}: from a close of {priced(first)} on {_day(begun)} to "
                f"{priced(last)} on {_day(ended)}{now}, {_signed(went)} %."
            )
        ]

    return tell


def change(told: object, span: Span) -> float | None:
    """The change in percent over a span, None where its bars do not tell it."""
    if not isinstance(told, Bars) or len(told) < 2:
        return None
    return 100 * (_sure(told.close[-1]) / _sure(told.close[_begin(told, span)]) - 1)


def _begin(told: Bars, span: Span) -> int:
    """The place of the last bar before the span, the first where there is none."""
    first = span.start.date()
    return max((each for each in range(len(told) - 1) if _day_of(told, each) < first), default=0)


def extreme_of(symbol: str, span: Span) -> Told:
    """The highest and the lowest price of a span, with their days."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Bars) or not len(told):
            return [f"There are no daily bars of {symbol} {span.words}."]
        within = [each for each in range(len(told)) if _day_of(told, each) >= span.start.date()]
        places = within or list(range(len(told)))
        top = max(places, key=lambda place: _sure(told.high[place]))
        low = min(places, key=lambda place: _sure(told.low[place]))
        highest = f"{priced(_sure(told.high[top]))} on {_day(moment(told.time[top]))}"
        lowest = f"{priced(_sure(told.low[low]))} on {_day(moment(told.time[low]))}"
        last = priced(_sure(told.close[-1]))
        return [
            f"{symbol} {span.words}: highest {highest}, lowest {lowest}.",
            f"{symbol} closed last at {last}.",
        ]

    return tell


def indicator_of(symbol: str, frame: Timeframe) -> Told:
    """The newest values of an indicator."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, tuple) or not told or not isinstance(told[0], Computed):
            return ["It cannot be computed."]
        one = told[0]
        values = [
            f"{name} {priced(value)}"
            for name, column in one.outputs.items()
            if len(column) and (value := column[-1]) is not None and isfinite(value)
        ]
        if not values:
            return [f"There are too few {frame.value} bars of {symbol} for {one.label}."]
        at = moment(one.time[-1])
        return [f"{one.label} of {symbol}, {frame.value}: {', '.join(values)} at {_day(at)}."]

    return tell


def correlation(told: object) -> list[str]:
    """How two symbols move together."""
    if not isinstance(told, CorrelationMatrix) or len(told.symbols) < 2:
        return ["Name two symbols to correlate."]
    value = told.values[0][1]
    if value is None:
        return [f"{told.symbols[0]} and {told.symbols[1]} have too few days in common."]
    pair = f"{told.symbols[0]} and {told.symbols[1]}"
    words = f"The correlation of {pair} is {number(value)}"
    return [
        f"{pair} {alike(value)}.",
        f"{words}, of {told.timeframe.value} returns; the window is {told.window}.",
    ]


def hours(told: object) -> list[str]:
    """Whether a market trades, and until when."""
    if not isinstance(told, VenueHours):
        return ["Its hours are not known."]
    said = [f"{told.name[:1].upper()}{told.name[1:]} is {_session(told)}."]
    if told.holiday:
        said.append(f"It is {told.holiday}.")
    if told.next_open is not None:
        said.append(f"It opens next on {_minute(told.next_open)}.")
    if told.next_close is not None:
        said.append(f"It closes next on {_minute(told.next_close)}.")
    return said


def events_of(symbol: str, now: datetime) -> Told:
    """Dividends and splits ahead, else the newest that were."""

    def tell(told: object) -> list[str]:
        known = each_of(told, CorporateEvent)
        ahead = [each for each in known if each.ex_date >= now.date()]
        chosen = sorted(ahead, key=lambda each: each.ex_date)[:LISTED]
        if chosen:
            return [f"Ahead of {symbol}: {'; '.join(map(_event, chosen))}."]
        past = sorted(known, key=lambda each: each.ex_date)[-3:]
        if past:
            return [
                f"No source tells an event ahead of {symbol}.",
                f"The newest were {'; '.join(map(_event, past))}.",
            ]
        return [f"No source tells an event of {symbol}; there may be some."]

    return tell


def each_of(told: object, kind: type[T]) -> list[T]:
    return [each for each in told if isinstance(each, kind)] if isinstance(told, tuple) else []


def _event(one: CorporateEvent) -> str:
    what = one.kind.value
    if one.amount is not None:
        what += f" of {one.amount:g} {one.currency}".rstrip()
    if one.ratio is not None:
        what += f" {one.ratio:g} for 1"
    return f"{what} on {one.ex_date:%d %b %Y}"


def _kind(one: Quote) -> str:
    """When and whence a price is, and what is wrong with it."""
    words = {
        Delay.realtime: "real time",
        Delay.delayed: f"{one.delay_minutes} minutes delayed",
        Delay.simulated: "simulated",
    }.get(one.delay, one.delay.value.replace("_", " "))
    at = f" of {_minute(one.as_of)}" if one.as_of is not None else ""
    stale = ", stale" if one.stale else ""
    return f"That is {words}{at}, from {one.source}{stale}."


def _session(told: VenueHours) -> str:
    return {
        "regular": "open",
        "pre": "in its pre-market session",
        "post": "in its after-hours session",
        "closed": "closed",
    }.get(told.session.value, told.session.value)


def _sure(value: float | None) -> float:
    return float("nan") if value is None else value


def _signed(value: float) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _day_of(bars: Bars, place: int) -> date:
    return moment(bars.time[place]).date()


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y}"


def _minute(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
