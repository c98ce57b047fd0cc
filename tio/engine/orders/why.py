"""Why an order has not filled, in a sentence a person can act on."""

from decimal import Decimal

from tio.api.market import Session
from tio.api.orders import Order, OrderState, OrderType, Side
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.market import SeenMarket
from tio.engine.orders.pricing import admits
from tio.engine.orders.shape import plain

_NAMED = {Session.pre: "before the open", Session.post: "after the close"}


def why(order: Order, market: SeenMarket, hours: TradingHours, room: Decimal | None) -> str:
    """The first thing that stands between an order and its fill."""
    symbol, seen = order.symbol, market.seen
    if not order.state.open:
        return order.reason or f"it is {order.state.value.replace('_', ' ')}"
    if order.state is OrderState.waiting:
        return f"it waits for {order.parent} to fill"
    if market.passed:
        return market.passed
    if seen is None:
        return f"no quote or trade of {symbol} has come since it was placed"
    if order.since is not None and seen.at < order.since:
        since = f"{order.since:%H:%M:%S}"
        return (
            f"the newest tick of {symbol} is of {seen.at:%H:%M:%S}Z, it takes none before {since}Z"
        )
    session = hours.session(symbol, seen.at)
    if not admits(session, order):
        opens = hours.opens(symbol, seen.at)
        where = _NAMED.get(session, "closed")
        until = "" if opens is None else f"; it opens at {opens:%Y-%m-%d %H:%M}Z"
        return f"{symbol} is {where} and the order is for regular hours{until}"
    if order.type.triggers and order.triggered_at is None:
        stop = "not set yet" if order.stop is None else f"at {plain(order.stop)}"
        return f"{symbol} has not reached its stop, which is {stop}"
    if room == 0:
        return f"nothing of {symbol} is left to reduce"
    if order.type in (OrderType.limit, OrderType.stop_limit) and order.limit is not None:
        side = "below" if order.side is Side.buy else "above"
        return f"no trade of {symbol} went {side} its limit of {plain(order.limit)} since"
    return f"it takes what the next quote of {symbol} displays"
