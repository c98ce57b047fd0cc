"""The simulated venue as a source: ticks at a set rate, history at once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from tio.api.market import AssetClass, Bars, Delay, Instrument, Timeframe
from tio.api.series import Series, Times, instant
from tio.engine.feeds.simulator.history import History
from tio.engine.feeds.simulator.pace import Pace
from tio.engine.feeds.simulator.past import Past, ends
from tio.engine.feeds.simulator.process import ORIGIN
from tio.engine.feeds.simulator.sessions import DAY
from tio.engine.feeds.simulator.ticks import TickStream
from tio.engine.feeds.simulator.universe import Listing, SessionKind, listings
from tio.plugin import Clock, Outlet, Traits, Wanted

_BURST = 250_000
"""µs of market time told in one go when behind: a bounded burst, then others run."""
_LOST = 5_000_000
"""µs behind beyond which the simulator skips instead of catching up; history has the gap."""
_SLIP = 2_000_000
"""µs between the wall clock and the steady one after which the wall clock was set (or we slept)."""
_AHEAD = 120 * 1_000_000
"""µs before they are due that the next minutes are prepared."""
_REST = 0.003


class SimulatedSource:
    """A fictitious market, the same for the same seed in history and live, at `rate` ticks/s.

    All instruments tick, wanted or not: the rate is the load asked for. Stocks tick around the
    clock so that a desk is never dead; of past days history shows their sessions alone. A full
    minute of live ticks folds into exactly the bar history gives for it, as long as the rate allows
    four trades an instrument and minute (`rate` ≥ symbols / 9); below, into a coarser one. Bars
    of seconds are sampled along the path: live ones agree with them to within the spread.
    """

    traits = Traits(name="simulator", delay=Delay.simulated, asset_class=AssetClass.simulated)

    def __init__(self, seed: int, symbols: int, rate: float, clock: Clock) -> None:
        self._seed = seed
        self._clock = clock
        self._listings = listings(symbols)
        self._by_symbol = {listing.symbol: listing for listing in self._listings}
        self._history = History(seed)
        self._pace = Pace(rate, symbols)
        self._past = Past(self._history, seed, self._pace.window)
        self._skipped = 0
        self._begun: asyncio.Event | None = None
        """Set once it told where everything stands; None while it does not run."""

    @property
    def skipped(self) -> int:
        """µs of market time never told live because the loop was too far behind."""
        return self._skipped

    def instruments(self) -> Sequence[Instrument]:
        return [listing.instrument for listing in self._listings]

    def session_kind(self, symbol: str) -> SessionKind:
        """Whose hours an instrument keeps in history. KeyError for one that is not listed."""
        return self._by_symbol[symbol].session

    async def run(self, wanted: Wanted, out: Outlet) -> None:
        """Tell where everything stands, then every tick as its time comes, until cancelled."""
        ticks = TickStream(self._history, self._listings, self._seed, self._pace)
        self._begun = begun = asyncio.Event()
        try:
            await asyncio.to_thread(ticks.prepare, instant(self._clock.now()))
            wall = _Wall(self._clock)
            out.emit(ticks.start(wall.now()))
        finally:
            begun.set()
        async with asyncio.TaskGroup() as group:
            ahead: asyncio.Task[None] | None = None
            slot = self._pace.slot
            following = wall.now() // slot + 1
            while True:
                now = wall.now()
                if wall.stepped() or now // slot - following > _LOST // slot:
                    now = wall.set_again()
                    self._skipped += max(now - following * slot, 0)
                    following = now // slot
                past = min(now // slot, following + _BURST // slot)
                if past <= following:
                    await self._clock.sleep(((following + 1) * slot - now) / 1e6)
                    continue
                out.emit([tick for number in range(following, past) for tick in ticks.slot(number)])
                following = past
                if (ahead is None or ahead.done()) and not ticks.ready(now + _AHEAD):
                    ahead = group.create_task(asyncio.to_thread(ticks.prepare, now + _AHEAD, _REST))
                await self._clock.sleep(0)

    async def history(
        self, symbol: str, timeframe: Timeframe, start: datetime | None, end: datetime, limit: int
    ) -> Bars | None:
        """The newest `limit` bars that open in [start, end), the last may be forming; from 2010.

        None for an unknown symbol. Bars of seconds reach back two hours.
        """
        listing = self._by_symbol.get(symbol)
        if listing is None:
            return None
        begin = instant(start) if start is not None else ORIGIN * DAY
        asked = (
            listing,
            timeframe,
            max(begin, ORIGIN * DAY),
            instant(end),
            limit,
            instant(self._clock.now()),
        )
        if self._begun is not None:
            # Made side by side, bars would keep the first prices waiting three times as long.
            await self._begun.wait()
        return await asyncio.to_thread(self._bars, *asked)

    def _bars(
        self, listing: Listing, timeframe: Timeframe, begin: int, end: int, limit: int, now: int
    ) -> Bars:
        columns = self._past.bars(listing, timeframe, begin, end, limit, now)
        steps, units = 10.0**listing.decimals, 10.0**listing.size_decimals
        last = int(columns.time[-1]) if len(columns) else 0
        return Bars(
            symbol=listing.symbol,
            timeframe=timeframe,
            time=Times.wrap(columns.time),
            open=Series.wrap(columns.open / steps),
            high=Series.wrap(columns.high / steps),
            low=Series.wrap(columns.low / steps),
            close=Series.wrap(columns.close / steps),
            volume=Series.wrap(columns.volume / units),
            forming=bool(len(columns)) and ends(last, timeframe) > now,
            source=self.traits.name,
            delay=Delay.simulated,
        )


class _Wall:
    """The wall clock as the steady one carries it on, in µs; set anew when they part."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.set_again()

    def now(self) -> int:
        return self._at + int((self._clock.monotonic() - self._since) * 1e6)

    def stepped(self) -> bool:
        return abs(instant(self._clock.now()) - self.now()) > _SLIP

    def set_again(self) -> int:
        self._at, self._since = instant(self._clock.now()), self._clock.monotonic()
        return self._at
