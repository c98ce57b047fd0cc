"""Orders that belong together: brackets and one-cancels-other, and what a fill of one does."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.orders import (
    BracketLegs,
    Order,
    OrderCancelled,
    OrderChanged,
    OrderEvent,
    OrderState,
    OrderType,
    Side,
    TimeInForce,
)
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.shelf import OrderShelf
from tio.engine.orders.terms import floored


def bracket(entry: Order, legs: BracketLegs) -> tuple[Order, ...]:
    """The entry, and the target and stop that wait for it; they stand until cancelled."""
    if legs.target is None and legs.stop is None and legs.trail is None:
        raise Invalid("a bracket needs a target or a stop", "give one price at which to get out")
    if legs.stop is not None and legs.trail is not None:
        raise Invalid("a bracket has one stop: a price or a trail, not both", "leave one out")
    if legs.stop_limit is not None and legs.stop is None:
        raise Invalid("a bracket's stop_limit needs its stop", "give the price that triggers it")
    child = Order(
        portfolio=entry.portfolio,
        broker=entry.broker,
        symbol=entry.symbol,
        side=Side.sell if entry.side is Side.buy else Side.buy,
        quantity=entry.quantity,
        time_in_force=TimeInForce.gtc,
        extended_hours=entry.extended_hours,
        reduce_only=True,
        parent=entry.id,
        bracket=entry.id,
        oco=f"{entry.id}.exit",
        setup=entry.setup,
        idea=entry.idea,
        state=OrderState.waiting,
    )
    made = [replace(entry, bracket=entry.id)]
    if legs.target is not None:
        made.append(
            replace(child, id=f"{entry.id}.target", type=OrderType.limit, limit=legs.target)
        )
    if legs.stop is not None:
        kind = OrderType.stop if legs.stop_limit is None else OrderType.stop_limit
        made.append(
            replace(child, id=f"{entry.id}.stop", type=kind, stop=legs.stop, limit=legs.stop_limit)
        )
    elif legs.trail is not None:
        made.append(
            replace(child, id=f"{entry.id}.stop", type=OrderType.trailing, trail=legs.trail)
        )
    return tuple(made)


def one_cancels_other(orders: Iterable[Order], group: str) -> tuple[Order, ...]:
    """The orders as one group: what one of them fills, the others lose in proportion."""
    grouped = tuple(replace(order, oco=group) for order in orders)
    if len(grouped) < 2:
        raise Invalid("one cancels the other takes two orders or more", "place a single one alone")
    if len({(order.portfolio, order.symbol) for order in grouped}) > 1:
        raise Invalid(
            "orders that cancel each other are of one symbol in one portfolio",
            "place those of other symbols by themselves",
        )
    return grouped


class Consequences:
    """What a fill, or an order's end, means to the orders beside it."""

    def __init__(self, shelf: OrderShelf, hours: TradingHours) -> None:
        self._shelf = shelf
        self._hours = hours

    def of_fill(
        self, order: Order, quantity: Decimal, lot: Decimal, since: datetime, at: datetime
    ) -> Iterator[OrderEvent]:
        """`order` as it is after `quantity` of it filled by a tick of the time `since`."""
        yield from self._reduce_siblings(order, quantity, lot, at)
        if order.parent and order.parent in self._shelf:
            entry = self._shelf.get(order.parent)
            if entry.state.open:
                yield from self.end(entry, at, f"{order.id} has begun to leave what it filled")
        else:
            yield from self._size_children(order, quantity, since, at)
        yield from self._end_without_room(order, at)

    def of_end(self, order: Order, at: datetime) -> Iterator[OrderEvent]:
        """Children that still wait have nothing left to wait for."""
        for child in self._shelf.children(order):
            if child.state is OrderState.waiting:
                yield from self.end(child, at, f"{order.id} ended without a fill")

    def end(self, order: Order, at: datetime, reason: str) -> Iterator[OrderEvent]:
        """Cancel an order, and the children that waited for it."""
        ended = replace(order, state=OrderState.cancelled, reason=reason)
        self._shelf.put(ended)
        yield OrderCancelled(ended, at)
        yield from self.of_end(ended, at)

    def _reduce_siblings(
        self, order: Order, quantity: Decimal, lot: Decimal, at: datetime
    ) -> Iterator[OrderEvent]:
        before = order.rest + quantity
        for other in self._shelf.siblings(order):
            rest = order.rest
            if other.rest != before:
                rest = floored(other.rest * order.rest / before, lot)
            reason = f"{order.id} of its group filled {quantity}"
            if rest <= 0:
                yield from self.end(other, at, reason)
            elif rest < other.rest:
                yield self._resized(other, other.filled + rest, at, reason)

    def _size_children(
        self, entry: Order, quantity: Decimal, since: datetime, at: datetime
    ) -> Iterator[OrderEvent]:
        for child in self._shelf.children(entry):
            waited = child.state is OrderState.waiting
            if waited:
                child = self._begun(child, since)
            size = quantity if waited else child.quantity + quantity
            later = replace(child, since=max(since, child.since or since))
            yield self._resized(later, size, at, f"{entry.id} filled {quantity}")

    def _begun(self, child: Order, since: datetime) -> Order:
        expires = None
        if child.time_in_force is TimeInForce.day:
            expires = self._hours.expiry(child.symbol, since, child.extended_hours)
        return replace(child, state=OrderState.working, expires_at=expires)

    def _end_without_room(self, filled: Order, at: datetime) -> Iterator[OrderEvent]:
        """Orders that may only reduce end with the position."""
        if self._shelf.held(filled.portfolio, filled.symbol):
            return
        reason = f"nothing of {filled.symbol} is left to reduce"
        for other in self._shelf.open(filled.symbol):
            same = other.portfolio == filled.portfolio and other.state.live
            if same and self._shelf.room(other) == 0:
                yield from self.end(other, at, reason)

    def _resized(self, order: Order, quantity: Decimal, at: datetime, reason: str) -> OrderChanged:
        changed = replace(order, quantity=quantity, reason=reason)
        self._shelf.put(changed)
        return OrderChanged(changed, at)
