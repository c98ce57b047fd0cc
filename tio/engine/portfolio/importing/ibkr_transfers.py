"""What came to Interactive Brokers from elsewhere or went there, made into rows.

Between two accounts of one file it is told where it goes out, and moves lots as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.ibkr_trades import check_kept, is_currency
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.importing.tidying import unknown
from tio.engine.portfolio.money import ZERO

Kind = TransactionKind

_KINDS = {"IN": Kind.transfer_in, "OUT": Kind.transfer_out}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transfer as told; `price` is what a unit cost, `worth` the market's for all of it.

    `other` is the account on the other side.
    """

    line: int
    at: datetime
    way: str
    category: str
    currency: str
    security: Security
    quantity: Decimal | None
    worth: Decimal | None
    cash: Decimal | None
    price: Decimal | None = None
    note: str = ""
    account: str = ""
    other: str = ""
    reference: str = ""

    @property
    def what(self) -> tuple[object, ...]:
        """What both sides of a transfer within one file agree on, whichever way it goes."""
        size = abs(self.quantity or ZERO), abs(self.cash or ZERO)
        day = self.at.date()
        return frozenset((self.account, self.other)), self.security.ticker, self.currency, day, size


def move_rows(moves: Sequence[Move], failed: list[Row]) -> Iterator[Row]:
    """The rows of transfers; what comes from another account of the file is told by it."""
    gone = {move.what for move in moves if move.way.upper() == "OUT" and move.other}
    come = {move.what for move in moves if move.way.upper() == "IN" and move.other}
    within = gone & come
    for move in moves:
        if move.what in within and move.way.upper() == "IN":
            continue
        try:
            yield _row(move, move.other if move.what in within else "")
        except Invalid as error:
            failed.append(refused(move.line, error))


def _row(move: Move, to: str) -> Row:
    kind = _KINDS.get(move.way.upper())
    if kind is None:
        raise Invalid(unknown(move.way, move.line, "direction of a transfer"))
    symbol = move.security.ticker
    entry = Transaction(
        kind=kind,
        at=move.at,
        account=move.account,
        to_account=to,
        currency=move.currency,
        note=move.note,
        reference=move.reference,
    )
    if is_currency(move.category) or not symbol:
        if not move.cash:
            raise Invalid(f"a transfer in line {move.line} is of nothing")
        return taken(move.line, replace(entry, amount=abs(move.cash)))
    check_kept(move.category, symbol, move.line)
    coming = kind is Kind.transfer_in
    if coming and not move.worth and not move.price:
        raise Invalid(f"a transfer in line {move.line} does not tell what {symbol} is worth")
    told = replace(
        entry,
        symbol=symbol,
        quantity=abs(move.quantity or ZERO),
        price=move.price or None if coming else None,
        amount=abs(move.worth) if move.worth and not to else None,
    )
    guessed = coming and not move.price
    odd = "what the shares cost is not told: their worth is taken for it" if guessed else ""
    return taken(move.line, told, move.security, odd)
