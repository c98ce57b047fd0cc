"""Which rows of a file a ledger has already."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from tio.api.portfolio import Transaction
from tio.engine.portfolio.already import EVENT, repeats
from tio.engine.portfolio.money import plain


def doubled(ledger: Iterable[Transaction], rows: Sequence[Transaction]) -> list[bool]:
    """Of each row, whether the ledger has it: by its broker's id, else by all it says of its day,
    else, of what was confirmed from an event, by about its day and amount.

    Of two rows alike, one is new where the ledger has but one such.
    """
    ids: set[tuple[str, str, str]] = set()
    alike: Counter[Any] = Counter()
    confirmed: list[Transaction] = []
    for entry in ledger:
        if entry.reference.startswith(EVENT):
            confirmed.append(entry)
        elif entry.reference:
            ids.add(_id(entry))
        alike[_said(entry)] += 1
    told = []
    for row in rows:
        said = _said(row)
        if row.reference and _id(row) in ids:
            has = True
        else:
            # An id of its own tells apart what looks alike, unless the ledger's has none.
            has = alike[said] > 0 and not (row.reference and _known(ids, row))
        if has and alike[said]:
            alike[said] -= 1
        if not has:
            told_before = next((entry for entry in confirmed if repeats(entry, row)), None)
            has = told_before is not None
            if told_before is not None:
                confirmed.remove(told_before)
        told.append(has)
    return told


def _known(ids: set[tuple[str, str, str]], row: Transaction) -> bool:
    """Whether the ledger has entries with ids of this account and kind: then ids decide."""
    return any(account == row.account and kind == row.kind for account, kind, _ in ids)


def _id(entry: Transaction) -> tuple[str, str, str]:
    return entry.account, str(entry.kind), entry.reference


def _said(entry: Transaction) -> tuple[object, ...]:
    numbers = (entry.quantity, entry.price, entry.amount, entry.fee, entry.tax, entry.to_amount)
    return (
        entry.kind,
        entry.at.date(),
        entry.symbol,
        entry.account,
        entry.currency,
        *(None if n is None else plain(Decimal(n)) for n in numbers),
    )
