"""Many instruments at once: tiles as large as they weigh, coloured by their change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tio.draw.canvas import FULL, Canvas, Pen
from tio.draw.table import arrow, cell_width, fit, signed_percent

# What terminal cells are high for their width: tiles shall look square.
TALL = 2.0
LEAST_WIDTH, LEAST_HEIGHT = 6, 1


@dataclass(frozen=True, slots=True)
class Tile:
    """An instrument: its change in percent (NaN unknown), and what it weighs (market value)."""

    name: str
    change: float
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Area:
    """Cells of one tile."""

    x: int
    y: int
    width: int
    height: int


def heat_map(tiles: Sequence[Tile], width: int, height: int, *, full: float = 3.0) -> Canvas:
    """A treemap by weight, or a grid in the given order where all weigh the same.

    A change of `full` percent or more has the strongest of three shades either way. Every tile
    says its name and change with a sign and an arrow, so colour is never needed to read it; from
    8 rows on the last row tells the shades. Tiles that find no room are counted there: `+12`.
    """
    canvas = Canvas(width, height)
    legend = height >= 8 and width >= 30
    rows = height - 2 if legend else height
    areas = tile_areas(tiles, width, rows)
    for index, area in areas:
        _draw_tile(canvas, area, tiles[index], full)
    if legend:
        _draw_legend(canvas, height - 1, full, len(tiles) - len(areas))
    if not tiles:
        canvas.put(max((width - 10) // 2, 0), height // 2, "no symbols", Pen.muted)
    return canvas


def tile_areas(tiles: Sequence[Tile], width: int, height: int) -> list[tuple[int, Area]]:
    """Which tile stands where; those too small to be read are left out."""
    weights = [tile.weight if math.isfinite(tile.weight) else 0.0 for tile in tiles]
    if len(set(weights)) <= 1:
        return _grid(len(tiles), width, height)
    if width < LEAST_WIDTH or height < LEAST_HEIGHT or max(weights) <= 0:
        return []
    most = max(weights)
    weights = [weight / most for weight in weights]
    # A tile below a ten-thousandth of the largest would never have a cell.
    kept = sorted(
        (n for n, weight in enumerate(weights) if weight > 1e-4), key=lambda n: -weights[n]
    )
    while kept:
        places = _squares([weights[n] for n in kept], width, height)
        if all(a.width >= LEAST_WIDTH and a.height >= LEAST_HEIGHT for a in places):
            return list(zip(kept, places, strict=True))
        kept.pop()
    return []


def _grid(count: int, width: int, height: int) -> list[tuple[int, Area]]:
    """Equal tiles, as square as can be, a blank column between them."""
    if not count or width < LEAST_WIDTH or height < 1:
        return []
    most = max((width + 1) // (LEAST_WIDTH + 3), 1)
    shown = min(count, most * height)

    def odd(columns: int) -> float:
        """How far tiles are from square, and how many places stay empty."""
        rows = -(-shown // columns)
        if rows > height:
            return math.inf
        wide, tall = width / columns, height / rows * TALL
        return abs(math.log(wide / tall / 1.6)) + (columns * rows - shown) / shown

    columns = min(range(1, min(most, shown) + 1), key=odd)
    wide, tall = width // columns, height // -(-shown // columns)
    return [(n, Area(n % columns * wide, n // columns * tall, wide, tall)) for n in range(shown)]


def _squares(weights: Sequence[float], width: int, height: int) -> list[Area]:
    """A squarified treemap (Bruls, Huizing and van Wijk, 2000) of falling weights."""
    found: list[Area] = []
    x, y, wide, tall = 0.0, 0.0, float(width), height * TALL
    rest = list(weights)
    while rest:
        unit = wide * tall / sum(rest)
        side = min(wide, tall)
        strip = 1
        while strip < len(rest) and _worst(rest[: strip + 1], unit, side) <= _worst(
            rest[:strip], unit, side
        ):
            strip += 1
        taken, rest = rest[:strip], rest[strip:]
        depth = sum(taken) * unit / side if rest else max(wide, tall)
        along = 0.0
        for weight in taken:
            length = weight / sum(taken) * side
            if wide >= tall:
                found.append(_area(x, y + along, depth, length))
            else:
                found.append(_area(x + along, y, length, depth))
            along += length
        if wide >= tall:
            x, wide = x + depth, wide - depth
        else:
            y, tall = y + depth, tall - depth
    return found


def _worst(weights: Sequence[float], unit: float, side: float) -> float:
    """The longest side against the shortest of the tiles of a strip."""
    total = sum(weights) * unit
    return max(
        max(side**2 * (w * unit) / total**2, total**2 / (side**2 * w * unit)) for w in weights
    )


def _area(x: float, y: float, width: float, height: float) -> Area:
    """Cells whose borders are the nearest to a tile's."""
    left, top = round(x), round(y / TALL)
    return Area(left, top, round(x + width) - left, round((y + height) / TALL) - top)


def shade(change: float, full: float) -> tuple[Pen, Pen, bool]:
    """Ink and ground of a change within ±`full`, and whether the ink is the surface's ground."""
    if not math.isfinite(change) or change == 0 or not full > 0:
        return Pen.text, Pen.quiet, False
    # A full change has the strongest shade, and each third below it the next weaker.
    level = min(max(math.ceil(min(abs(change) / full, 1.0) * 3 - 1e-9), 1), 3) - 1
    grounds = (Pen.fade_rise, Pen.rise_dim, Pen.rise), (Pen.fade_fall, Pen.fall_dim, Pen.fall)
    ground = grounds[change < 0][level]
    return Pen.text, ground, ground in (Pen.rise, Pen.fall)


def _draw_tile(canvas: Canvas, area: Area, tile: Tile, full: float) -> None:
    ink, ground, solid = shade(tile.change, full)
    # A blank right column and, on tall tiles, row part neighbours of one colour.
    width = area.width - 1
    height = area.height - 1 if area.height >= 4 else area.height
    pane = canvas.pane(area.x, area.y, width, height)
    if solid:
        pane.glyph[:], pane.ink[:] = FULL, ground
    else:
        pane.ground[:] = ground
    figure = f"{arrow(tile.change)}{signed_percent(tile.change)}"
    lines = [tile.name, figure]
    if height == 1:
        both = f"{tile.name} {figure}"
        lines = [both] if cell_width(both) <= width else [tile.name]
    if cell_width(figure) > width:
        figure = signed_percent(tile.change, 1)
        lines = [lines[0], figure] if height > 1 and cell_width(figure) <= width else lines[:1]
    top = (height - len(lines)) // 2
    for row, line in enumerate(lines):
        text = fit(line, min(cell_width(line), width))
        x = (width - cell_width(text)) // 2
        pen = ground if solid else ink
        pane.put(x, top + row, text, pen, bold=row == 0, reverse=solid)


def _draw_legend(canvas: Canvas, row: int, full: float, missing: int) -> None:
    """The shades from fall to rise, with the change where each begins."""
    x = 0
    for share in (-3, -2, -1, 0, 1, 2, 3):
        step = full * share / 3
        ink, ground, solid = shade(step, full)
        text = f" {signed_percent(step, 1)} "
        pen = ground if solid else ink
        if x + len(text) > canvas.width:
            break
        x = canvas.put(x, row, text, pen, None if solid else ground, reverse=solid)
    if missing and x + 6 <= canvas.width:
        canvas.put(x + 1, row, f"+{missing}", Pen.muted)
