"""What was held of a symbol, by account, at moments of the past: who a dividend is owed to."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.engine.portfolio.books import Books
from tio.engine.portfolio.moments import day_end
from tio.engine.portfolio.strands import Strand

ByAccount = dict[str, Decimal]
"""Quantities by account, short ones below zero; accounts that hold nothing are left out."""


def before(day: date, zone: ZoneInfo) -> datetime:
    """The end of the day before: who holds it then gets what goes ex on the day."""
    return day_end(day - timedelta(days=1), zone)


def held_at(
    books: Books, asked: Mapping[str, Iterable[datetime]]
) -> dict[tuple[str, datetime], ByAccount]:
    """What was held of each symbol after all entries up to each moment; books everything anew."""
    told: dict[tuple[str, datetime], ByAccount] = {}
    for strand, entries in books.strands_anew():
        names = {entry.symbol for entry in entries} | {entry.into for entry in entries}
        due = sorted((at, symbol) for symbol in names & asked.keys() for at in asked[symbol])
        here = 0
        for entry in entries:
            here = _note(strand, due, here, entry.at, told)
            strand.book((entry,))
        _note(strand, due, here, None, told)
    return told


def _note(
    strand: Strand,
    due: Sequence[tuple[datetime, str]],
    here: int,
    until: datetime | None,
    told: dict[tuple[str, datetime], ByAccount],
) -> int:
    """Tell what is due before an entry is booked; where the next is."""
    while here < len(due) and (until is None or due[here][0] < until):
        at, symbol = due[here]
        told[symbol, at] = {
            account: inventory.quantity
            for (of, account), inventory in strand.inventories.items()
            if of == symbol and inventory.quantity
        }
        here += 1
    return here
