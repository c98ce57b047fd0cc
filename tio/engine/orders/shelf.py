"""The orders there are, found by id, symbol and group, and what is held beside them."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from tio.api.errors import NotFound
from tio.api.orders import Order

_ZERO = Decimal(0)


class OrderShelf:
    """Orders by id in the order they were placed; those still open by symbol too."""

    def __init__(self, orders: Iterable[Order] = ()) -> None:
        self._orders: dict[str, Order] = {}
        self._open: dict[str, dict[str, None]] = {}
        self._held: dict[tuple[str, str], Decimal] = {}
        for order in orders:
            self.put(order)

    def put(self, order: Order) -> None:
        """Keep an order as it now is."""
        self._orders[order.id] = order
        if order.state.open:
            self._open.setdefault(order.symbol, {})[order.id] = None
        elif order.symbol in self._open:
            self._open[order.symbol].pop(order.id, None)
            if not self._open[order.symbol]:
                del self._open[order.symbol]

    def __contains__(self, id: str) -> bool:
        return id in self._orders

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders.values())

    def get(self, id: str) -> Order:
        order = self._orders.get(id)
        if order is None:
            raise NotFound(f"there is no order {id!r}", "list the orders to see their ids")
        return order

    def stands(self, symbol: str) -> bool:
        """Whether any order of the symbol is open; costs the same however many there are."""
        return symbol in self._open

    def open(self, symbol: str) -> tuple[Order, ...]:
        """The open orders of a symbol, the oldest first, each as it was at the call."""
        return tuple(self._orders[id] for id in self._open.get(symbol, ()))

    def symbols(self) -> tuple[str, ...]:
        """The symbols that have open orders."""
        return tuple(self._open)

    def siblings(self, order: Order) -> Iterator[Order]:
        """The other open orders of its OCO group."""
        if order.oco:
            for other in self.open(order.symbol):
                if other.oco == order.oco and other.id != order.id:
                    yield other

    def children(self, order: Order) -> Iterator[Order]:
        """The open orders that wait for it, or came of it."""
        for other in self.open(order.symbol):
            if other.parent == order.id:
                yield other

    def held(self, portfolio: str, symbol: str) -> Decimal:
        """What is held, below zero when it is owed."""
        return self._held.get((portfolio, symbol), _ZERO)

    def hold(self, portfolio: str, symbol: str, quantity: Decimal) -> None:
        """Tell what is held: at the start, and when it changed by more than these orders."""
        self._held[portfolio, symbol] = quantity

    def holds(self, portfolio: str, held: Mapping[str, Decimal]) -> None:
        """Tell all a portfolio holds: what is not named is not held."""
        for key in [key for key in self._held if key[0] == portfolio]:
            del self._held[key]
        for symbol, quantity in held.items():
            self._held[portfolio, symbol] = quantity

    def holdings(self, portfolio: str) -> dict[str, Decimal]:
        """What a portfolio holds, by symbol."""
        return {
            symbol: quantity
            for (of, symbol), quantity in self._held.items()
            if of == portfolio and quantity
        }

    def copied(self) -> "OrderShelf":
        """The open orders and what is held, to be changed apart from these."""
        copy = OrderShelf(order for order in self if order.state.open)
        copy._held = dict(self._held)
        return copy

    def room(self, order: Order) -> Decimal | None:
        """The most an order may fill so that it only reduces what is held; None for any."""
        if not order.reduce_only and (order.sign > 0 or order.short):
            return None
        return max(_ZERO, -order.sign * self.held(order.portfolio, order.symbol))
