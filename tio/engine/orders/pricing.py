"""At what price and for how much a quote or print fills an order; when it triggers one."""

from dataclasses import dataclass
from decimal import Decimal

from tio.api.market import Session, Side
from tio.api.orders import Order, OrderType
from tio.engine.orders.tape import Sighting
from tio.engine.orders.terms import Terms, ceiled, floored

_HUNDRED = Decimal(100)
_AT_LIMIT = (OrderType.limit, OrderType.stop_limit)


@dataclass(frozen=True, slots=True)
class Offer:
    """A price an order may fill at now; `by_quote`: at what a quote displays, else by a print."""

    price: Decimal
    by_quote: bool


def admits(session: Session, order: Order) -> bool:
    """Whether an order may trigger or fill in this part of the day."""
    if session is Session.regular:
        return True
    return order.extended_hours and session is not Session.closed


def offer(order: Order, seen: Sighting, terms: Terms, spread: Decimal | None) -> Offer | None:
    """The price at which an order that needs no trigger any more fills, None where it does not.

    `spread`: the last one known, where a market order may fill by a print; None where it waits
    for a quote with both sides.
    """
    if order.type in _AT_LIMIT:
        return _limited(order, seen)
    price = seen.opposite(order.side)
    if seen.two_sided and price is not None:
        return Offer(price, by_quote=True)
    if seen.price is None or spread is None:
        return None
    return Offer(_slipped(order, seen.price, spread / 2, terms.tick), by_quote=False)


def _limited(order: Order, seen: Sighting) -> Offer | None:
    """A quote's price at the limit or better; the limit itself when a print went through it."""
    limit = order.limit
    if limit is None:
        return None
    price = seen.opposite(order.side)
    if price is not None and not _worse(price, limit, order):
        return Offer(price, by_quote=True)
    if seen.price is not None and _worse(limit, seen.price, order):
        return Offer(limit, by_quote=False)
    return None


def _worse(price: Decimal, than: Decimal, order: Order) -> bool:
    """Whether a price is dearer for a buy, or brings less for a sale."""
    return (price - than) * order.sign > 0


def _slipped(order: Order, price: Decimal, half: Decimal, tick: Decimal | None) -> Decimal:
    """A print's price, half a spread worse, rounded against the order; a sale stays above zero."""
    worse = price + half * order.sign
    if tick is not None:
        worse = ceiled(worse, tick) if order.side is Side.buy else floored(worse, tick)
    return worse if worse > 0 or price <= 0 else price


def reached(order: Order, seen: Sighting) -> Decimal | None:
    """The price by which a sighting triggers a stop: at it or through it."""
    price = seen.toward(order.side)
    if price is None or order.stop is None or _worse(order.stop, price, order):
        return None
    return price


def trailed(order: Order, seen: Sighting, terms: Terms) -> Decimal | None:
    """Where a trailing stop stands after a sighting, when that is nearer than it stood.

    It follows the prices that could trigger it, and is rounded away from them.
    """
    best, trail = seen.toward(order.side), order.trail
    if best is None or trail is None:
        return None
    if trail.amount is not None:
        gap = trail.amount
    else:
        gap = best * (trail.percent or Decimal(0)) / _HUNDRED
    stop = best + gap * order.sign
    if terms.tick is not None:
        stop = ceiled(stop, terms.tick) if order.side is Side.buy else floored(stop, terms.tick)
    if order.stop is not None and not _worse(order.stop, stop, order):
        return None
    return stop
