"""The paper book: one's own orders, filled by the quotes and prints it is told, by rules alone.

It asks no clock and draws no lot: the same calls in the same order give the same events. The rules
are told in docs/paper-orders.md.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace

from tio.api.errors import Conflict, Invalid
from tio.api.market import Delay, Flag, Print, Quote
from tio.api.orders import (
    Order,
    OrderAccepted,
    OrderChange,
    OrderChanged,
    OrderEvent,
    OrderRefused,
    OrderState,
    TimeInForce,
)
from tio.engine.orders.fees import FREE, FeeSchedule
from tio.engine.orders.groups import Consequences
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.market import SeenMarket
from tio.engine.orders.matching import Matching
from tio.engine.orders.shape import Refusal, misshapen
from tio.engine.orders.shelf import OrderShelf
from tio.engine.orders.tape import printed, sighted
from tio.engine.orders.terms import Terms
from tio.engine.orders.why import why

Events = tuple[OrderEvent, ...]
Screen = Callable[[Order, tuple[Order, ...], datetime], Refusal | None]


def _unscreened(order: Order, beside: tuple[Order, ...], now: datetime) -> Refusal | None:
    return None


class PaperBook:
    """Orders of any portfolios and symbols; `orders` are those a former book left open.

    `screen` may refuse what is well formed, by the market, the account, the limits set; it is told
    which orders come together.
    """

    def __init__(
        self,
        terms_of: Callable[[str], Terms | None],
        hours: TradingHours,
        fees: FeeSchedule = FREE,
        orders: Iterable[Order] = (),
        screen: Screen = _unscreened,
    ) -> None:
        self.shelf = OrderShelf(orders)
        self._terms_of = terms_of
        self._hours = hours
        self.fees = fees
        self._screen = screen
        self._markets: dict[str, SeenMarket] = {}
        self._beside = Consequences(self.shelf, hours)
        self._matching = Matching(self.shelf, self._beside, terms_of, hours, fees)

    def place(self, order: Order, now: datetime) -> Events:
        """Take one order on, or refuse it."""
        return self.place_group((order,), now)

    def place_group(self, orders: Iterable[Order], now: datetime) -> Events:
        """Take all of a bracket or group on, or none. Invalid and Conflict for odd ids."""
        orders = tuple(replace(order, placed_at=now, since=now) for order in orders)
        self._check_ids(orders)
        refusals = [self._refusal(order, orders, now) for order in orders]
        first = next((refusal for refusal in refusals if refusal is not None), None)
        if first is not None:
            return tuple(
                self._refused(order, own or first, now)
                for order, own in zip(orders, refusals, strict=True)
            )
        return tuple(self._accepted(order, now) for order in orders)

    def cancel(self, id: str, now: datetime, reason: str = "cancelled by hand") -> Events:
        """End an open order; NotFound where there is none, Conflict where it ended before."""
        return tuple(self._beside.end(self._still_open(id), now, reason))

    def replace(self, id: str, change: OrderChange, now: datetime) -> Events:
        """Change an open order: from now on nothing older fills or triggers it.

        Invalid for a change that no order may have, NotFound, Conflict.
        """
        order = self._still_open(id)
        told = {name: getattr(change, name) for name in change.__struct_fields__}
        changed = replace(
            order,
            **{name: value for name, value in told.items() if value is not None},
            since=now,
            reason="replaced by hand",
        )
        if change.trail is not None and change.stop is None:
            changed = replace(changed, stop=None)
        if order.triggered_at is not None and changed.stop != order.stop:
            raise Invalid(f"the stop of {id} was reached at {order.triggered_at:%H:%M:%S}Z already")
        if changed.quantity <= order.filled:
            raise Invalid(
                f"{order.filled} of {id} are filled, so its quantity must be above that,"
                f" was {changed.quantity}",
                "cancel it to leave it at what is filled",
            )
        refusal = self._refusal(changed, (), now)
        if refusal is not None:
            raise Invalid(refusal.reason, refusal.next)
        changed = replace(changed, expires_at=self._expiry(changed, now))
        self.shelf.put(changed)
        return (OrderChanged(changed, now),)

    def on_quote(self, quote: Quote) -> Events:
        """What a quote does to the orders of its symbol."""
        market = self._market(quote.symbol)
        market.note(quote)
        if not self.shelf.stands(quote.symbol):
            return ()
        seen = sighted(quote, market.printed)
        if isinstance(seen, str):
            market.passed = seen
            return ()
        market.displayed.see(seen)
        return self._matching.meet(seen, market)

    def on_trade(
        self,
        trade: Print,
        delay: Delay = Delay.realtime,
        flags: Iterable[Flag] = (),
        received_at: datetime | None = None,
    ) -> Events:
        """What a print does to the orders of its symbol."""
        market = self._market(trade.symbol)
        market.printed, market.last = True, trade.price
        if not self.shelf.stands(trade.symbol):
            return ()
        seen = printed(trade, delay, flags, received_at)
        if isinstance(seen, str):
            market.passed = seen
            return ()
        market.displayed.traded()
        return self._matching.meet(seen, market)

    def on_session(self, symbol: str, now: datetime) -> Events:
        """Time has come to `now` for a symbol's data: day orders expire at their close.

        Of a source that lags, `now` lags as much, lest orders expire before their ticks come.
        """
        return tuple(self._matching.expire(symbol, now))

    def why(self, id: str) -> str:
        """The sentence why an order has not filled."""
        order = self.shelf.get(id)
        return why(order, self._market(order.symbol), self._hours, self.shelf.room(order))

    def trial(self) -> "PaperBook":
        """A copy with the open orders and what is held, on which to try what placing would do."""
        tried = PaperBook(self._terms_of, self._hours, self.fees, (), self._screen)
        tried.shelf = self.shelf.copied()
        tried._markets = self._markets
        return tried

    def forget_markets(self) -> None:
        """What was seen holds no more, as when a replay begins."""
        self._markets.clear()

    def market(self, symbol: str) -> SeenMarket:
        """What the book knows of a symbol's market."""
        return self._market(symbol)

    def _market(self, symbol: str) -> SeenMarket:
        market = self._markets.get(symbol)
        if market is None:
            market = self._markets[symbol] = SeenMarket()
        return market

    def _still_open(self, id: str) -> Order:
        order = self.shelf.get(id)
        if not order.state.open:
            raise Conflict(f"order {id} is {order.state.value.replace('_', ' ')} already")
        return order

    def _check_ids(self, orders: tuple[Order, ...]) -> None:
        seen: set[str] = set()
        for order in orders:
            if not order.id:
                raise Invalid("an order needs an id", "number it before it is placed")
            if order.id in self.shelf or order.id in seen:
                raise Conflict(f"there is an order {order.id!r} already")
            if order.parent and order.parent not in seen:
                raise Invalid(
                    f"{order.id} waits for {order.parent}, which is not placed with it",
                    "place a bracket's orders together, its entry first",
                )
            seen.add(order.id)

    def _refusal(self, order: Order, beside: tuple[Order, ...], now: datetime) -> Refusal | None:
        wrong = misshapen(order, self._terms_of(order.symbol))
        return wrong or self._screen(order, beside, now)

    def _refused(self, order: Order, refusal: Refusal, now: datetime) -> OrderRefused:
        refused = replace(order, state=OrderState.refused, reason=refusal.reason)
        self.shelf.put(refused)
        return OrderRefused(refused, now, refusal.next)

    def _accepted(self, order: Order, now: datetime) -> OrderAccepted:
        state = OrderState.waiting if order.parent else OrderState.working
        taken = replace(order, state=state)
        taken = replace(taken, expires_at=self._expiry(taken, now))
        self.shelf.put(taken)
        return OrderAccepted(taken, now)

    def _expiry(self, order: Order, now: datetime) -> datetime | None:
        """A child's day begins when its entry fills."""
        if order.time_in_force is TimeInForce.gtc or order.state is OrderState.waiting:
            return None
        return self._hours.expiry(order.symbol, now, order.extended_hours)
