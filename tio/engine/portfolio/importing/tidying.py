"""What every broker's rows go through at the end, and lines before they are read."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.portfolio import Transaction
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.table import Line
from tio.engine.portfolio.importing.taking import refused, with_shorts

_TEXTS = ("account", "symbol", "into", "note", "reference")


def tidied(rows: Iterable[Row]) -> list[Row]:
    """Rows as they are given on: cleaned, ids once, one account unnamed, sales of too much short.

    A sale the broker calls short stays as it is.
    """
    once = _accounts(_once(_clean(row) for row in rows))
    return [
        was if was.transaction is not None and was.transaction.short else now
        for was, now in zip(once, with_shorts(once), strict=True)
    ]


def oldest_first(lines: Sequence[Line], when: Sequence[datetime | None]) -> list[Line]:
    """Lines in the order of time: turned about, unless their dates rise from first to last."""
    told = [each for each in when if each is not None]
    rising = bool(told) and told[0] < told[-1]
    return list(lines) if rising else list(reversed(lines))


def unknown(word: str, line: int, kind: str = "action") -> str:
    """The sentence on what a file calls something that is not known here."""
    return f"there is no {kind} {clean(word, limit=80)!r} known here, in line {line}"


def _clean(row: Row) -> Row:
    entry = row.transaction
    if entry is None:
        return row
    texts = {name: clean(getattr(entry, name), limit=500).strip() for name in _TEXTS}
    return _with(row, replace(entry, **texts))


def _once(rows: Iterable[Row]) -> list[Row]:
    """The second row of an id and kind is refused; a line may make several entries of one."""
    lines: dict[tuple[str, str, str], int] = {}
    told = []
    for row in rows:
        entry = row.transaction
        if entry is not None and entry.reference:
            key = entry.account, entry.kind.value, entry.reference
            first = lines.setdefault(key, row.line)
            if first != row.line:
                why = f"double: line {first} has the id {entry.reference} already"
                row = refused(row.line, why)
        told.append(row)
    return told


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
