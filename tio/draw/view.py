"""What a chart shall show: values the caller makes, nothing drawn yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum

from tio.api.market import Timeframe
from tio.draw.canvas import Pen
from tio.draw.scale import Floats, Kind


class ChartKind(StrEnum):
    """How prices are drawn."""

    candles = "candles"
    hollow = "hollow"
    heikin_ashi = "heikin_ashi"
    bars = "bars"
    line = "line"
    area = "area"


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A line over the prices: one value a bar of the whole series, NaN where there is none."""

    name: str
    values: Floats
    pen: Pen = Pen.accent


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text at one bar (index into the series) and price."""

    bar: int
    price: float
    text: str
    pen: Pen = Pen.violet


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line across the pane at a price, labelled on the axis."""

    price: float
    pen: Pen = Pen.violet


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything about a chart except its bars.

    `start` and `end` are the visible bars (`end` None: to the newest), `crosshair` a bar's index
    into the series. `last` is the live price, `last_change` tells its direction. `pieces` are
    further legend texts with their pens. `axis_width` 0 means as wide as needed.
    """

    width: int
    height: int
    timeframe: Timeframe = Timeframe.d1
    kind: ChartKind = ChartKind.candles
    scale: Kind = "linear"
    decimals: int = 2
    zone: tzinfo = UTC
    start: int = 0
    end: int | None = None
    crosshair: int | None = None
    volume: bool = True
    legend: bool = True
    last: float | None = None
    last_change: float = 0.0
    pieces: tuple[tuple[str, Pen], ...] = ()
    marks: tuple[Mark, ...] = ()
    levels: tuple[Level, ...] = ()
    axis_width: int = 0
    empty: str = "no bars yet"
