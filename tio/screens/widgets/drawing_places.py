"""Where a drawing's points stand among bars, and moved by bars and rows."""

from bisect import bisect_right
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tio.api.charts import Drawing, Point
from tio.api.series import instant, moment

if TYPE_CHECKING:
    from tio.draw.columns import Columns
    from tio.draw.layout import Layout
    from tio.draw.scale import Ints


def bar_of(times: "Ints", step: int, at: int) -> float:
    """The bar a moment (µs) falls on: between two, or beyond either end by steps."""
    first, last = int(times[0]), int(times[-1])
    if at <= first:
        return (at - first) / step
    if at >= last:
        return len(times) - 1 + (at - last) / step
    before = bisect_right(times, at) - 1
    opens, then = int(times[before]), int(times[before + 1])
    return before + (at - opens) / (then - opens)


def time_of(times: "Ints", step: int, bar: float) -> int:
    """The moment (µs) of a bar that may lie between two or beyond either end."""
    newest = len(times) - 1
    if bar <= 0:
        return int(times[0]) + round(bar * step)
    if bar >= newest:
        return int(times[-1]) + round((bar - newest) * step)
    before = int(bar)
    opens, then = int(times[before]), int(times[before + 1])
    return opens + round((bar - before) * (then - opens))


def placed(points: tuple[Point, ...], times: "Ints", step: int) -> tuple[tuple[float, float], ...]:
    """Points as (bar, price)."""
    return tuple((bar_of(times, step, instant(each.time)), each.price) for each in points)


def shifted(
    drawing: Drawing,
    held: int | None,
    times: "Ints",
    step: int,
    bars: int,
    layout: "Layout",
    rows: float,
    decimals: int,
) -> Drawing:
    """The drawing, or only its point `held`, so many bars onward and rows up."""
    points = tuple(
        each
        if held is not None and place != held
        else Point(
            _onward(each, times, step, bars), stepped(layout, each.price, rows, decimals, False)
        )
        for place, each in enumerate(drawing.points)
    )
    return replace(drawing, points=points)


def _onward(point: Point, times: "Ints", step: int, bars: int) -> datetime:
    if not bars:
        return point.time
    return moment(time_of(times, step, bar_of(times, step, instant(point.time)) + bars))


def stepped(
    layout: "Layout", price: float, rows: float, decimals: int, stays: bool = True
) -> float:
    """The price so many rows higher, to the decimals shown; `stays`: within what is in sight."""
    import numpy as np

    if not rows:
        return price
    at = float(layout.scale.place(np.array([price]))[0]) - rows
    if stays:
        at = min(max(at, 0.5), layout.price_rows - 0.5)
    found = layout.scale.price(at)
    return price if found is None else round(float(found), decimals)


def snapped(columns: "Columns", bar: int, price: float) -> float:
    """The nearest of the bar's open, high, low and close; from one of them the next higher."""
    four = sorted({float(c[bar]) for c in (columns.open, columns.high, columns.low, columns.close)})
    if price in four:
        return four[(four.index(price) + 1) % len(four)]
    return min(four, key=lambda each: abs(each - price))
