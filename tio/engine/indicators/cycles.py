"""Cycles: Ehlers' filters and the Hilbert transform."""

from functools import partial
from math import cos, exp, nan, pi, sin

from tio.engine.indicators.arithmetic import ta
from tio.engine.indicators.declare import (
    CLOSE,
    PRICE,
    Floats,
    Group,
    Indicator,
    Inputs,
    Outputs,
    Pane,
    length,
)
from tio.engine.indicators.pieces import Folded, applied
from tio.engine.indicators.rolling import before

_cycle = partial(Indicator, group=Group.cycles)


def _smoothed(column: Floats, length: int) -> Floats:
    """Ehlers' two-pole super smoother, from the first value on."""
    damp = exp(-(2**0.5) * pi / length)
    second, third = 2 * damp * cos(2**0.5 * pi / length), -damp * damp
    step = partial(_two_poles, 1 - second - third, second, third)
    return applied(Folded(step, (nan, nan, nan)), column)[0]


Three = tuple[float, float, float]


def _two_poles(
    first: float, second: float, third: float, carried: Three, value: float
) -> tuple[Three, float]:
    earlier, last, older = carried
    answer = value
    if older == older:
        answer = first * ((value + earlier) / 2) + second * last + third * older
    return (value, answer, last), answer


def _high_passed(column: Floats, length: int) -> Floats:
    angle = 0.707 * 2 * pi / length
    pace = (cos(angle) + sin(angle) - 1) / cos(angle)
    return applied(Folded(partial(_passed, pace), (0.0, 0.0)), _bends(column))[0]


def _bends(column: Floats) -> Floats:
    """Second differences; NaN at the first two bars."""
    return column - 2 * before(column) + before(column, 2)


def _passed(
    pace: float, carried: tuple[float, float], bend: float
) -> tuple[tuple[float, float], float]:
    if bend != bend:
        return (0.0, 0.0), 0.0
    last, older = carried
    answer = (1 - pace / 2) ** 2 * bend + 2 * (1 - pace) * last - (1 - pace) ** 2 * older
    return (answer, last), answer


def _super_smoother(bars: Inputs, length: int) -> Outputs:
    return (_smoothed(bars.close, length),)


def _roofing(bars: Inputs, short: int, length: int) -> Outputs:
    return (_smoothed(_high_passed(bars.close, length), short),)


def _decycler(bars: Inputs, length: int) -> Outputs:
    angle = 2 * pi / length
    pace = (cos(angle) + sin(angle) - 1) / cos(angle)
    return applied(Folded(partial(_slowed, pace), (nan, nan)), bars.close)


def _slowed(
    pace: float, carried: tuple[float, float], price: float
) -> tuple[tuple[float, float], float]:
    earlier, last = carried
    answer = price
    if last == last:
        answer = pace * ((price + earlier) / 2) + (1 - pace) * last
    return (price, answer), answer


INDICATORS = (
    _cycle(
        "ht_trendline", "Hilbert trendline", CLOSE, (PRICE,), ("trendline",),
        "The price without its dominant cycle.", "Ehlers (2001); TA-Lib HT_TRENDLINE",
        ta("HT_TRENDLINE", "close"), lambda: 63, pane=Pane.overlay,
    ),
    _cycle(
        "ht_dcperiod", "Hilbert dominant cycle period", CLOSE, (PRICE,), ("period",),
        "How many bars the dominant cycle lasts.", "Ehlers (2001); TA-Lib HT_DCPERIOD",
        ta("HT_DCPERIOD", "close"), lambda: 32,
    ),
    _cycle(
        "ht_dcphase", "Hilbert dominant cycle phase", CLOSE, (PRICE,), ("phase",),
        "Where in its cycle the price is, in degrees.", "Ehlers (2001); TA-Lib HT_DCPHASE",
        ta("HT_DCPHASE", "close"), lambda: 63,
    ),
    _cycle(
        "ht_phasor", "Hilbert phasor", CLOSE, (PRICE,), ("in_phase", "quadrature"),
        "The two parts of the cycle.", "Ehlers (2001); TA-Lib HT_PHASOR",
        ta("HT_PHASOR", "close"), lambda: 32,
    ),
    _cycle(
        "ht_sine", "Hilbert sine wave", CLOSE, (PRICE,), ("sine", "lead"),
        "The cycle's sine and one an eighth ahead: they cross at turns.",
        "Ehlers (2001); TA-Lib HT_SINE", ta("HT_SINE", "close"), lambda: 63,
    ),
    _cycle(
        "ht_trendmode", "Hilbert trend mode", CLOSE, (PRICE,), ("mode",),
        "1 in a trend, 0 in a cycle.", "Ehlers (2001); TA-Lib HT_TRENDMODE",
        ta("HT_TRENDMODE", "close"), lambda: 63,
    ),
    _cycle(
        "supersmoother", "Super smoother", CLOSE, (length(10, 4), PRICE), ("smooth",),
        "A two-pole filter that removes cycles shorter than its length.", "Ehlers (2013)",
        _super_smoother, lambda length: 0, pane=Pane.overlay,
    ),
    _cycle(
        "roofing", "Roofing filter", CLOSE,
        (length(10, 4, name="short"), length(48, 8), PRICE), ("roofing",),
        "Only the cycles between two lengths.", "Ehlers (2013)",
        _roofing, lambda short, length: 0,
    ),
    _cycle(
        "decycler", "Simple decycler", CLOSE, (length(125, 5), PRICE), ("decycler",),
        "The price without cycles shorter than its length.", "Ehlers (2015)",
        _decycler, lambda length: 0, pane=Pane.overlay,
    ),
)  # fmt: skip
