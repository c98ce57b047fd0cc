"""The CSV tio itself writes, and what a person writes by its columns."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.records import Record, has_header, instant, records
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.importing.writing.as_csv import COLUMNS
from tio.engine.portfolio.importing.writing.cells import parted, unguarded
from tio.engine.portfolio.moments import zone_named

_FIELDS = {field.name: field.type for field in msgspec.structs.fields(Transaction)}
_TIMES = ("at", "made_at")


class OwnCsv:
    """Reads back what `as_csv` wrote, ids and versions included: who takes it in numbers anew.

    Columns may be fewer, in any order; `kind` and `at` must be there. A bare date is its end.
    """

    name = "tio_csv"
    label = "tio (CSV)"

    def recognises(self, text: str) -> bool:
        return has_header(text[:4000], "kind", "at", "quantity", "to_account", "cost_share")

    def read(self, text: str, zone: str) -> Iterator[Row]:
        there = zone_named(zone)
        for record in records(text, "kind", "at"):
            strange = set(record.columns) - set(COLUMNS)
            if strange:
                raise Invalid(f"no entry has a {min(strange)!r}", f"columns: {', '.join(COLUMNS)}")
            try:
                entry = _entry(record, there)
                security = Security(ticker=entry.symbol, currency=entry.currency)
                yield taken(record.line, entry, security)
            except Invalid as error:
                yield refused(record.line, error)


def _entry(record: Record, zone: ZoneInfo) -> Transaction:
    if len(record.cells) > len(record.columns):
        raise Invalid(f"the line has {len(record.cells)} cells for {len(record.columns)} columns")
    told = {name: _value(name, record[name], zone) for name in record.columns if record[name]}
    try:
        return msgspec.convert(told, Transaction, strict=False)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at `$.")
        raise Invalid(f"{path.rstrip('`')}: {sentence[:1].lower()}{sentence[1:]}") from None


def _value(name: str, cell: str, zone: ZoneInfo) -> Any:
    if name in _TIMES:
        return instant(cell, zone, name)
    if name == "tags":
        return parted(unguarded(cell))
    if name == "short":
        return {"yes": True, "no": False}.get(cell, cell)
    return unguarded(cell) if _FIELDS[name] is str else cell.strip()
