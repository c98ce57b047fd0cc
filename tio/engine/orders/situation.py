"""What an order is judged by: its market, what is held, the orders beside it, the account."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from tio.api.market import Session
from tio.api.orders import Order, Side, TradingLimits
from tio.engine.orders.book import PaperBook
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.market import SeenMarket
from tio.engine.orders.tape import exact
from tio.engine.orders.terms import Terms

_ZERO, _ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Standing:
    """A portfolio as an account, in its currency.

    `exposure` is what all positions are worth, long and short added; `day_result` what the day has
    brought; `margin` how many times the equity may be exposed, 1 without credit. `rates`: of its
    currency for one of each other.
    """

    currency: str
    equity: Decimal
    exposure: Decimal = _ZERO
    day_result: Decimal = _ZERO
    margin: Decimal = _ONE
    limits: TradingLimits = field(default_factory=TradingLimits)
    rates: Mapping[str, Decimal] = field(default_factory=dict)

    def rate(self, currency: str) -> Decimal | None:
        return _ONE if currency == self.currency else self.rates.get(currency)


@dataclass(frozen=True, slots=True)
class Situation:
    """One order's: `price` is what it trades at now, bid and ask where they are known.

    `working`: the open orders of its symbol and portfolio; `reserved`: what open orders of the
    portfolio may still cost. `opens`: the next opening, of a market that is not open.
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
) -> Situation:
    """The situation of an order that is to be placed, or is replaced, now."""
    others = [
        each
        for each in book.shelf
        if each.state.open and each.portfolio == order.portfolio and each.id != order.id
    ]
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
        _reserved(others, book, standing, terms_of),
        standing,
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


def _reserved(
    orders: Iterable[Order],
    book: PaperBook,
    standing: Standing,
    terms_of: Callable[[str], Terms | None],
) -> Decimal:
    groups: dict[str, Decimal] = {}
    for order in orders:
        terms = terms_of(order.symbol)
        bid, ask, last = _prices(book.market(order.symbol))
        price = told_price(order) or (ask if order.side is Side.buy else bid) or last
        rate = None if terms is None else standing.rate(terms.currency)
        if terms is None or price is None or rate is None:
            continue
        size = opening(order, book.shelf.held(order.portfolio, order.symbol))
        group = order.oco or order.id
        value = size * price * terms.worth() * rate
        groups[group] = max(groups.get(group, _ZERO), value)
    return sum(groups.values(), _ZERO)


def _prices(market: SeenMarket) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    quote = market.two_sided
    if quote is None:
        return None, None, exact(market.last)
    return exact(quote.bid), exact(quote.ask), exact(market.last)
