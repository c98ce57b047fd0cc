"""Binance, keyless: streamed trades and prices, figures, bars; one class for all its venues."""

from collections.abc import Sequence
from datetime import datetime

from tio.api.errors import NotAllowed, NotFound, SourceUnavailable, TioError
from tio.api.market import AssetClass, Bars, Instrument, Timeframe
from tio.api.series import instant
from tio.api.sources import SourceState
from tio.api.ticks import Tick
from tio.engine.feeds.binance import NAME, TRAITS, symbol_of
from tio.engine.feeds.binance_rest import INTERVALS
from tio.engine.feeds.live.answering import reading
from tio.engine.feeds.live.binance_asking import (
    BATCH,
    PAGE,
    BinanceAsking,
    Door,
    Venue,
    outcome,
)
from tio.engine.feeds.live.binance_listening import BinanceListening
from tio.engine.feeds.live.names import Names
from tio.engine.feeds.live.reach import Reach
from tio.engine.feeds.rows import Asked, Row, bars_of
from tio.plugin import Outlet, Source, Wanted

VENUE = Venue(
    traits=TRAITS,
    title="Binance",
    doors=(
        Door("https://data-api.binance.vision", "wss://data-stream.binance.vision/stream"),
        Door("https://api.binance.com", "wss://stream.binance.com:9443/stream", "com"),
    ),
    weight=4_800,
    list_params={"permissions": "SPOT", "showPermissionSets": "false"},
)
BUDGETS = {NAME: VENUE.budget}
"""Four fifths of 6000 a minute, and what its list says once it is here."""
ASSETS = frozenset({AssetClass.crypto})
NEEDS_KEY: tuple[str, ...] = ()
UNOFFICIAL = False
ATTRIBUTION = ""


def open_source(reach: Reach) -> Source:
    """The source; nothing is asked before it runs or lists."""
    return Binance(reach, VENUE)


class Binance:
    """One venue of Binance's language."""

    def __init__(self, reach: Reach, venue: Venue) -> None:
        self.traits = venue.traits
        self._reach = reach
        self._venue = venue
        self._names = Names(venue.name)
        self._asking = BinanceAsking(reach, venue)

    def instruments(self) -> Sequence[Instrument]:
        """Nothing before its list is here."""
        return ()

    def spelled(self, symbol: str) -> str | None:
        """`BTCUSDT` of `BTC-USDT`; None of what it does not list, as `BTC-USD`."""
        return self._names.spelled(symbol)

    async def listing(self) -> Sequence[Instrument]:
        """The pairs that trade now."""
        return await self._asking.listing()

    def learn(self, listed: Sequence[Instrument]) -> None:
        """Spell as this list does."""
        self._names.learn(listed)

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Stream from the first door that serves this place; NotAllowed where none does."""
        shut: list[TioError] = []
        for door in self._asking.doors:
            try:
                await self._asking.probe(door)
                listening = BinanceListening(
                    self._reach, self._venue, door, self._names, self._asking, out
                )
                await listening.run(wanted)
            except (NotAllowed, SourceUnavailable) as no:
                shut.append(no)
                out.standing(SourceState.connecting, no.message)
        raise outcome(shut)

    async def quotes(self, symbols: Sequence[str]) -> Sequence[Tick]:
        """Figures of the last 24 h and best prices of these symbols now."""
        spellings = [name for symbol in symbols if (name := self.spelled(symbol)) is not None]
        ticks: list[Tick] = []
        for begin in range(0, len(spellings), BATCH):
            ticks += await self._asking.days(spellings[begin : begin + BATCH], self._named)
        return ticks

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """Klines since the pair began to trade, in pages of a thousand from the newest back."""
        spelling = self.spelled(symbol)
        if spelling is None or timeframe not in INTERVALS or limit <= 0:
            return None
        now = self._reach.clock.now()
        asked = Asked(symbol, timeframe, start, min(end, now), limit)
        try:
            rows = await self._pages(spelling, asked)
        except NotFound:
            return None
        with reading(self._venue.name):
            return bars_of(rows, asked, self._venue.name, now)

    async def _pages(self, spelling: str, asked: Asked) -> list[Row]:
        first = 0 if asked.start is None else instant(asked.start)
        last = -(-instant(asked.end) // 1_000) - 1
        rows: list[Row] = []
        while len(rows) < asked.limit and last * 1_000 >= first:
            most = min(PAGE, asked.limit - len(rows))
            page = await self._asking.klines(spelling, asked.timeframe, last, most)
            rows += page
            earliest = min((row.time for row in page), default=0) // 1_000
            if len(page) < most or earliest > last:
                break
            last = earliest - 1
        return rows

    def _named(self, spelling: str) -> str:
        return self._names.symbol(spelling) or symbol_of(spelling)
