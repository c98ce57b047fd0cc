"""One row taken: an entry that can be booked, or the sentence why not."""

from collections import defaultdict
from collections.abc import Container, Iterable
from decimal import Decimal

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.entries import sound
from tio.engine.portfolio.importing.rows import Row, Security

NOTHING = Security()
_SIGNS = {
    TransactionKind.buy: 1,
    TransactionKind.transfer_in: 1,
    TransactionKind.sell: -1,
    TransactionKind.transfer_out: -1,
}


def taken(line: int, entry: Transaction, security: Security = NOTHING, oddity: str = "") -> Row:
    """The row of an entry; a refusal where the ledger could not book it whatever came before."""
    try:
        return Row(line, sound(entry), security, oddity=oddity)
    except Invalid as error:
        return refused(line, error)


def refused(line: int, error: Invalid | str) -> Row:
    """The row of what could not be read."""
    said = error if isinstance(error, str) else error.message
    return Row(line, refusal=said)


def with_shorts(rows: Iterable[Row], sure: Container[int] = ()) -> list[Row]:
    """Rows where a sale of more than was held until then is marked short, and odd.

    Files that tell every trade but not which ones are short sales go through it; rows of the
    lines in `sure` stay as they are.
    """
    rows = list(rows)
    held: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    told = [(row.transaction, n) for n, row in enumerate(rows) if row.transaction is not None]
    for entry, n in sorted(told, key=lambda each: (each[0].at, each[0].position)):
        key = entry.account, entry.symbol
        sign = _SIGNS.get(entry.kind, 0)
        quantity = entry.quantity or Decimal(0)
        if not entry.symbol or not sign:
            continue
        beyond = quantity > max(held[key], Decimal(0)) and rows[n].line not in sure
        if entry.kind is TransactionKind.sell and beyond:
            odd = f"{quantity:f} sold and {max(held[key], Decimal(0)):f} held: read as a short sale"
            shorted = replace(entry, short=True)
            rows[n] = Row(rows[n].line, shorted, rows[n].security, oddity=rows[n].oddity or odd)
        held[key] += sign * quantity
        if entry.kind is TransactionKind.transfer_out and entry.to_account:
            held[entry.to_account, entry.symbol] += quantity
    return rows
