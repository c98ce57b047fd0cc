"""Candles and whole frames against plotext in one run; panning and zooming a million bars.

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
from tio.draw.downsample import extremes, group_bars
from tio.draw.lines import draw_line
from tio.draw.scale import Floats, scale_over
from tio.draw.sparkline import sparkline
from tio.draw.view import ChartView, Overlay, Stroke, SubPane
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


def once_ms(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def own_candles(bars: Columns) -> Canvas:
    canvas = Canvas(120, 40)
    scale = scale_over(bars.low, bars.high, 40)
    draw_candles(canvas, scale, np.arange(120), bars)
    return canvas


def plotext_candles(bars: Columns, width: int = 120, height: int = 40) -> object:
    figure = plotext.figure
    figure.clear()
    plotext.terminal.limit(False, False)
    figure.plot_size(width, height)
    names = ("open", "high", "low", "close")
    prices = {name: getattr(bars, name).tolist() for name in names}
    figure.draw(figure.candlestick({"date": list(range(len(bars)))} | prices))
    return str(figure.build())


def own_line(bars: Columns) -> object:
    canvas = Canvas(120, 40)
    scale = scale_over(bars.close, bars.close, 40)
    draw_line(canvas, scale, np.arange(120), bars.close, Pen.blue)
    return canvas.rows()


def averages(close: Floats) -> tuple[Overlay, ...]:
    """Five means over all bars, the first values missing as an indicator's are."""
    pens = (Pen.accent, Pen.blue, Pen.violet, Pen.rise, Pen.fall)
    return tuple(
        Overlay(f"SMA {length}", mean(close, length), pen)
        for length, pen in zip((10, 20, 50, 100, 200), pens, strict=True)
    )


def mean(values: Floats, length: int) -> Floats:
    total = np.concatenate(([0.0], np.cumsum(values)))
    out = np.full(len(values), np.nan)
    out[length - 1 :] = (total[length:] - total[:-length]) / length
    return out


def panes(close: Floats) -> tuple[SubPane, ...]:
    """One of a line between guides, one of a histogram under two lines."""
    swing = 50 + 40 * np.sin(np.arange(len(close)) / 9.0)
    fast, slow = mean(close, 12) - mean(close, 26), mean(close, 9) - mean(close, 20)
    histogram = Overlay("hist", fast - slow, Pen.text, Stroke.histogram)
    lines = (Overlay("macd", fast, Pen.blue), Overlay("signal", slow, Pen.accent), histogram)
    return (
        SubPane("RSI 14", (Overlay("RSI 14", swing, Pen.violet),), guides=(70.0, 30.0)),
        SubPane("MACD 12 26 9", lines),
    )


def view_of(bars: Columns, width: int = 200, height: int = 50) -> ChartView:
    """Five overlays, volume and two panes."""
    close = bars.close
    return ChartView(
        width,
        height,
        Timeframe.m5,
        last=float(close[-1]),
        overlays=averages(close),
        panes=panes(close),
    )


def frame(bars: Columns, view: ChartView) -> object:
    return draw_chart(bars, view).rows()


def grouped_anew(bars: Columns, view: ChartView) -> object:
    """Down-sampling alone, of the bars in sight and of each line over them, from the first on."""
    window = slice(view.start, view.end)
    lines = [*view.overlays, *(line for pane in view.panes for line in pane.lines)]
    made: list[object] = [group_bars(bars[window], view.width)]
    made += [extremes(line.values[window], 2 * view.width) for line in lines]
    return made


def windows(count: int, steps: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Bars in sight while panning with 300,000 in sight, and while zooming from 100 to all."""
    wide = 300_000 * count // 1_000_000
    pans = [(n * 997 % (count - wide), n * 997 % (count - wide) + wide) for n in range(steps)]
    sizes = [round(100 * (count / 100) ** (n % 60 / 59)) for n in range(steps)]
    return pans, [(count - size, count) for size in sizes]


def told(name: str, taken: list[float], limit: str = "") -> str:
    p50, p99 = np.percentile(taken, [50, 99])
    return f"{name}: p50 {p50:.1f} ms, p99 {p99:.1f} ms{limit}"


def main() -> None:
    compare_candles()
    compare_frames()
    pan_and_zoom(1_000_000)


def compare_candles() -> None:
    bars = walk(120)
    segments = Segments(Paint(THEMES[0].variables))
    works: dict[str, Callable[[], object]] = {
        "cells": lambda: own_candles(bars),
        "runs": lambda: own_candles(bars).rows(),
        "strips": lambda: [segments.strip(row) for row in own_candles(bars).rows()],
        "plotext": lambda: plotext_candles(bars),
    }
    taken = in_turns(works, 20)
    theirs = statistics.median(taken["plotext"])
    print(f"candles 120×40: plotext, built as text: {theirs:.1f} ms")
    for name in ("cells", "runs", "strips"):
        own = statistics.median(taken[name])
        print(f"own {name}: {own:.2f} ms, plotext takes {theirs / own:.0f}× as long")
    print(f"line 120×40: own {median_ms(lambda: own_line(bars), 200):.2f} ms")
    close = walk(500).close
    print(f"sparkline 500 → 12: {median_ms(lambda: sparkline(close, 12), 500):.3f} ms")


def compare_frames() -> None:
    """Whole frames, and against plotext's candles of the same bars, which have no overlays."""
    many = walk(20_000)
    view = replace(view_of(many), start=19_820)
    shown = many[view.start :]
    taken = in_turns(
        {
            "frame": partial(frame, many, view),
            "crosshair": partial(frame, many, replace(view, crosshair=19_900)),
            "all": partial(frame, many, replace(view, start=0)),
            "plotext": lambda: plotext_candles(shown, 200, 50),
        },
        30,
    )
    own, theirs = statistics.median(taken["frame"]), statistics.median(taken["plotext"])
    print(f"frame 200×50, five overlays, volume, two panes: {own:.2f} ms (limit 5)")
    print(f"plotext's candles of the same bars, 200×50: {theirs:.1f} ms, {theirs / own:.0f}×")
    print(f"with a crosshair: {statistics.median(taken['crosshair']):.2f} ms")
    print(f"all of 20,000 bars: {statistics.median(taken['all']):.2f} ms")


def pan_and_zoom(count: int) -> None:
    bars = walk(count)
    view = view_of(bars)
    start = time.perf_counter()
    frame(bars, view)
    first = (time.perf_counter() - start) * 1000
    print(f"{count:,} bars, five overlays, two panes, 200×50: first frame {first:.0f} ms")
    for name, spans in zip(("pan", "zoom"), windows(count, 600), strict=True):
        taken, anew = [], []
        for number, (begin, end) in enumerate(spans):
            shown = replace(view, start=begin, end=end)
            taken.append(once_ms(partial(frame, bars, shown)))
            if number % 10 == 0:
                anew.append(once_ms(partial(grouped_anew, bars, shown)))
        print(told(name, taken, " (limit 30)"))
        alone, own = statistics.mean(anew), statistics.mean(taken)
        print(f"down-sampling anew each frame: mean {alone:.1f} ms, {alone / own:.1f}× a frame")


def in_turns(works: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Each work's times, in turns, so that a busy machine slows all of them."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            taken[name].append(median_ms(work, 1 if name == "plotext" else 10))
    return taken


if __name__ == "__main__":
    main()
