"""Small multiples: charts of many instruments side by side, each with name, last and change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

import numpy as np

from tio.api.market import Timeframe
from tio.draw.canvas import Canvas, Pen
from tio.draw.chart import draw_chart
from tio.draw.columns import Columns
from tio.draw.scale import Kind
from tio.draw.table import arrow, cell_width, fit, price, signed_percent
from tio.draw.view import ChartKind, ChartView

LEAST_WIDTH, LEAST_HEIGHT, GAP = 22, 6, 2


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """One instrument's bars; `change` in percent, NaN: from the first bar's close to the last."""

    name: str
    bars: Columns
    decimals: int = 2
    change: float = math.nan
    empty: str = "no bars"


def multiples(
    charts: Sequence[Small],
    width: int,
    height: int,
    *,
    kind: ChartKind = ChartKind.line,
    timeframe: Timeframe = Timeframe.d1,
    scale: Kind = "linear",
    zone: tzinfo = UTC,
) -> Canvas:
    """The charts in a grid, from left to right; what finds no room is counted: `+3 more`.

    A chart has at least 22 × 6 cells; `rows_of` tells the height that shows all.
    """
    canvas = Canvas(width, height)
    across = columns_of(len(charts), width, height)
    down = min(-(-len(charts) // across), max(height // LEAST_HEIGHT, 1)) if charts else 0
    shown = charts[: across * down]
    for index, small in enumerate(shown):
        row, column = divmod(index, across)
        left, right = column * (width + GAP) // across, (column + 1) * (width + GAP) // across
        top, bottom = row * height // down, (row + 1) * height // down
        high = bottom - top - (1 if row < down - 1 and bottom - top > LEAST_HEIGHT else 0)
        pane = canvas.pane(left, top, right - left - GAP, high)
        _draw_small(pane, small, kind, timeframe, scale, zone)
    if len(shown) < len(charts):
        text = f" +{len(charts) - len(shown)} more "
        canvas.put(max(width - len(text), 0), height - 1, text, Pen.muted)
    return canvas


def columns_of(count: int, width: int, height: int) -> int:
    """How many charts stand side by side so that they look about twice as wide as high."""
    most = max(min((width + GAP) // (LEAST_WIDTH + GAP), count), 1)

    def odd(across: int) -> tuple[bool, float]:
        down = -(-count // across)
        tall = height / down
        return tall < LEAST_HEIGHT, abs(math.log(max(width, 1) / across / max(tall, 0.5) / 4))

    return min(range(1, most + 1), key=odd) if count else 1


def rows_of(count: int, width: int, *, each: int = 12) -> int:
    """Rows of a canvas so wide on which so many charts have about `each` rows."""
    most = max(min((width + GAP) // (LEAST_WIDTH + 14 + GAP), count), 1)
    return -(-count // most) * each


def _draw_small(
    pane: Canvas, small: Small, kind: ChartKind, timeframe: Timeframe, scale: Kind, zone: tzinfo
) -> None:
    """The head row, and below it the chart."""
    close = small.bars.close
    known = close[np.isfinite(close)]
    last = float(known[-1]) if len(known) else math.nan
    change = small.change
    if not math.isfinite(change) and len(known) and known[0]:
        change = (last / float(known[0]) - 1) * 100
    pen = Pen.fall if change < 0 else Pen.rise if change > 0 else Pen.text
    figures = f"{arrow(change)} {signed_percent(change)}" if len(known) else ""
    said = price(last, small.decimals) if len(known) else ""
    room = pane.width - cell_width(figures) - cell_width(said) - 2
    if room < 4:
        said, room = "", pane.width - cell_width(figures) - 1
    name = fit(small.name, min(cell_width(small.name), max(room, 0)))
    x = pane.put(0, 0, name, Pen.text, bold=True)
    if said:
        x = pane.put(x + 1, 0, said, Pen.text)
    pane.put(x + 1, 0, figures, pen)
    view = ChartView(
        pane.width,
        pane.height - 1,
        timeframe=timeframe,
        kind=kind,
        scale=scale,
        decimals=small.decimals,
        zone=zone,
        volume=False,
        legend=False,
        last=last if len(known) else None,
        last_change=change if math.isfinite(change) else 0.0,
        empty=small.empty,
    )
    pane.paste(0, 1, draw_chart(small.bars, view))
