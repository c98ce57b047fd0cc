"""What entries add up to: money of the portfolio's currency, by symbol, and cash by account."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from tio.engine.portfolio.money import ZERO


@dataclass(slots=True)
class Tally:
    """Sums at the rates of the days. With what lots cost and cash was booked at, always

    cash_book + base_cost = flows + realised + income − fees − taxes + carried.

    `fees` are those outside lots, `lot_fees` those in them (already in cost or proceeds).
    """

    flows: Decimal = ZERO
    realised: Decimal = ZERO
    income: Decimal = ZERO
    fees: Decimal = ZERO
    taxes: Decimal = ZERO
    carried: Decimal = ZERO
    lot_fees: Decimal = ZERO

    def add(self, other: "Tally") -> None:
        self.flows += other.flows
        self.realised += other.realised
        self.income += other.income
        self.fees += other.fees
        self.taxes += other.taxes
        self.carried += other.carried
        self.lot_fees += other.lot_fees


@dataclass(slots=True)
class Till:
    """Cash by account and currency, and what each currency's cash was booked at (base)."""

    cash: defaultdict[tuple[str, str], Decimal] = field(
        default_factory=lambda: defaultdict(Decimal)
    )
    book: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def pay(self, account: str, currency: str, amount: Decimal, book: Decimal) -> None:
        """So much comes in, below zero goes out; `book` is the same in the portfolio's currency."""
        self.cash[account, currency] += amount
        self.book[currency] += book

    def add(self, other: "Till") -> None:
        for key, amount in other.cash.items():
            self.cash[key] += amount
        for currency, book in other.book.items():
            self.book[currency] += book

    def take_away(self, other: "Till") -> None:
        """As if the other had never been added."""
        for key, amount in other.cash.items():
            self.cash[key] -= amount
        for currency, book in other.book.items():
            self.book[currency] -= book


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of them all."""
    whole = Tally()
    for each in tallies:
        whole.add(each)
    return whole
