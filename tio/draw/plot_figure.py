"""One figure of plotext: bars, lines and guides at places its caller worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tio.draw.canvas import Pen
from tio.draw.columns import Columns
from tio.draw.scale import Floats
from tio.draw.view import ChartKind, Overlay, Stroke

COLOURS: Mapping[Pen, int] = {
    Pen.accent: 3,
    Pen.rise: 2,
    Pen.fall: 1,
    Pen.blue: 4,
    Pen.violet: 5,
    Pen.muted: 8,
    Pen.quiet: 8,
}
"""The terminal's own sixteen colours, readable on light and on dark; others are its plain ink."""
PLAIN = 7


@dataclass(frozen=True, slots=True, eq=False)
class Plotted:
    """What one figure shows: bar i at x = i up to `end`, values from `lo` to `hi`.

    `ticks` and `times` are labels by value and by x; `shifts` move each line to the right.
    """

    height: int
    lo: float
    hi: float
    end: float
    ticks: Mapping[float, str]
    times: Mapping[int, str] = field(default_factory=dict)
    bars: Columns | None = None
    kind: ChartKind = ChartKind.candles
    lines: tuple[Overlay, ...] = ()
    shifts: tuple[float, ...] = ()
    guides: tuple[tuple[float, Pen], ...] = ()


def draw_figure(plotted: Plotted, width: int, colour: bool) -> list[str]:
    """Its `plotted.height` lines; without `colour` no escape sequence is in them."""
    import plotext

    figure = _figure(width, plotted.height)
    for at, pen in plotted.guides:
        if plotted.lo <= at <= plotted.hi:
            # Plotext's own line has a ground, which a terminal of another colour shows.
            marker = plotext.marker("┈", COLOURS.get(pen, PLAIN))
            figure.draw(figure.signal([0, plotted.end], [at, at], marker=marker).lines())
    if plotted.bars is not None:
        figure.draw(_bars(figure, plotted.bars, plotted.kind))
    for line, shift in zip(plotted.lines, plotted.shifts, strict=True):
        for signal in _signals(figure, line, shift, plotted):
            figure.draw(signal)
    figure.ruler("y").lim(plotted.lo, plotted.hi)
    figure.ruler("y").ticks(list(plotted.ticks), list(plotted.ticks.values()))
    figure.ruler("x").lim(0, max(plotted.end, 1))
    figure.ruler("x").ticks(list(plotted.times), list(plotted.times.values()))
    if plotted.bars is None:
        # A pane's title stands in place of its upper border.
        figure.axes(False, axis="x", side="upper")
    text = str(figure.build())
    figure.clear()
    return (text if colour else str(plotext.uncolorize(text))).rstrip("\n").split("\n")


def _figure(width: int, height: int) -> Any:
    """Plotext's one figure, emptied, on the terminal's own background."""
    import plotext

    figure = plotext.figure
    figure.clear()
    # Plotext would shrink what is larger than the terminal it believes to be in.
    plotext.terminal.limit(False, False)
    figure.plot_size(width, height)
    # The other themes paint a background of their own over the terminal's.
    figure.theme("simple")
    figure.canvas("default")
    return figure


def _bars(figure: Any, bars: Columns, kind: ChartKind) -> Any:
    x = list(range(len(bars)))
    if kind in (ChartKind.line, ChartKind.area):
        import plotext

        marker = plotext.marker("braille", COLOURS[Pen.blue])
        signal = figure.signal(x, bars.close.tolist(), marker=marker).lines()
        return signal.fillx() if kind is ChartKind.area else signal
    prices = {
        "open": bars.open.tolist(),
        "high": bars.high.tolist(),
        "low": bars.low.tolist(),
        "close": bars.close.tolist(),
    }
    style = "ohlc" if kind is ChartKind.bars else "candle"
    return figure.candlestick({"date": x} | prices, style=style, tick=1)


def _signals(figure: Any, line: Overlay, shift: float, plotted: Plotted) -> Iterator[Any]:
    """A signal for each stretch of known values inside the pane: a NaN would end plotext."""
    import plotext

    histogram = line.stroke is Stroke.histogram
    marker = plotext.marker("hd" if histogram else "braille", COLOURS.get(line.pen, PLAIN))
    values = np.clip(line.values, plotted.lo, plotted.hi) if histogram else line.values
    for first, end in _known(values):
        x = (np.arange(first, end) + shift).tolist()
        signal = figure.signal(x, values[first:end].tolist(), marker=marker)
        match line.stroke:
            case Stroke.histogram:
                yield signal.fillx()
            case Stroke.dots:
                yield signal
            case _:
                yield signal.lines()


def _known(values: Floats) -> list[tuple[int, int]]:
    """Where each run of finite values begins and ends."""
    known = np.concatenate(([False], np.isfinite(values), [False]))
    edges = np.flatnonzero(known[1:] != known[:-1]).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
