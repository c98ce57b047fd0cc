"""What is drawn over bars: lines, steps, dots, histograms, clouds, compared instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tio.draw.axes import price_label
from tio.draw.canvas import BLOCKS, FULL, REVERSE, SPACE, Canvas, Pen
from tio.draw.labels import AxisLabel, put_free
from tio.draw.layout import Layout
from tio.draw.lines import draw_lines, draw_points, draw_ranges, draw_steps
from tio.draw.pane_scale import rebasing
from tio.draw.sampled import halves_each, last_each, single
from tio.draw.scale import Floats, Scale
from tio.draw.view import ChartView, Cloud, Compared, Overlay, Stroke

TEXTURE = ord("·")


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """A series to be drawn as a line, each value so many times itself."""

    values: Floats
    pen: Pen
    shift: int = 0
    times: float = 1.0


def draw_overlays(
    pane: Canvas, scale: Scale, layout: Layout, overlays: Sequence[Overlay], *, bars: bool = False
) -> None:
    """Columns of values in their strokes: histograms lowest, lines over steps and dots.

    Over `bars` that stand for many a line is thin, so as not to hide them.
    """
    slots, bounds = layout.slots, layout.bounds
    for line in overlays:
        if line.stroke is Stroke.histogram:
            draw_histogram(pane, scale, layout, last_each(line.values, bounds, line.shift))
    for line in overlays:
        if line.stroke in (Stroke.steps, Stroke.dots):
            draw = draw_steps if line.stroke is Stroke.steps else draw_points
            draw(pane, scale, slots, last_each(line.values, bounds, line.shift), line.pen)
    lines = [line for line in overlays if line.stroke is Stroke.line]
    found = [Sampled(line.values, line.pen, line.shift) for line in lines]
    _draw_lines(pane, scale, layout, found, thin=bars)


def draw_compared(pane: Canvas, layout: Layout, other: Compared) -> None:
    """Another instrument's closes, as if both had begun at the same price."""
    times = rebasing(other, layout.scale.base, layout.bounds)
    _draw_lines(pane, layout.scale, layout, [Sampled(other.values, other.pen, times=times)])
    last = _newest(layout, other)
    row = None if last is None else layout.scale.row(last)
    if row is not None:
        put_free(pane, row, other.name, other.pen, near=pane.width - 1)


def draw_histogram(pane: Canvas, scale: Scale, layout: Layout, values: Floats) -> None:
    """Bars from zero up and down; what moves back towards zero is dimmer."""
    slots = layout.slots
    keep = np.isfinite(values) & (slots >= 0) & (slots < pane.width)
    if not keep.any() or not pane.height:
        return
    before = np.concatenate((values[:1], values[:-1]))
    fading = np.abs(values) < np.abs(before)
    rising = np.where(fading, Pen.rise_dim, Pen.rise)
    falling = np.where(fading, Pen.fall_dim, Pen.fall)
    pens = np.where(values >= 0, rising, falling).astype(np.uint8)[keep]
    values, slots = values[keep], slots[keep]
    zero = int(np.clip(np.rint(scale.place(0.0)), 0, pane.height)) * 8
    edge = np.clip(scale.steps(values, 8), 0, 8 * pane.height)
    # Any value but zero shows an eighth on its side.
    edge = np.where((values > 0) & (edge >= zero), zero - 1, edge)
    edge = np.where((values < 0) & (edge <= zero), zero + 1, edge)
    rows = 8 * np.arange(pane.height)[:, None]
    above = np.clip(np.minimum(rows + 8, zero) - np.maximum(rows, edge), 0, 8)
    below = np.clip(np.minimum(rows + 8, edge) - np.maximum(rows, zero), 0, 8)
    glyph = np.where(above > 0, BLOCKS[above], np.where(below > 0, BLOCKS[8 - below], SPACE))
    glyph = np.where(below == 8, FULL, glyph)
    flags = np.where((below > 0) & (below < 8), REVERSE, 0)
    inked = (above > 0) | (below > 0)
    for offset in range(-(layout.body // 2), layout.body // 2 + 1):
        at = slots + offset
        inside = (at >= 0) & (at < pane.width)
        for cells, drawn in ((pane.glyph, glyph), (pane.ink, pens), (pane.flags, flags)):
            shown = np.broadcast_to(drawn, inked.shape)[:, inside]
            cells[:, at[inside]] = np.where(inked[:, inside], shown, cells[:, at[inside]])


def draw_cloud(pane: Canvas, scale: Scale, layout: Layout, cloud: Cloud) -> None:
    """Tint the cells between two columns, their ground by which is above, with a faint texture.

    The texture tells a cloud where a terminal has no tints.
    """
    upper, lower = (
        last_each(values, layout.bounds, cloud.shift) for values in (cloud.upper, cloud.lower)
    )
    if not len(layout.slots) or not (pane.width and pane.height):
        return
    x = np.arange(pane.width)
    inside = (x >= layout.slots[0]) & (x <= layout.slots[-1])
    at = np.clip(np.searchsorted(layout.slots, x), 0, len(layout.slots) - 1)
    if layout.pitch > 1:
        upper, lower = (np.interp(x, layout.slots, values) for values in (upper, lower))
    else:
        upper, lower = upper[at], lower[at]
    risen = upper >= lower
    top, bottom = scale.place(np.fmax(upper, lower)), scale.place(np.fmin(upper, lower))
    middle = np.arange(pane.height)[:, None] + 0.5
    with np.errstate(invalid="ignore"):
        mask = (middle >= top) & (middle <= bottom) & inside & np.isfinite(upper + lower)
    tint = np.where(risen, Pen.fade_rise, Pen.fade_fall)
    dots = np.where(risen, Pen.rise_dim, Pen.fall_dim)
    if cloud.pen is not None:
        tint, dots = np.full_like(tint, cloud.pen), np.full_like(dots, Pen.quiet)
    np.copyto(pane.ground, tint, where=mask, casting="unsafe")
    sparse = (np.arange(pane.height)[:, None] + 2 * x) % 4 == 0
    empty = mask & sparse & (pane.glyph == SPACE)
    pane.stamp(empty, TEXTURE, dots)


def compared_labels(layout: Layout, view: ChartView) -> list[AxisLabel]:
    """The newest percents in sight for the axis, each in its pen."""
    labels = []
    for other in view.compared:
        last = _newest(layout, other)
        row = None if last is None else layout.scale.row(last)
        if last is not None and row is not None:
            text = " " + price_label(layout.scale, last, view.decimals)
            labels.append(AxisLabel(row, text, other.pen, 3, reverse=True, moves=True))
    return labels


def _newest(layout: Layout, other: Compared) -> float | None:
    """The newest of its rebased closes in sight."""
    part = other.values[layout.start : layout.end][-64:]
    known = part[np.isfinite(part)]
    last = float(known[-1]) if len(known) else np.nan
    last *= rebasing(other, layout.scale.base, layout.bounds)
    return last if np.isfinite(last) else None


def _draw_lines(
    pane: Canvas,
    scale: Scale,
    layout: Layout,
    lines: Sequence[Sampled],
    *,
    thin: bool = False,
) -> None:
    """Lines of one value a slot; slots of several bars keep the extremes."""
    slots, bounds, pens = layout.slots, layout.bounds, [line.pen for line in lines]
    if single(bounds) or layout.pitch > 1:
        values = [last_each(line.values, bounds, line.shift) * line.times for line in lines]
        draw_lines(pane, scale, slots, values, pens)
    elif len(slots):
        parts = [halves_each(line.values, bounds, line.shift) * line.times for line in lines]
        if thin:
            parts = [_thinned(part, layout) for part in parts]
        draw_ranges(pane, scale, int(slots[0]), parts, pens)


def _thinned(parts: Floats, layout: Layout) -> Floats:
    """From last value to last value; extremes only where they lie beyond the bars' own."""
    shown = 2 * len(layout.columns)
    _, low, high, last = parts
    thin = np.stack((last, last, last, last))
    least, most = np.repeat(layout.shown.low, 2), np.repeat(layout.shown.high, 2)
    thin[1, :shown] = np.where(low[:shown] < least, low[:shown], last[:shown])
    thin[2, :shown] = np.where(high[:shown] > most, high[:shown], last[:shown])
    return thin
