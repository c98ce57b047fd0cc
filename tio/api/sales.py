"""A sale out of chosen lots: what it would realise, before; then entered as one change."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta
from msgspec.structs import asdict

from tio.api.contract import Effect, Request, Role, word
from tio.api.portfolio import (
    AccountName,
    Currency,
    LotRule,
    PortfolioName,
    Tags,
    Transaction,
)

SaleText = Annotated[str, Meta(max_length=500)]
SaleDate = Annotated[str, Meta(max_length=40)]
"""As an entry's; "" is now."""


class LotPick(StrEnum):
    """Which lots a sale takes first.

    `fifo`: the oldest, held longest. `lifo`: the newest. `hifo`: the dearest, which gain least.
    `long_term`: those held over 365 days, of these and of the others the dearest. `harvest`: only
    those at a loss, the largest loss of a unit first; it may come to less than was asked.
    """

    fifo = "fifo"
    lifo = "lifo"
    hifo = "hifo"
    long_term = "long_term"
    harvest = "harvest"


class LotPart(msgspec.Struct, frozen=True):
    """So much of a lot."""

    lot: Annotated[str, Meta(min_length=1, max_length=80)]
    quantity: Decimal


Parts = Annotated[tuple[LotPart, ...], Meta(max_length=1_000)]


class SaleLot(msgspec.Struct, frozen=True, kw_only=True):
    """An open lot beside a sale: money in the portfolio's currency.

    `gain`: what all of it would bring at the sale's price, before fees. `taken`: so much of it is
    sold, which realises `taken_gain` after fees, as the ledger books it.
    """

    id: str
    opened_at: datetime
    held_days: int
    long_term: bool
    quantity: Decimal
    cost: Decimal
    gain: Decimal
    taken: Decimal = Decimal(0)
    taken_gain: Decimal = Decimal(0)


class SalePreview(msgspec.Struct, frozen=True, kw_only=True):
    """What a sale would realise and leave; money in the portfolio's currency, by its rule.

    `long_term`: of what was held over 365 days. `lacks`: so much of what was asked no lot is taken
    for. `wash`: a loss with a purchase within 30 days, which some tax laws disallow. `trouble`: why
    the ledger cannot bear it. No tax report.
    """

    portfolio: str
    symbol: str
    account: str
    currency: str
    rule: LotRule
    at: datetime
    price: Decimal
    price_currency: str
    quantity: Decimal
    lacks: Decimal = Decimal(0)
    proceeds: Decimal = Decimal(0)
    gain: Decimal = Decimal(0)
    short_term: Decimal = Decimal(0)
    long_term: Decimal = Decimal(0)
    currency_gain: Decimal = Decimal(0)
    wash: bool = False
    left: Decimal = Decimal(0)
    left_cost: Decimal = Decimal(0)
    lots: tuple[SaleLot, ...] = ()
    trouble: str = ""


@word(tool=True)
class PreviewSale(Request[SalePreview], frozen=True):
    """What selling so much out of these lots would realise, short and long term; nothing is kept.

    `parts`: so much of each lot; else `quantity` (all that is held, if none is told) by `pick`, by
    default as the portfolio's rule. `price` of a unit, or `amount`, and `fee` and `tax` are of the
    whole sale. `account`: where several hold it. `replaces`: the sale that is entered anew.
    """

    portfolio: PortfolioName
    symbol: Annotated[str, Meta(min_length=1, max_length=64)]
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    currency: Currency | None = None
    rate: Decimal | None = None
    date: SaleDate = ""
    account: AccountName | None = None
    parts: Parts = ()
    pick: LotPick | None = None
    replaces: Annotated[str, Meta(max_length=40)] = ""


@word(role=Role.trader, effect=Effect.write)
class SellLots(Request[tuple[Transaction, ...]], frozen=True):
    """Sell out of these lots: an entry a lot, the fee and tax shared out, all of them one change.

    The fields are those of PreviewSale. With `replaces` they stand in place of that entry.
    """

    portfolio: PortfolioName
    symbol: Annotated[str, Meta(min_length=1, max_length=64)]
    parts: Annotated[tuple[LotPart, ...], Meta(min_length=1, max_length=1_000)]
    price: Decimal | None = None
    amount: Decimal | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    currency: Currency | None = None
    rate: Decimal | None = None
    date: SaleDate = ""
    account: AccountName | None = None
    note: SaleText = ""
    tags: Tags = ()
    replaces: Annotated[str, Meta(max_length=40)] = ""


def as_previewed(
    asked: PreviewSale, seen: SalePreview, note: str = "", tags: Tags = ()
) -> SellLots:
    """The sale that was previewed, out of the lots it showed."""
    told = asdict(asked)
    for name in ("quantity", "pick"):
        del told[name]
    parts = tuple(LotPart(each.id, each.taken) for each in seen.lots if each.taken)
    return SellLots(**(told | {"parts": parts, "account": seen.account}), note=note, tags=tags)
