"""What tools told, in plain sentences: each figure as it came, rounded as such figures are."""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import isfinite
from typing import TypeVar

from tio.api.companies import CorporateEvent
from tio.api.hours import VenueHours
from tio.api.ideas import ListedIdea
from tio.api.income import Income
from tio.api.indicators import Computed
from tio.api.market import Bars, Delay, Quote, Timeframe
from tio.api.portfolio import Holdings, Position
from tio.api.risk import CorrelationMatrix
from tio.api.series import moment
from tio.api.trading import ListedOrder
from tio.engine.analyst.rules.intents import Span
from tio.engine.analyst.rules.scope import number, priced

T = TypeVar("T")
Told = Callable[[object], list[str]]
NO_SYMBOL = "No symbol I know stands in the question. Name one, as in `how does BTC-USD stand?`"
NO_PORTFOLIO = "There is no portfolio yet: a on PORT, or `tio portfolio create`, makes one."
NO_LIST = "There is no watchlist yet: n on the Desk makes one."
SIZE = (
    "A position's size comes from its stop: BUY with a stop, or `tio risk size --equity 10000 "
    "--entry 50 --stop 48 --risk-percent 1`, says how many."
)
_LISTED = 6


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
    """How far a price went over a span."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Bars) or len(told) < 2:
            return [f"There are not enough daily bars of {symbol} {span.words}."]
        first, last = _sure(told.close[0]), _sure(told.close[-1])
        begun, ended = moment(told.time[0]), moment(told.time[-1])
        way = "rose" if last > first else "fell" if last < first else "did not move"
        change = 100 * (last / first - 1)
        return [
            (
                f"{symbol} {way} {span.words}: from a close of {priced(first)} on {_day(begun)} to "
                f"{priced(last)} on {_day(ended)}, {_signed(change)} %."
            )
        ]

    return tell


def extreme_of(symbol: str, span: Span) -> Told:
    """The highest and the lowest price of a span, with their days."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Bars) or not len(told):
            return [f"There are no daily bars of {symbol} {span.words}."]
        places = range(len(told))
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
    return [f"{words}, of {told.timeframe.value} returns; the window is {told.window}."]


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
        known = _each(told, CorporateEvent)
        ahead = [each for each in known if each.ex_date >= now.date()]
        chosen = sorted(ahead, key=lambda each: each.ex_date)[:_LISTED]
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


def position_of(symbols: Sequence[str]) -> Told:
    """What is held of symbols, or all of it in short."""

    def tell(told: object) -> list[str]:
        if not isinstance(told, Holdings):
            return ["The positions are not known."]
        held = [each for each in told.positions if not symbols or each.symbol in symbols]
        if not held:
            what = " or ".join(symbols)
            return [f"{told.portfolio} holds no {what}." if what else f"{told.portfolio} is empty."]
        said = [_position(each, told.portfolio) for each in held[:_LISTED]]
        more = len(held) - _LISTED
        return [*said, f"{more} more positions are on PORT."] if more > 0 else said

    return tell


def orders_of(symbols: Sequence[str]) -> Told:
    """What works in the market."""

    def tell(told: object) -> list[str]:
        listed = _each(told, ListedOrder)
        found = [each for each in listed if not symbols or each.order.symbol in symbols]
        if not found:
            return ["No paper order is open."]
        return [_order(each) for each in found[:_LISTED]]

    return tell


def ideas(told: object) -> list[str]:
    """The newest idea cards."""
    found = _each(told, ListedIdea)
    if not found:
        return ["There is no idea card yet: a on IDEA writes one."]
    return [
        f"{each.idea.id} {each.idea.symbol}, {each.state.value}: {each.idea.plan.side.value} at "
        f"{each.idea.plan.entry}, stop {each.idea.plan.stop}."
        for each in found[:_LISTED]
    ]


def income(told: object) -> list[str]:
    """What came in."""
    if not isinstance(told, Income):
        return ["The income is not known."]
    net, gross = number(float(told.trailing.net)), number(float(told.trailing.gross))
    words = f"{told.portfolio} received {net} {told.currency} net over the past year, {gross} gross"
    said = [f"{words}."]
    said += ["What is to come is on PORT."] if told.ahead else []
    return said


def _each(told: object, kind: type[T]) -> list[T]:
    return [each for each in told if isinstance(each, kind)] if isinstance(told, tuple) else []


def _position(one: Position, portfolio: str) -> str:
    cost = f" at {priced(float(one.average_cost))} {one.currency}"
    words = f"{portfolio} holds {one.quantity:f} {one.symbol}{cost}"
    if one.price is not None:
        words += f", now {priced(float(one.price))}"
    if one.unrealised is not None:
        words += f", open gain {number(float(one.unrealised))}"
    if one.weight is not None:
        words += f", a weight of {number(100 * float(one.weight), 1)} %"
    return f"{words}."


def _order(listed: ListedOrder) -> str:
    one = listed.order
    told = (("limit", one.limit), ("stop", one.stop))
    prices = [f"{name} {value}" for name, value in told if value is not None]
    at = f" {', '.join(prices)}" if prices else ""
    return f"{one.id}: {one.side.value} {one.quantity:f} {one.symbol}, {one.type.value}{at}."


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


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y}"


def _minute(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
