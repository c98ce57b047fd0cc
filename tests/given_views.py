"""Views and days of the tests."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from tio.api.market import Adjustment, Bars, GetBars, Instrument, Quote, Timeframe
from tio.api.series import Series, Times, instant
from tio.api.views import GivenView, ViewOutcome
from tio.engine.analyst.views.measures import Day
from tio.engine.market.service import MarketService
from tio.engine.market.sessions import rules_of
from tio.engine.market.symbols import classify

AT = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""Half an hour after New York opened on a Friday."""
THURSDAY = datetime(2026, 11, 19, tzinfo=UTC)
LAST = datetime(2026, 11, 30, tzinfo=UTC)
"""The fifth session after that Friday: the 26th is Thanksgiving."""
CLOSED = datetime(2026, 11, 30, 21, 0, tzinfo=UTC)


def view(**rest: Any) -> GivenView:
    """A view that AAPL, at 101 after a close of 100 and an ATR of 2, rises within five sessions."""
    told: dict[str, Any] = {
        "id": "v1",
        "symbol": "AAPL",
        "by": "rules",
        "given": AT,
        "price": 101.0,
        "reference_close": 100.0,
        "reference_day": THURSDAY,
        "atr": 2.0,
        "bias": 1,
        "days": 5,
        "due": CLOSED,
    }
    return GivenView(**told | rest)


def done(held: bool, **rest: Any) -> GivenView:
    """A scored view."""
    told: dict[str, Any] = {
        "outcome": ViewOutcome.held if held else ViewOutcome.failed,
        "move_atr": 1.0 if held else -1.0,
        "scored_at": CLOSED,
    }
    return view(**told | rest)


def day(at: datetime, close: float, reach: float = 1.0) -> Day:
    return Day(instant(at), close + reach, close - reach, close)


def days(closes: Sequence[float], until: datetime = THURSDAY, reach: float = 1.0) -> list[Day]:
    """One day after another, the last one `until`."""
    first = until - timedelta(days=len(closes) - 1)
    return [day(first + timedelta(days=n), close, reach) for n, close in enumerate(closes)]


def weekdays(closes: Sequence[float], until: datetime) -> list[Day]:
    """The same without Saturdays, Sundays and Thanksgiving."""
    found: list[Day] = []
    at = until
    for close in reversed(closes):
        while at.weekday() > 4 or (at.month, at.day) == (11, 26):
            at -= timedelta(days=1)
        found.append(day(at, close))
        at -= timedelta(days=1)
    return found[::-1]


def bars(symbol: str, told: Sequence[Day], **rest: Any) -> Bars:
    closes = Series([each.close for each in told])
    fields: dict[str, Any] = {
        "symbol": symbol,
        "timeframe": Timeframe.d1,
        "time": Times(each.time for each in told),
        "open": closes,
        "high": Series([each.high for each in told]),
        "low": Series([each.low for each in told]),
        "close": closes,
        "source": "test",
        "adjusted": Adjustment.splits,
    }
    return Bars(**fields | rest)


class DayMarket:
    """Days and one price, set by hand; asking for days it has none of raises `missing`."""

    def __init__(self, told: Sequence[Day] = ()) -> None:
        self.days = list(told)
        self.last: float | None = 101.0
        self.quoted: dict[str, Any] = {"as_of": AT}
        self.missing: Exception | None = None
        self.asked: list[GetBars] = []
        self.adjusted = Adjustment.splits
        self.events: Any = None
        self.history = SimpleNamespace(rules=lambda symbol: rules_of(self.instrument(symbol)))

    @property
    def service(self) -> MarketService:
        return cast(MarketService, self)

    def answers(self) -> dict[Any, Any]:
        return {GetBars: self._bars}

    def symbol(self, text: str) -> str:
        return text.upper()

    def instrument(self, symbol: str) -> Instrument:
        return classify(symbol)

    def quote(self, symbol: str) -> Quote:
        return Quote(symbol=symbol, last=self.last, **self.quoted)

    async def _bars(self, asked: GetBars, by: object) -> Bars:
        self.asked.append(asked)
        if self.missing is not None:
            raise self.missing
        since = instant(asked.start) if asked.start is not None else 0
        told = [each for each in self.days if each.time >= since][-asked.limit :]
        return bars(asked.symbol, told, adjusted=self.adjusted)
