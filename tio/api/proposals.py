"""Splits and dividends of what is held that the ledger does not have: proposed, then confirmed."""

from datetime import date
from decimal import Decimal
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.companies import EventKind
from tio.api.contract import Effect, Request, Role, word
from tio.api.ledger import Change
from tio.api.portfolio import PortfolioName, Transaction

ProposalId = Annotated[str, Meta(min_length=1, max_length=160)]
ProposalIds = Annotated[tuple[ProposalId, ...], Meta(min_length=1, max_length=10_000)]


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the market's side and the entry it would make; `what` tells what that changes.

    quantity: held before the ex-date, in that account or in all. value: of a dividend, before tax,
    in the portfolio's currency. An entry that cannot be booked has `refusal`.
    """

    id: str
    kind: EventKind
    symbol: str
    ex_date: date
    account: str
    quantity: Decimal
    entry: Transaction
    what: str
    value: Decimal | None = None
    source: str = ""
    refusal: str = ""


class Doubled(msgspec.Struct, frozen=True, kw_only=True):
    """An entry confirmed from an event beside one that says the same, as a broker's: remove one."""

    entry: str
    other: str
    what: str


class Proposals(msgspec.Struct, frozen=True, kw_only=True):
    """What is proposed, by ex-date, and what was dismissed.

    `untold`: symbols of which no source tells events, so that nothing can be proposed.
    """

    portfolio: str
    currency: str
    proposals: tuple[Proposal, ...] = ()
    dismissed: tuple[Proposal, ...] = ()
    doubles: tuple[Doubled, ...] = ()
    untold: tuple[str, ...] = ()


@word(tool=True)
class ListProposals(Request[Proposals], frozen=True):
    """Splits and dividends of symbols held at the ex-date that the ledger has no entry of."""

    portfolio: PortfolioName


@word(role=Role.trader, effect=Effect.write)
class ConfirmProposals(Request[Change], frozen=True):
    """Enter what is proposed, as one change; what was entered is not proposed again."""

    portfolio: PortfolioName
    ids: ProposalIds


@word(role=Role.trader, effect=Effect.write)
class DismissProposals(Request[Proposals], frozen=True):
    """Propose these no more; `restore` takes that back. The answer is what is proposed then."""

    portfolio: PortfolioName
    ids: ProposalIds
    restore: bool = False
