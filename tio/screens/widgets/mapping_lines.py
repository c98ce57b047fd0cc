"""A CSV's mapping as a table of choices, and what each of them can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from tio.api.mappings import (
    ColumnMapping,
    CsvField,
    CsvSign,
    MappingGuess,
    with_column,
    with_constant,
    with_kind,
)
from tio.api.portfolio import TransactionKind
from tio.screens.widgets.book_lines import Table
from tio.screens.widgets.columned import Column, columned

MARKS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
DECIMALS = {".": "point", ",": "comma"}
ENCODINGS = ("utf-8", "cp1252", "utf-16", "iso-8859-15", "mac-roman", "cp850", "cp1250", "cp1251")
_CONSTANTS = (CsvField.currency, CsvField.account, CsvField.symbol)
_COLUMNS = (
    Column("COLUMN", right=False),
    Column("IS", right=False),
    Column("SURE", 1),
    Column("SAMPLES", 2, right=False, gives=True),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing of a mapping that can be chosen: what, of which column or word, and as it is."""

    what: str
    name: str
    value: str


def choices(guess: MappingGuess) -> list[Choice]:
    """All that can be chosen, in the order it is shown."""
    return [choice for choice, _, _ in _told(guess)]


def mapping_table(guess: MappingGuess, width: int) -> Table:
    """A line a choice: what it is, how much of its cells can be that, and samples of them."""
    rows = [
        [
            (_titled(choice), "text" if choice.what == "column" else "blue"),
            (f"‹ {_shown(choice)} ›", "accent" if choice.value else "muted"),
            (sure, "muted" if sure == "100%" else "fall"),
            (samples, "muted"),
        ]
        for choice, sure, samples in _told(guess)
    ]
    return columned(_COLUMNS, rows, width)


def options(guess: MappingGuess, choice: Choice) -> list[str]:
    """What a choice can be; none where it is to be typed."""
    match choice.what:
        case "column":
            return ["", *CsvField]
        case "kind":
            return ["", *TransactionKind]
        case "date":
            return list(dict.fromkeys(["", *guess.dates, guess.mapping.date]))
        case "decimal":
            return list(DECIMALS.values())
        case "delimiter":
            return list(MARKS.values())
        case "encoding":
            return list(ENCODINGS)
        case "sign":
            return list(CsvSign)
        case "net":
            return ["before fees", "after fees"]
    return []


def chosen(mapping: ColumnMapping, choice: Choice, value: str) -> ColumnMapping:
    """The mapping with a choice made."""
    match choice.what:
        case "column":
            return _column(mapping, choice.name, value)
        case "kind":
            return _kind(mapping, choice.name, value)
        case "constant":
            return with_constant(mapping, CsvField(choice.name), value)
    return replace(mapping, **_setting(choice.what, value))


def _setting(what: str, value: str) -> dict[str, Any]:
    match what:
        case "decimal":
            return {"decimal": _of(DECIMALS, value)}
        case "delimiter":
            return {"delimiter": _of(MARKS, value)}
        case "sign":
            return {"sign": CsvSign(value)}
        case "net":
            return {"net": value == "after fees"}
    return {what: value}


def _column(mapping: ColumnMapping, column: str, value: str) -> ColumnMapping:
    if value:
        return with_column(mapping, CsvField(value), column)
    kept = tuple(each for each in mapping.columns if each.column != column)
    return replace(mapping, columns=kept)


def _kind(mapping: ColumnMapping, word: str, value: str) -> ColumnMapping:
    if value:
        return with_kind(mapping, word, TransactionKind(value))
    kept = tuple(each for each in mapping.kinds if each.word.lower() != word.lower())
    return replace(mapping, kinds=kept)


def _told(guess: MappingGuess) -> Iterator[tuple[Choice, str, str]]:
    """Each choice with how sure it is and samples."""
    mapping = guess.mapping
    for each in guess.columns:
        field = "" if each.field is None else each.field.value
        sure = f"{each.sure:.0%}" if field else ""
        yield Choice("column", each.column, field), sure, " · ".join(each.samples)
    told = {each.word: each.kind.value for each in mapping.kinds}
    # In an order that stays when one of them is chosen.
    for word in sorted({*told, *(each.lower() for each in guess.unknown)}):
        yield Choice("kind", word, told.get(word, "")), "" if word in told else "?", ""
    constants = {each.field: each.value for each in mapping.constants}
    for field in _CONSTANTS:
        if not mapping.column(field):
            yield Choice("constant", field.value, constants.get(field, "")), "", ""
    yield Choice("date", "dates", mapping.date), "", _dates(guess)
    yield Choice("decimal", "decimal mark", DECIMALS[mapping.decimal]), "", ""
    yield Choice("delimiter", "delimiter", MARKS[mapping.delimiter]), "", ""
    yield Choice("encoding", "encoding", guess.encoding), "", ""
    yield Choice("sign", "sign of", mapping.sign.value), "", "below zero is sold, or paid"
    yield Choice("net", "amounts", "after fees" if mapping.net else "before fees"), "", ""


def _dates(guess: MappingGuess) -> str:
    return f"could be {' or '.join(guess.dates)}" if len(guess.dates) > 1 else ""


def _titled(choice: Choice) -> str:
    if choice.what == "kind":
        return f"the word {choice.name}"
    return f"every row's {choice.name}" if choice.what == "constant" else choice.name


def _shown(choice: Choice) -> str:
    if choice.value:
        return choice.value.replace("_", " ")
    return {"date": "ISO", "constant": "not told"}.get(choice.what, "nothing")


def _of(names: dict[str, str], value: str) -> str:
    return next(mark for mark, name in names.items() if name == value)
