"""The ledger's words: portfolios, their entries and changes, positions, lots, gains."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from tio.api.contract import Effect, Request, Role, Topic, word
from tio.api.portfolio import (
    Account,
    AccountName,
    Currency,
    Gain,
    Holdings,
    Id,
    Lot,
    LotRule,
    Portfolio,
    PortfolioName,
    Tags,
    Transaction,
    TransactionKind,
    When,
    WhenOrNow,
)

Text = Annotated[str, Meta(max_length=500)]
Symbol = Annotated[str, Meta(max_length=64)]


@word(tool=True)
class ListPortfolios(Request[tuple[Portfolio, ...]], frozen=True):
    """The caller's portfolios, in the order they were made."""


@word(role=Role.trader, effect=Effect.write)
class CreatePortfolio(Request[Portfolio], frozen=True):
    """Begin an empty portfolio. `zone` is the IANA name of where its days end."""

    name: PortfolioName
    currency: Currency
    lots: LotRule = LotRule.fifo
    zone: Annotated[str, Meta(max_length=60)] = "UTC"
    accounts: tuple[Account, ...] = ()


@word(role=Role.trader, effect=Effect.write)
class EditPortfolio(Request[Portfolio], frozen=True):
    """Change a portfolio's name, rule for lots or accounts; what is not told stays as it is."""

    portfolio: PortfolioName
    name: PortfolioName | None = None
    lots: LotRule | None = None
    accounts: tuple[Account, ...] | None = None


@word(role=Role.trader, effect=Effect.danger)
class DeletePortfolio(Request[Portfolio], frozen=True):
    """Remove a portfolio with every entry and version of it; the answer is what it was."""

    portfolio: PortfolioName


@word(role=Role.trader, effect=Effect.write)
class AddTransaction(Request[Transaction], frozen=True):
    """Enter what happened; the answer is the entry as it is kept, with the rate of its day.

    `date`: now, by the engine's clock, where none is told. `currency`: where none is told the
    instrument's; of what no source knows that of its newest entry, else the portfolio's.
    `unlisted`: the symbol names something no source knows, nor the ledger as yet. The fields are
    those of Transaction.
    """

    portfolio: PortfolioName
    kind: TransactionKind
    date: WhenOrNow = ""
    symbol: Symbol = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    amount: Decimal | None = None
    fee: Decimal = Decimal(0)
    tax: Decimal = Decimal(0)
    currency: Currency | None = None
    rate: Decimal | None = None
    account: AccountName = ""
    to_account: AccountName = ""
    to_currency: Currency | None = None
    to_amount: Decimal | None = None
    into: Symbol = ""
    cost_share: Decimal | None = None
    lot: Annotated[str, Meta(max_length=80)] = ""
    short: bool = False
    note: Text = ""
    tags: Tags = ()
    unlisted: bool = False


@word(role=Role.trader, effect=Effect.write)
class EditTransaction(Request[Transaction], frozen=True):
    """Change an entry: a new version of it; what is not told stays, null empties.

    A changed date or currency has its rate looked up anew unless one is told.
    """

    portfolio: PortfolioName
    id: Id
    kind: TransactionKind | UnsetType = UNSET
    date: When | UnsetType = UNSET
    symbol: Symbol | UnsetType = UNSET
    quantity: Decimal | UnsetType | None = UNSET
    price: Decimal | UnsetType | None = UNSET
    amount: Decimal | UnsetType | None = UNSET
    fee: Decimal | UnsetType = UNSET
    tax: Decimal | UnsetType = UNSET
    currency: Currency | UnsetType = UNSET
    rate: Decimal | UnsetType | None = UNSET
    account: AccountName | UnsetType = UNSET
    to_account: AccountName | UnsetType = UNSET
    to_currency: Currency | UnsetType | None = UNSET
    to_amount: Decimal | UnsetType | None = UNSET
    into: Symbol | UnsetType = UNSET
    cost_share: Decimal | UnsetType | None = UNSET
    lot: Annotated[str, Meta(max_length=80)] | UnsetType = UNSET
    short: bool | UnsetType = UNSET
    note: Text | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    unlisted: bool = False


@word(role=Role.trader, effect=Effect.write)
class RemoveTransaction(Request[Transaction], frozen=True):
    """Take an entry out of the ledger; the answer is what it was. It can be undone."""

    portfolio: PortfolioName
    id: Id


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One act upon a ledger: `what` says it in words. `undoes` and `undone_by` number others."""

    number: int
    what: str
    entries: int
    made_at: datetime
    undoes: int | None = None
    undone_by: int | None = None


@word(tool=True)
class ListChanges(Request[tuple[Change, ...]], frozen=True):
    """What was done to a ledger, newest first."""

    portfolio: PortfolioName
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 50


@word(role=Role.trader, effect=Effect.write)
class UndoTransaction(Request[Change], frozen=True):
    """Take a change back, by default the newest that stands; an undo can be undone by its number.

    Every entry it touched is again as it was before. One whose entries changed since is a Conflict.
    """

    portfolio: PortfolioName
    change: int | None = None


@word(tool=True)
class ListTransactions(Request[tuple[Transaction, ...]], frozen=True):
    """Entries of a ledger, newest first. `text` is sought in symbol, note, tags and reference.

    With `id` every version of one entry, newest first.
    """

    portfolio: PortfolioName
    symbol: Symbol = ""
    kinds: tuple[TransactionKind, ...] = ()
    account: AccountName | None = None
    start: date | None = None
    end: date | None = None
    text: Annotated[str, Meta(max_length=100)] = ""
    id: Annotated[str, Meta(max_length=40)] = ""
    limit: Annotated[int, Meta(ge=1, le=200_000)] = 200
    skip: Annotated[int, Meta(ge=0)] = 0


@word(tool=True)
class GetPositions(Request[Holdings], frozen=True):
    """What a portfolio holds and is worth, live, or `at` a past moment by that day's bars.

    `lots`: as if another rule had been followed from the beginning.
    """

    portfolio: PortfolioName
    at: datetime | None = None
    lots: LotRule | None = None


@word(tool=True)
class GetLots(Request[tuple[Lot, ...]], frozen=True):
    """Open lots, by symbol and account, oldest first."""

    portfolio: PortfolioName
    symbol: Symbol = ""
    account: AccountName | None = None
    lots: LotRule | None = None


class Gains(msgspec.Struct, frozen=True, kw_only=True):
    """Closed lots and their sums, in the portfolio's currency; `long_term`: held over 365 days."""

    portfolio: str
    currency: str
    gains: tuple[Gain, ...] = ()
    short_term: Decimal = Decimal(0)
    long_term: Decimal = Decimal(0)
    price_gain: Decimal = Decimal(0)
    currency_gain: Decimal = Decimal(0)


@word(tool=True)
class GetGains(Request[Gains], frozen=True):
    """Realised gains, of a year by the dates of the portfolio's zone, or of all; no tax report."""

    portfolio: PortfolioName
    year: Annotated[int, Meta(ge=1900, le=2200)] | None = None
    symbol: Symbol = ""
    lots: LotRule | None = None


@word()
class Positions(Topic[Holdings], frozen=True):
    """What a portfolio holds and is worth, again as prices move or the ledger changes."""

    portfolio: PortfolioName
