"""Where the parts of a chart stand: for drawing them, for the mouse and for drawing tools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from tio.draw.axes import price_label
from tio.draw.blocks import cuts, grouped
from tio.draw.candles import heikin_ashi
from tio.draw.columns import Columns
from tio.draw.legend import Line, legend_lines
from tio.draw.pane_scale import figure_label, pane_scale, price_scale
from tio.draw.rows import Rows, share_rows
from tio.draw.scale import QUIET, Ints, Scale
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView

PITCHES = ((8, 5), (6, 3), (4, 3), (2, 1), (1, 1))
# Each step of the averages halves what came before: 64 bars back nothing is left of it.
AVERAGED = 64


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Rows of one pane, from `top` on; `title` is the row above a sub-pane's, -1 without one.

    `index` is a sub-pane's place in the view.
    """

    name: Literal["prices", "volume", "pane"]
    top: int
    rows: int
    scale: Scale
    index: int = -1
    title: int = -1


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """Where a chart's parts stand, in cells, and which bars stand in which column.

    `columns` is the middle cell of each shown bar, `first` the index into the series of the first
    bar it stands for: several share a column when there are more bars than columns. `slots` and
    `bounds` go on beyond the newest bar where something is drawn ahead of it: slot i stands for
    the bars from bounds[i] up to bounds[i + 1]. `start` and `end` are the bars shown, of `count`.
    """

    plot_width: int
    top: int
    price_rows: int
    volume_rows: int
    axis_width: int
    pitch: int
    body: int
    columns: Ints
    first: Ints
    shown: Columns
    scale: Scale
    slots: Ints
    bounds: Ints
    start: int
    end: int
    count: int
    step: int
    rows: Rows
    places: tuple[Place, ...]
    legend: tuple[Line, ...]

    @property
    def times_row(self) -> int:
        """The row of the time axis."""
        rows = self.rows
        return rows.legend + rows.prices + rows.foot + rows.volume + sum(rows.panes)

    def column_of(self, bar: int) -> int | None:
        """The cell over which bar `bar` of the series stands, None when it is not shown."""
        at = int(np.searchsorted(self.first, bar, side="right")) - 1
        if not 0 <= at < len(self.columns) or bar >= self.bounds[at + 1]:
            return None
        return int(self.columns[at])

    def x_of(self, bar: float) -> float:
        """Cells from the left edge to a bar's middle, also between bars and beyond either end."""
        if not len(self.columns):
            return 0.0
        if self.pitch == 1 and len(self.columns) > 1 and self.end - self.start > len(self.columns):
            each = (self.end - self.start) / len(self.columns)
            known = float(np.interp(bar, self.bounds[:-1], self.slots))
            before, after = bar - float(self.bounds[0]), bar - float(self.bounds[-2])
            return known + 0.5 + min(before, 0.0) / each + max(after, 0.0) / each
        return float(self.columns[0]) + 0.5 + (bar - float(self.first[0])) * self.pitch

    def bar_at(self, column: int) -> int | None:
        """The bar of the series nearest to a cell's column (for the mouse)."""
        if not len(self.columns):
            return None
        return int(self.first[np.abs(self.columns - column).argmin()])

    def index_at(self, column: int) -> int | None:
        """The bar a column stands for, counted on beyond the newest where no bar is yet."""
        if not len(self.columns):
            return None
        beyond = column - int(self.columns[-1])
        if beyond <= self.body // 2:
            return self.bar_at(column)
        bars = (self.end - self.start) / len(self.columns) / self.pitch * beyond
        return max(self.end - 1 + round(bars), self.end - 1)

    def time_at(self, column: int) -> int | None:
        """Opening time (µs) of a column's bar; beyond the newest as if every step had a bar."""
        if not len(self.columns):
            return None
        at = int(np.abs(self.columns - column).argmin())
        bar = self.index_at(column)
        assert bar is not None
        if bar < self.end:
            return int(self.shown.time[at])
        return int(self.shown.time[-1]) + (bar - int(self.first[-1])) * self.step

    def pane_at(self, row: int) -> Place | None:
        """The pane a row belongs to, its title counted in."""
        for place in self.places:
            if (place.title if place.title >= 0 else place.top) <= row < place.top + place.rows:
                return place
        return None

    def price_at(self, row: int) -> float | None:
        """The price (in a sub-pane: the value) at a row's middle, None outside all panes."""
        place = self.pane_at(row)
        if place is None or row < place.top:
            return None
        return place.scale.price(row - place.top + 0.5)


@QUIET
def lay_out(bars: Columns, view: ChartView) -> Layout:
    """The places of a chart of these bars; also what the mouse needs."""
    start, end = span(view, len(bars))
    legend = legend_lines(bars, view)
    rows = _rows(bars, view, start, end, len(legend))
    scales = _rough_scales(bars, view, start, end, rows)
    axis = view.axis_width or _axis_width(view, scales)
    axis = axis if view.width - axis >= 8 else 0
    width = max(view.width - axis, 0)
    asked = start
    start, ahead, (pitch, body) = _across(view, start, end, len(bars), width)
    bounds = cuts(start, end, width - ahead) if end > start and width else np.zeros(1, np.int64)
    count = len(bounds) - 1
    shown = _shown(bars, view, bounds)
    if count:
        each = max((end - start) // count, 1)
        further = end + each * np.arange(1, ahead // pitch + 1, dtype=np.int64)
        bounds = np.concatenate((bounds, further))
    total = len(bounds) - 1
    slots = width - 1 - body // 2 - pitch * np.arange(total, dtype=np.int64)[::-1]
    if start != asked or ahead or view.kind is ChartKind.heikin_ashi:
        scales = _scales(bars, view, bounds, shown, rows)
    return Layout(
        plot_width=width,
        top=rows.legend,
        price_rows=rows.prices,
        volume_rows=rows.volume,
        axis_width=axis,
        pitch=pitch,
        body=body,
        columns=slots[:count],
        first=bounds[:count],
        shown=shown,
        scale=scales[0],
        slots=slots,
        bounds=bounds,
        start=start,
        end=end,
        count=len(bars),
        step=view.timeframe.step,
        rows=rows,
        places=_places(rows, scales, shown),
        legend=legend,
    )


def span(view: ChartView, count: int) -> tuple[int, int]:
    """The first bar in sight and the one after the last."""
    end = count if view.end is None else min(max(view.end, 0), count)
    return min(max(view.start, 0), end), end


def _rows(bars: Columns, view: ChartView, start: int, end: int, legend: int) -> Rows:
    volume = view.volume
    if volume:
        known = bars.volume[start:end]
        # Mostly the newest bars tell; only where they do not, all are looked at.
        volume = bool(np.nansum(known[-256:]) > 0) or bool(np.nansum(known) > 0)
    focused = next((at for at, pane in enumerate(view.panes) if pane.focused), None)
    return share_rows(
        view.height,
        legend=legend if view.width >= 24 else 0,
        volume=volume,
        foot=any(mark.price is None and start <= mark.bar < end for mark in view.marks),
        shares=[pane.share for pane in view.panes],
        focused=focused,
    )


def _rough_scales(
    bars: Columns, view: ChartView, start: int, end: int, rows: Rows
) -> tuple[Scale, ...]:
    """The scales of what is in sight, however it will be grouped."""
    bounds = cuts(start, end, 64) if end > start else np.zeros(1, np.int64)
    return _scales(bars, view, bounds, grouped(bars, bounds), rows)


def _scales(
    bars: Columns, view: ChartView, bounds: Ints, shown: Columns, rows: Rows
) -> tuple[Scale, ...]:
    """The prices' scale and each sub-pane's."""
    panes = zip(view.panes, rows.panes, strict=True)
    return (
        price_scale(bars, view, bounds, shown, rows.prices),
        *(pane_scale(pane, bounds, max(high - 1, 1)) for pane, high in panes),
    )


def _axis_width(view: ChartView, scales: tuple[Scale, ...]) -> int:
    """As wide as the widest figure on any pane's axis needs."""
    scale, *panes = scales
    prices = [scale.lo, scale.hi, *([] if view.last is None else [view.last])]
    labels = [price_label(scale, value, view.decimals) for value in prices]
    labels += [figure_label(value, own) for own in panes for value in (own.lo, own.hi)]
    return 3 + max(cell_width(label) for label in labels)


def _across(
    view: ChartView, start: int, end: int, count: int, width: int
) -> tuple[int, int, tuple[int, int]]:
    """The first bar that fits, cells kept free ahead of the newest, cells of a bar and its body."""
    shown, ahead = end - start, _ahead(view) if end == count and end > start else 0
    if shown > width:
        return start, min(-(-ahead * width // max(shown, 1)), width // 6), (1, 1)
    wide = ((p, b) for p, b in PITCHES if p * (shown + ahead) <= width and shown > 1)
    pitch, body = next(wide, (1, 1))
    if shown + ahead > width:
        ahead = min(ahead, width // 6)
        start = max(start, end - max(width - ahead, 1))
    return start, ahead * pitch, (pitch, body)


def _ahead(view: ChartView) -> int:
    """How many bars ahead of the newest something is drawn."""
    shifts = [line.shift for line in view.overlays] + [cloud.shift for cloud in view.clouds]
    shifts += [line.shift for pane in view.panes for line in pane.lines]
    return max([0, *shifts])


def _shown(bars: Columns, view: ChartView, bounds: Ints) -> Columns:
    """A bar for each column, averaged where the chart is of averaged bars."""
    count = len(bounds) - 1
    if view.kind is not ChartKind.heikin_ashi or count < 1:
        return grouped(bars, bounds)
    each = max(int(bounds[-1] - bounds[0]) // count, 1)
    before = np.arange(int(bounds[0]) % each, int(bounds[0]), each, dtype=np.int64)[-AVERAGED:]
    return heikin_ashi(grouped(bars, np.concatenate((before, bounds))))[-count:]


def _places(rows: Rows, scales: tuple[Scale, ...], shown: Columns) -> tuple[Place, ...]:
    at = rows.legend
    places = [Place("prices", at, rows.prices, scales[0])]
    at += rows.prices + rows.foot
    if rows.volume:
        known = shown.volume[np.isfinite(shown.volume)]
        most = float(known.max()) if len(known) else 1.0
        places.append(Place("volume", at, rows.volume, Scale(0.0, most, rows.volume)))
        at += rows.volume
    for index, high in enumerate(rows.panes):
        if high:
            places.append(Place("pane", at + 1, high - 1, scales[index + 1], index, at))
            at += high
    return tuple(places)
