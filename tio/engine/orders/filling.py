"""A fill booked on its order: quantity, average price and fee, exact."""

from decimal import Decimal

from msgspec.structs import replace

from tio.api.orders import Fill, Order, OrderState
from tio.engine.orders.fees import FeeSchedule
from tio.engine.orders.tape import CURRENT, Sighting
from tio.engine.orders.terms import Terms
from tio.engine.portfolio.money import EXACT


def filled(
    order: Order,
    quantity: Decimal,
    price: Decimal,
    seen: Sighting,
    terms: Terms,
    fees: FeeSchedule,
) -> tuple[Order, Fill]:
    """The order after `quantity` of it filled at `price` by what was seen, and the fill."""
    taken = EXACT.add(order.filled, quantity)
    turnover = EXACT.add(order.turnover, EXACT.multiply(price, quantity))
    booked = replace(
        order,
        state=OrderState.filled if taken == order.quantity else OrderState.partly_filled,
        filled=taken,
        fills=order.fills + 1,
        turnover=turnover,
        average_price=turnover / taken,
        reason="",
    )
    fee = fees.due(booked, terms)
    fill = Fill(
        id=f"{order.id}.{booked.fills}",
        order=order.id,
        broker=order.broker,
        portfolio=order.portfolio,
        symbol=order.symbol,
        side=order.side,
        quantity=quantity,
        price=price,
        multiplier=terms.worth(),
        fee=fee,
        currency=terms.currency,
        at=seen.known_at,
        as_of=seen.as_of,
        source=seen.source,
        delay=seen.delay,
        marked=seen.delay not in CURRENT,
    )
    return replace(booked, fees=order.fees + fee), fill
