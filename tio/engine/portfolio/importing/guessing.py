"""A mapping proposed from what a CSV's header and first lines look like; a person looks it over."""

import csv
import io
import re
from datetime import datetime

from tio.api.errors import Invalid
from tio.engine.portfolio.importing.guessing_words import COLUMNS, kind_of, plain
from tio.engine.portfolio.importing.mapped import Field, Mapping, Sign

_SUMS = (Field.quantity, Field.price, Field.amount, Field.fee)
_DAY_FIRST = ("%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y")
_MONTH_FIRST = ("%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")
_SURE: tuple[str, ...] = (
    *("%d.%m.%Y", "%d.%m.%y", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d %B %Y", "%B %d, %Y"),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", ", %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")


def guess(text: str) -> Mapping:
    """The likeliest mapping; Invalid where no line near the top is a header that will do.

    Where the day cannot be told from the month, `date` stays unset and each line asks for it.
    """
    delimiter, header, lines = _table(text.removeprefix("\ufeff")[:65_536])
    columns = _columns(header)

    def cells(field: Field) -> list[str]:
        if field not in columns:
            return []
        place = header.index(columns[field])
        return [line[place].strip() for line in lines if place < len(line) and line[place].strip()]

    kinds = {word.lower(): kind_of(word) for word in cells(Field.kind)}
    times = cells(Field.time)
    days = cells(Field.date)
    moments = [f"{each} {times[n]}" if n < len(times) else each for n, each in enumerate(days)]
    return Mapping(
        columns=columns,
        kinds={word: kind for word, kind in kinds.items() if kind is not None},
        date=_date_format(moments),
        decimal="," if _with_commas([cell for field in _SUMS for cell in cells(field)]) else ".",
        delimiter=delimiter,
        sign=_sign(Field.kind in columns, cells(Field.quantity), cells(Field.amount)),
    )


def _table(text: str) -> tuple[str, list[str], list[list[str]]]:
    """Delimiter, header and the lines below it."""
    most = 0
    best: tuple[str, list[str], list[list[str]]] = ("", [], [])
    for delimiter in (",", ";", "\t", "|"):
        try:
            lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        for n, cells in enumerate(lines[:40]):
            found = _columns([cell.strip() for cell in cells])
            sums = {Field.quantity, Field.amount} & found.keys()
            if Field.date in found and sums and len(found) > most:
                most = len(found)
                best = delimiter, [cell.strip() for cell in cells], lines[n + 1 :]
    if not most:
        raise Invalid("no header with a date and a quantity or an amount was found")
    return best


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


def _date_format(moments: list[str]) -> str:
    """What all of them are written as; "" for ISO, and where it is not for sure."""
    if all(_is(each, "") for each in moments):
        return ""

    def fits(formats: tuple[str, ...]) -> list[str]:
        told = [f"{day}{time}" for day in formats for time in _TIMES]
        return [each for each in told if all(_is(moment, each) for moment in moments)]

    sure, day_first, month_first = fits(_SURE), fits(_DAY_FIRST), fits(_MONTH_FIRST)
    if day_first and month_first:
        return ""
    return next(iter(sure + day_first + month_first), "")


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
