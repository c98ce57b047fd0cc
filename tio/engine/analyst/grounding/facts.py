"""What tools told, as typed values that an answer may cite."""

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tio.api.series import moment
from tio.engine.analyst.grounding.fields import Kind

Floats = npt.NDArray[np.float64]
Instants = npt.NDArray[np.int64]
Value = Decimal | date | datetime | str
DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class ToolResult:
    """One call of a chat: its id, the request as it was made, the answer as it came."""

    id: str
    request: object
    answer: object
    source: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """One value a tool told; `path` is where in the answer of `call`.

    `family` is the path without its indexes: what facts of one field over many rows share.
    `other` is the second symbol of a pair. `fraction`: 0.12 may be said as 12 %.
    """

    id: str
    call: str
    path: str
    field: str
    kind: Kind
    value: Value
    symbol: str = ""
    other: str = ""
    unit: str = ""
    source: str = ""
    as_of: datetime | None = None
    family: str = ""
    fraction: bool = False
    signed: bool = False
    text: bool = False
    """Whether it was read out of prose, as of a headline."""

    @property
    def number(self) -> Decimal:
        return self.value if isinstance(self.value, Decimal) else Decimal("NaN")

    @property
    def day(self) -> date | None:
        value = self.value
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else None


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a column: where its highest and lowest stand, from the first of them, its mean.

    `empty`: none is a number.
    """

    high: int
    low: int
    mean: float
    empty: bool = False


@dataclass(frozen=True)
class Column:
    """A series a tool told, kept as arrays; any of its values may be cited by its time."""

    call: str
    path: str
    field: str
    kind: Kind
    values: Floats
    time: Instants | None = None
    symbol: str = ""
    unit: str = ""
    source: str = ""
    as_of: datetime | None = None
    fraction: bool = False
    signed: bool = False
    names: tuple[str, ...] = ()
    found: dict[int, Fact] = dataclasses.field(default_factory=dict, compare=False, repr=False)
    parts: dict[tuple[int, int], Part] = dataclasses.field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def sorted(self) -> tuple[Floats, Instants]:
        """The values that are numbers, ascending, and where each stands."""
        order = np.argsort(self.values, kind="stable")
        values = self.values[order]
        keep = int(np.searchsorted(values, np.inf))
        return values[:keep], order[:keep].astype(np.int64)

    @cached_property
    def days(self) -> Instants:
        """The number of the UTC day of each value since 1970; empty without times."""
        if self.time is None:
            return np.empty(0, np.int64)
        return self.time // DAY

    def near(self, low: float, high: float) -> Instants:
        """The indexes whose values lie in [low, high]."""
        values, order = self.sorted
        first, after = np.searchsorted(values, [low, np.nextafter(high, np.inf)])
        return order[first:after]

    def between(self, first: date, last: date) -> slice:
        """The rows from one day through another; empty when none is there."""
        origin = date(1970, 1, 1)
        bounds = [(first - origin).days, (last - origin).days + 1]
        begin, end = np.searchsorted(self.days, bounds)
        return slice(int(begin), int(end))

    @cached_property
    def whole(self) -> bool:
        """Whether every value is a number."""
        return not bool(np.isnan(self.values).any())

    def part(self, start: int, stop: int) -> Part:
        """What some rows come to; kept, as many figures of a sentence ask for the same."""
        found = self.parts.get((start, stop))
        if found is None:
            rows = self.values[start:stop]
            if not len(rows) or (not self.whole and np.isnan(rows).all()):
                found = Part(0, 0, 0.0, True)
            elif self.whole:
                found = Part(int(rows.argmax()), int(rows.argmin()), float(rows.mean()))
            else:
                found = Part(
                    int(np.nanargmax(rows)), int(np.nanargmin(rows)), float(np.nanmean(rows))
                )
            self.parts[start, stop] = found
        return found

    def fact(self, index: int) -> Fact:
        """The value at one place as a fact of its own."""
        index = index % len(self.values)
        if index not in self.found:
            at = self.as_of if self.time is None else moment(int(self.time[index]))
            self.found[index] = Fact(
                id=f"{self.call}:{self.path}[{index}]",
                call=self.call,
                path=f"{self.path}[{index}]",
                field=self.field,
                kind=self.kind,
                value=Decimal(repr(float(self.values[index]))),
                symbol=self.symbol,
                unit=self.unit,
                source=self.source,
                as_of=at,
                family=self.path,
                fraction=self.fraction,
                signed=self.signed,
            )
        return self.found[index]

    def when(self, index: int) -> date | None:
        """The UTC day of a row."""
        return None if self.time is None else moment(int(self.time[index])).date()
