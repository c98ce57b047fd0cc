"""Volume-weighted average prices, over a session, from an anchor, over a window."""

from datetime import UTC, datetime
from functools import partial

import numpy as np

from tio.api.errors import Invalid
from tio.api.series import instant
from tio.engine.indicators.arithmetic import total
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
from tio.engine.indicators.rolling import ratio, starts

_vwap = partial(Indicator, group=Group.volume, pane=Pane.overlay, sparse=True)
_BANDS = ("vwap", "upper_1", "lower_1", "upper_2", "lower_2")


def _session(bars: Inputs, width: float) -> Outputs:
    return _banded(bars, starts(bars.session), width)


def _anchored(bars: Inputs, anchor: str, width: float) -> Outputs:
    first = int(np.searchsorted(bars.time, _moment(anchor))) if anchor else 0
    begin = np.where(np.arange(len(bars.time)) >= first, float(first), np.nan)
    return _banded(bars, begin, width)


def _rolling(bars: Inputs, length: int) -> Outputs:
    typical = (bars.high + bars.low + bars.close) / 3
    return (ratio(total(typical * bars.volume, length), total(bars.volume, length)),)


def _session_mean(bars: Inputs) -> Outputs:
    """Each bar counts the same: time in place of volume."""
    typical = (bars.open + bars.high + bars.low + bars.close) / 4
    begin = starts(bars.session)
    count = np.arange(len(begin)) - begin + 1
    return (_since(typical, begin) / count,)


def _banded(bars: Inputs, begin: Floats, width: float) -> Outputs:
    """Bands of the volume-weighted deviation; numbers are taken off the first typical price."""
    typical = (bars.high + bars.low + bars.close) / 3
    if not len(typical):
        return (typical,) * len(_BANDS)
    known = ~np.isnan(begin)
    first = np.where(known, begin, 0).astype(np.int64)
    base = typical[first]
    off = typical - base
    weight = _since(bars.volume, begin)
    mean = ratio(_since(off * bars.volume, begin), weight)
    square = ratio(_since(off * off * bars.volume, begin), weight) - mean**2
    spread = np.sqrt(np.maximum(square, 0)) * width
    line = mean + base
    return line, line + spread, line - spread, line + 2 * spread, line - 2 * spread


def _since(column: Floats, begin: Floats) -> Floats:
    """Sums from each bar's beginning, restarted there so that no rounding is carried over."""
    sums = np.full(len(column), np.nan)
    known = np.flatnonzero(~np.isnan(begin))
    if not len(known):
        return sums
    edges = known[np.r_[True, np.diff(begin[known]) != 0]]
    for start, end in zip(edges, np.r_[edges[1:], len(column)], strict=True):
        sums[start:end] = np.cumsum(column[start:end])
    return sums


def _moment(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"anchor must be a date or an ISO-8601 time, was {text!r}") from None
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


_WIDTH = factor("width", 1)

INDICATORS = (
    _vwap(
        "vwap", "Session VWAP with bands", HLCV, (_WIDTH,), _BANDS,
        "What the session's volume paid on average, and its deviation once and twice.",
        "Berkowitz, Logue and Noser (1988)", _session, lambda width: 0,
    ),
    _vwap(
        "avwap", "Anchored VWAP with bands", HLCV, (Parameter("anchor", ""), _WIDTH), _BANDS,
        "What all volume since a moment paid on average; without an anchor, since the first bar.",
        "Shannon (2008)", _anchored, lambda anchor, width: 0,
    ),
    _vwap(
        "rvwap", "Rolling VWAP", HLCV, (length(20),), ("vwap",),
        "What the window's volume paid on average.", "common practice", _rolling,
        lambda length: length - 1,
    ),
    _vwap(
        "twap", "Session TWAP", ("open", *HLCV[:3]), (), ("twap",),
        "The session's mean price, each bar the same.", "common practice",
        _session_mean, lambda: 0,
    ),
)  # fmt: skip
