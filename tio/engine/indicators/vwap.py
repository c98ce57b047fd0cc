"""Volume-weighted average prices, over a session, from an anchor, over a window."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from tio.api.errors import Invalid
from tio.api.series import instant
from tio.engine.indicators.arithmetic import total
from tio.engine.indicators.declare import (
    HLCV,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    Parameter,
    factor,
    length,
)
from tio.engine.indicators.grouped import first_of, since
from tio.engine.indicators.rolling import ratio

_vwap = partial(Indicator, group=Group.volume, pane=Pane.overlay, sparse=True)
_BANDS = ("vwap", "upper_1", "lower_1", "upper_2", "lower_2")


def _session(bars: Inputs, width: float) -> Outputs:
    return _banded(bars, bars.session, width)


def _anchored(bars: Inputs, anchor: str, width: float) -> Outputs:
    begun = np.where(bars.time >= (_moment(anchor) if anchor else -np.inf), 1.0, 0.0)
    return tuple(np.where(begun > 0, line, np.nan) for line in _banded(bars, begun, width))


def _rolling(bars: Inputs, length: int) -> Outputs:
    typical = (bars.high + bars.low + bars.close) / 3
    return (ratio(total(typical * bars.volume, length), total(bars.volume, length)),)


def _session_mean(bars: Inputs) -> Outputs:
    """Each bar counts the same: time in place of volume."""
    typical = (bars.open + bars.high + bars.low + bars.close) / 4
    session: Any = bars.session
    return (since(typical, session) / since(typical * 0 + 1, session),)


def _banded(bars: Inputs, group: Any, width: float) -> Outputs:
    """Bands of the volume-weighted deviation; numbers are taken off the first typical price."""
    typical = (bars.high + bars.low + bars.close) / 3
    base = first_of(typical, group)
    off = typical - base
    weight = since(bars.volume, group)
    mean = ratio(since(off * bars.volume, group), weight)
    square = ratio(since(off * off * bars.volume, group), weight) - mean**2
    spread = np.sqrt(np.maximum(square, 0)) * width
    line = mean + base
    return line, line + spread, line - spread, line + 2 * spread, line - 2 * spread


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
