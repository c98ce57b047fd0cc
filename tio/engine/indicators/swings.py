"""Swings: turning points of a given size, and when each was known."""

from functools import partial
from math import nan
from typing import NamedTuple

import numpy as np

from tio.engine.indicators.declare import (
    HL,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    factor,
)
from tio.engine.indicators.pieces import Folded, applied


class Swing(NamedTuple):
    """The extremes since the last turn; `way` is 0 before the first."""

    at: int = -1
    way: int = 0
    top_at: int = 0
    top: float = nan
    bottom_at: int = 0
    bottom: float = nan


def _step(share: float, swing: Swing, high: float, low: float) -> tuple[Swing, tuple[float, float]]:
    """The line where its newest end is at this bar, and a turn's price where it is confirmed."""
    at, way, top_at, top, bottom_at, bottom = swing
    at, confirmed = at + 1, nan
    if at == 0:
        top, bottom = high, low
    if way >= 0 and high > top:
        top_at, top = at, high
    if way <= 0 and low < bottom:
        bottom_at, bottom = at, low
    if way >= 0 and top_at < at and low <= top * (1 - share):
        confirmed, way, bottom_at, bottom = top, -1, at, low
    elif way <= 0 and bottom_at < at and high >= bottom * (1 + share):
        confirmed, way, top_at, top = bottom, 1, at, high
    end_at, end = (top_at, top) if way > 0 else (bottom_at, bottom)
    line = end if way and end_at == at else nan
    return Swing(at, way, top_at, top, bottom_at, bottom), (line, confirmed)


def _with_hindsight(share: float, high: Floats, low: Floats) -> Outputs:
    """The line between turning points and to the newest extreme, and where each was known."""
    swing, turns = Swing(), []
    line, confirmed = np.full(len(high), np.nan), np.full(len(high), np.nan)
    for at, row in enumerate(zip(high.tolist(), low.tolist(), strict=True)):
        past = swing
        swing, (_, confirmed[at]) = _step(share, swing, *row)
        if swing.way != past.way:
            fell = swing.way < 0
            turns.append((swing.top_at, swing.top) if fell else (swing.bottom_at, swing.bottom))
    if swing.way:
        up = swing.way > 0
        turns.append((swing.top_at, swing.top) if up else (swing.bottom_at, swing.bottom))
        at_bars = np.arange(turns[0][0], turns[-1][0] + 1)
        line[at_bars] = np.interp(at_bars, [at for at, _ in turns], [price for _, price in turns])
    return line, confirmed


def _zigzag(bars: Inputs, percent: float) -> Outputs:
    share = percent / 100
    array = partial(_with_hindsight, share)
    return applied(Folded(partial(_step, share), Swing(), 2, array=array), bars.high, bars.low)


_level = partial(Indicator, group=Group.levels, pane=Pane.overlay, sparse=True)

INDICATORS = (
    _level(
        "zigzag", "ZigZag", HL, (factor("percent", 5, 0.01, 99),), ("zigzag", "confirmed"),
        "The swings larger than a share; `confirmed` gives a turn's price at the bar that knew it.",
        "Merrill (1977)", _zigzag, lambda percent: 0,
        repaints="The last leg moves until a move back of `percent` confirms its end; "
        "`confirmed` never changes.",
    ),
)  # fmt: skip
