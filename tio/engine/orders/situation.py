"""What an order is judged by: its market, what is held, the orders beside it, the account."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tio.api.market import Session
from tio.api.orders import Order, Side, TradingLimits
from tio.engine.orders.book import PaperBook
from tio.engine.orders.fees import FREE, FeeSchedule
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.market import SeenMarket
from tio.engine.orders.tape import exact
from tio.engine.orders.terms import Terms

_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)


@dataclass(frozen=True, slots=True)
class Standing:
    """A portfolio as an account, in its currency.

    `exposure` is what all positions are worth, long and short added; `day_result` what the day has
    brought; `margin` how many times the equity may be exposed, 1 without credit; `heats` what each
    position loses at its stops, whole without. `rates`: of its currency for one of each other.
    """

    currency: str
    equity: Decimal
    exposure: Decimal = _ZERO
    day_result: Decimal = _ZERO
    margin: Decimal = _ONE
    limits: TradingLimits = field(default_factory=TradingLimits)
    heats: Mapping[str, Decimal] = field(default_factory=dict)
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, currency: str) -> Decimal | None:
        return _ONE if currency == self.currency else self.rates.get(currency)


@dataclass(frozen=True, slots=True)
class Situation:
    """One order's: `price` is what it trades at now, bid and ask where they are known.

    `working`: the open orders of its symbol and portfolio; `reserved`: what open orders of the
    portfolio may still cost, `pending` what they may still lose at their stops. `opens`: the next
    opening, of a market that is not open. `guards`: the stops by which what it opens is left.
    """

    terms: Terms
    session: Session
    opens: datetime | None
    bid: Decimal | None
    ask: Decimal | None
    last: Decimal | None
    held: Decimal
    working: tuple[Order, ...]
    reserved: Decimal
    standing: Standing
    pending: Decimal = _ZERO
    guards: tuple[Order, ...] = ()
    fees: FeeSchedule = FREE

    def price(self, side: Side) -> Decimal | None:
        """What a buy, or a sale, would trade at."""
        return (self.ask if side is Side.buy else self.bid) or self.last

    @property
    def buying_power(self) -> Decimal:
        standing = self.standing
        return standing.equity * standing.margin - standing.exposure - self.reserved


def situation_of(
    order: Order,
    terms: Terms,
    book: PaperBook,
    hours: TradingHours,
    standing: Standing,
    terms_of: Callable[[str], Terms | None],
    now: datetime,
    beside: Iterable[Order] = (),
) -> Situation:
    """The situation of an order that is to be placed with those beside it, or is replaced, now."""
    others = [
        each
        for each in book.shelf
        if each.state.open and each.portfolio == order.portfolio and each.id != order.id
    ]
    valued = [_valued(each, book, standing, terms_of) for each in others]
    bid, ask, last = _prices(book.market(order.symbol))
    session = hours.session(order.symbol, now)
    return Situation(
        terms,
        session,
        None if session is Session.regular else hours.opens(order.symbol, now),
        bid,
        ask,
        last,
        book.shelf.held(order.portfolio, order.symbol),
        tuple(each for each in others if each.symbol == order.symbol),
        _greatest(others, (value for value, _ in valued)),
        standing,
        _greatest(others, (risk for _, risk in valued)),
        tuple(each for each in (*beside, *others) if each.parent == order.id and order.id),
        book.fees,
    )


def opening(order: Order, held: Decimal) -> Decimal:
    """How much of what is left of an order would open a position, or enlarge one."""
    if order.reduce_only:
        return _ZERO
    against = max(_ZERO, -order.sign * held)
    return max(_ZERO, order.rest - against)


def committed(orders: Iterable[Order], side: Side) -> Decimal:
    """What the live orders of one side may fill; of a group only its largest counts.

    Those that only reduce count nothing: they end with the position.
    """
    groups: dict[str, Decimal] = {}
    for order in orders:
        if order.side is side and order.state.live and not order.reduce_only:
            group = order.oco or order.id
            groups[group] = max(groups.get(group, _ZERO), order.rest)
    return sum(groups.values(), _ZERO)


def told_price(order: Order) -> Decimal | None:
    """The price an order itself tells: its limit, else its stop."""
    return order.limit if order.limit is not None else order.stop


def unit_loss(order: Order, price: Decimal, guards: Iterable[Order]) -> Decimal:
    """What a unit entered at a price loses at the nearest of its stops; all of it without one."""
    losses = [price]
    for each in guards:
        if each.stop is not None and each.type.triggers:
            losses.append(max(_ZERO, (price - each.stop) * order.sign))
        elif each.trail is not None:
            percent = each.trail.percent or _ZERO
            losses.append(each.trail.amount or price * percent / _HUNDRED)
    return min(losses)


def _valued(
    order: Order,
    book: PaperBook,
    standing: Standing,
    terms_of: Callable[[str], Terms | None],
) -> tuple[Decimal, Decimal]:
    """What an open order may still cost, and what of that it loses at its stops."""
    terms = terms_of(order.symbol)
    bid, ask, last = _prices(book.market(order.symbol))
    price = told_price(order) or (ask if order.side is Side.buy else bid) or last
    rate = None if terms is None else standing.rate(terms.currency)
    if terms is None or price is None or rate is None:
        return _ZERO, _ZERO
    size = opening(order, book.shelf.held(order.portfolio, order.symbol)) * terms.worth() * rate
    return size * price, size * unit_loss(order, price, book.shelf.children(order))


def _greatest(orders: Iterable[Order], values: Iterable[Decimal]) -> Decimal:
    """The sum over groups of which only one order can fill: of each the greatest counts."""
    groups: dict[str, Decimal] = {}
    for order, value in zip(orders, values, strict=True):
        group = order.oco or order.id
        groups[group] = max(groups.get(group, _ZERO), value)
    return sum(groups.values(), _ZERO)


def _prices(market: SeenMarket) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    quote = market.two_sided
    if quote is None:
        return None, None, exact(market.last)
    return exact(quote.bid), exact(quote.ask), exact(market.last)
