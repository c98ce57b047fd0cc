"""Cycles: Ehlers' filters and the Hilbert transform."""

from functools import partial
from math import cos, exp, pi, sin

import numpy as np

from tio.engine.indicators.arithmetic import call, ta
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

_cycle = partial(Indicator, group=Group.cycles)


def _trend_mode(bars: Inputs) -> Outputs:
    mode = call("HT_TRENDMODE", bars.close)[0]
    mode[:63] = np.nan
    return (mode,)


def _smoothed(column: Floats, length: int) -> Floats:
    """Ehlers' two-pole super smoother, from the first value on."""
    damp = exp(-(2**0.5) * pi / length)
    second, third = 2 * damp * cos(2**0.5 * pi / length), -damp * damp
    first = 1 - second - third
    values = column.copy()
    for at in range(2, len(values)):
        mean = (column[at] + column[at - 1]) / 2
        values[at] = first * mean + second * values[at - 1] + third * values[at - 2]
    return values


def _high_passed(column: Floats, length: int) -> Floats:
    angle = 0.707 * 2 * pi / length
    pace = (cos(angle) + sin(angle) - 1) / cos(angle)
    values = np.zeros(len(column))
    for at in range(2, len(column)):
        bend = column[at] - 2 * column[at - 1] + column[at - 2]
        values[at] = (
            (1 - pace / 2) ** 2 * bend
            + 2 * (1 - pace) * values[at - 1]
            - (1 - pace) ** 2 * values[at - 2]
        )
    return values


def _super_smoother(bars: Inputs, length: int) -> Outputs:
    return (_smoothed(bars.close, length),)


def _roofing(bars: Inputs, short: int, length: int) -> Outputs:
    return (_smoothed(_high_passed(bars.close, length), short),)


def _decycler(bars: Inputs, length: int) -> Outputs:
    angle = 2 * pi / length
    pace = (cos(angle) + sin(angle) - 1) / cos(angle)
    values = bars.close.copy()
    for at in range(1, len(values)):
        mean = (bars.close[at] + bars.close[at - 1]) / 2
        values[at] = pace * mean + (1 - pace) * values[at - 1]
    return (values,)


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
        _trend_mode, lambda: 63,
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
