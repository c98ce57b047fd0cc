"""A mapping proposed from what a CSV's header and first lines look like; a person looks it over."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tio.api.errors import Invalid
from tio.api.mappings import CsvField as Field
from tio.api.mappings import CsvSign as Sign
from tio.engine.portfolio.importing.guessing_cells import by_cells
from tio.engine.portfolio.importing.guessing_words import COLUMNS, kind_of, plain
from tio.engine.portfolio.importing.mapped import Mapping

_BEGINNING = 65_536
_SUMS = (Field.quantity, Field.price, Field.amount, Field.fee)
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")
_SURE: tuple[str, ...] = (
    *("%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d %B %Y", "%B %d, %Y"),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", ", %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV's beginning: `at` is its header's place among the lines that are not blank."""

    delimiter: str
    header: list[str]
    lines: list[list[str]]
    at: int = 0


def guess(text: str) -> Mapping:
    """The likeliest mapping; Invalid where no line near the top is a header that will do.

    Where the day cannot be told from the month, `date` stays unset and each line asks for it.
    """
    return guess_of(table_of(text))


def guess_of(found: Table) -> Mapping:
    """The likeliest mapping of a table, of as many fields as have a column."""
    header, lines = found.header, found.lines

    def column(name: str) -> list[str]:
        place = header.index(name)
        return [line[place] for line in lines if place < len(line) and line[place]]

    columns = by_cells(header, column, _columns(header), _are_dates)

    def cells(field: Field) -> list[str]:
        return column(columns[field]) if field in columns else []

    sums = [cell for field in _SUMS for cell in cells(field)]
    others = [cell for name in header if name not in columns.values() for cell in column(name)]
    kinds = {word.lower(): kind_of(word) for word in cells(Field.kind)}
    times = cells(Field.time)
    days = cells(Field.date)
    moments = [f"{each} {times[n]}" if n < len(times) else each for n, each in enumerate(days)]
    return Mapping(
        columns=columns,
        kinds={word: kind for word, kind in kinds.items() if kind is not None},
        date=_date_format(moments),
        decimal="," if _with_commas(sums or others) else ".",
        delimiter=found.delimiter,
        sign=_sign(Field.kind in columns, cells(Field.quantity), cells(Field.amount)),
    )


def table_of(text: str, delimiter: str = "") -> Table:
    """Header and the lines below it; Invalid where none has a date and a sum.

    Only the first 64 KiB are looked at.
    """
    found = best_table(text, delimiter)
    if not {Field.quantity, Field.amount} & _columns(found.header).keys():
        raise Invalid("no header with a date and a quantity or an amount was found")
    return found


def best_table(text: str, delimiter: str = "") -> Table:
    """As `table_of`, or the first of the widest lines for a header where none will do."""
    most = 0
    best, widest = Table("", [], []), Table(",", [], [])
    for mark in (delimiter,) if delimiter else (",", ";", "\t", "|"):
        lines = _lines(_beginning(text), mark)
        for n, cells in enumerate(lines[:40]):
            here = Table(mark, cells, lines[n + 1 :], n)
            found = _columns(cells)
            sums = {Field.quantity, Field.amount} & found.keys()
            if Field.date in found and sums and len(found) > most:
                most, best = len(found), here
            if sum(map(bool, cells)) > len(widest.header):
                widest = here
    return best if most else widest


def _beginning(text: str) -> str:
    """So much that whole lines of it tell what the file is like."""
    begin = text.removeprefix("\ufeff")[:_BEGINNING]
    return begin if len(begin) < _BEGINNING else begin[: begin.rfind("\n") + 1] or begin


def _lines(text: str, delimiter: str) -> list[list[str]]:
    """Lines that are not blank, as far as they are CSV."""
    reader, lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                lines.append(stripped)
    except csv.Error:
        return []
    return lines


def _columns(header: list[str]) -> dict[Field, str]:
    """A column for each field that has one, each used once, the likelier name first."""
    names = {plain(name): name for name in reversed(header)}
    found: dict[Field, str] = {}
    for field, likely in COLUMNS.items():
        for each in likely.split("|"):
            if each in names and names[each] not in found.values():
                found[field] = names[each]
                break
    return found


def date_formats(moments: list[str]) -> tuple[str, ...]:
    """Every format all of them could be written in, the sure ones first; () for ISO."""
    if all(_is(each, "") for each in moments):
        return ()
    told = [f"{day}{time}" for day in (*_SURE, *_DAY_FIRST, *_MONTH_FIRST) for time in _TIMES]
    return tuple(each for each in told if all(_is(moment, each) for moment in moments))


def _are_dates(cells: Sequence[str]) -> bool:
    return all(_is(each, "") for each in cells) or bool(date_formats(list(cells)))


def _date_format(moments: list[str]) -> str:
    """What all of them are written as; "" for ISO, and where it is not for sure."""
    found = date_formats(moments)
    starts = {each[:2] for each in found if each.startswith(_DAY_FIRST + _MONTH_FIRST)}
    return "" if len(starts) > 1 else next(iter(found), "")


def _with_commas(numbers: list[str]) -> bool:
    """Whether a comma is the mark before decimals in more of them than a dot."""
    commas = sum(bool(re.search(r",\d{1,2}\D*$|,\d{4,}\D*$|\.\d{3},", each)) for each in numbers)
    dots = sum(bool(re.search(r"\.\d{1,2}\D*$|\.\d{4,}\D*$|,\d{3}\.", each)) for each in numbers)
    return commas > dots


def _sign(has_kinds: bool, quantities: list[str], amounts: list[str]) -> Sign:
    if has_kinds:
        return Sign.words
    if any(re.match(r"[-−(]", each) for each in quantities):
        return Sign.quantity
    return Sign.amount if amounts else Sign.words


def _is(text: str, pattern: str) -> bool:
    try:
        if pattern:
            datetime.strptime(text, pattern)  # noqa: DTZ007
        else:
            datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        return False
    return True
