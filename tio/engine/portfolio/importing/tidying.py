"""What every broker's rows go through at the end."""

from collections.abc import Iterable

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.sequence import once
from tio.engine.portfolio.importing.taking import with_shorts

_TEXTS = ("account", "symbol", "into", "note", "reference")


def tidied(rows: Iterable[Row]) -> list[Row]:
    """Rows as they are given on: cleaned, ids once, one account unnamed, sales of too much short.

    A sale the broker calls short stays as it is.
    """
    told = _accounts(list(once(_clean(row) for row in rows)))
    return [
        was if was.transaction is not None and was.transaction.short else now
        for was, now in zip(told, with_shorts(told), strict=True)
    ]


def unknown(word: str, line: int, kind: str = "action") -> str:
    """The sentence on what a file calls something that is not known here."""
    return f"there is no {kind} {clean(word, limit=80)!r} known here, in line {line}"


def _clean(row: Row) -> Row:
    entry = row.transaction
    if entry is None:
        return row
    texts = {name: clean(getattr(entry, name), limit=500).strip() for name in _TEXTS}
    return _with(row, replace(entry, **texts))


def _accounts(rows: list[Row]) -> list[Row]:
    """Of a file of one account its name is left to whoever brings it in."""
    names = {row.transaction.account for row in rows if row.transaction is not None}
    if len(names) != 1:
        return rows
    return [
        row if row.transaction is None else _with(row, replace(row.transaction, account=""))
        for row in rows
    ]


def _with(row: Row, entry: Transaction) -> Row:
    return Row(row.line, entry, row.security, oddity=row.oddity)
