"""The JSON tio itself writes."""

from collections.abc import Iterator

import msgspec

from tio.api.errors import Invalid
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.jsonlines import decoded, item_as, numbered
from tio.engine.portfolio.importing.rows import Row, Security
from tio.engine.portfolio.importing.taking import refused, taken
from tio.engine.portfolio.importing.writing.as_json import FORMAT


class _File(msgspec.Struct):
    format: str
    transactions: list[msgspec.Raw]


class OwnJson:
    """Reads back what `as_json` wrote, ids and versions included: who takes it in numbers anew."""

    name = "tio_json"
    label = "tio (JSON)"

    def recognises(self, text: str) -> bool:
        begin = text[:200].lstrip("\ufeff \t\r\n")
        return begin.startswith("{") and '"tio transactions ' in begin

    def read(self, text: str, zone: str) -> Iterator[Row]:
        text = text.removeprefix("\ufeff")
        file = decoded(text, _File, "ledger of tio")
        if file.format != FORMAT:
            raise Invalid(f"the file is of format {file.format!r}, and this reads {FORMAT!r}")
        for line, item in numbered(text, file.transactions):
            try:
                entry = item_as(item, Transaction)
                if entry.at.tzinfo is None:
                    raise Invalid("at: the time has no zone")
                yield taken(line, entry, Security(ticker=entry.symbol, currency=entry.currency))
            except Invalid as error:
                yield refused(line, error)
