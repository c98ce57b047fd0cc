"""Our own JSON: the ledger's entries whole, one a line."""

from collections.abc import Iterable

import msgspec

from tio.api.portfolio import Transaction

FORMAT = "tio transactions 1"


def as_json(entries: Iterable[Transaction]) -> str:
    """`{"format": …, "transactions": […]}`; decimals are strings, times UTC."""
    lines = ",\n".join(msgspec.json.encode(entry).decode() for entry in entries)
    return f'{{"format": "{FORMAT}", "transactions": [\n{lines}\n]}}\n'
