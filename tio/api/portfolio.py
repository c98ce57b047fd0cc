"""The portfolio's words: a ledger of transactions, and what is reckoned from it.

Decimals are exact and travel as JSON strings. Amounts are positive where the kind of transaction
says which way they go; a minor unit such as GBp is a currency of its own, told in its major unit.
"""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

Currency = Annotated[str, Meta(pattern="^[A-Za-z0-9]{2,12}$")]
"""An ISO 4217 code, a minor unit (GBp, ZAc, ILA) or a coin held as cash (USDT)."""
PortfolioName = Annotated[str, Meta(min_length=1, max_length=60)]
AccountName = Annotated[str, Meta(max_length=60)]
When = Annotated[str, Meta(min_length=10, max_length=40)]
"""A date, or a time with its zone. A bare date is the end of that day in the portfolio's zone."""
WhenOrNow = Annotated[str, Meta(max_length=40)]
"""The same, or nothing: now."""
Id = Annotated[str, Meta(min_length=1, max_length=40)]
Tags = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=40)], ...], Meta(max_length=20)]


class LotRule(StrEnum):
    """Which lots a sale takes: oldest, newest, dearest, all alike, or the one named."""

    fifo = "fifo"
    lifo = "lifo"
    hifo = "hifo"
    average = "average"
    specific = "specific"


class TransactionKind(StrEnum):
    """What happened.

    An `exchange` changes cash of one currency into another. A `transfer_out` with `to_account`
    moves lots or cash within the portfolio, which is no flow.
    """

    buy = "buy"
    sell = "sell"
    deposit = "deposit"
    withdrawal = "withdrawal"
    dividend = "dividend"
    interest = "interest"
    fee = "fee"
    tax = "tax"
    splits = "split"
    transfer_in = "transfer_in"
    transfer_out = "transfer_out"
    spin_off = "spin_off"
    return_of_capital = "return_of_capital"
    exchange = "exchange"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Where things are held. `lots` None is the portfolio's own rule."""

    name: str
    lots: LotRule | None = None


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger: its currency, its rule for lots, the zone whose days it counts."""

    name: str
    currency: str
    lots: LotRule = LotRule.fifo
    zone: str = "UTC"
    accounts: tuple[Account, ...] = ()
    created_at: datetime | None = None
    entries: int = 0


class Transaction(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of the ledger, as it was given.

    quantity: of shares or coins; for a split the new ones per old, for a spin-off those of
    `into` per share held. price: a unit's, in `currency`. amount: of money, in `currency`; where
    quantity and price say it too, it wins over their product. fee, tax: paid with it, never below
    zero. rate: units of the portfolio's currency for one of `currency` (of its major unit) on its
    day. cost_share: the part of cost a spin-off carries away, 0 to 1. lot: the lot a sale takes.
    `position` orders entries of one time; `batch` names the import it came with, `reference` is its
    broker's id. A dividend, interest, fee or tax below zero takes one back.
    """

    id: str = ""
    kind: TransactionKind
    at: datetime
    account: str = ""
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    currency: str = ""
    rate: Decimal | None = None
    to_account: str = ""
    to_currency: str = ""
    to_amount: Decimal | None = None
    into: str = ""
    cost_share: Decimal | None = None
    lot: str = ""
    short: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    reference: str = ""
    batch: str = ""
    position: int = 0
    version: int = 1
    made_at: datetime | None = None


class Lot(msgspec.Struct, frozen=True, kw_only=True):
    """What one entry opened and nothing has closed; a short one's quantity is below zero.

    cost: in `currency`, buy fees in it; a short's is what its sale brought, below zero. base_cost:
    the same at the rates of the days, in the portfolio's currency.
    """

    id: str
    symbol: str
    account: str
    opened_at: datetime
    quantity: Decimal
    cost: Decimal
    currency: str
    base_cost: Decimal


class Gain(msgspec.Struct, frozen=True, kw_only=True):
    """What closing a lot, or part of one, brought; money in the portfolio's currency.

    `price_gain` and `currency_gain` add up to `gain`. `held_days` counts dates. `wash`: bought
    again within 30 days of a loss, which some tax laws disallow.
    """

    symbol: str
    account: str
    lot: str
    closed_by: str
    opened_at: datetime
    closed_at: datetime
    quantity: Decimal
    proceeds: Decimal
    cost: Decimal
    gain: Decimal
    price_gain: Decimal
    currency_gain: Decimal
    held_days: int
    wash: bool = False


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """What is held of one instrument in one portfolio, all accounts together.

    cost, average_cost (a unit's) and price are in `currency`; what is called base_… or carries no
    unit is in the portfolio's. What cannot be told for want of a price or rate is None.
    """

    symbol: str
    name: str = ""
    quantity: Decimal
    currency: str
    cost: Decimal
    average_cost: Decimal
    base_cost: Decimal
    price: Decimal | None = None
    previous_close: Decimal | None = None
    rate: Decimal | None = None
    value: Decimal | None = None
    unrealised: Decimal | None = None
    price_gain: Decimal | None = None
    currency_gain: Decimal | None = None
    realised: Decimal = Decimal(0)
    income: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    taxes: Decimal = Decimal(0)
    day_change: Decimal | None = None
    weight: Decimal | None = None
    stale: bool = False
    as_of: datetime | None = None
    source: str = ""
    lots: int = 0


class Cash(msgspec.Struct, frozen=True, kw_only=True):
    """Money of one currency; `value` is in the portfolio's, None without a rate."""

    currency: str
    amount: Decimal
    rate: Decimal | None = None
    value: Decimal | None = None
    stale: bool = False


class Holdings(msgspec.Struct, frozen=True, kw_only=True):
    """A portfolio at a moment, in its currency: positions, cash and how its value came about.

    cash + positions = `nav`; nav − `flows` = realised + unrealised + income − fees − taxes +
    currency_result + carried, exactly. `fees` are those outside lots; `currency_result` is the
    one on cash; `carried` the gain that came or went with transferred lots. nav and what hangs on
    it are None while a price or a rate is missing (`lacks` names it); `stale_share` is the part
    of nav that stands on stale ones.
    """

    portfolio: str
    currency: str
    at: datetime
    positions: tuple[Position, ...] = ()
    cash: tuple[Cash, ...] = ()
    nav: Decimal | None = None
    flows: Decimal = Decimal(0)
    realised: Decimal = Decimal(0)
    unrealised: Decimal | None = None
    income: Decimal = Decimal(0)
    fees: Decimal = Decimal(0)
    taxes: Decimal = Decimal(0)
    currency_result: Decimal | None = None
    carried: Decimal = Decimal(0)
    day_change: Decimal | None = None
    stale_share: float = 0.0
    lacks: tuple[str, ...] = ()
