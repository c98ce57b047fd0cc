"""Indicators as a chart draws them: lines and clouds over the prices, panes below them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tio.api.indicators import Computed, Pane
from tio.draw.canvas import Pen
from tio.draw.scale import Floats, Ints
from tio.draw.view import ChartView, Cloud, Overlay, Stroke, SubPane

PENS = (Pen.accent, Pen.blue, Pen.violet, Pen.text)
NO_PRICES = frozenset({"percent_b", "bandwidth", "trend", "confirmed", "made"})
"""Outputs that no scale of prices can show, of indicators drawn over them."""
BARS = frozenset({"histogram", "ao", "ac", "momentum"})
DOTS = frozenset({"sar", "fractals"})
STEPS = frozenset({"pivots", "monthly_pivots", "prior_session", "opening_range", "renko"})
CLOUDS = {"ichimoku": ("lead_a", "lead_b")}
REPEATED = {"ichimoku": ("span_a", "span_b"), "disparity": ("average",)}
"""Outputs that show what a cloud shows already, or that stand on the prices' scale in a pane."""
MOST_NAMED = 5
"""An indicator of more outputs stands in the legend by its name alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """What some indicators draw."""

    overlays: tuple[Overlay, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    panes: tuple[SubPane, ...] = ()

    def on(self, view: ChartView) -> ChartView:
        """The view with all of it, after what it shows already."""
        return replace(
            view,
            overlays=(*view.overlays, *self.overlays),
            clouds=(*view.clouds, *self.clouds),
            panes=(*view.panes, *self.panes),
        )


def studied(found: Sequence[Computed], times: Ints) -> Studied:
    """What the indicators draw over bars at `times`, NaN where they have no value."""
    overlays: list[Overlay] = []
    clouds: list[Cloud] = []
    panes: list[SubPane] = []
    for each in found:
        values = at_times(each, times)
        if each.pane is Pane.overlay:
            overlays += overlay_lines(each, values, len(overlays))
            clouds += study_clouds(each, values)
        else:
            lines = pane_lines(each, values)
            panes.append(SubPane(each.label or each.name, lines, guides=each.guides))
    return Studied(tuple(overlays), tuple(clouds), tuple(panes))


def at_times(computed: Computed, times: Ints) -> dict[str, Floats]:
    """Each output's value at each of `times`, NaN where it tells of no such bar."""
    own = np.asarray(computed.time, np.int64)
    at = np.minimum(np.searchsorted(own, times), max(len(own) - 1, 0))
    known = own[at] == times if len(own) else np.zeros(len(times), np.bool_)
    values = {}
    for name, series in computed.outputs.items():
        column = np.full(len(times), np.nan)
        column[known] = np.asarray(series, np.float64)[at[known]]
        values[name] = column
    return values


def overlay_lines(
    computed: Computed, values: Mapping[str, Floats], before: int = 0
) -> tuple[Overlay, ...]:
    """The lines over the prices of one indicator, after `before` lines of others."""
    hidden = NO_PRICES | {*REPEATED.get(computed.name, ())}
    shown = [name for name in values if name not in hidden]
    return tuple(
        Overlay(
            told,
            values[name],
            _pen(name, shown, before + number),
            _stroke(computed.name, name),
            computed.drawn.get(name, 0),
        )
        for number, (name, told) in enumerate(
            zip(shown, _told(computed.label or computed.name, shown), strict=True)
        )
    )


def pane_lines(computed: Computed, values: Mapping[str, Floats]) -> tuple[Overlay, ...]:
    """The lines of an indicator in a pane of its own; a histogram is the faintest."""
    label = computed.label or computed.name
    hidden = REPEATED.get(computed.name, ())
    values = {name: column for name, column in values.items() if name not in hidden}
    lines = []
    pens = iter(PENS * (len(values) // len(PENS) + 1))
    for name, column in values.items():
        stroke = _stroke(computed.name, name)
        alone = len(values) == 1
        pen = Pen.muted if stroke is Stroke.histogram and not alone else next(pens)
        told = label if alone else name
        lines.append(Overlay(told, column, pen, stroke, computed.drawn.get(name, 0)))
    return tuple(lines)


def study_clouds(computed: Computed, values: Mapping[str, Floats]) -> tuple[Cloud, ...]:
    """The cloud between two of its outputs, where it has one."""
    pair = CLOUDS.get(computed.name)
    if pair is None or not {*pair} <= {*values}:
        return ()
    return (Cloud(values[pair[0]], values[pair[1]], computed.drawn.get(pair[0], 0)),)


def _told(label: str, shown: Sequence[str]) -> list[str]:
    """What the legend calls each line: the first by its indicator too."""
    if len(shown) == 1:
        return [label]
    if len(shown) > MOST_NAMED:
        return [label, *[""] * (len(shown) - 1)]
    return [f"{label} {name}" if name == shown[0] else name for name in shown]


def _pen(name: str, shown: Sequence[str], number: int) -> Pen:
    """Both edges of a band look alike, its middle too; other lines take turns."""
    if {"upper", "lower"} <= {*shown}:
        return PENS[(number - shown.index(name)) % len(PENS)]
    return PENS[number % len(PENS)]


def _stroke(indicator: str, output: str) -> Stroke:
    if output in BARS:
        return Stroke.histogram
    if indicator in DOTS:
        return Stroke.dots
    return Stroke.steps if indicator in STEPS else Stroke.line
