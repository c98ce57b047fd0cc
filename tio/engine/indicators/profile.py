"""Volume by price: where trading happened, not when."""

from functools import partial
from math import nan
from typing import Any, NamedTuple

import numpy as np

from tio.engine.indicators.declare import (
    HLCV,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    Parameter,
    factor,
    length,
)
from tio.engine.indicators.pieces import Gathered, Windowed, applied


class Profile(NamedTuple):
    """Volume in rows of equal height, lowest first; `edges` has one more."""

    edges: Floats
    volume: Floats
    point_of_control: float
    """The middle of the row with most volume."""
    value_low: float
    value_high: float


def profile(high: Floats, low: Floats, volume: Floats, rows: int, share: float) -> Profile | None:
    """Each bar's volume spread evenly over its range; None where nothing traded.

    The value area grows from the fullest row, by the fuller neighbour, until it holds `share`.
    """
    weight = float(volume.sum())
    if not len(high) or not weight > 0:
        return None
    bottom, top = float(low.min()), float(high.max())
    if not top > bottom:
        return Profile(np.array([bottom, top]), np.array([weight]), bottom, bottom, top)
    edges = np.linspace(bottom, top, rows + 1)
    parts = _spread(high, low, volume, edges)
    fullest = int(parts.argmax())
    first, last = _value_area(parts, fullest, share)
    middle = float(edges[fullest] + edges[fullest + 1]) / 2
    return Profile(edges, parts, middle, float(edges[first]), float(edges[last + 1]))


def _spread(high: Floats, low: Floats, volume: Floats, edges: Floats) -> Floats:
    span = high - low
    flat = span <= 0
    size = np.where(flat, 1.0, span)
    overlap = np.minimum(high[:, None], edges[1:]) - np.maximum(low[:, None], edges[:-1])
    parts = (np.maximum(overlap, 0) * (np.where(flat, 0.0, volume) / size)[:, None]).sum(axis=0)
    if flat.any():
        row = np.clip(np.searchsorted(edges, low[flat], side="right") - 1, 0, len(parts) - 1)
        np.add.at(parts, row, volume[flat])
    return np.asarray(parts)


def _value_area(parts: Floats, fullest: int, share: float) -> tuple[int, int]:
    wanted, held = float(parts.sum()) * share, float(parts[fullest])
    first = last = fullest
    while held < wanted and (first > 0 or last < len(parts) - 1):
        below = float(parts[first - 1]) if first > 0 else -1.0
        above = float(parts[last + 1]) if last < len(parts) - 1 else -1.0
        if above >= below:
            last, held = last + 1, held + above
        else:
            first, held = first - 1, held + below
    return first, last


def _rolling(bars: Inputs, length: int, rows: int, percent: float) -> Outputs:
    each = Windowed(partial(_profiles, rows, percent / 100), length, outputs=3)
    return applied(each, bars.high, bars.low, bars.volume)


def _session(bars: Inputs, rows: int, percent: float) -> Outputs:
    each = Gathered(partial(_summary, rows, percent / 100), outputs=3)
    session: Any = bars.session
    return applied(each, session, bars.high, bars.low, bars.volume)


def _profiles(rows: int, share: float, high: Floats, low: Floats, volume: Floats) -> Floats:
    windows = zip(high, low, volume, strict=True)
    return np.array([_summary(rows, share, *window) for window in windows]).T


def _summary(
    rows: int, share: float, high: Floats, low: Floats, volume: Floats
) -> tuple[float, float, float]:
    found = profile(high, low, volume, rows, share)
    if found is None:
        return nan, nan, nan
    return found.point_of_control, found.value_high, found.value_low


_profile = partial(Indicator, group=Group.volume, pane=Pane.overlay, sparse=True)
_ROWS = Parameter("rows", 24, 2, 500)
_SHARE = factor("percent", 70, 1, 100)
_OUTPUTS = ("poc", "value_high", "value_low")

INDICATORS = (
    _profile(
        "volume_profile", "Rolling volume profile", HLCV, (length(100), _ROWS, _SHARE), _OUTPUTS,
        "The price most traded in the window, and the area that holds 70 % of its volume.",
        "Steidlmayer and Dalton (1990)", _rolling, lambda length, rows, percent: length - 1,
    ),
    _profile(
        "session_profile", "Session volume profile", HLCV, (_ROWS, _SHARE), _OUTPUTS,
        "The price most traded in the session so far, and its value area.",
        "Steidlmayer and Dalton (1990)", _session, lambda rows, percent: 0,
    ),
)  # fmt: skip
