"""Charts that a command prints once, drawn by plotext, which is imported on first use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tio.draw.axes import price_label, price_ticks, time_ticks
from tio.draw.candles import heikin_ashi
from tio.draw.canvas import Pen
from tio.draw.columns import Columns
from tio.draw.downsample import group_bars, group_last
from tio.draw.pane_scale import figure_label, price_scale
from tio.draw.plot_figure import Plotted, draw_figure
from tio.draw.plot_words import head_words, line_text, pane_words, wrapped
from tio.draw.scale import Floats, Scale, scale_over
from tio.draw.table import cell_width
from tio.draw.view import ChartKind, ChartView, Compared, Overlay, Stroke, SubPane

LEAST_WIDTH, LEAST_HEIGHT = 24, 8
LARGEST = 1e300
LEAST_PANE = 4
"""Rows of a sub-pane with its title; what does not fit is left out, and the title says so."""


def plot_chart(bars: Columns, view: ChartView, *, title: str = "", colour: bool = True) -> str:
    """What the view shows as a printed chart of `view.height` lines, at least 24 × 8 cells.

    Without `colour` no escape sequence is in it. Bars with a NaN are left out (on a log scale
    those at zero or below too), too many for the width are grouped; no bars at all give
    `view.empty`. Hollow candles are drawn as full ones; profiles, figures, clouds, marks and the
    crosshair are not drawn.
    """
    known = _drawable(bars, view)
    view = replace(view, width=max(view.width, LEAST_WIDTH), height=max(view.height, LEAST_HEIGHT))
    series = _Series.of(bars, view, known)
    if not len(series.bars):
        return view.empty
    words = head_words(view, title)
    heads = wrapped(words, view.width)[: max(view.height - LEAST_HEIGHT, 1)]
    heights = _heights(view, len(heads))
    if missing := len(view.panes) + 1 - len(heights):
        words.insert(bool(title), (f"+{missing} more below", Pen.muted))
        before, heads = len(heads), wrapped(words, view.width)[: max(len(heads), 1)]
        heights[0] -= len(heads) - before
    label = max(map(cell_width, _labels(series, view, heights)), default=1)
    ahead = max([0, *(line.shift for line in view.overlays)])
    series = series.grouped(view.width - 3 - label, ahead)
    lines = [line_text(head, view.width, colour) for head in heads]
    end = len(series.bars) - 1 + ahead / series.each
    lines += draw_figure(_prices(series, view, heights[0], label, end), view.width, colour)
    for pane, height in zip(view.panes, heights[1:], strict=False):
        words = pane_words(pane, _pane_scale(series, pane, height - 1))
        lines.append(line_text(words, view.width, colour))
        lines += draw_figure(_pane(series, pane, height - 1, label, end), view.width, colour)
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, eq=False)
class _Series:
    """The bars in sight, complete ones alone, and how the view's columns are cut to them."""

    bars: Columns
    kept: np.typing.NDArray[np.int64]
    groups: int
    each: float = 1.0

    @classmethod
    def of(cls, bars: Columns, view: ChartView, known: np.typing.NDArray[np.bool_]) -> _Series:
        end = len(bars) if view.end is None else min(max(view.end, 0), len(bars))
        kept = np.flatnonzero(known[:end])
        kept = kept[kept >= view.start]
        shown = bars[kept]
        if view.kind is ChartKind.heikin_ashi and len(shown):
            shown = heikin_ashi(shown)
        return cls(shown, kept, len(kept))

    def grouped(self, room: int, ahead: int) -> _Series:
        """So few bars that each has a column, with room for those `ahead` that are not there."""
        count = len(self.bars)
        if count + ahead <= room:
            return self
        groups = max(room * count // (count + ahead), 1)
        bars = group_bars(self.bars, groups)
        return replace(self, bars=bars, groups=groups, each=count / groups)

    def values(self, column: Floats) -> Floats:
        """A column of the whole series, a value for each bar shown."""
        short = int(self.kept[-1]) + 1 - len(column)
        column = np.pad(column, (0, max(short, 0)), constant_values=np.nan)
        return group_last(column[self.kept], self.groups)


def _drawable(bars: Columns, view: ChartView) -> np.typing.NDArray[np.bool_]:
    """The bars plotext can be given: a NaN, an infinity would end the process."""
    least = 0.0 if view.scale == "log" and not view.compared else -LARGEST
    known = np.ones(len(bars), np.bool_)
    for column in (bars.open, bars.high, bars.low, bars.close):
        known &= (column > least) & (column < LARGEST)
    return known


def _heights(view: ChartView, heads: int) -> list[int]:
    """Rows of the prices, then of each pane that has room."""
    room = view.height - heads
    panes: list[int] = []
    shares = [pane.share for pane in view.panes]
    while shares:
        unit = room / (1 + sum(shares))
        panes = [max(round(share * unit), LEAST_PANE + 1) for share in shares]
        if room - sum(panes) >= LEAST_HEIGHT - 1:
            return [room - sum(panes), *panes]
        shares.pop()
    return [room]


def _scales(series: _Series, view: ChartView, height: int) -> Scale:
    bounds = np.arange(len(series.bars) + 1, dtype=np.int64)
    cut = replace(
        view,
        overlays=tuple(_cut(line, series) for line in view.overlays),
        compared=tuple(replace(each, values=series.values(each.values)) for each in view.compared),
        clouds=(),
    )
    return price_scale(series.bars, cut, bounds, series.bars, max(height - 3, 1))


def _pane_scale(series: _Series, pane: SubPane, height: int) -> Scale:
    """The scale of a pane: its values, its guides, and zero under a histogram."""
    columns = [_cut(line, series).values for line in pane.lines]
    zero = [0.0] if any(line.stroke is Stroke.histogram for line in pane.lines) else []
    values = np.concatenate([*columns, np.array([*pane.guides, *zero])])
    return scale_over(values, values, max(height - 1, 1))


def _cut(line: Overlay, series: _Series) -> Overlay:
    return replace(line, values=series.values(line.values))


def _labels(series: _Series, view: ChartView, heights: Sequence[int]) -> Iterator[str]:
    """Every label of the value axes: all panes are as wide as the widest of them asks for."""
    scale = _scales(series, view, heights[0])
    yield from _price_labels(scale, view).values()
    for pane, height in zip(view.panes, heights[1:], strict=False):
        yield from _pane_labels(_pane_scale(series, pane, height - 1), pane).values()


def _price_labels(scale: Scale, view: ChartView) -> dict[float, str]:
    """Round prices, both ends where none of them is in sight."""
    found = {tick.price: tick.label for tick in price_ticks(scale, view.decimals)}
    ends = (scale.lo, scale.hi)
    return found or {price: price_label(scale, price, view.decimals) for price in ends}


def _pane_labels(scale: Scale, pane: SubPane) -> dict[float, str]:
    """The values an axis tells: the guides; with less than two of them both ends and zero too."""
    values = {*pane.guides}
    if len(values) < 2:
        values |= {scale.lo, scale.hi} | ({0.0} if scale.lo < 0 < scale.hi else set())
    return {value: figure_label(value, scale) for value in sorted(values)}


def _prices(series: _Series, view: ChartView, height: int, label: int, end: float) -> Plotted:
    bars, scale = series.bars, _scales(series, view, height)
    room = view.width - 3 - label
    columns = _columns(len(bars), end, room)
    times = time_ticks(bars.time, view.timeframe, view.zone, room, columns)
    lines = [_cut(line, series) for line in view.overlays]
    lines += [_rebased(each, series, scale) for each in view.compared]
    return Plotted(
        height=height,
        lo=_placed(scale, scale.lo),
        hi=_placed(scale, scale.hi),
        end=end,
        ticks={
            _placed(scale, at): text.rjust(label) for at, text in _price_labels(scale, view).items()
        },
        times={int(np.searchsorted(columns, tick.column)): tick.label for tick in times},
        bars=_placed_bars(bars, scale),
        kind=view.kind,
        lines=tuple(replace(line, values=_placed_all(scale, line.values)) for line in lines),
        shifts=tuple(line.shift / series.each for line in lines),
        guides=tuple((_placed(scale, level.price), level.pen) for level in view.levels),
    )


def _pane(series: _Series, pane: SubPane, height: int, label: int, end: float) -> Plotted:
    scale = _pane_scale(series, pane, height)
    # What is drawn last covers the rest, and a histogram would cover all.
    ordered = sorted(pane.lines, key=lambda line: line.stroke is not Stroke.histogram)
    lines = tuple(_cut(line, series) for line in ordered)
    return Plotted(
        height=height,
        lo=scale.lo,
        hi=scale.hi,
        end=end,
        ticks={at: text.rjust(label) for at, text in _pane_labels(scale, pane).items()},
        lines=lines,
        shifts=tuple(line.shift / series.each for line in lines),
        guides=tuple((guide, Pen.quiet) for guide in pane.guides),
    )


def _columns(count: int, end: float, room: int) -> np.typing.NDArray[np.int64]:
    """The cell of each bar: they are spread over the whole width."""
    return np.rint(np.arange(count) * (room - 1) / max(end, 1)).astype(np.int64)


def _rebased(each: Compared, series: _Series, scale: Scale) -> Overlay:
    values = series.values(each.values)
    known = values[np.isfinite(values)]
    first = float(known[0]) if len(known) else 0.0
    share = scale.base / first if first else np.nan
    return Overlay(each.name, values * share, each.pen)


def _placed(scale: Scale, value: float) -> float:
    """Where a price stands on plotext's axis."""
    return float(_placed_all(scale, np.array([value]))[0])


def _placed_all(scale: Scale, values: Floats) -> Floats:
    """Prices above the lower edge: areas are filled down to zero, which may lie far below it.

    Plotext knows no logarithm of ours, so they are logarithms already.
    """
    if scale.kind != "log":
        with np.errstate(over="ignore"):
            return np.asarray(values - scale.lo)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(np.where(values > 0, values, np.nan)) - np.log(scale.lo))


def _placed_bars(bars: Columns, scale: Scale) -> Columns:
    return Columns(
        bars.time,
        _placed_all(scale, bars.open),
        _placed_all(scale, bars.high),
        _placed_all(scale, bars.low),
        _placed_all(scale, bars.close),
        bars.volume,
    )
