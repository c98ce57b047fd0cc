"""A report laid out on a page: the verdict on top, its sections in one or two columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from itertools import groupby

from tio.api.analyst import Report
from tio.draw import prose
from tio.draw.prose import Row, Run
from tio.screens.widgets import report_blocks as blocks
from tio.screens.widgets.report_blocks import Block, Stand

TWO = 100
"""Cells from which two columns stand side by side."""
_GAP = 3
_INDENT = 1


@dataclass(frozen=True)
class Cell:
    """A row of a column: where it begins, what stands there, the place it belongs to."""

    left: int
    width: int
    row: Row
    place: int | None = None


@dataclass(frozen=True)
class Place:
    """Where one may stand: from which row, how many, in which column."""

    stand: Stand
    top: int
    height: int
    left: int


@dataclass
class Page:
    """Rows of cells, the places one may stand on, and the first place of each block."""

    rows: list[list[Cell]] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def _lay(self, block: Block, left: int, width: int, at: int) -> int:
        """A block from a row on; the row after it and its blank one."""
        if block.title:
            line = "─" * max(width - len(block.title) - 2, 0)
            self.put(at, Cell(left, width, (Run(f"{block.title} ", "accent"), Run(line, "quiet"))))
            at += 1
        first = True
        for item in block.items:
            place = None
            made = item.rows(max(width - _INDENT, 8))
            if item.stand is not None:
                place = len(self.places)
                self.places.append(Place(item.stand, at, len(made), left))
                if first:
                    self.starts.append(place)
                first = False
            for row in made:
                self.put(at, Cell(left, width, row, place))
                at += 1
        return at + 1

    def put(self, at: int, cell: Cell) -> None:
        while len(self.rows) <= at:
            self.rows.append([])
        self.rows[at].append(cell)

    def one(self, made: Sequence[Block], width: int, at: int) -> int:
        """Blocks one under another over the whole width."""
        for block in made:
            at = self._lay(block, 0, width, at)
        return at

    def two(self, made: Sequence[Block], width: int, at: int) -> int:
        """Blocks in two columns of about the same height, in their order."""
        wide = (width - _GAP) // 2
        tall = [_height(each, wide) for each in made]
        cut = min(range(1, len(made) + 1), key=lambda n: max(sum(tall[:n]), sum(tall[n:])))
        ends = [at]
        for left, part in ((0, made[:cut]), (wide + _GAP, made[cut:])):
            row = at
            for block in part:
                row = self._lay(block, left, wide, row)
            ends.append(row)
        return max(ends)


def page_of(report: Report, width: int, zone: tzinfo) -> Page:
    """The whole report at a width in cells."""
    page, at = Page(), 0
    two = width >= TWO
    at = page.one((blocks.head(report, zone),), width, at)
    sides = blocks.verdict(report)
    if sides:
        at = page.two(sides, width, at) if two else page.one(sides, width, at)
    half = (width - _GAP) // 2 - _INDENT
    for wide, group in groupby(blocks.rest(report), lambda each: each.least > half):
        made = list(group)
        lay = page.one if wide or not two or len(made) == 1 else page.two
        at = lay(made, width, at)
    if report.advice:
        for row in prose.laid(report.advice, width - _INDENT, ink="muted"):
            page.put(at, Cell(0, width, row))
            at += 1
    return page


def _height(block: Block, width: int) -> int:
    return bool(block.title) + 1 + sum(len(each.rows(width - _INDENT)) for each in block.items)
