"""A mapping told at the shell: `date=Datum,quantity=Stück,decimal=comma,kind.Kauf=buy`."""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from tio.api.errors import Invalid
from tio.api.mappings import (
    ColumnMapping,
    CsvField,
    CsvSign,
    Delimiter,
    Encoding,
    MappingGuess,
    with_column,
    with_constant,
    with_kind,
)
from tio.api.portfolio import TransactionKind

EXAMPLE = "as --map date=Datum,quantity=Stück,all.currency=EUR,kind.Kauf=buy,decimal=comma"
GUESSED = "guess"
"""What says that the mapping is as it is guessed."""
_MARKS: dict[str, Delimiter] = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_DECIMALS = {"comma": ",", "point": ".", ",": ",", ".": "."}
_ENCODINGS: tuple[Encoding, ...] = (
    *("utf-8", "utf-16", "cp1252", "cp1250", "cp1251"),
    *("iso-8859-15", "mac-roman", "cp850", "shift-jis", "gb18030"),
)
_DATES = {"day-first": "%d", "month-first": "%m"}
_NAMES = re.compile(r"(?:^|,)\s*((?:all|kind)\.[^=,]+|[A-Za-z]+)=")


def pairs(words: Sequence[str]) -> list[tuple[str, str]]:
    """NAME and value of each part; a value may have commas. Invalid."""
    told = []
    for word in words:
        if word.strip() == GUESSED:
            continue
        found = list(_NAMES.finditer(word))
        if not found or found[0].start():
            raise Invalid(f"--map {word[:60]!r} names no column", EXAMPLE)
        ends = [each.start() for each in found[1:]] + [len(word)]
        told += [
            (e[1].strip(), word[e.end() : at].strip()) for e, at in zip(found, ends, strict=True)
        ]
    return told


def encoding(told: Sequence[tuple[str, str]]) -> Encoding:
    """The encoding told, "" where none is; Invalid."""
    value = dict(told).get("encoding", "")
    found = next((each for each in _ENCODINGS if each == value.lower()), None)
    if value and found is None:
        raise Invalid(f"encoding={value[:40]} is not known", f"one of {', '.join(_ENCODINGS)}")
    return found or ""


def delimiter(told: Sequence[tuple[str, str]]) -> Delimiter:
    """The delimiter told, "" where none is; Invalid."""
    value = dict(told).get("delimiter", "")
    if value and value not in _MARKS:
        raise Invalid(f"delimiter={value[:40]} is not known", f"one of {', '.join(_MARKS)}")
    return _MARKS.get(value, "")


def laid_over(guess: MappingGuess, told: Sequence[tuple[str, str]]) -> ColumnMapping:
    """The mapping guessed, with what is told in place of what was guessed; Invalid."""
    mapping = guess.mapping
    named = {each.column.lower(): each.column for each in guess.columns}
    for name, value in told:
        if name.startswith("all."):
            mapping = with_constant(mapping, _field(name[4:]), value)
        elif name.startswith("kind."):
            mapping = with_kind(mapping, name[5:], _kind(value))
        elif name not in ("encoding", "delimiter"):
            mapping = _set(mapping, guess, named, name, value)
    return mapping


def _set(
    mapping: ColumnMapping, guess: MappingGuess, named: dict[str, str], name: str, value: str
) -> ColumnMapping:
    match name:
        case "dates":
            return replace(mapping, date=_date(guess, value))
        case "decimal" if value in _DECIMALS:
            return replace(mapping, decimal="," if _DECIMALS[value] == "," else ".")
        case "sign" if value in list(CsvSign):
            return replace(mapping, sign=CsvSign(value))
        case "net":
            return replace(mapping, net=value.lower() in ("yes", "on", "true", "1"))
        case "decimal" | "sign":
            raise Invalid(f"{name}={value[:40]} is not known", EXAMPLE)
    field = _field(name)
    if value and value.lower() not in named:
        raise Invalid(
            f"the file has no column {value[:60]!r}", f"it has {', '.join(named.values())[:300]}"
        )
    return with_column(mapping, field, named.get(value.lower(), ""))


def _date(guess: MappingGuess, value: str) -> str:
    if value in _DATES:
        found = next((each for each in guess.dates if each.startswith(_DATES[value])), None)
        if found is None:
            raise Invalid(f"no dates of the file are {value}", "dates=%d.%m.%Y tells the format")
        return found
    if value and "%" not in value:
        raise Invalid(f"dates={value[:40]} is no format", "day-first, month-first or as %d.%m.%Y")
    return value


def _field(name: str) -> CsvField:
    try:
        return CsvField(name.strip().lower())
    except ValueError:
        more = "dates, decimal, delimiter, encoding, sign, net"
        known = f"{', '.join(CsvField)}; {more}"
        raise Invalid(f"--map {name[:40]}= is not known", f"known are {known}") from None


def _kind(value: str) -> TransactionKind:
    try:
        return TransactionKind(value.lower())
    except ValueError:
        known = ", ".join(TransactionKind)
        raise Invalid(f"there is no kind of entry {value[:40]!r}", f"one of {known}") from None


def parts(mapping: ColumnMapping) -> Iterator[tuple[str, str]]:
    """A mapping as it would be told."""
    marks = {mark: name for name, mark in _MARKS.items()}
    yield from ((each.field.value, each.column) for each in mapping.columns)
    yield from ((f"all.{each.field}", each.value) for each in mapping.constants)
    yield from ((f"kind.{each.word}", each.kind.value) for each in mapping.kinds)
    yield "dates", mapping.date or "ISO"
    yield "decimal", "comma" if mapping.decimal == "," else "point"
    yield "delimiter", marks[mapping.delimiter]
    if mapping.encoding:
        yield "encoding", mapping.encoding
    if mapping.sign is not CsvSign.words:
        yield "sign", mapping.sign.value
    if mapping.net:
        yield "net", "yes"
