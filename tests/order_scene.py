"""A book, its symbols' terms and hours, and short ways to say quotes, trades and orders."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from tio.api.market import AssetClass, Delay, Print, Quote, Session
from tio.api.orders import (
    Fill,
    Order,
    OrderCancelled,
    OrderEvent,
    OrderFilled,
    OrderState,
    OrderType,
    Side,
    TimeInForce,
    Trail,
)
from tio.engine.orders.book import Events, PaperBook
from tio.engine.orders.fees import FREE, FeeSchedule
from tio.engine.orders.shape import plain
from tio.engine.orders.terms import Terms

OPEN = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
CLOSE = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
TERMS = {
    "ACME": Terms("ACME", AssetClass.equity, "USD", Decimal("0.01")),
    "BTC-USD": Terms("BTC-USD", AssetClass.crypto, "USD", None, Decimal("1e-8")),
    "ES=F": Terms("ES=F", AssetClass.future, "USD", Decimal("0.25"), Decimal(1), Decimal(50)),
}


class FakeHours:
    """14:30 to 21:00Z on any day, 4 hours before and after for the patient; crypto never rests."""

    def session(self, symbol: str, at: datetime) -> Session:
        if symbol == "BTC-USD":
            return Session.regular
        opens, closes = self._day(at.date())
        if opens <= at < closes:
            return Session.regular
        if opens - timedelta(hours=4) <= at < opens:
            return Session.pre
        return Session.post if closes <= at < closes + timedelta(hours=2) else Session.closed

    def expiry(self, symbol: str, at: datetime, extended: bool) -> datetime | None:
        closes = self._day(at.date())[1] + timedelta(hours=2 if extended else 0)
        return closes if closes > at else closes + timedelta(days=1)

    def opens(self, symbol: str, at: datetime) -> datetime | None:
        opens = self._day(at.date())[0]
        return opens if opens > at else opens + timedelta(days=1)

    @staticmethod
    def _day(on: date) -> tuple[datetime, datetime]:
        midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
        return midnight + timedelta(hours=14, minutes=30), midnight + timedelta(hours=21)


def book_of(fees: FeeSchedule = FREE, held: str = "", **rest: Any) -> PaperBook:
    """A book of those symbols; `held` of ACME in the portfolio of these orders."""
    book = PaperBook(TERMS.get, FakeHours(), fees, **rest)
    if held:
        book.shelf.hold("main", "ACME", Decimal(held))
    return book


def at(seconds: float) -> datetime:
    """So long after noon."""
    return NOON + timedelta(seconds=seconds)


def order(id: str, side: str, quantity: str, kind: str = "market", **rest: Any) -> Order:
    """An order of ACME until cancelled; prices are written as strings."""
    for name in ("limit", "stop"):
        if name in rest:
            rest[name] = Decimal(rest[name])
    for name in ("amount", "percent"):
        if name in rest:
            rest["trail"] = Trail(**{name: Decimal(rest.pop(name))})
    rest.setdefault("symbol", "ACME")
    rest.setdefault("time_in_force", TimeInForce.gtc)
    return Order(
        id=id,
        portfolio="main",
        side=Side(side),
        quantity=Decimal(quantity),
        type=OrderType(kind),
        **rest,
    )


def quote(
    seconds: float, bid: float | None, ask: float | None, size: float | None = None, **rest: Any
) -> Quote:
    """A quote of ACME, of one size on both sides, received as it was made."""
    told: dict[str, Any] = {
        "symbol": "ACME",
        "bid_size": size,
        "ask_size": size,
        "as_of": at(seconds),
        "received_at": at(seconds),
        "source": "test",
        "delay": Delay.realtime,
    }
    return Quote(bid=bid, ask=ask, **told | rest)


def trade(seconds: float, price: float, size: float = 1000.0, symbol: str = "ACME") -> Print:
    return Print(symbol=symbol, price=price, size=size, as_of=at(seconds), source="test")


def fills(events: Events) -> list[Fill]:
    return [event.fill for event in events if isinstance(event, OrderFilled)]


def paid(events: Events) -> list[tuple[str, str, str]]:
    """Order, quantity and price of each fill, as text."""
    return [(fill.order, plain(fill.quantity), plain(fill.price)) for fill in fills(events)]


def kinds(events: tuple[OrderEvent, ...]) -> list[tuple[str, str]]:
    """What happened to which order: `Filled e1` as ("Filled", "e1")."""
    return [(type(event).__name__.removeprefix("Order"), event.order.id) for event in events]


def states(book: PaperBook) -> dict[str, OrderState]:
    return {order.id: order.state for order in book.shelf}


def cancelled(events: Events) -> list[str]:
    return [event.order.id for event in events if isinstance(event, OrderCancelled)]
