"""One owner's paper: the broker, how each portfolio stood when last asked, what is not kept yet."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import TioError
from tio.api.market import Delay, Flag, Print, Quote
from tio.api.orders import Order, OrderChanged, OrderEvent, OrderFilled
from tio.api.series import moment
from tio.engine.orders.book import Events
from tio.engine.orders.broker import PaperBroker
from tio.engine.orders.fees import FREE, FeeSchedule
from tio.engine.orders.hours import TradingHours
from tio.engine.orders.situation import Standing
from tio.engine.orders.terms import Terms
from tio.plugin import Clock

_NOTHING = Standing(currency="", equity=Decimal(0))


class PaperDesk:
    """Orders of one owner. `lock` is held while a word changes them; `woken` hears of events."""

    def __init__(
        self,
        owner: str,
        clock: Clock,
        terms_of: Callable[[str], Terms | None],
        hours: TradingHours,
        orders: Iterable[Order],
        first: int,
        woken: Callable[[], None],
        fees: FeeSchedule = FREE,
    ) -> None:
        self.owner = owner
        self.lock = asyncio.Lock()
        self.standings: dict[str, Standing] = {}
        self.pending: list[OrderEvent] = []
        """What happened and is not on disk, in order."""
        self.known: set[str] = set()
        """Portfolios of which the book has been told what they hold."""
        self._clock = clock
        self._terms_of = terms_of
        self._woken = woken
        self.broker = PaperBroker(
            clock,
            terms_of,
            hours,
            lambda portfolio: self.standings.get(portfolio, _NOTHING),
            fees=fees,
            orders=orders,
            told=self._told,
            first=first,
        )

    @property
    def symbols(self) -> tuple[str, ...]:
        """Those with open orders."""
        return self.broker.book.shelf.symbols()

    def open(self, portfolio: str = "", symbol: str = "") -> tuple[Order, ...]:
        """Open orders, the oldest first."""
        return tuple(
            order
            for order in self.broker.book.shelf
            if order.state.open
            and (not portfolio or order.portfolio == portfolio)
            and (not symbol or order.symbol == symbol)
        )

    def hold(self, portfolio: str, units: Mapping[str, Decimal]) -> None:
        """Tell the book what a ledger holds, and what filled that is not in the ledger yet."""
        holding = {symbol: self._lots(symbol, quantity) for symbol, quantity in units.items()}
        for event in self.pending:
            if isinstance(event, OrderFilled) and event.order.portfolio == portfolio:
                fill, sign = event.fill, event.order.sign
                holding[fill.symbol] = holding.get(fill.symbol, Decimal(0)) + sign * fill.quantity
        self.broker.book.shelf.holds(portfolio, holding)
        self.known.add(portfolio)

    def held(self, portfolio: str) -> dict[str, Decimal]:
        """What the book takes a portfolio to hold, by symbol."""
        return self.broker.book.shelf.holdings(portfolio)

    def taken(self, portfolio: str) -> list[OrderEvent]:
        """The pending events of a portfolio, which whoever takes them is to keep."""
        mine = [event for event in self.pending if event.order.portfolio == portfolio]
        self.pending = [event for event in self.pending if event.order.portfolio != portfolio]
        return mine

    def on_quote(self, quote: Quote) -> None:
        self.broker.on_quote(quote)

    def on_trade(self, trade: Print, delay: Delay, flags: tuple[Flag, ...], at: int) -> None:
        self.broker.on_trade(trade, delay, flags, moment(at))

    def end(self, orders: Iterable[Order], reason: str) -> None:
        """Cancel open orders for a reason that is nobody's act."""
        shelf = self.broker.book.shelf
        for order in orders:
            if shelf.get(order.id).state.open:
                self._told(self.broker.book.cancel(order.id, self._clock.now(), reason))

    def resume(self, since: datetime, now: datetime) -> None:
        """After a pause: nothing of it fills, days that ended meanwhile have ended."""
        shelf = self.broker.book.shelf
        reason = f"was not watched from {since:%Y-%m-%d %H:%M:%S}Z to {now:%Y-%m-%d %H:%M:%S}Z"
        for order in self.open():
            told = replace(order, since=max(now, order.since or now), reason=reason)
            shelf.put(told)
            self._told((OrderChanged(told, now),))

    def rename(self, portfolio: str, now: str) -> None:
        """A portfolio is called otherwise."""
        shelf = self.broker.book.shelf
        for order in [each for each in shelf if each.portfolio == portfolio]:
            shelf.put(replace(order, portfolio=now))
        shelf.holds(now, shelf.holdings(portfolio))
        shelf.holds(portfolio, {})
        self.pending = [_renamed(event, portfolio, now) for event in self.pending]
        self.known.discard(portfolio)
        self.known.add(now)

    def _lots(self, symbol: str, units: Decimal) -> Decimal:
        """A ledger counts what a price is paid for, an order contracts."""
        try:
            terms = self._terms_of(symbol)
        except TioError:
            return units
        return units if terms is None else units / terms.worth()

    def _told(self, events: Events) -> None:
        self.pending += events
        if events:
            self._woken()


def _renamed(event: OrderEvent, portfolio: str, now: str) -> OrderEvent:
    if event.order.portfolio != portfolio:
        return event
    return replace(event, order=replace(event.order, portfolio=now))
