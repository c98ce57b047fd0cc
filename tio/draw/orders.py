"""Orders in a few words, as they are shown everywhere."""

from datetime import datetime
from decimal import Decimal

from tio.api.orders import Order, OrderType, TimeInForce, Trail
from tio.api.tickets import EventAhead
from tio.draw.amounts import average_price, quantity, unit_price


def terms(order: Order) -> str:
    """How it comes to its price: `limit 187.20`, `stop 180 limit 179`, `trails 2% at 181.30`."""
    match order.type:
        case OrderType.market:
            return "market"
        case OrderType.limit:
            return f"limit {unit_price(order.limit)}"
        case OrderType.stop:
            return f"stop {unit_price(order.stop)}"
        case OrderType.stop_limit:
            return f"stop {unit_price(order.stop)} limit {unit_price(order.limit)}"
        case OrderType.trailing:
            at = "" if order.stop is None else f" at {unit_price(order.stop)}"
            return f"trails {trail(order.trail)}{at}"


def ahead(event: EventAhead) -> str:
    """`ex-dividend 2026-11-27`, `~earnings 2026-12-01` where only estimated."""
    name = event.kind.value.replace("_", "-")
    return f"{'~' if event.estimated else ''}{name} {event.on:%Y-%m-%d}"


def trail(told: Trail | None) -> str:
    """An amount, or percent."""
    if told is None:
        return ""
    return f"{quantity(told.percent)}%" if told.percent is not None else quantity(told.amount)


def said(order: Order) -> str:
    """An order in one line: `buy 10 AAPL limit 187.20 day`."""
    stands = "" if order.type is OrderType.market else f" {order.time_in_force.value}"
    return f"{order.side.value} {quantity(order.quantity)} {order.symbol} {terms(order)}{stands}"


def state(order: Order) -> str:
    """Where it stands, and how much of it filled at what price where it did in part."""
    words = order.state.value.replace("_", " ")
    return f"{words} {quantity(order.filled)}" if order.filled and order.rest else words


def filled(order: Order) -> str:
    """What filled of it, at what price on average."""
    if not order.filled:
        return ""
    return f"{quantity(order.filled)} at {average_price(order.average_price)}"


def group(order: Order) -> str:
    """What it belongs to: the order it leaves, or the group it is one of."""
    if order.parent:
        return f"exit of {order.parent}"
    return "one of two" if order.oco else ""


def stands(order: Order) -> str:
    """For how long."""
    until = "gtc" if order.time_in_force is TimeInForce.gtc else "day"
    return f"{until}+" if order.extended_hours else until


def age(since: datetime | None, now: datetime) -> str:
    """How long ago: 42s, 3m, 5h, 2d."""
    if since is None:
        return ""
    seconds = max(0, int((now - since).total_seconds()))
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def away(distance: float | None) -> str:
    """How far the market is from it, `+2.31%`; "" where it has no price."""
    if distance is None:
        return ""
    return f"{Decimal(str(round(distance, 2))):+.2f}%".replace("-", "−")
