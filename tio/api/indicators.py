"""The indicators' words: what there is, computed over history, and as bars come."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from tio.api.contract import Request, Topic, word
from tio.api.market import Adjustment, Bars, Hours, Symbol, Timeframe
from tio.api.series import Series, Times

Param = int | float | str


class Pane(StrEnum):
    """Where an indicator belongs: over the prices on their scale, or in a pane of its own."""

    overlay = "overlay"
    own = "own"


class IndicatorParameter(msgspec.Struct, frozen=True, kw_only=True):
    """One setting: `kind` is int, float or text; numbers lie in [low, high], texts in `choices`."""

    name: str
    kind: str
    default: Param
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()


class IndicatorEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the catalogue.

    `warm_up` is how many bars pass, under the defaults, before every output may have a value.
    `repaints` says how values already given change when bars are added, "" when they never do.
    `drawn` tells by how many bars an output is drawn ahead (+) or back (−) of the bar that knows
    it. `origin` is who computes it: talib, tio or pandas-ta. `constant`: a new bar costs the same
    however many came before.
    """

    name: str
    title: str
    group: str
    inputs: tuple[str, ...] = ()
    parameters: tuple[IndicatorParameter, ...] = ()
    outputs: tuple[str, ...] = ()
    pane: Pane = Pane.own
    warm_up: int = 0
    meaning: str = ""
    source: str = ""
    repaints: str = ""
    drawn: dict[str, int] = {}
    guides: tuple[float, ...] = ()
    origin: str = "tio"
    constant: bool = True


class IndicatorSpec(msgspec.Struct, frozen=True):
    """An indicator by name, with the parameters that differ from its defaults.

    `timeframe`, longer than the bars': it is computed over those bars, and steps when one closes.
    `against` is the other instrument, for those that compare.
    """

    name: Annotated[str, Meta(min_length=1, max_length=60)]
    params: dict[str, Param] = {}
    timeframe: Timeframe | None = None
    against: str = ""

    def __hash__(self) -> int:
        return hash((self.name, tuple(sorted(self.params.items())), self.timeframe, self.against))


Specs = Annotated[tuple[IndicatorSpec, ...], Meta(min_length=1, max_length=64)]


class Computed(msgspec.Struct, frozen=True, kw_only=True):
    """An indicator's outputs: columns as long as `time`, null where there is no value.

    `params` are all its parameters, `label` what to call it ("RSI 14", "EMA 50 · 1d").
    """

    name: str
    params: dict[str, Param] = {}
    label: str = ""
    timeframe: Timeframe | None = None
    against: str = ""
    pane: Pane = Pane.own
    time: Times
    outputs: dict[str, Series] = {}
    drawn: dict[str, int] = {}
    guides: tuple[float, ...] = ()


@word(tool=True)
class ListIndicators(Request[tuple[IndicatorEntry, ...]], frozen=True):
    """The catalogue, by group and name; `query` finds in name, title and meaning.

    `tail` adds pandas-ta's, which are loaded in a process of their own the first time.
    """

    query: Annotated[str, Meta(max_length=100)] = ""
    group: Annotated[str, Meta(max_length=40)] = ""
    tail: bool = False


@word(tool=True)
class ComputeIndicators(Request[tuple[Computed, ...]], frozen=True):
    """Indicators over the newest `limit` bars of the range, or over the `bars` given.

    Outputs align with those bars. Over a symbol the bars before the range warm them up; over
    `bars` there is nothing before. One that is not known is NotFound, a bad parameter Invalid.
    """

    specs: Specs
    symbol: Annotated[str, Meta(max_length=64)] = ""
    timeframe: Timeframe = Timeframe.d1
    limit: Annotated[int, Meta(ge=1, le=50_000)] = 500
    start: datetime | None = None
    end: datetime | None = None
    adjusted: Adjustment = Adjustment.splits
    hours: Hours = Hours.extended
    bars: Bars | None = None


@word()
class IndicatorUpdates(Topic[tuple[Computed, ...]], frozen=True):
    """Indicators over the newest `limit` bars, then the values that changed or began since.

    One item tells every indicator asked for, in their order; the last value may be of a bar that
    is still forming. A snapshot replaces what was told before: history was corrected.
    """

    symbol: Symbol
    specs: Specs
    timeframe: Timeframe = Timeframe.m1
    limit: Annotated[int, Meta(ge=1, le=50_000)] = 500
    hours: Hours = Hours.extended


class VolumeProfile(msgspec.Struct, frozen=True, kw_only=True):
    """Volume by price: rows of equal height, lowest first; `edges` has one more than `volume`.

    `point_of_control` is the middle of the fullest row; the value area [value_low, value_high]
    holds `percent` of the volume. `bars` is how many were counted; none: every field is empty.
    """

    symbol: str
    edges: Series
    volume: Series
    point_of_control: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    bars: int = 0


@word(tool=True)
class GetVolumeProfile(Request[VolumeProfile], frozen=True):
    """Volume by price over the bars of a range, each spread evenly over its own span."""

    symbol: Symbol
    timeframe: Timeframe = Timeframe.m1
    start: datetime | None = None
    end: datetime | None = None
    rows: Annotated[int, Meta(ge=2, le=500)] = 48
    percent: Annotated[float, Meta(gt=0, le=100)] = 70.0
    hours: Hours = Hours.extended
