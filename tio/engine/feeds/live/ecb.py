"""The European Central Bank, keyless: its reference rates of the euro and their history."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tio.api.errors import NotFound
from tio.api.market import Bars, Instrument, Timeframe
from tio.api.ticks import Tick
from tio.engine.feeds import ecb
from tio.engine.feeds.dated import Span, bars_of_fixes
from tio.engine.feeds.http import Answer, Budget, Priority
from tio.engine.feeds.live.answering import Answers, Telling, Told, checked, parsed, reading
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.polling import poll
from tio.engine.feeds.reference import pair_of
from tio.plugin import Outlet, Source, Wanted

NAME = ecb.NAME
SERIES = "ecb/series"
BASE = "https://www.ecb.europa.eu"
SERIES_BASE = "https://data-api.ecb.europa.eu"
BUDGETS = {
    NAME: Budget(rate=0.5, burst=2, concurrency=1),
    SERIES: Budget(rate=1, burst=3, concurrency=2),
}
ASSETS = ecb.ASSETS
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = "European Central Bank"

EVERY = 1_800.0
"""Seconds between two looks: there is a new fix once a working day."""
FIRST = date(1999, 1, 4)
_FRESH = 900.0
_RECENT = timedelta(days=85)
"""What the file of ninety days surely holds."""
_FILES = "/stats/eurofxref/eurofxref-{}.xml"


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before somebody needs it."""
    return Ecb(reach)


class Ecb:
    """One file tells all currencies of a day or of ninety; older days come a currency at a time."""

    def __init__(self, reach: Reach) -> None:
        self.traits = ecb.TRAITS
        self._clock = reach.clock
        self._files = reach.host(NAME, BASE, BUDGETS[NAME])
        self._series = reach.host(SERIES, SERIES_BASE, BUDGETS[SERIES])

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: what the day's file tells is what there is."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`USD` of `EURUSD`; None where the euro is not the first of the pair."""
        return ecb.spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Look for a new fix now and then."""
        telling = Telling(self._answers, out, lambda symbol: f"the ECB fixes no rate of {symbol}")
        await poll(telling, wanted, out, self._clock, every=EVERY, batch=1_000)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """The newest fix of these pairs, with its own date."""
        return (await self._answers(symbols, Priority.interactive)).ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """One bar a fix since 1999, its four prices the rate; None of anything but days."""
        currency = ecb.spelled(symbol)
        if timeframe is not Timeframe.d1 or limit <= 0 or currency is None:
            return None
        now = self._clock.now()
        until = min(end, now)
        since = start or until - timedelta(days=min(limit, 20_000) * 1.6 + 10)
        if since.date() > until.date() or until.date() < FIRST:
            return None
        try:
            rates = await self._rates(currency, since, until, now)
        except NotFound:
            return None
        with reading("the ECB"):
            return bars_of_fixes(
                ecb.days_of(rates, currency), symbol, Span(start, end, limit), self.traits
            )

    async def _rates(
        self, currency: str, since: datetime, until: datetime, now: datetime
    ) -> tuple[ecb.EuroRate, ...]:
        """From the file of ninety days where it reaches, else from the currency's own series."""
        if now - since < _RECENT:
            answer = await self._file("hist-90d", "history", Priority.visible)
            with reading("the ECB"):
                return ecb.read_rates(answer.body)
        answer = await self._series.get(
            f"/service/data/EXR/D.{currency}.EUR.SP00.A",
            {
                "format": "csvdata",
                "startPeriod": max(since.date(), FIRST).isoformat(),
                "endPeriod": until.date().isoformat(),
            },
            capability="series",
            priority=Priority.visible,
            headers={"Accept": "text/csv"},
            body_error=checked(ecb.refusal),
        )
        return await parsed("the ECB", ecb.read_series, answer.body)

    async def _answers(
        self, symbols: Sequence[str], priority: Priority = Priority.visible
    ) -> Answers:
        if not symbols:
            return Answers()
        answer = await self._file("daily", "quote", priority)
        with reading("the ECB"):
            ticks = ecb.parse(answer.body)
        return Answers(
            tuple(
                Told(
                    pair_of("EUR", tick.symbol[3:], NAME), (tick,), self.traits, answer.received_at
                )
                for tick in ticks
                if tick.symbol in symbols
            )
        )

    async def _file(self, name: str, what: str, priority: Priority) -> Answer:
        return await self._files.get(
            _FILES.format(name),
            capability=what,
            priority=priority,
            fresh_for=_FRESH,
            body_error=checked(ecb.refusal, ecb.read_rates),
        )
