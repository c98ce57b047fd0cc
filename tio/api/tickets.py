"""An order's ticket: what it risks, how much to take for that, where it is left."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec

from tio.api.market import Side
from tio.api.risk import SizedPosition


class TicketRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a person knows before the order.

    One of `stop` (a price), `stop_atr` (so many average true ranges from the entry) and `swing`
    (a low to stand below, for a sale a high to stand above, by a tick). One of `risk` (money) and
    `risk_percent` of equity. Money is in the portfolio's currency; `rate` is of it for one of the
    instrument's. `targets` in R; `heat` is what open positions risk already.
    """

    symbol: str = ""
    side: Side
    entry: Decimal
    equity: Decimal
    risk: Decimal | None = None
    risk_percent: Decimal | None = None
    stop: Decimal | None = None
    stop_atr: Decimal | None = None
    swing: Decimal | None = None
    atr: Decimal | None = None
    targets: tuple[Decimal, ...] = (Decimal(1), Decimal(2), Decimal(3))
    tick: Decimal | None = None
    lot: Decimal = Decimal(1)
    multiplier: Decimal = Decimal(1)
    rate: Decimal = Decimal(1)
    buying_power: Decimal | None = None
    heat: Decimal = Decimal(0)


class Target(msgspec.Struct, frozen=True):
    """A price so many R away, and what the position gains there."""

    r: Decimal
    price: Decimal
    gain: Decimal


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A sized order. `distance` is one R a unit, in the instrument's price.

    `size.risk` is lost at the stop, `size.gap_risk` when the price jumps one average true range
    through it. `heat` is what all open positions risk with this one, `heat_share` of the equity.
    """

    side: Side
    entry: Decimal
    stop: Decimal
    distance: Decimal
    size: SizedPosition
    targets: tuple[Target, ...] = ()
    heat: Decimal = Decimal(0)
    heat_share: Decimal = Decimal(0)


class AheadKind(StrEnum):
    """What is to come of an instrument that may move its price by itself."""

    earnings = "earnings"
    ex_dividend = "ex_dividend"
    share_split = "split"


class EventAhead(msgspec.Struct, frozen=True, kw_only=True):
    """One of them, on a day of UTC, by whom; `estimated` by the source, not announced."""

    kind: AheadKind
    on: date
    estimated: bool = False
    source: str = ""


class OpenRisk(msgspec.Struct, frozen=True, kw_only=True):
    """What one position loses when its stops fill at their prices; money of the portfolio.

    `unguarded` is what the part of it without a stop is worth.
    """

    symbol: str
    risk: Decimal
    unguarded: Decimal = Decimal(0)


class Heat(msgspec.Struct, frozen=True, kw_only=True):
    """The open risks added; `unguarded` names positions that have no stop for all they hold."""

    risk: Decimal
    share: Decimal
    unguarded: tuple[str, ...] = ()
    unguarded_value: Decimal = Decimal(0)
