"""Levels: pivots of past sessions, Ichimoku, swings."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import numpy as np

from tio.engine.indicators.arithmetic import highest, lowest
from tio.engine.indicators.declare import (
    HL,
    HLC,
    OHLC,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    Parameter,
    length,
)
from tio.engine.indicators.grouped import first_of, highest_since, lowest_since, prior
from tio.engine.indicators.pieces import plainly
from tio.engine.indicators.rolling import before

_level = partial(Indicator, group=Group.levels, pane=Pane.overlay, sparse=True)
SCHOOLS = ("standard", "fibonacci", "camarilla", "woodie", "demark")
_LEVELS = ("p", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4")


def levels_of(school: str, past: Outputs, opens: Floats) -> Outputs:
    """P, R1–R4, S1–S4 from open, high, low and close of past sessions; NaN: no such level.

    `opens` are the opens of the sessions the levels are for.
    """
    open, high, low, close = past
    span, none = high - low, high * np.nan
    middle = (high + low + close) / 3
    match school:
        case "fibonacci":
            reach = [span * each for each in (0.382, 0.618, 1.0)]
            return middle, *(middle + each for each in reach), none, *(
                middle - each for each in reach), none  # fmt: skip
        case "camarilla":
            reach = [1.1 / 12 * span, 1.1 / 6 * span, 1.1 / 4 * span, 1.1 / 2 * span]
            return close, *(close + each for each in reach), *(close - each for each in reach)
        case "demark":
            twice = np.where(close < open, low, np.where(close > open, high, close))
            sum_ = high + low + close + twice
            return sum_ / 4, sum_ / 2 - low, none, none, none, sum_ / 2 - high, none, none, none
        case "woodie":
            middle = (high + low + 2 * opens) / 4
    rise, fall = 2 * middle - low, 2 * middle - high
    third = (high + 2 * (middle - low), low - 2 * (high - middle))
    return (
        middle, rise, middle + span, third[0], none,
        fall, middle - span, third[1], none,
    )  # fmt: skip


def _pivots(bars: Inputs, school: str) -> Outputs:
    session: Any = bars.session
    return levels_of(school, _last(bars, session), first_of(bars.open, session))


def _prior(bars: Inputs) -> Outputs:
    return _last(bars, bars.session)


def _monthly(bars: Inputs, school: str) -> Outputs:
    time: Any = bars.time
    months = plainly(_months, _month, time)
    return levels_of(school, _last(bars, months), first_of(bars.open, months))


def _months(time: Any) -> Any:
    return time.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)


def _month(time: int) -> int:
    day = datetime.fromtimestamp(time // 1_000_000, UTC)
    return (day.year - 1970) * 12 + day.month - 1


def _last(bars: Inputs, group: Any) -> Outputs:
    """Open, high, low and close of the group of bars before."""
    return (
        prior(first_of(bars.open, group), group),
        prior(highest_since(bars.high, group), group),
        prior(lowest_since(bars.low, group), group),
        prior(bars.close, group),
    )


def _ichimoku(bars: Inputs, conversion: int, base: int, span: int) -> Outputs:
    def middle(bars_: int) -> Floats:
        return (highest(bars.high, bars_) + lowest(bars.low, bars_)) / 2

    tenkan, kijun = middle(conversion), middle(base)
    ahead_a, ahead_b = (tenkan + kijun) / 2, middle(span)
    return (
        tenkan, kijun, before(ahead_a, base), before(ahead_b, base), bars.close,
        ahead_a, ahead_b,
    )  # fmt: skip


def _fractals(bars: Inputs, span: int) -> Outputs:
    """Strict extremes of 2·span + 1 bars, told at the bar that confirms them."""
    tops, bottoms = highest(bars.high, span), lowest(bars.low, span)
    high, low = before(bars.high, span), before(bars.low, span)
    peak = (high > tops) & (high > before(tops, span + 1))
    trough = (low < bottoms) & (low < before(bottoms, span + 1))
    return np.where(peak, high, np.nan), np.where(trough, low, np.nan)


def _opening_range(bars: Inputs, minutes: int) -> Outputs:
    """High and low of the session's first minutes, known when they are over."""
    session: Any = bars.session
    time: Any = bars.time
    begin: Any = first_of(time, session)
    early = time - begin < minutes * 60_000_000
    top = highest_since(np.where(early, bars.high, -np.inf), session)
    bottom = lowest_since(np.where(early, bars.low, np.inf), session)
    return np.where(early, np.nan, top), np.where(early, np.nan, bottom)


_SCHOOL = (Parameter("school", "standard", choices=SCHOOLS),)
_SPANS = ("tenkan", "kijun", "span_a", "span_b", "chikou", "lead_a", "lead_b")

INDICATORS = (
    _level(
        "pivots", "Pivot points of the last session", OHLC, _SCHOOL, _LEVELS,
        "Levels reckoned from the session before, by one of five schools.",
        "Person (2004); Scott (Camarilla); Woodie; DeMark (1997)", _pivots, lambda school: 1,
    ),
    _level(
        "monthly_pivots", "Pivot points of the last month", OHLC, _SCHOOL, _LEVELS,
        "Levels reckoned from the month before, by one of five schools.",
        "as pivots, over calendar months in UTC", _monthly, lambda school: 1,
    ),
    _level(
        "prior_session", "Prior session", OHLC, (), ("open", "high", "low", "close"),
        "The four prices of the session before.", "common practice", _prior, lambda: 1,
    ),
    _level(
        "opening_range", "Opening range", HL, (Parameter("minutes", 30, 1, 1440),),
        ("high", "low"), "High and low of the session's first minutes, once they are over.",
        "Crabel (1990)", _opening_range, lambda minutes: 1,
    ),
    _level(
        "ichimoku", "Ichimoku cloud", HLC,
        (length(9, name="conversion"), length(26, name="base"), length(52, name="span")), _SPANS,
        "Middles of three windows, a cloud drawn ahead, the close drawn back.",
        "Hosoda (1969)", _ichimoku,
        lambda conversion, base, span: base + max(conversion, base, span) - 1,
        drawn=lambda conversion, base, span: {"chikou": -base, "lead_a": base, "lead_b": base},
    ),
    _level(
        "fractals", "Williams fractals", HL, (length(2, 1, name="span"),), ("high", "low"),
        "A high or low with lower highs or higher lows on both sides, told when it is known.",
        "Williams (1995)", _fractals, lambda span: 2 * span,
        drawn=lambda span: {"high": -span, "low": -span},
    ),
)  # fmt: skip
