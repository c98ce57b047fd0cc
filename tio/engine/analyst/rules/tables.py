"""Rows in columns of a fixed width, one blank between them, and signed figures for them."""

from collections.abc import Collection, Sequence
from math import isfinite

from tio.api.analyst import ReportLine
from tio.api.grounding import CitedFact
from tio.engine.analyst.rules.scope import line, number

UNTOLD = "–"
Row = tuple[Sequence[str], Sequence[CitedFact]]
"""A row's cells and the figures in them."""


def table(
    header: Sequence[str], rows: Sequence[Row], words: Collection[str] = ("SYMBOL",)
) -> tuple[ReportLine, ...]:
    """The heading and the rows; columns named in `words` stand on the left, others on the right."""
    columns = [
        max(len(cell) for cell in (title, *(cells[i] for cells, _ in rows)))
        for i, title in enumerate(header)
    ]

    def text(cells: Sequence[str]) -> str:
        set_out = (
            cell.ljust(width) if title in words else cell.rjust(width)
            for title, cell, width in zip(header, cells, columns, strict=True)
        )
        return "  ".join(set_out).rstrip()

    return (line(text(header)), *(line(text(cells), *figures) for cells, figures in rows))


def signed(value: float | None, digits: int = 1) -> str:
    """With its sign, a true minus; a dash for what is not known."""
    if value is None or not isfinite(value):
        return UNTOLD
    rounded = round(value, digits)
    return f"+{number(value, digits)}" if rounded > 0 else number(rounded + 0.0, digits)


def amount(value: float | None, digits: int = 1) -> str:
    return UNTOLD if value is None or not isfinite(value) else number(value, digits)
