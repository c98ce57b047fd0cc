"""Volume by price: where trading happened, not when."""

from functools import partial
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
from tio.engine.indicators.pieces import Windowed, applied
from tio.engine.indicators.price_rows import NOTHING, Grown, Told, edges_of, spread_over, summary


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
    edges, parts = edges_of(high[None], low[None], rows), np.zeros((1, rows))
    step = max(1, _TOGETHER // rows)
    for at in range(0, len(high), step):
        part = slice(at, at + step)
        parts += spread_over(high[None, part], low[None, part], volume[None, part], edges)
    told = summary(edges[0].tolist(), parts[0].tolist(), share)
    return Profile(edges[0], parts[0], told[0], told[2], told[1])


def _rolling(bars: Inputs, length: int, rows: int, percent: float) -> Outputs:
    each = Windowed(partial(_profiles, rows, percent / 100), length, outputs=3)
    return applied(each, bars.high, bars.low, bars.volume)


def _session(bars: Inputs, rows: int, percent: float) -> Outputs:
    session: Any = bars.session
    return applied(Grown(rows, percent / 100), session, bars.high, bars.low, bars.volume)


_TOGETHER = 1 << 16
"""How many rows of bars are looked at together: what a processor keeps near."""


def _profiles(rows: int, share: float, high: Floats, low: Floats, volume: Floats) -> Floats:
    told: list[Told] = []
    step = max(1, _TOGETHER // (rows * high.shape[1]))
    for at in range(0, len(high), step):
        part = slice(at, at + step)
        edges = edges_of(high[part], low[part], rows)
        parts = spread_over(high[part], low[part], volume[part], edges)
        weights = volume[part].sum(axis=1)
        for edge, row, weight in zip(edges.tolist(), parts.tolist(), weights.tolist(), strict=True):
            if not weight > 0:
                told.append(NOTHING)
            elif edge[-1] > edge[0]:
                told.append(summary(edge, row, share))
            else:
                told.append((edge[0], edge[0], edge[0]))
    return np.array(told).T


_profile = partial(Indicator, group=Group.volume, pane=Pane.overlay, sparse=True)
_ROWS = Parameter("rows", 24, 2, 500)
_SHARE = factor("percent", 70, 1, 100)
_OUTPUTS = ("poc", "value_high", "value_low")

INDICATORS = (
    _profile(
        "volume_profile", "Rolling volume profile", HLCV, (length(100), _ROWS, _SHARE), _OUTPUTS,
        "The price most traded in the window, and the area that holds a share of its volume.",
        "Steidlmayer and Dalton (1990)", _rolling, lambda length, rows, percent: length - 1,
    ),
    _profile(
        "session_profile", "Session volume profile", HLCV, (_ROWS, _SHARE), _OUTPUTS,
        "The price most traded in the session so far, and its value area.",
        "Steidlmayer and Dalton (1990)", _session, lambda rows, percent: 0,
    ),
)  # fmt: skip
