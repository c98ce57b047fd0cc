"""Prose as lines of cells: a little Markdown, wrapped, its figures marked where they stand.

What is understood: headings, lists, tables, fenced code, `**bold**`, `` `code` ``; all else is
text. Places are counted in characters of the text as it came.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tio.draw.table import cell_width

PLAIN = "text"
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
_Cell = tuple[str, str, object]
"""One character, its ink and its thing."""


def numbers(text: str, at: int = 0) -> Iterator[re.Match[str]]:
    """The numbers of a text from a place on, with their sign and grouping."""
    return _NUMBER.finditer(text, at)


def superscript(number: int) -> str:
    """A number as it stands behind a figure."""
    return str(number).translate(_SUPERSCRIPT)


def laid(text: str, width: int, marks: Sequence[Mark] = (), ink: str = PLAIN) -> list[Row]:
    """The text in rows of at most `width` cells."""
    rows: list[Row] = []
    width, at, fenced = max(width, 8), 0, False
    table: list[list[list[_Cell]]] = []
    for line in text.split("\n"):
        begin, at = at, at + len(line) + 1
        if line.lstrip().startswith("```"):
            fenced = not fenced
            continue
        cells = _cells(line, begin, marks, "blue" if fenced else ink, plain=fenced)
        tabular = line.lstrip().startswith("|") and not fenced
        if table and not tabular:
            rows += _table(table, width)
            table = []
        if tabular:
            if not _RULE.match(line.strip()):
                table.append(_split(cells))
        elif fenced:
            rows += _chopped(cells, width)
        else:
            rows += _paragraph(line, cells, width)
    rows += _table(table, width) if table else []
    return rows


def _paragraph(line: str, cells: list[_Cell], width: int) -> list[Row]:
    heading = _HEADING.match(line)
    if heading:
        return _wrapped([(c, "bold", t) for c, _, t in cells[heading.end() :]], width, "", "")
    item = _ITEM.match(line)
    if item is None:
        return _wrapped(cells, width, "", "")
    indent = " " * min(len(item[1]), width // 4)
    bullet = f"{item[2] or '·'} "
    rest = cells[len(item[0]) :]
    return _wrapped(rest, width, indent + bullet, " " * len(indent + bullet))


def _cells(line: str, begin: int, marks: Sequence[Mark], ink: str, *, plain: bool) -> list[_Cell]:
    """The characters of a line as they are shown, notes of marks among them."""
    here = [mark for mark in marks if mark.start < begin + len(line) and mark.end > begin]
    inks = [ink] * len(line)
    things: list[object] = [None] * len(line)
    shown = [True] * len(line)
    if not plain:
        _markdown(line, inks, shown)
    notes: dict[int, Mark] = {}
    for mark in here:
        for place in range(max(mark.start - begin, 0), min(mark.end - begin, len(line))):
            inks[place], things[place], shown[place] = mark.ink, mark.thing, True
        if mark.note:
            notes[mark.end - begin] = mark
    made: list[_Cell] = []
    for place, char in enumerate(line):
        if place in notes:
            made += _note(notes[place])
        if shown[place]:
            made.append((char, inks[place], things[place]))
    if len(line) in notes:
        made += _note(notes[len(line)])
    return made


def _note(mark: Mark) -> list[_Cell]:
    """What stands behind a mark: a number in blue, words muted."""
    ink = "muted" if mark.note.startswith(" ") else "blue"
    return [(char, ink, mark.thing) for char in mark.note]


def _markdown(line: str, inks: list[str], shown: list[bool]) -> None:
    """Hide marks of emphasis that are closed again, and ink what is between them."""
    opened: dict[str, int] = {}
    item = _ITEM.match(line)
    for found in _INLINE.finditer(line, item.end() if item else 0):
        sign = found[0]
        if sign not in opened:
            opened[sign] = found.start()
            continue
        start = opened.pop(sign)
        if found.start() - start <= len(sign):
            continue
        for place in range(start + len(sign), found.start()):
            inks[place] = _INKS.get(sign, "italic")
        for place in (*range(start, start + len(sign)), *range(found.start(), found.end())):
            shown[place] = False


def _wrapped(cells: list[_Cell], width: int, first: str, later: str) -> list[Row]:
    """Rows broken between words; a word too long for a row is broken within."""
    rows: list[Row] = []
    indent, line, used = first, list[_Cell](), cell_width(first)

    def end() -> None:
        nonlocal indent, line, used
        rows.append(_row([*((c, PLAIN, None) for c in indent), *line]))
        indent, line, used = later, [], cell_width(later)

    for word in _words(cells):
        size = sum(cell_width(c) for c, _, _ in word)
        if line and used + size > width and word[0][0] != " ":
            while line and line[-1][0] == " ":
                line.pop()
            end()
        for cell in word:
            if used + cell_width(cell[0]) > width:
                if cell[0] == " ":
                    continue
                end()
            if not (cell[0] == " " and not line and rows):
                line.append(cell)
                used += cell_width(cell[0])
    end()
    return rows


def _words(cells: list[_Cell]) -> list[list[_Cell]]:
    """Words and the blanks between them, each a group."""
    groups: list[list[_Cell]] = []
    for cell in cells:
        if groups and (groups[-1][0][0] == " ") == (cell[0] == " "):
            groups[-1].append(cell)
        else:
            groups.append([cell])
    return groups


def _chopped(cells: list[_Cell], width: int) -> list[Row]:
    return [_row(cells[at : at + width]) for at in range(0, max(len(cells), 1), width)]


def _split(cells: list[_Cell]) -> list[list[_Cell]]:
    """The cells of a table's row, without the bars and the blanks beside them."""
    parts: list[list[_Cell]] = [[]]
    for cell in cells:
        if cell[0] == "|" and cell[2] is None:
            parts.append([])
        else:
            parts[-1].append(cell)
    made = [_stripped(part) for part in parts]
    return made[1 : -1 if not made[-1] else None] if not made[0] else made


def _stripped(cells: list[_Cell]) -> list[_Cell]:
    begin, end = 0, len(cells)
    while begin < end and cells[begin][0] == " ":
        begin += 1
    while end > begin and cells[end - 1][0] == " ":
        end -= 1
    return cells[begin:end]


def _table(table: list[list[list[_Cell]]], width: int) -> list[Row]:
    """Columns two blanks apart; where they do not fit, each row as a line of its cells."""
    count = max(map(len, table))
    sizes = [max((_size(row[i]) for row in table if i < len(row)), default=0) for i in range(count)]
    gap: list[_Cell] = [(" ", PLAIN, None)] * 2
    if sum(sizes) + 2 * (count - 1) > width:
        rows: list[Row] = []
        for line in table:
            joined = [cell for part in line for cell in (*part, *gap)]
            rows += _wrapped(_stripped(joined), width, "", "  ")
        return rows
    made = []
    for number, line in enumerate(table):
        cells: list[_Cell] = []
        for i, part in enumerate(line):
            told = [(c, "muted", t) for c, _, t in part] if number == 0 else part
            pad: list[_Cell] = [(" ", PLAIN, None)] * (sizes[i] - _size(part))
            figures = i > 0 and _numeric(table, i)
            cells += [*pad, *told, *gap] if figures else [*told, *pad, *gap]
        made.append(_row(_stripped_end(cells)))
    return made


def _numeric(table: list[list[list[_Cell]]], column: int) -> bool:
    """Whether what stands below a column's head are figures."""
    texts = ["".join(c for c, _, _ in row[column]) for row in table[1:] if column < len(row)]
    return bool(texts) and all(re.match(r"[~+−\-$€£(]?\d", text) for text in texts if text)


def _size(cells: list[_Cell]) -> int:
    return sum(cell_width(c) for c, _, _ in cells)


def _stripped_end(cells: list[_Cell]) -> list[_Cell]:
    end = len(cells)
    while end and cells[end - 1][0] == " ":
        end -= 1
    return cells[:end]


def _row(cells: list[_Cell]) -> Row:
    """Neighbours of one ink and thing put together."""
    runs: list[Run] = []
    for char, ink, thing in cells:
        if runs and runs[-1].ink == ink and runs[-1].thing is thing:
            runs[-1] = Run(runs[-1].text + char, ink, thing)
        else:
            runs.append(Run(char, ink, thing))
    return tuple(runs)
