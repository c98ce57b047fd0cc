"""The rows of a bar file: unpacked, decoded, its delimiter and header found."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tio.api.clean import clean
from tio.api.errors import Invalid, NotFound, TooLarge
from tio.api.files import RejectedRow
from tio.engine.store import bar_header
from tio.engine.store.bar_header import Header

LARGEST = 256 * 1024 * 1024
"""Bytes of text a file may hold, unpacked."""

_DELIMITERS = ",;\t|"
_SOUGHT = 60


@dataclass(frozen=True)
class Table:
    """Rows with the number of the line each stands on; `cut` says why the file ends too early."""

    name: str
    delimiter: str
    header: Header | None
    lines: list[int]
    rows: list[list[str]]
    rejected: list[RejectedRow] = field(default_factory=list)


def read_table(path: Path) -> Table:
    """The rows of a CSV, gzipped, zipped or plain; Invalid or NotFound when it cannot be read."""
    name, content, cut = _content(path)
    text = _decoded(content)
    if not text.strip():
        raise Invalid(f"{path.name} is empty")
    delimiter, begins, header = _find_header(text)
    table = _rows(name, text, delimiter, begins, header)
    if cut:
        last = table.lines[-1] if table.lines else begins
        table.rejected.append(RejectedRow(last + 1, cut, ""))
    if header is not None and header.volume is not None and len(header.time) == 1:
        return _with_forgotten_time(table, header)
    return table


def rejected(line: int, reason: str, row: Sequence[str]) -> RejectedRow:
    """A row left out, its text cleaned and shortened."""
    return RejectedRow(line, reason, clean(" ".join(row), limit=160))


def _content(path: Path) -> tuple[str, bytes, str]:
    """The name, the unpacked bytes, and what cut them short."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if start[:2] == b"\x1f\x8b":
                return path.name, *_unzipped(file, path)
            if start == b"PK\x03\x04":
                return _from_zip(path)
            return path.name, _limited(file.read(LARGEST + 1), path), ""
    except FileNotFoundError as error:
        raise NotFound(f"no file {path}") from error
    except IsADirectoryError as error:
        raise Invalid(f"{path} is a folder", "name one file in it") from error
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror or error}") from error


def _unzipped(file: io.BufferedReader, path: Path) -> tuple[bytes, str]:
    parts: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=file) as text:
            while part := text.read1(1 << 20):
                parts.append(part)
                size += len(part)
                if size > LARGEST:
                    raise _too_large(path)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        if not parts:
            raise Invalid(f"{path.name} is a broken gzip file: {error}") from error
        return b"".join(parts), f"the file breaks off here: {error}"
    return b"".join(parts), ""


def _from_zip(path: Path) -> tuple[str, bytes, str]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                m for m in archive.infolist() if m.filename.lower().endswith((".csv", ".txt"))
            ]
            if len(members) != 1:
                raise Invalid(
                    f"{path.name} holds {len(members)} CSV files, expected one",
                    "unpack it and import them one by one",
                )
            with archive.open(members[0]) as text:
                return Path(members[0].filename).name, _limited(text.read(LARGEST + 1), path), ""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid(f"{path.name} is a broken zip file: {error}") from error


def _limited(content: bytes, path: Path) -> bytes:
    if len(content) > LARGEST:
        raise _too_large(path)
    return content


def _too_large(path: Path) -> TooLarge:
    return TooLarge(f"{path.name} holds more than {LARGEST >> 20} MB of text", "split the file")


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    return content.decode("utf-8-sig", errors="replace").replace("\0", "\ufffd")


def _find_header(text: str) -> tuple[str, int, Header | None]:
    """The delimiter, how many lines stand before the rows, and the columns if a header is there."""
    for number, line in enumerate(_first_lines(text), start=1):
        for delimiter in _DELIMITERS:
            header = bar_header.recognise(_fields(line, delimiter))
            if header is not None:
                return delimiter, number, header
    first = next((line for line in _first_lines(text) if line.strip()), "")
    return max(_DELIMITERS, key=first.count), 0, None


def _fields(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def _first_lines(text: str) -> Iterator[str]:
    lines = io.StringIO(text, newline="")
    return (line.rstrip("\r\n") for line, _ in zip(lines, range(_SOUGHT), strict=False))


def _rows(name: str, text: str, delimiter: str, begins: int, header: Header | None) -> Table:
    """Line by line: no bar spans two, and a quote left open must not swallow the rest."""
    table = Table(name, delimiter, header, [], [])
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number <= begins or not (line := line.rstrip("\r\n")):
            continue
        row = _fields(line, delimiter) if '"' in line else line.split(delimiter)
        table.lines.append(number)
        table.rows.append(row)
    return table


def _with_forgotten_time(table: Table, header: Header) -> Table:
    """Rows of date, time, … under a header that names only the date."""
    some = table.rows[:50]
    after = header.time[0] + 1
    if some and all(len(row) == header.width + 1 and _is_clock(row[after]) for row in some):
        wider = bar_header.with_split_time(header)
        return Table(table.name, table.delimiter, wider, table.lines, table.rows, table.rejected)
    return table


def _is_clock(text: str) -> bool:
    parts = text.strip().split(":")
    return len(parts) in (2, 3) and all(part.isdigit() for part in parts)
