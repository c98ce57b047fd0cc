"""A booking's postings sorted by what they are: shares, cash, costs, income, the rest."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.journal import Posting

_FEES = re.compile(r"fee|commission|brokerage|charge|slippage|spread", re.IGNORECASE)
_TAXES = re.compile(r"tax|withh|levy|stamp", re.IGNORECASE)
_INCOME = re.compile(r"dividend|interest|coupon|staking|reward", re.IGNORECASE)
_GAINS = re.compile(r"gain|loss|p&?n?l\b|profit|trading|conversion|round", re.IGNORECASE)
_CASH = re.compile(r"cash|money ?market|settlement", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sides:
    """Sums of own cash by account and currency, own shares, and what stands against them.

    `equity` are transfers from and to outside; `others` income and expenses of another life.
    """

    shares: list[Posting]
    cash: dict[tuple[str, str], Decimal]
    fees: list[Posting]
    taxes: list[Posting]
    income: list[Posting]
    equity: list[Posting]
    others: list[Posting]
    known: frozenset[str]

    @classmethod
    def of(
        cls,
        postings: Iterable[Posting],
        root: Callable[[str], str],
        shares: frozenset[str],
        money: frozenset[str],
    ) -> "Sides":
        """Sorted; Invalid where a commodity is neither shares nor money."""
        cash: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        sides = cls([], cash, [], [], [], [], [], shares)
        for posting in postings:
            if posting.amount is None or not posting.amount.number:
                continue
            commodity = posting.amount.commodity
            if commodity not in shares | money:
                raise Invalid(f"{commodity} is no currency, and has no cost or price anywhere")
            kind = root(posting.account)
            if kind != "assets":
                sides._list(kind, posting.account).append(posting)
            elif commodity in shares:
                sides.shares.append(posting)
            else:
                cash[place(posting), commodity] += posting.amount.number
        left = {key: total for key, total in cash.items() if total}
        cash.clear()
        cash.update(left)
        return sides

    def costs(self, currency: str) -> tuple[Decimal, Decimal]:
        """Fees and taxes; Invalid where one is in another currency."""
        for posting in self.fees + self.taxes:
            if posting.amount and posting.amount.commodity != currency:
                raise Invalid(f"{posting.account} is not in {currency}, as the cash is")
        return total(self.fees), total(self.taxes)

    def security_in(self, text: str) -> str:
        """The security a text names as a word, "" where none."""
        words = re.split(r"[\s:,()]+", text)
        return next((word for word in words if word in self.known), "")

    def _list(self, root: str, account: str) -> list[Posting]:
        if root == "income":
            return self.income if _INCOME.search(account) else self.others
        if root == "expenses":
            if _TAXES.search(account):
                return self.taxes
            return self.fees if _FEES.search(account) else self.others
        return self.equity


def is_gain(posting: Posting) -> bool:
    """Whether it tells a gain or loss, which is reckoned anew."""
    return bool(_GAINS.search(posting.account))


def total(postings: Iterable[Posting]) -> Decimal:
    return sum((each.amount.number for each in postings if each.amount), Decimal(0))


def place(posting: Posting) -> str:
    """The account without its root, and without a last part that only says what is in it."""
    _, *parts = posting.account.split(":")
    commodity = posting.amount.commodity if posting.amount else ""
    if len(parts) > 1 and (parts[-1] == commodity or _CASH.fullmatch(parts[-1])):
        parts.pop()
    return ":".join(parts)[:60]
