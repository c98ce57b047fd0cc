"""Volume by price at the right of the plot, under the bars: value area, point of control."""

from __future__ import annotations

import numpy as np

from tio.draw.axes import price_label
from tio.draw.canvas import SPACE, Canvas, Pen
from tio.draw.labels import AxisLabel, put_free
from tio.draw.layout import Layout
from tio.draw.scale import Floats, Scale
from tio.draw.view import ChartView, ProfileBars

POC, SPARSE, DENSE, HALF = 0x2504, 0x2591, 0x2592, 0x2590
SHARE, WIDEST = 4, 36


def draw_profile(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """Bars from the right edge, at most a quarter of the width; brighter within the value area."""
    profile = view.profile
    if profile is None or not (pane.width and pane.height):
        return
    volumes = row_volumes(profile, layout.scale)
    most = float(volumes.max(initial=0.0))
    if not most > 0:
        return
    halves = np.rint(volumes / most * 2 * min(pane.width // SHARE, WIDEST)).astype(np.int64)
    halves = np.where(volumes > 0, np.maximum(halves, 1), 0)[:, None]
    beyond = 2 * (pane.width - np.arange(pane.width))
    whole, half = beyond <= halves, beyond == halves + 1
    low, high = layout.scale.place(np.array([profile.value_low, profile.value_high])).tolist()
    middle = np.arange(pane.height)[:, None] + 0.5
    valued = np.broadcast_to((middle > high - 0.5) & (middle < low + 0.5), whole.shape)
    tint = np.where(valued, Pen.profile_value, Pen.profile)
    # Shades in nearly the tints' own colours tell where a terminal has no tints.
    ink = np.where(valued, Pen.area, Pen.quiet)
    np.copyto(pane.ground, tint, where=whole, casting="unsafe")
    empty = pane.glyph == SPACE
    pane.stamp(whole & empty, np.where(valued, DENSE, SPARSE), ink)
    pane.stamp(half & empty, HALF, ink)
    row = layout.scale.row(profile.point_of_control)
    if row is not None:
        pane.glyph[row], pane.ink[row] = POC, Pen.accent


def draw_profile_names(pane: Canvas, layout: Layout, view: ChartView) -> None:
    """`POC`, `VAH` and `VAL` at their prices, where nothing is hidden."""
    profile = view.profile
    if profile is None:
        return
    near = pane.width - 1 - min(pane.width // SHARE, WIDEST)
    for name, price, pen in (
        ("POC", profile.point_of_control, Pen.accent),
        ("VAH", profile.value_high, Pen.muted),
        ("VAL", profile.value_low, Pen.muted),
    ):
        row = layout.scale.row(price)
        if row is not None:
            put_free(pane, row, name, pen, near=near)


def profile_labels(layout: Layout, view: ChartView) -> list[AxisLabel]:
    """The price of the point of control for the axis."""
    if view.profile is None:
        return []
    price = view.profile.point_of_control
    row = layout.scale.row(price)
    if row is None:
        return []
    text = " " + price_label(layout.scale, price, view.decimals)
    return [AxisLabel(row, text, Pen.accent, 4, moves=True)]


def row_volumes(profile: ProfileBars, scale: Scale) -> Floats:
    """The volume each row of a pane stands for; a bucket over two rows is parted by its share."""
    volume = np.nan_to_num(np.asarray(profile.volume, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    places = scale.place(profile.edges)
    if len(volume) < 1 or len(places) != len(volume) + 1 or not np.isfinite(places).all():
        return np.zeros(scale.rows)
    below = np.concatenate(([0.0], np.cumsum(np.maximum(volume, 0.0))))
    # Places fall as prices rise; interpolation wants them rising.
    at = np.interp(np.arange(scale.rows + 1), places[::-1], below[::-1])
    return np.asarray(at[:-1] - at[1:], np.float64)
