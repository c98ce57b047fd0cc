"""What a trader does in one stroke, as the orders that do it: flatten, reverse, break even."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Conflict
from tio.api.orders import Order, OrderChange, OrderType, Side, TimeInForce
from tio.engine.orders.shape import plain
from tio.engine.orders.terms import Terms, ceiled, floored

_STOPS = (OrderType.stop, OrderType.stop_limit, OrderType.trailing)


@dataclass(frozen=True, slots=True)
class Act:
    """Orders to place, which have no id yet, then to change, then to cancel."""

    cancel: tuple[str, ...] = ()
    change: tuple[tuple[str, OrderChange], ...] = ()
    place: tuple[Order, ...] = ()


def cancel_all(orders: Iterable[Order], symbol: str = "", side: Side | None = None) -> Act:
    """Cancel what is open: of one symbol, of one side, or all of it.

    Children are not named where their entry is: it takes them along.
    """
    wanted = [
        order
        for order in orders
        if order.state.open
        and (not symbol or order.symbol == symbol)
        and (side is None or order.side is side)
    ]
    entries = {order.id for order in wanted}
    waiting = {order.id for order in wanted if not order.state.live and order.parent in entries}
    return Act(cancel=tuple(order.id for order in wanted if order.id not in waiting))


def flatten(
    portfolio: str, held: Mapping[str, Decimal], orders: Iterable[Order], symbol: str = ""
) -> Act:
    """Cancel what is open and close at the market what is held: of one symbol, or all.

    `held` by symbol, below zero what is owed.
    """
    closing = tuple(
        _market(portfolio, each, -quantity, reduce_only=True)
        for each, quantity in held.items()
        if quantity and (not symbol or each == symbol)
    )
    return Act(cancel=cancel_all(orders, symbol).cancel, place=closing)


def reverse(portfolio: str, symbol: str, held: Decimal, orders: Iterable[Order]) -> Act:
    """Turn a position round at the market: as much short as it was long, or long as short.

    Conflict when nothing is held.
    """
    _held(symbol, held)
    turned = _market(portfolio, symbol, -2 * held, short=held > 0)
    return Act(cancel=cancel_all(orders, symbol).cancel, place=(turned,))


def break_even(
    portfolio: str,
    held: Decimal,
    cost: Decimal,
    price: Decimal,
    orders: Iterable[Order],
    terms: Terms,
) -> Act:
    """Move the stops of a position to where it costs nothing; without any, place one.

    `cost` is a unit's, fees in it; rounded to the tick that loses nothing. A stop that stands
    nearer the market stays. Conflict when nothing is held, or the market is not beyond the cost.
    """
    symbol = terms.symbol
    _held(symbol, held)
    long = held > 0
    stop = cost
    if terms.tick is not None:
        stop = ceiled(cost, terms.tick) if long else floored(cost, terms.tick)
    if (price - stop) * held <= 0:
        where = "above" if long else "below"
        raise Conflict(
            f"{symbol} is at {plain(price)}, not {where} its break-even of {plain(stop)}:"
            " a stop there would trigger at once",
            "wait until the position gains, or close it",
        )
    guards = [
        order
        for order in orders
        if order.symbol == symbol
        and order.state.live
        and order.type in _STOPS
        and order.triggered_at is None
        and order.sign * held < 0
    ]
    if not guards:
        placed = Order(
            portfolio=portfolio,
            symbol=symbol,
            side=Side.sell if long else Side.buy,
            quantity=abs(held),
            type=OrderType.stop,
            stop=stop,
            time_in_force=TimeInForce.gtc,
            reduce_only=True,
        )
        return Act(place=(placed,))
    looser = [each for each in guards if each.stop is None or (stop - each.stop) * held > 0]
    return Act(change=tuple((each.id, _moved(each, stop)) for each in looser))


def _moved(order: Order, stop: Decimal) -> OrderChange:
    """A stop-limit keeps the distance of its limit."""
    if order.type is OrderType.stop_limit and order.limit is not None and order.stop is not None:
        return OrderChange(stop=stop, limit=order.limit + stop - order.stop)
    return OrderChange(stop=stop)


def _market(
    portfolio: str, symbol: str, signed: Decimal, *, reduce_only: bool = False, short: bool = False
) -> Order:
    return Order(
        portfolio=portfolio,
        symbol=symbol,
        side=Side.buy if signed > 0 else Side.sell,
        quantity=abs(signed),
        reduce_only=reduce_only,
        short=short,
    )


def _held(symbol: str, held: Decimal) -> None:
    if not held:
        raise Conflict(f"nothing of {symbol} is held", "open a position first")
