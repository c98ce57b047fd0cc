"""CSV with a header somewhere near its top: records whose cells are known by column."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tio.api.errors import Invalid
from tio.engine.portfolio.moments import day_end

_PREAMBLE = 40
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the table: `line` counts from 1 in the file; columns go by lower case."""

    line: int
    columns: tuple[str, ...]
    cells: tuple[str, ...]

    def __getitem__(self, column: str) -> str:
        """The cell as it is; "" where the line or the table has none."""
        column = column.lower()
        place = self.columns.index(column) if column in self.columns else len(self.cells)
        return self.cells[place] if place < len(self.cells) else ""

    def first(self, *columns: str) -> str:
        """The first of these cells that is not blank, stripped."""
        return next((cell for name in columns if (cell := self[name].strip())), "")

    def needed(self, *columns: str) -> str:
        """As `first`; Invalid where all are blank."""
        if cell := self.first(*columns):
            return cell
        raise Invalid(f"{columns[0]} is blank")

    def number(self, *columns: str) -> Decimal | None:
        """The number of the first filled cell, None where all are blank; Invalid."""
        cell = self.first(*columns)
        return plain_number(cell, columns[0]) if cell else None


def records(text: str, *wanted: str, delimiter: str = ",") -> Iterator[Record]:
    """The lines below the header, which names all of `wanted`; blank ones are left out.

    Raises Invalid where no line near the top is such a header, or quotes do not close.
    """
    lines = _lines(text, delimiter)
    needed = {name.lower() for name in wanted}
    columns: tuple[str, ...] = ()
    for seen, (_, cells) in enumerate(lines):
        columns = tuple(cell.strip().lower() for cell in cells)
        if needed <= set(columns):
            break
        if seen >= _PREAMBLE:
            columns = ()
            break
    if not needed <= set(columns):
        raise Invalid(f"no header with {', '.join(wanted)} was found")
    for line, cells in lines:
        yield Record(line, columns, tuple(cells))


def has_header(text: str, *wanted: str, delimiter: str = ",") -> bool:
    """Whether a line near the top names all these columns; `text` may be cut off."""
    needed = {name.lower() for name in wanted}
    for line in text.splitlines()[: _PREAMBLE + 1]:
        if needed <= {cell.strip(' "\t\ufeff').lower() for cell in line.split(delimiter)}:
            return True
    return False


def first_records(text: str, delimiter: str) -> Iterator[list[str]]:
    """The cells of the lines a header is sought in, as far as they are CSV."""
    try:
        for seen, (_, cells) in enumerate(_lines(text, delimiter)):
            if seen > _PREAMBLE:
                return
            yield cells
    except Invalid:
        return


def _lines(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(_LONGEST)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(f"line {line} is no CSV: {error}") from None


def plain_number(text: str, name: str) -> Decimal:
    """1234.5, 1,234.50, $1,234.50, (5) or 1E-8 as a number; Invalid naming `name`."""
    cell = text.strip()
    negative = cell.startswith("(") and cell.endswith(")")
    cell = cell.strip("()").replace(",", "").replace(" ", "")
    sign = "-" if cell.startswith("-") else ""
    cell = cell.lstrip("+-").lstrip("$€£¥₹").lstrip("+-")
    try:
        if not cell or cell[0] not in "0123456789.":
            raise ArithmeticError
        value = Decimal(sign + cell)
    except ArithmeticError:
        raise Invalid(f"{name}: {text.strip()!r} is no number") from None
    return -value if negative else value


def instant(text: str, zone: ZoneInfo, name: str = "time") -> datetime:
    """ISO, with or without T, zone or `UTC`; a bare date is that day's end; Invalid."""
    cell = text.strip()
    zoned = cell.removesuffix(" UTC").removesuffix("Z") + "+00:00"
    try:
        if len(cell) == len("2026-01-31"):
            return day_end(date.fromisoformat(cell), zone)
        at = datetime.fromisoformat(zoned if cell.endswith((" UTC", "Z")) else cell)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Invalid(f"{name}: {text.strip()!r} is no date or time") from None
