"""Mappings as they are told and kept, and which of those kept a file's header fits."""

from collections.abc import Iterator, Sequence

from tio.api.errors import Invalid
from tio.api.mappings import (
    ColumnMapping,
    Encoding,
    FieldColumn,
    FieldConstant,
    KindWord,
    SavedMapping,
)
from tio.engine.portfolio.importing.mapped import Mapping
from tio.engine.portfolio.importing.records import first_records
from tio.engine.portfolio.importing.texts import text_of


def meant(told: ColumnMapping) -> Mapping:
    """A mapping to read by."""
    return Mapping(
        columns={each.field: each.column for each in told.columns},
        constants={each.field: each.value for each in told.constants},
        kinds={each.word.lower(): each.kind for each in told.kinds},
        date=told.date,
        decimal=told.decimal,
        delimiter=told.delimiter,
        sign=told.sign,
        net=told.net,
    )


def told(mapping: Mapping, encoding: Encoding = "") -> ColumnMapping:
    """A mapping as it is told."""
    return ColumnMapping(
        columns=tuple(FieldColumn(field, name) for field, name in mapping.columns.items()),
        constants=tuple(FieldConstant(field, text) for field, text in mapping.constants.items()),
        kinds=tuple(KindWord(each, kind) for each, kind in mapping.kinds.items()),
        date=mapping.date,
        decimal="," if mapping.decimal == "," else ".",
        delimiter=mapping.delimiter,  # type: ignore[arg-type]
        encoding=encoding,
        sign=mapping.sign,
        net=mapping.net,
    )


def header_of(data: bytes, mapping: ColumnMapping) -> tuple[str, ...]:
    """The first line that has all the columns; Invalid naming those no line has."""
    wanted = {plain(each.column) for each in mapping.columns}
    found: set[str] = set()
    for cells in _first(data, mapping):
        if wanted <= set(cells):
            return cells
        found |= wanted & set(cells)
    lacks = ", ".join(sorted(wanted - found)) or "one line with all of them"
    raise Invalid(f"the file has no such header: it lacks {lacks}", "`--map` names its columns")


def fitting(data: bytes, kept: Sequence[SavedMapping]) -> SavedMapping | None:
    """The mapping kept for a file with this header, the newest of several."""
    for saved in sorted(kept, key=lambda each: each.saved_at, reverse=True):
        if any(cells == saved.header for cells in _first(data, saved.mapping)):
            return saved
    return None


def plain(column: str) -> str:
    return column.strip().lower()


def _first(data: bytes, mapping: ColumnMapping) -> Iterator[tuple[str, ...]]:
    """The lines a header is sought in, as headers are kept."""
    text = text_of(data[:_BEGINNING], mapping.encoding)
    yield from (tuple(map(plain, cells)) for cells in first_records(text, mapping.delimiter))


_BEGINNING = 262_144
