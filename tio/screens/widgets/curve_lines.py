"""A portfolio's course drawn: growth beside a benchmark, declines, one rolling figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC

import numpy as np
from numpy.typing import NDArray

from tio.api.market import Timeframe
from tio.api.performance import Performance
from tio.api.series import Series
from tio.draw.axes import round_step, time_ticks
from tio.draw.canvas import Canvas, Pen
from tio.draw.lines import draw_series
from tio.draw.scale import scale_over
from tio.screens.widgets.lines import Line
from tio.screens.widgets.performance_lines import amount, number, percent
from tio.screens.widgets.table_lines import Row

Floats = NDArray[np.float64]
LEAST = 34
"""Cells below which nothing is drawn."""
_LABEL = 9
_ROLLED = ("growth", "volatility", "sharpe", "beta")
_NAMES = {"growth": "return", "volatility": "volatility", "sharpe": "Sharpe", "beta": "beta"}


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a picture: a value a day, NaN where none is told."""

    values: Floats
    pen: Pen
    name: str


def curve_rows(told: Performance, width: int, height: int, rolled: int, hidden: bool) -> list[Row]:
    """Growth, decline and a rolling figure one below the other, as high as there is room."""
    if width < LEAST or len(told.time) < 2:
        words = "Two days at least make a curve." if width >= LEAST else "Too narrow for a curve."
        return [([(words, "muted")], None)]
    room = max(height - 7, 14)
    high, low, last = room * 9 // 20, room * 5 // 20, room - room * 9 // 20 - room * 5 // 20
    curves = [Curve(_values(told.growth), Pen.accent, told.portfolio)]
    if told.benchmark_growth is not None:
        curves.insert(0, Curve(_values(told.benchmark_growth), Pen.blue, told.benchmark))
    lines = [_title("growth", curves, percent, told.lacks)]
    lines += drawn(curves, width, high, percent)
    under = Curve(_values(told.drawdown), Pen.fall, "below the highest so far")
    lines += [_title("decline", [under], percent), *drawn([under], width, low, percent)]
    lines += _rolling(told, width, last, rolled)
    lines.append(_days(told, width))
    if not hidden:
        worth = f"worth {_money(told.end_value)} · put in {_money(told.put_in - told.taken_out)}"
        lines.append([(f"{'':<{_LABEL}}{worth} {told.currency}", "muted")])
    return [(line, None) for line in lines]


def rolling_name(told: Performance, rolled: int) -> str:
    """Which rolling figure is shown."""
    return _NAMES[_told(told)[rolled % len(_told(told))]] if told.rolled is not None else ""


def drawn(
    curves: Sequence[Curve], width: int, rows: int, write: Callable[[float], str]
) -> list[Line]:
    """Curves over one scale, round values at the left; the last one lies on top."""
    every = np.concatenate([curve.values for curve in curves])
    scale = scale_over(every, every, rows)
    canvas = Canvas(width - _LABEL, rows)
    labels = _labels(scale.lo, scale.hi, rows, scale.row)
    for row in labels:
        canvas.glyph[row, :] = ord("┈")
        canvas.ink[row, :] = Pen.quiet
    for curve in curves:
        draw_series(canvas, scale, curve.values, curve.pen)
    lines: list[Line] = []
    for at, runs in enumerate(canvas.rows()):
        label = write(labels[at]) if at in labels else ""
        parts = [(f"{label:>{_LABEL - 1}} ", "muted")]
        parts += [(text, look.ink.name if look.ink else "text") for text, look in runs]
        lines.append(parts)
    return lines


def _labels(
    low: float, high: float, rows: int, row: Callable[[float], int | None]
) -> dict[int, float]:
    """Round values by the row they stand in."""
    step = round_step(high - low, max(rows // 2, 1))
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    found: dict[int, float] = {}
    for count in range(first, min(last, first + 100) + 1):
        at = row(count * step)
        if at is not None and at not in found:
            found[at] = count * step + 0.0
    return found


def _rolling(told: Performance, width: int, rows: int, rolled: int) -> list[Line]:
    """One of the rolling figures; why there is none where the time is too short."""
    if told.rolled is None:
        return [[(f"{'':<{_LABEL}}too short a time for rolling figures", "muted")]]
    names = _told(told)
    name = names[rolled % len(names)]
    series: Series | None = getattr(told.rolled, name)
    values = np.full(2, np.nan) if series is None else _values(series)
    write = percent if name in ("growth", "volatility") else number
    curve = Curve(values, Pen.violet, f"{_NAMES[name]} of {told.rolled.days} days")
    return [_title("rolling", [curve], write), *drawn([curve], width, rows, write)]


def _told(told: Performance) -> tuple[str, ...]:
    """The rolling figures there are: a beta takes a benchmark."""
    if told.rolled is None:
        return ()
    return _ROLLED if told.rolled.beta is not None else _ROLLED[:-1]


def _title(
    what: str, curves: Sequence[Curve], write: Callable[[float], str], lacks: Sequence[str] = ()
) -> Line:
    """What is drawn, each name in its colour with its newest value."""
    parts: list[tuple[str, str]] = [(f"{what:<{_LABEL}}", "muted")]
    for curve in reversed(curves):
        known = curve.values[np.isfinite(curve.values)]
        newest = write(float(known[-1])) if len(known) else "–"
        parts.append((f"{curve.name} {newest}   ", curve.pen.name))
    if lacks:
        parts.append((f"{len(lacks)} not known throughout", "muted"))
    return parts


def _days(told: Performance, width: int) -> Line:
    """The time axis: months and years where they begin."""
    room = width - _LABEL
    times = np.asarray(told.time, dtype=np.int64)
    columns = np.linspace(0, room - 1, len(times)).astype(np.int64)
    text = [" "] * room
    for tick in time_ticks(times, Timeframe.d1, UTC, room, columns):
        text[tick.start : tick.start + len(tick.label)] = tick.label
    return [(" " * _LABEL + "".join(text)[:room], "muted")]


def _values(series: Series) -> Floats:
    return np.asarray(series, dtype=np.float64)


def _money(value: float | None) -> str:
    return amount(value).removeprefix("+")
