"""A canvas as a standalone SVG: blocks, lines and dots are shapes, so no font bends the picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from tio.draw.canvas import BOLD, BRAILLE, FULL, REVERSE, SPACE, Canvas, Pen
from tio.draw.palette import PALETTES, Palette, ground_of, ink_of

# A cell, and from dot to dot of braille, in the units of the picture.
WIDE, HIGH, PITCH = 10, 20, 5
MARGIN, LINE = 20, 24
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"

SPACE_NAME = "http://www.w3.org/2000/svg"

Box = tuple[float, float, float, float]
"""x, y, width, height."""
Dot = tuple[int, int]
"""Column and row of a dot of braille, two by four a cell."""


def svg(
    canvas: Canvas, palette: Palette = PALETTES["dark"], *, title: str = "", source: str = ""
) -> str:
    """The picture with its title above and where its figures are from below.

    `palette` must be of `#rrggbb` colours. Texts are escaped; what XML does not allow is left out.
    """
    top = MARGIN + (LINE + 8 if title else 0)
    width = canvas.width * WIDE + 2 * MARGIN
    height = top + canvas.height * HIGH + MARGIN + (LINE if source else 0)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="{SPACE_NAME}" viewBox="0 0 {width} {height}" width="{width}"',
        f' height="{height}" role="img" aria-label={quoteattr(_allowed(title))}>',
        f"<title>{escape(_allowed(title))}</title>",
        f'<rect width="{width}" height="{height}" fill="{palette["ground"]}"/>',
        f'<g font-family="{FONT}" font-size="16">',
    ]
    if title:
        parts.append(_words(title, MARGIN, MARGIN + 16, palette["text"], bold=True))
    parts.append(f'<g transform="translate({MARGIN} {top})">')
    parts += _grounds(canvas, palette)
    parts += _shapes(canvas, palette)
    parts += _texts(canvas, palette)
    parts.append("</g>")
    if source:
        parts.append(_words(source, MARGIN, height - MARGIN, palette["muted"], size=13))
    return "\n".join([*parts, "</g>", "</svg>", ""])


def _words(
    text: str, x: float, y: float, fill: str, *, bold: bool = False, size: int | None = None
) -> str:
    look = ' font-weight="bold"' if bold else ""
    look += f' font-size="{size}"' if size else ""
    return f'<text x="{x}" y="{y}" fill="{fill}"{look}>{escape(_allowed(text))}</text>'


def _allowed(text: str) -> str:
    """The text without what XML 1.0 has no way to write."""
    return "".join(
        c
        for c in text
        if c in "\t\n"
        or (" " <= c < "\x7f")
        or ("\xa0" <= c < "\ud800")
        or "\ue000" <= c <= "\ufffd"
        or c >= "\U00010000"
    )


def _colours(canvas: Canvas, palette: Palette, x: int, y: int) -> tuple[str, str]:
    """Ink and ground of a cell as they show."""
    ink = palette[ink_of(Pen(int(canvas.ink[y, x])).name)]
    ground = palette[ground_of(Pen(int(canvas.ground[y, x])).name)]
    return (ground, ink) if canvas.flags[y, x] & REVERSE else (ink, ground)


def _grounds(canvas: Canvas, palette: Palette) -> Iterator[str]:
    for y in range(canvas.height):
        shown = [_colours(canvas, palette, x, y)[1] for x in range(canvas.width)]
        x = 0
        for colour, cells in groupby(shown):
            length = len(list(cells))
            if colour != palette["ground"]:
                box = (x * WIDE, y * HIGH, length * WIDE, HIGH)
                yield _path([box], colour)
            x += length


def _shapes(canvas: Canvas, palette: Palette) -> Iterator[str]:
    """All blocks, lines and dots, one path a colour, neighbours in a row joined."""
    boxes: dict[str, list[Box]] = {}
    dots: dict[str, set[Dot]] = {}
    for y, row in enumerate(canvas.glyph.tolist()):
        for x, code in enumerate(row):
            if code in (SPACE, 0):
                continue
            colour = _colours(canvas, palette, x, y)[0]
            left, top = x * WIDE, y * HIGH
            if BRAILLE <= code < BRAILLE + 256:
                found = dots.setdefault(colour, set())
                found |= {(2 * x + dx, 4 * y + dy) for dx, dy in _DOTS[code - BRAILLE]}
            for bx, by, width, height in _SHAPES.get(code, ()):
                boxes.setdefault(colour, []).append((left + bx, top + by, width, height))
    for colour, shapes in boxes.items():
        yield _path(_joined(shapes), colour)
    for colour, places in dots.items():
        steps = "".join(
            f"M{PITCH * (x + 0.5):g} {PITCH * (y + 0.5):g}l{PITCH * dx} {PITCH * dy}"
            for x, y, dx, dy in _strokes(places)
        )
        yield (
            f'<path fill="none" stroke="{colour}" stroke-width="2.2" stroke-linecap="round"'
            f' d="{steps}"/>'
        )
        masses = _masses(places)
        if masses:
            yield _path(_joined(masses), colour)


def _masses(dots: set[Dot]) -> list[Box]:
    """Four dots in a square are filled: ranges of many bars read as a mass, not as a grid."""
    return [
        (PITCH * (x + 0.5), PITCH * (y + 0.5), PITCH, PITCH)
        for x, y in dots
        if {(x + 1, y), (x, y + 1), (x + 1, y + 1)} <= dots
    ]


def _strokes(dots: set[Dot]) -> Iterator[tuple[int, int, int, int]]:
    """Straight strokes from dot to dot (place, and how far): joined they read as lines."""
    for x, y in sorted(dots):
        right, below = (x + 1, y) in dots, (x, y + 1) in dots
        if right and (x - 1, y) not in dots:
            yield x, y, _length(dots, x, y, 1, 0), 0
        if below and (x, y - 1) not in dots:
            yield x, y, 0, _length(dots, x, y, 0, 1)
        for down in (-1, 1):
            if (x + 1, y + down) in dots and not right and (x, y + down) not in dots:
                yield x, y, 1, down
        around = ((x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)
        if dots.isdisjoint(around):
            yield x, y, 0, 0


def _length(dots: set[Dot], x: int, y: int, dx: int, dy: int) -> int:
    """How many steps dots go on from one."""
    length = 1
    while (x + (length + 1) * dx, y + (length + 1) * dy) in dots:
        length += 1
    return length


def _joined(boxes: Iterable[Box]) -> Iterator[Box]:
    """Boxes that touch in a column or a row as one: fewer, and without seams."""
    upright: list[Box] = []
    for x, y, width, height in sorted(boxes):
        if upright:
            bx, by, before, tall = upright[-1]
            if (bx, before) == (x, width) and abs(by + tall - y) < 1e-6:
                upright[-1] = (bx, by, before, tall + height)
                continue
        upright.append((x, y, width, height))
    last: Box | None = None
    for y, height, x, width in sorted((y, h, x, w) for x, y, w, h in upright):
        if last and (last[1], last[3]) == (y, height) and abs(last[0] + last[2] - x) < 1e-6:
            last = (last[0], y, last[2] + width, height)
            continue
        if last:
            yield last
        last = (x, y, width, height)
    if last:
        yield last


def _path(boxes: Iterable[Box], colour: str) -> str:
    steps = "".join(f"M{x:g} {y:g}h{w:g}v{h:g}h{-w:g}z" for x, y, w, h in boxes)
    return f'<path fill="{colour}" d="{steps}" shape-rendering="crispEdges"/>'


def _texts(canvas: Canvas, palette: Palette) -> Iterator[str]:
    """Words that are not shapes, each run kept to its cells whatever the font's width."""
    for y, row in enumerate(canvas.glyph.tolist()):
        run, start, look = "", 0, ("", False)
        for x, code in enumerate([*row, SPACE]):
            drawn = code in (SPACE, 0) or code in _SHAPES or BRAILLE <= code < BRAILLE + 256
            now = ("", False)
            if not drawn:
                bold = bool(canvas.flags[y, x] & BOLD)
                now = (_colours(canvas, palette, x, y)[0], bold)
            if now != look or (drawn and run) or not chr(code).isascii() or run[-1:] > "~":
                if run:
                    yield _run(run, start, y, *look)
                run, start, look = "", x, now
            run += "" if drawn else chr(code)


def _run(text: str, x: int, y: int, fill: str, bold: bool) -> str:
    look = ' font-weight="bold"' if bold else ""
    length = f' textLength="{len(text) * WIDE}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{x * WIDE}" y="{y * HIGH + 15}" fill="{fill}"{look}'
        f"{length if text.isascii() else ''}>{escape(_allowed(text))}</text>"
    )


def _dots() -> list[list[Dot]]:
    """Column and row of each braille pattern's dots within a cell."""
    places = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
    return [[p for bit, p in enumerate(places) if code >> bit & 1] for code in range(256)]


def _shapes_of() -> dict[int, list[Box]]:
    """The boxes of each block and line of a cell."""
    middle, across = WIDE / 2, HIGH / 2
    shapes: dict[int, list[Box]] = {}
    for level in range(1, 9):
        tall = HIGH * level / 8
        shapes[FULL - 8 + level] = [(0, HIGH - tall, WIDE, tall)]
    shapes[0x2590] = [(middle, 0, middle, HIGH)]
    shapes[0x2591] = [(dx, dy, 1.5, 1.5) for dx in (1, 6) for dy in (2, 7, 12, 17)]
    shapes[0x2592] = [(dx, dy, 1.5, 1.5) for dx in (1, 3.5, 6, 8.5) for dy in range(1, 20, 3)]
    up, down = (middle - 0.75, 0.0, 1.5, across), (middle - 0.75, across, 1.5, across)
    whole = (middle - 0.75, 0.0, 1.5, float(HIGH))
    shapes |= {0x2502: [whole], 0x2577: [down], 0x2575: [up]}
    shapes[0x2551] = [(1, 0, 1.5, HIGH), (WIDE - 2.5, 0, 1.5, HIGH)]
    for thick, codes in ((1.5, "─┬┴┼"), (4.0, "━┯┷┿")):
        flat = (0.0, across - thick / 2, float(WIDE), thick)
        for code, arms in zip(codes, ([], [down], [up], [whole]), strict=True):
            shapes[ord(code)] = [flat, *arms]
    for code, dashes in (("┈", 4), ("┄", 3), ("╌", 2)):
        step = WIDE / dashes
        shapes[ord(code)] = [(n * step, across - 0.5, step / 2, 1) for n in range(dashes)]
    for code, dashes in (("┊", 4), ("┆", 3)):
        high = HIGH / dashes
        shapes[ord(code)] = [(middle - 0.5, n * high, 1, high / 2) for n in range(dashes)]
    shapes[ord("·")] = [(middle - 1, across - 1, 2, 2)]
    return shapes


_DOTS = _dots()
_SHAPES = _shapes_of()
