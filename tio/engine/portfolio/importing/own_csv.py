"""The CSV tio itself writes, and what a person writes by its columns."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.records import Record, has_header, records
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.importing.writing.cells import unguarded
from tio.engine.portfolio.importing.writing.fields import COLUMNS, entry_from
from tio.engine.portfolio.moments import zone_named


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
    return entry_from({name: unguarded(record[name]) for name in record.columns}, zone)
