"""Twelve Data, with a key: quotes, bars and search of US shares and currencies, 8 a minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tio.api.errors import NotFound
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import DayFigures, Tick
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.allowance import Allowance, keyed_host
from tio.engine.feeds.live.answering import parsed, reading
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.shaping import shaped
from tio.engine.feeds.live.twelvedata_polling import Polling
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked, past_asked
from tio.engine.feeds.twelvedata import FX_TRAITS, TRAITS, Told, read_quotes, read_series
from tio.engine.feeds.twelvedata_listings import read_search, spelled
from tio.engine.feeds.twelvedata_refusals import NAME, VENUE, refusal
from tio.engine.market.symbols import is_fx
from tio.engine.store.columns import Row
from tio.plugin import Outlet, Source, Wanted

BASE = "https://api.twelvedata.com"
MINUTE, DAY = 8, 800
"""Credits of the free plan; a symbol asked for costs one."""
BUDGETS = {
    NAME: Budget(
        rate=1,
        burst=MINUTE,
        concurrency=2,
        windows=(
            Window(MINUTE, 60, "minute"),
            Window(DAY, 86_400, "day", daily=True),
        ),
    )
}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund, AssetClass.fx})
NEEDS_KEY = ("key",)
UNOFFICIAL = False
ATTRIBUTION = ""

BATCH = MINUTE
PAGE, PAGES = 5_000, 4
"""Rows in one answer, and the most answers asked for at once."""
PATIENCE = 70.0
"""Seconds: the next minute's credits are worth waiting for."""

_T = Timeframe


class Grain(NamedTuple):
    """How a timeframe is asked for: its interval, and the timeframe that is."""

    interval: str
    timeframe: Timeframe


_M1, _DAYS = Grain("1min", _T.m1), Grain("1day", _T.d1)
_M30, _H1 = Grain("30min", _T.m30), Grain("1h", _T.h1)
_MINUTES = {
    _T.m1: _M1,
    _T.m3: _M1,
    _T.m5: Grain("5min", _T.m5),
    _T.m15: Grain("15min", _T.m15),
    _T.m30: _M30,
}
# Hours of shares are counted from their opening at half past: half hours fit it whoever counts.
SHARES = {
    **_MINUTES, _T.h1: _M30, _T.h2: _M30, _T.h4: _M30, _T.d1: _DAYS, _T.w1: _DAYS, _T.mo1: _DAYS
}  # fmt: skip
# Its days of currencies begin at an hour it does not tell; ours end at 17:00 New York.
CURRENCIES = {**_MINUTES, **dict.fromkeys((_T.h1, _T.h2, _T.h4, _T.d1, _T.w1, _T.mo1), _H1)}


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return TwelveData(reach)


class TwelveData:
    """What Twelve Data is asked for."""

    def __init__(self, reach: Reach) -> None:
        self.traits = TRAITS
        self._clock = reach.clock
        self._credits = Allowance(
            refusal, BUDGETS[NAME], "minute", "day", header="api-credits-used"
        )
        self._host = keyed_host(reach, NAME, BASE, BUDGETS[NAME], "apikey", self._credits)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its lists cost credits."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`EUR/USD` for EURUSD; None for what the free plan has not."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Ask for the wanted symbols again and again, as often as the day's credits allow."""
        polling = Polling(self._told, wanted, out, self._clock, DAY)
        await poll(polling, wanted, out, self._clock, every=60.0, batch=BATCH)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures of these symbols now."""
        return (await self._told(symbols, Priority.interactive)).ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Split-adjusted bars of shares; bars of currencies, days folded from hours."""
        name = spelled(symbol)
        grain = (CURRENCIES if is_fx(symbol) else SHARES).get(timeframe)
        now = self._clock.now()
        asked = past_asked(symbol, timeframe, start, end, limit, now)
        if name is None or grain is None or asked is None:
            return None
        try:
            rows, whole = await self._rows(name, grain, asked)
        except NotFound:
            return None
        traits = FX_TRAITS if is_fx(symbol) else TRAITS
        return await shaped(VENUE, rows, grain.timeframe, asked, instant(now), traits, whole)

    async def search(self, query: str, limit: int) -> Sequence[Instrument]:
        """Instruments by symbol or name, as it ranks them."""
        params = {"symbol": query, "outputsize": str(max(1, min(limit, 120)))}
        answer = await self._get(
            "/symbol_search", params, "search", Priority.interactive, fresh_for=300.0
        )
        with reading(VENUE):
            return read_search(answer.body)[:limit]

    async def _told(self, symbols: Sequence[str], priority: Priority) -> Told:
        names = {name: symbol for symbol in symbols if (name := spelled(symbol))}
        ticks: list[DayFigures] = []
        refused: dict[str, str] = {}
        for begin in range(0, len(names), BATCH):
            some = [*names][begin : begin + BATCH]
            params = {"symbol": ",".join(some), "timezone": "UTC"}
            answer = await self._get("/quote", params, "quote", priority, cost=len(some))
            with reading(VENUE):
                told = read_quotes(answer.body, {name: names[name] for name in some})
            ticks += told.ticks
            refused |= told.refused
        return Told(tuple(ticks), refused)

    async def _rows(self, name: str, grain: Grain, asked: Asked) -> tuple[list[Row], bool]:
        """The rows asked for, newest page first, and whether they reach as far as was asked."""
        step = grain.timeframe.step
        needed = asked.limit * -(-asked.timeframe.step // step) + 2
        first = 0
        if asked.start is not None:
            first = instant(asked.start)
            needed = min(needed, (instant(asked.end) - first) // step + 2)
        rows: list[Row] = []
        before = instant(asked.end)
        for _ in range(PAGES):
            size = min(PAGE, needed - len(rows))
            page = await self._page(name, grain, asked, before, size)
            fresh = [row for row in page if row[0] < before]
            rows += fresh
            if len(page) < size or not fresh:
                return rows, True
            before = min(row[0] for row in fresh)
            if len(rows) >= needed or before <= first:
                return rows, True
        return rows, False

    async def _page(
        self, name: str, grain: Grain, asked: Asked, before: int, size: int
    ) -> list[Row]:
        until = moment(before) + (timedelta() if grain.timeframe.intraday else timedelta(days=1))
        params = {
            "symbol": name,
            "interval": grain.interval,
            "outputsize": str(size),
            "end_date": f"{until:%Y-%m-%d %H:%M:%S}",
            "timezone": "UTC",
            "order": "DESC",
            "adjust": "splits",
        }
        answer = await self._get("/time_series", params, "history", Priority.background)
        return await parsed(
            VENUE, lambda body: list(read_series(body, asked.symbol).rows()), answer.body
        )

    async def _get(
        self,
        path: str,
        params: dict[str, str],
        capability: str,
        priority: Priority,
        *,
        cost: float = 1,
        fresh_for: float = 0.0,
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            cost=cost,
            fresh_for=fresh_for,
            patience=20.0 if priority is Priority.interactive else PATIENCE,
            body_error=self._credits.checking(read_search if fresh_for else None),
        )
