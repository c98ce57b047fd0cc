"""A CSV looked at: its columns with samples, a mapping of them, and how well that reads it."""

import re
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from tio.api.clean import clean
from tio.api.errors import Invalid
from tio.api.mappings import (
    ColumnGuess,
    ColumnMapping,
    CsvField,
    CsvSign,
    GuessMapping,
    MappingGuess,
    SavedMapping,
)
from tio.engine.portfolio.importing import readers
from tio.engine.portfolio.importing.guessing import Table, best_table, date_formats, guess_of
from tio.engine.portfolio.importing.mapped import Mapped, Mapping
from tio.engine.portfolio.importing.mapped_numbers import Numbers
from tio.engine.portfolio.importing.mappings_told import fitting, meant, plain, told
from tio.engine.portfolio.importing.texts import encoding_of, octets, text_of

SAMPLES = 5
TRIED = 5_000
"""Lines a mapping is tried on: it is tried again with each choice a person makes."""
_NUMBERS = {CsvField.quantity, CsvField.price, CsvField.amount, CsvField.fee, CsvField.tax}
_NAMED = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_QUANTITY = CsvField.quantity
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")
_CURRENCY = re.compile(r"[A-Za-z]{2,12}")


def looked_at(asked: GuessMapping, kept: Sequence[SavedMapping], zone: str) -> MappingGuess:
    """What the file is like; Invalid where it is no table. Not for the event loop."""
    data = octets(Path(asked.path))
    given = asked.mapping
    saved = None if given or asked.encoding or asked.delimiter else fitting(data, kept)
    if saved is not None:
        given = saved.mapping
    encoding = asked.encoding or (given.encoding if given else "")
    text = text_of(data, encoding)
    if "\0" in text[:65_536]:
        raise Invalid(f"{Path(asked.path).name} is no text", "export it as CSV")
    table = _table(text, given, asked.delimiter)
    mapping = given or told(guess_of(table), encoding)
    read, refused, why = _read(text, mapping, zone)
    moments = _cells(table, mapping.column(CsvField.date))
    times = _cells(table, mapping.column(CsvField.time))
    whole = [f"{day} {times[n]}" if n < len(times) else day for n, day in enumerate(moments)]
    dates = date_formats(whole)
    unknown = _unknown(table, mapping)
    return MappingGuess(
        path=asked.path,
        mapping=mapping,
        header_line=table.at + 1,
        lines=read + refused,
        refused=refused,
        sure=read / (read + refused) if read + refused else 0.0,
        columns=tuple(_column(table, name, mapping) for name in table.header if name),
        notes=tuple(
            _notes(mapping, dates, encoding or encoding_of(data), unknown, why)
            + _signs(table, mapping)
            + ([f"tried on the first {TRIED:,} lines"] if read + refused == TRIED else [])
        ),
        dates=dates,
        unknown=unknown,
        encoding=encoding or encoding_of(data).removesuffix("-sig"),
        known_as=_known_as(text),
        remembered=saved.name if saved else "",
    )


def _table(text: str, given: ColumnMapping | None, delimiter: str) -> Table:
    """The table below the header a mapping names, else below the likeliest."""
    found = best_table(text, given.delimiter if given else delimiter)
    if given is not None and given.columns:
        wanted = {plain(each.column) for each in given.columns}
        for at, cells in enumerate([found.header, *found.lines[:40]]):
            if wanted <= set(map(plain, cells)):
                lines = found.lines[at:]
                return Table(found.delimiter, list(cells), lines, found.at + at)
    if len(found.header) < 2:
        raise Invalid("the file has no columns", "CSV with a header can be mapped")
    return found


def _read(text: str, mapping: ColumnMapping, zone: str) -> tuple[int, int, str]:
    """How many lines can be read so, how many cannot, and why the first of them cannot."""
    read = refused = 0
    why = ""
    try:
        for row in islice(Mapped(meant(mapping)).read(text, zone), TRIED):
            read, refused = read + (not row.refusal), refused + bool(row.refusal)
            why = why or (f"line {row.line}: {row.refusal}" if row.refusal else "")
    except Invalid as error:
        return 0, 0, error.message
    return read, refused, why


def _column(table: Table, name: str, mapping: ColumnMapping) -> ColumnGuess:
    field = next((e.field for e in mapping.columns if plain(e.column) == plain(name)), None)
    cells = _cells(table, name)
    sure = sum(_can_be(cell, field, meant(mapping)) for cell in cells) / len(cells) if cells else 0
    return ColumnGuess(
        column=name,
        field=field,
        sure=0.0 if field is None else float(sure),
        samples=tuple(clean(cell, limit=60) for cell in islice(cells, SAMPLES)),
    )


def _can_be(cell: str, field: CsvField | None, mapping: Mapping) -> bool:
    """Whether a cell can be what its column is taken for."""
    if field in _NUMBERS:
        try:
            Numbers(mapping.decimal).read(cell, "")
        except Invalid:
            return False
        return True
    match field:
        case CsvField.kind:
            return cell.lower() in mapping.kinds
        case CsvField.date:
            return any(map(str.isdigit, cell))
        case CsvField.isin:
            return _ISIN.fullmatch(cell) is not None
        case CsvField.currency:
            return _CURRENCY.fullmatch(cell) is not None
    return True


def _cells(table: Table, column: str) -> list[str]:
    """The filled cells of a column near the file's beginning."""
    places = [n for n, name in enumerate(table.header) if column and plain(name) == plain(column)]
    if not places:
        return []
    return [line[places[0]] for line in table.lines if places[0] < len(line) and line[places[0]]]


def _unknown(table: Table, mapping: ColumnMapping) -> tuple[str, ...]:
    known = {each.word.lower() for each in mapping.kinds}
    words = dict.fromkeys(_cells(table, mapping.column(CsvField.kind)))
    return tuple(clean(each, limit=60) for each in words if each.lower() not in known)[:40]


def _notes(
    mapping: ColumnMapping, dates: Sequence[str], encoding: str, unknown: Sequence[str], why: str
) -> list[str]:
    """What was chosen, and what is to be chosen."""
    marks = "decimal commas" if mapping.decimal == "," else "decimal points"
    said = [f"columns parted by {_NAMED[mapping.delimiter]}, {marks}"]
    if not encoding.startswith("utf-8"):
        said.append(f"read as {encoding}: look whether names are spelled right")
    if dates and not mapping.date:
        said.append(f"day or month first? dates fit {' and '.join(dates[:2])}")
    elif mapping.date:
        said.append(f"dates are {mapping.date}")
    if not mapping.column(CsvField.date):
        said.append("no column is the date: a mapping needs one")
    if unknown:
        said.append(f"what is meant by {', '.join(unknown[:5])}?")
    if mapping.net:
        said.append("amounts are after fees and taxes")
    return [*said, why] if why else said


def _signs(table: Table, mapping: ColumnMapping) -> list[str]:
    """A word where quantities below zero would all be bought."""
    below = any(re.match(r"[-−(]", cell) for cell in _cells(table, mapping.column(_QUANTITY)))
    if below and mapping.sign is CsvSign.words and not mapping.column(CsvField.kind):
        return ["some quantities are below zero: are these sold? then their sign tells"]
    return []


def _known_as(text: str) -> str:
    try:
        return readers.recognised(text).name
    except Invalid:
        return ""
