"""Bars for testing indicators: random ones, odd ones, and how two columns agree."""

from math import isclose, isnan

import numpy as np
from hypothesis import strategies as st

from tio.engine.indicators.catalogue import CATALOGUE
from tio.engine.indicators.declare import Floats, Instants, Value
from tio.engine.indicators.live import Bar
from tio.engine.store.columns import Columns

HOUR = 3_600_000_000
REPAINTED = {("zigzag", "zigzag")}
"""Outputs whose values change when bars are added, as their declaration says."""
BEGIN = 1_600_000_000_000_000


def walk(count: int, seed: int = 1, step: float = 0.01) -> Columns:
    """Hourly bars of a random walk from 100, with volume."""
    random = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(random.normal(size=count)) * step)
    open = np.r_[close[:1], close[:-1]] * (1 + random.normal(size=count) * step / 5)
    high = np.maximum(open, close) * (1 + random.random(count) * step)
    low = np.minimum(open, close) * (1 - random.random(count) * step)
    time = BEGIN + np.arange(count) * HOUR
    return Columns.of(time, open, high, low, close, np.round(random.random(count) * 1e5))


def other(count: int) -> Floats:
    return walk(count, seed=99).close.copy()


def first(bars: Columns, count: int) -> Columns:
    return Columns(bars.block[:, :count])


def sessions(bars: Columns) -> Instants:
    """Numbers of sessions of seven bars, and of fewer before a gap in time."""
    gaps = np.diff(bars.time, prepend=bars.time[:1]) > HOUR
    starts = gaps | (np.arange(len(bars)) % 7 == 0)
    return np.cumsum(starts)


def rows(bars: Columns, *, session: Instants | None = None) -> list[Bar]:
    """The bars one by one, beside the other instrument."""
    columns = [getattr(bars, name).tolist() for name in Bar._fields[:6]]
    numbers = [None] * len(bars) if session is None else session.tolist()
    return [Bar(*row) for row in zip(*columns, numbers, other(len(bars)).tolist(), strict=True)]


def brief(name: str, longest: int = 7) -> dict[str, Value]:
    """Windows of a few bars, so that short histories have values too."""
    parameters = CATALOGUE[name].parameters
    return {
        each.name: max(int(each.low), min(each.default, longest))
        for each in parameters
        if isinstance(each.default, int) and each.name not in ("rows", "minutes")
    }


KINDS = ("flat", "nothing", "quiet", "missing", "gap")
SIZES = ((1.0, 0.0), (1.0, 0.0), (1e9, 0.0), (1e-9, 0.0), (1.0, -300.0), (1.0, -100.0), (1e-3, 1e5))
"""What a walk around 100 is taken times, and what is added."""
VOLUMES = st.sampled_from((1.0, 1e9, 1e-9))


@st.composite
def odd(draw: st.DrawFn, most: int = 160) -> Columns:
    """A walk with flat stretches, bars without volume, missing numbers and gaps in time.

    Of any size, and with prices of zero and below as rates and oil have had them.
    """
    count = draw(st.integers(0, most))
    bars = walk(count, seed=draw(st.integers(0, 10_000)), step=draw(st.sampled_from((0.001, 0.03))))
    columns = [bars.open, bars.high, bars.low, bars.close, bars.volume]
    size, lift = draw(st.sampled_from(SIZES))
    columns = [*(column * size + lift for column in columns[:4]), columns[4] * draw(VOLUMES)]
    time = bars.time.copy()
    for kind in draw(st.lists(st.sampled_from(KINDS), max_size=4)):
        begin = draw(st.integers(0, max(0, count - 1)))
        part = slice(begin, begin + draw(st.integers(1, 60)))
        if kind == "flat" and count:
            for column in columns[:4]:
                column[part] = columns[3][begin]
        elif kind == "nothing":
            for column in columns[:4]:
                column[part] = 0.0
        elif kind == "quiet":
            columns[4][part] = 0.0
        elif kind == "missing":
            columns[draw(st.integers(0, 4))][part.start : part.start + 3] = np.nan
        else:
            time[part.start :] += 3 * 24 * HOUR
    return Columns.of(time, *columns)


def same(ours: float, theirs: float) -> bool:
    """Equal but for the last digits, whatever their size; a missing number is one on both sides."""
    return isclose(ours, theirs, rel_tol=1e-9) or (isnan(ours) and isnan(theirs))


def furthest(ours: Floats, theirs: Floats, floor: float = 1e-12) -> float:
    """The largest relative difference; infinite where only one has a value."""
    known = ~np.isnan(ours)
    if (known != ~np.isnan(theirs)).any():
        return float("inf")
    if not known.any():
        return 0.0
    scale = np.maximum(np.abs(theirs[known]), floor)
    return float((np.abs(ours[known] - theirs[known]) / scale).max())
