"""The words of trading on paper: preview, place, change and cancel orders; tickets; acts.

Everything here is of the broker PAPER. An order that is refused is a Conflict with the reason and
what to do; what was cancelled or changed is told as it is after that.
"""

from decimal import Decimal
from typing import Annotated, Generic, TypeVar

import msgspec
from msgspec import Meta

from tio.api.contract import Delivery, Effect, Request, Role, Topic, word
from tio.api.market import Side, Symbol, Timeframe
from tio.api.orders import (
    BracketLegs,
    Fill,
    Order,
    OrderEvent,
    OrderType,
    TimeInForce,
    Trail,
)
from tio.api.portfolio import PortfolioName
from tio.api.tickets import EventAhead, Heat, Ticket

R = TypeVar("R")
OrderId = Annotated[str, Meta(min_length=1, max_length=80)]
Setup = Annotated[str, Meta(max_length=40)]
"""What a trader calls trades of one kind, as `breakout`."""
AnySymbol = Annotated[str, Meta(max_length=64)]


class OtherOrder(msgspec.Struct, frozen=True, kw_only=True):
    """The order beside another of its symbol and side: what one fills, the other loses.

    `quantity` None is the other's.
    """

    type: OrderType
    quantity: Decimal | None = None
    limit: Decimal | None = None
    stop: Decimal | None = None
    trail: Trail | None = None


class OrderTerms(Request[R], Generic[R], frozen=True):
    """What an order says, to be placed or to be previewed."""

    portfolio: PortfolioName
    symbol: Symbol
    side: Side
    quantity: Decimal
    type: OrderType = OrderType.market
    limit: Decimal | None = None
    stop: Decimal | None = None
    trail: Trail | None = None
    time_in_force: TimeInForce = TimeInForce.day
    extended_hours: bool = False
    reduce_only: bool = False
    short: bool = False
    bracket: BracketLegs | None = None
    oco: OtherOrder | None = None
    setup: Setup = ""
    idea: Annotated[str, Meta(max_length=80)] = ""


@word(role=Role.trader, effect=Effect.order)
class PlaceOrder(OrderTerms[tuple[Order, ...]], frozen=True):
    """Place an order on paper; the answer is what it made, a bracket's target and stop too.

    `short`: may sell what is not held. `bracket` leaves what the order enters; `oco` stands beside
    it. The fields are those of Order.
    """


class OrderPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What placing would make, or why it would be refused; money in the portfolio's `currency`.

    `price` is what it would trade at now or the one it tells; `value` of what it would open or
    enlarge; `fee` what all of it costs; `risk` what it loses from there to its stop, None without
    one. `buying_power` is what there is before it; `warnings` tell limits it comes near to.
    """

    orders: tuple[Order, ...]
    refused: str = ""
    next: str = ""
    currency: str = ""
    price: Decimal | None = None
    value: Decimal | None = None
    fee: Decimal = Decimal(0)
    risk: Decimal | None = None
    equity: Decimal | None = None
    buying_power: Decimal | None = None
    warnings: tuple[str, ...] = ()


@word(tool=True)
class PreviewOrder(OrderTerms[OrderPreview], frozen=True):
    """What PlaceOrder of the same fields would do; nothing is placed."""


@word(role=Role.trader, effect=Effect.order)
class CancelOrder(Request[Order], frozen=True):
    """End an open order, and what waits for it; NotFound, or Conflict where it ended before."""

    id: OrderId


@word(role=Role.trader, effect=Effect.order)
class ReplaceOrder(Request[Order], frozen=True):
    """Change an open order; what is not told stays. Nothing from before fills it any more."""

    id: OrderId
    quantity: Decimal | None = None
    limit: Decimal | None = None
    stop: Decimal | None = None
    trail: Trail | None = None
    time_in_force: TimeInForce | None = None


@word(role=Role.trader, effect=Effect.order)
class CancelOrders(Request[tuple[Order, ...]], frozen=True):
    """End every open order of a portfolio, of one symbol or side where told; positions stay."""

    portfolio: PortfolioName
    symbol: AnySymbol = ""
    side: Side | None = None


@word(role=Role.trader, effect=Effect.order)
class FlattenPosition(Request[tuple[Order, ...]], frozen=True):
    """Cancel a symbol's orders and close it at the market; without a symbol, all of them."""

    portfolio: PortfolioName
    symbol: AnySymbol = ""


@word(role=Role.trader, effect=Effect.order)
class ReversePosition(Request[tuple[Order, ...]], frozen=True):
    """Turn a position round at the market: as much short as it was long, or long as short."""

    portfolio: PortfolioName
    symbol: Symbol


@word(role=Role.trader, effect=Effect.order)
class StopToBreakEven(Request[tuple[Order, ...]], frozen=True):
    """Move a position's stops to where it costs nothing; without any, place one."""

    portfolio: PortfolioName
    symbol: Symbol


class ListedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """An order and why it has not filled; `price` is what it would trade at now.

    `distance` is from there to its limit or stop, in percent of the price; None without either.
    """

    order: Order
    why: str = ""
    price: Decimal | None = None
    distance: float | None = None


@word(tool=True)
class ListOrders(Request[tuple[ListedOrder, ...]], frozen=True):
    """A portfolio's paper orders, newest first; `open`: only those that may still fill."""

    portfolio: PortfolioName
    symbol: AnySymbol = ""
    open: bool = False
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200


@word(tool=True)
class ListFills(Request[tuple[Fill, ...]], frozen=True):
    """What paper orders bought and sold, newest first."""

    portfolio: PortfolioName
    symbol: AnySymbol = ""
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 200


class OrderTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A sized order beside what it was sized by; money in the portfolio's `currency`.

    `price_currency` is the instrument's, `rate` of `currency` for one of it. `heat` is that of the
    positions held, before this order. `fee` is that of entering, `exit_fee` of leaving at the stop.
    `ahead` are the events within the ticket's `horizon`; None where no source tells any dates.
    """

    portfolio: str
    symbol: str
    currency: str
    price_currency: str
    rate: Decimal
    equity: Decimal
    buying_power: Decimal
    heat: Heat
    ticket: Ticket
    bid: Decimal | None = None
    ask: Decimal | None = None
    last: Decimal | None = None
    atr: Decimal | None = None
    tick: Decimal | None = None
    lot: Decimal = Decimal(1)
    multiplier: Decimal = Decimal(1)
    fee: Decimal = Decimal(0)
    exit_fee: Decimal = Decimal(0)
    ahead: tuple[EventAhead, ...] | None = None
    horizon: int = 14


@word(tool=True)
class GetTicket(Request[OrderTicket], frozen=True):
    """How much to buy or sell for a given risk, and what that comes to.

    `entry` None is the market. One of `stop` (a price), `stop_atr` (average true ranges from the
    entry) and `swing` (beyond the extreme of so many closed bars). One of `risk` (money of the
    portfolio) and `risk_percent` (of its equity). Bars are of `timeframe`. `targets` in R.
    Events are told within a `horizon` of days.
    """

    portfolio: PortfolioName
    symbol: Symbol
    side: Side
    entry: Decimal | None = None
    stop: Decimal | None = None
    stop_atr: Decimal | None = None
    swing: Annotated[int, Meta(ge=1, le=500)] | None = None
    risk: Decimal | None = None
    risk_percent: Decimal | None = None
    timeframe: Timeframe = Timeframe.d1
    atr_length: Annotated[int, Meta(ge=1, le=200)] = 14
    horizon: Annotated[int, Meta(ge=1, le=366)] = 14
    targets: Annotated[tuple[Decimal, ...], Meta(max_length=10)] = (
        Decimal(1),
        Decimal(2),
        Decimal(3),
    )


@word(delivery=Delivery.ordered)
class Orders(Topic[tuple[OrderEvent, ...]], frozen=True):
    """What becomes of a portfolio's paper orders, each event as it is kept, none left out."""

    portfolio: PortfolioName
