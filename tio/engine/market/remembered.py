"""Quotes out of stored bars: what was last known of a symbol, until somebody tells it anew."""

import asyncio
import logging
from collections.abc import Callable

from tio.api.errors import TioError
from tio.api.market import Delay, Instrument, Quote, Timeframe
from tio.api.series import instant, moment
from tio.engine.bus import LatestChannel
from tio.engine.market.board import QuoteBoard
from tio.engine.market.demand import Demand, Follower
from tio.engine.market.sessions import bar_end, rules_of
from tio.engine.store.bars import BarStore, StoredSeries
from tio.plugin import Clock

log = logging.getLogger(__name__)


class Remembered:
    """Reads the newest stored bars of what is watched and not yet told; marked stale, with age."""

    def __init__(
        self,
        clock: Clock,
        store: BarStore,
        board: QuoteBoard,
        quotes: LatestChannel[str, Quote],
        demand: Demand,
        instrument: Callable[[str], Instrument],
    ) -> None:
        self._clock = clock
        self._store = store
        self._board = board
        self._quotes = quotes
        self._demand = demand
        self._instrument = instrument
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._follow(self._demand.follow()), name="remembered")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def recall(self, symbol: str) -> None:
        """Put what is stored of a symbol on the board, under whatever is told of it."""
        quote = await self._stored(symbol)
        if quote is not None:
            self._board.remembered[symbol] = quote
            self._quotes.touch(symbol)

    async def _follow(self, follower: Follower) -> None:
        try:
            while True:
                for symbol in sorted(follower.symbols):
                    if symbol not in self._board.lines and symbol not in self._board.remembered:
                        try:
                            await self.recall(symbol)
                        except TioError as error:
                            log.warning("what is stored of %s: %s", symbol, error.message)
                await follower.changed()
        finally:
            self._demand.leave(follower)

    async def _stored(self, symbol: str) -> Quote | None:
        rules = rules_of(self._instrument(symbol))
        now = instant(self._clock.now())

        def until(series: StoredSeries) -> int:
            return min(now, bar_end(rules, series.last, series.key.timeframe))

        known = await self._store.series(symbol)
        if not known:
            return None
        newest = max(known, key=until)
        key = newest.key
        bars = await self._store.read(
            symbol, key.timeframe, None, moment(newest.last), 2, key.source
        )
        if not len(bars):
            return None
        daily = key.timeframe is Timeframe.d1 and len(bars) > 1
        before = float(bars.close[-2]) if daily else None
        last = float(bars.close[-1])
        change = None if before is None else last - before
        instrument = self._instrument(symbol)
        return Quote(
            symbol=symbol,
            name=instrument.name,
            last=last,
            previous_close=before,
            change=change,
            change_percent=change / abs(before) * 100 if change is not None and before else None,
            currency=instrument.currency,
            as_of=moment(until(newest)),
            source=key.source,
            delay=Delay.end_of_day,
            stale=True,
            coverage=newest.terms.coverage,
            price_decimals=instrument.price_decimals,
            asset_class=instrument.asset_class,
            note="stored; nobody has told it since",
        )
