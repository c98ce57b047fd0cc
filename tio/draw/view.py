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


class Stroke(StrEnum):
    """How a column of values is drawn."""

    line = "line"
    steps = "steps"
    dots = "dots"
    histogram = "histogram"


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A column over prices, or in a pane of its own: one value a bar of the whole series.

    NaN where there is none. `shift` draws it so many bars ahead (+) or back (−). `name` is for the
    legend, which shows the value under the crosshair, else the newest; "" is left out of it.
    """

    name: str
    values: Floats
    pen: Pen = Pen.accent
    stroke: Stroke = Stroke.line
    shift: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Cloud:
    """The room between two columns, tinted by which of them is above (`upper` risen, or fallen).

    With a `pen` (`band` suits a band) it is tinted in that alone.
    """

    upper: Floats
    lower: Floats
    shift: int = 0
    pen: Pen | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SubPane:
    """A pane below the prices: an indicator on its own scale.

    `share` is its height against the prices' (0.25: a quarter of it). `guides` are levels drawn
    faintly across (30 and 70). `focused`: keys resize and move this one, its title says so.
    """

    title: str
    lines: tuple[Overlay, ...]
    share: float = 0.25
    guides: tuple[float, ...] = ()
    focused: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Another instrument's closes at the same bars, drawn rebased to the first bar in sight."""

    name: str
    values: Floats
    pen: Pen = Pen.blue


@dataclass(frozen=True, slots=True)
class Mark:
    """A short text at one bar (index into the series) and price; no price: at the pane's foot."""

    bar: int
    price: float | None
    text: str
    pen: Pen = Pen.violet


@dataclass(frozen=True, slots=True)
class Level:
    """A dashed line across the pane at a price, labelled on the axis; from bar `since` on.

    `label` (PDH) stands at its right end.
    """

    price: float
    pen: Pen = Pen.violet
    label: str = ""
    since: int = 0


class Shape(StrEnum):
    """What a person drew; named as the engine names drawings."""

    trend = "trend"
    ray = "ray"
    horizontal = "horizontal"
    channel = "channel"
    fibonacci = "fibonacci"
    text = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing: points are (bar, price), where a bar may lie between two or beyond either end.

    A trend runs from point to point, a ray beyond the second, a channel is a trend and its parallel
    through the third, a fibonacci the levels between two. `selected` shows its handles.
    """

    shape: Shape
    points: tuple[tuple[float, float], ...]
    text: str = ""
    pen: Pen = Pen.violet
    selected: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ProfileBars:
    """Volume by price at the right of the plot; `edges` has one more than `volume`."""

    edges: Floats
    volume: Floats
    point_of_control: float
    value_low: float
    value_high: float


@dataclass(frozen=True, slots=True)
class ChartView:
    """Everything about a chart except its bars.

    `start` and `end` are the visible bars (`end` None: to the newest), `crosshair` a bar's index
    into the series. `last` is the live price, `last_change` tells its direction. `pieces` are
    further legend texts with their pens. `axis_width` 0 means as wide as needed. `compared` puts
    the prices on a scale of percent since the first bar in sight. `panes` stand below prices and
    volume, from above. `cursor` (bar, price) is where a drawing is being placed. `plain` is for
    what has no colours: lines lie under the bars, which they would hide.
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
    overlays: tuple[Overlay, ...] = ()
    clouds: tuple[Cloud, ...] = ()
    compared: tuple[Compared, ...] = ()
    figures: tuple[Figure, ...] = ()
    profile: ProfileBars | None = None
    panes: tuple[SubPane, ...] = ()
    cursor: tuple[int, float] | None = None
    axis_width: int = 0
    plain: bool = False
    empty: str = "no bars yet"
