"""What a journal's postings say of investing: trades, income, costs, and money in and out.

Shares are what is held at a cost or a price; money is any currency and what prices are in. Assets
are one's own; equity, liabilities and everything unknown are outside. Of a sale only what it
brought counts: gains are reckoned anew, so income beside it is passed over.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.coins import FIAT
from tio.engine.portfolio.importing.journal import Amount, Booking, Posting
from tio.engine.portfolio.importing.journal_sides import Sides
from tio.engine.portfolio.importing.journal_trades import traded
from tio.engine.portfolio.moments import day_end

Kind = TransactionKind
RootOf = Callable[[str], str]
"""The type of an account: assets, liabilities, equity, income, expenses or ""."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Reads the bookings of one journal."""

    root: RootOf
    zone: ZoneInfo
    shares: frozenset[str]
    money: frozenset[str]

    def entries(self, booking: Booking) -> list[tuple[Transaction, str]]:
        """The entries of a booking, each with its oddity; Invalid where it cannot be understood."""
        sides = Sides.of(completed(booking), self.root, self.shares, self.money)
        blank = Transaction(
            kind=Kind.buy,
            at=day_end(booking.day, self.zone),
            note=booking.text,
            tags=booking.tags,
        )
        if sides.shares:
            return traded(sides, blank)
        return _of_money(sides, blank, booking)


def meaning(bookings: Iterable[Booking], root: RootOf, zone: ZoneInfo) -> Meaning:
    """How to read these bookings, by the costs and prices in all of them."""
    priced: set[str] = set()
    prices: set[str] = set()
    for posting in (each for booking in bookings for each in booking.postings):
        for value in (posting.cost, posting.worth):
            if value is not None and posting.amount is not None:
                priced.add(posting.amount.commodity)
                prices.add(value.commodity)
    return Meaning(root, zone, frozenset(priced - FIAT), frozenset(FIAT | (prices - priced)))


def completed(booking: Booking) -> list[Posting]:
    """Its postings, the one left open filled in; Invalid where more are open."""
    open_ones = [each for each in booking.postings if each.amount is None]
    told = [each for each in booking.postings if each.amount is not None]
    if len(open_ones) > 1:
        raise Invalid(f"the amounts of {len(open_ones)} postings are left open")
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for weight in (each.weight for each in told):
        if weight is not None:
            sums[weight.commodity] += weight.number
    for posting in open_ones:
        told += [
            Posting(posting.account, Amount(-total, commodity), line=posting.line)
            for commodity, total in sums.items()
            if total
        ]
    return told


def _of_money(sides: Sides, blank: Transaction, booking: Booking) -> list[tuple[Transaction, str]]:
    flows = sides.equity + sides.others
    if sides.income and flows:
        raise Invalid(f"both {sides.income[0].account} and {flows[0].account} are in it")
    if not sides.cash:
        raise Invalid("it moves nothing of one's own")
    if not sides.income and not flows:
        return _within(sides, blank)
    if len(sides.cash) > 1 and (sides.income or sides.fees or sides.taxes):
        raise Invalid("its cash goes to several accounts or currencies")
    if sides.income:
        return [(_income(sides, blank, booking), "")]
    return [
        (_flow(sides, blank, account, currency, total), _odd(sides.others, total))
        for (account, currency), total in sides.cash.items()
    ]


def _odd(others: list[Posting], total: Decimal) -> str:
    kind = "deposit" if total > 0 else "withdrawal"
    return f"{others[0].account} is read as a {kind}" if others else ""


def _flow(
    sides: Sides, blank: Transaction, account: str, currency: str, total: Decimal
) -> Transaction:
    fee, tax = sides.costs(currency)
    kind = Kind.deposit if total > 0 else Kind.withdrawal
    gross = total + fee + tax if total > 0 else -total - fee - tax
    return replace(
        blank, kind=kind, account=account, currency=currency, amount=gross, fee=fee, tax=tax
    )


def _income(sides: Sides, blank: Transaction, booking: Booking) -> Transaction:
    ((account, currency),) = sides.cash
    fee, tax = sides.costs(currency)
    amounts = [each.amount for each in sides.income if each.amount]
    if any(each.commodity != currency for each in amounts):
        raise Invalid(f"the income is not in {currency}, as the cash is")
    names = " ".join(each.account for each in sides.income)
    of_shares = re.search(r"dividend", names, re.IGNORECASE)
    symbol = sides.security_in(f"{names} {booking.text}")
    if of_shares and not symbol:
        raise Invalid(f"{sides.income[0].account} names no security that is held here")
    return replace(
        blank,
        kind=Kind.dividend if of_shares else Kind.interest,
        account=account,
        symbol=symbol if of_shares else "",
        currency=currency,
        amount=-sum((each.number for each in amounts), Decimal(0)),
        fee=fee,
        tax=tax,
    )


def _within(sides: Sides, blank: Transaction) -> list[tuple[Transaction, str]]:
    """Costs alone, cash moved between accounts, or one currency changed into another."""
    gone = [(key, -total) for key, total in sides.cash.items() if total < 0]
    come = [(key, total) for key, total in sides.cash.items() if total > 0]
    if len(gone) == 1 and len(come) == 1:
        return [(each, "") for each in _moved(sides, blank, gone[0], come[0])]
    if len(sides.cash) == 1:
        ((account, currency),) = sides.cash
        fee, tax = sides.costs(currency)
        return [
            (replace(blank, kind=kind, account=account, currency=currency, amount=amount), "")
            for kind, amount in ((Kind.fee, fee), (Kind.tax, tax))
            if amount
        ]
    raise Invalid("it moves cash between more than two accounts")


def _moved(
    sides: Sides,
    blank: Transaction,
    gone: tuple[tuple[str, str], Decimal],
    come: tuple[tuple[str, str], Decimal],
) -> list[Transaction]:
    (account, currency), out = gone
    (to_account, to_currency), into = come
    fee, tax = sides.costs(currency)
    if currency == to_currency:
        moved = replace(blank, kind=Kind.transfer_out, account=account, to_account=to_account)
        return [replace(moved, amount=into, currency=currency, fee=fee, tax=tax)]
    exchange = replace(
        blank,
        kind=Kind.exchange,
        account=account,
        amount=out - fee - tax,
        currency=currency,
        fee=fee,
        tax=tax,
        to_currency=to_currency,
        to_amount=into,
    )
    if account == to_account:
        return [exchange]
    move = replace(blank, kind=Kind.transfer_out, account=account, to_account=to_account)
    return [exchange, replace(move, amount=into, currency=to_currency)]
