"""Volume as columns of eighth blocks."""

from __future__ import annotations

import numpy as np

from tio.draw.canvas import BLOCKS, Bools, Canvas, Pen
from tio.draw.scale import Floats, Ints


def draw_volume(
    pane: Canvas,
    columns: Ints,
    volume: Floats,
    rising: Bools,
    *,
    width: int = 1,
) -> None:
    """Bars from the bottom up, the greatest filling the pane; any volume shows an eighth."""
    keep = np.isfinite(volume) & (volume > 0) & (columns >= 0) & (columns < pane.width)
    if not keep.any() or not pane.height:
        return
    columns, volume, rising = columns[keep], volume[keep], rising[keep]
    height = np.maximum(np.rint(volume / volume.max() * (8 * pane.height)), 1).astype(np.int64)
    filled = np.clip(height - 8 * np.arange(pane.height)[::-1, None], 0, 8)
    pens = np.where(rising, Pen.rise_dim, Pen.fall_dim).astype(np.uint8)
    for offset in range(-(width // 2), width // 2 + 1):
        inside = (columns + offset >= 0) & (columns + offset < pane.width)
        at, level = columns[inside] + offset, filled[:, inside]
        pane.glyph[:, at] = np.where(level > 0, BLOCKS[level], pane.glyph[:, at])
        pane.ink[:, at] = np.where(level > 0, pens[inside], pane.ink[:, at])
