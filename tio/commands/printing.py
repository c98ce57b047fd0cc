"""How commands print: tables for people, JSON and CSV for programs."""

import csv
import io
import re
import sys
from collections.abc import Collection, Iterable, Sequence

from tio.api.clean import clean
from tio.draw.table import cell_width, fit

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
RIGHT = frozenset({"LAST", "BID", "ASK", "CHG%", "VOLUME", "OPEN", "HIGH", "LOW", "CLOSE"})


def say(text: str) -> None:
    """A line for the person, on standard error: standard output is for results."""
    print(clean(text, prose=True), file=sys.stderr)


def agreed(question: str) -> bool:
    """What a person at the terminal answers, y or n; Invalid where nobody is there to ask."""
    from tio.api.errors import Invalid

    if not sys.stdin.isatty():
        raise Invalid("nobody is there to be asked", "add --yes")
    print(f"{clean(question, prose=True)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def print_json(value: object) -> None:
    """One document of any value of the api, indented on a terminal."""
    import msgspec

    from tio.api.codec import encode

    data = encode(value)
    if sys.stdout.isatty():
        data = msgspec.json.format(data, indent=2)
    print_bytes(data)


def print_bytes(data: bytes) -> None:
    """JSON that came over the wire; its texts are escaped as JSON escapes controls."""
    text = data.decode()
    print(clean(text, prose=True, limit=len(text)))


def print_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Rows for a spreadsheet; a text that would be a formula there is quoted."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    sys.stdout.write(out.getvalue())


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str] = RIGHT
) -> None:
    """Columns two blanks apart; words on the left, those in `right` on the right."""
    cleaned = [[clean(cell) for cell in row] for row in rows]
    widths = [
        max(cell_width(cells[i]) for cells in ([*header], *cleaned)) for i in range(len(header))
    ]
    for cells in ([*header], *cleaned):
        parts = [
            fit(cell, width, right=name in right)
            for name, cell, width in zip(header, cells, widths, strict=True)
        ]
        print("  ".join(parts).rstrip())


def _harmless(cell: object) -> object:
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = clean(cell)
        formula = text[:1] in tuple("=+-@") and len(text) > 1 and not _NUMBER.fullmatch(text)
        return f"'{text}" if formula else text
    return cell
