"""The words of orders: paper ones, and later those of a live broker, which look the same.

Prices, quantities and fees are exact decimals that travel as JSON strings. Only values stand here;
the words that place and change orders are in `tio.api.trading`.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from tio.api.market import Delay
from tio.api.market import Side as Side

PAPER = "PAPER"
"""The broker that fills on paper, and the mark every value of it is shown with."""


class OrderType(StrEnum):
    """How an order comes to its price."""

    market = "market"
    limit = "limit"
    stop = "stop"
    stop_limit = "stop_limit"
    trailing = "trailing"

    @property
    def triggers(self) -> bool:
        """Whether it waits for the market to reach its stop."""
        return self in (OrderType.stop, OrderType.stop_limit, OrderType.trailing)


class TimeInForce(StrEnum):
    """How long it stands: to the end of its trading day, or until it is cancelled."""

    day = "day"
    gtc = "gtc"


class OrderState(StrEnum):
    """Where an order stands; a `waiting` one is the child of an entry that has not filled."""

    working = "working"
    waiting = "waiting"
    triggered = "triggered"
    partly_filled = "partly_filled"
    filled = "filled"
    cancelled = "cancelled"
    expired = "expired"
    refused = "refused"

    @property
    def live(self) -> bool:
        """Whether a tick may fill or trigger it."""
        return self in (OrderState.working, OrderState.triggered, OrderState.partly_filled)

    @property
    def open(self) -> bool:
        """Whether anything may still become of it."""
        return self.live or self is OrderState.waiting


class Trail(msgspec.Struct, frozen=True):
    """How far a trailing stop follows: an amount of money a unit, or percent of the best price."""

    amount: Decimal | None = None
    percent: Decimal | None = None


class BracketLegs(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry is left by: a limit at the target; a stop, a stop-limit or a trailing stop."""

    target: Decimal | None = None
    stop: Decimal | None = None
    stop_limit: Decimal | None = None
    trail: Trail | None = None


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """One order of one's own, as it stands.

    `quantity` of shares, coins or contracts, above zero; an OCO group or a bracket may change it.
    `stop` of a trailing order is where it stands now. `short`: may sell what is not held.
    `reduce_only`: ends when there is nothing left to reduce. `oco` names a group of which a fill
    takes from all; `parent` is the entry a child waits for, `bracket` the name they share.
    `since`: no tick from before it fills or triggers the order. `turnover` is the sum of price ×
    quantity of its `fills` fills, `average_price` that by `filled`; `fees` were charged so far.
    `reason`: why it ended, or was changed last. `setup`: what the trader calls such a trade, `idea`
    the card it came of; a bracket's children carry both.
    """

    id: str = ""
    broker: str = PAPER
    portfolio: str = ""
    symbol: str
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
    parent: str = ""
    bracket: str = ""
    oco: str = ""
    state: OrderState = OrderState.working
    placed_at: datetime | None = None
    since: datetime | None = None
    triggered_at: datetime | None = None
    expires_at: datetime | None = None
    filled: Decimal = Decimal(0)
    fills: int = 0
    turnover: Decimal = Decimal(0)
    average_price: Decimal | None = None
    fees: Decimal = Decimal(0)
    reason: str = ""
    setup: str = ""
    idea: str = ""

    @property
    def rest(self) -> Decimal:
        """What is not filled."""
        return self.quantity - self.filled

    @property
    def sign(self) -> int:
        """1 for a buy, −1 for a sale."""
        return 1 if self.side is Side.buy else -1


class OrderChange(msgspec.Struct, frozen=True, kw_only=True):
    """What to change of an order; what is None stays as it was."""

    quantity: Decimal | None = None
    limit: Decimal | None = None
    stop: Decimal | None = None
    trail: Trail | None = None
    time_in_force: TimeInForce | None = None


class Fill(msgspec.Struct, frozen=True, kw_only=True):
    """What was bought or sold by one print or quote, and by which.

    `price` and `fee` are in `currency`; one unit is `multiplier` times the price. `as_of` is the
    venue's time of the tick that filled, None where it told none; `at` when we could know of it,
    never before it. `marked`: made on data that lag, so no statistic counts it.
    """

    id: str
    order: str
    broker: str = PAPER
    portfolio: str = ""
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    multiplier: Decimal = Decimal(1)
    fee: Decimal = Decimal(0)
    currency: str = ""
    at: datetime
    as_of: datetime | None = None
    source: str = ""
    delay: Delay = Delay.realtime
    marked: bool = False


class TradingLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What a person does not let themselves do; money of the portfolio's currency, None no limit.

    `position`: the most one position is worth; `exposure`: the most all are, long and short added;
    `loss_a_day`: below it only orders that reduce are taken until the day is over; `heat`: the most
    that is lost when every position goes to its stop, one without a stop counted whole.
    """

    position: Decimal | None = None
    exposure: Decimal | None = None
    loss_a_day: Decimal | None = None
    heat: Decimal | None = None


class OrderAccepted(msgspec.Struct, frozen=True, tag=True):
    """An order was taken on: it works, or waits for its entry."""

    order: Order
    at: datetime


class OrderTriggered(msgspec.Struct, frozen=True, tag=True):
    """The market reached its stop at `price`; it fills, if it does, from the next tick on."""

    order: Order
    at: datetime
    price: Decimal


class OrderFilled(msgspec.Struct, frozen=True, tag=True):
    """It filled, wholly or in part."""

    order: Order
    at: datetime
    fill: Fill


class OrderChanged(msgspec.Struct, frozen=True, tag=True):
    """Its price or quantity is another: replaced, trailed, or by its group; `reason` says so."""

    order: Order
    at: datetime


class OrderCancelled(msgspec.Struct, frozen=True, tag=True):
    """It ended before all of it filled; `order.reason` says why."""

    order: Order
    at: datetime


class OrderExpired(msgspec.Struct, frozen=True, tag=True):
    """Its day is over."""

    order: Order
    at: datetime


class OrderRefused(msgspec.Struct, frozen=True, tag=True):
    """It was not taken; `order.reason` says why, `next` what to do."""

    order: Order
    at: datetime
    next: str = ""


OrderEvent = (
    OrderAccepted
    | OrderTriggered
    | OrderFilled
    | OrderChanged
    | OrderCancelled
    | OrderExpired
    | OrderRefused
)
