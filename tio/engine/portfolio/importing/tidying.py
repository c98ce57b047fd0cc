"""What every broker's rows go through at the end."""

from collections import defaultdict
from collections.abc import Container, Iterable

from msgspec.structs import replace

from tio.api.clean import clean
from tio.api.portfolio import Transaction, TransactionKind
from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.sequence import once
from tio.engine.portfolio.importing.taking import with_shorts

_TRADES = {TransactionKind.buy, TransactionKind.sell}
_TEXTS = ("account", "symbol", "into", "note", "reference")


def tidied(rows: Iterable[Row], sure: Container[int] = ()) -> list[Row]:
    """Rows as they are given on: cleaned, ids once, one account unnamed, sales of too much short.

    A sale the broker calls short, or one in a line of `sure`, stays as it is.
    """
    told = _accounts(_by_isin(list(once(_clean(row) for row in rows))))
    return [
        was if was.transaction is not None and was.transaction.short else now
        for was, now in zip(told, with_shorts(told, sure), strict=True)
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


def _by_isin(rows: list[Row]) -> list[Row]:
    """Where one symbol is two instruments, traded in two currencies, both go by their ISIN."""
    found: defaultdict[str, defaultdict[str, set[str]]]
    found = defaultdict(lambda: defaultdict(set))
    for row in rows:
        entry = row.transaction
        if entry is not None and entry.kind in _TRADES and row.security.isin:
            found[entry.symbol][row.security.isin].add(entry.currency)
    two = {
        symbol
        for symbol, currencies in found.items()
        if len(currencies) > 1 and not set.intersection(*currencies.values())
    }
    return [
        _with(row, replace(row.transaction, symbol=row.security.isin))
        if row.transaction is not None and row.transaction.symbol in two and row.security.isin
        else row
        for row in rows
    ]


def _accounts(rows: list[Row]) -> list[Row]:
    """Of a file of one account its name is left to whoever brings it in."""
    told = [row.transaction for row in rows if row.transaction is not None]
    names = {entry.account for entry in told} | {entry.to_account for entry in told} - {""}
    if len(names) != 1:
        return rows
    return [
        row if row.transaction is None else _with(row, replace(row.transaction, account=""))
        for row in rows
    ]


def _with(row: Row, entry: Transaction) -> Row:
    return Row(row.line, entry, row.security, oddity=row.oddity)
