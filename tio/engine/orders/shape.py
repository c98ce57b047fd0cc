"""Whether an order says all it must and nothing odd, whatever the market and the account."""

from decimal import Decimal

import msgspec

from tio.api.orders import Order, OrderType
from tio.engine.orders.terms import Terms, fits, floored

_LIMITED = (OrderType.limit, OrderType.stop_limit)
_STOPPED = (OrderType.stop, OrderType.stop_limit)
_HUNDRED = Decimal(100)


class Refusal(msgspec.Struct, frozen=True):
    """Why an order is not taken, and what to do."""

    reason: str
    next: str = ""


def misshapen(order: Order, terms: Terms | None) -> Refusal | None:
    """What is wrong with an order by itself; None when nothing is."""
    if terms is None:
        return Refusal(
            f"{order.symbol} is not an instrument that is known here",
            f"look it up with: tio search {order.symbol}",
        )
    return _quantity(order, terms) or _prices(order, terms)


def _quantity(order: Order, terms: Terms) -> Refusal | None:
    quantity = order.quantity
    if not quantity.is_finite() or quantity <= 0:
        return Refusal(
            f"the quantity must be above zero, was {quantity}", "its side says buy or sell"
        )
    if not fits(quantity, terms.lot):
        nearest = floored(quantity, terms.lot)
        return Refusal(
            f"{order.symbol} trades in lots of {plain(terms.lot)}, the quantity was {quantity}",
            f"take {plain(nearest or terms.lot)}",
        )
    return None


def _prices(order: Order, terms: Terms) -> Refusal | None:
    kind = order.type.value.replace("_", "-")
    for name, price, wanted in (
        ("limit", order.limit, order.type in _LIMITED),
        ("stop", order.stop, order.type in _STOPPED),
        ("trail", order.trail, order.type is OrderType.trailing),
    ):
        if wanted and price is None:
            return Refusal(f"a {kind} order needs its {name}", f"give its {name}")
        started = name == "stop" and order.type is OrderType.trailing
        if price is not None and not wanted and not started:
            return Refusal(f"a {kind} order has no {name}", f"leave its {name} out")
        if isinstance(price, Decimal):
            refusal = _price(order, name, price, terms)
            if refusal is not None:
                return refusal
    return _trail(order)


def _price(order: Order, name: str, price: Decimal, terms: Terms) -> Refusal | None:
    if not price.is_finite() or price <= 0:
        return Refusal(f"the {name} must be a price above zero, was {price}", f"change the {name}")
    if terms.tick is not None and not fits(price, terms.tick):
        below = floored(price, terms.tick)
        return Refusal(
            f"{order.symbol} trades in ticks of {plain(terms.tick)}, the {name} was {price}",
            f"take {plain(below)} or {plain(below + terms.tick)}",
        )
    return None


def _trail(order: Order) -> Refusal | None:
    trail = order.trail
    if trail is None:
        return None
    if (trail.amount is None) == (trail.percent is None):
        return Refusal("a trail is told as an amount or as percent", "give one of them")
    told = trail.amount if trail.amount is not None else trail.percent
    if told is None or not told.is_finite() or told <= 0:
        return Refusal(f"a trail must be above zero, was {told}", "change the trail")
    if trail.percent is not None and trail.percent >= _HUNDRED:
        return Refusal(f"a trail must be below 100 %, was {told} %", "change the trail")
    return None


def plain(value: Decimal) -> str:
    """A figure without an exponent and without zeros at its end."""
    return f"{value.normalize():f}"
