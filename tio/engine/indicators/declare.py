"""What one indicator is: its declaration, its parameters, and a request for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tio.api.errors import Invalid

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
Value = int | float | str
Outputs = tuple[Floats, ...]

PRICES = ("close", "open", "high", "low", "hl2", "hlc3", "ohlc4")
LONGEST = 5_000
"""The longest window, in bars."""


class Group(StrEnum):
    averages = "averages"
    bands = "bands"
    momentum = "momentum"
    trend = "trend"
    volatility = "volatility"
    volume = "volume"
    statistics = "statistics"
    cycles = "cycles"
    levels = "levels"
    price = "price"


class Pane(StrEnum):
    overlay = "overlay"
    """Drawn over the prices, on their scale."""
    own = "own"


class Inputs(NamedTuple):
    """Complete bars of one length, oldest first: no missing number in what is asked for."""

    time: Instants
    """µs UTC of each opening."""
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    session: Instants
    """A number each bar shares with the others of its session, never falling."""
    against: Floats
    """The close of another instrument at the same bars, for comparisons."""

    def where(self, kept: NDArray[np.bool_]) -> "Inputs":
        """Only the bars that are kept."""
        return Inputs(
            self.time[kept], self.open[kept], self.high[kept], self.low[kept],
            self.close[kept], self.volume[kept], self.session[kept], self.against[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number within a range, or one of several words; the default's type is its type."""

    name: str
    default: Value
    low: float = 2
    high: float = LONGEST
    choices: tuple[str, ...] = ()

    def checked(self, value: Value) -> Value:
        """The value in the parameter's own type; raises Invalid."""
        if isinstance(self.default, str):
            if not isinstance(value, str) or (self.choices and value not in self.choices):
                expected = " | ".join(self.choices) if self.choices else "text"
                raise Invalid(f"{self.name} must be {expected}, was {value!r}")
            return value
        if isinstance(value, bool | str) or not isfinite(value):
            raise Invalid(f"{self.name} must be a number, was {value!r}")
        if isinstance(self.default, int) and value != int(value):
            raise Invalid(f"{self.name} must be a whole number, was {value}")
        if not self.low <= value <= self.high:
            raise Invalid(f"{self.name} must be {self.low:g} to {self.high:g}, was {value:g}")
        return type(self.default)(value)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One entry of the catalogue."""

    name: str
    title: str
    inputs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    outputs: tuple[str, ...]
    meaning: str
    source: str
    compute: Callable[..., Outputs]
    """Called with `Inputs` and the parameters (but `price`) by name."""
    warm_up: Callable[..., int]
    """How many bars pass before every output may have a value; called like `compute`, no bars."""
    group: Group = field(kw_only=True)
    pane: Pane = field(default=Pane.own, kw_only=True)
    repaints: str = field(default="", kw_only=True)
    """How values already given change when bars are added; empty when they never do."""
    drawn: Callable[..., Mapping[str, int]] | None = field(default=None, kw_only=True)
    """By how many bars an output is drawn ahead (+) or back (−) of the bar that knows it."""
    sparse: bool = field(default=False, kw_only=True)
    """Whether outputs may be empty after the warm-up too."""

    def warm_up_of(self, params: Mapping[str, Value]) -> int:
        """Bars before every output may have a value, under these parameters."""
        settings = self.settings(params)
        settings.pop("price", None)
        return self.warm_up(**settings)

    def settings(self, given: Mapping[str, Value]) -> dict[str, Value]:
        """Every parameter with its given value or default; raises Invalid for what it has not."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in given:
            if name not in known:
                has = ", ".join(known) or "none"
                raise Invalid(f"{self.name} has no parameter {name!r} (it has: {has})")
        return {
            name: parameter.checked(given[name]) if name in given else parameter.default
            for name, parameter in known.items()
        }


@dataclass(frozen=True, slots=True)
class Spec:
    """An indicator by name, with those parameters that differ from its defaults."""

    name: str
    params: Mapping[str, Value] = field(default_factory=dict)


PRICE = Parameter("price", "close", choices=PRICES)
"""Which price takes the place of the close."""


def length(default: int, low: int = 2, name: str = "length") -> Parameter:
    """A whole number of bars."""
    return Parameter(name, default, low)


def factor(name: str, default: float, low: float = 0.0, high: float = 100.0) -> Parameter:
    """A number that is no count of bars."""
    return Parameter(name, float(default), low, high)


OHLC = ("open", "high", "low", "close")
HLC = ("high", "low", "close")
HL = ("high", "low")
CLOSE = ("close",)
HLCV = ("high", "low", "close", "volume")
CV = ("close", "volume")
