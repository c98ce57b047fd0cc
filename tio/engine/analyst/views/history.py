"""The daily bars of a symbol as views need them: over, and comparable with one another."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tio.api.access import Principal
from tio.api.companies import EventKind
from tio.api.errors import SourceUnavailable
from tio.api.market import Adjustment, Bars, GetBars, Timeframe
from tio.api.series import instant
from tio.engine.analyst.views.measures import ATR_DAYS, WINDOW, Day, closed_days
from tio.engine.market.service import MarketService
from tio.engine.market.sessions import ALWAYS, SessionRules

_ENGINE = Principal()
_BEFORE = timedelta(days=5)


@dataclass(frozen=True)
class DailyPast:
    """Days of a symbol that were over, oldest first, and the hours it trades by."""

    days: tuple[Day, ...]
    rules: SessionRules

    @property
    def exact(self) -> bool:
        """Whether its hours tell each day on which it trades."""
        return bool(self.rules.calendar) or self.rules is ALWAYS


class DailyHistory:
    """Finds the days of symbols."""

    def __init__(self, market: MarketService) -> None:
        self._market = market

    async def before(self, symbol: str, now: datetime) -> DailyPast:
        """A year of days and those a range before them needs."""
        asked = GetBars(symbol, Timeframe.d1, end=now, limit=WINDOW + ATR_DAYS + 2)
        return self._past(await self._bars(asked), now)

    async def since(self, symbol: str, day: datetime, now: datetime) -> DailyPast:
        """The days from one on; SourceUnavailable where a split since is not told in them."""
        bars = await self._bars(GetBars(symbol, Timeframe.d1, start=day - _BEFORE, limit=1_000))
        if bars.adjusted is Adjustment.raw and await self._split(symbol, day.date(), now.date()):
            raise SourceUnavailable(f"{symbol} split since, and its bars are not adjusted")
        return self._past(bars, now)

    def rules(self, symbol: str) -> SessionRules:
        return self._market.history.rules(symbol)

    def _past(self, bars: Bars, now: datetime) -> DailyPast:
        rules = self.rules(bars.symbol)
        return DailyPast(tuple(closed_days(bars, rules, instant(now))), rules)

    async def _bars(self, asked: GetBars) -> Bars:
        bars: Bars = await self._market.answers()[GetBars](asked, _ENGINE)
        return bars

    async def _split(self, symbol: str, since: date, until: date) -> bool:
        events = await self._market.events(symbol) if self._market.events is not None else None
        return any(
            each.kind is EventKind.share_split and since < each.ex_date <= until
            for each in events or ()
        )
