"""Candles against plotext in one run, and the cost of a whole frame.

`python benchmarks/bench_draw.py`
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import plotext

from tio.api.market import Timeframe
from tio.draw.candles import draw_candles
from tio.draw.canvas import Canvas, Pen
from tio.draw.chart import draw_chart
from tio.draw.columns import Columns
from tio.draw.lines import draw_line
from tio.draw.scale import scale_over
from tio.draw.sparkline import sparkline
from tio.draw.view import ChartView, Overlay
from tio.screens.themes import THEMES, Paint
from tio.screens.widgets.chart_picture import Segments


def walk(count: int) -> Columns:
    """A random walk of five-minute bars, the same every time."""
    random = np.random.default_rng(1)
    close = 100 * np.exp(np.cumsum(random.normal(0, 0.004, count)))
    open_ = np.concatenate((close[:1], close[:-1]))
    high = np.maximum(open_, close) * (1 + random.random(count) * 0.003)
    low = np.minimum(open_, close) * (1 - random.random(count) * 0.003)
    at = np.arange(count, dtype=np.int64) * Timeframe.m5.step
    return Columns(at, open_, high, low, close, random.random(count) * 1e6)


def median_ms(work: Callable[[], object], times: int) -> float:
    """Median of `times` runs after one that warms up."""
    work()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def own_candles(bars: Columns) -> Canvas:
    canvas = Canvas(120, 40)
    scale = scale_over(bars.low, bars.high, 40)
    draw_candles(canvas, scale, np.arange(120), bars)
    return canvas


def plotext_candles(bars: Columns) -> object:
    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.plot_size(120, 40)
    names = ("open", "high", "low", "close")
    prices = {name: getattr(bars, name).tolist() for name in names}
    figure.draw(figure.candlestick({"date": list(range(len(bars)))} | prices))
    return str(figure.build())


def own_line(bars: Columns) -> object:
    canvas = Canvas(120, 40)
    scale = scale_over(bars.close, bars.close, 40)
    draw_line(canvas, scale, np.arange(120), bars.close, Pen.blue)
    return canvas.rows()


def frame(bars: Columns, view: ChartView) -> object:
    averages = (Overlay("EMA20", bars.close, Pen.accent), Overlay("EMA50", bars.open, Pen.blue))
    return draw_chart(bars, replace(view, overlays=averages)).rows()


def main() -> None:
    bars = walk(120)
    segments = Segments(Paint(THEMES[0].variables))
    works: dict[str, Callable[[], object]] = {
        "cells": lambda: own_candles(bars),
        "runs": lambda: own_candles(bars).rows(),
        "strips": lambda: [segments.strip(row) for row in own_candles(bars).rows()],
        "plotext": lambda: plotext_candles(bars),
    }
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(20):  # In turns, so that a busy machine slows all of them.
        for name, work in works.items():
            taken[name].append(median_ms(work, 1 if name == "plotext" else 10))
    theirs = statistics.median(taken["plotext"])
    print(f"candles 120×40: plotext, built as text: {theirs:.1f} ms")
    for name in ("cells", "runs", "strips"):
        own = statistics.median(taken[name])
        print(f"own {name}: {own:.2f} ms, plotext takes {theirs / own:.0f}× as long")
    print(f"line 120×40: own {median_ms(lambda: own_line(bars), 200):.2f} ms")
    many = walk(20_000)
    last = float(many.close[-1])
    for name, start in (("one bar a column", 19_820), ("all of 20,000 bars", 0)):
        view = ChartView(200, 50, Timeframe.m5, start=start, last=last, crosshair=19_900)
        whole = median_ms(partial(frame, many, view), 100)
        print(f"frame 200×50, two overlays, volume, crosshair, {name}: {whole:.2f} ms")
    close = many.close[:500]
    print(f"sparkline 500 → 12: {median_ms(lambda: sparkline(close, 12), 500):.3f} ms")


if __name__ == "__main__":
    main()
