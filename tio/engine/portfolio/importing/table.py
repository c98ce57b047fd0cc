"""A table in a text: its delimiter found, what stands before and after it left out."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.numbers import Style, number, style_of

_DELIMITERS = (",", ";", "\t")
_PREAMBLE = 60
"""Lines that may stand before a header."""
_TALLEST = 30
"""Lines a quoted cell may go over; a quote that closes later is taken for a stray one."""
_BREAK = re.compile("\r\n|\n|\r")
_PROSE = re.compile(r"[^\W\d_]+(?:\W+\w+){2,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line below the header; `number` counts from 1 in the file.

    `fault` says why its cells cannot be told apart; it has none then.
    """

    number: int
    cells: tuple[str, ...]
    places: Mapping[str, int]
    style: Style
    fault: str = ""

    def first(self, *columns: str) -> str:
        """The first of these cells that is not blank, stripped; "" where all are."""
        for column in columns:
            place = self.places.get(_plain(column), -1)
            if place >= 0 and (cell := self.cells[place].strip()):
                return cell
        return ""

    def decimal(self, *columns: str) -> Decimal | None:
        """The number in the first filled cell, None where all are blank; Invalid."""
        return number(self.first(*columns), self.style, columns[0])


@dataclass(frozen=True, slots=True)
class Logical:
    """Cells of one line, or of several where quotes hold them together; `fault` as in Line."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


def table(text: str, *needed: str, known: Style = Style.point) -> list[Line]:
    """The lines below the header that names all of `needed`; blank ones and prose are left out.

    Numbers are of the `known` style, unless another delimiter than the comma hints that a program
    has rewritten them and the most tell otherwise. Raises Invalid where there is no such header.
    """
    for delimiter in _DELIMITERS:
        places, lines = _below_header(logical_lines(text, delimiter), needed)
        if places is not None:
            below = list(lines)
            style = known
            if delimiter != ",":
                style = style_of(cell for line in below for cell in line.cells) or known
            return [_line(line, places, style) for line in below if not _prose(line)]
    raise Invalid(f"no header with {', '.join(needed)} was found")


def has_header(text: str, *needed: str) -> bool:
    """Whether a line near the top names all these columns; `text` may be cut off."""
    return any(
        _below_header(logical_lines(text, delimiter), needed)[0] is not None
        for delimiter in _DELIMITERS
    )


def logical_lines(text: str, delimiter: str = ",") -> Iterator[Logical]:
    """The lines that are not blank, parted into cells; a quote that never closes spoils but one."""
    physical = _BREAK.split(text.removeprefix("\ufeff"))
    at = 0
    while at < len(physical):
        size = _size(physical, at)
        whole = "\n".join(physical[at : at + max(size, 1)])
        if not size:
            yield Logical(at + 1, (), "a quote in it does not close")
        elif whole.strip(' ,;\t"'):
            yield _parted(at + 1, whole, delimiter)
        at += max(size, 1)


def places_of(header: tuple[str, ...]) -> dict[str, int]:
    """Where each column of a header stands, its name in lower case with single spaces."""
    return {_plain(cell): place for place, cell in enumerate(header) if cell.strip()}


def _parted(number: int, whole: str, delimiter: str) -> Logical:
    try:
        (cells,) = csv.reader([whole], delimiter=delimiter)
    except (csv.Error, ValueError):
        return Logical(number, (), "its cells cannot be told apart")
    return Logical(number, tuple(cells))


def _size(physical: list[str], at: int) -> int:
    """How many lines the one at `at` goes over; 0 where a quote does not close."""
    quotes = 0
    for size, line in enumerate(physical[at : at + _TALLEST], 1):
        quotes += line.count('"')
        if quotes % 2 == 0:
            return size
    return 0


def _below_header(
    lines: Iterator[Logical], needed: tuple[str, ...]
) -> tuple[Mapping[str, int] | None, Iterator[Logical]]:
    wanted = {_plain(name) for name in needed}
    for line in lines:
        places = places_of(line.cells)
        if wanted <= places.keys():
            return places | {"": len(line.cells)}, lines
        if line.number > _PREAMBLE:
            break
    return None, lines


def _line(line: Logical, places: Mapping[str, int], style: Style) -> Line:
    width = places[""]
    cells = line.cells
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    fault = line.fault
    if not fault and len(cells) != width:
        fault = f"it has {len(cells)} cells, and the header {width}"
    return Line(line.number, () if fault else cells, {} if fault else places, style, fault)


def _prose(line: Logical) -> bool:
    """Whether a line is a sentence and no data: one filled cell, of three words or more."""
    filled = [cell for cell in line.cells if cell.strip()]
    return len(filled) == 1 and _PROSE.search(filled[0]) is not None


def _plain(column: str) -> str:
    return " ".join(column.lower().split())
