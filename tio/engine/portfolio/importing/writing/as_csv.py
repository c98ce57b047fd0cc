"""Our own CSV: a line an entry, a column a field, nothing left out."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.writing.cells import guarded
from tio.engine.portfolio.importing.writing.fields import COLUMNS, text_of


def as_csv(entries: Iterable[Transaction]) -> str:
    """The entries in their order, under a header. Times are UTC, numbers plain.

    What an entry does not say is an empty cell; text a spreadsheet could run has a ' before it.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        writer.writerow([_cell(getattr(entry, name)) for name in COLUMNS])
    return file.getvalue()


def _cell(value: Any) -> str:
    text = text_of(value)
    return guarded(text) if type(value) in (str, tuple) else text
