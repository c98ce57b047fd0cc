"""Untrusted CSV and XML: rows by the names of their columns, elements without a DTD."""

import csv
from collections.abc import Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from tio.api.clean import clean
from tio.engine.feeds.frames import Garbage

_DEEPEST = 32
_MOST = 1_000_000


def as_text(body: str | bytes) -> str:
    """A body as text, without a byte-order mark; what is not UTF-8 is replaced."""
    text = body.decode("utf-8", errors="replace") if isinstance(body, bytes) else body
    return text.lstrip("\ufeff")


def is_page(body: str | bytes) -> bool:
    """Whether an answer is a web page, which no data is."""
    opening = as_text(body[:400]).lstrip().lower()
    return opening.startswith(("<!doctype html", "<html", "<head", "<script")) or "<html" in opening


def csv_rows(
    body: str | bytes, source: str, needs: frozenset[str] = frozenset()
) -> Iterator[Mapping[str, str]]:
    """The rows of a CSV with a header line; Garbage where it or a row has not the right columns."""
    reader = csv.reader(as_text(body).splitlines())
    try:
        header = [name.strip() for name in next(reader, [])]
        if not needs.issubset(header):
            said = clean(", ".join(header), limit=120)
            raise Garbage(f"not a table of {source}: its columns are {said!r}")
        for row in reader:
            if not row:
                continue
            if len(row) != len(header):
                line = reader.line_num
                raise Garbage(f"not a table of {source}: line {line} has {len(row)} columns")
            yield dict(zip(header, row, strict=True))
    except csv.Error as wrong:
        said = clean(str(wrong), limit=120)
        raise Garbage(f"not a table of {source}: {said}") from None


def elements(body: str | bytes, source: str) -> list[tuple[str, dict[str, str]]]:
    """Names and attributes of an XML document's elements, in order.

    Garbage for what is no XML, and for any that declares a document type or an entity: those can
    be made to grow without bounds or to fetch files.
    """
    found: list[tuple[str, dict[str, str]]] = []
    depth = 0

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST or len(found) >= _MOST:
            raise Garbage(f"not an answer of {source}: its XML is too deep or too long")
        found.append((name, attributes))

    def closed(_: str) -> None:
        nonlocal depth
        depth -= 1

    def declared(*_: object) -> NoReturn:
        raise Garbage(f"an answer of {source} declares a document type, which is not read")

    parser = expat.ParserCreate()
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    parser.ExternalEntityRefHandler = declared
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as wrong:
        if isinstance(wrong, Garbage):
            raise
        said = clean(str(wrong), limit=120)
        raise Garbage(f"not an answer of {source}: {said}") from None
    return found
