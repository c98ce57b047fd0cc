"""Which days a move took: from the close before them to the last of them, or to the price now."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tio.api.errors import NotFound
from tio.engine.analyst.rules import thresholds as th
from tio.engine.analyst.rules.days import Days, Floats, logs


@dataclass(frozen=True)
class Stretch:
    """The days asked about; without any the newest."""

    start: date | None = None
    end: date | None = None

    def __str__(self) -> str:
        if self.start is None and self.end is None:
            return "at all"
        since = "" if self.start is None else f"from {self.start}"
        until = "" if self.end is None else f"to {self.end}"
        return f"{since} {until}".strip()


@dataclass(frozen=True, eq=False)
class Span:
    """Closed days [begin, end) of one symbol, with `live` the day that is not over too."""

    days: Days
    begin: int
    end: int
    live: bool
    before: float
    price: float
    first: date
    last: date

    @property
    def length(self) -> int:
        return self.end - self.begin + self.live

    @property
    def percent(self) -> float:
        return 100.0 * (self.price / self.before - 1)

    @property
    def log(self) -> float:
        return float(np.log(self.price / self.before))

    @property
    def atrs(self) -> float | None:
        """The move in daily ATR of the days before it."""
        atr = self.days.atr(self.begin)
        return None if atr is None else (self.price - self.before) / atr

    @property
    def opened(self) -> float | None:
        """The first day's opening price."""
        if self.begin < self.end:
            found = float(self.days.open[self.begin])
            return found if np.isfinite(found) else None
        quote = self.days.scope.quote
        return None if quote is None else quote.open

    def windows(self) -> Floats:
        """Logarithmic moves over as many days, of the year before; those known."""
        closes = self.days.close[max(0, self.begin - th.YEAR - self.length) : self.begin]
        if len(closes) <= self.length:
            return np.empty(0)
        with np.errstate(divide="ignore", invalid="ignore"):
            moves: Floats = np.log(closes[self.length :] / closes[: -self.length])
        return moves[np.isfinite(moves)]

    def returns(self) -> Floats:
        """Daily logarithmic returns of the year before."""
        return logs(self.days.close[max(0, self.begin - th.YEAR - 1) : self.begin])


def span_of(days: Days, asked: Stretch) -> Span:
    """The days of the move; NotFound where there are none, or none before them."""
    forming = _forming(days)
    end = days.count if asked.end is None else days.until(asked.end)
    live = forming is not None and (asked.end is None or forming <= asked.end)
    if asked.start is None:
        begin = end if live else end - 1
    else:
        begin = min(days.until(asked.start - timedelta(days=1)), days.count)
    symbol = days.scope.symbol
    if begin > end or (begin == end and not live) or begin < 1:
        raise NotFound(
            f"{symbol} has no days {asked} with one before them", "`tio bars` shows what there is"
        )
    quote = days.scope.quote
    before = float(days.close[begin - 1])
    if begin == days.count and quote is not None and quote.previous_close:
        before = quote.previous_close
    price = days.price if live else float(days.close[end - 1])
    if price is None or not np.isfinite([price, before]).all() or min(price, before) <= 0:
        raise NotFound(f"the prices of {symbol} on these days are not known")
    first = days.date_of(begin) if begin < days.count else forming
    last = forming if live else days.date_of(end - 1)
    assert first is not None
    assert last is not None
    return Span(days, begin, end, live, before, price, first, last)


def _forming(days: Days) -> date | None:
    """The day that is not over, by its bar or by a quote newer than the bars; None at rest."""
    if days.scope.at is not None or days.price is None:
        return None
    if len(days.bars) > days.count:
        return days.date_of(days.count)
    quote = days.scope.quote
    if quote is None or quote.as_of is None or not days.count:
        return None
    day = quote.as_of.date()
    return day if day > days.date_of(days.count - 1) else None
