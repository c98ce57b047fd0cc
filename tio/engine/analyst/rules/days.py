"""The closed days of one symbol, and what they tell: returns, falls, ranges, moving together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tio.api.errors import TioError
from tio.api.grounding import CitedFact
from tio.api.market import Bars, GetBars, Quote
from tio.api.series import moment
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.activity import LENGTH, REALISED, a_year, realised
from tio.engine.analyst.rules.scope import Answers, Scope, cite
from tio.engine.risk.correlation import pearson
from tio.engine.risk.paired import Prices, together

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
_DAY = 86_400_000_000
_DATES = timedelta(days=1)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, eq=False)
class Days:
    """Daily bars of one symbol that were over at the moment, oldest first; `price` is newest.

    `price` is the quote's last, at a past moment the newest close; None without either.
    """

    scope: Scope
    bars: Bars
    count: int

    @property
    def open(self) -> Floats:
        return np.asarray(self.bars.open)[: self.count]

    @property
    def high(self) -> Floats:
        return np.asarray(self.bars.high)[: self.count]

    @property
    def low(self) -> Floats:
        return np.asarray(self.bars.low)[: self.count]

    @property
    def close(self) -> Floats:
        return np.asarray(self.bars.close)[: self.count]

    @property
    def volume(self) -> Floats:
        return np.asarray(self.bars.volume)[: self.count]

    @cached_property
    def numbers(self) -> Instants:
        """Their dates, as days since 1970."""
        return np.asarray(self.bars.time, dtype=np.int64)[: self.count] // _DAY

    def date_of(self, at: int) -> date:
        return moment(self.bars.time[at]).date()

    @property
    def ended(self) -> datetime | None:
        """When the newest was over."""
        return moment(self.bars.time[self.count - 1]) + _DATES if self.count else None

    @property
    def quoted(self) -> Quote | None:
        """The quote, where it is of now and tells a sound price."""
        quote = self.scope.quote
        if self.scope.at is not None or quote is None or quote.last is None:
            return None
        return quote if np.isfinite(quote.last) and quote.last > 0 else None

    @property
    def price(self) -> float | None:
        if self.quoted is not None:
            return self.quoted.last
        close = float(self.close[-1]) if self.count else float("nan")
        return close if np.isfinite(close) and close > 0 else None

    @property
    def as_of(self) -> datetime | None:
        """Of when the price is."""
        if self.quoted is not None:
            return self.quoted.as_of
        return moment(self.bars.time[self.count - 1]) if self.count else None

    def until(self, day: date) -> int:
        """How many of them are of `day` or before."""
        return int(np.searchsorted(self.numbers, (day - _EPOCH).days, side="right"))

    def since(self, days: int) -> float | None:
        """Percent from the close so many days ago to the price; None without one so old."""
        count = self.until(self.scope.now.date() - timedelta(days=days))
        before = float(self.close[count - 1]) if count else float("nan")
        if self.price is None or not np.isfinite(before) or before <= 0:
            return None
        return 100.0 * (self.price / before - 1)

    def a_year(self) -> int:
        """Days it trades in a year."""
        return a_year(self.bars, self.count)

    def volatility(self) -> float | None:
        """The deviation of the newest 20 logarithmic returns, percent a year."""
        return realised(self.close, self.a_year()) if self.count > REALISED else None

    def fall(self) -> tuple[float, float] | None:
        """Percent below the year's highest close now, and the deepest such fall within it."""
        closes = self.close[-self.a_year() :]
        closes = closes[np.isfinite(closes) & (closes > 0)]
        if self.price is None or len(closes) < 2:
            return None
        path = np.append(closes, self.price)
        falls = 100.0 * (path / np.maximum.accumulate(path) - 1)
        return float(falls[-1]), float(falls.min())

    def atr(self, end: int | None = None) -> float | None:
        """The mean true range of the 14 days before day `end`, in price units; None of fewer."""
        end = self.count if end is None else end
        if end <= LENGTH:
            return None
        high, low = self.high[end - LENGTH : end], self.low[end - LENGTH : end]
        before = self.close[end - LENGTH - 1 : end - 1]
        found = float(np.mean(np.maximum(high, before) - np.minimum(low, before)))
        return found if np.isfinite(found) and found > 0 else None

    def prices(self) -> Prices:
        """Closes by their dates, for pairing with another's."""
        return Prices(self.numbers * _DAY, self.close)

    def cite(self, path: str, value: object, unit: str = "") -> CitedFact:
        """A figure made of these days and the price."""
        return cite(self.scope.days(), path, value, unit, self.bars.source, self.as_of)


def days_of(scope: Scope, answers: Answers) -> Days:
    """Its closed days; raises what they were refused with."""
    bars = answers.of(scope.days())
    return Days(scope, bars, scope.closed(bars))


def all_days(scopes: Sequence[Scope], answers: Answers) -> tuple[list[Days], dict[str, str]]:
    """Those of every symbol that was told, and why others were not; raises where none was."""
    told: list[Days] = []
    refused: dict[str, str] = {}
    first: TioError | None = None
    for scope in scopes:
        error = answers.refused(scope.days())
        if error is None:
            told.append(days_of(scope, answers))
        else:
            first = first or error
            refused[scope.symbol] = error.message
    if not told and first is not None:
        raise first
    return told, refused


def daily(scopes: Sequence[Scope]) -> tuple[GetBars, ...]:
    return tuple(each.days() for each in scopes)


def logs(close: Floats) -> Floats:
    """Logarithmic returns; not finite where a price is odd."""
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.diff(np.log(close))
    return found


def correlation(one: Days, other: Days) -> tuple[float | None, int]:
    """Of daily logarithmic returns over the newest days both have, and how many those are."""
    if not one.count or not other.count:
        return None, 0
    both = together((one.prices(), other.prices()), th.CORRELATED)
    found = float(pearson(both.returns)[0, 1])
    return (found if np.isfinite(found) else None), len(both.returns)
