"""What is asked as orders, and what is answered of them."""

from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.market import Quote
from tio.api.orders import BracketLegs, Order, OrderRefused
from tio.api.trading import ListedOrder, OrderPreview, OrderTerms
from tio.engine.orders.book import PaperBook
from tio.engine.orders.broker import PaperBroker
from tio.engine.orders.money import fee_of, warnings
from tio.engine.orders.situation import Situation, opening, told_price
from tio.engine.orders.tape import exact
from tio.engine.orders.terms import Terms

ZERO = Decimal(0)


def order_of(asked: OrderTerms[Any], symbol: str) -> Order:
    """The order a word asks for, as yet without an id; Invalid for what excludes itself."""
    if asked.bracket is not None and asked.oco is not None:
        raise Invalid(
            "an order has a bracket or another beside it, not both", "place them one by one"
        )
    return Order(
        portfolio=asked.portfolio,
        symbol=symbol,
        side=asked.side,
        quantity=asked.quantity,
        type=asked.type,
        limit=asked.limit,
        stop=asked.stop,
        trail=asked.trail,
        time_in_force=asked.time_in_force,
        extended_hours=asked.extended_hours,
        reduce_only=asked.reduce_only,
        short=asked.short,
        setup=clean(asked.setup).strip(),
        idea=clean(asked.idea).strip(),
    )


def other_of(asked: OrderTerms[Any], order: Order) -> Order | None:
    """The order that is to stand beside it."""
    other = asked.oco
    if other is None:
        return None
    return replace(
        order,
        type=other.type,
        quantity=other.quantity or order.quantity,
        limit=other.limit,
        stop=other.stop,
        trail=other.trail,
    )


def previewed(
    broker: PaperBroker, order: Order, legs: BracketLegs | None, terms: Terms | None
) -> OrderPreview:
    """What placing an order would come to; the broker knows how its account stands."""
    events = broker.tried(order, legs)
    refused = next((each for each in events if isinstance(each, OrderRefused)), None)
    told = OrderPreview(
        orders=tuple(event.order for event in events),
        refused="" if refused is None else refused.order.reason,
        next="" if refused is None else refused.next,
    )
    at = broker.situation(order, legs)
    return told if at is None or terms is None else _counted(told, order, legs, at)


def _counted(
    told: OrderPreview, order: Order, legs: BracketLegs | None, at: Situation
) -> OrderPreview:
    """With what it is worth, costs and risks."""
    price = told_price(order) or at.price(order.side)
    rate = at.standing.rate(at.terms.currency)
    told = replace(
        told,
        currency=at.standing.currency,
        price=price,
        equity=at.standing.equity,
        buying_power=at.buying_power,
    )
    if price is None or rate is None or not order.quantity.is_finite():
        return told
    unit = at.terms.worth() * rate
    stop = None if legs is None else legs.stop
    return replace(
        told,
        value=opening(order, at.held) * price * unit,
        fee=fee_of(order, at),
        warnings=warnings(order, at) if not told.refused else (),
        risk=None
        if stop is None
        else max(ZERO, (price - stop) * order.sign) * order.quantity * unit,
    )


def listed(book: PaperBook, order: Order, quote: Quote, portfolio: str) -> ListedOrder:
    """An order with why it waits, and how far the market is from it."""
    order = replace(order, portfolio=portfolio)
    if not order.state.open or order.id not in book.shelf:
        return ListedOrder(order=order, why=order.reason)
    told = quote.ask if order.sign > 0 else quote.bid
    price = exact(told if told is not None else quote.last)
    goal = order.stop if order.type.triggers and order.triggered_at is None else order.limit
    distance = None
    if price and goal is not None:
        distance = float((goal - price) / price * 100)
    return ListedOrder(order=order, why=book.why(order.id), price=price, distance=distance)
