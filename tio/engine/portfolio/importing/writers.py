"""The kinds of file a ledger can be written to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tio.api.clean import clean
from tio.api.errors import NotFound
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.writing.as_beancount import as_beancount
from tio.engine.portfolio.importing.writing.as_csv import as_csv
from tio.engine.portfolio.importing.writing.as_hledger import as_hledger
from tio.engine.portfolio.importing.writing.as_json import as_json

Write = Callable[[Sequence[Transaction]], str]


@dataclass(frozen=True, slots=True)
class Writer:
    """One kind of file, and what writes it."""

    label: str
    write: Write


WRITERS = {
    "beancount": Writer("Beancount", as_beancount),
    "csv": Writer("tio (CSV), every field", as_csv),
    "hledger": Writer("hledger", as_hledger),
    "json": Writer("tio (JSON), every field", as_json),
}


def named(name: str) -> Write:
    """What writes files of that kind; NotFound."""
    if name.lower() not in WRITERS:
        raise NotFound(
            f"a ledger cannot be written as {clean(name)!r}", f"one of {', '.join(WRITERS)}"
        )
    return WRITERS[name.lower()].write
