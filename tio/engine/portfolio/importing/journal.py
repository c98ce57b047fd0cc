"""A journal of double entry: what Beancount's and hledger's files have in common."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Amount:
    number: Decimal
    commodity: str


@dataclass(frozen=True, slots=True)
class Posting:
    """A line of a transaction. `cost` is a unit's; `worth` is all of it by its price, above zero.

    `amount` is None where the file leaves it to be reckoned.
    """

    account: str
    amount: Amount | None
    cost: Amount | None = None
    worth: Amount | None = None
    line: int = 0

    @property
    def weight(self) -> Amount | None:
        """What it counts for in the balance of its transaction."""
        if self.amount is None:
            return None
        if self.cost is not None:
            return Amount(self.amount.number * self.cost.number, self.cost.commodity)
        if self.worth is not None:
            sign = -1 if self.amount.number < 0 else 1
            return Amount(sign * self.worth.number, self.worth.commodity)
        return self.amount


@dataclass(frozen=True, slots=True)
class Booking:
    """One transaction of a journal; `told` are the fields tio wrote beside it."""

    line: int
    day: date
    text: str
    postings: tuple[Posting, ...]
    told: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
