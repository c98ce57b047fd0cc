"""Our own CSV: a line an entry, a column a field, nothing left out."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.writing.cells import guarded, joined

COLUMNS = tuple(field.name for field in msgspec.structs.fields(Transaction))
"""`id` … `made_at`, as the entry has them; what it does not say is an empty cell."""


def as_csv(entries: Iterable[Transaction]) -> str:
    """The entries in their order, under a header. Times are UTC, numbers plain."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_cell(getattr(entry, name)) for name in COLUMNS])
    return file.getvalue()


def _cell(value: Any) -> str:
    return _WRITTEN[type(value)](value)


_WRITTEN: dict[type, Callable[[Any], str]] = {
    str: guarded,
    TransactionKind: str,
    Decimal: "{:f}".format,
    datetime: datetime.isoformat,
    bool: lambda value: "yes" if value else "",
    int: str,
    tuple: lambda tags: guarded(joined(tags)),
    type(None): lambda _: "",
}
