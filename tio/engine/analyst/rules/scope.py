"""What a brief asks about, what it was answered, and what a section makes of that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, Generic, TypeVar

from tio.api.analyst import KeyLevel, ReportLine, ViewReason
from tio.api.contract import Request
from tio.api.errors import TioError
from tio.api.grounding import CitedFact
from tio.api.market import Bars, GetBars, Quote, Timeframe
from tio.api.portfolio import Portfolio
from tio.api.series import instant, moment
from tio.engine.analyst.rules import thresholds

R = TypeVar("R")
S = TypeVar("S")
"""What a workflow's sections are about: a symbol at a moment, several, a portfolio."""


@dataclass(frozen=True)
class Scope:
    """One symbol at one moment: `at` is None for now. `portfolios` are the caller's.

    `untold`: why those are not known, which is not the same as having none.
    """

    symbol: str
    now: datetime
    at: datetime | None = None
    quote: Quote | None = None
    portfolios: tuple[Portfolio, ...] = ()
    untold: TioError | None = None

    def demand_portfolios(self) -> None:
        """Raises where it is not known which portfolios there are."""
        if self.untold is not None:
            raise self.untold

    def bars(self, timeframe: Timeframe) -> GetBars:
        """The word that tells its bars up to the moment, of days more than a year."""
        limit = thresholds.DAYS if timeframe is Timeframe.d1 else thresholds.BARS
        return GetBars(self.symbol, timeframe, end=self.at, limit=limit)

    def days(self) -> GetBars:
        """The word that tells more than a year of its days."""
        return self.bars(Timeframe.d1)

    def closed(self, bars: Bars) -> int:
        """How many of the bars were over at the moment: a later close is not known then."""
        count = len(bars)
        if self.at is None:
            return count - 1 if bars.forming else count
        limit = instant(self.at) - bars.timeframe.step
        while count and bars.time[count - 1] > limit:
            count -= 1
        return count


class Answers:
    """What the engine said to each request; `of` raises what it refused with."""

    def __init__(self, told: Mapping[Request[Any], Any]) -> None:
        self._told = told

    def of(self, request: Request[R]) -> R:
        answer = self._told[request]
        if isinstance(answer, TioError):
            raise answer
        given: R = answer
        return given

    def told(self, request: Request[R]) -> R | None:
        """The answer, None where it was refused or never asked for."""
        answer = self._told.get(request)
        return None if isinstance(answer, TioError) else answer

    def refused(self, request: Request[Any]) -> TioError | None:
        """What the engine refused it with, None where it answered."""
        answer = self._told[request]
        return answer if isinstance(answer, TioError) else None


@dataclass(frozen=True)
class Note:
    """Why a symbol is worth a look, and how much; `text` goes on where the symbol's name ended."""

    symbol: str
    text: str
    weight: float
    figures: tuple[CitedFact, ...] = ()


@dataclass(frozen=True)
class Part:
    """What a section contributes; `known` of `wanted` is how much of its evidence there was."""

    lines: tuple[ReportLine, ...] = ()
    reasons: tuple[ViewReason, ...] = ()
    levels: tuple[KeyLevel, ...] = ()
    changes: tuple[str, ...] = ()
    known: int = 1
    wanted: int = 1
    samples: tuple[int, ...] = field(default=())
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Section(Generic[S]):
    """One matter: the names of the words it needs, what it asks, what it writes.

    `bounded`: whether all it asks can be held to a past moment. `aligned`: whether it is a table.
    """

    name: str
    title: str
    words: tuple[str, ...]
    asks: Callable[[S], tuple[Request[Any], ...]]
    write: Callable[[S, Answers], Part]
    bounded: bool = False
    aligned: bool = False


def line(text: str, *figures: CitedFact) -> ReportLine:
    return ReportLine(text=text, figures=figures)


def cite(
    request: Request[Any],
    path: str,
    value: object,
    unit: str = "",
    source: str = "",
    as_of: datetime | None = None,
) -> CitedFact:
    """One figure as a word told it."""
    symbol = getattr(request, "symbol", "")
    told = str(value)
    return CitedFact(
        call=type(request).__name__,
        path=path,
        value=told,
        symbol=symbol,
        unit=unit,
        source=source,
        as_of=as_of,
    )


def known(value: float | None) -> bool:
    return value is not None and isfinite(value)


def opened_at(bars: Bars, index: int) -> datetime:
    return moment(bars.time[index])


def number(value: float, digits: int = 2) -> str:
    """With thin grouping, and a true minus sign."""
    return f"{value:,.{digits}f}".replace(",", "\u2009").replace("-", "\u2212")


def priced(value: float) -> str:
    """A price with as many digits as its size asks for."""
    size = abs(value)
    return number(value, 2 if size >= 10 else 4 if size >= 1 else 6)
