"""Alpaca, with a key: trades of IEX as they happen, bars of all venues, splits and dividends."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from tio.api.companies import CorporateEvent
from tio.api.errors import NotFound
from tio.api.market import Adjustment, AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant, moment
from tio.api.ticks import Tick
from tio.engine.feeds.alpaca_answers import (
    SIP,
    TRAITS,
    events,
    read_actions,
    read_bars,
    read_snapshots,
    read_trades,
    spelled,
    symbol_of,
)
from tio.engine.feeds.alpaca_refusals import NAME, VENUE, TooRecent, UnknownSymbol, refusal
from tio.engine.feeds.dated import within
from tio.engine.feeds.http import Answer, Budget, Priority, Window
from tio.engine.feeds.live.alpaca_stream import AlpacaStream
from tio.engine.feeds.live.answering import checked, reading
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.live.shaping import shaped
from tio.engine.feeds.live.sharing import Shares, together
from tio.engine.feeds.polling import poll
from tio.engine.feeds.rows import Asked, past_asked
from tio.engine.feeds.session_bars import since_of
from tio.engine.store.columns import Row
from tio.plugin import Outlet, Source, Traits, Wanted

BASE = "https://data.alpaca.markets"
BUDGETS = {NAME: Budget(rate=3, burst=10, concurrency=4, windows=(Window(200, 60, "minute"),))}
ASSETS = frozenset({AssetClass.equity, AssetClass.etf, AssetClass.fund})
NEEDS_KEY = ("key", "secret")
UNOFFICIAL = False
ATTRIBUTION = ""

EVERY, BATCH = 15.0, 100
"""Seconds between two looks at the snapshots, and symbols in one question for them."""
PAGE, PAGES = 10_000, 8
_OVERLAP = 2_000_000
"""µs that a repair begins before what was heard last: doubled trades are known by their ids."""
_AROUND = timedelta(days=45)
"""What is asked for by date is found by when it was processed."""
_FIRST = date(2016, 1, 1)
_KINDS = "forward_split,reverse_split,stock_dividend,cash_dividend"
_ADJUSTED = {Adjustment.raw: "raw", Adjustment.splits: "split", Adjustment.total: "all"}

_T = Timeframe
GRAINS = {
    _T.m1: ("1Min", _T.m1),
    _T.m3: ("1Min", _T.m1),
    _T.m5: ("5Min", _T.m5),
    _T.m15: ("15Min", _T.m15),
    _T.m30: ("30Min", _T.m30),
    # Its hours begin with the clock's, ours with the session's: half hours fit both.
    _T.h1: ("30Min", _T.m30),
    _T.h2: ("30Min", _T.m30),
    _T.h4: ("30Min", _T.m30),
    _T.d1: ("1Day", _T.d1),
    _T.w1: ("1Day", _T.d1),
    _T.mo1: ("1Day", _T.d1),
}
"""How timeframes are asked for: its own name, and the timeframe that is."""


class Told(NamedTuple):
    """What snapshots say, and why some symbols have none."""

    ticks: tuple[Tick, ...]
    refused: dict[str, str]


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs."""
    return Alpaca(reach)


class Alpaca:
    """What Alpaca is asked for; past bars are adjusted as `adjusted` says."""

    def __init__(self, reach: Reach, adjusted: Adjustment = Adjustment.splits) -> None:
        self.traits = TRAITS
        self._reach, self._clock = reach, reach.clock
        self._adjusted = adjusted
        key, secret = reach.secret("key"), reach.secret("secret")
        self._host = reach.host(
            NAME,
            BASE,
            BUDGETS[NAME],
            headers={"APCA-API-KEY-ID": key, "APCA-API-SECRET-KEY": secret},
            credential=key,
        )

    def instruments(self) -> Sequence[Instrument]:
        """Nothing: its list is its broker's."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`JPM.PRC` of JPM.PR.C; None for what is no US share or fund."""
        return spelled(symbol)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream thirty symbols, and look at the snapshots of all of them now and then."""
        shares = Shares(wanted)
        stream = AlpacaStream(self._reach, shares.share(), out, self._missed)
        polled = poll(
            _Polling(self, out), shares.share(), out, self._clock, every=EVERY, batch=BATCH
        )
        await together(shares.follow(), stream.run(), polled)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures and best prices of IEX now."""
        return (await self.snapshots(symbols, Priority.interactive)).ticks

    async def snapshots(self, symbols: Sequence[str], priority: Priority) -> Told:
        """Figures and best prices; a symbol it does not know is refused, the others asked again."""
        names = {name: symbol for symbol in symbols if (name := spelled(symbol))}
        refused: dict[str, str] = {}
        ticks: list[Tick] = []
        for begin in range(0, len(names), BATCH):
            some = {name: names[name] for name in [*names][begin : begin + BATCH]}
            while some:
                params = {"symbols": ",".join(some), "feed": "iex"}
                try:
                    answer = await self._get("/v2/stocks/snapshots", params, "quote", priority)
                except UnknownSymbol as no:
                    symbol = some.pop(no.spelling, None)
                    if symbol is None:
                        raise
                    refused[symbol] = no.message
                    continue
                with reading(VENUE):
                    ticks += read_snapshots(answer.body, some)
                break
        priced = {tick.symbol for tick in ticks}
        lacking = {symbol for symbol in symbols if symbol not in priced and symbol not in refused}
        refused |= dict.fromkeys(lacking, f"{VENUE} tells no price of it")
        return Told(tuple(ticks), refused)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Bars of all venues until a quarter of an hour ago; of IEX where the key sees no more."""
        name, now = spelled(symbol), self._clock.now()
        asked = past_asked(symbol, timeframe, start, end, limit, now)
        if name is None or timeframe not in GRAINS or asked is None:
            return None
        traits = replace(SIP, adjusted=self._adjusted)
        try:
            try:
                rows, whole = await self._rows(name, asked, traits)
            except TooRecent:
                traits = replace(TRAITS, adjusted=self._adjusted)
                rows, whole = await self._rows(name, asked, traits)
        except (NotFound, UnknownSymbol):
            return None
        grain = GRAINS[timeframe][1]
        return await shaped(VENUE, rows, grain, asked, instant(now), traits, whole)

    async def events(
        self, symbol: str, start: datetime, end: datetime
    ) -> Sequence[CorporateEvent] | None:
        """Splits and dividends by ex-date, those to come included."""
        name = spelled(symbol)
        if name is None:
            return None
        params = {
            "symbols": name,
            "types": _KINDS,
            "start": max((start - _AROUND).date(), _FIRST).isoformat(),
            "end": (end + _AROUND).date().isoformat(),
            "limit": "1000",
            "sort": "asc",
        }
        found: list[CorporateEvent] = []
        for _ in range(PAGES):
            answer = await self._get("/v1/corporate-actions", params, "events", Priority.background)
            with reading(VENUE):
                actions = read_actions(answer.body)
                found += events(actions)
            if not actions.next_page_token:
                break
            params["page_token"] = actions.next_page_token
        return sorted(
            (e for e in found if e.symbol == symbol and within(e.ex_date, start, end)),
            key=lambda each: each.ex_date,
        )

    async def _rows(self, name: str, asked: Asked, traits: Traits) -> tuple[list[Row], bool]:
        """The rows, newest page first, and whether they reach as far as was asked."""
        interval, grain = GRAINS[asked.timeframe]
        daily = not grain.intraday
        since = since_of(asked, months=daily)
        known = self._clock.now() - timedelta(minutes=traits.delay_minutes)
        # A day of ours begins at midnight in Greenwich, its own hours later.
        until = min(known, asked.end + timedelta(days=1) if daily else asked.end)
        needed = asked.limit * -(-asked.timeframe.step // grain.step) + 31
        params = {
            "symbols": name,
            "timeframe": interval,
            "start": _stamp(datetime(since.year, since.month, since.day, tzinfo=UTC)),
            "end": _stamp(until),
            "limit": str(min(PAGE, needed)),
            "adjustment": _ADJUSTED[traits.adjusted],
            "feed": "sip" if traits.delay_minutes else "iex",
            "sort": "desc",
        }
        rows: list[Row] = []
        for _ in range(PAGES):
            answer = await self._get("/v2/stocks/bars", params, "history", Priority.background)
            with reading(VENUE):
                page = read_bars(answer.body)
                rows += [bar.row(daily=daily) for bar in page.bars.get(name, ())]
            if not page.next_page_token or len(rows) >= needed:
                return rows, True
            params["page_token"] = page.next_page_token
        return rows, False

    async def _missed(self, names: Sequence[str], since: int) -> Sequence[Tick]:
        """Trades of IEX since that instant, a little before it included."""
        params = {
            "symbols": ",".join(sorted(names)),
            "start": _stamp(moment(since - _OVERLAP)),
            "limit": str(PAGE),
            "feed": "iex",
            "sort": "asc",
        }
        ticks: list[Tick] = []
        for _ in range(PAGES):
            answer = await self._get("/v2/stocks/trades", params, "trades", Priority.visible)
            with reading(VENUE):
                page = read_trades(answer.body)
                for name, deals in page.trades.items():
                    ticks += [deal.tick(symbol_of(name), at) for at, deal in enumerate(deals)]
            if not page.next_page_token:
                break
            params["page_token"] = page.next_page_token
        return ticks

    async def _get(
        self, path: str, params: dict[str, str], capability: str, priority: Priority
    ) -> Answer:
        return await self._host.get(
            path,
            params,
            capability=capability,
            priority=priority,
            body_error=checked(refusal, bytes),
        )


class _Polling:
    """The snapshots of one run; a symbol without one is refused once."""

    def __init__(self, alpaca: Alpaca, out: Outlet) -> None:
        self._alpaca, self._out = alpaca, out
        self._refused: set[str] = set()

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        told = await self._alpaca.snapshots(
            [symbol for symbol in symbols if symbol not in self._refused], Priority.visible
        )
        for symbol, why in told.refused.items():
            self._refused.add(symbol)
            self._out.refused(symbol, why)
        return told.ticks


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
