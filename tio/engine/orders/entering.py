"""A fill as entries of its portfolio's ledger: what closes first, by account, then what opens."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal

from tio.api.errors import Invalid
from tio.api.orders import Fill, Side
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.books import Books
from tio.engine.portfolio.drafts import said
from tio.engine.portfolio.entries import sound
from tio.engine.portfolio.money import EXACT
from tio.engine.portfolio.shelf import Edit, Ledger, fresh

ZERO = Decimal(0)
PAPER_TAG, DELAYED_TAG = "paper", "delayed"


class Entering:
    """Makes the edit of some fills. `rates`: the portfolio's currency for one of each other.

    A fill that is in the ledger already is not entered again; one the ledger cannot bear is told
    in `refused`, with why.
    """

    def __init__(self, fills: Iterable[Fill], rates: dict[str, Decimal], now: datetime) -> None:
        self._fills = tuple(fills)
        self._rates = rates
        self._now = now
        self.refused: list[tuple[Fill, str]] = []

    def edit(self, ledger: Ledger) -> Edit:
        books, come = ledger.books, list[Transaction]()
        for fill in self._fills:
            entered = {entry.reference for entry in books.of(fill.symbol)}
            if fill.id in entered:
                continue
            drafts = [
                fresh(draft, ledger, self._now, len(come) + number)
                for number, draft in enumerate(self._drafts(fill, books))
            ]
            try:
                books = books.changed((), [sound(draft) for draft in drafts])
            except Invalid as error:
                self.refused.append((fill, error.message))
                continue
            come += drafts
        more = f" and {len(come) - 1} more" if len(come) > 1 else ""
        return Edit(f"paper: {said(come[0])}{more}"[:200] if come else "", come=come)

    def _drafts(self, fill: Fill, books: Books) -> Iterator[Transaction]:
        """One entry for each account it closes something in, one for what it opens."""
        sign = 1 if fill.side is Side.buy else -1
        left = EXACT.multiply(fill.quantity, fill.multiplier)
        fee = fill.fee
        for account, quantity in _standing(books, fill.symbol):
            if left and quantity * sign < 0:
                closing = min(left, abs(quantity))
                left -= closing
                yield self._entry(fill, books, closing, account, fee)
                fee = ZERO
        if left:
            yield self._entry(fill, books, left, "", fee, opens=True)

    def _entry(
        self,
        fill: Fill,
        books: Books,
        quantity: Decimal,
        account: str,
        fee: Decimal,
        *,
        opens: bool = False,
    ) -> Transaction:
        base = books.portfolio.currency
        # An entry of a bare date stands at the end of its day, and what is sold came before.
        at = max([fill.at, *(entry.at for entry in books.of(fill.symbol))])
        return Transaction(
            kind=TransactionKind.buy if fill.side is Side.buy else TransactionKind.sell,
            at=at,
            account=account,
            symbol=fill.symbol,
            quantity=quantity,
            price=fill.price,
            fee=fee,
            currency=fill.currency or base,
            rate=Decimal(1) if fill.currency in ("", base) else self._rates.get(fill.currency),
            short=opens and fill.side is Side.sell,
            note=_contracts(fill),
            tags=(PAPER_TAG, DELAYED_TAG) if fill.marked else (PAPER_TAG,),
            reference=fill.id,
        )


def held(books: Books) -> dict[str, Decimal]:
    """By symbol, what is held in all accounts, below zero what is owed; in the ledger's units."""
    return {symbol: total.quantity for symbol, total in books.sums().items()}


def _standing(books: Books, symbol: str) -> list[tuple[str, Decimal]]:
    """What each account holds of a symbol, the unnamed one first."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for each in books.held():
        if each.symbol == symbol:
            found[each.account] += each.lot.quantity
    return sorted(found.items())


def _contracts(fill: Fill) -> str:
    """A ledger counts what a price is paid for; of a future that is the contract's worth."""
    if fill.multiplier == 1:
        return ""
    return f"{fill.quantity:f} contracts of {fill.multiplier:f}"
