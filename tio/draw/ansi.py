"""A canvas as lines for a terminal of many colours, 256, sixteen or none, or of ASCII alone."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import numpy as np

from tio.draw.canvas import FULL, REVERSE, Canvas, Codes, Look, Pen
from tio.draw.palette import PALETTES, Palette, ground_of, ink_of


class Depth(StrEnum):
    """What a terminal shows: 24 bits of colour, 256 colours, sixteen, none, or ASCII alone."""

    true = "true"
    few = "256"
    sixteen = "16"
    none = "none"
    ascii = "ascii"


def ansi_lines(
    canvas: Canvas, palette: Palette = PALETTES["dark"], depth: Depth = Depth.true
) -> list[str]:
    """A line of text a row, each as wide as the canvas in cells; with colours it ends in a reset.

    `palette` is one of `PALETTES`; Depth.sixteen takes the terminal's own colours whatever it is.
    The surface's own ground is left to the terminal. Without colour draw a `plain` view, rising and
    falling bars in different shapes (`ChartKind.hollow`); ASCII tells them itself: `+` and `#`.
    """
    match depth:
        case Depth.none:
            return _plain(canvas).text()
        case Depth.ascii:
            return _ascii(canvas)
    if depth is Depth.sixteen:
        palette = PALETTES["16-colours"]
    codes: dict[int, str] = {}
    lines = []
    for row in canvas.rows():
        parts = []
        for text, look in row:
            if id(look) not in codes:
                codes[id(look)] = _escape(look, palette, depth)
            parts.append(f"{codes[id(look)]}{text}")
        lines.append("".join(parts) + "\x1b[0m")
    return lines


def _escape(look: Look, palette: Palette, depth: Depth) -> str:
    codes = ["0"]
    ink, ground = palette[ink_of(look.ink.name)], palette[ground_of(look.ground.name)]
    if look.bold:
        codes.append("1")
    if look.reverse and look.ground is Pen.none and not ground.startswith("ansi_"):
        # A reversed default would show the terminal's ground, which may be light.
        ink, ground = ground, ink
        codes += [_colour(ink, depth, 30), _colour(ground, depth, 40)]
        return f"\x1b[{';'.join(codes)}m"
    if look.reverse:
        codes.append("7")
    codes.append(_colour(ink, depth, 30))
    if look.ground is not Pen.none:
        codes.append(_colour(ground, depth, 40))
    return f"\x1b[{';'.join(code for code in codes if code)}m"


_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")


@lru_cache(maxsize=512)
def _colour(colour: str, depth: Depth, first: int) -> str:
    """The code of an ink (`first` 30) or a ground (40); "" is the terminal's own."""
    if colour.startswith("ansi_"):
        name = colour.removeprefix("ansi_")
        if name == "default":
            return ""
        bright = name.startswith("bright_")
        return str(first + 60 * bright + _NAMES.index(name.removeprefix("bright_")))
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    if depth is Depth.true:
        return f"{first + 8};2;{red};{green};{blue}"
    return f"{first + 8};5;{_nearest(red, green, blue)}"


def _nearest(red: int, green: int, blue: int) -> int:
    """The nearest of xterm's colours: a cube of six steps a side, then 24 greys."""
    steps = np.array([0, 95, 135, 175, 215, 255])
    wanted = np.array([red, green, blue])
    at = np.abs(steps[None, :] - wanted[:, None]).argmin(axis=1)
    grey = int(np.clip(round((float(wanted.mean()) - 8) / 10), 0, 23))
    cube_error = int(((steps[at] - wanted) ** 2).sum())
    grey_error = int(((8 + 10 * grey - wanted) ** 2).sum())
    return 232 + grey if grey_error < cube_error else int(16 + at @ np.array([36, 6, 1]))


def _plain(canvas: Canvas) -> Canvas:
    """The canvas with blocks that hang from a cell's top drawn as such, for want of inversion."""
    made = Canvas(canvas.width, canvas.height)
    made.glyph[:] = _hanging(canvas)
    return made


def _hanging(canvas: Canvas) -> Codes:
    glyph = canvas.glyph
    block = (glyph > 0x2580) & (glyph < FULL) & ((canvas.flags & REVERSE) > 0)
    hangs = np.where(glyph < 0x2583, FULL, np.where(glyph < 0x2587, 0x2580, 0x2594))
    hung: Codes = np.where(block, hangs, glyph).astype(np.uint32)
    return hung


_LETTERS = {
    **dict.fromkeys("┈┄╌─━", "-"),
    **dict.fromkeys("┊┆", ":"),
    **dict.fromkeys("│┃╷╵╽╿║", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╋┿╂◆●", "+"),
    **dict.fromkeys("░·", "."),
    **dict.fromkeys("▒▓", ":"),
    "▲": "^",
    "▼": "v",
    "◀": "<",
    "▸": ">",
    "−": "-",
    "…": "~",
}


def _ascii(canvas: Canvas) -> list[str]:
    """Blocks as `+` rising and `#` falling, dots of lines by how high they stand in a cell."""
    glyph, ink = _hanging(canvas), canvas.ink
    falling = np.isin(ink, (Pen.fall, Pen.fall_dim))
    out = np.where(glyph < 0x7F, glyph, ord("?")).astype(np.uint32)
    for code in np.unique(glyph[glyph >= 0x7F]).tolist():
        out[glyph == code] = ord(_LETTERS.get(chr(code), "?"))
    block = (glyph >= 0x2580) & (glyph <= 0x259F) & ~np.isin(glyph, (0x2591, 0x2592, 0x2593))
    low = (glyph == 0x2581) | (glyph == 0x2582)
    out[block] = np.where(low, ord("_"), np.where(falling, ord("#"), ord("+")))[block]
    flat = (glyph >= 0x2500) & (glyph <= 0x257F) & np.isin(ink, (Pen.rise, Pen.fall))
    body = flat & ~np.isin(glyph, [ord(upright) for upright in "│╷╵┈┄┆┊"])
    out[body] = np.where(falling, ord("#"), ord("+"))[body]
    dots = (glyph >= 0x2800) & (glyph < 0x2900)
    upper = (glyph & 0x1B) > 0
    lower = (glyph & 0xE4) > 0
    signs = np.where(upper & lower, ord("*"), np.where(upper, ord("'"), ord(".")))
    out[dots] = signs[dots]
    out[dots & (glyph == 0x2800)] = ord(" ")
    rows = np.ascontiguousarray(out, "<u4")
    return [_wide(row.tobytes().decode("utf-32-le")) for row in rows]


def _wide(row: str) -> str:
    """A wide character's second cell becomes a question mark too."""
    return row.replace("\0", "?")
