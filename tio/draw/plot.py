"""Charts that a command prints once, drawn by plotext, which is imported on first use."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Any, Literal

import numpy as np

from tio.api.market import Timeframe
from tio.draw.axes import price_ticks, time_ticks
from tio.draw.columns import Columns
from tio.draw.downsample import group_bars
from tio.draw.scale import scale_over

LEAST_WIDTH, LEAST_HEIGHT = 24, 8


def plot_bars(
    bars: Columns,
    *,
    width: int,
    height: int,
    title: str = "",
    kind: Literal["candles", "line"] = "candles",
    timeframe: Timeframe = Timeframe.d1,
    zone: tzinfo = UTC,
    decimals: int = 2,
    colour: bool = True,
) -> str:
    """The bars as a printed chart of `height` lines; without `colour` no escape sequence is in it.

    Bars with a NaN are left out, too many for the width are grouped; no bars at all give one line
    that says so. At least 24 × 8 cells are drawn.
    """
    known = np.isfinite(bars.open + bars.close) & np.isfinite(bars.high) & np.isfinite(bars.low)
    bars = bars[known]
    if not len(bars):
        return "no bars to draw"
    width, height = max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT)
    low, high = (bars.close, bars.close) if kind == "line" else (bars.low, bars.high)
    scale = scale_over(low, high, height - 3)
    prices = price_ticks(scale, decimals)
    room = width - 3 - max((len(tick.label) for tick in prices), default=0)
    bars = group_bars(bars, room)
    times = time_ticks(bars.time, timeframe, zone, len(bars))
    figure = _figure(width, height, title, colour)
    x = list(range(len(bars)))
    if kind == "line":
        signal = figure.signal(x, bars.close.tolist(), marker="braille").lines()
    else:
        signal = figure.candlestick({"date": x} | _prices(bars))
    figure.draw(signal)
    figure.ruler("y").lim(scale.lo, scale.hi)
    figure.ruler("y").ticks([tick.price for tick in prices], [tick.label for tick in prices])
    figure.ruler("x").ticks([tick.column for tick in times], [tick.label for tick in times])
    return _built(figure, colour)


def _prices(bars: Columns) -> dict[str, list[float]]:
    return {
        "open": bars.open.tolist(),
        "high": bars.high.tolist(),
        "low": bars.low.tolist(),
        "close": bars.close.tolist(),
    }


def _figure(width: int, height: int, title: str, colour: bool) -> Any:
    """Plotext's one figure, emptied, on the terminal's own background."""
    import plotext

    figure = plotext.figure
    figure.clear()
    # Plotext would shrink what is larger than the terminal it believes to be in.
    plotext.terminal.limit(False, False)
    figure.plot_size(width, height)
    # The other themes paint a background of their own over the terminal's.
    figure.theme("simple")
    if title:
        figure.title(title)
    return figure


def _built(figure: Any, colour: bool) -> str:
    import plotext

    text = str(figure.build())
    figure.clear()
    return (text if colour else str(plotext.uncolorize(text))).rstrip("\n")
