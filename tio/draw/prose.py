"""Prose as lines of cells: a little Markdown, wrapped, its figures marked where they stand.

What is understood: headings, lists, tables, fenced code, `**bold**`, `` `code` ``; all else is
text. Places are counted in characters of the text as it came. A text that grows is laid anew only
where it grows: lines that are over are kept as they were laid.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate, groupby

from tio.draw.table import cell_width

PLAIN = "text"
KEPT = 2_000
"""Characters of a line that is still kept as it was laid."""
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HEADING = re.compile(r"#{1,6}\s+")
_ITEM = re.compile(r"(\s*)(?:[-*+•]|(\d{1,3}[.)]))\s+")
_INLINE = re.compile(r"\*\*|__|`|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)")
_RULE = re.compile(r"\|?[\s:|-]*-[\s:|-]*\|?$")
_NUMBER = re.compile(r"[-\u2212+]?\d+(?:[\u2009,]\d{3})*(?:\.\d+)?")
_INKS = {"**": "bold", "__": "bold", "`": "blue"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the text that is shown otherwise: in `ink`, with `note` behind it.

    `thing` is what it stands for, given back with the cells it takes.
    """

    start: int
    end: int
    ink: str
    note: str = ""
    thing: object = None


@dataclass(frozen=True, slots=True)
class Run:
    """Cells of one ink; `thing` is what the mark they are of stands for."""

    text: str
    ink: str = PLAIN
    thing: object = None


Row = tuple[Run, ...]
_Look = tuple[str, object]
"""The ink and the thing of a character."""
_BLANK: _Look = (PLAIN, None)


@dataclass(frozen=True, slots=True)
class _Cells:
    """Characters, and the look of each."""

    text: str = ""
    looks: tuple[_Look, ...] = ()

    def part(self, start: int, end: int | None = None) -> "_Cells":
        return _Cells(self.text[start:end], self.looks[start:end])

    def __add__(self, other: "_Cells") -> "_Cells":
        return _Cells(self.text + other.text, self.looks + other.looks)

    def stripped(self) -> "_Cells":
        """Without the blanks at both ends."""
        start = len(self.text) - len(self.text.lstrip(" "))
        return self.part(start, max(len(self.text.rstrip(" ")), start))

    def inked(self, ink: str) -> "_Cells":
        return _Cells(self.text, tuple((ink, thing) for _, thing in self.looks))


def numbers(text: str, at: int = 0) -> Iterator[re.Match[str]]:
    """The numbers of a text from a place on, with their sign and grouping."""
    return _NUMBER.finditer(text, at)


def superscript(number: int) -> str:
    """A number as it stands behind a figure."""
    return str(number).translate(_SUPERSCRIPT)


def laid(text: str, width: int, marks: Sequence[Mark] = (), ink: str = PLAIN) -> list[Row]:
    """The text in rows of at most `width` cells."""
    rows: list[Row] = []
    width, fenced = max(width, 8), False
    table: list[tuple[str, tuple[Mark, ...]]] = []
    lines = text.split("\n")
    for line, here in zip(lines, _by_line(lines, marks), strict=True):
        begins = line.lstrip()
        if begins.startswith("```"):
            fenced = not fenced
            continue
        tabular = begins.startswith("|") and not fenced
        if table and not tabular:
            rows += _table(tuple(table), ink, width)
            table = []
        if tabular:
            if not _RULE.match(line.strip()):
                table.append((line, here))
        else:
            lay = _kept if len(line) <= KEPT else _line
            rows += lay(line, here, "blue" if fenced else ink, width, fenced)
    return rows + _table(tuple(table), ink, width) if table else rows


def _by_line(lines: Sequence[str], marks: Sequence[Mark]) -> Iterator[tuple[Mark, ...]]:
    """The marks of each line, their places counted from its begin."""
    left, at = sorted(marks, key=lambda mark: mark.start), 0
    for line in lines:
        end = at + len(line)
        here = []
        while left and left[0].start < end:
            here.append(left.pop(0))
        yield tuple(replace(each, start=each.start - at, end=each.end - at) for each in here)
        left[:0] = [each for each in here if each.end > end + 1]
        at = end + 1


def _line(line: str, marks: tuple[Mark, ...], ink: str, width: int, fenced: bool) -> list[Row]:
    """A line of code, a heading, an item of a list or a paragraph, in its rows."""
    cells = _cells(line, marks, ink, plain=fenced)
    if fenced:
        return _wrapped(cells, width, words=False)
    heading = _HEADING.match(line)
    if heading:
        return _wrapped(cells.part(heading.end()).inked("bold"), width)
    item = _ITEM.match(line)
    if item is None:
        return _wrapped(cells, width)
    indent = " " * min(len(item[1]), width // 4)
    bullet = f"{item[2] or '·'} "
    return _wrapped(cells.part(len(item[0])), width, indent + bullet, " " * len(indent + bullet))


_kept = lru_cache(maxsize=4_096)(_line)


def _cells(line: str, marks: Sequence[Mark], ink: str, *, plain: bool) -> _Cells:
    """The characters of a line as they are shown, notes of marks among them."""
    looks: list[_Look] = [(ink, None)] * len(line)
    hidden: set[int] = set()
    if not plain:
        _markdown(line, looks, hidden)
    notes: dict[int, Mark] = {}
    for mark in marks:
        start, end = max(mark.start, 0), min(mark.end, len(line))
        looks[start:end] = [(mark.ink, mark.thing)] * max(end - start, 0)
        hidden.difference_update(range(start, end))
        if mark.note and start <= mark.end <= len(line):
            notes[mark.end] = mark
    if not hidden and not notes:
        return _Cells(line, tuple(looks))
    text, shown = list[str](), list[_Look]()
    for place, char in enumerate((*line, "")):
        if (noted := notes.get(place)) is not None:
            # A number stands in blue, words muted.
            tone = "muted" if noted.note.startswith(" ") else "blue"
            text.append(noted.note)
            shown += [(tone, noted.thing)] * len(noted.note)
        if char and place not in hidden:
            text.append(char)
            shown.append(looks[place])
    return _Cells("".join(text), tuple(shown))


def _markdown(line: str, looks: list[_Look], hidden: set[int]) -> None:
    """Hide marks of emphasis that are closed again, and ink what is between them."""
    opened: dict[str, int] = {}
    item = _ITEM.match(line)
    for found in _INLINE.finditer(line, item.end() if item else 0):
        sign = found[0]
        if sign not in opened:
            opened[sign] = found.start()
            continue
        start = opened.pop(sign)
        begin = start + len(sign)
        if found.start() <= begin:
            continue
        looks[begin : found.start()] = [(_INKS.get(sign, "italic"), None)] * (found.start() - begin)
        hidden.update(range(start, begin), range(found.start(), found.end()))


def _wrapped(
    cells: _Cells, width: int, first: str = "", later: str = "", *, words: bool = True
) -> list[Row]:
    """Rows broken between words; a word too long for a row is broken within."""
    text, rows, indent, at = cells.text, list[Row](), first, 0
    ends = None if text.isascii() else [0, *accumulate(map(cell_width, text))]
    while True:
        room = max(width - cell_width(indent), 1)
        stop = at + room if ends is None else bisect_right(ends, ends[at] + room) - 1
        stop = max(stop, at + 1)
        after = stop
        if stop < len(text) and words:
            blank = text.rfind(" ", at, stop + 1)
            kept = len(text[at : max(blank, at)].rstrip(" "))
            if kept:
                stop, after = at + kept, blank + 1
            while after < len(text) and text[after] == " ":
                after += 1
        rows.append(_row(cells, at, stop, indent))
        if after >= len(text):
            return rows
        at, indent = after, later


def _row(cells: _Cells, start: int, end: int, indent: str = "") -> Row:
    """Neighbours of one look put together."""
    runs, at = [Run(indent)] if indent else [], start
    for (ink, thing), same in groupby(cells.looks[start:end]):
        to = at + len(tuple(same))
        if runs and runs[-1].ink == ink and runs[-1].thing is thing:
            runs[-1] = Run(runs[-1].text + cells.text[at:to], ink, thing)
        else:
            runs.append(Run(cells.text[at:to], ink, thing))
        at = to
    return tuple(runs)


def _split(cells: _Cells) -> list[_Cells]:
    """The cells of a table's row, without the bars and the blanks beside them."""
    bars = [i for i, c in enumerate(cells.text) if c == "|" and cells.looks[i][1] is None]
    starts = [0, *(bar + 1 for bar in bars)]
    ends = [*bars, len(cells.text)]
    made = [cells.part(*each).stripped() for each in zip(starts, ends, strict=True)]
    return made[1 : -1 if not made[-1].text else None] if not made[0].text else made


@lru_cache(maxsize=256)
def _table(lines: tuple[tuple[str, tuple[Mark, ...]], ...], ink: str, width: int) -> list[Row]:
    """Columns two blanks apart; where they do not fit, each row as a line of its cells."""
    table = [_split(_cells(line, marks, ink, plain=False)) for line, marks in lines]
    columns = [[row[i] for row in table if i < len(row)] for i in range(max(map(len, table)))]
    sizes = [max(cell_width(each.text) for each in column) for column in columns]
    if sum(sizes) + 2 * (len(sizes) - 1) > width:
        rows: list[Row] = []
        for row in table:
            rows += _wrapped(_joined(row).stripped(), width, "", "  ")
        return rows
    figures = [i > 0 and _numeric(table, i) for i in range(len(sizes))]
    made = []
    for number, row in enumerate(table):
        parts = []
        for part, size, right in zip(row, sizes, figures, strict=False):
            told = part.inked("muted") if number == 0 else part
            pad = _blanks(size - cell_width(part.text))
            parts.append(pad + told if right else told + pad)
        cells = _joined(parts)
        made.append(_row(cells, 0, len(cells.text.rstrip(" "))))
    return made


def _joined(parts: Sequence[_Cells]) -> _Cells:
    """Cells two blanks apart."""
    looks: list[_Look] = []
    for part in parts:
        looks += (*part.looks, _BLANK, _BLANK)
    return _Cells("".join(f"{part.text}  " for part in parts), tuple(looks))


def _blanks(count: int) -> _Cells:
    return _Cells(" " * count, (_BLANK,) * count)


def _numeric(table: Sequence[Sequence[_Cells]], column: int) -> bool:
    """Whether what stands below a column's head are figures."""
    texts = [row[column].text for row in table[1:] if column < len(row)]
    return bool(texts) and all(re.match(r"[~+−\-$€£(]?\d", text) for text in texts if text)
