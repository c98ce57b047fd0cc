"""The rows of a file put in order: each broker's id once, the oldest first."""

from collections.abc import Iterable, Iterator

from tio.engine.portfolio.importing.rows import Row
from tio.engine.portfolio.importing.taking import refused


def once(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows whose broker's id an earlier line of their account and kind has are refused: doubles."""
    lines: dict[tuple[str, str, str], int] = {}
    for row in rows:
        entry = row.transaction
        if entry is None or not entry.reference:
            yield row
            continue
        # Brokers count trades and payments apart: the same number may name one of each.
        key = entry.account, entry.kind.value, entry.reference
        first = lines.setdefault(key, row.line)
        if first == row.line:
            yield row
        else:
            yield refused(row.line, f"a double: line {first} has the same id {entry.reference}")


def oldest_first(rows: Iterable[Row]) -> list[Row]:
    """The rows, turned round where the file tells the newest first; each line's stay together.

    Brokers tell bare dates: of one day the order of lines is all that is known.
    """
    rows = list(rows)
    times = [row.transaction.at for row in rows if row.transaction]
    if not times or times[0] <= times[-1]:
        return rows
    together: dict[int, list[Row]] = {}
    for row in rows:
        together.setdefault(row.line, []).append(row)
    return [row for line in reversed(together) for row in together[line]]
