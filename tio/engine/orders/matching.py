"""One tick against the open orders of its symbol: what expires, triggers, trails, fills."""

from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.orders import (
    Order,
    OrderChanged,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderState,
    OrderTriggered,
    OrderType,
)
from tio.engine.orders.fees import FeeSchedule
from tio.engine.orders.filling import filled
from tio.engine.orders.groups import Consequences
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.market import SeenMarket
from tio.engine.orders.pricing import Offer, admits, offer, reached, trailed
from tio.engine.orders.shelf import OrderShelf
from tio.engine.orders.tape import Sighting
from tio.engine.orders.terms import Terms, floored


class Matching:
    """Lets ticks meet the orders of a shelf, the oldest order first."""

    def __init__(
        self,
        shelf: OrderShelf,
        beside: Consequences,
        terms_of: Callable[[str], Terms | None],
        hours: TradingHours,
        fees: FeeSchedule,
    ) -> None:
        self._shelf = shelf
        self._beside = beside
        self._terms_of = terms_of
        self._hours = hours
        self._fees = fees

    def meet(self, seen: Sighting, market: SeenMarket) -> tuple[OrderEvent, ...]:
        """What a sound quote or print does to the open orders of its symbol."""
        market.seen, market.passed = seen, ""
        events = list(self.expire(seen.symbol, seen.at))
        terms = self._terms_of(seen.symbol)
        if terms is None:
            return tuple(events)
        session = self._hours.session(seen.symbol, seen.at)
        tick = _Tick(seen, market, terms)
        for listed in self._shelf.open(seen.symbol):
            order = self._shelf.get(listed.id)
            # A child that this very tick set to work meets the next one.
            ready = listed.state.live and order.state.live
            if ready and admits(session, order) and _of_its_time(order, seen):
                events += self._met(order, tick)
        return tuple(events)

    def expire(self, symbol: str, now: datetime) -> Iterator[OrderEvent]:
        """End the orders whose day is over at `now`."""
        for listed in self._shelf.open(symbol):
            order = self._shelf.get(listed.id)
            if order.state.open and order.expires_at is not None and order.expires_at <= now:
                reason = f"its day ended at {order.expires_at:%Y-%m-%d %H:%M}Z"
                ended = replace(order, state=OrderState.expired, reason=reason)
                self._shelf.put(ended)
                yield OrderExpired(ended, now)
                yield from self._beside.of_end(ended, now)

    def _met(self, order: Order, tick: "_Tick") -> Iterator[OrderEvent]:
        if order.type.triggers and order.triggered_at is None:
            yield from self._watched(order, tick)
            return
        found = offer(order, tick.seen, tick.terms, tick.market.slippage())
        if found is not None:
            yield from self._taken(order, found, tick)

    def _watched(self, order: Order, tick: "_Tick") -> Iterator[OrderEvent]:
        """A stop that is reached waits for the next tick; a trailing one that is not may move."""
        seen = tick.seen
        price = reached(order, seen)
        if price is not None:
            hit = replace(
                order, state=OrderState.triggered, triggered_at=seen.known_at, since=seen.at
            )
            self._shelf.put(hit)
            yield OrderTriggered(hit, seen.known_at, price)
        elif order.type is OrderType.trailing:
            stop = trailed(order, seen, tick.terms)
            if stop is not None:
                moved = replace(order, stop=stop, reason="its stop followed the market")
                self._shelf.put(moved)
                yield OrderChanged(moved, seen.known_at)

    def _taken(self, order: Order, found: Offer, tick: "_Tick") -> Iterator[OrderEvent]:
        room = self._shelf.room(order)
        if room == 0:
            reason = f"nothing of {order.symbol} is left to reduce"
            yield from self._beside.end(order, tick.seen.known_at, reason)
            return
        wanted = order.rest if room is None else min(order.rest, room)
        quantity = tick.available(order, wanted, found)
        if quantity > 0:
            tick.take(order, quantity, found)
            yield from self._fill(order, quantity, found.price, tick)

    def _fill(
        self, order: Order, quantity: Decimal, price: Decimal, tick: "_Tick"
    ) -> Iterator[OrderEvent]:
        seen, at = tick.seen, tick.seen.known_at
        booked, fill = filled(order, quantity, price, seen, tick.terms, self._fees)
        self._shelf.put(booked)
        held = self._shelf.held(order.portfolio, order.symbol) + quantity * order.sign
        self._shelf.hold(order.portfolio, order.symbol, held)
        yield OrderFilled(booked, at, fill)
        yield from self._beside.of_fill(booked, quantity, tick.terms.lot, seen.at, at)


class _Tick:
    """A sighting while orders take from it: what of its size is left for the next."""

    def __init__(self, seen: Sighting, market: SeenMarket, terms: Terms) -> None:
        self.seen = seen
        self.market = market
        self.terms = terms
        self._printed = seen.size

    def available(self, order: Order, wanted: Decimal, found: Offer) -> Decimal:
        """How much of what is wanted there is, in whole lots where it is not all."""
        left = self.market.displayed.left(order.side) if found.by_quote else self._printed
        if left is None or left >= wanted:
            return wanted
        return floored(left, self.terms.lot)

    def take(self, order: Order, quantity: Decimal, found: Offer) -> None:
        if found.by_quote:
            self.market.displayed.take(order.side, quantity)
        elif self._printed is not None:
            self._printed -= quantity


def _of_its_time(order: Order, seen: Sighting) -> bool:
    return order.since is None or seen.at >= order.since
