"""A series in one row of a table."""

from __future__ import annotations

import numpy as np

from tio.draw.canvas import BLOCKS, Canvas, Pen
from tio.draw.downsample import extremes
from tio.draw.lines import draw_series
from tio.draw.scale import Floats, scale_over


def sparkline(values: Floats, width: int) -> str:
    """`width` cells of eighth blocks: lowest ▁, highest █, constant ▄, missing blank.

    The newest is on the right. More values than cells: each cell shows the value of its share that
    lies farthest from the median, so a lone spike survives. Fewer: blanks on the left.
    """
    if width <= 0:
        return ""
    values = np.asarray(values, np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    if not np.isfinite(values).any():
        return " " * width
    shown = _keep_extremes(values, width)
    low, high = np.nanmin(shown), np.nanmax(shown)
    if high == low:
        level = np.full(shown.shape, 4.0)
    else:
        with np.errstate(invalid="ignore"):
            level = 1 + np.rint((shown / 2 - low / 2) / (high / 2 - low / 2) * 7)
    codes = BLOCKS[np.where(np.isnan(shown), 0, level).astype(np.int64)]
    return " " * (width - len(codes)) + "".join(map(chr, codes.tolist()))


def sparkline_canvas(values: Floats, width: int, height: int = 1, pen: Pen = Pen.text) -> Canvas:
    """The series as a joined braille line over the whole canvas, extremes kept."""
    canvas = Canvas(width, height)
    values = np.asarray(values, np.float64)
    draw_series(canvas, scale_over(values, values, height), values, pen)
    return canvas


def _keep_extremes(values: Floats, width: int) -> Floats:
    """One value a cell: of its share the one farther from the median of all."""
    if len(values) <= width:
        return values
    _, low, high, _ = extremes(values, width)
    middle = np.nanmedian(values)
    with np.errstate(invalid="ignore"):
        shown = np.where(high - middle >= middle - low, high, low)
    # The lowest and the highest of all may fall into one cell: then the lower one moves next door.
    highest, lowest = int(np.nanargmax(high)), int(np.nanargmin(low))
    if lowest == highest:
        lowest += 1 if lowest + 1 < width else -1
    shown[highest] = high[highest]
    if 0 <= lowest < width:
        shown[lowest] = np.nanmin(low)
    return shown
