"""Writing what is shown to a CSV file."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from tio.api.errors import Conflict, Invalid

FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> int:
    """Write rows to a new file; how many after the header. Conflict when it exists."""
    count = -1
    try:
        with path.open("x", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            for row in rows:
                writer.writerow([_safe(cell) for cell in row])
                count += 1
    except FileExistsError as error:
        raise Conflict(f"{path} is there already", "Choose another name.") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be written: {error.strerror}") from error
    return max(count, 0)


def _safe(cell: object) -> object:
    """Text a spreadsheet would run as a formula is quoted; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULAS):
        return "'" + cell
    return cell
