"""A grid of terminal cells drawn on with named pens; whoever shows it turns pens into colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tio.draw.table import cell_width

Codes = NDArray[np.uint32]
Bytes = NDArray[np.uint8]
Bools = NDArray[np.bool_]

SPACE = 0x20
FULL = 0x2588
BRAILLE = 0x2800
# A noncharacter: no text may hold it.
MARK = 0xFFFF
BOLD, REVERSE = 1, 2
# A packed look: the ink, above it the ground, above it the flags.
GROUND, FLAGS = 5, 10
# Eighths of a cell from its bottom, 0 to 8.
BLOCKS = np.array([ord(character) for character in " ▁▂▃▄▅▆▇█"], np.uint32)


class Pen(IntEnum):
    """What a cell's ink or ground means; `none` is the surface's own ground and plain text."""

    none = 0
    text = 1
    muted = 2
    quiet = 3
    accent = 4
    rise = 5
    fall = 6
    rise_dim = 7
    fall_dim = 8
    blue = 9
    violet = 10
    ground = 11
    marker_rise = 12
    marker_fall = 13
    marker = 14
    area = 15
    fade_rise = 16
    fade_fall = 17
    band = 18
    profile = 19
    profile_value = 20


PENS = tuple(Pen)


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """How a run of cells looks, one object a look; `reverse` swaps ink and ground when shown."""

    ink: Pen
    ground: Pen
    bold: bool
    reverse: bool


Run = tuple[str, Look]
"""Neighbouring cells of one row that look alike."""


def look(ink: Pen, ground: Pen = Pen.none, *, bold: bool = False, reverse: bool = False) -> Look:
    """The one object of a look: looks are compared by identity."""
    return _LOOKS[ink | ground << GROUND | (BOLD * bold | REVERSE * reverse) << FLAGS]


class Canvas:
    """Cells drawn on with pens: arrays `glyph`, `ink`, `ground`, `flags`, shape (height, width).

    A glyph of 0 is the second cell of a wide character.
    """

    def __init__(self, width: int, height: int) -> None:
        self._hold(
            np.full((max(height, 0), max(width, 0)), SPACE, np.uint32),
            np.zeros((3, max(height, 0), max(width, 0)), np.uint8),
        )

    def _hold(self, glyph: Codes, looks: Bytes) -> None:
        self.glyph = glyph
        self._looks = looks
        self.ink, self.ground, self.flags = looks[0], looks[1], looks[2]
        self.height, self.width = glyph.shape

    def pane(self, x: int, y: int, width: int, height: int) -> Canvas:
        """The part of this canvas at (x, y), cut at its border; they share their cells."""
        left, top = max(x, 0), max(y, 0)
        right, bottom = max(x + width, left), max(y + height, top)
        part = Canvas.__new__(Canvas)
        part._hold(self.glyph[top:bottom, left:right], self._looks[:, top:bottom, left:right])
        return part

    def paste(self, x: int, y: int, other: Canvas) -> None:
        """Put another canvas on this one, its corner at (x, y), cut at the borders."""
        here = self.pane(x, y, other.width, other.height)
        rows, columns = slice(0, here.height), slice(0, here.width)
        here.glyph[:] = other.glyph[rows, columns]
        here._looks[:] = other._looks[:, rows, columns]

    def put(
        self,
        x: int,
        y: int,
        text: str,
        ink: Pen = Pen.text,
        ground: Pen | None = None,
        *,
        bold: bool = False,
        reverse: bool = False,
    ) -> int:
        """Write `text` from cell (x, y) on, cut at both borders; returns the column after it.

        A `ground` of None keeps the ground that is there.
        """
        end = x + cell_width(text)
        if not 0 <= y < self.height or x >= self.width or end <= 0 or not self.width:
            return end
        codes = _codes(text)
        if x < 0:
            codes, x = codes[-x:], 0
            codes[0] = SPACE if codes[0] == 0 else codes[0]
        room = self.width - x
        if len(codes) > room:
            split = codes[room] == 0
            codes = codes[:room]
            codes[-1] = SPACE if split else codes[-1]
        span = slice(x, x + len(codes))
        self._part_wide(y, x)
        self._part_wide(y, span.stop)
        self.glyph[y, span] = codes
        self.ink[y, span] = ink
        self.flags[y, span] = BOLD * bold | REVERSE * reverse
        if ground is not None:
            self.ground[y, span] = ground
        return end

    def _part_wide(self, y: int, x: int) -> None:
        """Blank both halves of a wide character that the border left of column `x` cuts in two."""
        if 0 < x < self.width and self.glyph[y, x] == 0:
            self.glyph[y, x - 1 : x + 1] = SPACE

    def stamp(self, where: Bools, glyph: Any, ink: Any, flags: Any = 0) -> None:
        """Write glyphs and inks where the mask is true; grounds stay."""
        np.copyto(self.glyph, glyph, where=where, casting="unsafe")
        np.copyto(self.ink, ink, where=where, casting="unsafe")
        np.copyto(self.flags, flags, where=where, casting="unsafe")

    def blocks(self) -> Bools:
        """True where a block of any height is drawn: a candle's body, volume, an area."""
        blocks: Bools = (self.glyph > 0x2580) & (self.glyph <= FULL)
        return blocks

    def text(self) -> list[str]:
        """The rows without their looks, each exactly `width` cells wide."""
        rows = np.ascontiguousarray(self.glyph, "<u4")
        return [row.tobytes().decode("utf-32-le").replace("\0", "") for row in rows]

    def changed(self, before: Canvas) -> list[int]:
        """The rows that do not look as they did on a canvas of the same size, or all of them."""
        if self.glyph.shape != before.glyph.shape:
            return list(range(self.height))
        other = (self.glyph != before.glyph) | (self._looks != before._looks).any(axis=0)
        return np.flatnonzero(other.any(axis=1)).tolist()

    def rows(self, only: Sequence[int] | None = None) -> list[list[Run]]:
        """The rows, or some of them, as runs of one look, ready for strips or escape sequences.

        A full block becomes a reversed space, which terminals paint without the seams that fonts
        leave between blocks.
        """
        glyph, looks = self.glyph, self._looks
        if only is not None:
            glyph, looks = glyph[list(only)], looks[:, list(only)]
        if not glyph.size:
            return [[] for _ in range(len(glyph))]
        width, flat = self.width, glyph.ravel()
        solid = flat == FULL
        codes = _packed(flat, looks.reshape(3, -1), width)
        codes |= solid.view(np.uint8) * np.uint16(REVERSE << FLAGS)
        starts = np.empty(len(flat), np.bool_)
        np.not_equal(codes[1:], codes[:-1], out=starts[1:])
        starts &= flat != 0
        starts[::width] = True
        at = np.flatnonzero(starts)
        # One split at marks set between the runs is quicker than a slice for each.
        marked = np.insert(np.where(solid, SPACE, flat), at[1:], MARK)
        parts = marked[marked != 0].astype("<u4").tobytes().decode("utf-32-le").split(chr(MARK))
        runs = list(zip(parts, map(_LOOKS.__getitem__, codes[at].tolist()), strict=True))
        first = np.searchsorted(at, np.arange(len(glyph) + 1) * width).tolist()
        return [runs[a:b] for a, b in pairwise(first)]


def _packed(glyph: Codes, looks: Bytes, width: int) -> NDArray[np.uint16]:
    """Each cell's look as one number.

    A space shows no ink: it takes the ink on its left, so words of one pen stay one run.
    """
    ink, ground, flags = looks
    cells = np.arange(len(glyph))
    inked = (glyph != SPACE) | (flags != 0)
    inked[::width] = True
    source = np.maximum.accumulate(np.where(inked, cells, 0))
    packed: NDArray[np.uint16] = ink.take(source).astype(np.uint16)
    packed |= ground.astype(np.uint16) << GROUND
    packed |= flags.astype(np.uint16) << FLAGS
    return packed


class _Looks(dict[int, Look]):
    """Looks by their packed numbers, each made when first asked for."""

    def __missing__(self, packed: int) -> Look:
        flags = packed >> FLAGS
        made = Look(
            PENS[packed & 31],
            PENS[packed >> GROUND & 31],
            bool(flags & BOLD),
            bool(flags & REVERSE),
        )
        return self.setdefault(packed, made)


_LOOKS = _Looks()


def _codes(text: str) -> Codes:
    """Code points, one a cell: 0 after a wide character, combining marks left out."""
    text = text.replace("\0", " ").replace(chr(MARK), "\ufffd")
    if text.isascii():
        return np.frombuffer(text.encode("utf-32-le"), "<u4").astype(np.uint32)
    codes: list[int] = []
    for character in text:
        codes.extend([ord(character), 0][: cell_width(character)])
    return np.array(codes, np.uint32)
