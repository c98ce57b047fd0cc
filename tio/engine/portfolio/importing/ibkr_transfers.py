"""What came to Interactive Brokers from elsewhere or went there, made into rows."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.ibkr_trades import check_kept, is_currency
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import taken
from tio.engine.portfolio.importing.tidying import unknown

Kind = TransactionKind

_KINDS = {"IN": Kind.transfer_in, "OUT": Kind.transfer_out}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A transfer as told; `worth` is the market's, in `currency`, and so is `cash`."""

    line: int
    at: datetime
    way: str
    category: str
    currency: str
    security: Security
    quantity: Decimal | None
    worth: Decimal | None
    cash: Decimal | None
    note: str = ""
    account: str = ""
    reference: str = ""


def move_row(move: Move) -> Row:
    """The row of a transfer; Invalid where shares come and nothing tells what they are worth."""
    kind = _KINDS.get(move.way.upper())
    if kind is None:
        raise Invalid(unknown(move.way, move.line, "direction of a transfer"))
    symbol = move.security.ticker
    entry = Transaction(
        kind=kind,
        at=move.at,
        account=move.account,
        currency=move.currency,
        note=move.note,
        reference=move.reference,
    )
    if is_currency(move.category) or not symbol:
        if not move.cash:
            raise Invalid(f"a transfer in line {move.line} is of nothing")
        return taken(move.line, replace(entry, amount=abs(move.cash)))
    check_kept(move.category, symbol, move.line)
    if kind is Kind.transfer_in and not move.worth:
        raise Invalid(f"a transfer in line {move.line} does not tell what {symbol} is worth")
    told = replace(
        entry,
        symbol=symbol,
        quantity=abs(move.quantity or 0),
        amount=abs(move.worth) if move.worth else None,
    )
    coming = kind is Kind.transfer_in
    odd = "what the shares cost is not told: their worth is taken for it" if coming else ""
    return taken(move.line, told, move.security, odd)
