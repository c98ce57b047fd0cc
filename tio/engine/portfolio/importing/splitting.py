"""Splits of files that tell how many shares came, and not how many for each."""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.money import ZERO, plain, ratio

Kind = TransactionKind
_LARGEST, _SIMPLEST = 1000, 20
"""What the greater number of a ratio may be, and the smaller."""
_SIGNS = {Kind.buy: 1, Kind.transfer_in: 1, Kind.sell: -1, Kind.transfer_out: -1}


class Held:
    """How many shares the entries of a file so far leave, by account and symbol."""

    def __init__(self) -> None:
        self._held: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)

    def take(self, entry: Transaction) -> None:
        """Book an entry; they come in the order of time."""
        key = entry.account, entry.symbol
        quantity = entry.quantity or ZERO
        if entry.kind is Kind.splits:
            self._held[key] *= quantity
        else:
            self._held[key] += _SIGNS.get(entry.kind, 0) * quantity

    def factor(self, account: str, symbol: str, come: Decimal) -> tuple[Decimal, str]:
        """New shares for one old where `come` more (or fewer) came, and a word to check it by.

        Raises Invalid where the file's own entries leave nothing, or no simple ratio fits.
        """
        held = self._held[account, symbol]
        if held <= 0:
            raise Invalid(
                f"a split of {symbol} by {plain(come)} shares: the file does not tell how many "
                "there were before; enter it by hand"
            )
        found = _simple(held, held + come)
        if found is None:
            raise Invalid(
                f"a split that makes {plain(held + come)} of {plain(held)} {symbol} is of no "
                "simple ratio; enter it by hand"
            )
        factor = ratio(Decimal(found.numerator), Decimal(found.denominator)) or ZERO
        said = f"{found.numerator} for {found.denominator}, from {plain(held)} held by this file"
        return factor, f"a split read as {said}"


def ratio_of(new: str, old: str) -> Decimal:
    """New shares for one old; Invalid where it is none above zero."""
    factor = ratio(Decimal(new), Decimal(old)) if Decimal(old) else None
    if not factor:
        raise Invalid(f"{new} for {old} is no ratio")
    return factor


def _simple(before: Decimal, after: Decimal) -> Fraction | None:
    """The simplest ratio from one to the other; of whole shares, a part may have been paid out."""
    if after <= 0:
        return None
    was, now = Fraction(before), Fraction(after)
    paid_out = 1 if now.denominator == 1 else 0
    for small in range(1, _SIMPLEST + 1):
        if now > was:
            found = Fraction(ceil(now * small / was), small)
        else:
            found = Fraction(small, floor(was * small / now))
        large = max(found.numerator, found.denominator)
        off = was * found - now
        if found != 1 and large <= _LARGEST and (off == 0 or off < paid_out):
            return found
    return None
