"""Levels: pivots of past sessions, Ichimoku, swings."""

from functools import partial

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
    Instants,
    Outputs,
    Pane,
    Parameter,
    factor,
    length,
)
from tio.engine.indicators.rolling import before

_level = partial(Indicator, group=Group.levels, pane=Pane.overlay, sparse=True)
SCHOOLS = ("standard", "fibonacci", "camarilla", "woodie", "demark")
_LEVELS = ("p", "r1", "r2", "r3", "r4", "s1", "s2", "s3", "s4")


def levels_of(school: str, past: Outputs, opens: Floats) -> Outputs:
    """P, R1–R4, S1–S4 from open, high, low and close of past sessions; NaN: no such level.

    `opens` are the opens of the sessions the levels are for.
    """
    open, high, low, close = past
    span, none = high - low, np.full(len(high), np.nan)
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
    past, opens, at = _sessions(bars, bars.session)
    return _each_bar(levels_of(school, past, opens), at)


def _prior(bars: Inputs) -> Outputs:
    past, _, at = _sessions(bars, bars.session)
    return _each_bar(past, at)


def _monthly(bars: Inputs, school: str) -> Outputs:
    months = bars.time.astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    past, opens, at = _sessions(bars, months)
    return _each_bar(levels_of(school, past, opens), at)


def _sessions(bars: Inputs, number: Instants) -> tuple[tuple[Floats, ...], Floats, Instants]:
    """Prices of the session before each, its own open, and which one each bar is in."""
    if not len(number):
        return (np.empty(0),) * 4, np.empty(0), np.empty(0, dtype=np.int64)
    first = np.flatnonzero(np.r_[True, number[1:] != number[:-1]])
    at = np.searchsorted(first, np.arange(len(number)), side="right") - 1
    last = np.r_[first[1:], len(number)] - 1
    top, bottom = np.maximum.reduceat(bars.high, first), np.minimum.reduceat(bars.low, first)
    past = (bars.open[first], top, bottom, bars.close[last])
    return tuple(before(column) for column in past), bars.open[first], at


def _each_bar(columns: Outputs, at: Instants) -> Outputs:
    return tuple(column[at] if len(at) else column for column in columns)


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
    sides = []
    for column, sign in ((bars.high, 1.0), (bars.low, -1.0)):
        values = column * sign
        centre = before(values, span)
        around = [before(values, each) for each in range(2 * span + 1) if each != span]
        peak = np.ones(len(values), dtype=np.bool_)
        for each in around:
            peak &= centre > each
        sides.append(np.where(peak, before(column, span), np.nan))
    return sides[0], sides[1]


def _zigzag(bars: Inputs, percent: float) -> Outputs:
    """Swings of at least `percent`; the line between turning points, and where each was known."""
    high, low = bars.high.tolist(), bars.low.tolist()
    line, confirmed = np.full(len(high), np.nan), np.full(len(high), np.nan)
    turns: list[tuple[int, float]] = []
    share = percent / 100
    top = bottom = 0
    way = 0
    for at in range(len(high)):
        if way >= 0 and high[at] > high[top]:
            top = at
        if way <= 0 and low[at] < low[bottom]:
            bottom = at
        if way >= 0 and top < at and low[at] <= high[top] * (1 - share):
            turns.append((top, high[top]))
            confirmed[at], way, bottom = high[top], -1, at
        elif way <= 0 and bottom < at and high[at] >= low[bottom] * (1 + share):
            turns.append((bottom, low[bottom]))
            confirmed[at], way, top = low[bottom], 1, at
    if way:
        turns.append((top, high[top]) if way > 0 else (bottom, low[bottom]))
    if len(turns) > 1:
        at_bars = np.arange(turns[0][0], turns[-1][0] + 1)
        line[at_bars] = np.interp(at_bars, [at for at, _ in turns], [price for _, price in turns])
    return line, confirmed


def _opening_range(bars: Inputs, minutes: int) -> Outputs:
    """High and low of the session's first minutes, known when they are over."""
    top, bottom = np.full(len(bars.time), np.nan), np.full(len(bars.time), np.nan)
    span = minutes * 60_000_000
    session, begin, high, low, number = None, 0, np.nan, np.nan, bars.session.tolist()
    for at, time in enumerate(bars.time.tolist()):
        if number[at] != session:
            session, begin, high, low = number[at], time, -np.inf, np.inf
        if time - begin < span:
            high, low = max(high, bars.high[at]), min(low, bars.low[at])
        else:
            top[at], bottom[at] = high, low
    return top, bottom


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
    _level(
        "zigzag", "ZigZag", HL, (factor("percent", 5, 0.01, 99),), ("zigzag", "confirmed"),
        "The swings larger than a share; `confirmed` gives a turn's price at the bar that knew it.",
        "Merrill (1977)", _zigzag, lambda percent: 0,
        repaints="The last leg moves until a move back of `percent` confirms its end; "
        "`confirmed` never changes.",
    ),
)  # fmt: skip
