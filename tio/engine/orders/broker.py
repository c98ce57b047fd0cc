"""Where orders go: the protocol of a broker, and the one that fills on paper."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from typing import Protocol
from weakref import WeakSet

from msgspec.structs import replace

from tio.api.errors import Conflict, Overflow
from tio.api.market import Delay, Flag, Print, Quote
from tio.api.orders import (
    PAPER,
    BracketLegs,
    Fill,
    Order,
    OrderChange,
    OrderEvent,
    OrderFilled,
    OrderRefused,
    OrderState,
)
from tio.engine.orders.acts import Act
from tio.engine.orders.book import Events, PaperBook
from tio.engine.orders.checks import refusal, wrong_legs
from tio.engine.orders.fees import FREE, FeeSchedule
from tio.engine.orders.groups import bracket, one_cancels_other
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.shape import Refusal
from tio.engine.orders.situation import Situation, Standing, situation_of
from tio.engine.orders.terms import Terms
from tio.plugin import Clock

PENDING = 10_000


class Broker(Protocol):
    """What takes orders. Conflict with the reason and the next step where one is refused."""

    name: str

    async def place(self, order: Order, legs: BracketLegs | None = None) -> tuple[Order, ...]:
        """Place an order, or a bracket around it; the order first, then target and stop."""

    async def place_group(self, orders: Iterable[Order]) -> tuple[Order, ...]:
        """Place orders of which a fill of one takes from the others."""

    async def cancel(self, id: str) -> Order: ...
    async def replace(self, id: str, change: OrderChange) -> Order: ...
    async def orders(self, portfolio: str = "", *, open_only: bool = False) -> tuple[Order, ...]:
        """The orders it knows, the oldest first."""

    def fills(self) -> AsyncIterator[Fill]:
        """Every fill from now on, in order; Overflow at the end of what one was too slow for."""


class PaperBroker:
    """A broker over a paper book: what it is told of the market fills its orders.

    `standing_of` gives a portfolio's account, `told` gets every event as it happens. `orders` are
    those left open before; say what is held with `hold` before they meet a tick. New ones are
    numbered from `first`.
    """

    name = PAPER

    def __init__(
        self,
        clock: Clock,
        terms_of: Callable[[str], Terms | None],
        hours: TradingHours,
        standing_of: Callable[[str], Standing],
        *,
        fees: FeeSchedule = FREE,
        orders: Iterable[Order] = (),
        told: Callable[[Events], None] = lambda events: None,
        first: int = 1,
    ) -> None:
        self.book = PaperBook(terms_of, hours, fees, orders, self._screen)
        self._clock = clock
        self._terms_of = terms_of
        self._hours = hours
        self._standing_of = standing_of
        self._told = told
        self._streams: WeakSet[_FillStream] = WeakSet()
        self._numbers = itertools.count(first)

    async def place(self, order: Order, legs: BracketLegs | None = None) -> tuple[Order, ...]:
        order = self._numbered(order)
        if legs is None:
            return self._placed((order,))
        terms, now = self._terms_of(order.symbol), self._clock.now()
        if terms is not None:
            wrong = wrong_legs(order, legs, self._situation(order, terms, now))
            if wrong is not None:
                raise Conflict(wrong.reason, wrong.next)
        return self._placed(bracket(order, legs))

    def tried(self, order: Order, legs: BracketLegs | None = None) -> Events:
        """What placing the order would bring about, accepted or refused; nothing is placed."""
        order, now = replace(order, id=order.id or "preview", broker=self.name), self._clock.now()
        book = self.book.trial()
        orders: tuple[Order, ...] = (order,)
        if legs is not None:
            terms = self._terms_of(order.symbol)
            wrong = terms and wrong_legs(order, legs, self._situation(order, terms, now))
            if wrong:
                refused = replace(order, state=OrderState.refused, reason=wrong.reason)
                return (OrderRefused(refused, now, wrong.next),)
            orders = bracket(order, legs)
        return book.place_group(orders, now)

    def situation(self, order: Order, legs: BracketLegs | None = None) -> Situation | None:
        """What an order would be judged by now; None where its symbol is not known."""
        terms, beside = self._terms_of(order.symbol), tuple[Order, ...]()
        if legs is not None:
            order, *exits = bracket(replace(order, id=order.id or "preview"), legs)
            beside = tuple(exits)
        return None if terms is None else self._situation(order, terms, self._clock.now(), beside)

    async def place_group(self, orders: Iterable[Order]) -> tuple[Order, ...]:
        numbered = [self._numbered(order) for order in orders]
        group = f"{numbered[0].id}.group" if numbered else ""
        return self._placed(one_cancels_other(numbered, group))

    async def cancel(self, id: str) -> Order:
        self._tell(self.book.cancel(id, self._clock.now()))
        return self.book.shelf.get(id)

    async def replace(self, id: str, change: OrderChange) -> Order:
        self._tell(self.book.replace(id, change, self._clock.now()))
        return self.book.shelf.get(id)

    async def orders(self, portfolio: str = "", *, open_only: bool = False) -> tuple[Order, ...]:
        return tuple(
            order
            for order in self.book.shelf
            if (not portfolio or order.portfolio == portfolio)
            and (order.state.open or not open_only)
        )

    def fills(self) -> AsyncIterator[Fill]:
        stream = _FillStream()
        self._streams.add(stream)
        return stream

    async def do(self, act: Act) -> tuple[Order, ...]:
        """Carry out an act; the orders it touched, as they are after it.

        What it cancels is cancelled last: an act that is refused leaves the guards where they are.
        """
        touched = [order for placed in act.place for order in await self.place(placed)]
        touched += [await self.replace(id, change) for id, change in act.change]
        touched += [await self.cancel(id) for id in act.cancel]
        return tuple(touched)

    def on_quote(self, quote: Quote) -> Events:
        return self._tell(self.book.on_quote(quote))

    def on_trade(
        self,
        trade: Print,
        delay: Delay = Delay.realtime,
        flags: Iterable[Flag] = (),
        received_at: datetime | None = None,
    ) -> Events:
        return self._tell(self.book.on_trade(trade, delay, flags, received_at))

    def on_session(self, symbol: str, now: datetime) -> Events:
        return self._tell(self.book.on_session(symbol, now))

    def _screen(self, order: Order, beside: tuple[Order, ...], now: datetime) -> Refusal | None:
        terms = self._terms_of(order.symbol)
        if terms is None:
            return None
        return refusal(order, self._situation(order, terms, now, beside))

    def _situation(
        self, order: Order, terms: Terms, now: datetime, beside: tuple[Order, ...] = ()
    ) -> Situation:
        standing, of = self._standing_of(order.portfolio), self._terms_of
        return situation_of(order, terms, self.book, self._hours, standing, of, now, beside)

    def _placed(self, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        events = self._tell(self.book.place_group(orders, self._clock.now()))
        for event in events:
            if isinstance(event, OrderRefused):
                raise Conflict(event.order.reason, event.next)
        return tuple(event.order for event in events)

    def _numbered(self, order: Order) -> Order:
        """The order with an id nobody had, and this broker's name."""
        free = (id for n in self._numbers if (id := f"p{n}") not in self.book.shelf)
        return replace(order, id=order.id or next(free), broker=self.name)

    def _tell(self, events: Events) -> Events:
        if events:
            self._told(events)
            for stream in tuple(self._streams):
                stream.feed(events)
        return events


class _FillStream:
    """The fills one listener has not had yet."""

    def __init__(self) -> None:
        self._pending: asyncio.Queue[Fill] = asyncio.Queue()
        self._lost = False

    def feed(self, events: Iterable[OrderEvent]) -> None:
        for event in events:
            if isinstance(event, OrderFilled):
                self._lost = self._lost or self._pending.qsize() >= PENDING
                if not self._lost:
                    self._pending.put_nowait(event.fill)

    def __aiter__(self) -> "_FillStream":
        return self

    async def __anext__(self) -> Fill:
        if self._lost and self._pending.empty():
            raise Overflow(
                f"over {PENDING} fills waited to be read, the newest were lost here",
                "list the fills, then listen anew",
            )
        return await self._pending.get()
