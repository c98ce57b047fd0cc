"""Tables of words and figures: columns as wide as what stands in them, those that fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tio.draw.table import cell_width, fit
from tio.screens.widgets.lines import Line

Cell = tuple[str, str]
"""A text and its ink."""
LEAST = 8
"""Cells a column of words keeps where it is cut."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: those of rank 0 are always there, the others from the lowest rank on as they fit.

    Columns of one rank come together or not at all. One that `gives` may be cut to LEAST cells.
    """

    title: str
    rank: int = 0
    right: bool = True
    gives: bool = False


def columned(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int
) -> tuple[Line, list[Line]]:
    """A header and a line a row, at most `width` cells wide where the columns of rank 0 are.

    A column in which nothing stands is left out.
    """
    kept = [tuple(row) for row in rows]
    natural = [max(rooms) for rooms in zip(*map(_rooms, kept), strict=True)] or [0] * len(columns)
    there = [at for at, room in enumerate(natural) if room or not columns[at].rank]
    widths = {at: max(natural[at], cell_width(columns[at].title)) for at in there}
    chosen = _fitting(columns, widths, width)
    titles = [fit(columns[at].title, room, right=columns[at].right) for at, room in chosen]
    places = tuple((at, room, columns[at].right) for at, room in chosen)
    return [(" ".join(titles), "muted")], [_line(row, places) for row in kept]


def _fitting(
    columns: Sequence[Column], widths: dict[int, int], width: int
) -> list[tuple[int, int]]:
    """The columns there is room for and the width of each, in the order they stand."""
    left, chosen = width + 1, dict[int, int]()
    for rank in sorted({columns[at].rank for at in widths}):
        here = {at: widths[at] for at in widths if columns[at].rank == rank}
        gives = all(columns[at].gives for at in here)
        needed = sum(here.values()) + len(here)
        if rank and needed > left and gives and left > LEAST:
            here, needed = dict.fromkeys(here, left // len(here) - 1), left
        if not rank or needed <= left:
            chosen |= here
            left -= needed
        elif not gives:
            break
    return sorted(chosen.items())


# Most rows are as they were a moment ago.
@lru_cache(maxsize=8192)
def _rooms(row: tuple[Cell, ...]) -> tuple[int, ...]:
    return tuple(cell_width(text) for text, _ in row)


@lru_cache(maxsize=8192)
def _line(row: tuple[Cell, ...], places: tuple[tuple[int, int, bool], ...]) -> Line:
    return [(fit(row[at][0], room, right=right) + " ", row[at][1]) for at, room, right in places]
